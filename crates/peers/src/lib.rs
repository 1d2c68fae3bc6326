//! Compares the program with real engines: the same random requests, the same load, malformed requests.
//!
//! Nothing here knows how either side works: both are an address that speaks Elasticsearch's API. What is asked is made
//! from a seed, so that a run can be had again.

mod client;
mod compare;
mod corpus;
mod differ;
mod load;
mod malformed;
mod numbers;
mod report;
mod requests;

pub use client::{Answer, Client};
pub use compare::{Depth, differences};
pub use corpus::{Corpus, Shape};
pub use differ::{Differ, differ};
pub use load::{Engine, Load, load};
pub use malformed::{Case, Outcome, cases, malformed};
pub use numbers::Numbers;
pub use report::{Counts, Disagreement, Report};
pub use requests::{FAMILIES, Request, requests};

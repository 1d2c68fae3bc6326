//! The HTTP interface, asked over the network as browsers and scripts do.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod images;
mod page;
mod search;
mod security;
mod site;
mod uploads;

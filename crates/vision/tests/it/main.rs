//! Tests of the crate from outside, one module for each half.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect has to stop"
)]

mod decode;
mod descriptors;
mod extractor;
mod hashes;
mod model;
mod synthetic;

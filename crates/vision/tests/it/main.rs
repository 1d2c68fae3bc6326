//! Integration tests of the crate, in one binary.

mod descriptors;
mod phash;
mod synthetic;

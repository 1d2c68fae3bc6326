//! Tests of the crate from outside, one module for each half.

mod decode;

//! Draws the sample pictures.

fn main() {}

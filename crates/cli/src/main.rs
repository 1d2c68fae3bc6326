//! The binary `eidetic`.

fn main() {}

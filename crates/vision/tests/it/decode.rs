//! Decoding against Pillow's answers, and against bytes that are wrong.

mod bad_input;
mod files;
mod headers;
mod metadata;
mod raw;
mod reference;

//! How the holder of a folder and the other processes talk.
//!
//! Both sides say `hello` first: which program and protocol they are. Then the client sends one request at a time and
//! gets one answer. A message is its length (u32, little-endian) and postcard. A connection that the client closes
//! cancels what was asked on it.

mod client;
mod serve;
mod socket;
mod wire;

pub(crate) use client::Client;
pub(crate) use serve::Server;

//! Files in which every row takes the same number of bytes: what npy, TEXMEX's and big-ann-benchmarks' formats share.

mod read;
mod write;

pub(crate) use read::{DenseReader, Layout, Order};
pub(crate) use write::DenseWriter;

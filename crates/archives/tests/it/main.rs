//! Archives: what is written is read again, and what is damaged is refused.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]
#![expect(
    clippy::print_stdout,
    reason = "a test that is skipped says so where scripts/test.sh looks for it"
)]

mod damaged;
mod dense;
mod h5py;
mod ids;
mod made;
mod numpy;
mod python;
mod read;
mod stored;
mod write;

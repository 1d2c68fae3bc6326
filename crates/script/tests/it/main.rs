#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
//! Scripts as a whole: against a real engine's answers, and by their own rules.

mod binding;
mod host;
mod limits;
mod reference;
mod snippets;
mod updates;

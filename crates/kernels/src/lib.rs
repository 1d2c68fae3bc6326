//! Distance and dot-product kernels over vectors, the only SIMD of the project.
//!
//! Three things are kept apart, so that each can be added to in one file:
//!
//! * [`Isa`] proves which instruction set the processor has; it is chosen once, at run time.
//! * `lanes` says for each instruction set what a register of numbers can do.
//! * [`float32`] says what is computed in 32-bit floats, over rows of these or of the kinds of 16 bits that [`float16`] has, and
//!   [`int8`] over codes of one byte, once for all instruction sets. Another type of element gets a file beside them.
//!
//! [`Metric`] says once what near means: a similarity is always greater for what is nearer.

mod element;
pub mod float16;
pub mod float32;
pub mod int8;
mod isa;
mod lanes;
mod loops;
mod metric;
mod prefetch;

pub use element::Element;
pub use isa::Isa;
pub use loops::Loops;
pub use metric::Metric;
pub use prefetch::{prefetch, prefetch_slice};

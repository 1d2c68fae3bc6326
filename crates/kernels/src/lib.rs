//! Distance and dot-product kernels over vectors.

//! What a script sees of the documents that it runs over.

use crate::error::Cause;

/// The documents that a script runs over; it stands on one of them at a time.
///
/// Fields are numbered: those of [`crate::Bound::fields`] from 0 in their order; [`Host::find`] gives further numbers.
pub trait Host {
    /// Returns a number for a field whose name a script makes while it runs, or none if it is not mapped.
    ///
    /// Scripts ask once for a name and keep the answer as long as their runner lives.
    fn find(&mut self, name: &str) -> Option<usize>;

    /// Returns the values of a field in the current document.
    ///
    /// # Errors
    ///
    /// When the field has no values that scripts can read; [`Cause::no_field`] when it is not mapped.
    fn values(&mut self, field: usize) -> Result<Values<'_>, Cause>;

    /// Computes a vector function of [`crate::Bound::vector_calls`], by its number, for the current document.
    ///
    /// # Errors
    ///
    /// [`Cause::no_vector`] when the document has no vector, [`Cause::dimensions`] when the query has another length,
    /// [`Cause::no_field`] when the field is not mapped.
    fn vector(&mut self, call: usize) -> Result<f64, Cause>;

    /// Returns the score that the query gave to the current document.
    fn score(&mut self) -> f64;
}

/// The values of a field in one document, in ascending order; empty where it has none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Values<'a> {
    /// Integers of any width; scripts see `long`.
    Longs(&'a [i64]),
    /// Floating point numbers of any width; scripts see `double`.
    Doubles(&'a [f64]),
    /// Booleans.
    Booleans(&'a [bool]),
    /// Keywords.
    Strings(&'a [String]),
    /// Dates, in milliseconds since 1970 in UTC.
    Dates(&'a [i64]),
    /// Places, as latitude and longitude in degrees.
    Points(&'a [(f64, f64)]),
    /// The one vector of the document, or nothing.
    Vector(&'a [f32]),
}

/// What a vector function computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VectorFunction {
    /// The cosine of the angle, -1 to 1; greater = nearer.
    CosineSimilarity,
    /// The dot product; greater = nearer.
    DotProduct,
    /// The sum of absolute differences; smaller = nearer.
    L1Norm,
    /// The root of the sum of squared differences; smaller = nearer.
    L2Norm,
    /// The number of bits that differ; smaller = nearer.
    Hamming,
}

/// A call of a vector function with a query that is the same for every document.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorCall {
    /// What is computed.
    pub function: VectorFunction,
    /// The query vector; a text of hexadecimal digits is given here as signed bytes.
    pub query: Vec<f32>,
    /// The number of the field in [`crate::Bound::fields`].
    pub field: usize,
}

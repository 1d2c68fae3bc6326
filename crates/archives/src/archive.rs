//! What every archive can do.

use crate::error::Result;

/// How many vectors an archive holds, and how long they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The number of vectors.
    pub rows: u64,
    /// Numbers in each vector: 1 to 65,536.
    pub dims: usize,
}

/// How the numbers of vectors are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Floats of 32 bits.
    F32,
    /// Floats of 64 bits.
    F64,
    /// Whole numbers of up to 32 bits; they are written as floats of 64, which hold each of them.
    Whole,
}

/// A row's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A text, which may be empty.
    Text(String),
    /// Bytes that are no UTF-8, shown with � in place of what is not.
    NotUtf8(String),
}

/// A vector with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The name; none in archives that have no names.
    pub name: Option<Name>,
    /// The numbers, as many as the archive's dims. Any of them may be infinite or no number.
    pub vector: Vec<f64>,
}

/// What an archive is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents<'a> {
    /// Numbers in each vector.
    pub dims: usize,
    /// The kind of numbers; none = as the format usually has them.
    pub number: Option<Number>,
    /// By which distance the vectors are compared; it is left out in formats that have no place for it.
    pub distance: Option<&'a str>,
}

/// The names of the parts of an archive, in formats that name them. Where none is asked for, the format has its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Datasets {
    /// Where the vectors are.
    pub vectors: Option<String>,
    /// Where the names are.
    pub names: Option<String>,
}

/// An archive that is read from its first row to its last.
pub trait Reader: Send {
    /// Answers how much the archive holds.
    fn shape(&self) -> Shape;

    /// Answers how the archive stores its numbers.
    fn number(&self) -> Number;

    /// Answers whether the rows have names.
    fn has_names(&self) -> bool {
        false
    }

    /// Answers by which distance the vectors are to be compared, in the archive's own words; none where it says nothing.
    fn distance(&self) -> Option<&str> {
        None
    }

    /// Reads the next rows, at most `limit` and at least one; none after the last.
    ///
    /// # Errors
    /// When the file is damaged, cannot be read, or was changed since it was opened.
    fn read(&mut self, limit: usize) -> Result<Vec<Row>>;
}

/// An archive that is written row by row. The file is no archive before [`Writer::finish`].
pub trait Writer: Send {
    /// Writes the next row, without its name in formats that have no names.
    ///
    /// # Errors
    /// When the vector is not as long as the archive's, the format cannot hold one of its numbers, or the disk fails.
    fn write(&mut self, name: &str, vector: &[f64]) -> Result<()>;

    /// Writes what comes after the last row and brings everything to the disk.
    ///
    /// # Errors
    /// When the disk fails, or the format cannot hold what was written.
    fn finish(self: Box<Self>) -> Result<()>;
}

//! What a file's headers claim, held against what it can hold before any row is read.

use super::NAME;
use crate::archive::{Number, Shape};
use crate::codec::MAX_DIMS;
use crate::element::READ;
use crate::error::{ArchiveError, Result};
use crate::source::Source;
use hdf5_pure::{
    DType, Dataset, Datatype, DatatypeByteOrder, Error as LibraryError, FloatingPointLayout, Layout,
};

/// The most bytes of a name that is stored with a fixed length; longer ones could not be indexed.
const MAX_NAME_BYTES: u64 = 1 << 15;
/// The most bytes of a chunk once it is uncompressed; writers choose up to a few MiB.
const MAX_CHUNK_BYTES: u64 = 256 << 20;
/// The most bytes that deflate makes of one.
const MAX_EXPANSION: u64 = 1_032;

/// Floats of 16 bits as IEEE 754 has them: a sign, five bits of exponent, ten of fraction.
const HALF: FloatingPointLayout = FloatingPointLayout {
    bit_offset: 0,
    bit_precision: 16,
    exponent_location: 10,
    exponent_size: 5,
    mantissa_location: 0,
    mantissa_size: 10,
    exponent_bias: 15,
};

/// How numbers are stored.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stored {
    /// Floats of 16 bits, which the library hands out as bytes.
    Half {
        /// Whether the greater byte comes first.
        big_endian: bool,
    },
    /// Numbers that the library reads.
    Known(Number),
}

/// The file whose datasets are checked.
pub(super) struct Checks<'a>(pub(super) &'a Source);

impl Checks<'_> {
    /// Turns what the library says into an error that names the file.
    pub(super) fn library(&self) -> impl Fn(LibraryError) -> ArchiveError {
        |error| self.0.damaged(NAME, error.to_string())
    }

    /// How the numbers of vectors are stored, where that can be read.
    pub(super) fn stored_as(&self, name: &str, dataset: &Dataset) -> Result<Stored> {
        if let Datatype::FloatingPoint {
            size: 2,
            byte_order,
            layout: HALF,
        } = dataset.datatype().map_err(self.library())?
        {
            let big_endian = byte_order == DatatypeByteOrder::BigEndian;
            return Ok(Stored::Half { big_endian });
        }
        match dataset.dtype().map_err(self.library())? {
            DType::F32 => Ok(Stored::Known(Number::F32)),
            DType::F64 => Ok(Stored::Known(Number::F64)),
            DType::I8 | DType::I16 | DType::I32 | DType::U8 | DType::U16 | DType::U32 => {
                Ok(Stored::Known(Number::Whole))
            }
            other => Err(self.wrong_type(name, &other, READ)),
        }
    }

    fn wrong_type(&self, name: &str, got: &DType, expected: &'static str) -> ArchiveError {
        ArchiveError::Type {
            path: self.0.path().to_owned(),
            dataset: name.to_owned(),
            got: got.to_string(),
            expected,
        }
    }

    pub(super) fn shape_of(&self, name: &str, dataset: &Dataset) -> Result<Shape> {
        let got = dataset.shape().map_err(self.library())?;
        match got[..] {
            [rows, dims] if (1..=MAX_DIMS).contains(&dims) => Ok(Shape {
                rows,
                dims: dims as usize,
            }),
            _ => Err(ArchiveError::Shape {
                path: self.0.path().to_owned(),
                dataset: name.to_owned(),
                got,
                expected: "[rows, dims] with 1 to 65536 dims",
            }),
        }
    }

    pub(super) fn check_names(&self, name: &str, dataset: &Dataset, vectors: u64) -> Result<()> {
        match dataset.dtype().map_err(self.library())? {
            DType::String | DType::VariableLengthString => {}
            other => return Err(self.wrong_type(name, &other, "strings")),
        }
        let bytes = dataset.element_size().map_err(self.library())?;
        if bytes > MAX_NAME_BYTES {
            return Err(self.claim(name, "for a name", bytes.into(), MAX_NAME_BYTES));
        }
        let got = dataset.shape().map_err(self.library())?;
        let names = match got[..] {
            [names] | [names, 1] => names,
            _ => {
                return Err(ArchiveError::Shape {
                    path: self.0.path().to_owned(),
                    dataset: name.to_owned(),
                    got,
                    expected: "[rows]",
                });
            }
        };
        if names == vectors {
            return Ok(());
        }
        Err(ArchiveError::NameCount {
            path: self.0.path().to_owned(),
            vectors,
            names,
        })
    }

    /// Holds what a dataset claims against the file's length: the library takes memory for a chunk by what is claimed.
    pub(super) fn check_claims(&self, name: &str, dataset: &Dataset) -> Result<()> {
        let element = dataset.element_size().map_err(self.library())?;
        let bytes = |shape: &[u64]| {
            let sizes = shape.iter().map(|number| u128::from(*number));
            sizes.fold(u128::from(element), u128::saturating_mul)
        };
        let shape = dataset.shape().map_err(self.library())?;
        let expansion = if dataset.filters().is_empty() {
            1
        } else {
            MAX_EXPANSION
        };
        let limit = self.0.length().saturating_mul(expansion);
        if bytes(&shape) > u128::from(limit) {
            return Err(self.claim(name, "in all", bytes(&shape), limit));
        }
        match dataset.layout().map_err(self.library())? {
            Layout::Chunked { chunk_shape, .. } => {
                if bytes(&chunk_shape) > u128::from(MAX_CHUNK_BYTES) {
                    let claimed = bytes(&chunk_shape);
                    return Err(self.claim(name, "for a chunk", claimed, MAX_CHUNK_BYTES));
                }
                for chunk in dataset.chunks().map_err(self.library())? {
                    self.check_end(name, chunk.address, chunk.storage_size)?;
                }
                Ok(())
            }
            Layout::Contiguous {
                address: Some(address),
                size,
            } => self.check_end(name, address, size),
            Layout::Compact { .. } | Layout::Contiguous { .. } => Ok(()),
            _ => Err(self.0.damaged(
                NAME,
                format!(
                    "dataset {name} is put together from other datasets, which is not supported"
                ),
            )),
        }
    }

    /// Holds what names of any length claim against the file's length: many may point to the same long text.
    pub(super) fn check_texts(&self, name: &str, dataset: &Dataset) -> Result<()> {
        let DType::VariableLengthString = dataset.dtype().map_err(self.library())? else {
            return Ok(());
        };
        let bytes = dataset.vlen_string_payload_size().map_err(self.library())?;
        if bytes <= self.0.length() {
            return Ok(());
        }
        Err(self.claim(name, "of text", bytes.into(), self.0.length()))
    }

    fn check_end(&self, name: &str, address: u64, bytes: u64) -> Result<()> {
        let end = u128::from(address) + u128::from(bytes);
        if end <= u128::from(self.0.length()) {
            return Ok(());
        }
        Err(self.claim(name, "up to the end of its data", end, self.0.length()))
    }

    fn claim(&self, name: &str, what: &'static str, claimed: u128, limit: u64) -> ArchiveError {
        ArchiveError::Claim {
            path: self.0.path().to_owned(),
            dataset: name.to_owned(),
            what,
            claimed,
            limit,
        }
    }
}

//! fbin, u8bin and i8bin, the formats of [big-ann-benchmarks](https://big-ann-benchmarks.com/): the number of rows and of
//! numbers in each, 32 bits each, then the rows, all of them little-endian.

use crate::archive::{Datasets, Reader, Writer};
use crate::codec::{Codec, New};
use crate::dense::{DenseReader, DenseWriter, Layout, Order};
use crate::element::Element;
use crate::error::{ArchiveError, Result};
use crate::source::Source;

/// Bytes before the rows.
const HEAD_BYTES: u64 = 8;

/// One of the formats.
pub(crate) struct BigAnn {
    name: &'static str,
    endings: &'static [&'static str],
    element: Element,
}

/// Floats of 32 bits.
pub(crate) static FBIN: BigAnn = BigAnn {
    name: "fbin",
    endings: &["fbin"],
    element: Element::F32,
};

/// Bytes without a sign.
pub(crate) static U8BIN: BigAnn = BigAnn {
    name: "u8bin",
    endings: &["u8bin"],
    element: Element::U8,
};

/// Bytes with a sign.
pub(crate) static I8BIN: BigAnn = BigAnn {
    name: "i8bin",
    endings: &["i8bin"],
    element: Element::I8,
};

impl Codec for BigAnn {
    fn name(&self) -> &'static str {
        self.name
    }

    fn endings(&self) -> &'static [&'static str] {
        self.endings
    }

    fn open(&self, source: Source, datasets: &Datasets) -> Result<Box<dyn Reader>> {
        datasets.expect_none(source.path(), self.name)?;
        let number = |at| Ok(source.peek(at)?.map(u32::from_le_bytes));
        let (Some(rows), Some(dims)) = (number(0)?, number(4)?) else {
            let reason = format!(
                "it has {} bytes, too few for the numbers of rows and dims",
                source.length()
            );
            return Err(source.damaged(self.name, reason));
        };
        let layout = Layout {
            rows: rows.into(),
            dims: dims.into(),
            element: self.element,
            big_endian: false,
            start: HEAD_BYTES,
            order: Order::Rows { between: 0 },
        };
        Ok(Box::new(DenseReader::new(source, layout, self.name)?))
    }

    fn create(&self, new: New<'_>) -> Result<Box<dyn Writer>> {
        new.datasets.expect_none(new.path, self.name)?;
        new.expect_number(self.name, self.element)?;
        let (format, dims) = (self.name, new.contents.dims as u32);
        let head = Box::new(move |rows: u64| {
            let rows = u32::try_from(rows).map_err(|_| ArchiveError::Rows {
                format,
                limit: u32::MAX.into(),
                rows,
            })?;
            Ok([rows.to_le_bytes(), dims.to_le_bytes()].concat())
        });
        Ok(Box::new(DenseWriter::create(
            new,
            self.element,
            Vec::new(),
            head,
        )?))
    }
}

//! fvecs, bvecs and ivecs, the formats of the [TEXMEX corpus](http://corpus-texmex.irisa.fr/): each row is its number of
//! numbers, 32 bits, and the numbers, all of them little-endian.

use crate::archive::{Datasets, Reader, Writer};
use crate::codec::{Codec, MAX_DIMS, New};
use crate::dense::{DenseReader, DenseWriter, Layout, Order};
use crate::element::Element;
use crate::error::{ArchiveError, Result};
use crate::source::Source;
use std::io::{BufReader, Read, Seek, SeekFrom};

/// Bytes in front of each row.
const PREFIX_BYTES: u64 = 4;

/// One of the formats.
pub(crate) struct Texmex {
    name: &'static str,
    endings: &'static [&'static str],
    element: Element,
}

/// Floats of 32 bits.
pub(crate) static FVECS: Texmex = Texmex {
    name: "fvecs",
    endings: &["fvecs"],
    element: Element::F32,
};

/// Bytes.
pub(crate) static BVECS: Texmex = Texmex {
    name: "bvecs",
    endings: &["bvecs"],
    element: Element::U8,
};

/// Whole numbers of 32 bits.
pub(crate) static IVECS: Texmex = Texmex {
    name: "ivecs",
    endings: &["ivecs"],
    element: Element::I32,
};

impl Codec for Texmex {
    fn name(&self) -> &'static str {
        self.name
    }

    fn endings(&self) -> &'static [&'static str] {
        self.endings
    }

    fn open(&self, source: Source, datasets: &Datasets) -> Result<Box<dyn Reader>> {
        datasets.expect_none(source.path(), self.name)?;
        let Some(first) = source.peek(0)?.map(u32::from_le_bytes) else {
            let reason = format!("it has {} bytes, too few for a row", source.length());
            return Err(source.damaged(self.name, reason));
        };
        if !(1..=MAX_DIMS).contains(&u64::from(first)) {
            let reason =
                format!("row 0 says that it has {first} numbers, expected 1 to {MAX_DIMS}");
            return Err(source.damaged(self.name, reason));
        }
        let stride = PREFIX_BYTES + u64::from(first) * self.element.bytes() as u64;
        check_rows(&source, first, stride)?;
        let layout = Layout {
            // A last row that is cut short counts, and is refused as such.
            rows: source.length().div_ceil(stride),
            dims: first.into(),
            element: self.element,
            big_endian: false,
            start: PREFIX_BYTES,
            order: Order::Rows {
                between: PREFIX_BYTES,
            },
        };
        Ok(Box::new(DenseReader::new(source, layout, self.name)?))
    }

    fn create(&self, new: New<'_>) -> Result<Box<dyn Writer>> {
        new.datasets.expect_none(new.path, self.name)?;
        new.expect_number(self.name, self.element)?;
        let prefix = (new.contents.dims as u32).to_le_bytes().to_vec();
        let head = Box::new(|_| Ok(Vec::new()));
        Ok(Box::new(DenseWriter::create(
            new,
            self.element,
            prefix,
            head,
        )?))
    }
}

/// Makes sure that every row says the same number of numbers as the first, before any of them is used.
fn check_rows(source: &Source, first: u32, stride: u64) -> Result<()> {
    let io = || ArchiveError::io(source.path());
    let mut file = BufReader::new(source.handle()?);
    file.seek(SeekFrom::Start(0)).map_err(io())?;
    for row in 0..source.length() / stride {
        let mut prefix = [0; PREFIX_BYTES as usize];
        file.read_exact(&mut prefix).map_err(io())?;
        let got = u32::from_le_bytes(prefix);
        if got != first {
            return Err(ArchiveError::Ragged {
                path: source.path().to_owned(),
                row,
                expected: first as usize,
                got,
            });
        }
        file.seek_relative((stride - PREFIX_BYTES) as i64)
            .map_err(io())?;
    }
    Ok(())
}

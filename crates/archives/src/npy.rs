//! npy, the format of `numpy.save`: a header in the words of Python, then the numbers of one array. It is described in
//! [NEP 1](https://numpy.org/neps/nep-0001-npy-format.html) and `numpy.lib.format`.

mod header;

use crate::archive::{Datasets, Number, Reader, Writer};
use crate::codec::{Codec, New};
use crate::dense::{DenseReader, DenseWriter, Layout, Order};
use crate::element::Element;
use crate::error::Result;
use crate::source::Source;
use header::Header;

const NAME: &str = "npy";
/// How every file starts; its version, two bytes, comes next.
const SIGNATURE: [u8; 6] = *b"\x93NUMPY";
/// The most bytes of a header: one of three entries has about a hundred.
const MAX_HEADER_BYTES: u64 = 1 << 16;
/// Bytes of what is written before the numbers, which has room for any number of rows and dims.
const WRITTEN_BYTES: usize = 128;

/// The format.
pub(crate) struct Npy;

impl Codec for Npy {
    fn name(&self) -> &'static str {
        NAME
    }

    fn endings(&self) -> &'static [&'static str] {
        &["npy"]
    }

    fn has_signature(&self) -> bool {
        true
    }

    fn signed(&self, source: &Source) -> Result<bool> {
        Ok(source.peek(0)? == Some(SIGNATURE))
    }

    fn open(&self, source: Source, datasets: &Datasets) -> Result<Box<dyn Reader>> {
        datasets.expect_none(source.path(), NAME)?;
        let layout = layout(&source)?;
        Ok(Box::new(DenseReader::new(source, layout, NAME)?))
    }

    fn create(&self, new: New<'_>) -> Result<Box<dyn Writer>> {
        new.datasets.expect_none(new.path, NAME)?;
        let (element, descr) = match new.contents.number {
            None | Some(Number::F32) => (Element::F32, "<f4"),
            Some(Number::F64 | Number::Whole) => (Element::F64, "<f8"),
        };
        let dims = new.contents.dims;
        let head = Box::new(move |rows| Ok(written(descr, rows, dims)));
        Ok(Box::new(DenseWriter::create(
            new,
            element,
            Vec::new(),
            head,
        )?))
    }
}

/// Reads the header.
fn layout(source: &Source) -> Result<Layout> {
    let cut = || source.damaged(NAME, "it is cut short in its header".to_owned());
    let [major, minor] = source.peek(6)?.ok_or_else(cut)?;
    // The length of the header has two bytes in the first version and four in those after it.
    let (at, bytes) = match (major, minor) {
        (1, 0) => {
            let bytes = source.peek(8)?.ok_or_else(cut)?;
            (10, u16::from_le_bytes(bytes).into())
        }
        (2 | 3, 0) => {
            let bytes = source.peek(8)?.ok_or_else(cut)?;
            (12, u64::from(u32::from_le_bytes(bytes)))
        }
        _ => {
            let reason = format!("it is of version {major}.{minor}, expected 1.0, 2.0 or 3.0");
            return Err(source.damaged(NAME, reason));
        }
    };
    if bytes > MAX_HEADER_BYTES {
        let reason =
            format!("its header claims {bytes} bytes, expected at most {MAX_HEADER_BYTES}");
        return Err(source.damaged(NAME, reason));
    }
    if at + bytes > source.length() {
        return Err(cut());
    }
    let mut text = vec![0; bytes as usize];
    source.fill(&mut text, at)?;
    let text = String::from_utf8_lossy(&text);
    let header = Header::parse(&text).map_err(|reason| source.damaged(NAME, reason))?;
    let (rows, dims) = match header.shape[..] {
        [dims] => (1, dims),
        [rows, dims] => (rows, dims),
        _ => {
            let reason = format!(
                "its array has the shape {:?}, expected [rows, dims], or [dims] for one row",
                header.shape
            );
            return Err(source.damaged(NAME, reason));
        }
    };
    Ok(Layout {
        rows,
        dims,
        element: header.element,
        big_endian: header.big_endian,
        start: at + bytes,
        order: if header.columns {
            Order::Columns
        } else {
            Order::Rows { between: 0 }
        },
    })
}

/// What stands before the numbers, as numpy writes it: filled up with spaces, with a line end.
fn written(descr: &str, rows: u64, dims: usize) -> Vec<u8> {
    let mut head = SIGNATURE.to_vec();
    head.extend([1, 0]);
    head.extend((WRITTEN_BYTES as u16 - 10).to_le_bytes());
    let text =
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({rows}, {dims}), }}");
    head.extend(text.as_bytes());
    head.resize(WRITTEN_BYTES - 1, b' ');
    head.push(b'\n');
    head
}

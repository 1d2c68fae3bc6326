//! Reading rows of equal length, in windows of bounded size.

use crate::archive::{Number, Reader, Row, Shape};
use crate::codec::MAX_DIMS;
use crate::element::Element;
use crate::error::{ArchiveError, Result};
use crate::source::Source;

/// Bytes of rows that are read from the file at once, about.
const WINDOW_BYTES: u64 = 8 << 20;
/// The most bytes that the rows take that are answered at once.
const MAX_READ_BYTES: usize = 16 << 20;

/// Where the numbers are in a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// The number of rows.
    pub(crate) rows: u64,
    /// Numbers in each.
    pub(crate) dims: u64,
    /// What a number is.
    pub(crate) element: Element,
    /// Whether a number's greatest byte comes first.
    pub(crate) big_endian: bool,
    /// Where the first number is.
    pub(crate) start: u64,
    /// What comes after a number.
    pub(crate) order: Order,
}

/// How numbers follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Row by row, with so many other bytes between two rows.
    Rows {
        /// Those bytes.
        between: u64,
    },
    /// Column by column, without anything between.
    Columns,
}

impl Layout {
    /// Bytes of a row's numbers.
    fn row_bytes(&self) -> u64 {
        self.dims * self.element.bytes() as u64
    }

    /// Bytes from a row's first number to the next row's, in files that go by rows.
    fn stride(&self) -> u64 {
        match self.order {
            Order::Rows { between } => self.row_bytes() + between,
            Order::Columns => self.row_bytes(),
        }
    }

    /// Holds what the layout claims against the file, before memory is taken for any of it.
    fn check(&self, source: &Source, format: &'static str) -> Result<()> {
        if !(1..=MAX_DIMS).contains(&self.dims) {
            let reason = format!(
                "rows are said to have {} numbers, expected 1 to {MAX_DIMS}",
                self.dims
            );
            return Err(source.damaged(format, reason));
        }
        let between = u128::from(self.stride() - self.row_bytes());
        let all = u128::from(self.rows) * u128::from(self.stride());
        let expected = u128::from(self.start) + all - between.min(all);
        if expected == u128::from(source.length()) {
            return Ok(());
        }
        let there = (source.length() + between as u64).saturating_sub(self.start);
        Err(ArchiveError::Length {
            path: source.path().to_owned(),
            rows: self.rows,
            dims: self.dims as usize,
            expected,
            got: source.length(),
            row: there / self.stride(),
        })
    }
}

/// A file of rows of equal length that is read.
pub(crate) struct DenseReader {
    source: Source,
    layout: Layout,
    next: u64,
    window: Window,
}

/// Rows that were read ahead.
#[derive(Default)]
struct Window {
    bytes: Vec<u8>,
    /// The first row in it, and the one after the last.
    first: u64,
    end: u64,
}

impl DenseReader {
    /// Checks that the file is exactly as long as the layout claims.
    pub(crate) fn new(source: Source, layout: Layout, format: &'static str) -> Result<Self> {
        layout.check(&source, format)?;
        Ok(Self {
            source,
            layout,
            next: 0,
            window: Window::default(),
        })
    }

    /// Reads the window that starts with the next row.
    fn advance(&mut self) -> Result<()> {
        let Layout { rows, dims, .. } = self.layout;
        let (row_bytes, stride) = (self.layout.row_bytes(), self.layout.stride());
        let count = (WINDOW_BYTES / stride).max(1).min(rows - self.next);
        let span = (count - 1) * stride + row_bytes;
        self.window.bytes.resize(span as usize, 0);
        match self.layout.order {
            Order::Rows { .. } => {
                let start = self.layout.start + self.next * stride;
                self.source.fill(&mut self.window.bytes, start)?;
            }
            Order::Columns => {
                let element = self.layout.element.bytes();
                let mut column = vec![0; count as usize * element];
                for at in 0..dims {
                    let start = self.layout.start + (at * rows + self.next) * element as u64;
                    self.source.fill(&mut column, start)?;
                    let places = self.window.bytes.chunks_exact_mut(row_bytes as usize);
                    for (row, number) in places.zip(column.chunks_exact(element)) {
                        let place = at as usize * element;
                        if let Some(place) = row.get_mut(place..place + element) {
                            place.copy_from_slice(number);
                        }
                    }
                }
            }
        }
        (self.window.first, self.window.end) = (self.next, self.next + count);
        Ok(())
    }
}

impl Reader for DenseReader {
    fn shape(&self) -> Shape {
        Shape {
            rows: self.layout.rows,
            dims: self.layout.dims as usize,
        }
    }

    fn number(&self) -> Number {
        self.layout.element.number()
    }

    fn read(&mut self, limit: usize) -> Result<Vec<Row>> {
        if self.next == self.layout.rows {
            self.source.unchanged()?;
            return Ok(Vec::new());
        }
        if self.next == self.window.end {
            self.advance()?;
            self.source.unchanged()?;
        }
        let fitting = MAX_READ_BYTES / (self.layout.dims as usize * size_of::<f64>());
        let limit = limit.min(fitting).max(1) as u64;
        let count = limit.min(self.window.end - self.next);
        let stride = self.layout.stride() as usize;
        let skipped = (self.next - self.window.first) as usize;
        let row_bytes = self.layout.row_bytes() as usize;
        let rows = self.window.bytes.chunks(stride).skip(skipped);
        let rows = rows.take(count as usize).map(|row| {
            let row = row.get(..row_bytes).unwrap_or(row);
            Row {
                name: None,
                vector: self.layout.element.decode(row, self.layout.big_endian),
            }
        });
        self.next += count;
        Ok(rows.collect())
    }
}

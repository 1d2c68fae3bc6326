//! Totals over one row of codes and each of many, written once for all instruction sets and for what is added up.

use super::Rows;
use crate::lanes::{ByteLanes, ByteTask};

/// How many rows are compared at a time: they share what is loaded of the query.
const TOGETHER: usize = 4;

/// How many rows ahead memory is asked for.
const AHEAD: usize = 8;

/// What is added up over the codes of a row and a query.
pub(super) trait Terms: Copy {
    /// Adds those of [`ByteLanes::BYTES`] codes.
    fn add<L: ByteLanes>(self, lanes: L, sums: L::Sums, codes: &[u8], query: &[i8]) -> L::Sums;
}

/// The products.
#[derive(Clone, Copy)]
pub(super) struct Products;

impl Terms for Products {
    #[inline(always)]
    fn add<L: ByteLanes>(self, lanes: L, sums: L::Sums, codes: &[u8], query: &[i8]) -> L::Sums {
        lanes.add_products(sums, codes, query)
    }
}

/// The absolute differences.
#[derive(Clone, Copy)]
pub(super) struct Differences;

impl Terms for Differences {
    #[inline(always)]
    fn add<L: ByteLanes>(self, lanes: L, sums: L::Sums, codes: &[u8], query: &[i8]) -> L::Sums {
        lanes.add_differences(sums, codes, query)
    }
}

/// The totals of one query with rows that lie anywhere, all as long as the query.
pub(super) struct Totals<'a, T, R> {
    pub(super) terms: T,
    pub(super) query: &'a [i8],
    /// What every total is too great by.
    pub(super) excess: i32,
    pub(super) rows: R,
    /// One place for each row.
    pub(super) out: &'a mut [i32],
}

impl<T: Terms, R: Rows> ByteTask for Totals<'_, T, R> {
    type Output = ();

    #[inline(always)]
    fn call<L: ByteLanes>(self, lanes: L) {
        let Totals {
            terms,
            query,
            excess,
            rows,
            out,
        } = self;
        let count = out.len();
        for ahead in 0..AHEAD.min(count) {
            rows.ask(ahead);
        }
        for (four_at, out) in out.chunks_mut(TOGETHER).enumerate() {
            let first = four_at * TOGETHER;
            for ahead in first + AHEAD..(first + AHEAD + TOGETHER).min(count) {
                rows.ask(ahead);
            }
            // The places that are left over are given the last row again.
            let last = first + out.len() - 1;
            // Not by a closure, which would be a function of its own.
            let four_rows: [&[u8]; TOGETHER] = [
                rows.row(first),
                rows.row(last.min(first + 1)),
                rows.row(last.min(first + 2)),
                rows.row(last.min(first + 3)),
            ];
            let totals = four(lanes, terms, query, &four_rows);
            for (out, total) in out.iter_mut().zip(totals) {
                *out = total - excess;
            }
        }
    }
}

/// Computes the totals of four rows. Each has two chains of sums, so that additions need not wait.
///
/// # Panics
/// If a row is not as long as the query.
#[inline(always)]
fn four<L: ByteLanes, T: Terms>(
    lanes: L,
    terms: T,
    query: &[i8],
    rows: &[&[u8]; TOGETHER],
) -> [i32; TOGETHER] {
    for row in rows {
        assert_eq!(row.len(), query.len(), "a row of codes is padded");
    }
    let mut even = [lanes.no_sums(); TOGETHER];
    let mut odd = even;
    let mut at = 0;
    while at + 2 * L::BYTES <= query.len() {
        let middle = at + L::BYTES;
        let end = middle + L::BYTES;
        for (i, row) in rows.iter().enumerate() {
            even[i] = terms.add(lanes, even[i], &row[at..middle], &query[at..middle]);
            odd[i] = terms.add(lanes, odd[i], &row[middle..end], &query[middle..end]);
        }
        at = end;
    }
    if at < query.len() {
        let end = at + L::BYTES;
        for (i, row) in rows.iter().enumerate() {
            even[i] = terms.add(lanes, even[i], &row[at..end], &query[at..end]);
        }
    }
    for (even, odd) in even.iter_mut().zip(odd) {
        *even = lanes.add_sums(*even, odd);
    }
    lanes.totals(even)
}

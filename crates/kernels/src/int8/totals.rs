//! Totals over one row of codes and each of many, written once for all instruction sets and for what is added up.

use crate::lanes::{ByteLanes, ByteTask};
use crate::prefetch_slice;

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
pub(super) struct Totals<'a, T> {
    pub(super) terms: T,
    pub(super) query: &'a [i8],
    /// What every total is too great by.
    pub(super) excess: i32,
    pub(super) rows: &'a [&'a [u8]],
    /// One place for each row.
    pub(super) out: &'a mut [i32],
}

impl<T: Terms> ByteTask for Totals<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call<L: ByteLanes>(self, lanes: L) {
        for row in self.rows.iter().take(AHEAD) {
            prefetch_slice(row);
        }
        let mut ahead = self.rows.iter().skip(AHEAD);
        let (fours, rest) = self.rows.as_chunks::<TOGETHER>();
        let (places, last) = self.out.as_chunks_mut::<TOGETHER>();
        for (rows, out) in fours.iter().zip(places) {
            for row in ahead.by_ref().take(TOGETHER) {
                prefetch_slice(row);
            }
            *out = four(lanes, self.terms, self.query, rows).map(|total| total - self.excess);
        }
        if let Some(first) = rest.first() {
            // The places that are left over are given the first row again.
            let rows: [&[u8]; TOGETHER] = std::array::from_fn(|i| *rest.get(i).unwrap_or(first));
            let totals = four(lanes, self.terms, self.query, &rows);
            for (out, total) in last.iter_mut().zip(totals) {
                *out = total - self.excess;
            }
        }
    }
}

/// Computes the totals of four rows. Each has two chains of sums, so that additions need not wait.
#[inline(always)]
fn four<L: ByteLanes, T: Terms>(
    lanes: L,
    terms: T,
    query: &[i8],
    rows: &[&[u8]; TOGETHER],
) -> [i32; TOGETHER] {
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

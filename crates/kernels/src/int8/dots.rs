//! Dot products of one row of codes with many, written once for all instruction sets.

use crate::lanes::{ByteLanes, ByteTask};
use crate::prefetch_slice;

/// How many rows are compared at a time: they share what is loaded of the query.
const TOGETHER: usize = 4;

/// How many rows ahead memory is asked for.
const AHEAD: usize = 8;

/// The dot products of one query with rows that lie anywhere, all as long as the query.
pub(super) struct Dots<'a> {
    pub(super) query: &'a [i8],
    /// What every dot product is too great by.
    pub(super) excess: i32,
    pub(super) rows: &'a [&'a [u8]],
    /// One place for each row.
    pub(super) out: &'a mut [i32],
}

impl ByteTask for Dots<'_> {
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
            *out = four(lanes, self.query, rows).map(|dot| dot - self.excess);
        }
        if let Some(first) = rest.first() {
            // The places that are left over are given the first row again.
            let rows: [&[u8]; TOGETHER] = std::array::from_fn(|i| *rest.get(i).unwrap_or(first));
            let dots = four(lanes, self.query, &rows);
            for (out, dot) in last.iter_mut().zip(dots) {
                *out = dot - self.excess;
            }
        }
    }
}

/// Computes the dot products of four rows. Each has two chains of sums, so that additions need not wait.
#[inline(always)]
fn four<L: ByteLanes>(lanes: L, query: &[i8], rows: &[&[u8]; TOGETHER]) -> [i32; TOGETHER] {
    let mut even = [lanes.no_sums(); TOGETHER];
    let mut odd = even;
    let mut at = 0;
    while at + 2 * L::BYTES <= query.len() {
        let middle = at + L::BYTES;
        let end = middle + L::BYTES;
        for (i, row) in rows.iter().enumerate() {
            even[i] = lanes.add_products(even[i], &row[at..middle], &query[at..middle]);
            odd[i] = lanes.add_products(odd[i], &row[middle..end], &query[middle..end]);
        }
        at = end;
    }
    if at < query.len() {
        let end = at + L::BYTES;
        for (i, row) in rows.iter().enumerate() {
            even[i] = lanes.add_products(even[i], &row[at..end], &query[at..end]);
        }
    }
    for (even, odd) in even.iter_mut().zip(odd) {
        *even = lanes.add_sums(*even, odd);
    }
    lanes.totals(even)
}

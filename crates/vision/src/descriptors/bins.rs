//! Votes that neighbouring bins share.

/// The bins on either side of `position`, and the share of each; outside of the bins' centres, the
/// last one has it all.
pub(super) fn two_bins(position: f32, bins: usize) -> [(usize, f32); 2] {
    let last = bins - 1;
    let position = position.clamp(0.0, last as f32);
    let low = (position as usize).min(last);
    let beyond = position - low as f32;
    [(low, 1.0 - beyond), ((low + 1).min(last), beyond)]
}

/// The cells whose centres are on either side of a pixel in a row or column of `side` pixels, and the pixel's share in
/// each.
pub(super) fn two_cells(pixel: usize, side: usize, cells: usize) -> [(usize, f32); 2] {
    two_bins(
        (pixel as f32 + 0.5) * cells as f32 / side as f32 - 0.5,
        cells,
    )
}

//! The size at which pictures are described.

/// Longest side of a working picture, in pixels.
pub const WORKING_SIDE: u32 = 256;

/// Gives the size to which a picture of `width` × `height` pixels is resized before it is
/// described.
pub fn working_size(width: u32, height: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= WORKING_SIDE {
        return (width.max(1), height.max(1));
    }
    let scaled = |side: u32| {
        let rounded = (2 * u64::from(side) * u64::from(WORKING_SIDE) + u64::from(long))
            / (2 * u64::from(long));
        (rounded as u32).max(1)
    };
    (scaled(width), scaled(height))
}

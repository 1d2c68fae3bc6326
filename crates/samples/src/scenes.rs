//! The kinds of pictures. To add one: a file with a `KIND` here, and its line below.

use crate::kind::Kind;

mod balloons;
mod cities;
mod deserts;
mod flowers;
mod forests;
mod geometry;
mod jellyfish;
mod lights;
mod mountains;
mod planets;
mod sunsets;
mod textiles;

/// All kinds, in the order in which they are drawn. The seeds depend on the places in this list, so
/// a new kind comes last.
pub(crate) const KINDS: &[&Kind] = &[
    &sunsets::KIND,
    &flowers::KIND,
    &mountains::KIND,
    &balloons::KIND,
    &planets::KIND,
    &forests::KIND,
    &jellyfish::KIND,
    &cities::KIND,
    &textiles::KIND,
    &deserts::KIND,
    &geometry::KIND,
    &lights::KIND,
];

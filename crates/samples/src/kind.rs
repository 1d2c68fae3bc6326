//! What a kind of picture is: its painter, its looks, and the words and places that go with it.

use crate::canvas::Canvas;
use crate::noise::Rng;

/// A kind of picture: one folder of samples, one file in `scenes`.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The folder's name.
    pub(crate) folder: &'static str,
    /// Draws a picture over the whole canvas; the last argument is the place of its look in `looks`.
    pub(crate) draw: fn(&mut Canvas, &mut Rng, usize),
    /// The variants of the kind; picture `n` has look `n` modulo their number.
    pub(crate) looks: &'static [Look],
    /// Keywords of all pictures of the kind.
    pub(crate) keywords: &'static [&'static str],
    /// Where such pictures are taken; empty for what is made indoors.
    pub(crate) places: &'static [Place],
}

/// A variant of a kind: a palette, a species, a pattern.
#[derive(Debug)]
pub(crate) struct Look {
    /// The title; the file's name is made from it.
    pub(crate) title: &'static str,
    /// A sentence that describes the picture.
    pub(crate) description: &'static str,
    /// Keywords of this look only.
    pub(crate) keywords: &'static [&'static str],
}

/// A real place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Its name and country.
    pub(crate) name: &'static str,
    /// Degrees north.
    pub(crate) latitude: f64,
    /// Degrees east.
    pub(crate) longitude: f64,
}

impl Look {
    /// Makes a look.
    pub(crate) const fn new(
        title: &'static str,
        description: &'static str,
        keywords: &'static [&'static str],
    ) -> Self {
        Self {
            title,
            description,
            keywords,
        }
    }
}

impl Place {
    /// Makes a place from its name, degrees north and degrees east.
    pub(crate) const fn new(name: &'static str, latitude: f64, longitude: f64) -> Self {
        Self {
            name,
            latitude,
            longitude,
        }
    }
}

//! The field type `image`: one picture, and the fields that are derived from it.

use super::{Analyzer, FieldKind, Leaf, VectorField};
use crate::MappingError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A picture's field. What is derived from the picture is searched under its name: `image.width`, `image.color`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImageField {
    /// The derived vectors by name: `embedding`, `color`, `texture`, `shape`.
    pub vectors: BTreeMap<String, VectorField>,
    /// What happens to a document whose picture cannot be seen.
    pub on_error: OnError,
    /// Vectors that are being made again by another extractor while the old ones answer, by name. Empty when none are.
    pub rederiving: BTreeMap<String, VectorField>,
}

/// What happens to a document whose picture cannot be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum OnError {
    /// The write is refused with the reason.
    #[default]
    Fail,
    /// The document is stored without what would be derived.
    Ignore,
}

impl ImageField {
    /// The plain fields derived from every picture: name below the image field, and how it is searched.
    fn plain() -> Vec<(&'static str, FieldKind)> {
        use FieldKind::{Boolean, Date, Double, GeoPoint, Long, RankFeatures, Text};
        const KEYWORD: FieldKind = FieldKind::KEYWORD;
        let words = Text(Analyzer::Standard);
        vec![
            ("width", Long),
            ("height", Long),
            ("bytes", Long),
            ("format", KEYWORD),
            ("animated", Boolean),
            ("sha256", KEYWORD),
            ("ahash", KEYWORD),
            ("dhash", KEYWORD),
            ("phash", KEYWORD),
            ("taken", Date),
            ("camera", words.clone()),
            ("camera.keyword", KEYWORD),
            ("location", GeoPoint),
            ("title", words.clone()),
            ("caption", words.clone()),
            ("keywords", words),
            ("keywords.keyword", KEYWORD),
            ("rating", Double),
            ("tags", KEYWORD),
            ("confidence", RankFeatures),
            ("colors.name", KEYWORD),
            ("colors.hex", KEYWORD),
            ("colors.share", Double),
            ("exif.make", KEYWORD),
            ("exif.model", KEYWORD),
            ("exif.lens", KEYWORD),
            ("exif.software", KEYWORD),
            ("exif.artist", KEYWORD),
            ("exif.copyright", KEYWORD),
            ("exif.orientation", Long),
            ("exif.iso", Long),
            ("exif.f_number", Double),
            ("exif.exposure_time_s", Double),
            ("exif.focal_length_mm", Double),
            ("exif.altitude_m", Double),
        ]
    }

    pub(super) fn leaves(&self, path: &str, out: &mut Vec<Leaf>) {
        for (name, kind) in Self::plain() {
            let source = name.strip_suffix(".keyword").unwrap_or(name);
            out.push(Leaf::new(
                &format!("{path}.{name}"),
                &format!("{path}.{source}"),
                kind,
            ));
        }
        for (name, vector) in &self.vectors {
            let path = format!("{path}.{name}");
            out.push(Leaf::new(
                &path,
                &path,
                FieldKind::DenseVector(vector.clone()),
            ));
        }
    }

    pub(super) fn merge(&mut self, path: &str, asked: ImageField) -> Result<(), MappingError> {
        for (name, vector) in asked.vectors {
            let Some(existing) = self.vectors.get_mut(&name) else {
                self.vectors.insert(name, vector);
                continue;
            };
            let field = format!("{path}.{name}");
            let parameters = existing.merge(&field, vector)?;
            if !parameters.is_empty() {
                return Err(MappingError::OptionConflict { field, parameters });
            }
        }
        self.on_error = asked.on_error;
        self.rederiving = asked.rederiving;
        Ok(())
    }
}

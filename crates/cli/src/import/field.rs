//! The fields that an archive's rows go into.

use crate::args::{ArchiveArgs, ImportArgs};
use crate::distance;
use anyhow::bail;
use archives::Reader;
use backends::Backend;
use document::{ElementType, ErrorKind, FieldKind, Mapping, Similarity, VectorField};

/// The field of vectors that an archive asks for, and the field of names beside it.
pub(super) struct Field<'a> {
    asked: &'a ImportArgs,
    dims: u32,
    /// What the archive says, where it is not overruled.
    distance: Option<Similarity>,
    names: Option<&'a str>,
}

impl<'a> Field<'a> {
    /// Decides about the field; fails where the archive asks for a comparison that there is not.
    pub(super) fn of(asked: &'a ImportArgs, archive: &dyn Reader) -> anyhow::Result<Self> {
        let distance = match (asked.similarity, archive.distance()) {
            (Some(_), _) | (None, None) => None,
            (None, Some(name)) => {
                let Some(similarity) = distance::similarity(name) else {
                    bail!(
                        "{} says that its vectors are compared by {name:?}, expected one of {}: --similarity says how to \
                         compare them here",
                        asked.file.display(),
                        distance::words()
                    );
                };
                Some(similarity)
            }
        };
        Ok(Self {
            asked,
            dims: archive.shape().dims as u32,
            distance,
            names: archive.has_names().then(|| asked.archive.name_field()),
        })
    }

    /// The field as it is made where there is none.
    fn fresh(&self) -> VectorField {
        let similarity = self.asked.similarity.or(self.distance);
        let similarity = similarity.unwrap_or(Similarity::Cosine);
        VectorField {
            element: self.asked.element_type.unwrap_or(ElementType::Float),
            ..VectorField::new(self.dims, similarity)
        }
    }

    /// Whether a field that is there can take the vectors. Where nothing is asked for, it stays what it is.
    fn fits(&self, there: &VectorField) -> bool {
        // The first vector decides about the dims of a field that has none.
        (there.dims == self.dims || there.dims == 0)
            && self.asked.similarity.unwrap_or(there.similarity) == there.similarity
            && self.asked.element_type.unwrap_or(there.element) == there.element
    }

    /// Sees to it that the index exists and has the fields.
    pub(super) async fn map(&self, backend: &dyn Backend) -> anyhow::Result<()> {
        let ArchiveArgs { index, field, .. } = &self.asked.archive;
        let kind = || FieldKind::DenseVector(self.fresh());
        let mut fresh = Mapping::new();
        fresh.insert(field, kind().into())?;
        if let Some(names) = self.names {
            fresh.insert(names, FieldKind::KEYWORD.into())?;
        }
        let existing = match backend.mapping(index).await {
            Ok(mapping) => mapping,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(backend.create_index(index, fresh.into()).await?);
            }
            Err(error) => return Err(error.into()),
        };
        let leaf = existing
            .leaves()
            .into_iter()
            .find(|leaf| leaf.path == *field);
        let mut added = Mapping::new();
        match leaf.map(|leaf| leaf.kind) {
            None => added.insert(field, kind().into())?,
            Some(FieldKind::DenseVector(VectorField {
                extractor: Some(extractor),
                ..
            })) => bail!(
                "field {field} of index {index} holds vectors made by {extractor}, which cannot be compared with those \
                 of an archive"
            ),
            Some(FieldKind::DenseVector(there)) if self.fits(&there) => {}
            Some(there) => bail!(
                "field {field} of index {index} is mapped as {there} and cannot become {}",
                kind()
            ),
        }
        if let Some(names) = self.names {
            match existing.get(names).map(|field| &field.kind) {
                Some(FieldKind::Keyword { .. } | FieldKind::Text(_)) => {}
                _ => added.insert(names, FieldKind::KEYWORD.into())?,
            }
        }
        if added.fields().next().is_some() {
            backend.put_mapping(index, added).await?;
        }
        Ok(())
    }
}

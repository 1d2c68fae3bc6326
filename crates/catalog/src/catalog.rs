//! The catalog as its callers see it.

use crate::IMAGE;
use crate::error::{CatalogError, Result};
use crate::index::{self, Event, IndexOptions, Summary};
use crate::models::{self, Network};
use crate::picture::{file_of, mapping, vectors};
use crate::search::{Feature, Found, PictureSearch, QueryVectors, Source, features_of, request};
use crate::store::{Store, Upload};
use backends::Backend;
use document::{ErrorKind, Mapping, Stored};
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use vision::{Extractor, Limits, Want};

/// Pictures as documents, over a backend and the data folder's own files.
pub struct Catalog {
    backend: Arc<dyn Backend>,
    data: PathBuf,
    store: Store,
    limits: Limits,
    /// Extractors with a network, by its fingerprint: loading one takes a while.
    extractors: Mutex<HashMap<String, Arc<Extractor>>>,
    /// Extractor without a network.
    plain: Arc<Extractor>,
}

impl Catalog {
    /// Stands over a backend; `data` is the folder for models, uploads and thumbnails.
    pub fn new(backend: Arc<dyn Backend>, data: &Path) -> Self {
        let limits = Limits::default();
        Self {
            backend,
            data: data.to_owned(),
            store: Store::new(data),
            limits,
            extractors: Mutex::default(),
            plain: Arc::new(Extractor::new(None, limits)),
        }
    }

    /// The backend.
    pub fn backend(&self) -> &dyn Backend {
        &*self.backend
    }

    /// Indexes folders of pictures. Those that are known without an embedding get one, unless no network is wanted.
    /// Runs into the same index take turns.
    ///
    /// # Errors
    /// When a folder cannot be opened, the network is another one than the index was made with, or the backend fails.
    /// A file that cannot be indexed is no error: it is in the summary.
    pub async fn index(
        &self,
        options: &IndexOptions<'_>,
        network: Network,
        report: &(dyn Fn(Event) + Sync),
    ) -> Result<Summary> {
        for folder in &options.folders {
            folder.metadata().map_err(CatalogError::io(folder))?;
        }
        let existing = self.mapping_if_any(&options.index).await?;
        let with = |model| Arc::new(Extractor::new(Some(model), self.limits));
        let extractor = match (network, &existing) {
            (Network::None, _) => self.plain.clone(),
            (Network::Given(model), _) => with(*model),
            (Network::Usual, Some(mapping)) if origin(mapping).is_some() => {
                self.extractor(mapping, true).await?
            }
            (Network::Usual, _) => with(models::built_in().await?),
        };
        // Kept before the mapping names it, so that whoever reads the mapping finds it. Another network than the
        // index's is refused with the mapping and is not kept.
        let theirs = existing.as_ref().and_then(origin);
        if let Some(model) = extractor.model()
            && theirs.is_none_or(|theirs| theirs.fingerprint == model.fingerprint())
        {
            models::keep(&self.data, model)?;
        }
        let mapping = mapping(&extractor);
        self.put_index(&options.index, mapping).await?;
        let Some(_turn) = index::turn(&self.data, options, report).await? else {
            return Ok(Summary {
                stopped: true,
                ..Summary::default()
            });
        };
        index::run(&*self.backend, &extractor, &self.data, options, report).await
    }

    /// Makes an index, or adds to the mapping of the one that is there.
    async fn put_index(&self, index: &str, mapping: Mapping) -> Result<()> {
        match self
            .backend
            .create_index(index, mapping.clone().into())
            .await
        {
            Err(error) if error.kind() == ErrorKind::Conflict => {
                Ok(self.backend.put_mapping(index, mapping).await?)
            }
            created => Ok(created?),
        }
    }

    async fn mapping_if_any(&self, index: &str) -> Result<Option<Mapping>> {
        match self.backend.mapping(index).await {
            Ok(mapping) => Ok(Some(mapping)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Answers the extractor that made an index's vectors, without its network where that is not needed.
    async fn extractor(&self, mapping: &Mapping, with_network: bool) -> Result<Arc<Extractor>> {
        let Some(origin) = origin(mapping).filter(|_| with_network) else {
            return Ok(self.plain.clone());
        };
        let lock = || {
            self.extractors
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(known) = lock().get(&origin.fingerprint) {
            return Ok(known.clone());
        }
        let model = models::kept(&self.data, origin).await?;
        let extractor = Arc::new(Extractor::new(Some(model), self.limits));
        lock().insert(origin.fingerprint.clone(), extractor.clone());
        Ok(extractor)
    }

    /// Searches an index. Answers how many documents match and the hits asked for, best first.
    ///
    /// # Errors
    /// When the index, the picture or the model is not there, the picture cannot be seen, or the filter cannot be
    /// read.
    pub async fn search(&self, index: &str, search: PictureSearch) -> Result<(u64, Vec<Found>)> {
        let mapping = self.backend.mapping(index).await?;
        let excluded = match &search.picture {
            Some(Source::Document { index: of, id }) if of == index => Some(id.clone()),
            _ => None,
        };
        let vectors = match &search.picture {
            None => QueryVectors::new(),
            Some(picture) => self.vectors(picture, &mapping, search.feature).await?,
        };
        let request = request(&search, &mapping, vectors, excluded)?;
        let answer = self.backend.search(&[index.to_owned()], request).await?;
        let found = (search.from + 1..).zip(answer.hits).map(|(rank, hit)| {
            let source = readable(&hit.stored)?;
            Ok(Found {
                rank,
                score: hit.score.unwrap_or(0.0),
                matched: hit.matched,
                stored: hit.stored,
                source,
            })
        });
        Ok((answer.total, found.collect::<Result<_>>()?))
    }

    /// Turns the picture of a search into the vectors that are compared.
    async fn vectors(
        &self,
        picture: &Source,
        mapping: &Mapping,
        feature: Feature,
    ) -> Result<QueryVectors> {
        let features = features_of(mapping, feature)?;
        let (name, bytes) = match picture {
            Source::Document { index, id } => {
                return self.stored_vectors(index, id, &features).await;
            }
            Source::Bytes(bytes) => ("the picture", bytes.clone()),
            Source::Upload(sha256) => ("the upload", self.store.upload(sha256)?),
        };
        let extractor = self
            .extractor(mapping, features.contains(&Feature::Embedding))
            .await?;
        let seeing = extractor.clone();
        let want = Want {
            hashes: false,
            descriptors: features
                .iter()
                .any(|feature| *feature != Feature::Embedding),
            embedding: features.contains(&Feature::Embedding),
        };
        let seen = blocking(move || Ok(seeing.see(&bytes, want))).await?;
        let seen = seen.map_err(|source| CatalogError::Picture {
            name: name.to_owned(),
            source,
        })?;
        let mut made = vectors(&seen);
        let specs = extractor.vectors();
        let mut query = QueryVectors::new();
        for feature in features {
            let spec = specs.iter().find(|spec| spec.name == feature.name());
            let vector = made.remove(&format!("{IMAGE}.{}", feature.name()));
            if let Some((spec, vector)) = spec.zip(vector) {
                query.push((feature, vector, spec.fingerprint.clone()));
            }
        }
        Ok(query)
    }

    async fn stored_vectors(
        &self,
        index: &str,
        id: &str,
        features: &[Feature],
    ) -> Result<QueryVectors> {
        let mapping = self.backend.mapping(index).await?;
        let mut stored = self.stored(index, id).await?;
        let fields = mapping.image().map(|(_, image)| &image.vectors);
        let mut query = QueryVectors::new();
        for feature in features {
            let field = fields.and_then(|fields| fields.get(feature.name()));
            let origin = field.and_then(|field| field.extractor.as_ref());
            let vector = stored
                .document
                .vectors
                .remove(&format!("{IMAGE}.{}", feature.name()));
            let (Some(origin), Some(vector)) = (origin, vector) else {
                return Err(CatalogError::Invalid(format!(
                    "document {id} of index {index} has no {} to search with",
                    feature.name()
                )));
            };
            query.push((*feature, vector, origin.fingerprint.clone()));
        }
        Ok(query)
    }

    async fn stored(&self, index: &str, id: &str) -> Result<Stored> {
        self.backend
            .get(index, id)
            .await?
            .ok_or_else(|| CatalogError::NotFound(format!("index {index} has no document {id}")))
    }

    /// Answers a document and its source.
    ///
    /// # Errors
    /// When there is none.
    pub async fn document(&self, index: &str, id: &str) -> Result<(Stored, Value)> {
        let stored = self.stored(index, id).await?;
        let source = readable(&stored)?;
        Ok((stored, source))
    }

    /// Keeps a picture to be searched with.
    ///
    /// # Errors
    /// When it cannot be seen, or the disk fails.
    pub async fn upload(&self, bytes: Vec<u8>) -> Result<Upload> {
        let want = Want {
            hashes: false,
            descriptors: false,
            embedding: false,
        };
        let extractor = self.plain.clone();
        let (bytes, seen) = blocking(move || {
            let seen = extractor.see(&bytes, want);
            Ok((bytes, seen))
        })
        .await?;
        let seen = seen.map_err(|source| CatalogError::Picture {
            name: "the upload".to_owned(),
            source,
        })?;
        let sha256 = index::sha256_of(&bytes);
        self.store.keep_upload(&sha256, &bytes)?;
        Ok(Upload {
            sha256,
            width: seen.width,
            height: seen.height,
            format: seen
                .format
                .map(|format| format.name().to_owned())
                .unwrap_or_default(),
            bytes: bytes.len() as u64,
        })
    }

    /// Answers the bytes of an uploaded picture.
    ///
    /// # Errors
    /// When it is not kept any more.
    pub fn uploaded(&self, sha256: &str) -> Result<Vec<u8>> {
        self.store.upload(sha256)
    }

    /// Answers the bytes of a document's picture file.
    ///
    /// # Errors
    /// When there is no such document, or its file is gone.
    pub async fn original(&self, index: &str, id: &str) -> Result<Vec<u8>> {
        let (_, source) = self.document(index, id).await?;
        let file = file_of(&source).ok_or_else(|| no_file(index, id))?;
        let limit = self.limits.max_file_bytes;
        blocking(move || read_limited(&file.path, limit)).await
    }

    /// Answers a small JPEG of a document's picture.
    ///
    /// # Errors
    /// When there is no such document, its file is gone, or it cannot be seen any more.
    pub async fn thumbnail(self: &Arc<Self>, index: &str, id: &str, side: u32) -> Result<Vec<u8>> {
        let (_, source) = self.document(index, id).await?;
        let file = file_of(&source).ok_or_else(|| no_file(index, id))?;
        let catalog = self.clone();
        blocking(move || {
            let limits = catalog.limits;
            let original = || read_limited(&file.path, limits.max_file_bytes);
            catalog
                .store
                .thumbnail(&file.sha256, side, &limits, original)
        })
        .await
    }

    /// Answers a small JPEG of an uploaded picture.
    ///
    /// # Errors
    /// When it is not kept any more.
    pub async fn upload_thumbnail(self: &Arc<Self>, sha256: &str, side: u32) -> Result<Vec<u8>> {
        let (catalog, sha256) = (self.clone(), sha256.to_owned());
        blocking(move || {
            let original = || catalog.store.upload(&sha256);
            catalog
                .store
                .thumbnail(&sha256, side, &catalog.limits, original)
        })
        .await
    }
}

/// What made an index's embeddings.
fn origin(mapping: &Mapping) -> Option<&document::Extractor> {
    let (_, image) = mapping.image()?;
    image.vectors.get("embedding")?.extractor.as_ref()
}

fn no_file(index: &str, id: &str) -> CatalogError {
    CatalogError::NotFound(format!(
        "document {id} of index {index} is no picture from a file"
    ))
}

fn readable(stored: &Stored) -> Result<Value> {
    stored.document.value().map_err(|error| {
        CatalogError::Internal(format!("document {} cannot be read: {error}", stored.id))
    })
}

fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let read = || -> std::io::Result<Vec<u8>> {
        use std::io::Read;
        let mut bytes = Vec::new();
        std::fs::File::open(path)?
            .take(limit + 1)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(CatalogError::io(path))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => Err(CatalogError::Internal(format!(
            "the work broke off: {error}"
        ))),
    }
}

//! Search and health.

use crate::Shared;
use crate::error::Failure;
use crate::images::{UPLOADS, picture_in, thumbnail_address};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use catalog::{
    Catalog, CatalogError, DEFAULT_INDEX, Feature, Found, PictureSearch, Source, file_of,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Instant;

/// Hits answered when no number is asked for.
const DEFAULT_SIZE: usize = 60;
/// Hits answered at most.
const MAX_SIZE: usize = 1_000;

/// What can be asked of a search.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchParams {
    index: Option<String>,
    q: Option<String>,
    image: Option<String>,
    feature: Option<String>,
    filter: Option<String>,
    from: Option<usize>,
    size: Option<usize>,
}

type Params = Result<Query<SearchParams>, QueryRejection>;

pub(crate) async fn by_address(
    State(catalog): State<Shared>,
    params: Params,
) -> Result<Json<Value>, Failure> {
    answer(&catalog, params, None).await
}

pub(crate) async fn by_body(
    State(catalog): State<Shared>,
    params: Params,
    request: Request,
) -> Result<Json<Value>, Failure> {
    let picture = picture_in(request).await?;
    answer(&catalog, params, picture).await
}

async fn answer(
    catalog: &Catalog,
    params: Params,
    picture: Option<Vec<u8>>,
) -> Result<Json<Value>, Failure> {
    let start = Instant::now();
    let Query(params) = params.map_err(|error| Failure::invalid(error.body_text()))?;
    let index = match &params.index {
        Some(index) => index.clone(),
        None => default_index(catalog).await?,
    };
    let search = search_of(params, picture)?;
    let (total, found) = catalog.search(&index, search).await?;
    let hits: Vec<Value> = found.iter().map(|found| hit(&index, found)).collect();
    let took_ms = start.elapsed().as_millis() as u64;
    Ok(Json(
        json!({"took_ms": took_ms, "total": total, "hits": hits}),
    ))
}

/// The usual index where there is one, else the first.
async fn default_index(catalog: &Catalog) -> Result<String, Failure> {
    let indices = catalog
        .backend()
        .indices()
        .await
        .map_err(CatalogError::from)?;
    let usual = indices.iter().find(|index| index.name == DEFAULT_INDEX);
    match usual.or(indices.first()) {
        Some(index) => Ok(index.name.clone()),
        None => Err(CatalogError::NotFound(
            "there is no index yet: make one with `eidetic index FOLDER`".to_owned(),
        )
        .into()),
    }
}

fn search_of(params: SearchParams, picture: Option<Vec<u8>>) -> Result<PictureSearch, Failure> {
    let feature = match params.feature.as_deref() {
        None | Some("") => Feature::Auto,
        Some(name) => name.parse().map_err(Failure::invalid)?,
    };
    let named = params
        .image
        .as_deref()
        .filter(|image| !image.is_empty())
        .map(source_of);
    let picture = match (picture, named.transpose()?) {
        (Some(_), Some(_)) => {
            return Err(Failure::invalid(
                "the picture is named by image= and in the body: expected one",
            ));
        }
        (Some(bytes), None) => Some(Source::Bytes(bytes)),
        (None, named) => named,
    };
    let size = params.size.unwrap_or(DEFAULT_SIZE);
    if size > MAX_SIZE {
        return Err(Failure::invalid(format!(
            "size is {size}, expected at most {MAX_SIZE}"
        )));
    }
    Ok(PictureSearch {
        picture,
        words: params.q,
        feature,
        filter: params.filter,
        from: params.from.unwrap_or(0),
        size,
    })
}

fn source_of(image: &str) -> Result<Source, Failure> {
    match image.split_once('/') {
        Some((UPLOADS, sha256)) => Ok(Source::Upload(sha256.to_owned())),
        Some((index, id)) if !index.is_empty() && !id.is_empty() => Ok(Source::Document {
            index: index.to_owned(),
            id: id.to_owned(),
        }),
        _ => Err(Failure::invalid(format!(
            "image is {image:?}, expected an index, a / and an id"
        ))),
    }
}

fn hit(index: &str, found: &Found) -> Value {
    let mut hit = json!({
        "rank": found.rank,
        "index": index,
        "id": found.stored.id,
        "score": found.score,
        "matched": found.matched,
    });
    if let Some(file) = file_of(&found.source) {
        hit["name"] = json!(file.path.file_name().unwrap_or_default().to_string_lossy());
        hit["path"] = json!(file.path.to_string_lossy());
        hit["width"] = json!(file.width);
        hit["height"] = json!(file.height);
        hit["thumbnail"] = json!(thumbnail_address(index, &found.stored.id));
    }
    if let Some(title) = found.source.pointer("/image/title") {
        hit["title"] = title.clone();
    }
    hit
}

pub(crate) async fn health(State(catalog): State<Shared>) -> Result<Json<Value>, Failure> {
    let indices = catalog
        .backend()
        .indices()
        .await
        .map_err(CatalogError::from)?;
    let indices: Vec<Value> = indices
        .iter()
        .map(|index| {
            let vectors = index.mapping.image().map(|(_, image)| &image.vectors);
            let has = |name: &str| vectors.is_some_and(|vectors| vectors.contains_key(name));
            let features: Vec<&str> = Feature::VECTORS
                .into_iter()
                .map(Feature::name)
                .filter(|name| has(name))
                .collect();
            json!({
                "index": index.name,
                "pictures": index.documents,
                "features": features,
                "graphs": index.graphs,
            })
        })
        .collect();
    Ok(Json(json!({
        "status": "green",
        "version": env!("CARGO_PKG_VERSION"),
        "indices": indices,
    })))
}

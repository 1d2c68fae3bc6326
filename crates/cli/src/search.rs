//! `eidetic search`.

use crate::args::SearchArgs;
use crate::{DONE, PARTLY, folder, output};
use anyhow::{Context, bail};
use catalog::{CatalogError, Found, PictureSearch, Source, file_of};
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use document::ErrorKind;
use serde_json::{Value, json};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The longest picture that is read.
const MAX_PICTURE_BYTES: u64 = 64 << 20;

pub(crate) async fn run(data: PathBuf, args: SearchArgs) -> anyhow::Result<u8> {
    folder::must_exist(&data)?;
    let words = args.words.join(" ");
    let words = (!words.trim().is_empty()).then_some(words);
    let picture = args.image.as_deref().map(read_picture).transpose()?;
    if words.is_none() && picture.is_none() && args.filter.is_none() {
        bail!("nothing to search for: give words, --image FILE or --filter QUERY");
    }
    if args.k == 0 {
        bail!("-k is 0: at least 1 picture has to be asked for");
    }
    let search = PictureSearch {
        picture: picture.map(Source::Bytes),
        words,
        feature: args.feature,
        filter: args.filter,
        from: 0,
        size: args.k,
    };
    let filter = search.filter.clone();
    let found = folder::within(&data, async |catalog| {
        let found = catalog.search(&args.index, search).await;
        let found = found.map_err(|error| match (&error, &filter) {
            // A value that its field cannot be is told without the field.
            (CatalogError::Backend(_), Some(filter)) if error.kind() == ErrorKind::InvalidInput => {
                anyhow::Error::new(error).context(format!("the filter {filter}"))
            }
            _ => name_it(error, &args.image),
        });
        Ok(found?.1)
    })
    .await?;
    if args.json {
        output::json(
            &found
                .iter()
                .map(|found| as_json(&args.index, found))
                .collect::<Vec<_>>(),
        )?;
    } else if args.paths {
        for found in &found {
            let path = path_of(found);
            output::line(path.as_os_str().as_bytes())?;
        }
    } else if !found.is_empty() {
        output::line(table(&found).as_bytes())?;
    } else {
        eprintln!("nothing found");
    }
    Ok(if found.is_empty() { PARTLY } else { DONE })
}

/// Puts the file's name to an error about the picture.
fn name_it(error: catalog::CatalogError, image: &Option<PathBuf>) -> anyhow::Error {
    match (error, image) {
        (catalog::CatalogError::Picture { source, .. }, Some(image)) => {
            anyhow::anyhow!("{}: {source}", image.display())
        }
        (error, _) => error.into(),
    }
}

fn read_picture(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut read = |source: &mut dyn Read| {
        source
            .take(MAX_PICTURE_BYTES + 1)
            .read_to_end(&mut bytes)
            .map(|_| ())
    };
    let done = if path == Path::new("-") {
        read(&mut std::io::stdin().lock())
    } else {
        std::fs::File::open(path).and_then(|mut file| read(&mut file))
    };
    done.with_context(|| path.display().to_string())?;
    Ok(bytes)
}

/// Where a hit's picture is; for a document that was not indexed from a file, its id.
fn path_of(found: &Found) -> PathBuf {
    match file_of(&found.source) {
        Some(file) => file.path,
        None => PathBuf::from(&found.stored.id),
    }
}

fn as_json(index: &str, found: &Found) -> Value {
    json!({
        "rank": found.rank,
        "score": found.score,
        "path": path_of(found).to_string_lossy(),
        "index": index,
        "id": found.stored.id,
        "matched": found.matched,
    })
}

fn table(found: &[Found]) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_header(["rank", "score", "matched", "path"]);
    for found in found {
        table.add_row([
            found.rank.to_string(),
            format!("{:.4}", found.score),
            found.matched.join(", "),
            output::shown(&path_of(found).to_string_lossy()),
        ]);
    }
    for number in [0, 1] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

//! `eidetic check`.

use crate::args::CheckArgs;
use crate::{DONE, PARTLY, folder, output};
use serde_json::json;
use std::path::PathBuf;

pub(crate) async fn run(data: PathBuf, args: CheckArgs) -> anyhow::Result<u8> {
    folder::must_exist(&data)?;
    let report =
        folder::within(&data, async |catalog| Ok(catalog.backend().check().await?)).await?;
    let ok = report.problems.is_empty();
    if args.json {
        output::json(&json!({"ok": ok, "problems": report.problems, "counts": report.counts}))?;
    } else {
        for problem in &report.problems {
            output::line(problem.as_bytes())?;
        }
        for (index, counts) in &report.counts {
            let mut line = format!(
                "index {index}: {} documents, {} in the text index",
                counts.documents, counts.text
            );
            for (field, vectors) in &counts.vectors {
                line.push_str(&format!(", {vectors} vectors of {field}"));
            }
            output::line(line.as_bytes())?;
        }
        output::line(if ok {
            b"everything agrees"
        } else {
            b"NOT everything agrees"
        })?;
    }
    Ok(if ok { DONE } else { PARTLY })
}

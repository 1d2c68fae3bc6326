//! `eidetic check`.

use crate::args::CheckArgs;
use crate::{DONE, PARTLY, folder, output};
use backends::{CheckReport, RecallReport};
use serde_json::{Value, json};
use std::path::PathBuf;

pub(crate) async fn run(data: PathBuf, args: CheckArgs) -> anyhow::Result<u8> {
    folder::must_exist(&data)?;
    let (report, recall) = folder::within(&data, async |catalog| {
        let backend = catalog.backend();
        let report = backend.check().await?;
        let recall = match args.recall {
            Some(k) => backend.recall(usize::from(k)).await?,
            None => RecallReport::new(),
        };
        Ok((report, recall))
    })
    .await?;
    let ok = report.problems.is_empty();
    if args.json {
        let mut answer = json!({"ok": ok, "problems": report.problems, "mended": report.mended, "counts": report.counts});
        if args.recall.is_some() {
            answer["recall"] = figures(&recall);
        }
        output::json(&answer)?;
    } else {
        tell(&report)?;
        if args.recall.is_some() {
            tell_recall(&recall)?;
        }
        output::line(if ok {
            b"everything agrees"
        } else {
            b"NOT everything agrees"
        })?;
    }
    Ok(if ok { DONE } else { PARTLY })
}

fn figures(recall: &RecallReport) -> Value {
    let mut figures = json!({});
    for (index, fields) in recall {
        for (field, found) in fields {
            let mut figure = json!(found);
            figure["recall"] = json!(found.recall());
            figures[index][field] = figure;
        }
    }
    figures
}

fn tell(report: &CheckReport) -> anyhow::Result<()> {
    for problem in &report.problems {
        output::line(problem.as_bytes())?;
    }
    for mended in &report.mended {
        output::line(format!("mended: {mended}").as_bytes())?;
    }
    for (index, counts) in &report.counts {
        let mut line = format!(
            "index {index}: {} documents, {} in the text index",
            counts.documents, counts.text
        );
        for (field, vectors) in &counts.vectors {
            line.push_str(&format!(", {vectors} vectors of {field}"));
            if let Some(linked) = counts.linked.get(field) {
                line.push_str(&format!(" ({linked} in the graph)"));
            }
        }
        output::line(line.as_bytes())?;
    }
    Ok(())
}

fn tell_recall(recall: &RecallReport) -> anyhow::Result<()> {
    for (index, fields) in recall {
        if fields.is_empty() {
            let line = format!("index {index}: no field has a graph; every search is exact");
            output::line(line.as_bytes())?;
        }
        for (field, found) in fields {
            let line = format!(
                "index {index}: field {field}: recall@{} {:.4} in {} searches",
                found.k,
                found.recall(),
                found.searches
            );
            output::line(line.as_bytes())?;
        }
    }
    Ok(())
}

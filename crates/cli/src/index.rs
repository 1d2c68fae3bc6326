//! `eidetic index`.

use crate::args::{IndexArgs, threads};
use crate::progress::{Progress, list_failures};
use crate::{DONE, PARTLY, folder, linked, output, stop};
use catalog::{Event, IndexOptions, Summary};
use serde_json::json;
use std::path::PathBuf;

pub(crate) async fn run(data: PathBuf, args: IndexArgs) -> anyhow::Result<u8> {
    let network = args.network.open()?;
    let stop = stop::flag();
    let options = IndexOptions {
        index: args.index,
        folders: args.folders,
        prune: args.prune,
        threads: threads(args.threads),
        decode_bytes: args.decode_mb.max(1) << 20,
        stop: &stop,
    };
    let progress = Progress::new(args.json);
    let summary = folder::within(&data, async |catalog| {
        let report = |event: Event| {
            progress.show(&event, !args.json);
            if let (true, Event::Indexed { path, id }) = (args.json, &event) {
                let line = json!({"event": "indexed", "path": path.to_string_lossy(), "id": id});
                // Whoever read the lines is gone; the summary's line tells the same.
                drop(output::json(&line));
            }
        };
        let summary = catalog.index(&options, network, &report).await?;
        progress.finish();
        linked::wait(catalog.backend(), &options.index, args.json, &stop).await?;
        Ok(summary)
    })
    .await;
    progress.finish();
    let summary = summary?;
    if args.json {
        output::json(&summary)?;
    } else {
        tell(&summary);
    }
    let complete = summary.failed.is_empty() && !summary.stopped;
    Ok(if complete { DONE } else { PARTLY })
}

fn tell(summary: &Summary) {
    list_failures(&summary.failed);
    let mut parts = vec![format!("{} indexed", summary.indexed)];
    for (number, what) in [
        (summary.unchanged, "unchanged"),
        (summary.renamed, "renamed"),
        (summary.removed, "removed"),
        (summary.failed.len() as u64, "failed"),
        (summary.other_files, "other files"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    let stopped = if summary.stopped {
        "; stopped, run it again to go on"
    } else {
        ""
    };
    eprintln!("{} in {:.1} s{stopped}", parts.join(", "), summary.seconds);
}

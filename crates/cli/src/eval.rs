//! `eidetic eval`.

use crate::args::{EvalArgs, threads};
use crate::progress::{Progress, list_failures};
use crate::{DONE, PARTLY, output, stop};
use catalog::{EvalReport, Network, evaluate};
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use vision::{Extractor, Limits, Model};

pub(crate) async fn run(args: EvalArgs) -> anyhow::Result<u8> {
    let model = match args.network.open()? {
        Network::Usual => Some(Model::built_in()?),
        Network::Given(model) => Some(*model),
        Network::None => None,
    };
    let stop = stop::flag();
    let extractor = Extractor::new(model, Limits::default());
    let progress = Progress::new(args.json);
    let report = tokio::task::block_in_place(|| {
        let seen = |_: usize, total: usize| progress.seen(total);
        evaluate(
            &args.folder,
            &extractor,
            args.per_label,
            threads(args.threads),
            &stop,
            &seen,
        )
    });
    progress.finish();
    let report = report?;
    list_failures(&report.failed);
    if args.json {
        output::json(&report)?;
    } else {
        output::line(table(&report).as_bytes())?;
        output::line(format!("{} pictures, {} labels", report.pictures, report.labels).as_bytes())?;
    }
    Ok(if report.failed.is_empty() {
        DONE
    } else {
        PARTLY
    })
}

fn table(report: &EvalReport) -> String {
    let depths: Vec<u32> = report
        .features
        .first()
        .map(|feature| feature.recall_at.keys().copied().collect())
        .unwrap_or_default();
    let mut table = Table::new();
    let mut header = vec!["feature".to_owned(), "P@10".to_owned(), "mAP".to_owned()];
    header.extend(depths.iter().map(|depth| format!("recall@{depth}")));
    table.load_style(NOTHING).set_header(header);
    for feature in &report.features {
        let mut row = vec![
            feature.feature.to_owned(),
            format!("{:.3}", feature.p_at_10),
            format!("{:.3}", feature.map),
        ];
        row.extend(
            feature
                .recall_at
                .values()
                .map(|recall| format!("{recall:.3}")),
        );
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

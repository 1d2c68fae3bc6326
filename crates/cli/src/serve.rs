//! `eidetic serve`.

use crate::args::{Compat, ServeArgs};
use crate::{DONE, folder, output, stop};
use anyhow::Context;
use server::{AllowedHosts, Generation, ServeOptions};
use std::path::PathBuf;
use tokio::net::TcpListener;

pub(crate) async fn run(data: PathBuf, args: ServeArgs) -> anyhow::Result<u8> {
    // The port is taken before the folder, so that a second server fails at once.
    let listener = TcpListener::bind(args.listen).await.with_context(|| {
        format!(
            "cannot listen on {}: is another server there? Name a port with --listen",
            args.listen
        )
    })?;
    let address = listener.local_addr()?;
    // From before the line that says that it listens: whoever reads that may stop it at once.
    let stop = stop::asked();
    folder::within(&data, async |catalog| {
        output::line(format!("eidetic is listening on http://{address}").as_bytes())?;
        let options = ServeOptions {
            hosts: AllowedHosts::new(args.allow_host),
            unmarked: match args.compat {
                Compat::Seven => Generation::Seven,
                Compat::Eight => Generation::Eight,
                Compat::Nine => Generation::Nine,
            },
        };
        Ok(server::serve(listener, catalog.clone(), options, stop).await?)
    })
    .await?;
    Ok(DONE)
}

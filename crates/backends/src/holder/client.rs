//! The side of a process that does not hold the folder.

use super::socket::SocketPath;
use super::wire::{Answer, Hello, Request, receive, send};
use crate::backend::{Backend, BulkAnswer};
use crate::error::{BackendError, Result};
use async_trait::async_trait;
use document::{
    GetOptions, Got, IndexDefinition, IndexSettings, IndexStatus, Mapping, Stored, Write,
};
use engine::{CheckReport, RecallReport};
use query::{SearchAnswer, SearchRequest};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tokio::net::UnixStream;

/// Talks to the folder's holder. Calls at the same time use a connection each.
pub(crate) struct Client {
    folder: PathBuf,
    idle: Mutex<Vec<UnixStream>>,
}

impl Client {
    /// Connects to the holder of a folder.
    pub(crate) async fn connect(folder: &Path) -> Result<Self> {
        let client = Self {
            folder: folder.to_owned(),
            idle: Mutex::default(),
        };
        let stream = client.open().await?;
        client.give_back(stream);
        Ok(client)
    }

    async fn open(&self) -> Result<UnixStream> {
        let fail = |error: std::io::Error| {
            BackendError::lost(format!(
                "the holder of the data folder {} does not answer: {error}",
                self.folder.display()
            ))
        };
        let socket = SocketPath::of(&self.folder).map_err(fail)?;
        let mut stream = UnixStream::connect(&socket.path).await.map_err(fail)?;
        send(&mut stream, &Hello::ours()).await?;
        let hello: Option<Hello> = receive(&mut stream).await?;
        hello.ok_or_else(closed)?.check()?;
        Ok(stream)
    }

    fn give_back(&self, stream: UnixStream) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(stream);
    }

    async fn call(&self, request: Request) -> Result<Answer> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut stream = match idle {
            Some(stream) => stream,
            None => self.open().await.map_err(BackendError::before_sending)?,
        };
        // While this waits the stream is nobody else's: dropping the future closes it, which cancels the request.
        let sent = send(&mut stream, &request).await;
        sent.map_err(BackendError::before_sending)?;
        let answer: Answer = receive(&mut stream).await?.ok_or_else(closed)?;
        self.give_back(stream);
        match answer {
            Answer::Failed(error) => Err(error),
            answer => Ok(answer),
        }
    }

    async fn done(&self, request: Request) -> Result<()> {
        match self.call(request).await? {
            Answer::Done => Ok(()),
            other => Err(unexpected(&other)),
        }
    }
}

fn closed() -> BackendError {
    BackendError::lost("the holder of the data folder closed the connection")
}

fn unexpected(answer: &Answer) -> BackendError {
    let answer = format!("{answer:?}");
    let name = answer.split(['(', ' ']).next().unwrap_or_default();
    BackendError::internal(format!("the holder answered {name} to another question"))
}

#[async_trait]
impl Backend for Client {
    async fn indices(&self) -> Result<Vec<IndexStatus>> {
        match self.call(Request::Indices).await? {
            Answer::Indices(indices) => Ok(indices),
            other => Err(unexpected(&other)),
        }
    }

    async fn create_index(&self, name: &str, definition: IndexDefinition) -> Result<()> {
        self.done(Request::CreateIndex {
            name: name.to_owned(),
            definition,
        })
        .await
    }

    async fn delete_index(&self, name: &str) -> Result<()> {
        self.done(Request::DeleteIndex {
            name: name.to_owned(),
        })
        .await
    }

    async fn mapping(&self, index: &str) -> Result<Mapping> {
        match self
            .call(Request::Mapping {
                index: index.to_owned(),
            })
            .await?
        {
            Answer::Mapping(mapping) => Ok(mapping),
            other => Err(unexpected(&other)),
        }
    }

    async fn put_mapping(&self, index: &str, mapping: Mapping) -> Result<()> {
        self.done(Request::PutMapping {
            index: index.to_owned(),
            mapping,
        })
        .await
    }

    async fn settings(&self, index: &str) -> Result<IndexSettings> {
        match self
            .call(Request::Settings {
                index: index.to_owned(),
            })
            .await?
        {
            Answer::Settings(settings) => Ok(settings),
            other => Err(unexpected(&other)),
        }
    }

    async fn put_settings(&self, index: &str, settings: IndexSettings) -> Result<()> {
        self.done(Request::PutSettings {
            index: index.to_owned(),
            settings,
        })
        .await
    }

    async fn flush(&self, index: &str) -> Result<()> {
        self.done(Request::Flush {
            index: index.to_owned(),
        })
        .await
    }

    async fn force_merge(&self, index: &str, max_segments: usize) -> Result<()> {
        self.done(Request::ForceMerge {
            index: index.to_owned(),
            max_segments,
        })
        .await
    }

    async fn bulk(&self, index: &str, writes: Vec<Write>) -> Result<BulkAnswer> {
        match self
            .call(Request::Bulk {
                index: index.to_owned(),
                writes,
            })
            .await?
        {
            Answer::Bulk(answers) => Ok(answers),
            other => Err(unexpected(&other)),
        }
    }

    async fn get_with(&self, index: &str, id: &str, options: &GetOptions) -> Result<Option<Got>> {
        match self
            .call(Request::Get {
                index: index.to_owned(),
                id: id.to_owned(),
                options: options.clone(),
            })
            .await?
        {
            Answer::Document(got) => Ok(got),
            other => Err(unexpected(&other)),
        }
    }

    async fn scan(&self, index: &str, after: Option<&str>, limit: usize) -> Result<Vec<Stored>> {
        let (index, after) = (index.to_owned(), after.map(str::to_owned));
        match self
            .call(Request::Scan {
                index,
                after,
                limit,
            })
            .await?
        {
            Answer::Documents(documents) => Ok(documents),
            other => Err(unexpected(&other)),
        }
    }

    async fn refresh(&self, index: &str) -> Result<()> {
        self.done(Request::Refresh {
            index: index.to_owned(),
        })
        .await
    }

    async fn search(&self, indices: &[String], request: SearchRequest) -> Result<SearchAnswer> {
        match self
            .call(Request::Search {
                indices: indices.to_vec(),
                request: Box::new(request),
            })
            .await?
        {
            Answer::Search(answer) => Ok(answer),
            other => Err(unexpected(&other)),
        }
    }

    async fn check(&self) -> Result<CheckReport> {
        match self.call(Request::Check).await? {
            Answer::Check(report) => Ok(report),
            other => Err(unexpected(&other)),
        }
    }

    async fn recall(&self, k: usize) -> Result<RecallReport> {
        match self.call(Request::Recall { k }).await? {
            Answer::Recall(report) => Ok(report),
            other => Err(unexpected(&other)),
        }
    }
}

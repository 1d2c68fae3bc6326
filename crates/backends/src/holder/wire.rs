//! Requests, answers and their frames.

use crate::backend::BulkAnswer;
use crate::error::{BackendError, Result};
use document::{
    GetOptions, Got, IndexDefinition, IndexSettings, IndexStatus, Mapping, Stored, Write,
};
use engine::{CheckReport, RecallReport};
use query::{SearchAnswer, SearchRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Changes with anything that changes a message.
const PROTOCOL: u32 = 5;

/// The longest message; a length beyond it is no length.
const MAX_MESSAGE_BYTES: u32 = 1 << 30;
/// Room taken at once for a message whose length is only claimed.
const CHUNK_BYTES: usize = 1 << 20;

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hello {
    protocol: u32,
    program: String,
}

impl Hello {
    pub(super) fn ours() -> Self {
        Self {
            protocol: PROTOCOL,
            program: format!("eidetic {}", env!("CARGO_PKG_VERSION")),
        }
    }

    /// Checks that the other side speaks as this one does.
    pub(super) fn check(&self) -> Result<()> {
        if self.protocol == PROTOCOL {
            return Ok(());
        }
        Err(BackendError::unavailable(format!(
            "the data folder is held by {}, which speaks protocol {}; this is {} with protocol {PROTOCOL}: use one version for both",
            self.program,
            self.protocol,
            Self::ours().program
        )))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Request {
    Indices,
    CreateIndex {
        name: String,
        definition: IndexDefinition,
    },
    DeleteIndex {
        name: String,
    },
    Mapping {
        index: String,
    },
    PutMapping {
        index: String,
        mapping: Mapping,
    },
    Settings {
        index: String,
    },
    PutSettings {
        index: String,
        settings: IndexSettings,
    },
    Flush {
        index: String,
    },
    ForceMerge {
        index: String,
        max_segments: usize,
    },
    Bulk {
        index: String,
        writes: Vec<Write>,
    },
    Get {
        index: String,
        id: String,
        options: GetOptions,
    },
    Scan {
        index: String,
        after: Option<String>,
        limit: usize,
    },
    Refresh {
        index: String,
    },
    Search {
        indices: Vec<String>,
        request: Box<SearchRequest>,
    },
    Check,
    Recall {
        k: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Answer {
    Done,
    Indices(Vec<IndexStatus>),
    Mapping(Mapping),
    Settings(IndexSettings),
    Bulk(BulkAnswer),
    Document(Option<Got>),
    Documents(Vec<Stored>),
    Search(SearchAnswer),
    Check(CheckReport),
    Recall(RecallReport),
    Failed(BackendError),
}

pub(super) async fn send(
    stream: &mut (impl AsyncWrite + Unpin),
    message: &impl Serialize,
) -> Result<()> {
    let bytes = postcard::to_stdvec(message)
        .map_err(|error| BackendError::internal(format!("a message cannot be written: {error}")))?;
    let length = u32::try_from(bytes.len())
        .ok()
        .filter(|length| *length <= MAX_MESSAGE_BYTES);
    let length = length.ok_or_else(|| {
        BackendError::internal(format!("a message of {} bytes is too long", bytes.len()))
    })?;
    let write = async {
        stream.write_all(&length.to_le_bytes()).await?;
        stream.write_all(&bytes).await?;
        stream.flush().await
    };
    write.await.map_err(|error: std::io::Error| broken(&error))
}

/// Reads a message; none when the other side closed the connection before it.
pub(super) async fn receive<T: DeserializeOwned>(
    stream: &mut (impl AsyncRead + Unpin),
) -> Result<Option<T>> {
    let mut length = [0; 4];
    match stream.read_exact(&mut length).await {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(broken(&error)),
    }
    let length = u32::from_le_bytes(length);
    if length > MAX_MESSAGE_BYTES {
        return Err(BackendError::lost(format!(
            "the other side speaks no protocol of ours: a message of {length} bytes"
        )));
    }
    let mut bytes = Vec::with_capacity(CHUNK_BYTES.min(length as usize));
    let read = stream.take(u64::from(length)).read_to_end(&mut bytes).await;
    let read = read.map_err(|error| broken(&error))?;
    if read != length as usize {
        return Err(BackendError::lost(
            "the connection closed in the middle of a message",
        ));
    }
    postcard::from_bytes(&bytes)
        .map(Some)
        .map_err(|error| BackendError::lost(format!("a message cannot be read: {error}")))
}

fn broken(error: &std::io::Error) -> BackendError {
    BackendError::lost(format!(
        "the connection to the data folder's holder broke: {error}"
    ))
}

//! Where the files of a network are: in a folder, or in the program.

use super::ModelError;
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The files of the network that is part of the program: `models/eidetic-mini`.
const BUILT_IN: [(&str, &[u8]); 3] = [
    (
        "model.toml",
        include_bytes!("../../../../models/eidetic-mini/model.toml"),
    ),
    (
        "model.onnx",
        include_bytes!("../../../../models/eidetic-mini/model.onnx"),
    ),
    (
        "labels.txt",
        include_bytes!("../../../../models/eidetic-mini/labels.txt"),
    ),
];

pub(super) enum Files {
    Folder(PathBuf),
    BuiltIn,
}

impl Files {
    /// Names a file, for people.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.join(name),
            Self::BuiltIn => Path::new("the built-in network").join(name),
        }
    }

    /// Reads a file of at most `limit` bytes.
    pub(super) fn read(&self, name: &str, limit: u64) -> Result<Cow<'static, [u8]>, ModelError> {
        let fail = |source| ModelError::Io {
            path: self.path(name),
            source,
        };
        let folder = match self {
            Self::Folder(folder) => folder,
            Self::BuiltIn => return built_in(name).map(Cow::Borrowed).map_err(fail),
        };
        let file = File::open(folder.join(name)).map_err(fail)?;
        let length = file.metadata().map_err(fail)?.len();
        if length > limit {
            return Err(ModelError::TooLong {
                path: self.path(name),
                bytes: length,
                limit,
            });
        }
        let mut bytes = Vec::new();
        file.take(limit).read_to_end(&mut bytes).map_err(fail)?;
        Ok(Cow::Owned(bytes))
    }

    /// Reads a file of text.
    pub(super) fn text(&self, name: &str, limit: u64) -> Result<String, ModelError> {
        let bytes = self.read(name, limit)?.into_owned();
        String::from_utf8(bytes)
            .map_err(|_| ModelError::config(&self.path(name), "it is not UTF-8"))
    }

    /// Writes a file into a folder.
    pub(super) fn copy(&self, name: &str, to: &Path) -> io::Result<()> {
        let to = to.join(name);
        match self {
            Self::Folder(folder) => fs::copy(folder.join(name), to).map(drop),
            Self::BuiltIn => fs::write(to, built_in(name)?),
        }
    }
}

fn built_in(name: &str) -> io::Result<&'static [u8]> {
    let found = BUILT_IN.iter().find(|(known, _)| *known == name);
    found
        .map(|(_, bytes)| *bytes)
        .ok_or_else(|| io::ErrorKind::NotFound.into())
}

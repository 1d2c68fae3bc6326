//! A server over a few pictures, and what it is asked.

use backends::Folder;
use catalog::{Catalog, Event, IndexOptions, Network};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::Value;
use server::{AllowedHosts, ServeOptions};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The name, besides localhost, under which the server may be asked.
pub(crate) const ALLOWED: &str = "Pictures.Example";

/// How long the server may say nothing before it is taken to hang, however slow the machine is.
const PATIENCE: Duration = Duration::from_secs(600);

pub(crate) struct Site {
    // Dropped first: the server ends before its folder goes.
    _runtime: Runtime,
    pub(crate) address: SocketAddr,
    /// The pictures' ids by their names.
    pub(crate) ids: BTreeMap<String, String>,
    temp: TempDir,
}

/// An answer, its headers in lowercase.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// A picture of one colour, in which a corner of another shows what is up.
pub(crate) fn picture(width: u32, height: u32, color: [u8; 3]) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let corner = x < width / 4 && y < height / 4;
        Rgb(if corner { [250, 250, 250] } else { color })
    })
}

pub(crate) fn encode(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::from(picture.clone())
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

/// A JPEG whose EXIF says in which orientation it is stored.
pub(crate) fn oriented_jpeg(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    let jpeg = encode(picture, ImageFormat::Jpeg);
    // One entry: tag 0x0112, a short, once.
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
}

impl Site {
    /// Serves four pictures: `red wide.png` of 1000 × 500, `red small.gif` of 64 × 48, `green.png`, and `turned.jpg`
    /// that is stored lying and stands upright at 300 × 600.
    pub(crate) fn new() -> Self {
        let files = [
            (
                "red wide.png",
                encode(&picture(1000, 500, [220, 20, 20]), ImageFormat::Png),
            ),
            (
                "red small.gif",
                encode(&picture(64, 48, [210, 30, 30]), ImageFormat::Gif),
            ),
            (
                "green.png",
                encode(&picture(200, 200, [20, 200, 20]), ImageFormat::Png),
            ),
            (
                "turned.jpg",
                oriented_jpeg(&picture(600, 300, [20, 20, 220]), 6),
            ),
        ];
        Self::with(&files)
    }

    /// Serves pictures by their names; nothing is indexed where there are none.
    pub(crate) fn with(files: &[(&str, Vec<u8>)]) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("pictures");
        std::fs::create_dir(&folder).unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
        let runtime = Runtime::new().unwrap();
        let data = temp.path().join("data");
        let indexing = !files.is_empty();
        let (address, ids) = runtime.block_on(async move {
            // A task of its own: indexing blocks the thread that it is on.
            let served = tokio::spawn(async move {
                let backend = Arc::new(Folder::open(&data).await.unwrap());
                let catalog = Arc::new(Catalog::new(backend, &data));
                let ids = if indexing {
                    index(&catalog, folder).await
                } else {
                    BTreeMap::new()
                };
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                let options = ServeOptions {
                    hosts: AllowedHosts::new([ALLOWED.to_owned()]),
                    ..ServeOptions::default()
                };
                tokio::spawn(server::serve(
                    listener,
                    catalog,
                    options,
                    std::future::pending(),
                ));
                (address, ids)
            });
            served.await.unwrap()
        });
        Self {
            _runtime: runtime,
            address,
            ids,
            temp,
        }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.temp.path().join("pictures").join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.temp.path().join("data")
    }

    /// The address of a picture's document.
    pub(crate) fn at(&self, name: &str) -> String {
        format!("/_images/pictures/{}", self.ids[name])
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &[], b"")
    }

    pub(crate) fn post(&self, target: &str, media: &str, body: &[u8]) -> Answer {
        self.ask("POST", target, &[("content-type", media)], body)
    }

    /// Asks with the server's own address as the host, unless the headers say another.
    pub(crate) fn ask(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut head = format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "host") {
            head.push_str(&format!("host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        self.say(&[head.as_bytes(), b"\r\n", body].concat())
    }

    /// Sends bytes and reads the answer to its end.
    pub(crate) fn say(&self, bytes: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|at| at == b"\r\n\r\n").unwrap();
        let head = std::str::from_utf8(&answer[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Answer {
            status: status.parse().unwrap(),
            headers: lines.map(header).collect(),
            body: answer[end + 4..].to_vec(),
        }
    }
}

/// Indexes the pictures; answers their ids by their names.
async fn index(catalog: &Catalog, folder: PathBuf) -> BTreeMap<String, String> {
    let stop = AtomicBool::new(false);
    let options = IndexOptions {
        index: catalog::DEFAULT_INDEX.to_owned(),
        folders: vec![folder],
        prune: false,
        threads: 2,
        decode_bytes: 1 << 30,
        stop: &stop,
    };
    let ids = Mutex::new(BTreeMap::new());
    let report = |event: Event| {
        if let Event::Indexed { path, id } = event {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            ids.lock().unwrap().insert(name, id);
        }
    };
    let summary = catalog
        .index(&options, Network::None, &report)
        .await
        .unwrap();
    assert_eq!(summary.failed, []);
    ids.into_inner().unwrap()
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body of an answer that is JSON.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json", "{self:?}");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The JSON of an answer that has to be good.
    pub(crate) fn good(&self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }

    /// Asserts that this is an error of a status and type, whose reason says some words.
    pub(crate) fn fails(&self, status: u16, kind: &str, words: &[&str]) {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        let body = self.json();
        assert_eq!(keys(&body), ["error", "status"]);
        assert_eq!(keys(&body["error"]), ["type", "reason"]);
        assert_eq!(body["status"], status);
        assert_eq!(body["error"]["type"], kind, "{body}");
        let reason = body["error"]["reason"].as_str().unwrap();
        for word in words {
            assert!(reason.contains(word), "{word:?} is not in {reason:?}");
        }
    }
}

/// The names in a JSON object, in order.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// A part of a form: its name, the name of its file, its content.
pub(crate) type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// A form with a file, and the media type that says where its parts end.
pub(crate) fn form(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "----eidetic-test";
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file
            .map(|file| format!("; filename=\"{file}\""))
            .unwrap_or_default();
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

//! Folders that several processes share; here each handle stands for a process.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use backends::{Backend, Folder};
use document::{Condition, Document, ErrorKind, FieldKind, Mapping, Operation, Vectors, Write};
use query::{Query, Retriever, SearchRequest};
use serde_json::json;
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn put(id: &str) -> Write {
    let document = Document::new(&json!({"n": 1}), Vectors::new()).unwrap();
    Write {
        id: id.to_owned(),
        operation: Operation::Index(document),
        condition: Condition::Always,
    }
}

fn everything() -> SearchRequest {
    SearchRequest::new(Retriever::Standard(Query::All))
}

async fn pair(path: &Path) -> (Folder, Folder) {
    let holder = Folder::open(path).await.unwrap();
    let client = Folder::open(path).await.unwrap();
    holder
        .create_index("a", Mapping::new().with("n", FieldKind::Long).into())
        .await
        .unwrap();
    (holder, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_and_does_what_the_holder_does() {
    let folder = tempfile::tempdir().unwrap();
    let (holder, client) = pair(folder.path()).await;
    client.bulk("a", vec![put("1"), put("2")]).await.unwrap();
    client.refresh("a").await.unwrap();
    assert_eq!(
        holder
            .search(&["a".to_owned()], everything())
            .await
            .unwrap()
            .total,
        2
    );
    let answer = client
        .search(&["a".to_owned()], everything())
        .await
        .unwrap();
    assert_eq!(
        answer,
        holder
            .search(&["a".to_owned()], everything())
            .await
            .unwrap()
    );
    assert_eq!(
        client.get("a", "1").await.unwrap(),
        holder.get("a", "1").await.unwrap()
    );
    assert_eq!(client.scan("a", Some("1"), 5).await.unwrap().len(), 1);
    assert_eq!(
        client.mapping("a").await.unwrap(),
        holder.mapping("a").await.unwrap()
    );
    assert_eq!(
        client.indices().await.unwrap(),
        holder.indices().await.unwrap()
    );
    client
        .put_mapping("a", Mapping::new().with("m", FieldKind::Long))
        .await
        .unwrap();
    assert!(holder.mapping("a").await.unwrap().get("m").is_some());
    assert_eq!(client.check().await.unwrap().problems, Vec::<String>::new());
    client
        .create_index("b", Mapping::new().into())
        .await
        .unwrap();
    client.delete_index("b").await.unwrap();
    let error = client.mapping("b").await.unwrap_err();
    assert_eq!((error.kind(), error.lost), (ErrorKind::NotFound, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_holder_goes_a_client_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let (holder, client) = pair(folder.path()).await;
    let third = Folder::open(folder.path()).await.unwrap();
    holder.bulk("a", vec![put("1")]).await.unwrap();
    holder.close().await.unwrap();
    client.bulk("a", vec![put("2")]).await.unwrap();
    third.refresh("a").await.unwrap();
    assert_eq!(
        third
            .search(&["a".to_owned()], everything())
            .await
            .unwrap()
            .total,
        2
    );
    let closed = holder.get("a", "1").await.unwrap_err();
    assert_eq!(closed.kind(), ErrorKind::Unavailable);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_calls_at_once_get_their_own_answers() {
    let folder = tempfile::tempdir().unwrap();
    let (_holder, client) = pair(folder.path()).await;
    let client = std::sync::Arc::new(client);
    let calls = (0..40).map(|n| {
        let client = client.clone();
        tokio::spawn(async move {
            let id = n.to_string();
            client.bulk("a", vec![put(&id)]).await.unwrap();
            client.get("a", &id).await.unwrap().unwrap().id
        })
    });
    for (n, call) in calls.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(call.await.unwrap(), n.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_whose_path_is_too_long_for_a_socket_works() {
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("a".repeat(120)).join("b".repeat(60));
    let (_holder, client) = pair(&long).await;
    client.bulk("a", vec![put("1")]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_speaks_no_protocol_of_ours_is_cut_off_and_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (_holder, client) = pair(folder.path()).await;
    for noise in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        &[0xff; 64],
        &[4, 0, 0, 0, 9, 9, 9, 9],
        &[],
    ] {
        let path = folder.path().join("holder.sock");
        let mut stream = tokio::net::UnixStream::connect(path).await.unwrap();
        stream.write_all(noise).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = Vec::new();
        // The connection may be reset instead of closed: both are an end.
        drop(stream.read_to_end(&mut rest).await);
    }
    client.bulk("a", vec![put("1")]).await.unwrap();
}

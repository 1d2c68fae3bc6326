use super::{Client, read_answer};

#[test]
fn answers_are_read_by_length_in_chunks_and_to_the_end() {
    let read = |text: &str| read_answer(&mut text.as_bytes(), false).unwrap();
    let by_length = read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}rest");
    assert_eq!(
        (by_length.status, by_length.body.as_slice()),
        (200, &b"{}"[..])
    );
    assert!(!by_length.closes);
    let chunked = read(
        "HTTP/1.1 404 no\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\na;x\r\n0123456789\r\n0\r\n\r\n",
    );
    assert_eq!(
        (chunked.status, chunked.body.as_slice()),
        (404, &b"abc0123456789"[..])
    );
    let to_the_end =
        read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 x\r\nconnection: close\r\n\r\nall");
    assert_eq!(
        (to_the_end.status, to_the_end.body.as_slice()),
        (500, &b"all"[..])
    );
    assert!(to_the_end.closes);
}

#[test]
fn what_is_no_answer_is_an_error() {
    for text in [
        "",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
    ] {
        assert!(
            read_answer(&mut text.as_bytes(), false).is_err(),
            "{text:?}"
        );
    }
}

#[test]
fn addresses_without_a_port_or_with_a_path_are_refused() {
    for url in [
        "https://localhost:1",
        "localhost:1",
        "http://localhost",
        "http://localhost:1/x",
    ] {
        assert!(Client::new(url).is_err(), "{url}");
    }
    assert_eq!(
        Client::new("http://localhost:1/").unwrap().host(),
        "localhost:1"
    );
}

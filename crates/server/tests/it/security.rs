//! Who may ask: not a page of another site, whatever name it gives this machine.

use crate::site::{ALLOWED, Answer, Site};

fn refused(answer: &Answer, words: &[&str]) {
    answer.fails(403, "refused", words);
}

#[test]
fn a_host_that_is_not_the_servers_is_refused() {
    let site = Site::new();
    let port = site.address.port();
    let evil = [
        "evil.example",
        &format!("evil.example:{port}"),
        "localhost.evil.example",
        "evil.example.localhost",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example:80:80",
        "pictures.example.evil.example",
        "localhost:evil.example",
        "0x7f.1",
        "",
    ];
    for host in evil {
        for target in ["/", "/_ui/main.js", "/_health", "/_similar", "/nothing"] {
            refused(
                &site.ask("GET", target, &[("host", host)], b""),
                &["--allow-host"],
            );
        }
    }
    refused(
        &site.say(b"GET /_health HTTP/1.0\r\n\r\n"),
        &["--allow-host"],
    );
}

#[test]
fn localhost_addresses_and_allowed_names_are_the_servers() {
    let site = Site::new();
    let port = site.address.port();
    let own = [
        "localhost",
        "LOCALHOST",
        &format!("localhost:{port}"),
        "127.0.0.1",
        "192.168.1.20:9200",
        "[::1]",
        &format!("[::1]:{port}"),
        "[fe80::1]:9200",
        ALLOWED,
        &ALLOWED.to_ascii_lowercase(),
        &format!("{}:8443", ALLOWED.to_ascii_uppercase()),
    ];
    for host in own {
        let answer = site.ask("GET", "/_health", &[("host", host)], b"");
        assert_eq!(answer.status, 200, "{host}: {answer:?}");
    }
}

#[test]
fn a_page_of_another_site_may_not_ask() {
    let site = Site::new();
    let own = format!("http://{}", site.address);
    let picture = std::fs::read(site.file("green.png")).unwrap();
    let ask = |method: &str, target: &str, headers: &[(&str, &str)]| {
        site.ask(
            method,
            target,
            headers,
            if method == "POST" { &picture } else { b"" },
        )
    };
    for origin in [
        "http://evil.example",
        "https://evil.example:9200",
        "null",
        "",
        "http://localhost",
        "file://",
        &format!("{own}.evil.example"),
        &format!("http://127.0.0.1:{}", site.address.port() ^ 1),
    ] {
        let origin = [("origin", origin)];
        for (method, target) in [
            ("GET", "/_similar"),
            ("POST", "/_images"),
            ("POST", "/_similar"),
            ("GET", "/"),
        ] {
            refused(&ask(method, target, &origin), &["may not use this server"]);
        }
    }
    for site_header in ["cross-site", "same-site"] {
        let no_cors = [
            ("sec-fetch-site", site_header),
            ("sec-fetch-mode", "no-cors"),
        ];
        let thumbnail = format!("{}/thumbnail", site.at("green.png"));
        refused(&ask("GET", &thumbnail, &no_cors), &["another site"]);
        refused(
            &ask("GET", "/_health", &[("sec-fetch-site", site_header)]),
            &["another site"],
        );
        let navigates = [
            ("sec-fetch-site", site_header),
            ("sec-fetch-mode", "navigate"),
        ];
        refused(&ask("POST", "/_images", &navigates), &["another site"]);
        // Following a link to the page is what a link is for.
        assert_eq!(ask("GET", "/", &navigates).status, 200);
    }
    // Nothing was uploaded by any of them.
    assert!(!site.data().join("uploads").exists());
}

#[test]
fn the_page_itself_may_ask() {
    let site = Site::new();
    let own = format!("http://{}", site.address);
    let picture = std::fs::read(site.file("green.png")).unwrap();
    let same = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
    assert_eq!(site.ask("POST", "/_images", &same, &picture).status, 201);
    assert_eq!(site.ask("GET", "/_similar", &same, b"").status, 200);
    // Typed into the address bar.
    let typed = [("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")];
    assert_eq!(site.ask("GET", "/", &typed, b"").status, 200);
    // Behind a proxy that ends TLS, under the name that is allowed.
    let proxied = [("host", ALLOWED), ("origin", &format!("https://{ALLOWED}"))];
    assert_eq!(site.ask("GET", "/_similar", &proxied, b"").status, 200);
    let mixed = [("host", ALLOWED), ("origin", own.as_str())];
    refused(&site.ask("GET", "/_similar", &mixed, b""), &["may not use"]);
}

#[test]
fn every_answer_tells_browsers_to_load_nothing_from_elsewhere() {
    let site = Site::new();
    let page = [("accept", "text/html")];
    let evil = [("host", "evil.example")];
    let document = site.at("green.png");
    let answers = [
        site.ask("GET", "/", &page, b""),
        site.get("/_ui/main.js"),
        site.get("/_health"),
        site.get(&document),
        site.get(&format!("{document}/thumbnail")),
        site.get(&format!("{document}/original")),
        site.get("/nothing"),
        site.get("/_similar?size=many"),
        site.ask("DELETE", "/_health", &[], b""),
        site.ask("GET", "/", &evil, b""),
    ];
    for answer in answers {
        let policy = answer.header("content-security-policy");
        for rule in [
            "default-src 'self'",
            "img-src 'self' blob: data:",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(rule), "{answer:?}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        // No other origin is ever allowed to read an answer.
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
    let preflight = [
        ("origin", "http://evil.example"),
        ("access-control-request-method", "POST"),
    ];
    refused(
        &site.ask("OPTIONS", "/_images", &preflight, b""),
        &["may not use"],
    );
}

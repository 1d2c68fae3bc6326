use super::*;
use proptest::prelude::*;
use serde_json::Value;

fn write(node: &Node<'_>) -> String {
    let mut writer = JsonWriter::new();
    writer.node(node);
    String::from_utf8(writer.finish()).unwrap()
}

#[test]
fn numbers_are_printed_as_java_prints_them() {
    for (value, text) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (0.1, "0.1"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (0.000_123, "1.23E-4"),
        (9_999_999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (-1.5e10, "-1.5E10"),
        (1e300, "1.0E300"),
        (f64::INFINITY, "Infinity"),
        (f64::NAN, "NaN"),
    ] {
        assert_eq!(double_text(value), text);
    }
    assert_eq!(float_text(0.1), "0.1");
    assert_eq!(float_text(0.499_176_26), "0.49917626");
    for (json, text) in [
        ("1.50", "1.5"),
        ("1e3", "1000.0"),
        ("1", "1"),
        (
            "123456789012345678901234567890",
            "123456789012345678901234567890",
        ),
    ] {
        let node = parse(json.as_bytes()).unwrap().unwrap();
        assert_eq!(node.value_text().unwrap(), text);
    }
}

#[test]
fn every_value_has_its_place() {
    let node = parse(b"\n{\"query\":\n  {\"foo\": [1, {}]}}")
        .unwrap()
        .unwrap();
    assert_eq!((node.at, node.end), ((2, 1), (3, 19)));
    let query = &node.members().unwrap()[0];
    assert_eq!((query.at, query.value.at), ((2, 2), (3, 3)));
    let foo = &query.value.members().unwrap()[0].value;
    assert_eq!((foo.at, foo.end), ((3, 11), (3, 17)));
}

#[test]
fn what_is_no_json_is_said_as_elasticsearch_says_it() {
    let check = |text: &str, reason: &str| {
        let failure = parse(text.as_bytes()).unwrap_err();
        let said = failure.reason.split('\n').next().unwrap();
        assert_eq!(said, reason, "{text}");
    };
    let was =
        "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    check("{", "[1:2] Unexpected end of file");
    check(r#"{"query":"#, "[1:10] Unexpected end of file");
    check(
        r#"{"query":{"term":{"k":"abc"#,
        "[1:27] Unexpected end of file",
    );
    check(
        r#"{"query":{"match_all":{}}} x"#,
        &format!("[1:29] Unrecognized token 'x': {was}"),
    );
    check(
        r#"{"query":{"term":{"k":tru}}}"#,
        &format!("[1:27] Unrecognized token 'tru': {was}"),
    );
    check(
        r#"{"query":{"match_all":{}}}{"#,
        "Unexpected token [START_OBJECT] found after the main object.",
    );
    check(
        r#"{"query":{"match_all":{}},}"#,
        "[1:27] Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
    );
    check(
        "{'query':1}",
        "[1:2] Unexpected character (''' (code 39)): was expecting double-quote to start field name",
    );
    check(
        r#"{"query":{"term":{"k":01}}}"#,
        "[1:24] Invalid numeric value: Leading zeroes not allowed",
    );
    check(
        r#"{"query":{"term":{"k":1.}}}"#,
        "[1:25] Unexpected character ('}' (code 125)) in numeric value: Decimal point not followed by a digit",
    );
    check(
        r#"{"query":{"term":{"k":-}}}"#,
        "[1:24] Unexpected character ('}' (code 125)) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value",
    );
    check(
        "{\"query\":{\"term\":{\"k\":\"a\nb\"}}}",
        "[1:25] Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value",
    );
    check(
        r#"{"query":{"term":{"k":"\x"}}}"#,
        "[1:25] Unrecognized character escape 'x' (code 120)",
    );
    check(
        r#"{"query" {"term":1}}"#,
        "[1:10] Unexpected character ('{' (code 123)): was expecting a colon to separate field name and value",
    );
    check(
        r#"{"query":{"match_all":{}},"size":1,"size":2}"#,
        "[1:42] Duplicate field 'size'",
    );
    let failure = parse(b"{\"query\":{\"term\":{\"k\":\"\xff\"}}}").unwrap_err();
    assert!(
        failure
            .reason
            .starts_with("[1:25] Invalid UTF-8 start byte 0xff"),
        "{failure}"
    );
    let long = format!("{{\"a\":\"{}\",\"a\":1}}", "x".repeat(600));
    let failure = parse(long.as_bytes()).unwrap_err();
    assert!(
        failure
            .reason
            .ends_with("\"[truncated 114 bytes]; line: 1, column: 612]"),
        "{failure}"
    );
    assert!(parse(" \n ".as_bytes()).unwrap().is_none());
}

#[test]
fn depth_and_length_of_numbers_are_bounded() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse(nested(1000).as_bytes()).is_ok());
    assert!(parse(nested(1001).as_bytes()).is_err());
    assert!(parse("[".repeat(2_000_000).as_bytes()).is_err());
    assert!(parse("1".repeat(1000).as_bytes()).is_ok());
    assert!(parse("1".repeat(1001).as_bytes()).is_err());
}

#[test]
fn many_members_are_searched_for_doubles_as_well() {
    let many = |last: &str| {
        let names: Vec<String> = (0..50).map(|n| format!("\"a{n}\":{n}")).collect();
        format!("{{{},\"{last}\":1}}", names.join(","))
    };
    assert!(parse(many("b").as_bytes()).is_ok());
    assert!(parse(many("a49").as_bytes()).is_err());
    assert!(parse(many("a3").as_bytes()).is_err());
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn what_serde_writes_is_read_and_written_alike(value in json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let node = parse(text.as_bytes()).unwrap().unwrap();
        prop_assert_eq!(&node.to_value(), &value);
        let written = write(&node);
        prop_assert_eq!(parse(written.as_bytes()).unwrap().unwrap().to_value(), value);
        prop_assert!(serde_json::from_str::<Value>(&written).is_ok());
    }

    #[test]
    fn what_serde_refuses_is_refused(value in json(), cut in 0.0..1.0_f64, byte: u8, flip: bool) {
        let mut text = serde_json::to_vec(&value).unwrap();
        let place = ((text.len() as f64) * cut) as usize;
        if flip { text[place] = byte; } else { text.truncate(place); }
        let serde = serde_json::from_slice::<Value>(&text);
        match parse(&text) {
            Ok(Some(_)) => {
                // Numbers past 64 bits are all that is read here and refused there.
                let fine = serde.map_or_else(|error| error.to_string().contains("out of range"), |_| true);
                prop_assert!(fine);
            }
            Ok(None) => prop_assert!(text.iter().all(u8::is_ascii_whitespace)),
            Err(failure) => {
                let stricter = ["Duplicate field", "Document nesting"];
                let reason = &failure.reason;
                prop_assert!(serde.is_err() || stricter.iter().any(|part| reason.contains(part)), "{}", reason);
            }
        }
    }
}

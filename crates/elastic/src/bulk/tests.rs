use super::*;

fn to_a() -> BulkDefaults {
    BulkDefaults {
        index: Some("a".to_owned()),
        ..BulkDefaults::default()
    }
}

fn parse(body: &str) -> Result<Vec<BulkItem>, Failure> {
    parse_bulk(body.as_bytes(), &to_a()).map(|bulk| bulk.items)
}

#[test]
fn every_action_is_read() {
    let items = parse(
        "{\"index\":{\"_id\":1}}\n{\"x\": 1}\n\n{\"create\":{\"_index\":\"b\"}}\n{}\r\n\
         {\"update\":{\"_id\":\"u\",\"if_seq_no\":4,\"if_primary_term\":1}}\n{\"doc\":{\"x\":2},\"doc_as_upsert\":true}\n\
         {\"delete\":{\"_id\":\"d\"}}\n\
         {\"index\":{\"_id\":\"e\",\"version\":3,\"version_type\":\"external\"}}\n{\"broken\n",
    )
    .unwrap();
    let shapes: Vec<_> = items
        .iter()
        .map(|item| (item.action.name(), item.index.as_str(), item.id.as_deref()))
        .collect();
    assert_eq!(
        shapes,
        [
            ("index", "a", Some("1")),
            ("create", "b", None),
            ("update", "a", Some("u")),
            ("delete", "a", Some("d")),
            ("index", "a", Some("e")),
        ]
    );
    let Ok((Operation::Index(document), Condition::Always)) = &items[0].write else {
        panic!("{:?}", items[0].write)
    };
    assert_eq!(document.source, b"{\"x\": 1}");
    assert!(
        matches!(&items[1].write, Ok((Operation::Index(document), Condition::Absent)) if document.source == b"{}")
    );
    let Ok((Operation::Update(update), condition)) = &items[2].write else {
        panic!("{:?}", items[2].write)
    };
    assert_eq!(update.partial, b"{\"x\":2}");
    assert!(update.partial_as_upsert);
    assert_eq!(
        *condition,
        Condition::SeqNo {
            seq_no: 4,
            primary_term: 1
        }
    );
    assert!(matches!(
        items[3].write,
        Ok((Operation::Delete, Condition::Always))
    ));
    let external = Condition::External {
        version: 3,
        or_equal: false,
    };
    assert!(matches!(&items[4].write, Ok((_, condition)) if *condition == external));
}

#[test]
fn a_line_that_is_no_action_is_named() {
    let check = |body: &str, reason: &str| {
        assert_eq!(parse(body).unwrap_err().reason, reason, "{body}");
    };
    check(
        "{\"index\":{}}\n{}",
        "The bulk request must be terminated by a newline [\\n]",
    );
    check("", "request body is required");
    check("\n", "Validation Failed: 1: no requests added;");
    check(
        "{\"index\":{}}\n",
        "Validation Failed: 1: no requests added;",
    );
    check(
        "{\"foo\":{}}\n{}\n",
        "Malformed action/metadata line [1], expected field [create], [delete], [index] or [update] but found [foo]",
    );
    check(
        "{\"index\":{}}\n{}\n[]\n",
        "Malformed action/metadata line [3], expected START_OBJECT but found [START_ARRAY]",
    );
    check(
        "{}\n{}\n",
        "Malformed action/metadata line [1], expected FIELD_NAME but found [END_OBJECT]",
    );
    check(
        "{\"index\":\"x\"}\n{}\n",
        "Malformed action/metadata line [1], expected START_OBJECT or END_OBJECT but found [VALUE_STRING]",
    );
    check(
        "{\"index\":{\"foo\":1}}\n{}\n",
        "Action/metadata line [1] contains an unknown parameter [foo]",
    );
    check("{\"delete\":{}}\n", "Validation Failed: 1: id is missing;");
    check(
        "{\"index\":{\"if_seq_no\":0}}\n{}\n",
        "Validation Failed: 1: ifSeqNo is set, but primary term is [0];",
    );
    check(
        "{\"update\":{\"_id\":\"1\"}}\n{\"foo\":1}\n",
        "[1:2] [UpdateRequest] unknown field [foo]",
    );
    check(
        "{\"update\":{}}\n{\"doc\":{}}\n",
        "Validation Failed: 1: id is missing;",
    );
    check(
        "{\"index\":{\"version\":\"x\"}}\n{}\n",
        "For input string: \"x\"",
    );
    check(
        "{\"index\":{\"version_type\":\"x\"}}\n{}\n",
        "No version type match [x]",
    );
    let long = "x".repeat(513);
    let failure = parse(&format!("{{\"index\":{{\"_id\":\"{long}\"}}}}\n{{}}\n")).unwrap_err();
    assert!(
        failure
            .reason
            .contains("no longer than 512 bytes but was: 513;")
    );
}

#[test]
fn what_follows_an_action_is_let_pass_or_refused_as_elasticsearch_does() {
    let warned = |line: &str| {
        let body = format!("{line}\n{{}}\n");
        parse_bulk(body.as_bytes(), &to_a()).map(|bulk| (bulk.items.len(), bulk.warnings))
    };
    assert_eq!(warned("{\"index\":{}}"), Ok((1, vec![])));
    assert_eq!(warned("{\"index\":{}"), Ok((1, vec![UNCLOSED])));
    assert_eq!(warned("{\"index\":{},\"x\":1}"), Ok((1, vec![SEVERAL])));
    assert_eq!(warned("{\"index\":{}} {}"), Ok((1, vec![TRAILING])));
    let check = |line: &str, reason: &str| {
        let failure = warned(line).unwrap_err();
        assert!(failure.reason.starts_with(reason), "{line}: {failure}");
    };
    check(
        "{\"index\":{\"_id\":\"1\"}}}",
        "[1:22] Unexpected close marker '}': expected ']'",
    );
    check("{\"index\":{}} x", "[1:15] Unrecognized token 'x'");
    check("{\"index\":", "[1:10] Unexpected end of file");
    check("x", "[1:2] Unrecognized token 'x'");
    check(
        "{\"index\":{\"_id\":\"1\",\"_id\":\"2\"}}",
        "[1:26] Duplicate field '_id'",
    );
}

#[test]
fn items_take_what_the_address_says_unless_they_say_it() {
    let defaults = BulkDefaults {
        routing: Some("r".to_owned()),
        require_alias: true,
        ..to_a()
    };
    let body = b"{\"index\":{\"require_alias\":false}}\n{}\n{\"index\":{\"require_alias\":false,\"routing\":5}}\n{}\n{\"index\":{}}\n{}\n";
    let items = parse_bulk(body, &defaults).unwrap().items;
    let routing = |item: &BulkItem| match &item.write {
        Ok((Operation::Index(document), _)) => document.routing.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(routing(&items[0]).as_deref(), Some("r"));
    assert_eq!(routing(&items[1]).as_deref(), Some("5"));
    let failure = items[2].write.clone().unwrap_err();
    assert_eq!(failure.cause, Cause::NoAlias);
    assert!(failure.reason.contains("[a] is not an alias"));
}

#[test]
fn types_are_named_by_old_clients_alone() {
    let body = b"{\"index\":{\"_type\":\"_doc\"}}\n{}\n";
    assert!(parse_bulk(body, &to_a()).is_err());
    let old = BulkDefaults {
        typed: true,
        ..to_a()
    };
    let bulk = parse_bulk(body, &old).unwrap();
    assert_eq!((bulk.items.len(), bulk.warnings), (1, vec![TYPES]));
}

use super::*;

fn parse(body: &str) -> Result<Vec<BulkItem>, Failure> {
    parse_bulk(body.as_bytes(), Some("a"), false, None)
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
}

#[test]
fn types_are_named_by_old_clients_alone() {
    let body = b"{\"index\":{\"_type\":\"_doc\"}}\n{}\n";
    assert!(parse_bulk(body, Some("a"), false, None).is_err());
    assert_eq!(parse_bulk(body, Some("a"), true, None).unwrap().len(), 1);
}

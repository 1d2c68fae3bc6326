use super::*;
use serde_json::json;

const DOCUMENT: &str = r#"{"a":1,"o":{"x":1,"y":{"z":2,"w":3}},"l":[{"x":1,"y":2},{"y":3},5],"e":{},"el":[],"d.o.t":7,"d":{"t":8},"n":null,"num":1e10}"#;

fn check(filter: Value, expected: &str) {
    let filter = SourceFilter::parse(&filter).unwrap();
    let left = filter.apply_text(DOCUMENT.as_bytes()).unwrap();
    assert_eq!(String::from_utf8_lossy(&left), expected, "{filter:?}");
}

/// What Elasticsearch 8.19 leaves of the same document.
#[test]
fn what_is_included_is_left() {
    check(json!(["a"]), r#"{"a":1}"#);
    check(json!("o"), r#"{"o":{"x":1,"y":{"z":2,"w":3}}}"#);
    check(json!("o.*"), r#"{"o":{"x":1,"y":{"z":2,"w":3}}}"#);
    check(json!("o.y.z"), r#"{"o":{"y":{"z":2}}}"#);
    check(json!("*.z"), "{}");
    check(json!("*z"), "{}");
    check(json!("**.z"), r#"{"o":{"y":{"z":2}}}"#);
    check(json!("o.*.z"), r#"{"o":{"y":{"z":2}}}"#);
    check(
        json!("*.y"),
        r#"{"o":{"y":{"z":2,"w":3}},"l":[{"y":2},{"y":3}]}"#,
    );
    check(
        json!("*.*"),
        r#"{"o":{"x":1,"y":{"z":2,"w":3}},"l":[{"x":1,"y":2},{"y":3}],"d.o.t":7,"d":{"t":8}}"#,
    );
    check(json!("l.x"), r#"{"l":[{"x":1}]}"#);
    check(json!("l"), r#"{"l":[{"x":1,"y":2},{"y":3},5]}"#);
    check(json!("l.q"), "{}");
    check(json!("e"), r#"{"e":{}}"#);
    check(json!("e.x"), "{}");
    check(json!("el"), r#"{"el":[]}"#);
    check(json!("d.t"), r#"{"d":{"t":8}}"#);
    check(json!("d.o"), r#"{"d.o.t":7}"#);
    check(json!("d"), r#"{"d.o.t":7,"d":{"t":8}}"#);
    check(
        json!({"includes": ["n", "num"]}),
        r#"{"n":null,"num":1e10}"#,
    );
    check(json!(""), "{}");
    check(json!("a,o"), "{}");
    check(json!([]), DOCUMENT);
    check(json!({}), DOCUMENT);
    check(json!({"includes": "*"}), DOCUMENT);
}

#[test]
fn what_is_excluded_is_left_out() {
    let rest = r#","e":{},"el":[],"d.o.t":7,"d":{"t":8},"n":null,"num":1e10}"#;
    let lists = r#""l":[{"x":1,"y":2},{"y":3},5]"#;
    check(
        json!({"excludes": ["o.y"]}),
        &format!(r#"{{"a":1,"o":{{"x":1}},{lists}{rest}"#),
    );
    check(
        json!({"excludes": ["o.x", "o.y"]}),
        &format!(r#"{{"a":1,{lists}{rest}"#),
    );
    let y_left_empty = format!(r#"{{"a":1,"o":{{"x":1,"y":{{}}}},{lists}{rest}"#);
    check(json!({"excludes": "o.y.*"}), &y_left_empty);
    check(
        json!({"excludes": ["*.x"]}),
        &format!(r#"{{"a":1,"o":{{"y":{{"z":2,"w":3}}}},"l":[{{"y":2}},{{"y":3}},5]{rest}"#),
    );
    let only_scalar = format!(r#"{{"a":1,"o":{{"x":1,"y":{{"z":2,"w":3}}}},"l":[5]{rest}"#);
    check(json!({"excludes": ["l.x", "l.y"]}), &only_scalar);
    check(json!({"excludes": ["l.*"]}), &only_scalar);
    check(
        json!({"excludes": "*z"}),
        &format!(r#"{{"a":1,"o":{{"x":1,"y":{{"w":3}}}},{lists}{rest}"#),
    );
    check(
        json!({"includes": "o", "excludes": "o.y"}),
        r#"{"o":{"x":1}}"#,
    );
    check(json!({"includes": "o.y", "excludes": "o"}), "{}");
    check(
        json!({"includes": "*z", "excludes": "noth*"}),
        r#"{"o":{"y":{"z":2}}}"#,
    );
    check(json!({"includes": "o.x", "excludes": "o.x*"}), "{}");
    check(
        json!({"includes": "l.x", "excludes": "noth*"}),
        r#"{"l":[{"x":1}]}"#,
    );
    check(
        json!({"includes": ["e.x", "el"], "excludes": "noth*"}),
        r#"{"el":[]}"#,
    );
    check(json!({"excludes": ["*"]}), "{}");
    check(
        json!({"excludes": ["d.o"]}),
        &DOCUMENT.replace(r#""d.o.t":7,"#, ""),
    );
}

#[test]
fn every_form_is_read_and_nonsense_is_named() {
    assert!(!SourceFilter::parse(&json!(false)).unwrap().enabled);
    assert!(SourceFilter::parse(&json!(true)).unwrap().is_all());
    let filter = SourceFilter::parse(&json!({"exclude_vectors": true, "exclude": "a"})).unwrap();
    assert!(filter.exclude_vectors);
    assert_eq!(filter.excludes, ["a"]);
    let error = SourceFilter::parse(&json!(1)).unwrap_err();
    assert!(
        error.reason.starts_with("Expected one of [VALUE_BOOLEAN"),
        "{error}"
    );
    let error = SourceFilter::parse(&json!({"foo": []})).unwrap_err();
    assert_eq!(error.reason, "Unknown key for a START_ARRAY in [foo].");
    let params = |query: &[(&str, &str)]| {
        let pairs = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        SourceFilter::of_address(&UrlParams::new("/", pairs.collect())).unwrap()
    };
    assert_eq!(params(&[]), None);
    assert!(!params(&[("_source", "false")]).unwrap().enabled);
    assert_eq!(
        params(&[("_source", "a,b.c")]).unwrap().includes,
        ["a", "b.c"]
    );
    let both = params(&[("_source", "a"), ("_source_includes", "o")]).unwrap();
    assert_eq!(both.includes, ["o"]);
    assert_eq!(
        params(&[("_source_excludes", "o")]).unwrap().excludes,
        ["o"]
    );
}

/// Each row was answered so by Elasticsearch 8.19.
#[test]
fn sources_are_cut_as_elasticsearch_cuts_them() {
    let source = json!({
        "a": 1, "ab": 2, "o": {"x": 1, "y": {"z": 2, "w": []}},
        "l": [{"x": 1, "y": 2}, {"y": 3}, [{"x": 7}]], "e": {}, "n": null, "d.ot": 3, "d": {"q": 4},
    });
    let check = |filter: Value, expected: Value| {
        let cut = SourceFilter::parse(&filter).unwrap().apply(source.clone());
        assert_eq!(cut, Some(expected), "{filter}");
    };
    let without = |name: &str, value: Option<Value>| {
        let mut rest = source.clone();
        match value {
            Some(value) => rest[name] = value,
            None => drop(rest.as_object_mut().unwrap().remove(name)),
        }
        rest
    };
    check(json!(["a"]), json!({"a": 1}));
    check(json!(["o"]), json!({"o": {"x": 1, "y": {"z": 2, "w": []}}}));
    check(json!("o.x"), json!({"o": {"x": 1}}));
    check(json!(["o.q"]), json!({}));
    check(json!(["l.x"]), json!({"l": [{"x": 1}, [{"x": 7}]]}));
    check(
        json!(["*.x"]),
        json!({"o": {"x": 1}, "l": [{"x": 1}, [{"x": 7}]]}),
    );
    check(
        json!(["o.*"]),
        json!({"o": {"x": 1, "y": {"z": 2, "w": []}}}),
    );
    check(json!(["e"]), json!({"e": {}}));
    check(json!(["n"]), json!({"n": null}));
    check(json!(["d.ot"]), json!({"d.ot": 3}));
    check(json!(["d.*"]), json!({"d.ot": 3, "d": {"q": 4}}));
    check(json!(["a*"]), json!({"a": 1, "ab": 2}));
    check(json!({"excludes": ["o.*"]}), without("o", Some(json!({}))));
    check(
        json!({"excludes": ["o.x"]}),
        without("o", Some(json!({"y": {"z": 2, "w": []}}))),
    );
    check(
        json!({"excludes": ["l.x"]}),
        without("l", Some(json!([{"y": 2}, {"y": 3}]))),
    );
    check(json!({"excludes": ["l.x", "l.y"]}), without("l", None));
    check(
        json!({"includes": ["o"], "excludes": ["o.y"]}),
        json!({"o": {"x": 1}}),
    );
    check(json!({"includes": []}), source.clone());
    assert_eq!(SourceFilter::nothing().apply(source.clone()), None);
    assert!(SourceFilter::parse(&json!(5)).is_err());
    assert!(SourceFilter::parse(&json!({"foo": 1})).is_err());
}

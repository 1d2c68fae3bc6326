use super::*;
use document::{
    Analyzer, Cause, Dynamic, ElementType, FieldKind, FieldMapping, FieldOptions, Json, Limits,
    ObjectMapping, Similarity, VectorField,
};
use serde_json::{Value, json};

fn with(kind: FieldKind, change: impl FnOnce(&mut FieldOptions)) -> FieldMapping {
    let mut field = FieldMapping::from(kind);
    change(&mut field.options);
    field
}

fn vector(dims: u32, similarity: Similarity, element: ElementType) -> FieldKind {
    FieldKind::DenseVector(VectorField {
        element,
        ..VectorField::new(dims, similarity)
    })
}

fn nested() -> ObjectMapping {
    ObjectMapping {
        nested: true,
        ..ObjectMapping::default()
    }
}

fn mapping() -> Mapping {
    let text = FieldMapping::from(FieldKind::Text(Analyzer::Standard)).with(
        "keyword",
        FieldKind::Keyword {
            ignore_above: Some(5),
        },
    );
    let float = ElementType::Float;
    let mut mapping = Mapping::new()
        .with("t", text)
        .with("k", FieldKind::KEYWORD)
        .with("i", FieldKind::Integer)
        .with("l", FieldKind::Long)
        .with("u", FieldKind::UnsignedLong)
        .with("f", FieldKind::Float)
        .with("b", FieldKind::Boolean)
        .with("d", FieldKind::Date)
        .with(
            "dc",
            with(FieldKind::Date, |o| {
                o.format = Some("yyyy/MM/dd".to_owned())
            }),
        )
        .with("g", FieldKind::GeoPoint)
        .with("bin", FieldKind::Binary)
        .with("v", vector(3, Similarity::Cosine, float))
        .with("vd", vector(3, Similarity::DotProduct, float))
        .with("vb", vector(3, Similarity::Cosine, ElementType::Byte))
        .with("o.x", FieldKind::Long)
        .with("n.x", FieldKind::Long)
        .with("n.m.y", FieldKind::Long)
        .with(
            "z",
            with(FieldKind::Integer, |o| o.null_value = Some(Json(json!(7)))),
        )
        .with(
            "im",
            with(FieldKind::Integer, |o| o.ignore_malformed = true),
        )
        .with(
            "from",
            with(FieldKind::KEYWORD, |o| {
                o.copy_to = vec!["t".to_owned(), "into".to_owned(), "fresh.x".to_owned()];
            }),
        )
        .with("into", FieldKind::Long);
    mapping.insert_object("n", nested()).unwrap();
    mapping.insert_object("n.m", nested()).unwrap();
    let off = ObjectMapping {
        enabled: false,
        ..ObjectMapping::default()
    };
    mapping.insert_object("off", off).unwrap();
    mapping
}

fn taken(mapping: &Mapping, source: &str) -> Result<Taken, Failure> {
    let document = Document {
        source: source.as_bytes().to_vec(),
        ..Document::default()
    };
    take(&Plan::new(mapping, Limits::default()), "1", &document)
}

fn whole(source: &str) -> Prepared {
    match taken(&mapping(), source) {
        Ok(Taken::Whole(prepared)) => prepared,
        Ok(Taken::Grows(added)) => panic!("{source} adds {added:?}"),
        Err(failure) => panic!("{source}: {failure}"),
    }
}

fn values<'a>(part: &'a Part, path: &str) -> Option<&'a FieldValues> {
    let mut fits = part.values.iter().filter(|(leaf, _)| leaf.path == path);
    fits.next().map(|(_, values)| values)
}

#[test]
fn values_are_read_as_the_mapping_says() {
    let check = |source: &str, path: &str, expected: FieldValues| {
        let prepared = whole(source);
        let part = prepared.parts.last().unwrap();
        assert_eq!(values(part, path), Some(&expected), "{source}");
    };
    let strings =
        |values: &[&str]| FieldValues::Strings(values.iter().map(|s| (*s).into()).collect());
    check(
        r#"{"t": ["a b", null, 5, 1.0, true]}"#,
        "t",
        strings(&["a b", "5", "1.0", "true"]),
    );
    check(
        r#"{"t": ["longer", "short"]}"#,
        "t.keyword",
        strings(&["short"]),
    );
    // Lucene keeps a sorted set.
    check(
        r#"{"k": ["b", "a", "b", ["c"]]}"#,
        "k",
        strings(&["a", "b", "c"]),
    );
    check(
        r#"{"i": [5, "2", 3.9, [-4], ""]}"#,
        "i",
        FieldValues::Longs(vec![-4, 2, 3, 5]),
    );
    check(
        r#"{"u": 18446744073709551615}"#,
        "u",
        FieldValues::Unsigned(vec![u64::MAX]),
    );
    check(
        r#"{"f": ["0.1", 2]}"#,
        "f",
        FieldValues::Doubles(vec![f64::from(0.1_f32), 2.0]),
    );
    check(
        r#"{"b": ["true", false, ""]}"#,
        "b",
        FieldValues::Booleans(vec![false, false, true]),
    );
    check(
        r#"{"d": ["1970-01-01T00:00:01Z", 5]}"#,
        "d",
        FieldValues::Longs(vec![5, 1000]),
    );
    check(
        r#"{"dc": "1970/01/02"}"#,
        "dc",
        FieldValues::Longs(vec![86_400_000]),
    );
    check(
        r#"{"g": [{"lat": 3, "lon": 4}, "1,2", [6, 5], null]}"#,
        "g",
        FieldValues::Points(vec![(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)]),
    );
    check(
        r#"{"g": [6, 5]}"#,
        "g",
        FieldValues::Points(vec![(5.0, 6.0)]),
    );
    check(
        r#"{"g": ["6", "5"]}"#,
        "g",
        FieldValues::Points(vec![(5.0, 6.0)]),
    );
    check(r#"{"z": [null, 1]}"#, "z", FieldValues::Longs(vec![1, 7]));
    for source in [
        r#"{"o": {"x": 1}}"#,
        r#"{"o.x": 1}"#,
        r#"{"o": [[{"x": [1]}]]}"#,
        r#"{"o.x.": 1}"#,
    ] {
        check(source, "o.x", FieldValues::Longs(vec![1]));
    }
    check(
        r#"{"o": [{"x": 2}, {"x": 1}]}"#,
        "o.x",
        FieldValues::Longs(vec![1, 2]),
    );
}

#[test]
fn what_is_left_out_is_noted() {
    let prepared = whole(r#"{"im": ["x", 5], "t": "longer"}"#);
    let part = prepared.parts.last().unwrap();
    assert_eq!(values(part, "im"), Some(&FieldValues::Longs(vec![5])));
    let ignored: Vec<&String> = part.ignored.iter().collect();
    assert_eq!(ignored, ["im", "t.keyword"]);
}

/// The reasons that Elasticsearch 8.19 gives, word for word.
#[test]
fn what_does_not_fit_is_refused_in_the_words_of_elasticsearch() {
    let field = |place: &str, path: &str, kind: &str, value: &str| {
        format!(
            "[{place}] failed to parse field [{path}] of type [{kind}] in document with id '1'. Preview of field's value: '{value}'"
        )
    };
    let number = "Cannot parse object as number";
    let text = |place: &str| format!("Expected text at {place} but found START_OBJECT");
    let dims = "The [dense_vector] field [v] in doc [document with id '1'] has";
    let token = "Failed to parse object: expecting token of type [VALUE_NUMBER] but found";
    for (source, reason, cause) in [
        (r#"{"i":"abc"}"#, field("1:6", "i", "integer", "abc"), "For input string: \"abc\"".to_owned()),
        (r#"{"l":1e20}"#, field("1:6", "l", "long", "1.0E20"), "Numeric value (1e20) out of range of long (-9223372036854775808 - 9223372036854775807)".into()),
        (r#"{"i":{"a":1}}"#, field("1:12", "i", "integer", "{a=1}"), number.into()),
        (r#"{"i":[1,[2,"x"]]}"#, field("1:12", "i", "integer", "x"), "For input string: \"x\"".into()),
        (r#"{"i.z":1}"#, field("1:8", "i", "integer", "{z=1}"), number.into()),
        (r#"{"b":"yes"}"#, field("1:6", "b", "boolean", "yes"), "Failed to parse value [yes] as only [true] or [false] are allowed.".into()),
        (r#"{"b":1}"#, field("1:6", "b", "boolean", "1"), "Current token (VALUE_NUMBER_INT) not of boolean type".into()),
        (r#"{"d":"abc"}"#, field("1:6", "d", "date", "abc"), "failed to parse date field [abc] with format [strict_date_optional_time||epoch_millis]".into()),
        (r#"{"d":""}"#, field("1:6", "d", "date", ""), "cannot parse empty datetime".into()),
        (r#"{"d":{}}"#, field("1:7", "d", "date", "{}"), text("1:6")),
        (r#"{"k":{"a":1}}"#, field("1:12", "k", "keyword", "{a=1}"), text("1:6")),
        (r#"{"g":"abc"}"#, "[1:6] failed to parse field [g] of type [geo_point]".into(), "unsupported symbol [a] in geohash [abc]".into()),
        (r#"{"g":{"lat":91,"lon":0}}"#, "[1:23] failed to parse field [g] of type [geo_point]".into(), "illegal latitude value [91.0] for g".into()),
        (r#"{"g":[200,2]}"#, "[1:12] failed to parse: illegal longitude value [200.0] for g".into(), "illegal longitude value [200.0] for g".into()),
        (r#"{"v":[1,2]}"#, format!("[1:10] failed to parse: {dims} a different number of dimensions [2] than defined in the mapping [3]"), format!("{dims} a different number of dimensions [2] than defined in the mapping [3]")),
        (r#"{"v":[1,2,3,4]}"#, format!("[1:13] failed to parse: {dims} more dimensions than defined in the mapping [3]"), format!("{dims} more dimensions than defined in the mapping [3]")),
        (r#"{"v":["1",2,3]}"#, format!("[1:7] failed to parse: {token} [VALUE_STRING]"), format!("{token} [VALUE_STRING]")),
        (r#"{"v":[[1,2,3]]}"#, format!("[1:7] failed to parse: {token} [START_ARRAY]"), format!("{token} [START_ARRAY]")),
        (r#"{"v":5}"#, format!("[1:7] failed to parse: {token} [END_OBJECT]"), format!("{token} [END_OBJECT]")),
        (r#"{"v":true, "k":1}"#, format!("[1:10] failed to parse: {token} [FIELD_NAME]"), format!("{token} [FIELD_NAME]")),
        (r#"{"v":{"a":1}}"#, format!("[1:7] failed to parse: {token} [FIELD_NAME]"), format!("{token} [FIELD_NAME]")),
        (r#"{"v":[0,0,0]}"#, "[1:12] failed to parse: The [cosine] similarity does not support vectors with zero magnitude. Preview of invalid vector: [0.0, 0.0, 0.0]".into(), "The [cosine] similarity does not support vectors with zero magnitude. Preview of invalid vector: [0.0, 0.0, 0.0]".into()),
        (r#"{"v":[1e39,1,2]}"#, "[1:15] failed to parse: element_type [float] vectors do not support infinite values but found [Infinity] at dim [0]; Preview of invalid vector: [Infinity, 1.0, 2.0]".into(), "element_type [float] vectors do not support infinite values but found [Infinity] at dim [0]; Preview of invalid vector: [Infinity, 1.0, 2.0]".into()),
        (r#"{"vd":[1.0006,0,0]}"#, "[1:18] failed to parse: The [dot_product] similarity can only be used with unit-length vectors. Preview of invalid vector: [1.0006, 0.0, 0.0]".into(), "The [dot_product] similarity can only be used with unit-length vectors. Preview of invalid vector: [1.0006, 0.0, 0.0]".into()),
        (r#"{"vb":[1.5,2,3]}"#, "[1:8] failed to parse: element_type [byte] vectors only support non-decimal values but found decimal value [1.5] at dim [0];".into(), "element_type [byte] vectors only support non-decimal values but found decimal value [1.5] at dim [0];".into()),
        (r#"{"vb":[200,2,3]}"#, "[1:8] failed to parse: element_type [byte] vectors only support integers between [-128, 127] but found [200] at dim [0];".into(), "element_type [byte] vectors only support integers between [-128, 127] but found [200] at dim [0];".into()),
        (r#"{"vb":"01020g"}"#, "[1:7] failed to parse: not a hexadecimal digit: \"g\" = 103".into(), "not a hexadecimal digit: \"g\" = 103".into()),
        (r#"{"vb":[0,0,0]}"#, "[1:13] failed to parse: The [cosine] similarity does not support vectors with zero magnitude. Preview of invalid vector: [0, 0, 0]".into(), "The [cosine] similarity does not support vectors with zero magnitude. Preview of invalid vector: [0, 0, 0]".into()),
        (r#"{"n":5}"#, "[1:6] object mapping for [n] tried to parse field [n] as object, but found a concrete value".into(), String::new()),
        (r#"{"o":[5]}"#, "[1:7] object mapping for [o] tried to parse field [null] as object, but found a concrete value".into(), String::new()),
        (r#"{"n":{"x":"a"}}"#, field("1:11", "n.x", "long", "a"), "For input string: \"a\"".into()),
        (r#"{"":1}"#, "[1:2] failed to parse: field name cannot be an empty string".into(), "field name cannot be an empty string".into()),
        (r#"{" ":1}"#, "[1:2] Field name cannot contain only whitespace: [ ]".into(), String::new()),
        (r#"{"a..b":1}"#, "[1:2] failed to parse: field name cannot contain only whitespace: ['a..b']".into(), "field name cannot contain only whitespace: ['a..b']".into()),
        (r#"{"_id":"1"}"#, field("1:8", "_id", "_id", "1"), "[1:8] Field [_id] is a metadata field and cannot be added inside a document. Use the index API request parameters.".into()),
        ("[1]", "Malformed content, must start with an object".into(), String::new()),
        ("", "Malformed content, must start with an object".into(), String::new()),
        (r#"{"k":1"#, "[1:7] failed to parse: [1:7] Unexpected end of file".into(), "[1:7] Unexpected end of file".into()),
        (r#"{"k":1,"#, "[1:8] failed to parse: [1:8] Unexpected end-of-input within/between Object entries".into(), "[1:8] Unexpected end-of-input within/between Object entries".into()),
        (r#"{"i":1,"i":2}"#, "[1:8] failed to parse: [1:11] Duplicate field 'i'".into(), "[1:11] Duplicate field 'i'".into()),
        ("{\"k\":\n\"\\x\"}", "[2:1] failed to parse: [2:1] Unrecognized character escape".into(), "[2:1] Unrecognized character escape".into()),
    ] {
        let failure = match taken(&mapping(), source) {
            Err(failure) => failure,
            Ok(_) => panic!("{source} was accepted"),
        };
        assert_eq!(failure.cause, Cause::DocumentParsing, "{source}");
        assert_eq!(failure.reason, reason, "{source}");
        let beneath = failure.caused_by.map_or(String::new(), |cause| cause.reason);
        assert_eq!(beneath, cause, "{source}");
    }
}

#[test]
fn vectors_are_read_in_every_form() {
    for (source, path, expected) in [
        (r#"{"v":[1,2.5,-3e0]}"#, "v", [1.0, 2.5, -3.0]),
        (r#"{"v":"P4AAAEAAAABAQAAA"}"#, "v", [1.0, 2.0, 3.0]),
        (r#"{"vb":"01ff7f"}"#, "vb", [1.0, -1.0, 127.0]),
        (r#"{"vb":[1.0,-128,127]}"#, "vb", [1.0, -128.0, 127.0]),
        (r#"{"vd":[1.0004,0,0]}"#, "vd", [1.0004, 0.0, 0.0]),
    ] {
        let prepared = whole(source);
        assert_eq!(prepared.parts[0].vectors[path], expected, "{source}");
    }
    assert!(whole(r#"{"v":null}"#).parts[0].vectors.is_empty());
    let document = Document {
        source: br#"{"v": "ignored"}"#.to_vec(),
        vectors: [("v".to_owned(), vec![1.0, 2.0, 3.0])].into(),
        ..Document::default()
    };
    let plan = Plan::new(&mapping(), Limits::default());
    let Ok(Taken::Whole(prepared)) = take(&plan, "1", &document) else {
        panic!("a derived vector was refused");
    };
    assert_eq!(prepared.parts[0].vectors["v"], [1.0, 2.0, 3.0]);
    let stray = Document {
        source: b"{}".to_vec(),
        vectors: [("w".to_owned(), vec![1.0])].into(),
        ..Document::default()
    };
    let failure = take(&plan, "1", &stray).err().unwrap();
    assert!(failure.reason.contains("field w"), "{failure}");
}

#[test]
fn the_first_vector_decides_how_long_they_are() {
    let undecided = vector(0, Similarity::Cosine, ElementType::Float);
    let mut mapping = Mapping::new().with("v", undecided);
    let Ok(Taken::Grows(added)) = taken(&mapping, r#"{"v":[1,2,3]}"#) else {
        panic!("nothing was decided");
    };
    mapping.merge(added).unwrap();
    assert!(matches!(
        taken(&mapping, r#"{"v":[1,2,3]}"#),
        Ok(Taken::Whole(_))
    ));
    assert!(taken(&mapping, r#"{"v":[1,2]}"#).is_err());
}

#[test]
fn nested_objects_come_before_what_they_are_in() {
    let shown = |source: &str| -> Vec<String> {
        let prepared = whole(source);
        let show = |part: &Part| {
            let own = part
                .nested
                .as_ref()
                .map_or("itself".to_owned(), |(path, place)| {
                    format!("{path}[{place}]")
                });
            let values: Vec<String> = part
                .values
                .iter()
                .map(|(leaf, values)| format!("{} {values:?}", leaf.path))
                .collect();
            format!("{own}: {}", values.join(", "))
        };
        prepared.parts.iter().map(show).collect()
    };
    assert_eq!(
        shown(r#"{"n":[{"x":1,"m":[{"y":1},{"y":2}]},{"m":{"y":3},"x":2}],"l":9}"#),
        [
            "n.m[0]: n.m.y Longs([1])",
            "n.m[1]: n.m.y Longs([2])",
            "n[0]: n.x Longs([1])",
            "n.m[0]: n.m.y Longs([3])",
            "n[1]: n.x Longs([2])",
            "itself: l Longs([9])",
        ]
    );
    // A name with dots makes a nested object of its own.
    assert_eq!(
        shown(r#"{"n":{"x":1},"n.x":2}"#),
        ["n[0]: n.x Longs([1])", "n[1]: n.x Longs([2])", "itself: "]
    );
    assert_eq!(
        shown(r#"{"n":[[{"x":1}],[null,{}]]}"#),
        ["n[0]: n.x Longs([1])", "n[1]: ", "itself: "]
    );
}

#[test]
fn nested_fields_are_included_where_that_is_asked_for() {
    let mut mapping = Mapping::new()
        .with("n.x", FieldKind::Long)
        .with("n.m.y", FieldKind::Long);
    let included = |parent, root| ObjectMapping {
        include_in_parent: parent,
        include_in_root: root,
        ..nested()
    };
    mapping.insert_object("n", included(true, false)).unwrap();
    mapping.insert_object("n.m", included(false, true)).unwrap();
    let Ok(Taken::Whole(prepared)) = taken(&mapping, r#"{"n":{"x":1,"m":[{"y":2},{"y":3}]}}"#)
    else {
        panic!("refused");
    };
    let [_, _, n, root] = prepared.parts.as_slice() else {
        panic!("{prepared:?}");
    };
    assert_eq!(values(n, "n.m.y"), None);
    assert_eq!(values(root, "n.x"), Some(&FieldValues::Longs(vec![1])));
    assert_eq!(values(root, "n.m.y"), Some(&FieldValues::Longs(vec![2, 3])));
}

#[test]
fn nested_objects_of_a_document_are_bounded() {
    let source = format!("{{\"n\":[{}{{}}]}}", "{},".repeat(10_000));
    let failure = taken(&mapping(), &source).err().unwrap();
    assert_eq!(
        failure.reason,
        "[1:30007] The number of nested documents has exceeded the allowed limit of [10000]. This limit can be set by changing the [index.mapping.nested_objects.limit] index level setting."
    );
}

#[test]
fn what_was_accepted_before_is_taken_as_far_as_it_fits() {
    let plan = Plan::new(&mapping(), Limits::default());
    let source = json!({
        "i": ["x", 5], "l": {"a": 1}, "o": 5, "n": [{"x": 1}, 7], "v": [1], "g": "!", "new": 1,
        "i.z": 3, "vd": [5, 5, 5], "_id": "1"
    });
    let document = Document {
        source: serde_json::to_vec(&source).unwrap(),
        vectors: [("gone".to_owned(), vec![1.0])].into(),
        ..Document::default()
    };
    let prepared = retake(&plan, "1", &document).unwrap();
    let part = prepared.parts.last().unwrap();
    assert_eq!(values(part, "i"), Some(&FieldValues::Longs(vec![5])));
    assert_eq!(prepared.parts.len(), 2);
    assert!(part.vectors.is_empty());
    assert!(part.ignored.contains("l") && part.ignored.contains("v"));
}

mod growth;

#[test]
fn what_breaks_the_rules_of_json_is_told_apart() {
    let beneath = |source: &str| {
        let failure = taken(&mapping(), source).err().unwrap();
        let beneath = failure.caused_by.map(|cause| cause.cause);
        (failure.cause, beneath)
    };
    let parsing = |cause| (Cause::DocumentParsing, Some(cause));
    assert_eq!(beneath(r#"{"k":"#), parsing(Cause::ContentEnd));
    assert_eq!(beneath(r#"{"k":"x"#), parsing(Cause::ContentEnd));
    assert_eq!(beneath(r#"{"k":1,"#), parsing(Cause::ContentParsing));
    assert_eq!(beneath(r#"{"k":nope}"#), parsing(Cause::ContentParsing));
    assert_eq!(beneath(r#"{"k":1,"k":2}"#), parsing(Cause::ContentParsing));
    assert_eq!(beneath(r#"{"k":1} x"#), parsing(Cause::ContentParsing));
    assert_eq!(beneath(r#"{"k":1} {}"#), (Cause::IllegalArgument, None));
}

#[test]
fn bytes_are_kept_in_base64_alone() {
    let mapping = Mapping::new().with("b", FieldKind::Binary);
    for source in [
        r#"{"b":"QUJD"}"#,
        r#"{"b":{"data":"QUJD"}}"#,
        r#"{"b":null}"#,
    ] {
        assert!(
            matches!(taken(&mapping, source), Ok(Taken::Whole(_))),
            "{source}"
        );
    }
    for (source, token) in [
        (r#"{"b":{"x":1}}"#, "END_OBJECT"),
        (r#"{"b":{"data":5}, "c":1}"#, "FIELD_NAME"),
    ] {
        let failure = taken(&mapping, source).err().unwrap();
        let expected = format!("Malformed content, found extra data after parsing: {token}");
        assert_eq!(failure.reason, expected);
    }
}

#[test]
fn formats_of_dates_are_checked_with_their_mapping() {
    use super::check::check_dates;
    use document::{DynamicTemplate, FieldOptions, TemplateTarget, ValueKind};
    let date = |format: &str, null: Option<&str>| FieldMapping {
        options: FieldOptions {
            format: Some(format.to_owned()),
            null_value: null.map(|text| Json(text.into())),
            ..FieldOptions::default()
        },
        ..FieldKind::Date.into()
    };
    let check = |mapping: Mapping, expected: Option<&str>| {
        let found = check_dates(&mapping).err().map(|failure| {
            assert_eq!(failure.cause, Cause::MapperParsing);
            failure.reason
        });
        let expected = expected.map(|reason| format!("Failed to parse mapping: {reason}"));
        assert_eq!(found, expected);
    };
    let with = |field: FieldMapping| Mapping::new().with("o.d", field);
    check(
        with(date("yyyy-MM-dd||epoch_millis", Some("2024-02-03"))),
        None,
    );
    check(
        with(date("someday", None)),
        Some(
            "Error parsing [format] on field [d]: Invalid format: [someday]: Unknown pattern letter: o",
        ),
    );
    check(
        with(date("", None)),
        Some("Error parsing [format] on field [d]: No date pattern provided"),
    );
    check(
        with(date("yyyy||", None)),
        Some(
            "Error parsing [format] on field [d]: Cannot have empty element in multi date format pattern: yyyy||",
        ),
    );
    check(
        with(date("yyyy", Some("x"))),
        Some(
            "Error parsing [null_value] on field [d]: failed to parse date field [x] with format [yyyy]",
        ),
    );
    let mut detected = Mapping::new();
    let formats = Json(serde_json::json!(["yyyy", "someday"]));
    detected
        .top
        .insert("dynamic_date_formats".to_owned(), formats);
    check(
        detected,
        Some("Invalid format: [someday]: Unknown pattern letter: o"),
    );
    let mut template = Mapping::new();
    template.templates = Some(vec![DynamicTemplate {
        targets: [(
            ValueKind::Date,
            TemplateTarget::Field(Box::new(date("someday", None))),
        )]
        .into(),
        ..DynamicTemplate::default()
    }]);
    assert!(check_dates(&template).is_err());
}

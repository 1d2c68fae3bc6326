//! The language by example; what holds for every text is in `properties`.

mod canonical;
mod properties;

use super::{QueryString, QueryStringError};
use crate::{Bound, DateReading, MatchOptions, MatchType, Operator, Query};
use canonical::canonical;

fn parse(text: &str) -> Result<Query, QueryStringError> {
    QueryString::default().parse(text)
}

fn parse_and(text: &str) -> Result<Query, QueryStringError> {
    let reader = QueryString {
        default_operator: Operator::And,
        ..QueryString::default()
    };
    reader.parse(text)
}

/// Parses a text and compares the query's canonical form.
#[track_caller]
fn check(text: &str, expected: &str) {
    let query = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(canonical(&query), expected, "of {text}");
}

#[track_caller]
fn check_and(text: &str, expected: &str) {
    let query = parse_and(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(canonical(&query), expected, "of {text} with AND");
}

/// Parses a text that is wrong and compares the message.
#[track_caller]
fn check_error(text: &str, expected: &str) {
    let error = parse(text).expect_err(text);
    assert_eq!(
        error.to_string(),
        format!("query string: {expected}"),
        "of {text}"
    );
}

fn term(field: &str, text: &str) -> Query {
    Query::Match {
        field: field.to_owned(),
        text: text.to_owned(),
        options: MatchOptions::default(),
    }
}

#[test]
fn words_and_phrases() {
    check("quick", "quick");
    check("quick brown", "quick brown");
    check(" \t quick\n\u{3000}brown ", "quick brown");
    check("wi-fi c++ a=b a&b", r"wi\-fi c\+\+ a\=b a\&b");
    check(r#""quick brown""#, r#""quick brown""#);
    check(r#""fox quick"~5"#, r#""fox quick"~5"#);
    check(r#""say \"hi\" AND (go)""#, r#""say \"hi\" AND (go)""#);
    check(r#"a"b"c"#, r#"a "b" c"#);
    check("größe 東京 🌈", "größe 東京 \\🌈");
    check("photos/2020/a.jpg", r"photos\/2020\/a\.jpg");
}

#[test]
fn nothing_asked_matches_nothing() {
    assert_eq!(parse(""), Ok(Query::None));
    assert_eq!(parse(" \n\t"), Ok(Query::None));
    assert_eq!(parse("- "), Ok(Query::None));
    assert_eq!(parse("(+ - )"), Ok(Query::None));
}

#[test]
fn what_a_tilde_cannot_say_is_left_out() {
    check("a*~1", "a*");
    check("\"a b\"~", "\"a b\"");
    check("\"a b\"~x", "\"a b\" x");
    check("\"a b\"~2.7", "\"a b\"~2");
    check("a~b", "a~ b");
    check("a~1.0", "a~1");
    let Ok(Query::MultiMatch { kind, .. }) = parse("\"a b\"~99999999999") else {
        panic!("no phrase");
    };
    assert_eq!(kind, MatchType::Phrase { slop: u32::MAX });
}

#[test]
fn words_side_by_side_may_be_one_text() {
    let whole = |text: &str, fields: &[&str]| {
        let reader = QueryString {
            default_fields: fields.iter().map(|f| ((*f).to_owned(), 1.0)).collect(),
            default_operator: Operator::Or,
            whole_texts: true,
        };
        reader.parse(text).unwrap()
    };
    let texts = |query: &Query| -> Vec<String> {
        let text = |query: &Query| match query {
            Query::Match { text, .. } | Query::MultiMatch { text, .. } => text.clone(),
            other => format!("{other:?}"),
        };
        match query {
            Query::Bool(all) => {
                let clauses = all.must.iter().chain(&all.should).chain(&all.must_not);
                clauses.map(text).collect()
            }
            other => vec![text(other)],
        }
    };
    assert_eq!(texts(&whole("a b c", &["t"])), ["a b c"]);
    assert_eq!(texts(&whole("a b c", &["t", "u"])), ["a b c"]);
    assert_eq!(texts(&whole("a b c", &[])), ["a b c"]);
    // Beside others, one field is asked for each word, several for all of them.
    assert_eq!(texts(&whole("a b AND c", &["t"])), ["b", "c", "a"]);
    assert_eq!(texts(&whole("a b AND c", &["t", "u"])), ["a b", "c"]);
    assert_eq!(texts(&whole("t:a b c", &["t", "u"])), ["a", "b c"]);
    // What something is said of belongs to no text.
    assert_eq!(
        texts(&whole("a b -c d e", &["t", "u"])),
        ["a b", "d e", "c"]
    );
    let boosted = texts(&whole("a b^2", &["t", "u"]));
    assert_eq!((boosted.len(), boosted[0].as_str()), (2, "a"));
}

#[test]
fn fields() {
    check("title:quick", "title:quick");
    check("title : quick", "title:quick");
    check("file.name:a", r"file\.name:a");
    check(r"first\ name:Alice", r"first\ name:Alice");
    check(r#"title:"a b"~2"#, r#"title:"a b"~2"#);
    check("title:(a OR b)", "title:a title:b");
    check("title:(a body:b c) d", "(title:a body:b title:c) d");
    check("title:quick brown", "title:quick brown");
    check(
        r"book.\*:(quick OR brown)",
        r"book\.\*:quick book\.\*:brown",
    );
    check("book.*:quick", r"book\.\*:quick");
    check(r#"book.\*:"a b"~1"#, r#"book\.\*:"a b"~1"#);
    check("_exists_:title", "_exists_:title");
    check(r#"_exists_:"first name""#, r"_exists_:first\ name");
    check("_exists_:(a AND b.*)", r"+_exists_:a +_exists_:b\.\*");
    check("title:*", "_exists_:title");
    check("title:**", "_exists_:title");
    check("*:*", "*:*");
    check("*", "*:*");
    check(r"\*:quick", "quick");
    assert_eq!(parse("title:a"), Ok(term("title", "a")));
}

#[test]
fn escapes() {
    check(r"\(1\+1\)\=2", r"\(1\+1\)\=2");
    check(r"kimchy\!", r"kimchy\!");
    check(r"\AND", r"\AND");
    check(r"a\ b", r"a\ b");
    check(r"\/a\/", r"\/a\/");
    check(r"C:\\pictures", r"C:\\pictures");
    check(r"\*", r"\*");
    check(r"a\*b", r"a\*b");
    check(r"age:\>5", r"age:\>5");
    check(r"\+a \-b", r"\+a \-b");
    check(r"lon:\-5", r"lon:\-5");
}

#[test]
fn ranges() {
    check("count:[1 TO 5]", r#"count:["1" TO "5"]"#);
    check("count:{1 TO 5}", r#"count:{"1" TO "5"}"#);
    check("count:[1 TO 5}", r#"count:["1" TO "5"}"#);
    check("count:{1 TO 5]", r#"count:{"1" TO "5"]"#);
    check("count:[10 TO *]", r#"count:["10" TO *}"#);
    check("date:{* TO 2012-01-01}", r#"date:{* TO "2012-01-01"}"#);
    check(
        "date:[ 2012-01-01T12:30:00 TO now-1d/d ]",
        r#"date:["2012-01-01T12:30:00" TO "now-1d/d"]"#,
    );
    check(r#"name:["a b" TO "c] d"]"#, r#"name:["a b" TO "c] d"]"#);
    check(r#"name:["*" TO \*]"#, r#"name:["*" TO "*"]"#);
    check("name:[TO TO TO]", r#"name:["TO" TO "TO"]"#);
    check("lat:[-90 TO 0]^2", r#"lat:["-90" TO "0"]^2"#);
    check("count:[* TO *]", "_exists_:count");
    check("[a TO b]", r#"["a" TO "b"]"#);
    check("age:>10", r#"age:{"10" TO *}"#);
    check("age:>=10", r#"age:["10" TO *}"#);
    check("age:<10", r#"age:{* TO "10"}"#);
    check("age:<=-10^3", r#"age:{* TO "-10"]^3"#);
    check("age:(>=10 AND <20)", r#"+age:["10" TO *} +age:{* TO "20"}"#);
    check("age:(+>=10 +<20)", r#"+age:["10" TO *} +age:{* TO "20"}"#);
    check(
        r#"date:>"2020-01-01 12:00""#,
        r#"date:{"2020-01-01 12:00" TO *}"#,
    );
    check(">10", r"\>10");
    assert_eq!(
        parse("a:{1 TO *]"),
        Ok(Query::Range {
            field: "a".to_owned(),
            lower: Bound::Excluding("1".to_owned()),
            upper: Bound::Open,
            dates: DateReading::default(),
        })
    );
}

#[test]
fn wildcards() {
    check("qu?ck bro*", "qu?ck bro*");
    check("title:*ing", "title:*ing");
    check("file:IMG_*.jp?g", r"file:IMG\_*\.jp?g");
    check(r"a\*b*", r"a\*b*");
    check(r"a\?b?\\", r"a\?b?\\");
    let (field, value) = ("title".to_owned(), r"a*\b".to_owned());
    assert_eq!(
        parse(r"title:a\*\\b*"),
        Ok(Query::Prefix {
            field,
            value,
            case_insensitive: false,
            normalized: true,
        })
    );
    let (field, pattern) = ("title".to_owned(), r"a\*\\b*c".to_owned());
    assert_eq!(
        parse(r"title:a\*\\b*c"),
        Ok(Query::Wildcard {
            field,
            pattern,
            case_insensitive: false,
            normalized: true,
        })
    );
}

#[test]
fn fuzziness_and_boosts() {
    check(
        "quikc~ brwn~0 foks~1 titel:x~2",
        "quikc~ brwn~0 foks~1 titel:x~2",
    );
    check("quick^2 fox", "quick^2 fox");
    check(
        "quick^2.5 fox^0.5 dog^1 cow^0",
        "quick^2.5 fox^0.5 dog cow^0",
    );
    check("quick~1^2 brown^2~1", "quick~1^2 brown~1^2");
    check(r#""a b"~2^3 "c d"^3~2"#, r#""a b"~2^3 "c d"~2^3"#);
    check("(foo bar)^4", "(foo bar)^4");
    check("title:(foo bar)^4", "(title:foo title:bar)^4");
    check("((a^2))^3", "(a^2)^3");
}

#[test]
fn operators() {
    check("a OR b", "a b");
    check("a AND b", "+a +b");
    check("a && b || c", "+a +b c");
    check("a OR b AND c", "+b +c a");
    check("a AND b OR c", "+a +b c");
    check("a AND NOT b", "+a -b");
    check("a OR NOT b", "a -b");
    check("NOT a AND b", "+b -a");
    check("a NOT b", "a -b");
    check("a !b", "a -b");
    check("a!b", "a -b");
    check("quick brown +fox -news", "+fox quick brown -news");
    check("+a OR b", "+a b");
    check("+a", "a");
    check("a AND (b OR c)", "+a +(b c)");
    check(
        "((quick AND fox) OR fox) AND NOT news",
        "+((+quick +fox) fox) -news",
    );
    check("((a))", "a");
    check("a - b", "a b");
    check("a AND - b", "+a b");
    check("and or not android", "and or not android");
}

#[test]
fn prohibited_alone_matches_the_rest() {
    check("-a", "-a");
    check("NOT a", "-a");
    check("-a -b", "-a -b");
    check("b AND (-a)", "+b +(-a)");
    let Ok(Query::Bool(all)) = parse("-a") else {
        panic!("a group expected")
    };
    assert_eq!(all.filter, [Query::All]);
    assert_eq!(all.must_not.len(), 1);
}

#[test]
fn default_operator_and() {
    check_and("a b", "+a +b");
    check_and("a OR b", "a b");
    check_and("a b OR c", "+a b c");
    check_and("a OR b c", "+c a b");
    check_and("a OR b AND c", "+b +c a");
    check_and("a -b", "+a -b");
    check_and("+a OR b", "a b");
    check_and("(a b) OR c", "(+a +b) c");
    let Ok(Query::MultiMatch { options, .. }) = parse_and("wi-fi") else {
        panic!("a search in every field expected")
    };
    assert_eq!(options.operator, Operator::And);
}

#[test]
fn default_fields() {
    let fields = vec![("title".to_owned(), 2.0), ("tags.*".to_owned(), 1.0)];
    let reader = QueryString {
        default_fields: fields.clone(),
        ..QueryString::default()
    };
    let multi = |text: &str, kind| Query::MultiMatch {
        fields: fields.clone(),
        text: text.to_owned(),
        options: MatchOptions::default(),
        kind,
        tie_breaker: None,
    };
    assert_eq!(reader.parse("a"), Ok(multi("a", MatchType::BestFields)));
    assert_eq!(
        reader.parse("\"a b\"~3"),
        Ok(multi("a b", MatchType::Phrase { slop: 3 }))
    );
    assert_eq!(reader.parse("body:a"), Ok(term("body", "a")));
    let prefix = |field: &str| Query::Prefix {
        field: field.to_owned(),
        value: "a".to_owned(),
        case_insensitive: false,
        normalized: true,
    };
    let weighted = Query::Boost {
        query: Box::new(prefix("title")),
        factor: 2.0,
    };
    assert_eq!(
        reader.parse("a*"),
        Ok(Query::DisMax {
            queries: vec![weighted, prefix("tags.*")],
            tie_breaker: 0.0
        })
    );

    let one = QueryString {
        default_fields: vec![("title".to_owned(), 1.0)],
        ..QueryString::default()
    };
    assert_eq!(one.parse("a*"), Ok(prefix("title")));
    assert_eq!(
        one.parse("*"),
        Ok(Query::Exists {
            field: "title".to_owned()
        })
    );
    assert_eq!(one.parse("*:*"), Ok(Query::All));
}

#[test]
fn what_is_wrong_and_where() {
    const CLAUSE: &str = "expected a word, a phrase, a range or (";
    let end = "the end of the text";
    check_error("a AND", &format!("{CLAUSE}, got {end} at character 6"));
    check_error("AND a", &format!("{CLAUSE}, got `AND` at character 1"));
    check_error("a OR OR b", &format!("{CLAUSE}, got `OR` at character 6"));
    check_error("größe -", &format!("{CLAUSE}, got {end} at character 8"));
    check_error("()", &format!("{CLAUSE}, got `)` at character 2"));
    check_error("+-a", &format!("{CLAUSE}, got `-` at character 2"));
    check_error("(a b)~2", &format!("{CLAUSE}, got `~2` at character 6"));
    check_error(
        "a)",
        "expected the end of the text, for no ( is open, got `)` at character 2",
    );
    check_error(
        "x (a",
        "the group that starts at character 3 has no end; expected )",
    );
    check_error(
        "x \"a",
        "the quoted text that starts at character 3 has no end; expected \"",
    );
    check_error(
        "title:",
        &format!("expected a value after the field and its colon, got {end} at character 7"),
    );
    check_error(
        "lon:-5",
        "expected a value after the field and its colon, got `-` at character 5",
    );
    check_error(
        "http://x:80",
        "regular expressions are not supported, got one at character 6; \
         a slash that starts a word is written \\/",
    );
    check_error(
        "a:b:c",
        "expected a field before the colon, or \\: for the colon itself, got `:` at character 4",
    );
    check_error(
        "a\\",
        &format!("expected a character after the backslash, got {end} at character 3"),
    );
    check_error(
        "a^x",
        "expected a number such as 2 or 2.5 after ^, got `x` at character 3",
    );
    check_error(
        "a^2b",
        "expected a number such as 2 or 2.5 after ^, got `2b` at character 3",
    );
    check_error(
        "a^ 2",
        "expected a number such as 2 or 2.5 after ^, got ` ` at character 3",
    );
    check_error(
        "a^-2",
        "expected a number such as 2 or 2.5 after ^, got `-2` at character 3",
    );
    assert!(parse(&format!("a^{}", "9".repeat(50))).is_err());
    check_error(
        "a~3",
        "expected 0, 1 or 2 typing errors after ~, got 3 at character 2",
    );
    check_error(
        "a~0.5",
        "expected 0, 1 or 2 typing errors after ~, got 0.5 at character 2",
    );
    check_error(
        "a:>= 5",
        "expected a value without wildcards right after the comparison, got `>=` at character 3",
    );
    assert!(parse("a:>5*").is_err());
    check_error(
        "a:[1 5]",
        "expected TO between the bounds of the range, got `5` at character 6",
    );
    check_error(
        "a:[1]",
        "expected TO between the bounds of the range, got `]` at character 5",
    );
    check_error(
        "a:[]",
        "expected the lower bound of the range, or *, got `]` at character 4",
    );
    check_error(
        "a:[1 TO ]",
        "expected the upper bound of the range, or *, got `]` at character 9",
    );
    check_error(
        "a:[1 TO 2 3]",
        "expected ] or } at the end of the range, got `3` at character 11",
    );
    check_error(
        "a:[1 TO 2",
        "the range that starts at character 3 has no end; \
         expected two bounds with TO between them, then ] or }",
    );
    assert!(parse("a]").is_err());
    let long = parse(&format!("a){}", "\n".repeat(9))).unwrap_err();
    assert_eq!(long.position(), Some(2));
}

#[test]
fn regular_expressions_are_refused() {
    assert_eq!(
        parse("name:/joh?n/"),
        Err(QueryStringError::Regexp { position: 6 })
    );
    assert_eq!(
        parse("/.*n/"),
        Err(QueryStringError::Regexp { position: 1 })
    );
}

#[test]
fn limits() {
    let nested = |depth| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(100)).is_ok());
    assert_eq!(
        parse(&nested(101)),
        Err(QueryStringError::TooDeep {
            position: 101,
            limit: 100
        })
    );
    assert!(
        parse(&"(a) ".repeat(1000)).is_ok(),
        "groups side by side are not nested"
    );
    assert!(parse(&"a ".repeat(1024)).is_ok());
    let error = QueryStringError::TooManyClauses {
        position: 2049,
        limit: 1024,
    };
    assert_eq!(parse(&"a ".repeat(1025)), Err(error));
    assert!(parse(&"ä".repeat(16 * 1024)).is_ok());
    let error = QueryStringError::TooLong {
        limit: 32_768,
        got: 32_769,
    };
    assert_eq!(parse(&"a".repeat(32_769)), Err(error.clone()));
    assert_eq!(error.caret("a"), "");
}

#[test]
fn the_caret_stands_under_the_character() {
    let caret = |text: &str| parse(text).expect_err(text).caret(text);
    assert_eq!(caret("größe:)"), "größe:)\n      ^");
    assert_eq!(caret("a AND"), "a AND\n     ^");
    assert_eq!(caret("a\nb )\tc\nd"), "b ) c\n  ^");
    assert_eq!(caret("a\n\n)"), ")\n^");
    let long = format!("{}){}", "a".repeat(100), "b".repeat(100));
    let drawn = format!("{}){}\n{}^", "a".repeat(60), "b".repeat(59), " ".repeat(60));
    assert_eq!(caret(&long), drawn);
    let other_text = parse("a AND b AND").unwrap_err().caret("a");
    assert_eq!(
        other_text, "a\n ^",
        "a text that is not the parsed one does no harm"
    );
}

use super::*;

fn check(pattern: &str, fits: &[&str], others: &[&str]) {
    let regexp = Regexp::new(pattern).unwrap();
    for text in fits {
        assert!(regexp.fits(text).unwrap(), "{pattern} on {text:?}");
    }
    for text in others {
        assert!(!regexp.fits(text).unwrap(), "{pattern} on {text:?}");
    }
}

#[test]
fn operators_mean_what_lucene_says() {
    check("", &[""], &["a"]);
    check("abc", &["abc"], &["ab", "abcd", "xabc"]);
    check("a.c", &["abc", "aüc", "a\nc"], &["ac", "abbc"]);
    check("ab?c", &["ac", "abc"], &["abbc"]);
    check("(ab)*", &["", "ab", "abab"], &["aba"]);
    check("a+b", &["ab", "aab"], &["b"]);
    check("a{2}", &["aa"], &["a", "aaa"]);
    check("a{2,}", &["aa", "aaaa"], &["a"]);
    check("a{1,3}b", &["ab", "aaab"], &["b", "aaaab"]);
    check(
        "(a|bb){2,3}",
        &["abb", "bbabb", "aaa"],
        &["a", "bb", "aaaa"],
    );
    check("cat|dog", &["cat", "dog"], &["catdog"]);
    check("[a-cx]", &["b", "x"], &["d", "-"]);
    check("[^a-c]", &["d", "^"], &["a"]);
    check("[\\d_]+", &["1_2"], &["a"]);
    check("[a\\-]", &["a", "-"], &["\\"]);
    check("a\\.b", &["a.b"], &["axb"]);
    check("\"a.b\"", &["a.b"], &["axb"]);
    check("<1-100>", &["1", "042", "100"], &["0", "101", "x"]);
    check("v<01-12>", &["v07"], &["v7", "v13"]);
    check("a@", &["a", "abc"], &["ba"]);
    check("#|a", &["a"], &[""]);
    check("()a", &["a"], &[""]);
    check("~abc", &["bc", "aabc"], &["abc", "", "ab"]);
    check("a~bc", &["aac", "ac", "abbc"], &["abc"]);
    check("ab~(cd)", &["ab", "abc", "abcde"], &["abcd"]);
    check("aaa.+&.+bbb", &["aaabbb"], &["aaab", "abbb", "aaabbbx"]);
    check("(a.*&.*b)+", &["ab", "acb"], &["a"]);
    check("a{0}b", &["b"], &["ab"]);
    check("(a*){3,1000000000}", &["", "aaaaaa"], &["b"]);
    check("\\w+\\s\\w+", &["two words"], &["one"]);
}

/// As Elasticsearch 8.19 chooses among the same words.
#[test]
fn words_are_those_that_elasticsearch_finds() {
    const WORDS: [&str; 23] = [
        "", "\n", "#", "007", "12", "7", "<1-9>", "@", "A", "a", "a\nb", "a&b", "a-", "a.b",
        "aabc", "ab", "abc", "b", "ba", "bc", "x\"y", "~a", "ü",
    ];
    for (pattern, expected) in [
        ("<1-9>", &["7"][..]),
        ("<01-12>", &["12"]),
        (
            ".*&a.*",
            &["a", "a\nb", "a&b", "a-", "a.b", "aabc", "ab", "abc"],
        ),
        ("a&b", &[]),
        ("[^a]", &["\n", "#", "7", "@", "A", "b", "ü"]),
        ("a.b", &["a\nb", "a&b", "a.b"]),
        ("[a\\-]+", &["a", "a-"]),
        ("\\@", &["@"]),
        ("a||b", &["a"]),
        ("|a", &[]),
        ("a**", &["", "a"]),
        ("a?b?c?", &["", "a", "ab", "abc", "b", "bc"]),
        ("[a-c-e]", &["a", "b"]),
        ("\\W", &["\n", "#", "@", "ü"]),
        ("{", &[]),
        ("a{2}{2}", &[]),
    ] {
        let regexp = Regexp::new(pattern).unwrap();
        let found: Vec<&str> = WORDS
            .into_iter()
            .filter(|word| regexp.fits(word).unwrap())
            .collect();
        assert_eq!(found, expected, "{pattern}");
    }
}

#[test]
fn broken_expressions_are_refused() {
    for (pattern, reason) in [
        ("[ab", "expected ']' at position 3"),
        ("(ab", "expected ')' at position 3"),
        ("a{2", "expected '}' at position 3"),
        ("a{x}", "integer expected at position 2"),
        ("a{3,2}", "invalid repetition range(out of order): 3..2"),
        ("\"ab", "expected '\"' at position 1"),
        ("<5", "expected '>' at position 1"),
        ("<5>", "'5' not found"),
        ("<5-x>", "interval syntax error at position 1"),
        ("[a-]", "invalid range: from (97) cannot be > to (93)"),
        ("[]", "expected ']' at position 2"),
        ("\\n", "invalid character class \\110"),
        ("(a|)", "expected ')' at position 4"),
        ("ab)", "end-of-string expected at position 2"),
        ("[b-a]", "invalid range: from (98) cannot be > to (97)"),
        ("a|", "unexpected end-of-string"),
    ] {
        let error = Regexp::new(pattern).unwrap_err();
        assert_eq!(error.to_string(), reason, "{pattern}");
    }
    assert!(Regexp::new(&"a".repeat(1001)).is_err());
    assert!(Regexp::new(&format!("{}a{}", "(".repeat(60), ")".repeat(60))).is_err());
    assert!(Regexp::new(&"~".repeat(60)).is_err());
}

#[test]
fn an_expression_that_takes_too_long_is_stopped() {
    let regexp = Regexp::new("(~(a@)b*&~(b@)a*@)*~(@c@)*").unwrap();
    let text = "ab".repeat(5000);
    assert!(regexp.fits(&text).is_err());
}

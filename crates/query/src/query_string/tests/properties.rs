//! What holds for every text.

use super::canonical::canonical;
use super::{QueryString, parse, parse_and};
use crate::{Operator, Query};
use proptest::prelude::*;

/// Texts made of the language's own pieces, so that most of the parser is reached.
fn pieces() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a",
        "b",
        "größe",
        "東京",
        "title:",
        "_exists_:",
        "*:",
        "*",
        "?",
        "AND",
        "OR",
        "NOT",
        "&&",
        "||",
        "!",
        "+",
        "-",
        "(",
        ")",
        "(a",
        "b)",
        "\"",
        "\"a b\"",
        "~",
        "~1",
        "~2",
        "^2",
        "^0.5",
        "[1 TO 2]",
        "{* TO x]",
        "[",
        "}",
        "TO",
        ">",
        ">=5",
        "<",
        "\\",
        "\\*",
        "/",
        ":",
        " ",
        " ",
        " ",
        "\n",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..20)
        .prop_map(|pieces| pieces.concat())
}

/// A chain of clauses: the operator before each (the first one's is not written) and whether it has a `+` or NOT.
fn chains() -> impl Strategy<Value = Vec<(Option<Operator>, Option<bool>)>> {
    let operator = proptest::sample::select(vec![None, Some(Operator::And), Some(Operator::Or)]);
    let modifier = proptest::sample::select(vec![None, None, Some(true), Some(false)]);
    proptest::collection::vec((operator, modifier), 2..8)
}

/// Says for each clause by itself whether it is required, prohibited or neither: the rules, not the parser's way.
fn expected(chain: &[(Option<Operator>, Option<bool>)], default: Operator) -> Vec<char> {
    let occurrence = |index: usize| {
        let (before, modifier) = chain[index];
        let before = if index == 0 { None } else { before };
        let after = chain.get(index + 1).and_then(|(operator, _)| *operator);
        if modifier == Some(false) {
            return '-';
        }
        match (default, before, after) {
            (_, _, Some(Operator::And)) => '+',
            (Operator::And, _, Some(Operator::Or)) => ' ',
            (_, Some(Operator::And), None) | (Operator::Or, Some(Operator::And), _) => '+',
            (Operator::And, Some(Operator::Or), None) => ' ',
            (Operator::And, None, None) => '+',
            (Operator::Or, _, _) if modifier == Some(true) => '+',
            _ => ' ',
        }
    };
    (0..chain.len()).map(occurrence).collect()
}

fn found(query: &Query, count: usize) -> Vec<char> {
    let mut found = vec!['?'; count];
    let mut mark = |queries: &[Query], sign: char| {
        for query in queries {
            let Query::MultiMatch { text, .. } = query else {
                panic!("a word expected")
            };
            found[text[1..].parse::<usize>().unwrap()] = sign;
        }
    };
    let Query::Bool(all) = query else {
        panic!("a group expected")
    };
    mark(&all.must, '+');
    mark(&all.should, ' ');
    mark(&all.must_not, '-');
    found
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        failure_persistence: None,
        cases: 4096,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_a_query_or_an_error(text in any::<String>(), other in pieces()) {
        for text in [text, other] {
            for default_operator in [Operator::Or, Operator::And] {
                let default_fields = vec![("a".to_owned(), 1.0), ("b*".to_owned(), 2.0)];
                let whole_texts = default_operator == Operator::And;
                let reader = QueryString { default_fields, default_operator, whole_texts };
                if let Err(error) = reader.parse(&text) {
                    let position = error.position().expect("a short text");
                    prop_assert!((1..=text.chars().count() + 1).contains(&position), "{error}");
                    prop_assert!(error.caret(&text).ends_with('^'));
                }
            }
        }
    }

    #[test]
    fn a_query_written_back_is_the_same_query(text in pieces()) {
        if let Ok(query) = parse(&text) {
            let written = canonical(&query);
            prop_assert_eq!(parse(&written), Ok(query), "{} written as {}", text, written);
        }
    }

    #[test]
    fn operators_mark_their_neighbours(chain in chains()) {
        let mut text = String::new();
        for (index, (operator, modifier)) in chain.iter().enumerate() {
            text += match operator {
                Some(Operator::And) if index > 0 => " AND ",
                Some(Operator::Or) if index > 0 => " OR ",
                _ => " ",
            };
            text += match modifier {
                Some(true) => "+",
                Some(false) => "NOT ",
                None => "",
            };
            text += &format!("w{index}");
        }
        let or = parse(&text).unwrap();
        prop_assert_eq!(found(&or, chain.len()), expected(&chain, Operator::Or), "{}", text);
        let and = parse_and(&text).unwrap();
        prop_assert_eq!(found(&and, chain.len()), expected(&chain, Operator::And), "{}", text);
    }
}

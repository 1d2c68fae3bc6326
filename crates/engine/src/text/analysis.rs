//! How text becomes terms.

use document::Analyzer;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// The longest term in bytes; longer words are cut there, as Lucene's standard tokenizer does at 255 characters.
const MAX_TERM_BYTES: usize = 255;

/// The longest term in bytes of a text that is not taken apart.
const MAX_WHOLE_BYTES: usize = 32_766;
/// How far apart the last word of one value and the first of the next are, as in Elasticsearch, so that no phrase
/// reaches over two values.
const POSITION_GAP: usize = 100;

/// A term and its place in the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) position: usize,
}

/// Takes the values of one field apart.
pub(crate) fn analyze<'a>(
    analyzer: Analyzer,
    values: impl IntoIterator<Item = &'a str>,
) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut start = 0;
    for value in values {
        let words = match analyzer {
            Analyzer::Standard => standard(value),
            Analyzer::Filename => filename(value),
            Analyzer::Simple => simple(value),
            Analyzer::Whitespace => value.split_whitespace().map(str::to_owned).collect(),
            Analyzer::Keyword => vec![value.to_owned()],
        };
        for (place, text) in words.into_iter().enumerate() {
            tokens.push(Token {
                text: match analyzer {
                    // A whole text may be as long as Lucene's longest term.
                    Analyzer::Keyword => cut(text, MAX_WHOLE_BYTES),
                    _ => cut(text, MAX_TERM_BYTES),
                },
                position: start + place,
            });
        }
        start = tokens
            .last()
            .map_or(0, |last| last.position + 1 + POSITION_GAP);
    }
    tokens
}

/// Folds a term that is searched without being taken apart (wildcards, prefixes) as the analyzer would.
pub(crate) fn normalize(analyzer: Analyzer, text: &str) -> String {
    match analyzer {
        Analyzer::Standard | Analyzer::Simple => text.to_lowercase(),
        Analyzer::Whitespace | Analyzer::Keyword => text.to_owned(),
        Analyzer::Filename => folded(text),
    }
}

/// Words by the rules of Unicode's annex 29, lowercased; each ideograph is a word.
fn standard(value: &str) -> Vec<String> {
    value.unicode_words().map(str::to_lowercase).collect()
}

/// Runs of letters, lowercased.
fn simple(value: &str) -> Vec<String> {
    let words = value.split(|letter: char| !letter.is_alphabetic());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Runs of letters and digits, lowercased and without accents; each ideograph is a word.
fn filename(value: &str) -> Vec<String> {
    let folded = folded(value);
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in folded.chars() {
        if letter.is_alphanumeric() && !is_ideograph(letter) {
            word.push(letter);
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if is_ideograph(letter) {
            words.push(letter.to_string());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn folded(value: &str) -> String {
    value
        .nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

fn is_ideograph(letter: char) -> bool {
    matches!(letter,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3fffd}')
}

fn cut(mut term: String, most_bytes: usize) -> String {
    let mut end = term.len().min(most_bytes);
    while !term.is_char_boundary(end) {
        end -= 1;
    }
    term.truncate(end);
    term
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(analyzer: Analyzer, text: &str, expected: &[&str]) {
        let found: Vec<_> = analyze(analyzer, [text])
            .into_iter()
            .map(|token| token.text)
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn words_come_out_as_elasticsearch_would_give_them() {
        check(
            Analyzer::Standard,
            "The 2 QUICK Brown-Foxes!",
            &["the", "2", "quick", "brown", "foxes"],
        );
        check(Analyzer::Standard, "dog's bone", &["dog's", "bone"]);
        check(Analyzer::Standard, "山水 photo", &["山", "水", "photo"]);
        check(Analyzer::Standard, "", &[]);
    }

    #[test]
    fn file_names_fall_apart_at_everything_but_letters_and_digits() {
        check(
            Analyzer::Filename,
            "IMG_1234-Café.jpeg",
            &["img", "1234", "cafe", "jpeg"],
        );
        check(
            Analyzer::Filename,
            "Cafe\u{301} 山水x.png",
            &["cafe", "山", "水", "x", "png"],
        );
    }

    #[test]
    fn phrases_do_not_reach_over_two_values() {
        let tokens = analyze(Analyzer::Standard, ["red car", "blue"]);
        let places: Vec<_> = tokens.iter().map(|token| token.position).collect();
        assert_eq!(places, [0, 1, 102]);
    }

    #[test]
    fn long_words_are_cut_between_characters() {
        let tokens = analyze(Analyzer::Standard, ["é".repeat(300).as_str()]);
        assert_eq!(tokens[0].text, "é".repeat(127));
    }
}

//! Strings that come from files, made fit to keep.

/// Characters of a string that are kept.
const MAX_CHARS: usize = 10_000;
/// Keywords that are kept.
const MAX_KEYWORDS: usize = 1_000;

/// Drops NULs, trims white space and cuts what is too long; none when nothing is left.
pub(super) fn clean(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    let kept: String = text
        .chars()
        .filter(|c| *c != '\0')
        .take(MAX_CHARS)
        .collect();
    let kept = kept.trim_end();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// Characters of bytes that are UTF-8 or else Latin-1.
pub(super) fn utf8_or_latin1(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => latin1(bytes),
    }
}

/// Characters of Latin-1 bytes, whose codes are those of Unicode's first 256 characters.
pub(super) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Cleans keywords, keeping their order and the first of equals.
pub(super) fn keywords(raw: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    raw.filter_map(|keyword| clean(&keyword))
        .filter(|keyword| seen.insert(keyword.clone()))
        .take(MAX_KEYWORDS)
        .collect()
}

//! What a client may have meant by a name that is not known.

/// Answers ` did you mean [x]?` or ` did you mean any of [x, y]?` when known names are alike, else nothing.
///
/// Two names are alike when fewer than half of the longer one's characters must change (Levenshtein's distance).
pub(crate) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    meant(name, known, 0.5)
}

/// Answers what [`did_you_mean`] does, where more than a share of the longer name's characters must stay, 0 to 1.
pub(crate) fn meant<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    alike: f64,
) -> String {
    // A name that is this long is nobody's mistake, and comparing takes time.
    const LONGEST: usize = 100;
    let given: Vec<char> = name.chars().take(LONGEST).collect();
    let mut found: Vec<(f64, &str)> = known
        .into_iter()
        .map(|known| (likeness(&given, known), known))
        .filter(|(likeness, _)| *likeness > alike)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let names: Vec<&str> = found.into_iter().map(|(_, name)| name).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!(" did you mean [{one}]?"),
        several => format!(" did you mean any of [{}]?", several.join(", ")),
    }
}

/// 1 for equal names, 0 for those with nothing in common.
fn likeness(given: &[char], known: &str) -> f64 {
    let known: Vec<char> = known.chars().collect();
    let longer = given.len().max(known.len());
    if longer == 0 {
        return 1.0;
    }
    let mut row: Vec<usize> = (0..=known.len()).collect();
    for (i, a) in given.iter().enumerate() {
        let mut left = i + 1;
        let mut corner = i;
        for (b, cell) in known.iter().zip(row.iter_mut().skip(1)) {
            let changed = corner + usize::from(a != b);
            corner = *cell;
            left = changed.min(left + 1).min(corner + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    let distance = row.last().copied().unwrap_or(longer);
    1.0 - distance as f64 / longer as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_alike_are_suggested() {
        let known = ["match", "match_all", "term", "terms", "fixed_interval"];
        let check = |name: &str, expected: &str| assert_eq!(did_you_mean(name, known), expected);
        check("mach", " did you mean [match]?");
        check("term_", " did you mean any of [term, terms]?");
        check("interval", " did you mean [fixed_interval]?");
        check("foo", "");
        check("", "");
        assert_eq!(meant("term_", known, 0.82), "");
        assert_eq!(likeness(&['a', 'b', 'c'], "axc"), 1.0 - 1.0 / 3.0);
        assert_eq!(likeness(&['a', 'b'], "ba"), 0.0);
    }
}

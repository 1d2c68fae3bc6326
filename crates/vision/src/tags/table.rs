//! The tables as terms.

use super::{Term, Vocabulary, find};
use std::collections::HashMap;

const CLASSES: &str = include_str!("../../../../models/tags/classes.tsv");
const BROADER: &str = include_str!("../../../../models/tags/broader.tsv");

/// Numbers of classes, background at 0 with them.
const NUMBERS: usize = 1001;

/// A line of either table.
struct Line {
    first: &'static str,
    english: Vec<&'static str>,
    chinese: Vec<&'static str>,
    broader: Vec<&'static str>,
}

fn lines(table: &'static str) -> impl Iterator<Item = Line> {
    let names = |cell: &'static str| cell.split(';').filter(|name| !name.is_empty()).collect();
    table.lines().skip(1).map(move |line| {
        let mut cells = line.split('\t');
        let mut next = || cells.next().unwrap_or_default();
        Line {
            first: next(),
            english: names(next()),
            chinese: names(next()),
            broader: names(next()),
        }
    })
}

/// Reads the tables. What they must hold is tested, not checked here.
pub(super) fn read() -> Vocabulary {
    let mut terms: Vec<Term> = Vec::new();
    let mut above: Vec<Vec<&'static str>> = Vec::new();
    let mut numbers: HashMap<&'static str, usize> = HashMap::new();
    for line in lines(BROADER) {
        numbers.insert(line.first, terms.len());
        terms.push(Term {
            english: [line.first].into_iter().chain(line.english).collect(),
            chinese: line.chinese,
            depth: 0,
        });
        above.push(line.broader);
    }
    let mut terms_of = vec![Vec::new(); NUMBERS];
    for line in lines(CLASSES) {
        let Some(own) = line
            .first
            .parse::<usize>()
            .ok()
            .and_then(|n| terms_of.get_mut(n))
        else {
            continue;
        };
        let Some(name) = line.english.first() else {
            continue;
        };
        // A class may bear the name of a broader term; then it is one of the things that this means.
        let term = *numbers.entry(name).or_insert_with(|| {
            terms.push(Term {
                english: Vec::new(),
                chinese: Vec::new(),
                depth: 0,
            });
            above.push(Vec::new());
            terms.len() - 1
        });
        add_new(&mut terms[term].english, &line.english);
        add_new(&mut terms[term].chinese, &line.chinese);
        let broader: Vec<_> = line.broader.into_iter().filter(|key| key != name).collect();
        add_new(&mut above[term], &broader);
        own.push(term);
    }
    let above: Vec<Vec<usize>> = above
        .iter()
        .map(|keys| {
            keys.iter()
                .filter_map(|key| numbers.get(key).copied())
                .collect()
        })
        .collect();
    for own in &mut terms_of {
        // Grows while it is walked: what is above, and above that.
        let mut at = 0;
        while let Some(term) = own.get(at).copied() {
            add_new(own, &above[term]);
            at += 1;
        }
    }
    for term in 0..terms.len() {
        terms[term].depth = depth(&above, term, terms.len());
    }
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    let mut longest = (0, 0);
    for (number, term) in terms.iter().enumerate() {
        for name in &term.english {
            let name = find::normalized(name);
            longest.0 = longest.0.max(name.split(' ').count());
            add_new(by_name.entry(name).or_default(), &[number]);
        }
        for name in &term.chinese {
            longest.1 = longest.1.max(name.chars().count());
            add_new(
                by_name.entry(name.to_ascii_lowercase()).or_default(),
                &[number],
            );
        }
    }
    Vocabulary {
        terms,
        terms_of,
        by_name,
        longest,
    }
}

fn add_new<T: Copy + PartialEq>(known: &mut Vec<T>, more: &[T]) {
    for value in more {
        if !known.contains(value) {
            known.push(*value);
        }
    }
}

/// The longest way up from a term, of at most `left` steps.
fn depth(above: &[Vec<usize>], term: usize, left: usize) -> usize {
    let Some(left) = left.checked_sub(1) else {
        return 0;
    };
    let steps = above[term].iter().map(|next| 1 + depth(above, *next, left));
    steps.max().unwrap_or(0)
}

//! Terms in the words of a search.

use super::Vocabulary;
use std::ops::Range;

/// A part of a text that names something pictures can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundTerm {
    /// Where the text names it, in bytes.
    pub place: Range<usize>,
    /// The names that documents keep of what may be meant: `crane` is a bird and a machine.
    pub names: Vec<&'static str>,
}

/// A piece of a text.
enum Piece {
    /// A word of letters, digits and what may stand between them.
    Word(Range<usize>),
    /// A run of ideographs, with the letters and digits that touch them: `CD播放机`.
    Ideographs(Range<usize>),
}

impl Vocabulary {
    /// Finds the terms that a text names, from left to right, the longest name first: in `sports car` that term and not
    /// `car`. Case, hyphens and the plural of the last word do not count; Chinese is found inside a run of ideographs.
    pub fn find(&self, text: &str) -> Vec<FoundTerm> {
        let pieces = pieces(text);
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            match piece {
                Piece::Ideographs(run) => {
                    self.find_ideographs(text, run.clone(), &mut found);
                    at += 1;
                }
                Piece::Word(_) => at += self.find_words(text, &pieces[at..], &mut found),
            }
        }
        found
    }

    /// Finds the longest name that starts with the first piece; answers how many pieces are dealt with.
    fn find_words(&self, text: &str, pieces: &[Piece], found: &mut Vec<FoundTerm>) -> usize {
        let words: Vec<&Range<usize>> = pieces
            .iter()
            .map_while(|piece| match piece {
                Piece::Word(word) => Some(word),
                Piece::Ideographs(_) => None,
            })
            // A word with hyphens is several.
            .take(self.longest.0)
            .collect();
        for count in (1..=words.len()).rev() {
            let place = words[0].start..words[count - 1].end;
            let name = normalized(&text[place.clone()]);
            let terms = singulars(&name).find_map(|name| self.by_name.get(&name));
            if let Some(terms) = terms {
                found.push(self.found(place, terms));
                return count;
            }
        }
        1
    }

    fn find_ideographs(&self, text: &str, run: Range<usize>, found: &mut Vec<FoundTerm>) {
        let ends: Vec<usize> = text[run.clone()]
            .char_indices()
            .map(|(at, letter)| run.start + at + letter.len_utf8())
            .collect();
        let (mut start, mut first) = (run.start, 0);
        while first < ends.len() {
            let last = ends.len().min(first + self.longest.1);
            let longest = (first..last).rev().find_map(|end| {
                let name = text[start..ends[end]].to_ascii_lowercase();
                Some((end, self.by_name.get(&name)?))
            });
            let end = match longest {
                Some((end, terms)) => {
                    found.push(self.found(start..ends[end], terms));
                    end
                }
                None => first,
            };
            (start, first) = (ends[end], end + 1);
        }
    }

    fn found(&self, place: Range<usize>, terms: &[usize]) -> FoundTerm {
        let name = |term: &usize| self.terms[*term].english[0];
        FoundTerm {
            place,
            names: terms.iter().map(name).collect(),
        }
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (start, letter) in text.char_indices() {
        let end = start + letter.len_utf8();
        match pieces.last_mut() {
            Some(Piece::Ideographs(run)) if letter.is_alphanumeric() && run.end == start => {
                run.end = end;
            }
            Some(Piece::Word(word)) if is_ideograph(letter) && word.end == start => {
                let start = word.start;
                pieces.pop();
                pieces.push(Piece::Ideographs(start..end));
            }
            _ if is_ideograph(letter) => pieces.push(Piece::Ideographs(start..end)),
            Some(Piece::Word(word)) if is_of_word(letter) && word.end == start => word.end = end,
            _ if letter.is_alphanumeric() => pieces.push(Piece::Word(start..end)),
            _ => {}
        }
    }
    pieces
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '\'' | '’' | '.')
}

/// Han characters; names in Chinese are written in no others.
fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// A name as it is compared: small letters, one space between words, none of the signs that people leave out.
pub(super) fn normalized(name: &str) -> String {
    let spaced: String = name
        .chars()
        .filter(|letter| !matches!(letter, '\'' | '’' | '.'))
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    spaced
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a name may be the plural of, itself first.
fn singulars(name: &str) -> impl Iterator<Item = String> {
    let ending = |plural: &str, singular: &str| {
        let stem = name.strip_suffix(plural).filter(|stem| stem.len() > 1)?;
        Some(format!("{stem}{singular}"))
    };
    let forms = [
        Some(name.to_owned()),
        ending("s", ""),
        ending("es", ""),
        ending("ies", "y"),
        ending("ves", "f"),
        ending("ves", "fe"),
        ending("men", "man"),
    ];
    forms.into_iter().flatten()
}

//! The words and vectors that documents and requests are made of.

use crate::numbers::Numbers;

/// How many words the vocabulary has.
const WORDS: usize = 420;
const STARTS: [&str; 18] = [
    "b", "br", "d", "f", "g", "gl", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "é",
];
const MIDDLES: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ou", "ö"];
const ENDS: [&str; 8] = ["", "n", "r", "s", "l", "t", "nd", "k"];

/// Words, the commonest first, as people's texts have them: a few often, most of them rarely.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    words: Vec<String>,
}

impl Vocabulary {
    pub(crate) fn new(numbers: &mut Numbers) -> Self {
        let mut words: Vec<String> = [
            "the", "and", "sunset", "beach", "x", "42", "3.5", "it's", "日本", "über",
        ]
        .map(str::to_owned)
        .to_vec();
        while words.len() < WORDS {
            let word: String = (0..numbers.between(1, 3))
                .map(|_| {
                    let (start, middle) = (*numbers.pick(&STARTS), *numbers.pick(&MIDDLES));
                    [start, middle, *numbers.pick(&ENDS)].concat()
                })
                .collect();
            if !words.contains(&word) {
                words.push(word);
            }
        }
        Self { words }
    }

    /// A word, the commoner the likelier.
    pub(crate) fn word(&self, numbers: &mut Numbers) -> &str {
        let share = numbers.unit();
        let at = (share * share * share * self.words.len() as f64) as usize;
        self.words.get(at).map_or("the", String::as_str)
    }

    /// A word that a person may have mistyped, or written in capitals.
    pub(crate) fn mistyped(&self, numbers: &mut Numbers) -> String {
        let mut letters: Vec<char> = self.word(numbers).chars().collect();
        let at = numbers.below(letters.len());
        match numbers.below(6) {
            0 => letters.insert(at, 'a'),
            1 if letters.len() > 1 => drop(letters.remove(at)),
            2 if at > 0 => letters.swap(at - 1, at),
            3 => letters.extend(['n']),
            4 => return letters.iter().collect::<String>().to_uppercase(),
            _ => {}
        }
        letters.into_iter().collect()
    }

    /// Words with what stands between them in a text.
    pub(crate) fn text(&self, numbers: &mut Numbers, words: usize) -> String {
        let mut text = String::new();
        for at in 0..words {
            if at > 0 {
                let between: &&str = numbers.pick(&[" ", " ", " ", " ", ", ", ". ", "-", " & "]);
                text += between;
            }
            let word = self.word(numbers);
            if numbers.chance(8) {
                text += &word.to_uppercase();
            } else {
                text += word;
            }
        }
        text
    }
}

/// A vector of numbers with four decimals around 0.
pub(crate) fn vector(numbers: &mut Numbers, dims: usize) -> Vec<f64> {
    (0..dims)
        .map(|_| (numbers.normal() * 1e4).round() / 1e4)
        .collect()
}

/// A vector of length 1.
pub(crate) fn unit_vector(numbers: &mut Numbers, dims: usize) -> Vec<f64> {
    let vector = vector(numbers, dims);
    let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
    vector.iter().map(|x| x / length).collect()
}

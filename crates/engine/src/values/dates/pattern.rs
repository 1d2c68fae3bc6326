//! Patterns of dates, in the letters of Java's `DateTimeFormatter`.

use std::iter::Peekable;
use std::str::Chars;

/// One thing that a pattern reads and prints.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    Number(Number),
    /// A fraction of a second: how many digits are read, at least and at most, and how many are printed; `point` says
    /// that it may stand there with `.` or `,` before it.
    Fraction {
        min: usize,
        max: usize,
        width: usize,
        point: bool,
    },
    /// The name of a month or of a day of the week.
    Name {
        unit: Unit,
        long: bool,
    },
    /// `AM` or `PM`.
    HalfOfDay,
    Zone(ZoneStyle),
    Literal(String),
    Optional(Vec<Item>),
}

/// A number of a date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    pub(super) unit: Unit,
    /// Digits that are read, at least and at most.
    pub(super) min: usize,
    pub(super) max: usize,
    /// Digits that are printed at least.
    pub(super) width: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Year,
    /// The year as its era counts it: 1 BC is year 1.
    YearOfEra,
    /// The last two digits of a year from 2000 on.
    ShortYear,
    Month,
    Day,
    DayOfYear,
    WeekYear,
    Week,
    /// Monday is 1.
    Weekday,
    /// Sunday is 1.
    SundayWeekday,
    /// 0 to 23.
    Hour,
    /// 1 to 24.
    HourFromOne,
    /// 1 to 12.
    Hour12,
    /// 0 to 11.
    Hour12FromZero,
    Minute,
    Second,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ZoneStyle {
    /// Read in every way, printed as `+01:00` or `Z`.
    Any,
    /// `+01:00`; `Z` for UTC where `zulu` says so.
    Colon { zulu: bool },
    /// `+0100`; `Z` for UTC where `zulu` says so.
    Plain { zulu: bool },
    /// `+01`, with minutes where there are any; `Z` for UTC where `zulu` says so.
    Short { zulu: bool },
    /// The name of a zone.
    Name,
}

/// Takes a pattern apart. `lenient` patterns read numbers of fewer digits than they print; `own` ones may use the
/// letters `f` (an optional fraction) and `O` (any zone), which clients cannot.
///
/// # Errors
/// What is wrong with it, in Java's words.
pub(super) fn parse(pattern: &str, lenient: bool, own: bool) -> Result<Vec<Item>, String> {
    let mut parser = Parser {
        letters: pattern.chars().peekable(),
        lenient,
        own,
        pattern,
    };
    let items = parser.items(0)?;
    match parser.letters.next() {
        None => Ok(items),
        Some(_) => Err("Pattern invalid as it contains ] without previous [".to_owned()),
    }
}

/// Options within options; deeper ones make no sense.
const MAX_DEPTH: usize = 16;

struct Parser<'a> {
    letters: Peekable<Chars<'a>>,
    lenient: bool,
    own: bool,
    pattern: &'a str,
}

impl Parser<'_> {
    fn items(&mut self, depth: usize) -> Result<Vec<Item>, String> {
        let mut items = Vec::new();
        while let Some(letter) = self.letters.peek().copied() {
            match letter {
                ']' if depth > 0 => return Ok(items),
                ']' => return Err("Pattern invalid as it contains ] without previous [".to_owned()),
                '[' if depth >= MAX_DEPTH => return Err("Too many pattern options".to_owned()),
                '[' => {
                    self.letters.next();
                    let inner = self.items(depth + 1)?;
                    // Java closes what is left open at the end.
                    self.letters.next();
                    items.push(Item::Optional(inner));
                }
                '\'' => literal(&mut items, &self.quoted()?),
                '{' | '}' | '#' => {
                    return Err(format!("Pattern includes reserved character: '{letter}'"));
                }
                letter if letter.is_ascii_alphabetic() => items.push(self.letter(letter)?),
                letter => {
                    self.letters.next();
                    literal(&mut items, &letter.to_string());
                }
            }
        }
        Ok(items)
    }

    fn quoted(&mut self) -> Result<String, String> {
        self.letters.next();
        let mut text = String::new();
        loop {
            match self.letters.next() {
                Some('\'') if self.letters.peek() == Some(&'\'') => {
                    self.letters.next();
                    text.push('\'');
                }
                // Two quotes beside each other stand for one.
                Some('\'') if text.is_empty() => return Ok("'".to_owned()),
                Some('\'') => return Ok(text),
                Some(letter) => text.push(letter),
                None => {
                    return Err(format!(
                        "Pattern ends with an incomplete string literal: {}",
                        self.pattern
                    ));
                }
            }
        }
    }

    fn letter(&mut self, letter: char) -> Result<Item, String> {
        let mut count = 0;
        while self.letters.next_if_eq(&letter).is_some() {
            count += 1;
        }
        let too_many = || Err(format!("Too many pattern letters: {letter}"));
        if count > 19 {
            return too_many();
        }
        let year = |unit, short| match count {
            2 => number(short, 2, 2, 2),
            1 => number(unit, 1, 9, 1),
            count => number(
                unit,
                if self.lenient { 1 } else { count },
                if count == 4 { 4 } else { 9 },
                count,
            ),
        };
        // One letter reads any number of digits, two read two.
        let small = |unit| match count {
            1 => Ok(number(unit, 1, 2, 1)),
            2 => Ok(number(unit, if self.lenient { 1 } else { 2 }, 2, 2)),
            _ => too_many(),
        };
        Ok(match letter {
            'u' => year(Unit::Year, Unit::ShortYear),
            'y' => year(Unit::YearOfEra, Unit::ShortYear),
            'Y' => year(Unit::WeekYear, Unit::WeekYear),
            'M' | 'L' => name_or(Unit::Month, count, small)?,
            'd' => small(Unit::Day)?,
            'D' if count <= 3 => {
                let min = if self.lenient { 1 } else { count };
                number(Unit::DayOfYear, min, 3, count)
            }
            'w' => small(Unit::Week)?,
            'e' => match count {
                1 if self.own => number(Unit::Weekday, 1, 1, 1),
                _ => name_or(Unit::SundayWeekday, count, small)?,
            },
            'E' => Item::Name {
                unit: Unit::Weekday,
                long: count == 4,
            },
            'a' if count == 1 => Item::HalfOfDay,
            'H' => small(Unit::Hour)?,
            'k' => small(Unit::HourFromOne)?,
            'h' => small(Unit::Hour12)?,
            'K' => small(Unit::Hour12FromZero)?,
            'm' => small(Unit::Minute)?,
            's' => small(Unit::Second)?,
            'S' if count <= 9 => Item::Fraction {
                min: if self.lenient { 1 } else { count },
                max: if self.lenient { 9 } else { count },
                width: count,
                point: false,
            },
            'f' if self.own => Item::Fraction {
                min: 1,
                max: 9,
                width: 3,
                point: true,
            },
            'O' if self.own => Item::Zone(ZoneStyle::Any),
            'z' | 'V' => Item::Zone(ZoneStyle::Name),
            'Z' if count <= 3 => Item::Zone(ZoneStyle::Plain { zulu: false }),
            'Z' if count == 5 => Item::Zone(ZoneStyle::Colon { zulu: true }),
            'X' | 'x' if count <= 5 => {
                let zulu = letter == 'X';
                Item::Zone(match count {
                    1 => ZoneStyle::Short { zulu },
                    2 | 4 => ZoneStyle::Plain { zulu },
                    _ => ZoneStyle::Colon { zulu },
                })
            }
            'D' | 'a' | 'S' | 'Z' | 'X' | 'x' => return too_many(),
            'A' | 'G' | 'N' | 'Q' | 'W' | 'c' | 'g' | 'n' | 'q' | 'v' | 'B' | 'O' | 'p' | 'F' => {
                return Err(format!("Pattern letter {letter} is not supported"));
            }
            letter => return Err(format!("Unknown pattern letter: {letter}")),
        })
    }
}

fn number(unit: Unit, min: usize, max: usize, width: usize) -> Item {
    Item::Number(Number {
        unit,
        min,
        max,
        width,
    })
}

fn name_or(
    unit: Unit,
    count: usize,
    small: impl Fn(Unit) -> Result<Item, String>,
) -> Result<Item, String> {
    match count {
        3 | 4 => Ok(Item::Name {
            unit,
            long: count == 4,
        }),
        _ => small(unit),
    }
}

/// Adds letters that stand for themselves.
fn literal(items: &mut Vec<Item>, text: &str) {
    match items.last_mut() {
        Some(Item::Literal(before)) => before.push_str(text),
        _ => items.push(Item::Literal(text.to_owned())),
    }
}

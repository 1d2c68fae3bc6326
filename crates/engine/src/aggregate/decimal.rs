//! Numbers as text: patterns of Java's `DecimalFormat`, and numbers as Java writes them.

use document::Failure;

/// A pattern such as `#,##0.00`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DecimalFormat {
    positive: (String, String),
    negative: (String, String),
    /// 1, 100 for percent, 1000 for per mille.
    factor: u32,
    grouping: usize,
    integer: Digits,
    fraction: Digits,
    /// Whether the point is written though nothing follows.
    always_point: bool,
    /// The least digits of an exponent; 0 = without one.
    exponent: usize,
}

/// How many digits at least and at most.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Digits {
    least: usize,
    most: usize,
}

/// The most digits of a fraction, as in Java.
const MOST_DIGITS: usize = 340;

/// The part of a pattern between its affixes.
#[derive(Default)]
struct Middle {
    left: usize,
    zeros: usize,
    right: usize,
    point: Option<usize>,
    grouping: Option<usize>,
    exponent: usize,
}

impl DecimalFormat {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it breaks the rules of patterns.
    pub(crate) fn new(pattern: &str) -> Result<Self, Failure> {
        let malformed = || Failure::illegal_argument(format!("Malformed pattern \"{pattern}\""));
        if pattern.is_empty() {
            return Ok(Self {
                positive: Default::default(),
                negative: ("-".to_owned(), String::new()),
                factor: 1,
                grouping: 3,
                integer: Digits {
                    least: 0,
                    most: usize::MAX,
                },
                fraction: Digits {
                    least: 0,
                    most: MOST_DIGITS,
                },
                always_point: false,
                exponent: 0,
            });
        }
        let letters: Vec<char> = pattern.chars().collect();
        let mut at = 0;
        let mut factor = 1;
        let prefix = affix(&letters, &mut at, &mut factor, true);
        let middle = Middle::read(&letters, &mut at).ok_or_else(malformed)?;
        let suffix = affix(&letters, &mut at, &mut factor, false);
        let mut negative = (format!("-{prefix}"), suffix.clone());
        if letters.get(at) == Some(&';') {
            at += 1;
            let prefix = affix(&letters, &mut at, &mut 1, true);
            Middle::read(&letters, &mut at).ok_or_else(malformed)?;
            negative = (prefix, affix(&letters, &mut at, &mut 1, false));
        }
        if at < letters.len() {
            return Err(malformed());
        }
        Self::from_parts((prefix, suffix), negative, factor, middle).ok_or_else(malformed)
    }

    fn from_parts(
        positive: (String, String),
        mut negative: (String, String),
        factor: u32,
        mut middle: Middle,
    ) -> Option<Self> {
        if middle.zeros == 0
            && middle.left > 0
            && let Some(point) = middle.point
        {
            // `#.##` stands for `0.##`, and `.##` for `.0#`.
            let digits = point.max(1);
            middle.right = middle.left - digits;
            middle.left = digits - 1;
            middle.zeros = 1;
        }
        let Middle {
            left,
            zeros,
            right,
            point,
            grouping,
            exponent,
        } = middle;
        let total = left + zeros + right;
        let misplaced = match point {
            None => right > 0,
            Some(point) => point < left || point > left + zeros,
        };
        if misplaced || grouping == Some(0) {
            return None;
        }
        let least = point.unwrap_or(total) - left;
        let most = if exponent > 0 {
            left + least
        } else {
            usize::MAX
        };
        if negative == positive {
            negative.0 = format!("-{}", positive.0);
        }
        Some(Self {
            positive,
            negative,
            factor,
            grouping: grouping.unwrap_or(0),
            integer: Digits { least, most },
            fraction: Digits {
                least: point.map_or(0, |point| (left + zeros).saturating_sub(point)),
                most: point.map_or(0, |point| (total - point).min(MOST_DIGITS)),
            },
            always_point: point == Some(0) || point == Some(total),
            exponent,
        })
    }

    /// Writes a number.
    pub(crate) fn text(&self, number: f64) -> String {
        if number.is_nan() {
            return "NaN".to_owned();
        }
        let size = number.abs() * f64::from(self.factor);
        let middle = match (size.is_infinite(), self.exponent) {
            (true, _) => "∞".to_owned(),
            (false, 0) => self.plain(&rounded(size, self.fraction.most)),
            (false, least) => self.scientific(size, least),
        };
        self.with_affixes(number.is_sign_negative(), &middle)
    }

    /// Writes a whole number, every digit of it.
    pub(crate) fn whole(&self, number: i64) -> String {
        if self.exponent > 0 {
            return self.text(number as f64);
        }
        let size = u128::from(number.unsigned_abs()) * u128::from(self.factor);
        self.with_affixes(number < 0, &self.plain(&size.to_string()))
    }

    fn with_affixes(&self, negative: bool, middle: &str) -> String {
        let (prefix, suffix) = match negative {
            true => &self.negative,
            false => &self.positive,
        };
        format!("{prefix}{middle}{suffix}")
    }

    /// Pads, groups and joins the digits of a number that has been rounded.
    fn plain(&self, digits: &str) -> String {
        let (integer, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let integer = integer.trim_start_matches('0');
        let mut fraction = fraction.trim_end_matches('0').to_owned();
        while fraction.len() < self.fraction.least {
            fraction.push('0');
        }
        let mut out = format!("{integer:0>width$}", width = self.integer.least);
        if out.is_empty() && fraction.is_empty() {
            out.push('0');
        }
        if self.grouping > 0 {
            let mut at = out.len();
            while at > self.grouping {
                at -= self.grouping;
                out.insert(at, ',');
            }
        }
        if self.always_point || !fraction.is_empty() {
            out.push('.');
        }
        out + &fraction
    }

    fn scientific(&self, size: f64, least_exponent: usize) -> String {
        let Digits { least, most } = self.integer;
        let significant = most
            .saturating_add(self.fraction.most)
            .clamp(1, MOST_DIGITS);
        let shortest = format!("{size:e}");
        let mantissa = shortest.split('e').next().unwrap_or("0");
        let written = match mantissa.len() > significant + 1 {
            true => format!("{size:.precision$e}", precision = significant - 1),
            false => shortest,
        };
        let (mantissa, power) = written.split_once('e').unwrap_or((&written, "0"));
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_end_matches('0');
        let zero = digits.is_empty();
        // The place of the point after the first so many digits.
        let point = if zero {
            0
        } else {
            power.parse::<i64>().unwrap_or(0) + 1
        };
        let (most, least_digits) = (most as i64, least as i64);
        let (exponent, least_integer) = if most > 1 && most > least_digits {
            let exponent = (point - 1).div_euclid(most) * most;
            (exponent, 1)
        } else {
            (point - least_digits, least_digits)
        };
        let exponent = if zero { 0 } else { exponent };
        let integer = if zero {
            least_integer
        } else {
            point - exponent
        }
        .max(0) as usize;
        let total = (least + self.fraction.least).max(integer).max(digits.len());
        let padded = format!("{digits:0<total$}");
        let (whole, fraction) = padded.split_at(integer);
        let separator = if self.always_point || !fraction.is_empty() {
            "."
        } else {
            ""
        };
        let sign = if exponent < 0 { "-" } else { "" };
        let exponent = exponent.unsigned_abs();
        format!("{whole}{separator}{fraction}E{sign}{exponent:0>least_exponent$}")
    }
}

impl Middle {
    fn read(letters: &[char], at: &mut usize) -> Option<Self> {
        let mut out = Self::default();
        while let Some(letter) = letters.get(*at) {
            match letter {
                '#' if out.zeros > 0 => out.right += 1,
                '#' => out.left += 1,
                '0' if out.right > 0 => return None,
                '0' => out.zeros += 1,
                ',' if out.point.is_none() => {
                    out.grouping = Some(0);
                    *at += 1;
                    continue;
                }
                '.' if out.point.is_none() => {
                    out.point = Some(out.left + out.zeros + out.right);
                    *at += 1;
                    continue;
                }
                ',' | '.' => return None,
                'E' if out.left + out.zeros > 0 => {
                    *at += 1;
                    while letters.get(*at) == Some(&'0') {
                        out.exponent += 1;
                        *at += 1;
                    }
                    return (out.exponent > 0 && out.grouping.is_none()).then_some(out);
                }
                _ => break,
            }
            if out.point.is_none()
                && let Some(grouping) = &mut out.grouping
            {
                *grouping += 1;
            }
            *at += 1;
        }
        Some(out)
    }
}

/// Reads what stands before or after the digits.
fn affix(letters: &[char], at: &mut usize, factor: &mut u32, before: bool) -> String {
    let mut out = String::new();
    let mut quoted = false;
    while let Some(letter) = letters.get(*at) {
        match letter {
            '\'' if letters.get(*at + 1) == Some(&'\'') => {
                out.push('\'');
                *at += 1;
            }
            '\'' => quoted = !quoted,
            letter if quoted => out.push(*letter),
            '#' | '0' | ',' | '.' if before => break,
            ';' => break,
            '%' | '‰' => {
                *factor = if *letter == '%' { 100 } else { 1000 };
                out.push(*letter);
            }
            letter => out.push(*letter),
        }
        *at += 1;
    }
    out
}

/// Writes a number with at most so many digits after the point; ties go to the even digit.
fn rounded(size: f64, digits: usize) -> String {
    let shortest = size.to_string();
    match shortest.split_once('.') {
        Some((_, fraction)) if fraction.len() > digits => format!("{size:.digits$}"),
        _ => shortest,
    }
}

/// Writes a number as Java does: `10.0`, `1.0E7`, `1.0E-4`.
pub(super) fn java_double(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    let size = number.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{number:?}");
    }
    let written = format!("{number:e}");
    let (mantissa, power) = written.split_once('e').unwrap_or((&written, "0"));
    let point = if mantissa.contains('.') { "" } else { ".0" };
    format!("{mantissa}{point}E{power}")
}

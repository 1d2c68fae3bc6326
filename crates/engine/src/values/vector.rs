//! Vectors as clients write them: numbers, base64 or hexadecimal digits.

use super::json::{Kind, Malformed, Reader};
use super::number::{java_double, java_float};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use document::{Cause, ElementType, Failure, Similarity, VectorField};

/// The most numbers of a vector that Elasticsearch knows.
const MAX_DIMS: usize = 4096;
/// The most numbers of a vector here, for exact searches.
pub(crate) const MAX_LONG_DIMS: usize = 32_768;

/// Whether a vector is as long as 1, or near enough.
pub(crate) fn is_unit(vector: &[f32]) -> bool {
    /// How far from 1 the squared length may be.
    const TOLERANCE: f32 = 1e-3;
    let squared: f32 = vector.iter().map(|number| number * number).sum();
    (squared - 1.0).abs() <= TOLERANCE
}

/// Why a vector was not read.
pub(super) enum Refused {
    Malformed(Malformed),
    /// The failure, and the place of what is wrong.
    Failed(usize, Failure),
}

impl From<Malformed> for Refused {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

/// What a vector is read for.
pub(super) struct Target<'a> {
    pub(super) path: &'a str,
    /// The document's id, for messages.
    pub(super) id: &'a str,
    pub(super) field: &'a VectorField,
}

impl Target<'_> {
    /// Reads the vector that begins next.
    pub(super) fn read(&self, reader: &mut Reader<'_>) -> Result<Vec<f32>, Refused> {
        let kind = reader.peek()?;
        let start = reader.at();
        let vector = match kind {
            Kind::Array => self.numbers(reader)?,
            Kind::String => {
                let scalar = reader.scalar()?;
                let super::json::Scalar::Text(text) = scalar else {
                    return Err(self.unexpected(start, "VALUE_STRING"));
                };
                self.text(&text)
                    .map_err(|failure| Refused::Failed(start, failure))?
            }
            Kind::Object => {
                reader.open()?;
                let token = match reader.token_ahead() {
                    "VALUE_STRING" => "FIELD_NAME",
                    token => token,
                };
                return Err(self.unexpected(reader.next_place(), token));
            }
            _ => {
                // Elasticsearch takes it for the opening of an array and looks at what follows.
                reader.skip()?;
                let token = reader.token_ahead();
                return Err(self.unexpected(reader.next_place(), token));
            }
        };
        let end = reader.at().saturating_sub(1);
        self.check(&vector)
            .map(|()| vector)
            .map_err(|failure| Refused::Failed(end, failure))
    }

    fn numbers(&self, reader: &mut Reader<'_>) -> Result<Vec<f32>, Refused> {
        let dims = self.field.dims as usize;
        let most = if dims == 0 { MAX_LONG_DIMS } else { dims };
        let mut vector = Vec::with_capacity(dims.min(MAX_LONG_DIMS));
        reader.open()?;
        let mut first = true;
        while reader.next_element(first)? {
            first = false;
            let at = reader.at();
            let kind = reader.peek()?;
            if kind != Kind::Number {
                return Err(self.unexpected(at, token(kind)));
            }
            let (text, _) = reader.number()?;
            if vector.len() == most {
                let failure = if dims == 0 {
                    range(most + 1)
                } else {
                    Failure::illegal_argument(format!(
                        "The [dense_vector] field [{}] in doc [document with id '{}'] has more dimensions than defined in the mapping [{dims}]",
                        self.path, self.id
                    ))
                };
                return Err(Refused::Failed(at, failure));
            }
            let number: f32 = text.parse().unwrap_or(f32::NAN);
            if self.field.element == ElementType::Byte {
                byte(text, vector.len()).map_err(|failure| Refused::Failed(at, failure))?;
            }
            vector.push(number);
        }
        Ok(vector)
    }

    fn text(&self, text: &str) -> Result<Vec<f32>, Failure> {
        if self.field.element == ElementType::Byte {
            return hexadecimal(text);
        }
        let bytes = STANDARD.decode(text).map_err(|error| {
            Failure::illegal_argument(format!(
                "Failed to parse object: expecting an array of numbers or the base64 of 32-bit floats in network order, but the string is neither: {error}"
            ))
        })?;
        let (floats, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(Failure::illegal_argument(format!(
                "The base64 of a [dense_vector] must hold 4 bytes for each number, got {} bytes",
                bytes.len()
            )));
        }
        Ok(floats.iter().copied().map(f32::from_be_bytes).collect())
    }

    /// Makes sure that the field can hold a vector, whoever made it.
    pub(super) fn check(&self, vector: &[f32]) -> Result<(), Failure> {
        let dims = self.field.dims as usize;
        if dims == 0 && !(1..=MAX_LONG_DIMS).contains(&vector.len()) {
            return Err(range(vector.len()));
        }
        if dims != 0 && vector.len() != dims {
            return Err(Failure::illegal_argument(format!(
                "The [dense_vector] field [{}] in doc [document with id '{}'] has a different number of dimensions [{}] than defined in the mapping [{dims}]",
                self.path,
                self.id,
                vector.len()
            )));
        }
        let wrong = vector.iter().position(|number| !number.is_finite());
        if let Some((at, number)) = wrong.and_then(|at| Some((at, vector.get(at)?))) {
            let kind = if number.is_nan() { "NaN" } else { "infinite" };
            return Err(Failure::illegal_argument(format!(
                "element_type [float] vectors do not support {kind} values but found [{}] at dim [{at}]; {}",
                java_float(*number),
                self.preview(vector)
            )));
        }
        let squared: f32 = vector.iter().map(|number| number * number).sum();
        if self.field.similarity == Similarity::Cosine && squared == 0.0 {
            return Err(Failure::illegal_argument(format!(
                "The [cosine] similarity does not support vectors with zero magnitude. {}",
                self.preview(vector)
            )));
        }
        let wants_unit = self.field.similarity == Similarity::DotProduct
            && self.field.element == ElementType::Float
            && self.field.extractor.is_none();
        if wants_unit && !is_unit(vector) {
            return Err(Failure::illegal_argument(format!(
                "The [dot_product] similarity can only be used with unit-length vectors. {}",
                self.preview(vector)
            )));
        }
        Ok(())
    }

    /// The first numbers of a vector, for messages.
    fn preview(&self, vector: &[f32]) -> String {
        const SHOWN: usize = 5;
        let number = |number: &f32| match self.field.element {
            ElementType::Float => java_float(*number),
            ElementType::Byte => format!("{number}"),
        };
        let mut shown: Vec<String> = vector.iter().take(SHOWN).map(number).collect();
        if vector.len() > SHOWN {
            shown.push("...".to_owned());
        }
        format!("Preview of invalid vector: [{}]", shown.join(", "))
    }

    fn unexpected(&self, at: usize, token: &str) -> Refused {
        let reason = format!(
            "Failed to parse object: expecting token of type [VALUE_NUMBER] but found [{token}]"
        );
        Refused::Failed(at, Failure::new(Cause::Parsing, reason))
    }
}

fn token(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "START_OBJECT",
        Kind::Array => "START_ARRAY",
        Kind::String => "VALUE_STRING",
        Kind::Number => "VALUE_NUMBER",
        Kind::Bool => "VALUE_BOOLEAN",
        Kind::Null => "VALUE_NULL",
    }
}

fn range(dims: usize) -> Failure {
    Failure::new(
        Cause::MapperParsing,
        format!("The number of dimensions should be in the range [1, {MAX_DIMS}] but was [{dims}]"),
    )
}

/// Makes sure that a number is whole and fits into a byte.
fn byte(text: &str, at: usize) -> Result<(), Failure> {
    let number: f64 = text.parse().unwrap_or(f64::NAN);
    if number.fract() != 0.0 || !f64::from(number as f32).is_finite() {
        return Err(Failure::illegal_argument(format!(
            "element_type [byte] vectors only support non-decimal values but found decimal value [{}] at dim [{at}];",
            java_double(f64::from(number as f32))
        )));
    }
    if !(-128.0..=127.0).contains(&number) {
        return Err(Failure::illegal_argument(format!(
            "element_type [byte] vectors only support integers between [-128, 127] but found [{number}] at dim [{at}];"
        )));
    }
    Ok(())
}

fn hexadecimal(text: &str) -> Result<Vec<f32>, Failure> {
    let digit = |letter: u8| {
        char::from(letter).to_digit(16).ok_or_else(|| {
            Failure::new(
                Cause::NumberFormat,
                format!(
                    "not a hexadecimal digit: \"{}\" = {letter}",
                    char::from(letter)
                ),
            )
        })
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Failure::illegal_argument(format!(
            "string should be an even number of characters; got {}",
            text.len()
        )));
    }
    pairs
        .iter()
        .map(|[high, low]| {
            let byte = (digit(*high)? * 16 + digit(*low)?) as u8;
            Ok(f32::from(byte.cast_signed()))
        })
        .collect()
}

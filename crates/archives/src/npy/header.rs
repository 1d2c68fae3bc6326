//! The header: a Python dictionary of three entries, `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.

use crate::element::{Element, READ};

/// What a header says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) element: Element,
    pub(super) big_endian: bool,
    /// Whether the array is stored column by column.
    pub(super) columns: bool,
    pub(super) shape: Vec<u64>,
}

impl Header {
    /// Reads a header, or says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut text = Text(text);
        let (mut descr, mut columns, mut shape) = (None, None, None);
        text.expect("{")?;
        while !text.eat("}") {
            let key = text.string()?;
            text.expect(":")?;
            let again = match key {
                "descr" => descr.replace(text.descr()?).is_some(),
                "fortran_order" => columns.replace(text.truth()?).is_some(),
                "shape" => shape.replace(text.shape()?).is_some(),
                _ => return Err(format!("its header has an entry {key:?}")),
            };
            if again {
                return Err(format!("its header has two entries {key:?}"));
            }
            if !text.eat(",") {
                text.expect("}")?;
                break;
            }
        }
        if !text.0.trim().is_empty() {
            return Err("its header goes on after the dictionary".to_owned());
        }
        let missing = |key: &str| format!("its header has no entry {key:?}");
        let (element, big_endian) = descr.ok_or_else(|| missing("descr"))?;
        Ok(Self {
            element,
            big_endian,
            columns: columns.ok_or_else(|| missing("fortran_order"))?,
            shape: shape.ok_or_else(|| missing("shape"))?,
        })
    }
}

/// What is still to be read.
struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    fn eat(&mut self, mark: &str) -> bool {
        let rest = self.0.trim_start();
        let after = rest.strip_prefix(mark);
        self.0 = after.unwrap_or(rest);
        after.is_some()
    }

    fn expect(&mut self, mark: &str) -> Result<(), String> {
        if self.eat(mark) {
            return Ok(());
        }
        Err(self.unexpected(&format!("{mark:?}")))
    }

    fn unexpected(&self, expected: &str) -> String {
        let got: String = self.0.chars().take(20).collect();
        format!("its header has {got:?} where {expected} was expected")
    }

    /// A text in quotes, in which nothing is escaped.
    fn string(&mut self) -> Result<&'a str, String> {
        for quote in ["'", "\""] {
            if self.eat(quote) {
                let (text, rest) = self
                    .0
                    .split_once(quote)
                    .ok_or_else(|| self.unexpected("a text in quotes"))?;
                self.0 = rest;
                return Ok(text);
            }
        }
        Err(self.unexpected("a text in quotes"))
    }

    fn truth(&mut self) -> Result<bool, String> {
        if self.eat("True") {
            Ok(true)
        } else if self.eat("False") {
            Ok(false)
        } else {
            Err(self.unexpected("True or False"))
        }
    }

    /// What the numbers are: a sign for the order of bytes, a letter for the kind, the number of bytes.
    fn descr(&mut self) -> Result<(Element, bool), String> {
        if self.eat("[") {
            return Err(format!("its array holds records, expected {READ}"));
        }
        let descr = self.string()?;
        let element = match descr.get(1..).unwrap_or_default() {
            "f2" => Element::F16,
            "f4" => Element::F32,
            "f8" => Element::F64,
            "i1" => Element::I8,
            "u1" => Element::U8,
            "i2" => Element::I16,
            "u2" => Element::U16,
            "i4" => Element::I32,
            "u4" => Element::U32,
            "O" => {
                return Err(format!(
                    "its array holds Python objects (dtype {descr:?}), which are never unpickled: expected {READ}"
                ));
            }
            _ => {
                return Err(format!("its array is of dtype {descr:?}, expected {READ}"));
            }
        };
        match (descr.get(..1), element.bytes()) {
            (Some("<"), _) | (Some("|"), 1) => Ok((element, false)),
            (Some(">"), _) => Ok((element, true)),
            _ => Err(format!(
                "its array is of dtype {descr:?}, whose order of bytes is not said by < or >"
            )),
        }
    }

    /// A tuple of whole numbers.
    fn shape(&mut self) -> Result<Vec<u64>, String> {
        const MOST: usize = 32;
        let mut shape = Vec::new();
        self.expect("(")?;
        while !self.eat(")") {
            let digits = self
                .0
                .find(|letter: char| !letter.is_ascii_digit())
                .unwrap_or(self.0.len());
            let (number, rest) = self.0.split_at(digits);
            let number = number
                .parse()
                .map_err(|_| self.unexpected("the length of an axis"))?;
            self.0 = rest;
            // Python 2 ended long numbers with a letter.
            self.eat("L");
            if shape.len() == MOST {
                return Err(format!("its array has more than {MOST} axes"));
            }
            shape.push(number);
            if !self.eat(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(shape)
    }
}

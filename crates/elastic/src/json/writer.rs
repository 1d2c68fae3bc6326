//! JSON as it goes out, member by member.

use super::{Kind, Node, double_text, float_text};
use serde_json::Value;

/// Writes JSON into bytes. Whoever uses it closes what it opens, in order.
#[derive(Debug, Default)]
pub(crate) struct JsonWriter {
    out: Vec<u8>,
    /// Whether what comes next needs a comma before it.
    comma: bool,
}

impl JsonWriter {
    /// Makes one that has written nothing.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// What was written.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.out
    }

    fn start(&mut self) {
        if self.comma {
            self.out.push(b',');
        }
        self.comma = true;
    }

    fn open(&mut self, bracket: u8) {
        self.start();
        self.out.push(bracket);
        self.comma = false;
    }

    fn close(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.comma = true;
    }

    /// Writes an object whose members `write` writes.
    pub(crate) fn object(&mut self, write: impl FnOnce(&mut Self)) {
        self.open(b'{');
        write(self);
        self.close(b'}');
    }

    /// Writes an array whose items `write` writes.
    pub(crate) fn array(&mut self, write: impl FnOnce(&mut Self)) {
        self.open(b'[');
        write(self);
        self.close(b']');
    }

    /// Writes the name of a member; its value comes next.
    pub(crate) fn name(&mut self, name: &str) -> &mut Self {
        self.start();
        self.quoted(name);
        self.out.push(b':');
        self.comma = false;
        self
    }

    /// Writes JSON that is there already.
    pub(crate) fn raw(&mut self, json: &[u8]) {
        self.start();
        self.out.extend_from_slice(json);
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.start();
        self.quoted(text);
    }

    pub(crate) fn null(&mut self) {
        self.raw(b"null");
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.raw(if value { b"true" } else { b"false" });
    }

    pub(crate) fn whole(&mut self, value: impl Into<i128>) {
        let value: i128 = value.into();
        self.raw(value.to_string().as_bytes());
    }

    /// Writes a number of 64 bits; what is not finite as the string that Java's parsers read.
    pub(crate) fn double(&mut self, value: f64) {
        self.printed(value.is_finite(), &double_text(value));
    }

    /// Writes a number of 32 bits.
    pub(crate) fn float(&mut self, value: f32) {
        self.printed(value.is_finite(), &float_text(value));
    }

    fn printed(&mut self, finite: bool, text: &str) {
        if finite {
            self.raw(text.as_bytes());
        } else {
            self.string(text);
        }
    }

    pub(crate) fn value(&mut self, value: &Value) {
        self.raw(value.to_string().as_bytes());
    }

    /// Writes a value as it was read, number for number.
    pub(crate) fn node(&mut self, node: &Node<'_>) {
        match &node.kind {
            Kind::Null => self.null(),
            Kind::Bool(value) => self.bool(*value),
            Kind::Number(text) => self.raw(text.as_bytes()),
            Kind::String(text) => self.string(text),
            Kind::Array(items) => self.array(|out| items.iter().for_each(|item| out.node(item))),
            Kind::Object(members) => self.object(|out| {
                for member in members {
                    out.name(&member.name).node(&member.value);
                }
            }),
        }
    }

    fn quoted(&mut self, text: &str) {
        self.out.push(b'"');
        let mut run = 0;
        let bytes = text.as_bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            let escaped = match byte {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                0..0x20 => "",
                _ => continue,
            };
            self.out
                .extend_from_slice(bytes.get(run..at).unwrap_or_default());
            if escaped.is_empty() {
                self.out
                    .extend_from_slice(format!("\\u{byte:04X}").as_bytes());
            } else {
                self.out.extend_from_slice(escaped.as_bytes());
            }
            run = at + 1;
        }
        self.out
            .extend_from_slice(bytes.get(run..).unwrap_or_default());
        self.out.push(b'"');
    }
}

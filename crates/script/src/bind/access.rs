//! Members, elements and methods whose target is known: parameters, the document, fields.

use super::Binder;
use crate::ir::{At, Const, Ir};

impl Binder {
    pub(super) fn access(&mut self, ir: &Ir) -> Ir {
        match ir {
            Ir::Member {
                target,
                name,
                getters,
                null_safe,
                at,
            } => {
                let target = self.boxed(target);
                let known = match &*target {
                    Ir::Const(Const::Null) if *null_safe => Some(Ir::Const(Const::Null)),
                    // A map's own property comes before its keys.
                    Ir::Param(number) if self.fixed && &**name != "empty" => {
                        self.value_of(*number, name)
                    }
                    Ir::Document => Some(Ir::Field(self.field(name), *at)),
                    Ir::Field(field, field_at) => read_field(*field, *field_at, name, *at),
                    _ => None,
                };
                known.unwrap_or_else(|| Ir::Member {
                    target,
                    name: name.clone(),
                    getters: getters.clone(),
                    null_safe: *null_safe,
                    at: *at,
                })
            }
            Ir::Index { target, index, at } => {
                let (target, index) = (self.boxed(target), self.boxed(index));
                let known = match (&*target, &*index) {
                    (Ir::Document, Ir::Const(name)) => {
                        let name = name.value().to_string();
                        Some(Ir::Field(self.field(&name), *at))
                    }
                    (Ir::Param(number), Ir::Const(Const::Text(key))) if self.fixed => {
                        self.value_of(*number, key)
                    }
                    (Ir::Param(number), Ir::Const(Const::Int(at))) if self.fixed => {
                        self.element_of(*number, *at)
                    }
                    _ => None,
                };
                known.unwrap_or(Ir::Index {
                    target,
                    index,
                    at: *at,
                })
            }
            Ir::Method {
                target,
                call,
                arguments,
                null_safe,
                at,
            } => {
                let target = self.boxed(target);
                let arguments = self.all(arguments);
                let known = match (&*target, &*call.name, arguments.as_slice()) {
                    (Ir::Param(number), "get", [Ir::Const(Const::Text(key))]) if self.fixed => {
                        self.value_of(*number, key)
                    }
                    (Ir::Document, "get", [Ir::Const(name)]) => {
                        let name = name.value().to_string();
                        Some(Ir::Field(self.field(&name), *at))
                    }
                    (Ir::Field(field, field_at), name, []) => {
                        let property = match name {
                            "size" | "getLength" => "length",
                            "isEmpty" => "empty",
                            "getValue" => "value",
                            _ => "",
                        };
                        read_field(*field, *field_at, property, *at)
                    }
                    _ => None,
                };
                known.unwrap_or_else(|| Ir::Method {
                    target,
                    call: call.clone(),
                    arguments,
                    null_safe: *null_safe,
                    at: *at,
                })
            }
            other => other.clone(),
        }
    }
}

/// The instruction that reads a property of a field without making anything of its values.
fn read_field(field: usize, field_at: At, property: &str, at: At) -> Option<Ir> {
    Some(match property {
        "value" => Ir::FieldValue(field, field_at, at),
        "length" => Ir::FieldSize(field, field_at),
        "empty" => Ir::FieldEmpty(field, field_at),
        _ => return None,
    })
}

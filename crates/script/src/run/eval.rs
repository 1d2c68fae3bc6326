//! Expressions.

use super::{Machine, located, placed};
use crate::arithmetic;
use crate::convert::{array_name, convert, convert_like, is_of};
use crate::error::{Cause, CauseKind};
use crate::ir::{At, Const, Ir};
use crate::source::Raise;
use crate::syntax::Operator;
use crate::types::Type;
use crate::value::{Array, List, Map, Value};

/// How many arguments are kept without memory of their own.
const FEW: usize = 3;

/// The longest array.
const MAX_ARRAY: usize = 1 << 22;

impl Machine<'_> {
    pub(super) fn eval(&mut self, ir: &Ir) -> Result<Value, Raise> {
        match ir {
            Ir::Const(constant) => Ok(constant.value()),
            Ir::Local(slot) => Ok(self.local(*slot)),
            Ir::VectorCall(call, field_at, at) => match self.host.vector(*call) {
                Ok(number) => Ok(Value::Double(number)),
                Err(cause) => Err(self.no_vector(*call, cause, *field_at, *at)),
            },
            Ir::FieldValue(field, field_at, at) => self.field_value(*field, *field_at, *at),
            Ir::FieldSize(field, at) => {
                let size = located(self.field_size(*field), *at)?;
                Ok(Value::Int(size as i32))
            }
            Ir::FieldEmpty(field, at) => {
                let size = located(self.field_size(*field), *at)?;
                Ok(Value::Bool(size == 0))
            }
            Ir::Binary {
                operator,
                left,
                right,
                at,
            } => {
                let left = self.eval(left)?;
                let right = self.eval(right)?;
                if *operator == Operator::Add {
                    // Only here can texts grow.
                    self.grows(&left, &right, *at)?;
                }
                located(arithmetic::binary(*operator, &left, &right), *at)
            }
            Ir::Cast { operand, cast, at } => {
                let value = self.eval(operand)?;
                located(convert(value, *cast), *at)
            }
            Ir::Conditional(parts) => {
                if self.condition(&parts.0)? {
                    self.eval(&parts.1)
                } else {
                    self.eval(&parts.2)
                }
            }
            Ir::Math1(run, operand) => Ok(Value::Double(run(self.double(operand)?))),
            Ir::Math2(run, left, right) => {
                let left = self.double(left)?;
                Ok(Value::Double(run(left, self.double(right)?)))
            }
            Ir::SetLocal { slot, value, post } => {
                let value = self.eval(value)?;
                let result = if *post {
                    self.local(*slot)
                } else {
                    value.clone()
                };
                self.set_local(*slot, value);
                Ok(result)
            }
            Ir::Score => Ok(Value::Double(self.host.score())),
            Ir::Unary {
                operator,
                operand,
                at,
            } => {
                let operand = self.eval(operand)?;
                located(arithmetic::unary(*operator, &operand), *at)
            }
            Ir::And(left, right) => {
                Ok(Value::Bool(self.condition(left)? && self.condition(right)?))
            }
            Ir::Or(left, right) => Ok(Value::Bool(self.condition(left)? || self.condition(right)?)),
            other => self.eval_rest(other),
        }
    }

    /// What is rarer, or takes longer anyway.
    #[inline(never)]
    fn eval_rest(&mut self, ir: &Ir) -> Result<Value, Raise> {
        match ir {
            Ir::Param(number) => Ok(self.constant(*number)),
            Ir::Params => Ok(self.constant(0)),
            Ir::Document => Ok(Value::Document),
            Ir::Ctx => Ok(self.ctx.clone()),
            Ir::Field(field, at) => self.field(*field, *at),
            Ir::Concat { left, right, at } => {
                let left = self.eval(left)?;
                let right = self.eval(right)?;
                let joined = format!("{left}{right}");
                located(self.make(joined.len()), *at)?;
                Ok(Value::text(joined))
            }
            Ir::Like { operand, slot, at } => {
                let value = self.eval(operand)?;
                let old = self.local(*slot);
                located(convert_like(value, &old), *at)
            }
            Ir::InstanceOf { operand, of } => Ok(Value::Bool(is_of(&self.eval(operand)?, *of))),
            Ir::Elvis(left, right) => match self.eval(left)? {
                Value::Null => self.eval(right),
                value => Ok(value),
            },
            Ir::Member {
                target,
                name,
                getters,
                null_safe,
                at,
            } => {
                let target = self.eval(target)?;
                if *null_safe && matches!(target, Value::Null) {
                    return Ok(Value::Null);
                }
                placed(self.member(&target, name, getters), *at)
            }
            Ir::Index { target, index, at } => {
                let target = self.eval(target)?;
                let index = self.eval(index)?;
                located(self.element(&target, &index), *at)
            }
            Ir::Method {
                target,
                call,
                arguments,
                null_safe,
                at,
            } => {
                let target = self.eval(target)?;
                if *null_safe && matches!(target, Value::Null) {
                    return Ok(Value::Null);
                }
                let arguments = self.all(arguments)?;
                placed(self.call_method(&target, call, arguments), *at)
            }
            Ir::Static {
                method,
                arguments,
                at,
            } => {
                // What has a few arguments needs no memory of its own.
                let mut few = [const { Value::Null }; FEW];
                if let Some(places) = few.get_mut(..arguments.len()) {
                    for (place, argument) in places.iter_mut().zip(arguments) {
                        *place = self.eval(argument)?;
                    }
                    return placed(self.call_static(method, places), *at);
                }
                let arguments = self.all(arguments)?;
                placed(self.call_static(method, &arguments), *at)
            }
            Ir::Call {
                function,
                arguments,
                at,
            } => {
                let arguments = self.all(arguments)?;
                placed(self.call_routine(*function, &arguments, &[]), *at)
            }
            Ir::Lambda { function, captures } => Ok(self.closure(*function, captures)),
            Ir::List(values) => {
                let values = self.all(values)?;
                self.made(values.len())?;
                Ok(Value::List(List::new(values)))
            }
            Ir::Map(entries) => {
                let map = Map::new();
                self.made(4 * entries.len())?;
                for (key, value) in entries {
                    let key = self.eval(key)?;
                    map.insert(key, self.eval(value)?);
                }
                Ok(Value::Map(map))
            }
            Ir::NewArray { of, lengths, at } => {
                let lengths = self.all(lengths)?;
                located(self.new_array(*of, &lengths), *at)
            }
            Ir::ArrayOf { of, values } => {
                let values = self.all(values)?;
                self.made(values.len())?;
                Ok(Value::Array(Array::new(array_name(*of), values)))
            }
            Ir::Store(store) => self.store(store),
            Ir::Vector {
                function,
                query,
                field,
                at,
            } => {
                let query = self.eval(query)?;
                let field = self.eval(field)?;
                located(self.vector_of(*function, &query, &field), *at).map(Value::Double)
            }
            // The rest is in the function before.
            _ => Ok(Value::Null),
        }
    }

    /// Evaluates a boolean; the checker has seen to its being one.
    pub(super) fn condition(&mut self, ir: &Ir) -> Result<bool, Raise> {
        Ok(matches!(self.eval(ir)?, Value::Bool(true)))
    }

    fn double(&mut self, ir: &Ir) -> Result<f64, Raise> {
        if let Ir::Const(Const::Double(number)) = ir {
            return Ok(*number);
        }
        Ok(self.eval(ir)?.as_f64().unwrap_or(f64::NAN))
    }

    pub(super) fn all(&mut self, list: &[Ir]) -> Result<Vec<Value>, Raise> {
        list.iter().map(|ir| self.eval(ir)).collect()
    }

    fn constant(&self, number: usize) -> Value {
        self.state
            .constants
            .get(number)
            .cloned()
            .unwrap_or(Value::Null)
    }

    /// Counts values that are about to be made.
    fn made(&mut self, values: usize) -> Result<(), Raise> {
        Ok(self.make(values.saturating_mul(size_of::<Value>()))?)
    }

    /// Counts a text that two values are joined to, if one is a text.
    fn grows(&mut self, left: &Value, right: &Value, at: At) -> Result<(), Raise> {
        let length = |value: &Value| match value {
            Value::Str(text) => text.len(),
            _ => 0,
        };
        let bytes = length(left) + length(right);
        if bytes > 0 {
            located(self.make(bytes), at)?;
        }
        Ok(())
    }

    fn new_array(&mut self, of: Type, lengths: &[Value]) -> Result<Value, Cause> {
        let Some((length, rest)) = lengths.split_first() else {
            return Ok(of.default_value());
        };
        let length = length.as_i64().unwrap_or(0);
        let Ok(size) = usize::try_from(length) else {
            return Err(Cause::new(CauseKind::NegativeArraySize, length.to_string()));
        };
        if size > MAX_ARRAY {
            return Err(Cause::new(
                CauseKind::Painless,
                format!("An array may have at most {MAX_ARRAY} elements, not {size}."),
            ));
        }
        self.make(size.saturating_mul(size_of::<Value>()))?;
        let element = of.element().unwrap_or(Type::Def);
        let mut values = Vec::with_capacity(size);
        for _ in 0..size {
            values.push(self.new_array(element, rest)?);
        }
        Ok(Value::Array(Array::new(array_name(of), values)))
    }
}

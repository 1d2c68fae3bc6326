//! Calls of methods, functions and lambdas.

use std::sync::Arc;

use super::{MAX_DEPTH, Machine, null_target};
use crate::convert::{Cast, convert};
use crate::error::{Cause, CauseKind};
use crate::ir::MethodCall;
use crate::library::{Body, Calls, Method, method_of};
use crate::source::{Fault, Raise};
use crate::types::{Class, Type};
use crate::value::{Closure, List, Value};

use super::steps::Go;

impl Machine<'_> {
    /// Calls a method of whatever the target is.
    pub(super) fn call_method(
        &mut self,
        target: &Value,
        call: &MethodCall,
        arguments: Vec<Value>,
    ) -> Result<Value, Raise> {
        match target {
            Value::Null => return Err(null_target().into()),
            Value::Field(field) => return self.call_on_field(*field, call, arguments),
            Value::Document => {
                let name = arguments
                    .first()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                match (&*call.name, arguments.len()) {
                    ("containsKey", 1) => return Ok(Value::Bool(self.number_of(&name).is_some())),
                    ("get", 1) => return Ok(self.field_named(&name)?),
                    _ => return Err(unsupported("the document's fields can only be read").into()),
                }
            }
            _ => {}
        }
        match method_of(&call.methods, target) {
            Some(method) => self.run_method(method, target, arguments),
            None => Err(not_found(target.class_name(), call, arguments.len()).into()),
        }
    }

    fn run_method(
        &mut self,
        method: &'static Method,
        target: &Value,
        mut arguments: Vec<Value>,
    ) -> Result<Value, Raise> {
        let fit = arguments
            .iter()
            .zip(method.parameters)
            .all(|(argument, wanted)| {
                match argument {
                    Value::Null => true,
                    // A lambda is for methods that call it.
                    Value::Lambda(_) => *wanted == Type::Class(Class::Function),
                    argument => !wanted.is_primitive() || widens(argument, *wanted),
                }
            });
        if !fit {
            return Err(wrong_types(method, &arguments).into());
        }
        for (argument, wanted) in arguments.iter_mut().zip(method.parameters) {
            let value = std::mem::replace(argument, Value::Null);
            *argument = self.argument(value, *wanted)?;
        }
        match method.body {
            Body::Instance(run) => run(self, target, &arguments),
            _ => Ok(Value::Null),
        }
    }

    /// Brings an argument to the type that a method takes.
    fn argument(&mut self, value: Value, wanted: Type) -> Result<Value, Raise> {
        // A field's values are a list to those who take one.
        if let (Value::Field(field), Type::Class(class)) = (&value, wanted)
            && Class::List.is_a(class)
            && class != Class::Object
        {
            return Ok(Value::List(List::new(self.field_values(*field)?)));
        }
        let cast = Cast {
            to: wanted,
            explicit: false,
            from_def: true,
        };
        Ok(convert(value, cast)?)
    }

    fn call_on_field(
        &mut self,
        field: usize,
        call: &MethodCall,
        arguments: Vec<Value>,
    ) -> Result<Value, Raise> {
        let place = arguments.first().and_then(Value::as_i64);
        match (&*call.name, arguments.len(), place) {
            ("size" | "getLength", 0, _) => return Ok(Value::Int(self.field_size(field)? as i32)),
            ("isEmpty", 0, _) => return Ok(Value::Bool(self.field_size(field)? == 0)),
            ("get", 1, Some(at)) => return Ok(self.field_element(field, at)?),
            (name, 0, _) => {
                // `getValue()`, `getVectorValue()` and the like.
                let property = name.strip_prefix("get").and_then(|name| {
                    let first = name.chars().next()?.to_lowercase();
                    Some(format!("{first}{}", name.get(1..)?))
                });
                if let Some(property) = property
                    && let Some(value) = self.field_property(field, &property)?
                {
                    return Ok(value);
                }
            }
            _ => {}
        }
        const CHANGE: [&str; 9] = [
            "add",
            "addAll",
            "clear",
            "remove",
            "removeAll",
            "removeIf",
            "retainAll",
            "set",
            "sort",
        ];
        let list_method = method_of(&call.methods, &Value::List(List::default()));
        match list_method {
            Some(_) if CHANGE.contains(&&*call.name) => {
                Err(unsupported("doc values are unmodifiable").into())
            }
            Some(method) => {
                let list = Value::List(List::new(self.field_values(field)?));
                self.run_method(method, &list, arguments)
            }
            None => Err(not_found(self.field_class(field), call, arguments.len()).into()),
        }
    }

    pub(super) fn call_static(
        &mut self,
        method: &Method,
        arguments: &[Value],
    ) -> Result<Value, Raise> {
        match method.body {
            Body::Static(run) => run(self, arguments),
            _ => Ok(Value::Null),
        }
    }

    /// Calls a function of the script; `captured` are values of variables that it took along.
    pub(super) fn call_routine(
        &mut self,
        routine: usize,
        arguments: &[Value],
        captured: &[(usize, Value)],
    ) -> Result<Value, Raise> {
        let Some(routine) = self.ready.routines.get(routine) else {
            return Ok(Value::Null);
        };
        // A call takes some room of its own.
        let deeper = routine.depth + 4;
        if self.depth + deeper > MAX_DEPTH {
            return Err(Box::new(Fault {
                at: None,
                cause: Cause {
                    kind: CauseKind::StackOverflow,
                    reason: None,
                },
            }));
        }
        if arguments.len() != routine.parameters {
            return Err(Cause::argument(format!(
                "a lambda with {} parameters was called with {} arguments",
                routine.parameters,
                arguments.len()
            ))
            .into());
        }
        let (base, frame) = (self.base, self.state.locals.len());
        self.depth += deeper;
        self.base = frame;
        self.state.locals.extend_from_slice(arguments);
        self.state.locals.resize(frame + routine.slots, Value::Null);
        for (slot, value) in captured {
            self.set_local(*slot, value.clone());
        }
        let result = self.steps(&routine.body);
        self.state.locals.truncate(frame);
        self.base = base;
        self.depth -= deeper;
        match result? {
            Go::Return(value) => Ok(value),
            _ => Ok(routine.default.value()),
        }
    }

    pub(super) fn closure(&self, function: usize, captures: &[(usize, usize)]) -> Value {
        let captured = captures
            .iter()
            .map(|(here, there)| (*there, self.local(*here)))
            .collect();
        Value::Lambda(Arc::new(Closure { function, captured }))
    }
}

impl Calls for Machine<'_> {
    fn call(&mut self, lambda: &Value, arguments: &[Value]) -> Result<Value, Raise> {
        match lambda {
            Value::Lambda(closure) => {
                self.call_routine(closure.function, arguments, &closure.captured)
            }
            Value::Null => Err(null_target().into()),
            other => Err(Cause::cast(format!(
                "class {} cannot be cast to class java.util.function.Function",
                other.class_name()
            ))
            .into()),
        }
    }

    fn charge(&mut self, bytes: usize) -> Result<(), Raise> {
        Ok(self.make(bytes)?)
    }

    /// SplitMix64.
    fn random(&mut self) -> f64 {
        self.state.random = self.state.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.state.random;
        bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn unsupported(reason: &str) -> Cause {
    Cause::new(CauseKind::UnsupportedOperation, reason)
}

fn not_found(class: &str, call: &MethodCall, arity: usize) -> Cause {
    let name = &call.name;
    Cause::argument(format!(
        "dynamic method [{class}, {name}/{arity}] not found"
    ))
}

/// Whether a value becomes a primitive type by itself.
fn widens(value: &Value, wanted: Type) -> bool {
    let primitive = Type::primitive_of(value);
    primitive.is_some_and(|primitive| primitive.may_become(wanted, false))
}

/// What Java says of a call whose arguments do not fit the method.
fn wrong_types(method: &Method, arguments: &[Value]) -> Cause {
    let short = |ty: Type| match ty {
        Type::Def => "Object".to_owned(),
        Type::Class(class) => class.short_name().to_owned(),
        primitive => primitive.to_string(),
    };
    let mut taken = vec![method.class.short_name().to_owned()];
    taken.extend(method.parameters.iter().map(|wanted| short(*wanted)));
    let mut given = vec!["Object".to_owned()];
    given.extend(arguments.iter().map(|argument| {
        match Type::primitive_of(argument) {
            Some(primitive) => primitive.to_string(),
            None => argument
                .class_name()
                .rsplit('.')
                .next()
                .unwrap_or("Object")
                .to_owned(),
        }
    }));
    Cause::new(
        CauseKind::WrongMethodType,
        format!(
            "cannot convert MethodHandle({}){} to ({})Object",
            taken.join(","),
            short(method.returns),
            given.join(",")
        ),
    )
}

//! Looking through a script's instructions.

use crate::ir::{Ir, Place, Step};

/// Methods that change what they are called on.
const CHANGE: [&str; 13] = [
    "add",
    "addAll",
    "put",
    "putAll",
    "putIfAbsent",
    "remove",
    "removeIf",
    "removeAll",
    "retainAll",
    "clear",
    "set",
    "sort",
    "computeIfAbsent",
];

/// Methods that neither change what they are called on nor give it, or a list or map in it, to anyone.
const LOOK: [&str; 7] = [
    "size",
    "isEmpty",
    "contains",
    "containsKey",
    "containsValue",
    "indexOf",
    "lastIndexOf",
];

/// Returns whether a script changes any list, map or array.
pub(super) fn changes(body: &[Step]) -> bool {
    let mut found = false;
    each(body, &mut |ir, _| {
        found |= match ir {
            Ir::Store(_) => true,
            Ir::Method { call, .. } => CHANGE.contains(&&*call.name),
            Ir::Static { method, .. } => method.name == "sort",
            _ => false,
        };
    });
    found
}

/// Returns whether a list or map out of the parameters goes anywhere but where it is only looked at.
pub(super) fn shares(body: &[Step]) -> bool {
    let mut found = false;
    each(body, &mut |ir, looked_at| {
        found |= !looked_at && matches!(ir, Ir::Param(_) | Ir::Params);
    });
    found
}

/// Calls a function with every instruction, and whether what is around it only looks at its value.
fn each(body: &[Step], visit: &mut dyn FnMut(&Ir, bool)) {
    for step in body {
        match step {
            Step::Eval(ir) | Step::Return(ir) | Step::Throw(ir, _) => instruction(ir, false, visit),
            Step::If {
                condition,
                then,
                otherwise,
            } => {
                instruction(condition, false, visit);
                each(then, visit);
                each(otherwise, visit);
            }
            Step::Loop {
                condition,
                after,
                body,
                ..
            } => {
                for ir in condition.iter().chain(after) {
                    instruction(ir, false, visit);
                }
                each(body, visit);
            }
            Step::ForEach { over, body, .. } => {
                instruction(over, false, visit);
                each(body, visit);
            }
            Step::Try { body, catches } => {
                each(body, visit);
                for (_, _, body) in catches {
                    each(body, visit);
                }
            }
            Step::Break | Step::Continue => {}
        }
    }
}

fn instruction(ir: &Ir, looked_at: bool, visit: &mut dyn FnMut(&Ir, bool)) {
    visit(ir, looked_at);
    let mut inside = |ir: &Ir, looked_at: bool| instruction(ir, looked_at, visit);
    match ir {
        Ir::Const(_)
        | Ir::Params
        | Ir::Param(_)
        | Ir::Document
        | Ir::Ctx
        | Ir::Score
        | Ir::Local(_)
        | Ir::Lambda { .. }
        | Ir::VectorCall(..)
        | Ir::Field(..)
        | Ir::FieldValue(..)
        | Ir::FieldSize(..)
        | Ir::FieldEmpty(..) => {}
        Ir::SetLocal { value, .. } => inside(value, false),
        Ir::Unary { operand, .. }
        | Ir::Cast { operand, .. }
        | Ir::Like { operand, .. }
        | Ir::InstanceOf { operand, .. }
        | Ir::Math1(_, operand) => inside(operand, false),
        Ir::Binary { left, right, .. }
        | Ir::Concat { left, right, .. }
        | Ir::And(left, right)
        | Ir::Or(left, right)
        | Ir::Elvis(left, right)
        | Ir::Math2(_, left, right) => {
            inside(left, false);
            inside(right, false);
        }
        Ir::Conditional(parts) => {
            inside(&parts.0, false);
            inside(&parts.1, false);
            inside(&parts.2, false);
        }
        Ir::Member { target, name, .. } => inside(target, matches!(&**name, "length" | "empty")),
        Ir::Index { target, index, .. } => {
            inside(target, false);
            inside(index, false);
        }
        Ir::Method {
            target,
            call,
            arguments,
            ..
        } => {
            inside(target, LOOK.contains(&&*call.name));
            for argument in arguments {
                inside(argument, false);
            }
        }
        Ir::Static {
            arguments: values, ..
        }
        | Ir::Call {
            arguments: values, ..
        }
        | Ir::List(values)
        | Ir::ArrayOf { values, .. }
        | Ir::NewArray {
            lengths: values, ..
        } => {
            for value in values {
                inside(value, false);
            }
        }
        Ir::Map(entries) => {
            for (key, value) in entries {
                inside(key, false);
                inside(value, false);
            }
        }
        Ir::Store(store) => {
            inside(&store.target, false);
            if let Place::Index(index) = &store.place {
                inside(index, false);
            }
            inside(&store.value, false);
        }
        Ir::Vector { query, field, .. } => {
            inside(query, true);
            inside(field, false);
        }
    }
}

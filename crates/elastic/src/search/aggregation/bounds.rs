//! Bounds of histograms.

use crate::json::{Kind, Member, Node};
use crate::reading::{Read, in_field, unknown_field, wrong_sort};

/// Reads `min` and `max`, each of which may be missing, with a reader of single values.
pub(super) fn bounds<T>(
    outer: &str,
    parser: &str,
    member: &Member<'_>,
    read: impl Fn(&Node<'_>) -> Read<T>,
) -> Read<(Option<T>, Option<T>)> {
    let name = member.name.as_ref();
    let Some(members) = member.value.members() else {
        return Err(wrong_sort(outer, name, &member.value));
    };
    let (mut min, mut max) = (None, None);
    for bound in members {
        let slot = match bound.name.as_ref() {
            "min" => &mut min,
            "max" => &mut max,
            _ => {
                let unknown = unknown_field(parser, bound, &["min", "max"]);
                return in_field(outer, name, Err(unknown));
            }
        };
        if bound.value.kind == Kind::Null {
            continue;
        }
        let value = in_field(parser, &bound.name, read(&bound.value));
        *slot = Some(in_field(outer, name, value)?);
    }
    Ok((min, max))
}

//! Maps, which scripts share and change; they keep the order in which keys came.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Value;

/// A map that every copy shares.
#[derive(Debug, Clone, Default)]
pub struct Map(Rc<RefCell<Table>>);

#[derive(Debug, Default)]
struct Table {
    /// The entries in their order; those that were removed are none until the table is packed.
    entries: Vec<Option<(Value, Value)>>,
    places: HashMap<Key, usize>,
}

/// What makes two keys the same: Java's `equals`.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Null,
    Bool(bool),
    Char(u16),
    /// A whole number and how wide its type is.
    Whole(u8, i64),
    Float(u32),
    Double(u64),
    Str(Arc<str>),
    Time(i64),
    /// Everything else by its class and how it prints.
    Other(&'static str, String),
}

impl Key {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Char(value) => Self::Char(*value),
            Value::Byte(value) => Self::Whole(1, i64::from(*value)),
            Value::Short(value) => Self::Whole(2, i64::from(*value)),
            Value::Int(value) => Self::Whole(4, i64::from(*value)),
            Value::Long(value) => Self::Whole(8, *value),
            Value::Float(value) => Self::Float(value.to_bits()),
            Value::Double(value) => Self::Double(value.to_bits()),
            Value::Str(value) => Self::Str(value.clone()),
            Value::Date(value) | Value::Instant(value) => Self::Time(*value),
            other => Self::Other(other.class_name(), other.to_string()),
        }
    }
}

impl Map {
    /// Makes an empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many keys it has.
    pub fn len(&self) -> usize {
        self.0.borrow().places.len()
    }

    /// Returns whether it has no keys.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the value of a key.
    pub fn get(&self, key: &Value) -> Option<Value> {
        let key = Key::of(key);
        let table = self.0.borrow();
        let place = *table.places.get(&key)?;
        let (_, value) = table.entries.get(place)?.as_ref()?;
        Some(value.clone())
    }

    /// Returns the value of a key that is a text.
    pub fn get_str(&self, key: &str) -> Option<Value> {
        self.get(&Value::text(key))
    }

    /// Returns whether it has a key.
    pub fn contains_key(&self, key: &Value) -> bool {
        self.0.borrow().places.contains_key(&Key::of(key))
    }

    /// Gives a key a value, and returns the one that it had.
    pub fn insert(&self, key: Value, value: Value) -> Option<Value> {
        let name = Key::of(&key);
        let mut table = self.0.borrow_mut();
        if let Some(&place) = table.places.get(&name)
            && let Some(Some(entry)) = table.entries.get_mut(place)
        {
            return Some(std::mem::replace(&mut entry.1, value));
        }
        let place = table.entries.len();
        table.entries.push(Some((key, value)));
        table.places.insert(name, place);
        None
    }

    /// Removes a key, and returns the value that it had.
    pub fn remove(&self, key: &Value) -> Option<Value> {
        let mut table = self.0.borrow_mut();
        let place = table.places.remove(&Key::of(key))?;
        let (_, value) = table.entries.get_mut(place)?.take()?;
        if table.entries.len() > 2 * table.places.len() + 8 {
            table.entries.retain(Option::is_some);
            let places = table
                .entries
                .iter()
                .flatten()
                .enumerate()
                .map(|(place, (key, _))| (Key::of(key), place))
                .collect();
            table.places = places;
        }
        Some(value)
    }

    /// Removes every key.
    pub fn clear(&self) {
        *self.0.borrow_mut() = Table::default();
    }

    /// Returns the keys and values as they are now, in the order in which the keys came.
    pub fn entries(&self) -> Vec<(Value, Value)> {
        self.0.borrow().entries.iter().flatten().cloned().collect()
    }

    /// Returns whether both are the same map.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

//! Maps, which scripts share and change; they keep the order in which keys came.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Value, drop_all};

/// A map that every copy shares.
#[derive(Debug, Clone, Default)]
pub struct Map(Arc<Mutex<Table>>);

#[derive(Debug, Default)]
struct Table {
    /// The entries in their order; those that were removed are none until the table is packed.
    entries: Vec<Option<Entry>>,
    places: HashMap<Key, usize>,
}

#[derive(Debug)]
struct Entry {
    name: Key,
    key: Value,
    value: Value,
}

impl Table {
    fn take(&mut self) -> Vec<Value> {
        self.places.clear();
        std::mem::take(&mut self.entries)
            .into_iter()
            .flatten()
            .flat_map(|entry| [entry.key, entry.value])
            .collect()
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let values = self.take();
        drop_all(values);
    }
}

/// What makes two keys the same: Java's `equals`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

    /// Only one thread runs a script, so that nobody waits here; no caller may reach another value meanwhile.
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns how many keys it has.
    pub fn len(&self) -> usize {
        self.lock().places.len()
    }

    /// Returns whether it has no keys.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the value of a key.
    pub fn get(&self, key: &Value) -> Option<Value> {
        let name = Key::of(key);
        let table = self.lock();
        let place = *table.places.get(&name)?;
        let entry = table.entries.get(place)?.as_ref()?;
        Some(entry.value.clone())
    }

    /// Returns the value of a key that is a text.
    pub fn get_str(&self, key: &str) -> Option<Value> {
        self.get(&Value::text(key))
    }

    /// Returns whether it has a key.
    pub fn contains_key(&self, key: &Value) -> bool {
        let name = Key::of(key);
        self.lock().places.contains_key(&name)
    }

    /// Gives a key a value, and returns the one that it had.
    pub fn insert(&self, key: Value, value: Value) -> Option<Value> {
        let name = Key::of(&key);
        let mut table = self.lock();
        let table = &mut *table;
        if let Some(&place) = table.places.get(&name)
            && let Some(Some(entry)) = table.entries.get_mut(place)
        {
            return Some(std::mem::replace(&mut entry.value, value));
        }
        table.places.insert(name.clone(), table.entries.len());
        table.entries.push(Some(Entry { name, key, value }));
        None
    }

    /// Removes a key, and returns the value that it had.
    pub fn remove(&self, key: &Value) -> Option<Value> {
        let name = Key::of(key);
        let mut table = self.lock();
        let place = table.places.remove(&name)?;
        let entry = table.entries.get_mut(place)?.take()?;
        if table.entries.len() > 2 * table.places.len() + 8 {
            table.entries.retain(Option::is_some);
            table.places = table
                .entries
                .iter()
                .flatten()
                .enumerate()
                .map(|(place, entry)| (entry.name.clone(), place))
                .collect();
        }
        Some(entry.value)
    }

    /// Removes every key.
    pub fn clear(&self) {
        let old = self.lock().take();
        drop_all(old);
    }

    /// Returns the keys and values as they are now, in the order in which the keys came.
    pub fn entries(&self) -> Vec<(Value, Value)> {
        self.lock()
            .entries
            .iter()
            .flatten()
            .map(|entry| (entry.key.clone(), entry.value.clone()))
            .collect()
    }

    /// Returns whether both are the same map.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The keys and values, if this is the last that holds them.
    pub(super) fn into_last(self) -> Vec<Value> {
        Arc::into_inner(self.0).map_or_else(Vec::new, |table| {
            table
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner)
                .take()
        })
    }
}

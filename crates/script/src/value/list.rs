//! Lists and arrays, which scripts share and change.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Value, drop_all};

/// Elements that are dropped one by one, however deep they hold others.
#[derive(Debug, Default)]
struct Elements(Vec<Value>);

impl Drop for Elements {
    fn drop(&mut self) {
        drop_all(std::mem::take(&mut self.0));
    }
}

#[derive(Debug, Clone, Default)]
struct Shared(Arc<Mutex<Elements>>);

impl Shared {
    fn new(values: Vec<Value>) -> Self {
        Self(Arc::new(Mutex::new(Elements(values))))
    }

    /// Only one thread runs a script, so that nobody waits here; no caller may reach another value meanwhile.
    fn lock(&self) -> MutexGuard<'_, Elements> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The elements, if this is the last that holds them.
    fn into_last(self) -> Vec<Value> {
        Arc::into_inner(self.0).map_or_else(Vec::new, |elements| {
            let mut elements = elements
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut elements.0)
        })
    }
}

/// A list that every copy shares.
#[derive(Debug, Clone, Default)]
pub struct List(Shared);

impl List {
    /// Makes a list of values.
    pub fn new(values: Vec<Value>) -> Self {
        Self(Shared::new(values))
    }

    /// Returns how many elements it has.
    pub fn len(&self) -> usize {
        self.0.lock().0.len()
    }

    /// Returns whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns an element.
    pub fn get(&self, at: usize) -> Option<Value> {
        self.0.lock().0.get(at).cloned()
    }

    /// Appends an element.
    pub fn push(&self, value: Value) {
        self.0.lock().0.push(value);
    }

    /// Returns the elements as they are now.
    pub fn to_vec(&self) -> Vec<Value> {
        self.0.lock().0.clone()
    }

    /// Replaces an element, and returns it.
    pub(crate) fn set(&self, at: usize, value: Value) -> Option<Value> {
        let mut elements = self.0.lock();
        Some(std::mem::replace(elements.0.get_mut(at)?, value))
    }

    /// Puts an element in at a place up to the length; returns whether it was such a place.
    pub(crate) fn insert(&self, at: usize, value: Value) -> bool {
        let mut elements = self.0.lock();
        let fits = at <= elements.0.len();
        if fits {
            elements.0.insert(at, value);
        }
        fits
    }

    /// Takes an element out.
    pub(crate) fn remove(&self, at: usize) -> Option<Value> {
        let mut elements = self.0.lock();
        (at < elements.0.len()).then(|| elements.0.remove(at))
    }

    /// Puts other elements in the place of all.
    pub(crate) fn replace(&self, values: Vec<Value>) {
        let old = std::mem::replace(&mut self.0.lock().0, values);
        drop_all(old);
    }

    /// Finds the first element that passes, one by one, so that the test may look at this list too.
    pub(crate) fn position(&self, passes: impl Fn(&Value) -> bool) -> Option<usize> {
        let mut at = 0;
        while let Some(element) = self.get(at) {
            if passes(&element) {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// Returns whether both are the same list.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0.0, &other.0.0)
    }

    pub(super) fn into_last(self) -> Vec<Value> {
        self.0.into_last()
    }
}

/// An array of a fixed length that every copy shares.
#[derive(Debug, Clone)]
pub struct Array {
    class_name: &'static str,
    values: Shared,
}

impl Array {
    /// Makes an array with the name of its Java class: `float[]`.
    pub(crate) fn new(class_name: &'static str, values: Vec<Value>) -> Self {
        Self {
            class_name,
            values: Shared::new(values),
        }
    }

    /// Returns the name of its Java class.
    pub fn class_name(&self) -> &'static str {
        self.class_name
    }

    /// Returns how many elements it has.
    pub fn len(&self) -> usize {
        self.values.lock().0.len()
    }

    /// Returns whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns an element.
    pub fn get(&self, at: usize) -> Option<Value> {
        self.values.lock().0.get(at).cloned()
    }

    /// Replaces an element; returns false where there is none.
    pub(crate) fn set(&self, at: usize, value: Value) -> bool {
        let mut values = self.values.lock();
        let old = values
            .0
            .get_mut(at)
            .map(|place| std::mem::replace(place, value));
        drop(values);
        old.is_some()
    }

    /// Returns the elements as they are now.
    pub fn to_vec(&self) -> Vec<Value> {
        self.values.lock().0.clone()
    }

    /// Returns whether both are the same array.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.values.0, &other.values.0)
    }

    pub(super) fn into_last(self) -> Vec<Value> {
        self.values.into_last()
    }
}

//! Lists and arrays, which scripts share and change.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

use super::Value;

/// A list that every copy shares.
#[derive(Debug, Clone, Default)]
pub struct List(Rc<RefCell<Vec<Value>>>);

impl List {
    /// Makes a list of values.
    pub fn new(values: Vec<Value>) -> Self {
        Self(Rc::new(RefCell::new(values)))
    }

    /// Returns how many elements it has.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Returns whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Returns an element.
    pub fn get(&self, at: usize) -> Option<Value> {
        self.0.borrow().get(at).cloned()
    }

    /// Appends an element.
    pub fn push(&self, value: Value) {
        self.0.borrow_mut().push(value);
    }

    /// Returns the elements as they are now.
    pub fn to_vec(&self) -> Vec<Value> {
        self.0.borrow().clone()
    }

    /// Lends the elements; nothing that runs meanwhile may change the list.
    pub(crate) fn lend(&self) -> Ref<'_, Vec<Value>> {
        self.0.borrow()
    }

    /// Lends the elements to be changed; nothing that runs meanwhile may look at the list.
    pub(crate) fn lend_mut(&self) -> RefMut<'_, Vec<Value>> {
        self.0.borrow_mut()
    }

    /// Returns whether both are the same list.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// An array of a fixed length that every copy shares.
#[derive(Debug, Clone)]
pub struct Array {
    class_name: &'static str,
    values: Rc<RefCell<Vec<Value>>>,
}

impl Array {
    /// Makes an array with the name of its Java class: `float[]`.
    pub(crate) fn new(class_name: &'static str, values: Vec<Value>) -> Self {
        Self {
            class_name,
            values: Rc::new(RefCell::new(values)),
        }
    }

    /// Returns the name of its Java class.
    pub fn class_name(&self) -> &'static str {
        self.class_name
    }

    /// Returns how many elements it has.
    pub fn len(&self) -> usize {
        self.values.borrow().len()
    }

    /// Returns whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.values.borrow().is_empty()
    }

    /// Returns an element.
    pub fn get(&self, at: usize) -> Option<Value> {
        self.values.borrow().get(at).cloned()
    }

    /// Replaces an element; returns false where there is none.
    pub(crate) fn set(&self, at: usize, value: Value) -> bool {
        match self.values.borrow_mut().get_mut(at) {
            Some(place) => {
                *place = value;
                true
            }
            None => false,
        }
    }

    /// Returns the elements as they are now.
    pub fn to_vec(&self) -> Vec<Value> {
        self.values.borrow().clone()
    }

    /// Returns whether both are the same array.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.values, &other.values)
    }
}

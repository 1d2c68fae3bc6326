//! Where scripts stand.

use crate::types::Type;

/// Where a script stands: which variables it sees and what it gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// A score: sees `doc`, `params`, `_score` and the vector functions; gives a `double`.
    Score,
    /// A filter: sees `doc` and `params`; gives a `boolean`.
    Filter,
    /// A field made by a script: sees `doc` and `params`; gives any value.
    Field,
    /// A change of a document: sees `ctx` and `params`; gives nothing.
    Update,
}

impl Context {
    /// The type of what a script here gives.
    pub(crate) fn returns(self) -> Type {
        match self {
            Self::Score => Type::Double,
            Self::Filter => Type::Boolean,
            Self::Field => Type::Def,
            Self::Update => Type::Void,
        }
    }

    /// The names that a script here sees without declaring them.
    pub(crate) fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Score => &["params", "doc", "_score"],
            Self::Filter | Self::Field => &["params", "doc"],
            Self::Update => &["params", "ctx"],
        }
    }
}

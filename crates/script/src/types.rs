//! The types that the checker knows, and which may become which.

use std::fmt;

use crate::value::Value;

/// A static type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    Void,
    /// Anything; what it is is found out while the script runs.
    Def,
    Boolean,
    Byte,
    Short,
    Char,
    Int,
    Long,
    Float,
    Double,
    Class(Class),
    /// An array of a type that is no array, with its number of dimensions.
    Array(Element, u8),
}

/// What an array holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Element {
    Def,
    Boolean,
    Byte,
    Short,
    Char,
    Int,
    Long,
    Float,
    Double,
    Class(Class),
}

macro_rules! classes {
    ($($variant:ident, $short:literal, $full:literal;)*) => {
        /// The Java classes that scripts may name.
        #[expect(clippy::enum_variant_names, reason = "Java's classes have Java's names")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Class { $($variant,)* }

        impl Class {
            /// Every class.
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns the name that scripts use.
            pub(crate) fn short_name(self) -> &'static str {
                match self { $(Self::$variant => $short,)* }
            }

            /// Returns the name with its package.
            pub(crate) fn full_name(self) -> &'static str {
                match self { $(Self::$variant => $full,)* }
            }
        }
    };
}

classes! {
    Object, "Object", "java.lang.Object";
    CharSequence, "CharSequence", "java.lang.CharSequence";
    String, "String", "java.lang.String";
    Number, "Number", "java.lang.Number";
    Boolean, "Boolean", "java.lang.Boolean";
    Byte, "Byte", "java.lang.Byte";
    Short, "Short", "java.lang.Short";
    Character, "Character", "java.lang.Character";
    Integer, "Integer", "java.lang.Integer";
    Long, "Long", "java.lang.Long";
    Float, "Float", "java.lang.Float";
    Double, "Double", "java.lang.Double";
    Math, "Math", "java.lang.Math";
    Iterable, "Iterable", "java.lang.Iterable";
    Collection, "Collection", "java.util.Collection";
    List, "List", "java.util.List";
    ArrayList, "ArrayList", "java.util.ArrayList";
    Set, "Set", "java.util.Set";
    HashSet, "HashSet", "java.util.HashSet";
    Map, "Map", "java.util.Map";
    HashMap, "HashMap", "java.util.HashMap";
    Entry, "Map.Entry", "java.util.Map.Entry";
    Iterator, "Iterator", "java.util.Iterator";
    Collections, "Collections", "java.util.Collections";
    Objects, "Objects", "java.util.Objects";
    StringBuilder, "StringBuilder", "java.lang.StringBuilder";
    ZonedDateTime, "ZonedDateTime", "java.time.ZonedDateTime";
    Instant, "Instant", "java.time.Instant";
    GeoPoint, "GeoPoint", "org.elasticsearch.common.geo.GeoPoint";
    Function, "Function", "java.util.function.Function";
    Exception, "Exception", "java.lang.Exception";
    RuntimeException, "RuntimeException", "java.lang.RuntimeException";
    ArithmeticException, "ArithmeticException", "java.lang.ArithmeticException";
    ArrayIndexOutOfBoundsException, "ArrayIndexOutOfBoundsException", "java.lang.ArrayIndexOutOfBoundsException";
    ClassCastException, "ClassCastException", "java.lang.ClassCastException";
    IllegalArgumentException, "IllegalArgumentException", "java.lang.IllegalArgumentException";
    IllegalStateException, "IllegalStateException", "java.lang.IllegalStateException";
    IndexOutOfBoundsException, "IndexOutOfBoundsException", "java.lang.IndexOutOfBoundsException";
    NullPointerException, "NullPointerException", "java.lang.NullPointerException";
    NumberFormatException, "NumberFormatException", "java.lang.NumberFormatException";
    UnsupportedOperationException, "UnsupportedOperationException", "java.lang.UnsupportedOperationException";
}

/// Returns whether a name is a class's, with or without its package.
pub(crate) fn is_type_name(name: &str) -> bool {
    Class::named(name).is_some()
}

impl Class {
    /// Finds a class by the name that scripts use, with or without its package.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|class| class.short_name() == name || class.full_name() == name)
    }

    /// Returns the class above it, or an interface that it has; none above `Object`.
    fn above(self) -> &'static [Self] {
        match self {
            Self::Object => &[],
            Self::String | Self::StringBuilder => &[Self::CharSequence],
            Self::Byte | Self::Short | Self::Integer | Self::Long | Self::Float | Self::Double => {
                &[Self::Number]
            }
            Self::Collection => &[Self::Iterable],
            Self::List | Self::Set => &[Self::Collection],
            Self::ArrayList => &[Self::List],
            Self::HashSet => &[Self::Set],
            Self::HashMap => &[Self::Map],
            Self::RuntimeException => &[Self::Exception],
            Self::ArrayIndexOutOfBoundsException => &[Self::IndexOutOfBoundsException],
            Self::NumberFormatException => &[Self::IllegalArgumentException],
            Self::ArithmeticException
            | Self::ClassCastException
            | Self::IllegalArgumentException
            | Self::IllegalStateException
            | Self::IndexOutOfBoundsException
            | Self::NullPointerException
            | Self::UnsupportedOperationException => &[Self::RuntimeException],
            _ => &[Self::Object],
        }
    }

    /// Returns whether every object of this class is one of the other.
    pub(crate) fn is_a(self, other: Self) -> bool {
        self == other || other == Self::Object || self.above().iter().any(|above| above.is_a(other))
    }
}

impl Element {
    pub(crate) fn as_type(self) -> Type {
        match self {
            Self::Def => Type::Def,
            Self::Boolean => Type::Boolean,
            Self::Byte => Type::Byte,
            Self::Short => Type::Short,
            Self::Char => Type::Char,
            Self::Int => Type::Int,
            Self::Long => Type::Long,
            Self::Float => Type::Float,
            Self::Double => Type::Double,
            Self::Class(class) => Type::Class(class),
        }
    }
}

impl Type {
    pub(crate) const OBJECT: Self = Self::Class(Class::Object);
    pub(crate) const STRING: Self = Self::Class(Class::String);
    pub(crate) const LIST: Self = Self::Class(Class::List);
    pub(crate) const MAP: Self = Self::Class(Class::Map);

    /// Finds a type that is no array by its name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "void" => Self::Void,
            "def" => Self::Def,
            "boolean" => Self::Boolean,
            "byte" => Self::Byte,
            "short" => Self::Short,
            "char" => Self::Char,
            "int" => Self::Int,
            "long" => Self::Long,
            "float" => Self::Float,
            "double" => Self::Double,
            name => Self::Class(Class::named(name)?),
        })
    }

    /// Returns the type of arrays of this one.
    pub(crate) fn array(self, dimensions: u8) -> Option<Self> {
        if dimensions == 0 {
            return Some(self);
        }
        let element = match self {
            Self::Def => Element::Def,
            Self::Boolean => Element::Boolean,
            Self::Byte => Element::Byte,
            Self::Short => Element::Short,
            Self::Char => Element::Char,
            Self::Int => Element::Int,
            Self::Long => Element::Long,
            Self::Float => Element::Float,
            Self::Double => Element::Double,
            Self::Class(class) => Element::Class(class),
            Self::Void | Self::Array(..) => return None,
        };
        Some(Self::Array(element, dimensions))
    }

    /// Returns what an array holds.
    pub(crate) fn element(self) -> Option<Self> {
        match self {
            Self::Array(element, 1) => Some(element.as_type()),
            Self::Array(element, more) => Some(Self::Array(element, more - 1)),
            _ => None,
        }
    }

    /// Returns what an array's place holds before anything is put there, and a variable that has no value.
    pub(crate) fn default_value(self) -> Value {
        match self {
            Self::Boolean => Value::Bool(false),
            Self::Byte => Value::Byte(0),
            Self::Short => Value::Short(0),
            Self::Char => Value::Char(0),
            Self::Int => Value::Int(0),
            Self::Long => Value::Long(0),
            Self::Float => Value::Float(0.0),
            Self::Double => Value::Double(0.0),
            _ => Value::Null,
        }
    }

    /// Returns how wide a number's type is: greater holds all of smaller.
    pub(crate) fn number_rank(self) -> Option<u8> {
        Some(match self {
            Self::Byte => 0,
            Self::Short => 1,
            Self::Char => 2,
            Self::Int => 3,
            Self::Long => 4,
            Self::Float => 5,
            Self::Double => 6,
            _ => return None,
        })
    }

    pub(crate) fn is_primitive(self) -> bool {
        self == Self::Boolean || self.number_rank().is_some()
    }

    /// Returns the class of the objects that stand for a primitive's values.
    pub(crate) fn boxed(self) -> Option<Class> {
        Some(match self {
            Self::Boolean => Class::Boolean,
            Self::Byte => Class::Byte,
            Self::Short => Class::Short,
            Self::Char => Class::Character,
            Self::Int => Class::Integer,
            Self::Long => Class::Long,
            Self::Float => Class::Float,
            Self::Double => Class::Double,
            _ => return None,
        })
    }

    /// Returns the primitive type that a value stands for.
    pub(crate) fn primitive_of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Bool(_) => Self::Boolean,
            Value::Byte(_) => Self::Byte,
            Value::Short(_) => Self::Short,
            Value::Char(_) => Self::Char,
            Value::Int(_) => Self::Int,
            Value::Long(_) => Self::Long,
            Value::Float(_) => Self::Float,
            Value::Double(_) => Self::Double,
            _ => return None,
        })
    }

    /// Returns whether a value of this type may become one of the other: without a word, or by a cast that is written.
    pub(crate) fn may_become(self, to: Self, explicit: bool) -> bool {
        if self == to {
            return true;
        }
        // A lambda is an argument of a method and nothing else.
        let lambda = Self::Class(Class::Function);
        if self == Self::Void || to == Self::Void || self == lambda {
            return false;
        }
        if self == Self::Def || to == Self::Def {
            return true;
        }
        if let (Some(from_rank), Some(to_rank)) = (self.number_rank(), to.number_rank()) {
            // A char is wider than a short in no sense: it has no sign.
            let widens = from_rank < to_rank && to != Self::Char;
            return widens || explicit;
        }
        match (self, to) {
            (Self::Class(Class::String), Self::Char) | (Self::Char, Self::Class(Class::String)) => {
                explicit
            }
            (Self::Class(from), Self::Class(to)) => from.is_a(to) || explicit && to.is_a(from),
            (Self::Array(..), Self::Class(Class::Object)) => true,
            (Self::Class(Class::Object), Self::Array(..)) => explicit,
            _ => false,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match *self {
            Self::Void => "void",
            Self::Def => "def",
            Self::Boolean => "boolean",
            Self::Byte => "byte",
            Self::Short => "short",
            Self::Char => "char",
            Self::Int => "int",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::Class(class) => class.full_name(),
            Self::Array(element, dimensions) => {
                let brackets = "[]".repeat(usize::from(dimensions));
                return write!(formatter, "{}{brackets}", element.as_type());
            }
        })
    }
}

/// Returns whether a value is an object of a class.
pub(crate) fn is_instance(value: &Value, class: Class) -> bool {
    class_of(value).is_some_and(|found| found.is_a(class))
}

/// Returns the class of a value; none of null.
pub(crate) fn class_of(value: &Value) -> Option<Class> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => Class::Boolean,
        Value::Byte(_) => Class::Byte,
        Value::Short(_) => Class::Short,
        Value::Char(_) => Class::Character,
        Value::Int(_) => Class::Integer,
        Value::Long(_) => Class::Long,
        Value::Float(_) => Class::Float,
        Value::Double(_) => Class::Double,
        Value::Str(_) => Class::String,
        Value::List(_) => Class::ArrayList,
        Value::Map(_) => Class::HashMap,
        Value::Document => Class::Map,
        Value::Set(_) => Class::HashSet,
        Value::Entry(_) => Class::Entry,
        Value::Array(_) => Class::Object,
        Value::Builder(_) => Class::StringBuilder,
        Value::Iterator(_) => Class::Iterator,
        Value::Exception(cause) => exception_class(cause.kind),
        Value::Date(_) => Class::ZonedDateTime,
        Value::Instant(_) => Class::Instant,
        Value::Point(..) => Class::GeoPoint,
        Value::Field(_) => Class::List,
        Value::Lambda(_) => Class::Function,
    })
}

/// Returns the class of an exception.
pub(crate) fn exception_class(kind: crate::error::CauseKind) -> Class {
    use crate::error::CauseKind as Kind;
    match kind {
        Kind::Arithmetic => Class::ArithmeticException,
        Kind::ArrayIndexOutOfBounds => Class::ArrayIndexOutOfBoundsException,
        Kind::ClassCast => Class::ClassCastException,
        Kind::IllegalArgument => Class::IllegalArgumentException,
        Kind::IllegalState => Class::IllegalStateException,
        Kind::IndexOutOfBounds | Kind::StringIndexOutOfBounds => Class::IndexOutOfBoundsException,
        Kind::NullPointer => Class::NullPointerException,
        Kind::NumberFormat => Class::NumberFormatException,
        Kind::UnsupportedOperation => Class::UnsupportedOperationException,
        Kind::Exception => Class::Exception,
        Kind::ConcurrentModification
        | Kind::NegativeArraySize
        | Kind::NoSuchElement
        | Kind::Painless
        | Kind::Runtime
        | Kind::StackOverflow
        | Kind::WrongMethodType => Class::RuntimeException,
    }
}

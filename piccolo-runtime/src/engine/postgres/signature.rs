//! The types that the parameters of a prepared statement have.
//!
//! Postgres keeps a statement with the types that its parameters had when it was prepared, and the driver looks statements up by
//! their text alone: the same text with other types would send the bytes of a float where an integer is expected. Typed
//! queries always give one text the same types; raw SQL need not.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use crate::Value;
use crate::schema::ElementType;

/// How many texts are remembered before all are forgotten, together with the statements prepared for them.
const MOST: usize = 10_000;

/// The types that each text had at first on one connection.
#[derive(Default)]
pub(crate) struct Signatures {
    first: HashMap<u64, Box<[Kind]>>,
    hasher: RandomState,
}

/// The type of a parameter, as far as it matters for its bytes. `None` for what the server finds out by itself, which agrees
/// with every type.
type Kind = Option<(std::mem::Discriminant<Value>, Option<std::mem::Discriminant<ElementType>>)>;

fn kind(value: &Value) -> Kind {
    let element = if let Value::Array(element, _) = value { Some(std::mem::discriminant(element)) } else { None };
    let known = !matches!(value, Value::Null | Value::Enum(_));
    known.then(|| (std::mem::discriminant(value), element))
}

impl Signatures {
    /// Whether so many texts are remembered that they should be forgotten.
    pub(crate) fn is_full(&self) -> bool {
        self.first.len() >= MOST
    }

    /// Forgets all texts.
    pub(crate) fn clear(&mut self) {
        self.first.clear();
    }

    /// The text to prepare for these values: the text itself for the types that came with it first, and one with a comment for
    /// others.
    pub(crate) fn text(&mut self, sql: Cow<'static, str>, args: &[Value]) -> Cow<'static, str> {
        if args.is_empty() {
            return sql;
        }
        let first = self.first.entry(self.hasher.hash_one(&sql)).or_insert_with(|| args.iter().map(kind).collect());
        let agrees =
            |(first, value): (&Kind, &Value)| first.is_none() || kind(value).is_none_or(|kind| *first == Some(kind));
        if first.iter().zip(args).all(agrees) {
            return sql;
        }
        let mut hasher = self.hasher.build_hasher();
        args.iter().for_each(|value| kind(value).hash(&mut hasher));
        Cow::Owned(format!("{sql} /* {:016x} */", hasher.finish()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_other_types_becomes_another_text() {
        let mut signatures = Signatures::default();
        let mut text = |value: Value| signatures.text(Cow::Borrowed("SELECT $1"), &[value]).into_owned();
        assert_eq!(text(Value::Integer(1)), "SELECT $1");
        assert_eq!(text(Value::Integer(2)), "SELECT $1");
        assert_eq!(text(Value::Null), "SELECT $1");
        let other = text(Value::Real(1.0));
        assert!(other.starts_with("SELECT $1 /* "), "{other}");
        assert_eq!(text(Value::Real(2.0)), other);
        assert_ne!(text(Value::BigInt(2)), other);
        let array = |element| Value::Array(element, Vec::new());
        assert_ne!(text(array(ElementType::Text)), text(array(ElementType::Date)));
    }
}

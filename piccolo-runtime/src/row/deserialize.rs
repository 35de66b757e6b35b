//! Rows as values of any type that serde can make: a struct by the names of the columns, a tuple by their order.

use serde::de::value::SeqDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Row, Shape};
use crate::schema::{ColumnType, ElementType};
use crate::value::undescribed;
use crate::{Error, Result, Value};

/// What a text that no schema describes is taken for, one after the other, where the type does not take the text. Moments are the values that serde
/// writes in another form than SQLite stores them.
static TAKEN_FOR: [ColumnType; 4] = [
    ColumnType::Timestamptz,
    ColumnType::Timestamp,
    ColumnType::Array(ElementType::Timestamptz),
    ColumnType::Array(ElementType::Timestamp),
];

impl Row {
    /// The row as a value of the caller's type (with the feature `serde`): a struct whose fields have the names of the columns
    /// (`#[serde(rename = "manager.name")]` for one of another table), a map, or a tuple in the order of the columns.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] if the type does not take what is in the row.
    pub fn deserialize<T: DeserializeOwned>(self) -> Result<T> {
        let Self { shape, values } = self;
        let read = match shape.columns.iter().all(|column| column.ty.is_some()) {
            true => T::deserialize(RowDeserializer { shape: &shape, values }),
            false => read_undescribed(&shape, &values),
        };
        read.map_err(|fault| Error::Decode {
            table: shape.table.clone(),
            // What the type misses is no column's fault.
            column: match fault.column.and_then(|position| shape.columns.get(position)) {
                Some(column) => column.name.clone(),
                None => {
                    let names: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
                    names.join(", ")
                }
            },
            reason: fault.reason,
        })
    }
}

/// Reads a row with columns that no schema describes: a value that the type does not take is taken for what else it may be.
fn read_undescribed<T: DeserializeOwned>(shape: &Shape, values: &[Value]) -> Result<T, Fault> {
    let mut taken = values.to_vec();
    // What may still be tried of each column, and what was said about it first.
    let mut left = vec![TAKEN_FOR.iter(); values.len()];
    let mut said: Vec<Option<String>> = vec![None; values.len()];
    loop {
        let fault = match T::deserialize(RowDeserializer { shape, values: taken.clone() }) {
            Ok(read) => return Ok(read),
            Err(fault) => fault,
        };
        let Some(at) = fault.column else { return Err(fault) };
        let described = shape.columns.get(at).is_none_or(|column| column.ty.is_some());
        let (Some(value), Some(slot), Some(left), Some(said)) =
            (values.get(at), taken.get_mut(at), left.get_mut(at), said.get_mut(at))
        else {
            return Err(fault);
        };
        let first = said.get_or_insert(fault.reason).clone();
        let mut others = left.map(|ty| undescribed::read(value.clone(), ty));
        match others.find(|other| !described && other != value) {
            Some(other) => *slot = other,
            None => return Err(Fault { column: Some(at), reason: first }),
        }
    }
}

/// What a type did not take, and of which column.
#[derive(Debug)]
struct Fault {
    /// The column's position.
    column: Option<usize>,
    reason: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self { column: None, reason: message.to_string() }
    }
}

/// A row that is being taken apart.
struct RowDeserializer<'s> {
    shape: &'s Shape,
    values: Vec<Value>,
}

impl<'de> Deserializer<'de> for RowDeserializer<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(Cells::of(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(Cells::of(self))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct map struct
        enum identifier ignored_any
    }
}

/// The columns of a row, one after the other.
struct Cells<'s> {
    shape: &'s Shape,
    values: std::iter::Enumerate<std::vec::IntoIter<Value>>,
    /// The value whose name has been read, and its position.
    named: Option<(usize, Value)>,
}

impl<'s> Cells<'s> {
    fn of(row: RowDeserializer<'s>) -> Self {
        Self { shape: row.shape, values: row.values.into_iter().enumerate(), named: None }
    }

    /// Reads the value of the column at this position.
    fn read<'de, S: DeserializeSeed<'de>>(&self, (at, value): (usize, Value), seed: S) -> Result<S::Value, Fault> {
        let described = self.shape.columns.get(at).is_some_and(|column| column.ty.is_some());
        seed.deserialize(Cell { value, described }).map_err(|fault| Fault { column: Some(at), ..fault })
    }
}

impl<'de> MapAccess<'de> for Cells<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.named = self.values.next();
        let column = self.named.as_ref().and_then(|(at, _)| self.shape.columns.get(*at));
        column.map(|column| seed.deserialize(column.name.as_str().into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let cell = self.named.take().ok_or_else(|| Fault::custom("the row has no more columns"))?;
        self.read(cell, seed)
    }
}

impl<'de> SeqAccess<'de> for Cells<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        self.values.next().map(|cell| self.read(cell, seed)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

/// A value that is being read.
struct Cell {
    value: Value,
    /// Whether a schema says what it is.
    described: bool,
}

impl Cell {
    /// A part of a value whose type is known.
    fn item(value: Value) -> Self {
        Self { value, described: true }
    }

    /// The document or the list in a text that no schema describes, which is how SQLite stores one.
    fn document(&self) -> Option<serde_json::Value> {
        let Value::Text(text) = &self.value else { return None };
        if self.described || !text.starts_with(['{', '[']) {
            return None;
        }
        serde_json::from_str(text).ok()
    }

    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Boolean(value) => visitor.visit_bool(value),
            Value::SmallInt(value) => visitor.visit_i16(value),
            Value::Integer(value) => visitor.visit_i32(value),
            Value::BigInt(value) => visitor.visit_i64(value),
            Value::Real(value) => visitor.visit_f32(value),
            Value::DoublePrecision(value) => visitor.visit_f64(value),
            Value::Text(value) | Value::Enum(value) => visitor.visit_string(value),
            Value::Bytea(value) => visitor.visit_byte_buf(value),
            Value::Json(value) => value.deserialize_any(visitor).map_err(Fault::custom),
            Value::Array(_, values) => visitor.visit_seq(SeqDeserializer::new(values.into_iter().map(Self::item))),
            Value::Interval(value) => visitor.visit_i64(value.num_microseconds().unwrap_or(i64::MAX)),
            // The texts are those that JSON has for them, which chrono, uuid and rust_decimal read.
            value @ (Value::Numeric(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Timestamp(_)
            | Value::Timestamptz(_)
            | Value::Uuid(_)) => {
                let text = serde_json::to_value(&value).map_err(Fault::custom)?;
                text.deserialize_any(visitor).map_err(Fault::custom)
            }
        }
    }
}

impl IntoDeserializer<'_, Fault> for Cell {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cell {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.document() {
            Some(document) => document.deserialize_any(visitor).map_err(Fault::custom),
            None => self.visit(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.visit(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.visit(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if matches!(self.value, Value::Null | Value::Json(serde_json::Value::Null)) {
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let value = self.document().map_or(self.value, Value::Json);
        if let Value::Text(text) | Value::Enum(text) = value {
            return visitor.visit_enum(text.into_deserializer());
        }
        if let Value::Json(document) = value {
            return document.deserialize_enum(name, variants, visitor).map_err(Fault::custom);
        }
        Err(Fault::custom(format!("expected a variant of `{name}`, found {}", value.kind())))
    }

    /// SQLite has no booleans of its own, and says so of the results of SQL that the user wrote.
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Value::BigInt(number @ (0 | 1)) = self.value {
            return visitor.visit_bool(number == 1);
        }
        self.deserialize_any(visitor)
    }

    /// A `Vec<u8>` asks for a sequence of numbers.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Value::Bytea(bytes) = self.value {
            return visitor.visit_seq(SeqDeserializer::new(bytes.into_iter()));
        }
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct map struct
        identifier ignored_any
    }
}

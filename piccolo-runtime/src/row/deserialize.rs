//! Rows as values of any type that serde can make: a struct by the names of the columns, a tuple by their order.

use serde::de::value::SeqDeserializer;
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::{Row, Shape};
use crate::{Error, Result, Value};

impl Row {
    /// The row as a value of the caller's type (with the feature `serde`): a struct whose fields have the names of the columns
    /// (`#[serde(rename = "manager.name")]` for one of another table), a map, or a tuple in the order of the columns.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] if the type does not take what is in the row.
    pub fn deserialize<T: DeserializeOwned>(self) -> Result<T> {
        let Self { shape, values } = self;
        T::deserialize(RowDeserializer { shape: &shape, values }).map_err(|fault| Error::Decode {
            table: shape.table.clone(),
            // What the type misses is no column's fault.
            column: fault.column.unwrap_or_else(|| {
                let names: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
                names.join(", ")
            }),
            reason: fault.reason,
        })
    }
}

/// What a type did not take, and of which column.
#[derive(Debug)]
struct Fault {
    column: Option<String>,
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
        let names = self.shape.columns.iter().map(|column| column.name.as_str());
        visitor.visit_map(Named { columns: names.zip(self.values), value: None })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(SeqDeserializer::new(self.values.into_iter().map(Cell)))
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

/// The columns of a row with their names.
struct Named<'s, I> {
    columns: I,
    /// The value that is next, and the name of its column.
    value: Option<(&'s str, Value)>,
}

impl<'de, 's, I: Iterator<Item = (&'s str, Value)>> MapAccess<'de> for Named<'s, I> {
    type Error = Fault;

    fn next_key_seed<K: serde::de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.value = self.columns.next();
        self.value.as_ref().map(|(name, _)| seed.deserialize((*name).into_deserializer())).transpose()
    }

    fn next_value_seed<V: serde::de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, value) = self.value.take().ok_or_else(|| Fault::custom("the row has no more columns"))?;
        seed.deserialize(Cell(value)).map_err(|fault| Fault { column: Some(name.to_owned()), ..fault })
    }
}

/// A value that is being read.
struct Cell(Value);

impl IntoDeserializer<'_, Fault> for Cell {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cell {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
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
            Value::Array(_, values) => visitor.visit_seq(SeqDeserializer::new(values.into_iter().map(Cell))),
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

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if matches!(self.0, Value::Null | Value::Json(serde_json::Value::Null)) {
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
        if let Value::Text(text) | Value::Enum(text) = self.0 {
            return visitor.visit_enum(text.into_deserializer());
        }
        if let Value::Json(document) = self.0 {
            return document.deserialize_enum(name, variants, visitor).map_err(Fault::custom);
        }
        Err(Fault::custom(format!("expected a variant of `{name}`, found {}", self.0.kind())))
    }

    /// SQLite has no booleans of its own, and says so of the results of SQL that the user wrote.
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Value::BigInt(number @ (0 | 1)) = self.0 {
            return visitor.visit_bool(number == 1);
        }
        self.deserialize_any(visitor)
    }

    /// A `Vec<u8>` asks for a sequence of numbers.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Value::Bytea(bytes) = self.0 {
            return visitor.visit_seq(SeqDeserializer::new(bytes.into_iter()));
        }
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map
        struct identifier ignored_any
    }
}

//! The forms that generated rows and enums have for serde.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::Serializer;

use super::enum_from_str;
use crate::sql_type::Enum;
use crate::table::Table;

/// A row as a map of its columns to their values, in the form that JSON results have; secrets stay out.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize_row<T: Table, S: Serializer>(row: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let columns = T::META.table().columns.iter().zip(row.values());
    let shown = columns.filter(|(column, _)| !column.secret);
    serializer.collect_map(shown.map(|(column, value)| (&column.name, value)))
}

/// An enum from the text that stands for its value in the database.
///
/// # Errors
///
/// Those of the deserializer, and a text that stands for no value.
pub fn deserialize_enum<'de, E: Enum, D: Deserializer<'de>>(deserializer: D) -> Result<E, D::Error> {
    let text: Cow<'de, str> = Cow::deserialize(deserializer)?;
    enum_from_str(&text).map_err(D::Error::custom)
}

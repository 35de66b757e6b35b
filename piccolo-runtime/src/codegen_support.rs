//! The one door for generated code: everything that it may name.
//!
//! It is no part of the API for people; what is here changes with the generator.

mod model;
mod read;
#[cfg(feature = "serde")]
mod serialize;

pub use std::borrow::Cow;

pub use chrono;
pub use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
pub use rust_decimal::Decimal;
#[cfg(feature = "serde")]
pub use serde;
pub use serde_json::Value as Json;
pub use uuid::Uuid;

pub use crate::__assert_version as assert_version;
pub use crate::__serializable_enum as serializable_enum;
pub use crate::__serializable_row as serializable_row;
pub use crate::__table_impls as table_impls;
pub use crate::column::{Column, ColumnSet, ForeignKey, Reverse};
pub use crate::engine::RowRef;
pub use crate::migrate;
pub use crate::new_row::{Input, NewRow, NewRows, NoKey, RowOf};
pub use crate::path::{Key, Path, Root, Via};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use crate::query::{Alter, CreateIndex, CreateTables, DropIndex, DropTables, IndexKeys, IndexTarget, Indexes};
pub use crate::query::{
    Condition, Count, Delete, Exists, Get, GetOrCreate, GetRelated, Insert, Objects, Parameters, Raw, Refresh, Related,
    Remove, Save, Select, Selection, Update, UpdateSelf,
};
pub use crate::schema;
pub use crate::schema::{ColumnType, Default, ElementType, ForeignKeyAction, ForeignKeyRole, IndexMethod};
pub use crate::sql_type::{Enum, SqlType};
pub use crate::table::{KeyMeta, Table, TableMeta};
pub use crate::{Error, Result, Value};
pub use model::{
    Borrowed, FOREIGN_KEY, INDEX, TABLE, check, check_by_engine, column, key, key_sql, name, name_in, numeric, reverse,
    text, varchar,
};
pub use read::{Columns, read, scaled};
#[cfg(feature = "serde")]
pub use serialize::{deserialize_enum, serialize_row};

/// The value of an enum that a text of the database stands for.
///
/// # Errors
///
/// [`Error::InvalidValue`] with the values there are.
pub fn enum_from_str<E: Enum>(text: &str) -> Result<E> {
    E::from_text(text).ok_or_else(|| Error::InvalidValue {
        target: E::ENUM.name.clone().into_owned(),
        reason: format!("`{text}` is not one of {}", crate::sql_type::variants::<E>()),
    })
}

//! Rows whose columns are known at run time only.

#[cfg(feature = "serde")]
mod deserialize;

use std::sync::Arc;

use crate::engine::RowRef;
use crate::schema::ColumnType;
use crate::value::{FromValue, undescribed};
use crate::{Error, Result, Value};

/// A row of a result: values in order, by name.
///
/// ```
/// # use piccolo_guide::prelude::*;
/// # example(async |db| {
/// let rows = Band::select(..).order_by(Band.id).run(&db).await?;
/// let name: String = rows[0].get(Band.name)?;
/// # assert_eq!(name, "Pythonistas");
/// # Ok(()) });
/// ```
#[derive(Clone, PartialEq)]
pub struct Row {
    shape: Arc<Shape>,
    values: Vec<Value>,
}

/// What the rows of a result have in common: the names and types of their columns.
#[derive(Debug, PartialEq)]
pub(crate) struct Shape {
    /// The table that the query is about, for messages.
    pub(crate) table: String,
    pub(crate) columns: Vec<ShapeColumn>,
}

/// One column of a result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ShapeColumn {
    pub(crate) name: String,
    /// The type; `None` where only the engine knows, as for raw SQL.
    pub(crate) ty: Option<ColumnType>,
}

impl Row {
    /// Reads a row of this shape whose first column is at position `start`.
    pub(crate) fn read(shape: &Arc<Shape>, row: &RowRef<'_>, start: usize) -> Result<Self> {
        let values = shape
            .columns
            .iter()
            .zip(start..)
            .map(|(column, index)| match &column.ty {
                Some(ty) => row.value(index, ty),
                None => row.dynamic(index),
            })
            .collect::<Result<_>>()
            .map_err(|error| error.in_table(&shape.table))?;
        Ok(Self { shape: Arc::clone(shape), values })
    }

    /// The number of columns.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the row has no columns.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The names of the columns, in order. A column of another table goes by its path, such as `manager.name`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.shape.columns.iter().map(|column| column.name.as_str())
    }

    /// The values, in order.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The names with their values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.names().zip(&self.values)
    }

    /// The value of the column with this name.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] with the nearest names.
    pub fn value(&self, name: &str) -> Result<&Value> {
        self.find(name).map(|(_, value)| value)
    }

    /// The column with this name, and its value.
    fn find(&self, name: &str) -> Result<(&ShapeColumn, &Value)> {
        let mut columns = self.shape.columns.iter().zip(&self.values);
        columns.find(|(column, _)| column.name == name).ok_or_else(|| Error::UnknownColumn {
            name: name.to_owned(),
            table: self.shape.table.clone(),
            nearest: crate::nearest::nearest(name, self.names()),
        })
    }

    /// The value of the column with this name, as a Rust type; an `Option` where it may be null.
    ///
    /// The columns of a `raw` statement have the types that the engine says they have, and SQLite knows but few. They are read as any type
    /// that is stored so: a `DateTime<Utc>` from a text, a `bool` from 0 and 1.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] if there is no such column, [`Error::Decode`] if its value is not of that type.
    pub fn get_named<T: FromValue>(&self, name: &str) -> Result<T> {
        self.read_as(name, || None)
    }

    /// The value of the column with this name, as a Rust type. What type of column the reader takes it for is asked where no schema says.
    pub(crate) fn read_as<T: FromValue>(
        &self,
        name: &str,
        taken_for: impl FnOnce() -> Option<ColumnType>,
    ) -> Result<T> {
        let (column, value) = self.find(name)?;
        let value = value.clone();
        let read = match column.ty {
            Some(_) => T::from_value(value),
            None => T::from_undescribed(match taken_for() {
                Some(ty) => undescribed::read(value, &ty),
                None => value,
            }),
        };
        read.map_err(|reason| Error::Decode { table: self.shape.table.clone(), column: name.to_owned(), reason })
    }

    /// The text in the column with this name; `None` for a null.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] if there is no such column, [`Error::Decode`] if its value is no text.
    pub fn text(&self, name: &str) -> Result<Option<&str>> {
        let value = self.value(name)?;
        if let Value::Text(text) | Value::Enum(text) = value {
            return Ok(Some(text));
        }
        if value.is_null() {
            return Ok(None);
        }
        Err(Error::Decode {
            table: self.shape.table.clone(),
            column: name.to_owned(),
            reason: format!("expected Text, found {}", value.kind()),
        })
    }
}

impl std::fmt::Debug for Row {
    /// The names with their values.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl serde::Serialize for Row {
    /// A map of names to values, in order.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

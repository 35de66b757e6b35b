//! A driver's row, lent to a decoder.

use rust_decimal::Decimal;

use super::decode::{Decode, by_type};
use crate::schema::{ColumnType, ElementType};
use crate::{Result, Value};

#[cfg(feature = "postgres")]
use super::postgres::decode as postgres;

/// One row of a result, read by position while the driver still holds it. It never leaves the engine.
pub struct RowRef<'a> {
    pub(super) source: Source<'a>,
}

/// Whose row it is.
pub(super) enum Source<'a> {
    /// A row of rusqlite.
    #[cfg(feature = "sqlite")]
    Sqlite(&'a rusqlite::Row<'a>),
    /// A row of sqlx.
    #[cfg(feature = "postgres")]
    Postgres(postgres::PostgresRow<'a>),
    /// No driver is compiled in, and this cannot exist.
    #[cfg(not(any(feature = "sqlite", feature = "postgres")))]
    None(std::convert::Infallible, std::marker::PhantomData<&'a ()>),
}

/// Calls the function of the same name of the driver whose row it is.
macro_rules! of_source {
    ($source:expr, $function:ident $(::<$type:ty>)? ($($argument:expr),*)) => {
        match &$source {
            #[cfg(feature = "sqlite")]
            $crate::engine::row_ref::Source::Sqlite(row) => {
                $crate::engine::sqlite::decode::$function$(::<$type>)?(row $(, $argument)*)
            }
            #[cfg(feature = "postgres")]
            $crate::engine::row_ref::Source::Postgres(row) => {
                $crate::engine::postgres::decode::$function$(::<$type>)?(row $(, $argument)*)
            }
            #[cfg(not(any(feature = "sqlite", feature = "postgres")))]
            $crate::engine::row_ref::Source::None(never, _) => {
                $(let _ = $argument;)*
                match *never {}
            }
        }
    };
}
pub(super) use of_source;

impl<'a> RowRef<'a> {
    /// Lends a row of SQLite.
    #[cfg(feature = "sqlite")]
    pub(super) fn sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self { source: Source::Sqlite(row) }
    }

    /// Lends a row of Postgres.
    #[cfg(feature = "postgres")]
    pub(super) fn postgres(row: postgres::PostgresRow<'a>) -> Self {
        Self { source: Source::Postgres(row) }
    }

    /// The number of columns.
    #[must_use]
    pub fn len(&self) -> usize {
        of_source!(self.source, width())
    }

    /// Whether the row has no columns.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name under which the statement returns a column; empty where there is no such column.
    #[must_use]
    pub fn name(&self, index: usize) -> &str {
        of_source!(self.source, name(index))
    }

    /// The cell at `index`, counted from 0, as a `T`.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) where the cell is not a `T`: a null that is not read as an `Option` among it.
    pub fn get<T: Decode>(&self, index: usize) -> Result<T> {
        T::decode(self, index)
    }

    /// Whether the cell is null.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) where there is no such column.
    pub fn is_null(&self, index: usize) -> Result<bool> {
        of_source!(self.source, is_null(index))
    }

    /// The text in the cell without copying it: of a `Text`, a `Varchar` or an enum.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) where the cell is no text.
    pub fn text(&self, index: usize) -> Result<&str> {
        of_source!(self.source, text(index))
    }

    /// The cell of a `Numeric` column with all the digits of its scale: `1.10` and not `1.1`, on both engines.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) where the cell is not a number, or one of more digits than SQLite keeps exactly.
    pub fn decimal(&self, index: usize, scale: u8) -> Result<Decimal> {
        let mut decimal: Decimal = self.get(index)?;
        decimal.rescale(u32::from(scale));
        of_source!(self.source, exact(index, decimal))
    }

    /// The cell as the value of a column of this type, or [`Value::Null`].
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) where the cell is not such a value.
    pub fn value(&self, index: usize, ty: &ColumnType) -> Result<Value> {
        if self.is_null(index)? {
            return Ok(Value::Null);
        }
        if let ColumnType::Array(element) = ty {
            return of_source!(self.source, array(index, element));
        }
        if let ColumnType::Numeric { scale, .. } = ty {
            return self.decimal(index, *scale).map(Value::Numeric);
        }
        let element = ty.referenced().element().unwrap_or(ElementType::Text);
        Ok(by_type!(&element, |T| self.get::<T>(index)?))
    }

    /// The cell by what the engine says it is, where no schema knows its type: for `raw` statements.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) where the engine's type is none of ours.
    pub fn dynamic(&self, index: usize) -> Result<Value> {
        of_source!(self.source, dynamic(index))
    }

    /// An error about the cell at `index`, for decoders that look closer.
    #[must_use]
    pub fn error(&self, index: usize, reason: impl Into<String>) -> crate::Error {
        crate::Error::Decode { table: String::new(), column: self.name(index).to_owned(), reason: reason.into() }
    }
}

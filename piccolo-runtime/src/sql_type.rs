//! The Rust types that a column can have, and what null does to them.
//!
//! A column that is not null has a *plain* type (`String`, `i64`, a generated enum); one that may be null has an `Option` of it.
//! A column seen through a nullable foreign key may be null whatever its own type. [`Nullness`] is that knowledge as
//! a type: applied to a plain `T` it gives `T` or `Option<T>`, applied to an `Option<T>` it gives `Option<T>`, so options never pile up.

use crate::engine::{Decode, RowRef};
use crate::schema::{self, ColumnType, ElementType};
use crate::value::{ArrayElement, FromValue};
use crate::{Error, Result, Value};

/// A Rust type that a column, an expression or a result can have: a plain type or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that a column can have",
    label = "no SQL type stands for this Rust type",
    note = "see the manual's table of column types for those that are supported"
)]
pub trait SqlType: Decode + Into<Value> + Clone + Send + Sync + 'static {
    /// The type without `Option`.
    type Plain: PlainType;
    /// The type with exactly one `Option`.
    type Nullable: SqlType<Plain = Self::Plain, Nullable = Self::Nullable>;
    /// Whether a value of this type may be null.
    type Nullness: Nullness;

    /// The value with all the digits of its column's scale, if it is a decimal.
    #[must_use]
    fn scaled(self, _scale: u8) -> Self {
        self
    }

    /// Reads the cell at `index`; a decimal with all the digits of this scale.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] where the cell is something else, or a decimal with more digits than the engine keeps exactly.
    fn decode_scaled(row: &RowRef<'_>, index: usize, _scale: u8) -> Result<Self> {
        Self::decode(row, index)
    }
}

/// A column's type without `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a plain type of a column",
    label = "a plain type is expected here, without `Option`"
)]
pub trait PlainType: SqlType<Plain = Self, Nullable = Option<Self>, Nullness = NotNull> {
    /// The type as an element of a list; `None` for a type that is a list itself.
    fn element() -> Option<ElementType>;

    /// The type of a column of it, as far as the Rust type alone can tell.
    #[must_use]
    fn column_type() -> Option<ColumnType> {
        Self::element().map(|element| element.column_type())
    }
}

/// A Rust enum that stands for an enum of the schema. Generated code implements it; everything else follows from it.
pub trait Enum: Copy + PartialEq + Send + Sync + 'static {
    /// The enum's description.
    const ENUM: &'static schema::Enum;

    /// The text that stands for this value in the database.
    fn as_str(self) -> &'static str;

    /// The value that a text of the database stands for.
    fn from_text(text: &str) -> Option<Self>;
}

/// Whether something may be null, as a type: [`NotNull`] or [`MayBeNull`].
pub trait Nullness: 'static {
    /// What a `T` becomes: itself, or with one `Option`.
    type Apply<T: SqlType>: SqlType<Plain = T::Plain>;
    /// What a whole row becomes: itself, or in an `Option`.
    type Row<T: Send + 'static>: Send + 'static;
    /// May this or the other be null?
    type Or<N: Nullness>: Nullness;

    /// A joined row that was found or not.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] if the row must be there and is not.
    fn row<T: Send + 'static>(row: Option<T>) -> Result<Self::Row<T>> {
        Self::lift(row).ok_or_else(|| Error::Decode {
            table: String::new(),
            column: String::new(),
            reason: "the joined row must exist and does not".to_owned(),
        })
    }

    /// The same, with `None` for a row that must be there and is not.
    fn lift<T: Send + 'static>(row: Option<T>) -> Option<Self::Row<T>>;
}

/// Never null.
#[derive(Clone, Copy, Debug)]
pub struct NotNull;

/// Sometimes null.
#[derive(Clone, Copy, Debug)]
pub struct MayBeNull;

impl Nullness for NotNull {
    type Apply<T: SqlType> = T;
    type Row<T: Send + 'static> = T;
    type Or<N: Nullness> = N;

    fn lift<T: Send + 'static>(row: Option<T>) -> Option<T> {
        row
    }
}

impl Nullness for MayBeNull {
    type Apply<T: SqlType> = T::Nullable;
    type Row<T: Send + 'static> = Option<T>;
    type Or<N: Nullness> = Self;

    fn lift<T: Send + 'static>(row: Option<T>) -> Option<Option<T>> {
        Some(row)
    }
}

impl<T: PlainType> SqlType for Option<T> {
    type Plain = T;
    type Nullable = Self;
    type Nullness = MayBeNull;

    fn scaled(self, scale: u8) -> Self {
        self.map(|value| value.scaled(scale))
    }

    fn decode_scaled(row: &RowRef<'_>, index: usize, scale: u8) -> Result<Self> {
        if row.is_null(index)? { Ok(None) } else { T::decode_scaled(row, index, scale).map(Some) }
    }
}

impl<E: Enum> SqlType for E {
    type Plain = Self;
    type Nullable = Option<Self>;
    type Nullness = NotNull;
}

impl<E: Enum> PlainType for E {
    fn element() -> Option<ElementType> {
        Some(Self::element_type())
    }
}

impl<E: Enum> Decode for E {
    fn decode(row: &RowRef<'_>, index: usize) -> Result<Self> {
        let text = row.text(index)?;
        E::from_text(text).ok_or_else(|| row.error(index, unknown_variant::<E>()))
    }
}

impl<E: Enum> From<E> for Value {
    fn from(value: E) -> Self {
        Self::Enum(value.as_str().to_owned())
    }
}

impl<E: Enum> FromValue for E {
    fn from_value(value: Value) -> Result<Self, String> {
        if let Value::Enum(text) | Value::Text(text) = &value {
            return E::from_text(text).ok_or_else(|| unknown_variant::<E>());
        }
        Err(format!("expected a value of the enum {}, found {}", E::ENUM.name, value.kind()))
    }
}

impl<E: Enum> ArrayElement for E {
    fn element_type() -> ElementType {
        ElementType::Enum(E::ENUM.sql_name.clone())
    }
}

/// The reason why a text in the database is no value of an enum. Not the text itself: it may be a secret, and errors go into logs.
fn unknown_variant<E: Enum>() -> String {
    format!("the text is not one of {}", variants::<E>())
}

/// The texts of an enum's values, as a list for messages.
pub(crate) fn variants<E: Enum>() -> String {
    let values: Vec<&str> = E::ENUM.values.iter().map(|value| value.text.as_ref()).collect();
    values.join(", ")
}

impl<T: ArrayElement + PlainType> SqlType for Vec<T> {
    type Plain = Self;
    type Nullable = Option<Self>;
    type Nullness = NotNull;
}

impl<T: ArrayElement + PlainType> PlainType for Vec<T> {
    fn element() -> Option<ElementType> {
        None
    }

    fn column_type() -> Option<ColumnType> {
        Some(ColumnType::Array(T::element_type()))
    }
}

impl SqlType for rust_decimal::Decimal {
    type Plain = Self;
    type Nullable = Option<Self>;
    type Nullness = NotNull;

    fn scaled(mut self, scale: u8) -> Self {
        self.rescale(u32::from(scale));
        self
    }

    fn decode_scaled(row: &RowRef<'_>, index: usize, scale: u8) -> Result<Self> {
        row.decimal(index, scale)
    }
}

impl PlainType for rust_decimal::Decimal {
    fn element() -> Option<ElementType> {
        Some(Self::element_type())
    }
}

/// Writes the impls of plain types.
macro_rules! plain_type {
    ($($rust:ty),* $(,)?) => {$(
        impl SqlType for $rust {
            type Plain = Self;
            type Nullable = Option<Self>;
            type Nullness = NotNull;
        }

        impl PlainType for $rust {
            fn element() -> Option<ElementType> {
                Some(<Self as ArrayElement>::element_type())
            }
        }
    )*};
}

plain_type!(
    bool,
    i16,
    i32,
    i64,
    f32,
    f64,
    String,
    chrono::NaiveDate,
    chrono::NaiveTime,
    chrono::NaiveDateTime,
    chrono::DateTime<chrono::Utc>,
    chrono::TimeDelta,
    uuid::Uuid,
    serde_json::Value,
    Vec<u8>,
);

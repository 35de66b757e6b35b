//! Rows that do not exist yet, and what may be given for a column of one.

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::Value;
use crate::path::Key;
use crate::sql_type::PlainType;
use crate::table::Table;

/// The cells of a row that does not exist yet; a cell that is not set gets the column's default.
pub struct NewRow<T> {
    cells: Vec<Option<Value>>,
    marker: PhantomData<fn() -> T>,
}

impl<T: Table> std::fmt::Debug for NewRow<T> {
    /// The cells that are set, by name, without those of secret columns.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns = T::META.table().columns.iter().zip(&self.cells);
        let shown = columns.filter(|(column, _)| !column.secret);
        f.debug_map().entries(shown.filter_map(|(column, cell)| Some((&column.name, cell.as_ref()?)))).finish()
    }
}

impl<T> Clone for NewRow<T> {
    fn clone(&self) -> Self {
        Self { cells: self.cells.clone(), marker: PhantomData }
    }
}

impl<T> PartialEq for NewRow<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cells == other.cells
    }
}

impl<T: Table> NewRow<T> {
    /// A row with no cell set.
    #[must_use]
    pub fn new() -> Self {
        Self { cells: vec![None; T::META.table().columns.len()], marker: PhantomData }
    }

    /// Sets the cell of the column at this position.
    #[must_use]
    pub fn set(mut self, index: u16, value: Value) -> Self {
        if let Some(cell) = self.cells.get_mut(usize::from(index)) {
            *cell = Some(value);
        }
        self
    }

    /// The cells, in the order of the columns.
    pub(crate) fn into_cells(self) -> Vec<Option<Value>> {
        self.cells
    }
}

impl<T: Table> Default for NewRow<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// A row of table `R` that does not exist yet. Generated code implements it for `NewBand` and its like.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a new row of `{R}`",
    label = "expected a new row of `{R}`",
    note = "new rows are made with `{R}::new(…)`, and a row that exists is changed with `save` or an update"
)]
pub trait RowOf<R> {
    /// Its cells.
    fn into_new_row(self) -> NewRow<R>;
}

/// What `insert` takes: a row that does not exist yet, or any number of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a new row of `{R}`, nor several of them",
    label = "expected a new row of `{R}`, or a list or an iterator of them",
    note = "new rows are made with `{R}::new(…)`, and a row that exists is changed with `save` or an update"
)]
pub trait NewRows<R> {
    /// The rows.
    fn into_new_rows(self) -> Vec<NewRow<R>>;
}

impl<R, I: IntoIterator<Item: RowOf<R>>> NewRows<R> for I {
    fn into_new_rows(self) -> Vec<NewRow<R>> {
        self.into_iter().map(RowOf::into_new_row).collect()
    }
}

/// The place of a foreign key where a column has none.
#[derive(Clone, Copy, Debug)]
pub struct NoKey;

/// What may be given for a cell of type `T`; where the column is the foreign key `K`, a row of its target will do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value for a column of type `{T}`",
    label = "this value does not fit the column"
)]
pub trait Input<T, K = NoKey> {
    /// The value for the database.
    fn into_input(self) -> Value;
}

impl<T: PlainType, K> Input<T, K> for T {
    fn into_input(self) -> Value {
        self.into()
    }
}

impl<T: PlainType, K> Input<Option<T>, K> for T {
    fn into_input(self) -> Value {
        self.into()
    }
}

impl<T: PlainType, K> Input<Option<T>, K> for Option<T> {
    fn into_input(self) -> Value {
        self.into()
    }
}

/// Texts are taken as they come, for columns with and without null.
macro_rules! text_input {
    ($($text:ty),*) => {$(
        impl<K> Input<String, K> for $text {
            fn into_input(self) -> Value {
                Value::Text(self.to_string())
            }
        }

        impl<K> Input<Option<String>, K> for $text {
            fn into_input(self) -> Value {
                Value::Text(self.to_string())
            }
        }
    )*};
}

text_input!(&str, &String, Cow<'_, str>, Box<str>);

/// A row stands for its key. The types are listed, because an impl for all of them would overlap with that for plain values.
///
/// Only texts ask for a table, which keeps this impl apart from that for `&str`. For the other types the key alone says so, and the compiler
/// has one thing to complain about when a reference to something else is given.
macro_rules! row_input {
    ($($key:ty $(: $bound:ident)?),*) => {$(
        impl<M: ?Sized $(+ $bound)?, K: Key<To = M>> Input<$key, K> for &M {
            fn into_input(self) -> Value {
                referenced::<K>(self)
            }
        }

        impl<M: ?Sized $(+ $bound)?, K: Key<To = M>> Input<Option<$key>, K> for &M {
            fn into_input(self) -> Value {
                referenced::<K>(self)
            }
        }
    )*};
}

row_input!(i16, i32, i64, String: Table, Vec<u8>);
row_input!(rust_decimal::Decimal, uuid::Uuid, chrono::NaiveDate, chrono::NaiveDateTime);

/// The value of the column that the key `K` points to.
pub(crate) fn referenced<K: Key>(row: &K::To) -> Value {
    let column = K::From::META.key_at(K::INDEX).map_or(0, |key| usize::from(key.target_column));
    row.values().into_iter().nth(column).unwrap_or(Value::Null)
}

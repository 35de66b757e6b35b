//! Adding to what is selected, and turning rows into other types.

use std::sync::Arc;

use super::cursor::Cursor;
use super::select::Select;
use super::selection::{SelectList, Selection, expressions};
use super::tree;
use crate::Result;
use crate::row::Row;
use crate::sql_type::SqlType;
use crate::table::Table;

/// What rows become when columns of type `N` are added to them: a tuple grows, a [`Row`] gets more columns.
#[diagnostic::on_unimplemented(
    message = "no columns can be added to rows of type `{Self}`",
    label = "`columns` works on selects of columns, tuples of up to fifteen, and `..`"
)]
pub trait Additive<N>: Sized {
    /// The larger row.
    type Output: Send + 'static;

    /// Reads the larger row.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Decode`] if a value does not have the type that was asked for.
    fn read(
        first: &dyn Fn(&mut Cursor<'_, '_>) -> Result<Self>,
        next: fn(&mut Cursor<'_, '_>) -> Result<N>,
        cursor: &mut Cursor<'_, '_>,
    ) -> Result<Self::Output>;
}

impl<N> Additive<N> for Row {
    type Output = Self;

    fn read(
        _first: &dyn Fn(&mut Cursor<'_, '_>) -> Result<Self>,
        _next: fn(&mut Cursor<'_, '_>) -> Result<N>,
        cursor: &mut Cursor<'_, '_>,
    ) -> Result<Self> {
        cursor.whole_row()
    }
}

impl<T: SqlType, N: Send + 'static> Additive<N> for T {
    type Output = (T, N);

    fn read(
        first: &dyn Fn(&mut Cursor<'_, '_>) -> Result<Self>,
        next: fn(&mut Cursor<'_, '_>) -> Result<N>,
        cursor: &mut Cursor<'_, '_>,
    ) -> Result<(T, N)> {
        Ok((first(cursor)?, next(cursor)?))
    }
}

/// Writes the impl for a tuple.
macro_rules! tuple_additive {
    ($($name:ident $position:tt),+) => {
        impl<$($name: Send + 'static,)+ Next: Send + 'static> Additive<Next> for ($($name,)+) {
            type Output = ($($name,)+ Next,);

            fn read(
                first: &dyn Fn(&mut Cursor<'_, '_>) -> Result<Self>,
                next: fn(&mut Cursor<'_, '_>) -> Result<Next>,
                cursor: &mut Cursor<'_, '_>,
            ) -> Result<Self::Output> {
                let first = first(cursor)?;
                Ok(($(first.$position,)+ next(cursor)?,))
            }
        }
    };
}

tuple_additive!(A 0);
tuple_additive!(A 0, B 1);
tuple_additive!(A 0, B 1, C 2);
tuple_additive!(A 0, B 1, C 2, D 3);
tuple_additive!(A 0, B 1, C 2, D 3, E 4);
tuple_additive!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple_additive!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple_additive!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple_additive!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple_additive!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple_additive!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple_additive!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
tuple_additive!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12);
tuple_additive!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13);
tuple_additive!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14);

/// A type of the user's that rows of type `O` can become.
///
/// ```
/// use piccolo_runtime::Result;
/// use piccolo_runtime::query::FromResult;
///
/// struct Title(String);
///
/// impl FromResult<(i64, String)> for Title {
///     fn from_result((id, name): (i64, String)) -> Result<Self> {
///         Ok(Self(format!("{id}: {name}")))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "rows of type `{O}` do not become a `{Self}`",
    label = "`FromResult<{O}>` is not implemented for `{Self}`"
)]
pub trait FromResult<O>: Sized {
    /// The value that a row becomes.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the row.
    fn from_result(row: O) -> Result<Self>;
}

impl<R: Table, O: Send + 'static> Select<R, O> {
    /// Adds columns: a select of tuples gets longer ones, a select of [`Row`]s more columns. The first columns on `select(..)` take the place of all.
    pub fn columns<S: Selection<R>>(self, columns: S) -> Select<R, O::Output>
    where
        O: Additive<S::Output>,
    {
        let mut list = SelectList::resume(R::META, self.tree.items, &self.layout);
        list.begin_naming_columns();
        columns.add_to(&mut list);
        let first = self.read;
        let next: fn(&mut Cursor<'_, '_>) -> Result<S::Output> = S::read;
        let (items, layout) = list.into_parts();
        Select {
            tree: tree::Select { items, ..self.tree },
            layout: Arc::new(layout),
            read: Arc::new(move |cursor| O::read(&*first, next, cursor)),
            marker: std::marker::PhantomData,
        }
    }

    /// The same select with its rows as values of the user's own type.
    pub fn into<T: FromResult<O> + Send + 'static>(self) -> Select<R, T> {
        let read = self.read;
        Select {
            tree: self.tree,
            layout: self.layout,
            read: Arc::new(move |cursor| read(cursor).and_then(T::from_result)),
            marker: std::marker::PhantomData,
        }
    }
}

#[cfg(feature = "serde")]
impl<R: Table, O: Send + 'static> Select<R, O> {
    /// The same select with its rows as values of any type that serde can make (with the feature `serde`): a struct by the names that the
    /// columns have in [`rows`](Self::rows), or a tuple.
    pub fn deserialize<T: serde::de::DeserializeOwned + Send + 'static>(self) -> Select<R, T> {
        let (tree, layout) = self.named();
        Select {
            tree,
            layout,
            read: Arc::new(|cursor| cursor.whole_row()?.deserialize()),
            marker: std::marker::PhantomData,
        }
    }
}

impl<R: Table> Select<R, Row> {
    /// Leaves these columns out.
    pub fn without<S: Selection<R>>(mut self, columns: S) -> Self {
        let out = expressions(columns);
        self.tree.items.retain(|item| !out.contains(&item.expr));
        self.with_items()
    }

    /// All columns of the table, those that hold secrets among them.
    pub fn with_secrets(mut self) -> Self {
        let mut list = SelectList::new(R::META);
        list.add_table(&[], |_, _| true);
        self.tree.items = list.into_parts().0;
        self.with_items()
    }

    /// The select as it reads its items now.
    fn with_items(self) -> Self {
        let layout = super::cursor::Layout::of(R::META, &self.tree.items, &[]);
        Self { layout: Arc::new(layout), read: Arc::new(|cursor| cursor.whole_row()), ..self }
    }
}

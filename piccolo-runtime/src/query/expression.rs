//! Typed expressions: columns, foreign keys, and what is computed from them.

use std::marker::PhantomData;

use super::tree::{self, ColumnRef};
use crate::column::{Column, ForeignKey};
use crate::path::{Key, Path, Seen};
use crate::sql_type::SqlType;
use crate::table::Table;
use crate::value::FromValue;
use crate::{Result, Row};

/// A typed expression over the rows of table `R`.
///
/// It is a column, a foreign key, or something computed from them. A column of another table is none, and the compiler says so.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of `{R}`",
    label = "this is not a column of `{R}`",
    note = "a column is reached from the table that the query is about, along foreign keys: `Band.manager.name`, not `Manager.name`"
)]
pub trait Expression<R> {
    /// The type of its values; an `Option` where they may be null.
    type Output: SqlType;

    /// The expression without its Rust types.
    fn lower(self) -> tree::Expr;

    /// The name it has in a result unless it is given one; `None` for what is computed.
    fn name(&self) -> Option<String>;
}

/// An expression of type `T` that is computed from columns of table `R`.
pub struct Expr<R, T> {
    node: tree::Expr,
    name: Option<String>,
    marker: PhantomData<fn() -> (R, T)>,
}

impl<R, T> Expr<R, T> {
    /// The expression of this node, whose values have type `T` if the caller is right.
    pub(crate) const fn new(node: tree::Expr) -> Self {
        Self { node, name: None, marker: PhantomData }
    }

    /// The same expression with a name.
    pub(crate) fn named(self, name: String) -> Self {
        Self { name: Some(name), ..self }
    }
}

impl<R, T> Clone for Expr<R, T> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), name: self.name.clone(), marker: PhantomData }
    }
}

impl<R, T> std::fmt::Debug for Expr<R, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Expr").field(&self.node).finish()
    }
}

impl<R, P: Path, T> Column<R, P, T> {
    /// The column without its Rust types.
    pub(crate) fn reference(self) -> ColumnRef {
        let mut path = Vec::new();
        P::keys(&mut path);
        ColumnRef { path, column: self.index(), outer: 0 }
    }
}

impl<R, P: Path, K: Key> ForeignKey<R, P, K> {
    /// The key's column without its Rust types.
    pub(crate) fn reference(self) -> ColumnRef {
        let mut path = Vec::new();
        P::keys(&mut path);
        ColumnRef { path, column: K::INDEX, outer: 0 }
    }
}

impl<R, P: Path, T: SqlType> Expression<R> for Column<R, P, T> {
    type Output = Seen<P, T>;

    fn lower(self) -> tree::Expr {
        tree::Expr::Column(self.reference())
    }

    fn name(&self) -> Option<String> {
        None
    }
}

impl<R, P: Path, K: Key> Expression<R> for ForeignKey<R, P, K> {
    type Output = Seen<P, K::Value>;

    fn lower(self) -> tree::Expr {
        tree::Expr::Column(self.reference())
    }

    fn name(&self) -> Option<String> {
        None
    }
}

impl<R, T: SqlType> Expression<R> for Expr<R, T> {
    type Output = T;

    fn lower(self) -> tree::Expr {
        self.node
    }

    fn name(&self) -> Option<String> {
        self.name.clone()
    }
}

impl Row {
    /// The value of a column, by its name in the result: `row.get(Band.name)?`. The type is the column's.
    ///
    /// # Errors
    ///
    /// [`crate::Error::UnknownColumn`] if the column was not selected.
    pub fn get<R, E>(&self, column: E) -> Result<E::Output>
    where
        R: Table,
        E: Named<R>,
        E::Output: FromValue,
    {
        let name = column.name();
        let node = column.lower();
        let name = name.or_else(|| tree::name_of(&node, R::META)).unwrap_or_default();
        self.read_as(&name, || tree::type_of(&node, &[R::META]))
    }
}

/// A column that has a name of its own in results, such as `manager.name`.
pub trait Named<R: Table>: Expression<R> {}

impl<R: Table, P: Path, T: SqlType> Named<R> for Column<R, P, T> {}
impl<R: Table, P: Path, K: Key> Named<R> for ForeignKey<R, P, K> {}
impl<R: Table, T: SqlType> Named<R> for Expr<R, T> {}

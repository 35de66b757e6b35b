//! Changing rows.

use std::marker::PhantomData;

use super::fit::fit;
use super::guard::{Guard, Guarded, Unguarded, guarded};
use super::operand::Operand;
use super::render::Renderer;
use super::run::{Query, Runner, runs};
use super::show::{Render, shows_sql};
use super::tree;
use crate::column::{Column, ForeignKey};
use crate::new_row::NoKey;
use crate::path::{Key, Root};
use crate::sql_type::{MayBeNull, NotNull, SqlType};
use crate::table::{Table, TableMeta};

/// An update of table `R`. It gives the number of rows that were changed.
///
/// Without [`where_`](Self::where_) or [`force`](Self::force) it has no `run`, as a delete.
#[must_use = "a query does nothing until it is run"]
pub struct Update<R, G = Unguarded> {
    tree: tree::Update,
    forced: bool,
    marker: PhantomData<fn() -> (R, G)>,
}

/// A column that can be set: one of the table itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column that an update of `{R}` can set",
    label = "not a column of `{R}` itself",
    note = "an update sets columns of its own table; those of a table that it points to are set by an update of that table"
)]
pub trait Settable<R> {
    /// The column's type.
    type Value: SqlType;
    /// The foreign key that it is, if it is one.
    type Key;

    /// The column's position.
    fn position(&self) -> u16;
}

impl<R, T: SqlType> Settable<R> for Column<R, Root, T> {
    type Value = T;
    type Key = NoKey;

    fn position(&self) -> u16 {
        self.index()
    }
}

impl<R, K: Key> Settable<R> for ForeignKey<R, Root, K> {
    type Value = K::Value;
    type Key = K;

    fn position(&self) -> u16 {
        K::INDEX
    }
}

/// Whether a value of this nullness fits a column of that one.
#[diagnostic::on_unimplemented(
    message = "the column is not null, and the value may be null",
    label = "this value may be null",
    note = "`coalesce` gives it another value where it is null, as a column behind a key that may be null and a quotient by zero are"
)]
pub trait Fits<N> {}

impl<N> Fits<N> for NotNull {}
impl Fits<MayBeNull> for MayBeNull {}

/// A value for a column of this table, checked if it is one; an expression is checked by the database.
pub(super) fn assignment(meta: &'static TableMeta, position: u16, value: tree::Expr) -> (u16, tree::Expr) {
    let column = meta.table().columns.get(usize::from(position));
    let value = match (value, column) {
        (tree::Expr::Value(value), Some(column)) => match fit(meta, column, value) {
            Ok(value) => tree::Expr::Value(value),
            Err(error) => tree::Expr::Invalid(error),
        },
        (value, _) => value,
    };
    (position, value)
}

impl<R: Table> Update<R> {
    /// An update that does not say yet what and which rows.
    pub const fn new() -> Self {
        Self { tree: tree::Update::of(R::META), forced: false, marker: PhantomData }
    }
}

impl<R: Table, G> Update<R, G> {
    /// Sets a column to a value or an expression: `.set(Band.popularity, Band.popularity + 1)`.
    pub fn set<C, O>(mut self, column: C, value: O) -> Self
    where
        C: Settable<R>,
        O: Operand<R, <C::Value as SqlType>::Plain, C::Key>,
        O::Nullness: Fits<<C::Value as SqlType>::Nullness>,
    {
        self.tree.set.push(assignment(R::META, column.position(), value.into_operand()));
        self
    }
}

guarded!(Update, update, "update", "Gives back columns of the changed rows, as they are after the change.");

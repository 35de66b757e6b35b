//! Selects inside of other queries.

use super::condition::Predicate;
use super::count::Exists;
use super::expression::Expr;
use super::list::List;
use super::objects::Objects;
use super::operand::Operand;
use super::select::Select;
use super::tree;
use crate::sql_type::{MayBeNull, SqlType};

/// A select of one column as a value: that of its only row, or null without one. Several rows are an
/// [`Error::Database`](crate::Error::Database) when it runs; `limit(1)` takes the first.
impl<R, S, C: SqlType, K> Operand<R, <C as SqlType>::Plain, K> for Select<S, C> {
    type Nullness = MayBeNull;

    fn into_operand(self) -> tree::Expr {
        tree::Expr::Scalar(Box::new(self.tree))
    }
}

impl<S, C: SqlType> Select<S, C> {
    /// This select of one column as an expression of another query, to compute with: `Band::select(Band.popularity.max()).scalar().coalesce(0)`.
    /// Its value is that of its only row, or null without one; several rows are an [`Error::Database`](crate::Error::Database) when it runs.
    #[must_use]
    pub fn scalar<R>(self) -> Expr<R, C::Nullable> {
        Expr::new(tree::Expr::Scalar(Box::new(self.tree)))
    }
}

/// A select of one column as a list to look in.
impl<R, S, C: SqlType, K> List<R, <C as SqlType>::Plain, K> for Select<S, C> {
    fn contains(self, expr: tree::Expr, negated: bool) -> tree::Expr {
        tree::Expr::InSelect { expr: Box::new(expr), select: Box::new(self.tree), negated }
    }
}

/// Whether a sub-select has a row.
///
/// Columns of the query around it are named with [`outer`](super::outer):
/// `exists(Band::objects().where_(Band.manager.eq(outer(Manager.id))))` is a condition on managers.
#[must_use]
pub fn exists<R>(query: impl SubSelect) -> Predicate<R> {
    Predicate::new(tree::Expr::Exists(Box::new(query.into_tree())))
}

/// A query that can stand inside of another one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a select",
    label = "expected a select, such as `Band::objects()`"
)]
pub trait SubSelect {
    /// The select without its Rust types.
    fn into_tree(self) -> tree::Select;
}

impl<S, O> SubSelect for Select<S, O> {
    fn into_tree(self) -> tree::Select {
        self.tree
    }
}

impl<S> SubSelect for Objects<S> {
    fn into_tree(self) -> tree::Select {
        self.tree
    }
}

impl<S> SubSelect for Exists<S> {
    fn into_tree(self) -> tree::Select {
        self.tree
    }
}

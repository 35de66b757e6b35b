//! What may stand on the right of an operator.

use std::borrow::Cow;
use std::marker::PhantomData;

use super::expression::{Expr, Expression};
use super::tree;
use crate::column::{Column, ForeignKey};
use crate::new_row::{NoKey, referenced};
use crate::path::{Key, Path, Seen};
use crate::sql_type::{MayBeNull, NotNull, Nullness, PlainType, SqlType};
use crate::table::Table;

/// What may be compared or computed with a column of plain type `T` of table `R`: a value, an `Option` of one, another column,
/// or an expression. Where the column is the foreign key `K`, a row of its target will do as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared or computed with a column of type `{T}`",
    label = "expected a value, a column or an expression of type `{T}`"
)]
pub trait Operand<R, T, K = NoKey> {
    /// Whether it may be null.
    type Nullness: Nullness;

    /// The operand without its Rust types.
    fn into_operand(self) -> tree::Expr;
}

impl<R, T: PlainType, K> Operand<R, T, K> for T {
    type Nullness = NotNull;

    fn into_operand(self) -> tree::Expr {
        tree::Expr::Value(self.into())
    }
}

impl<R, T: PlainType, K> Operand<R, T, K> for Option<T> {
    type Nullness = MayBeNull;

    fn into_operand(self) -> tree::Expr {
        tree::Expr::Value(self.into())
    }
}

/// Texts are taken as they come.
macro_rules! text_operand {
    ($($text:ty),*) => {$(
        impl<R, K> Operand<R, String, K> for $text {
            type Nullness = NotNull;

            fn into_operand(self) -> tree::Expr {
                tree::Expr::Value(crate::Value::Text(self.to_string()))
            }
        }
    )*};
}

text_operand!(&str, &String, Cow<'_, str>);

/// A row stands for its key. The types are listed, because an impl for all of them would overlap with that for plain values.
///
/// Only texts ask for a table, which keeps this impl apart from that for `&str`. For the other types the key alone says so, and the compiler
/// has one thing to complain about when a reference to something else is given.
macro_rules! row_operand {
    ($($key:ty $(: $bound:ident)?),*) => {$(
        impl<R, M: ?Sized $(+ $bound)?, K: Key<To = M>> Operand<R, $key, K> for &M {
            type Nullness = NotNull;

            fn into_operand(self) -> tree::Expr {
                tree::Expr::Value(referenced::<K>(self))
            }
        }
    )*};
}

row_operand!(i16, i32, i64, String: Table, Vec<u8>);
row_operand!(rust_decimal::Decimal, uuid::Uuid, chrono::NaiveDate, chrono::NaiveDateTime);

// The root of the operand is a parameter of its own, so that a column of another table fails in `Expression<R>`, whose message says what is wrong.
impl<R, S, P, C, K> Operand<R, <C as SqlType>::Plain, K> for Column<S, P, C>
where
    P: Path,
    C: SqlType,
    Self: Expression<R>,
{
    type Nullness = <Seen<P, C> as SqlType>::Nullness;

    fn into_operand(self) -> tree::Expr {
        self.lower()
    }
}

impl<R, S, P, L, K> Operand<R, <L::Value as SqlType>::Plain, K> for ForeignKey<S, P, L>
where
    P: Path,
    L: Key,
    Self: Expression<R>,
{
    type Nullness = <Seen<P, L::Value> as SqlType>::Nullness;

    fn into_operand(self) -> tree::Expr {
        self.lower()
    }
}

impl<R, S, C, K> Operand<R, <C as SqlType>::Plain, K> for Expr<S, C>
where
    C: SqlType,
    Self: Expression<R>,
{
    type Nullness = C::Nullness;

    fn into_operand(self) -> tree::Expr {
        self.lower()
    }
}

/// An expression over the rows of the query *around* this one; see [`outer`].
pub struct Outer<T> {
    node: tree::Expr,
    marker: PhantomData<fn() -> T>,
}

/// Names a column of the query around a sub-select, inside the sub-select.
///
/// `Band.manager.eq(outer(Manager.id))` in a select of bands refers to the manager of the query around it. Used without
/// a query around it, the query fails with [`crate::Error::Usage`] before any SQL is sent.
pub fn outer<S, E: Expression<S>>(expression: E) -> Outer<E::Output> {
    Outer { node: super::tree::further_out(expression.lower()), marker: PhantomData }
}

impl<R, C: SqlType, K> Operand<R, <C as SqlType>::Plain, K> for Outer<C> {
    type Nullness = C::Nullness;

    fn into_operand(self) -> tree::Expr {
        self.node
    }
}

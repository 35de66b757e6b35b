//! Orders: what `order_by` takes.

use std::marker::PhantomData;

use super::expression::{Expr, Expression};
use super::tree::{self, Nulls};
use crate::column::{Column, ForeignKey};
use crate::path::{Key, Path};
use crate::sql_type::SqlType;
use crate::table::Table;

/// One key of an order over rows of table `R`: `Band.name.asc()`, `Band.popularity.desc().nulls_last()`.
pub struct Order<R> {
    node: tree::Order,
    marker: PhantomData<fn() -> R>,
}

impl<R> Order<R> {
    /// The order by this expression.
    pub(crate) const fn new(expr: tree::Expr, descending: bool) -> Self {
        Self { node: tree::Order { expr, descending, nulls: None }, marker: PhantomData }
    }

    /// Nulls come before everything else.
    #[must_use]
    pub const fn nulls_first(mut self) -> Self {
        self.node.nulls = Some(Nulls::First);
        self
    }

    /// Nulls come after everything else.
    #[must_use]
    pub const fn nulls_last(mut self) -> Self {
        self.node.nulls = Some(Nulls::Last);
        self
    }
}

impl<R> Order<R> {
    /// The order without its Rust type.
    pub(super) fn into_node(self) -> tree::Order {
        self.node
    }
}

impl<R> Clone for Order<R> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), marker: PhantomData }
    }
}

impl<R> std::fmt::Debug for Order<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Order").field(&self.node).finish()
    }
}

/// What `order_by` takes: an [`Order`], a column (upwards), a name in the string syntax, or several of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an order of rows of `{R}`",
    label = "rows of `{R}` cannot be sorted by this",
    note = "sort by columns that are reached from `{R}`, such as `Band.name` or `Band.popularity.desc()`"
)]
pub trait Ordering<R> {
    /// Adds the keys without their Rust types.
    fn add_to(self, out: &mut Vec<tree::Order>);
}

impl<R> Ordering<R> for Order<R> {
    fn add_to(self, out: &mut Vec<tree::Order>) {
        out.push(self.node);
    }
}

impl<R, S, P: Path, T: SqlType> Ordering<R> for Column<S, P, T>
where
    Self: Expression<R>,
{
    fn add_to(self, out: &mut Vec<tree::Order>) {
        out.push(Order::<R>::new(self.lower(), false).node);
    }
}

impl<R, S, P: Path, K: Key> Ordering<R> for ForeignKey<S, P, K>
where
    Self: Expression<R>,
{
    fn add_to(self, out: &mut Vec<tree::Order>) {
        out.push(Order::<R>::new(self.lower(), false).node);
    }
}

impl<R, S, T: SqlType> Ordering<R> for Expr<S, T>
where
    Self: Expression<R>,
{
    fn add_to(self, out: &mut Vec<tree::Order>) {
        out.push(Order::<R>::new(self.lower(), false).node);
    }
}

/// A name in the string syntax, upwards; downwards with a minus before it: `"-manager.name"`.
impl<R: Table> Ordering<R> for &str {
    fn add_to(self, out: &mut Vec<tree::Order>) {
        let (name, descending) = self.strip_prefix('-').map_or((self, false), |name| (name, true));
        out.push(Order::<R>::new(tree::named_column(R::META, name), descending).node);
    }
}

impl<R, O: Ordering<R>> Ordering<R> for Vec<O> {
    fn add_to(self, out: &mut Vec<tree::Order>) {
        self.into_iter().for_each(|order| order.add_to(out));
    }
}

impl<R, O: Ordering<R>, const N: usize> Ordering<R> for [O; N] {
    fn add_to(self, out: &mut Vec<tree::Order>) {
        self.into_iter().for_each(|order| order.add_to(out));
    }
}

/// Writes the impl for a tuple of orders.
macro_rules! tuple_ordering {
    ($($name:ident),+) => {
        impl<R, $($name: Ordering<R>),+> Ordering<R> for ($($name,)+) {
            fn add_to(self, out: &mut Vec<tree::Order>) {
                #[expect(non_snake_case, reason = "the type parameters name the fields of the tuple")]
                let ($($name,)+) = self;
                $($name.add_to(out);)+
            }
        }
    };
}

tuple_ordering!(A);
tuple_ordering!(A, B);
tuple_ordering!(A, B, C);
tuple_ordering!(A, B, C, D);
tuple_ordering!(A, B, C, D, E);
tuple_ordering!(A, B, C, D, E, F);
tuple_ordering!(A, B, C, D, E, F, G);
tuple_ordering!(A, B, C, D, E, F, G, H);

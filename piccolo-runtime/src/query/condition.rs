//! Conditions: what `where_` takes.

use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use super::expression::Expression;
use super::tree;
use crate::column::Column;
use crate::path::Path;

/// A condition on the rows of table `R`, made by comparing columns and combined with `&`, `|` and `!`.
pub struct Predicate<R> {
    node: tree::Expr,
    marker: PhantomData<fn() -> R>,
}

impl<R> Predicate<R> {
    /// The condition of this node.
    pub(crate) const fn new(node: tree::Expr) -> Self {
        Self { node, marker: PhantomData }
    }

    /// Whether the condition is neither true nor false, because a null stands in it.
    #[must_use]
    pub fn is_null(self) -> Self {
        Self::new(tree::Expr::IsNull(Box::new(self.node)))
    }
}

impl<R> Clone for Predicate<R> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<R> std::fmt::Debug for Predicate<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Predicate").field(&self.node).finish()
    }
}

impl<R> BitAnd for Predicate<R> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self::new(self.node.and(other.node))
    }
}

impl<R> BitOr for Predicate<R> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self::new(self.node.or(other.node))
    }
}

impl<R> Not for Predicate<R> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(tree::Expr::Not(Box::new(self.node)))
    }
}

/// What `where_` takes: a [`Predicate`], a boolean column, or several of them, all of which must hold.
///
/// An `Option` that is `None`, an empty `Vec` and `()` are no condition at all.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition on `{R}`",
    label = "this is not a condition on `{R}`",
    note = "a condition compares columns that are reached from `{R}`, such as `Band.popularity.gte(100)`"
)]
pub trait Condition<R> {
    /// The condition without its Rust types; `None` if it says nothing.
    fn into_condition(self) -> Option<tree::Expr>;
}

impl<R> Condition<R> for Predicate<R> {
    fn into_condition(self) -> Option<tree::Expr> {
        Some(self.node)
    }
}

impl<R, P: Path> Condition<R> for Column<R, P, bool> {
    fn into_condition(self) -> Option<tree::Expr> {
        Some(self.lower())
    }
}

impl<R, C: Condition<R>> Condition<R> for Option<C> {
    fn into_condition(self) -> Option<tree::Expr> {
        self.and_then(C::into_condition)
    }
}

impl<R, C: Condition<R>> Condition<R> for Vec<C> {
    fn into_condition(self) -> Option<tree::Expr> {
        all(self.into_iter().map(C::into_condition))
    }
}

impl<R, C: Condition<R>, const N: usize> Condition<R> for [C; N] {
    fn into_condition(self) -> Option<tree::Expr> {
        all(self.into_iter().map(C::into_condition))
    }
}

impl<R> Condition<R> for () {
    fn into_condition(self) -> Option<tree::Expr> {
        None
    }
}

/// All of the conditions that say something.
fn all(conditions: impl IntoIterator<Item = Option<tree::Expr>>) -> Option<tree::Expr> {
    conditions.into_iter().flatten().reduce(tree::Expr::and)
}

/// Writes the impl for a tuple of conditions.
macro_rules! tuple_condition {
    ($($name:ident),+) => {
        impl<R, $($name: Condition<R>),+> Condition<R> for ($($name,)+) {
            fn into_condition(self) -> Option<tree::Expr> {
                #[expect(non_snake_case, reason = "the type parameters name the fields of the tuple")]
                let ($($name,)+) = self;
                all([$($name.into_condition()),+])
            }
        }
    };
}

tuple_condition!(A);
tuple_condition!(A, B);
tuple_condition!(A, B, C);
tuple_condition!(A, B, C, D);
tuple_condition!(A, B, C, D, E);
tuple_condition!(A, B, C, D, E, F);
tuple_condition!(A, B, C, D, E, F, G);
tuple_condition!(A, B, C, D, E, F, G, H);

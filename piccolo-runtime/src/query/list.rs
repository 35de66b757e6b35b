//! What `is_in` and `not_in` take.

use super::tree;
use crate::new_row::{Input, NoKey};
use crate::sql_type::PlainType;

/// A list to look in: anything that gives values of type `T`, or a sub-select of one column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of values of type `{T}`",
    label = "expected a list, such as an array or a `Vec`, or a select of one column of type `{T}`"
)]
pub trait List<R, T, K = NoKey> {
    /// Whether the expression is in the list, or is not.
    fn contains(self, expr: tree::Expr, negated: bool) -> tree::Expr;
}

impl<R, T, K, I> List<R, T, K> for I
where
    T: PlainType,
    I: IntoIterator,
    I::Item: Input<Option<T>, K>,
{
    fn contains(self, expr: tree::Expr, negated: bool) -> tree::Expr {
        let list = self.into_iter().map(Input::into_input).collect();
        tree::Expr::In { expr: Box::new(expr), list, negated }
    }
}

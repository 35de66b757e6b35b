//! The operators of columns, foreign keys and expressions.
//!
//! They are inherent methods, so that nothing needs to be imported; one macro writes them for the three types.

use super::condition::Predicate;
use super::expression::{Expr, Expression};
use super::list::List;
use super::operand::Operand;
use super::order::Order;
use super::tree::{self, Comparison};
use crate::column::{Column, ForeignKey};
use crate::new_row::NoKey;
use crate::path::{Key, Path, Seen};
use crate::sql_type::SqlType;

/// A type of texts.
#[diagnostic::on_unimplemented(
    message = "`like` and its relatives work on text columns, and this column is of type `{Self}`",
    label = "not a text column"
)]
pub trait TextType {}

impl TextType for String {}

/// Writes the operators for a type: its generics, its plain type, its output type, and the key it is, if it is one.
macro_rules! operators {
    ([$($generics:tt)*] $target:ty, $plain:ty, $output:ty, $key:ty) => {
        impl<$($generics)*> $target {
            /// Equal. `eq(None)` means *is null*.
            #[must_use]
            pub fn eq<O: Operand<R, $plain, $key>>(self, other: O) -> Predicate<R> {
                Predicate::new(self.lower().compare(Comparison::Eq, other.into_operand()))
            }

            /// Not equal; a null is neither equal nor unequal to a value. `ne(None)` means *is not null*.
            #[must_use]
            pub fn ne<O: Operand<R, $plain, $key>>(self, other: O) -> Predicate<R> {
                Predicate::new(self.lower().compare(Comparison::Ne, other.into_operand()))
            }

            /// Less than.
            #[must_use]
            pub fn lt<O: Operand<R, $plain, $key>>(self, other: O) -> Predicate<R> {
                Predicate::new(self.lower().compare(Comparison::Lt, other.into_operand()))
            }

            /// Less than or equal.
            #[must_use]
            pub fn lte<O: Operand<R, $plain, $key>>(self, other: O) -> Predicate<R> {
                Predicate::new(self.lower().compare(Comparison::Lte, other.into_operand()))
            }

            /// Greater than.
            #[must_use]
            pub fn gt<O: Operand<R, $plain, $key>>(self, other: O) -> Predicate<R> {
                Predicate::new(self.lower().compare(Comparison::Gt, other.into_operand()))
            }

            /// Greater than or equal.
            #[must_use]
            pub fn gte<O: Operand<R, $plain, $key>>(self, other: O) -> Predicate<R> {
                Predicate::new(self.lower().compare(Comparison::Gte, other.into_operand()))
            }

            /// Null.
            #[must_use]
            pub fn is_null(self) -> Predicate<R> {
                Predicate::new(tree::Expr::IsNull(Box::new(self.lower())))
            }

            /// Not null.
            #[must_use]
            pub fn is_not_null(self) -> Predicate<R> {
                Predicate::new(tree::Expr::IsNotNull(Box::new(self.lower())))
            }

            /// One of a list of values, or of the values of a sub-select. Nothing is in an empty list.
            #[must_use]
            pub fn is_in<L: List<R, $plain, $key>>(self, list: L) -> Predicate<R> {
                Predicate::new(list.contains(self.lower(), false))
            }

            /// None of a list of values, or of the values of a sub-select. Everything is outside an empty list.
            #[must_use]
            pub fn not_in<L: List<R, $plain, $key>>(self, list: L) -> Predicate<R> {
                Predicate::new(list.contains(self.lower(), true))
            }

            /// Matches a pattern in which `%` stands for any text and `_` for any character; upper and lower case differ,
            /// on both engines. A backslash takes the meaning from the character after it.
            #[must_use]
            pub fn like(self, pattern: impl Into<String>) -> Predicate<R>
            where
                $plain: TextType,
            {
                self.matches(pattern.into(), false, false)
            }

            /// Like [`like`](Self::like), with ASCII letters of either case being equal.
            #[must_use]
            pub fn ilike(self, pattern: impl Into<String>) -> Predicate<R>
            where
                $plain: TextType,
            {
                self.matches(pattern.into(), true, false)
            }

            /// Does not match a pattern; see [`like`](Self::like).
            #[must_use]
            pub fn not_like(self, pattern: impl Into<String>) -> Predicate<R>
            where
                $plain: TextType,
            {
                self.matches(pattern.into(), false, true)
            }

            /// Does not match a pattern, with ASCII letters of either case being equal; see [`like`](Self::like).
            #[must_use]
            pub fn not_ilike(self, pattern: impl Into<String>) -> Predicate<R>
            where
                $plain: TextType,
            {
                self.matches(pattern.into(), true, true)
            }

            fn matches(self, pattern: String, insensitive: bool, negated: bool) -> Predicate<R> {
                let expr = Box::new(self.lower());
                Predicate::new(tree::Expr::Like { expr, pattern, insensitive, negated })
            }

            /// Sorts upwards, nulls last.
            #[must_use]
            pub fn asc(self) -> Order<R> {
                Order::new(self.lower(), false)
            }

            /// Sorts downwards, nulls first.
            #[must_use]
            pub fn desc(self) -> Order<R> {
                Order::new(self.lower(), true)
            }

            /// The same under another name in the result.
            #[must_use]
            pub fn as_alias(self, name: impl Into<String>) -> Expr<R, $output> {
                Expr::new(self.lower()).named(name.into())
            }

            fn lower(self) -> tree::Expr {
                Expression::<R>::lower(self)
            }
        }
    };
}

operators!([R, P: Path, T: SqlType] Column<R, P, T>, T::Plain, Seen<P, T>, NoKey);
operators!([R, P: Path, K: Key] ForeignKey<R, P, K>, <K::Value as SqlType>::Plain, Seen<P, K::Value>, K);
operators!([R, T: SqlType] Expr<R, T>, T::Plain, T, NoKey);

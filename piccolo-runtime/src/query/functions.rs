//! Functions of SQL that mean the same on both engines, `CASE`, and values as expressions.

use std::marker::PhantomData;

use super::arithmetic::Number;
use super::condition::Condition;
use super::expression::{Expr, Expression};
use super::operand::Operand;
use super::operators::TextType;
use super::tree::{self, Function, JsonStep};
use crate::Value;
use crate::column::{Column, ForeignKey};
use crate::new_row::NoKey;
use crate::path::{Key, Path, Seen};
use crate::schema::ColumnType;
use crate::sql_type::{NotNull, Nullness, PlainType, SqlType};
use crate::table::Table;

/// A type of JSON documents.
#[diagnostic::on_unimplemented(
    message = "`arrow` works on JSON columns, and this column is of type `{Self}`",
    label = "not a JSON column"
)]
pub trait JsonType {}

impl JsonType for serde_json::Value {}

impl From<&str> for JsonStep {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<u32> for JsonStep {
    fn from(position: u32) -> Self {
        Self::Position(position)
    }
}

/// A call of a function.
fn call<R, T>(function: Function, arguments: Vec<tree::Expr>) -> Expr<R, T> {
    Expr::new(tree::Expr::Call(function, arguments))
}

/// Writes the functions of a column or an expression.
macro_rules! functions {
    ([$($generics:tt)*] $target:ty, $plain:ty, $output:ty, $key:ty) => {
        impl<$($generics)*> $target {
            /// This, or the other where this is null.
            #[must_use]
            pub fn coalesce<O: Operand<R, $plain, $key>>(
                self,
                other: O,
            ) -> Expr<R, <O::Nullness as Nullness>::Apply<$plain>> {
                call(Function::Coalesce, vec![Expression::<R>::lower(self), other.into_operand()])
            }

            /// The text with its ASCII letters in lower case.
            #[must_use]
            pub fn lower_case(self) -> Expr<R, $output>
            where
                $plain: TextType,
            {
                call(Function::Lower, vec![Expression::<R>::lower(self)])
            }

            /// The text with its ASCII letters in upper case.
            #[must_use]
            pub fn upper_case(self) -> Expr<R, $output>
            where
                $plain: TextType,
            {
                call(Function::Upper, vec![Expression::<R>::lower(self)])
            }

            /// The number of characters of the text; null where it is null.
            #[must_use]
            pub fn length(self) -> Expr<R, <<$output as SqlType>::Nullness as Nullness>::Apply<i32>>
            where
                $plain: TextType,
            {
                call(Function::Length, vec![Expression::<R>::lower(self)])
            }

            /// A part of the JSON document: the value of a key, `arrow("a")`, or an element of an array, `arrow(0)`; null if there is none.
            /// Steps can be chained.
            #[must_use]
            pub fn arrow(self, step: impl Into<JsonStep>) -> Expr<R, Option<serde_json::Value>>
            where
                $plain: JsonType,
            {
                let mut document = Expression::<R>::lower(self);
                if let tree::Expr::Arrow(_, steps) = &mut document {
                    steps.push(step.into());
                    return Expr::new(document);
                }
                Expr::new(tree::Expr::Arrow(Box::new(document), vec![step.into()]))
            }

            /// The number without its sign.
            #[must_use]
            pub fn abs(self) -> Expr<R, $output>
            where
                $plain: Number,
            {
                call(Function::Abs, vec![Expression::<R>::lower(self)])
            }
        }
    };
}

functions!([R, P: Path, T: SqlType] Column<R, P, T>, T::Plain, Seen<P, T>, NoKey);
functions!([R, P: Path, K: Key] ForeignKey<R, P, K>, <K::Value as SqlType>::Plain, Seen<P, K::Value>, K);
functions!([R, T: SqlType] Expr<R, T>, T::Plain, T, NoKey);

/// A value as an expression, to be selected or to begin a computation with.
#[must_use]
pub fn value<R, T: PlainType>(value: T) -> Expr<R, T> {
    Expr::new(with_type::<T>(value.into()))
}

/// A value that names its type, where nothing beside it does.
fn with_type<T: PlainType>(value: Value) -> tree::Expr {
    match (T::column_type(), value) {
        (Some(ColumnType::Numeric { precision, .. }), Value::Numeric(number)) => {
            let scale = u8::try_from(number.scale()).unwrap_or(precision);
            tree::Expr::Typed(Value::Numeric(number), ColumnType::Numeric { precision, scale })
        }
        // An array says what it is, and its elements may have any number of digits.
        (_, value @ Value::Array(..)) => tree::Expr::Value(value),
        (Some(ty), value) => tree::Expr::Typed(value, ty),
        (None, value) => tree::Expr::Value(value),
    }
}

/// A value of a `CASE`. A null and the text of an enum do not say themselves what they are, and there may be nothing else that does.
fn alternative<R, T: PlainType>(operand: impl Operand<R, T>) -> tree::Expr {
    match operand.into_operand() {
        tree::Expr::Value(value @ (Value::Null | Value::Enum(_))) => with_type::<T>(value),
        expr => expr,
    }
}

/// The moment of the statement: the same wherever it is named in a query.
#[must_use]
pub fn now<R>() -> Expr<R, chrono::DateTime<chrono::Utc>> {
    Expr::new(tree::Expr::Now)
}

/// A column by its name in the string syntax, such as `"manager.name"`, of the type that the caller says it has.
///
/// An unknown name makes the query fail with [`crate::Error::UnknownColumn`] before any SQL is sent.
#[must_use]
pub fn named<R: Table, T: SqlType>(name: &str) -> Expr<R, T> {
    Expr::new(tree::named_column(R::META, name)).named(name.to_owned())
}

/// Begins a `CASE`: the value where the condition holds.
///
/// `case(Band.popularity.gte(1000), "known").otherwise("new")` is an expression.
pub fn case<R, T: PlainType, O: Operand<R, T>>(condition: impl Condition<R>, value: O) -> Case<R, T, O::Nullness> {
    Case { arms: vec![arm(condition, alternative::<R, T>(value))], marker: PhantomData }
}

/// An unfinished `CASE` with values of type `T`; `N` says whether one of them may be null.
#[must_use = "a case becomes an expression with `otherwise` or `end`"]
pub struct Case<R, T, N = NotNull> {
    arms: Vec<(tree::Expr, tree::Expr)>,
    marker: crate::column::Marker<R, T, N>,
}

/// A condition that says nothing always holds.
fn arm<R>(condition: impl Condition<R>, value: tree::Expr) -> (tree::Expr, tree::Expr) {
    (condition.into_condition().unwrap_or_else(|| tree::Expr::And(Vec::new())), value)
}

impl<R, T: PlainType, N: Nullness> Case<R, T, N> {
    /// The value where this condition holds and none before it.
    pub fn when<O: Operand<R, T>>(mut self, condition: impl Condition<R>, value: O) -> Case<R, T, N::Or<O::Nullness>> {
        self.arms.push(arm(condition, alternative::<R, T>(value)));
        Case { arms: self.arms, marker: PhantomData }
    }

    /// The value where no condition holds.
    #[must_use]
    pub fn otherwise<O: Operand<R, T>>(self, value: O) -> Expr<R, <N::Or<O::Nullness> as Nullness>::Apply<T>> {
        let otherwise = Some(Box::new(alternative::<R, T>(value)));
        Expr::new(tree::Expr::Case { arms: self.arms, otherwise })
    }

    /// Null where no condition holds.
    #[must_use]
    pub fn end(self) -> Expr<R, Option<T>> {
        Expr::new(tree::Expr::Case { arms: self.arms, otherwise: None })
    }
}

impl<R, T, N> std::fmt::Debug for Case<R, T, N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Case").field(&self.arms).finish()
    }
}

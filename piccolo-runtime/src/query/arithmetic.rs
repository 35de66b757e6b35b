//! Computing with columns: `Band.popularity + 1`, `"<" + Band.name`, `Concert.starts + TimeDelta::hours(1)`.
//!
//! What is computed with something that may be null may be null itself, and its type says so. Division and remainder by zero give null.

use std::ops::{Add, Div, Mul, Rem, Sub};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::expression::{Expr, Expression};
use super::operand::Operand;
use super::tree::{self, Arithmetic};
use crate::column::Column;
use crate::path::{Path, Seen};
use crate::sql_type::{Nullness, PlainType, SqlType};

/// A type of numbers.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be multiplied or divided",
    label = "not a column of numbers"
)]
pub trait Number: PlainType {}

/// A type of whole numbers, which have remainders.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` has no remainder",
    label = "not a column of whole numbers"
)]
pub trait WholeNumber: Number {}

/// A type that something can be added to: numbers, texts (which are joined), and dates and times (which are moved).
#[diagnostic::on_unimplemented(
    message = "nothing can be added to a column of type `{Self}`",
    label = "not a number, a text, a date or a time"
)]
pub trait Addable: PlainType {
    /// What is added.
    type Operand: PlainType;

    /// The sum.
    fn sum_of(left: tree::Expr, right: tree::Expr) -> tree::Expr;
}

/// A type that something can be subtracted from: numbers, and dates and times.
#[diagnostic::on_unimplemented(
    message = "nothing can be subtracted from a column of type `{Self}`",
    label = "not a number, a date or a time"
)]
pub trait Subtractable: PlainType {
    /// What is subtracted.
    type Operand: PlainType;

    /// The difference.
    fn difference_of(left: tree::Expr, right: tree::Expr) -> tree::Expr;
}

/// A node of arithmetic.
fn node(operator: Arithmetic, left: tree::Expr, right: tree::Expr) -> tree::Expr {
    tree::Expr::Arithmetic(operator, Box::new(left), Box::new(right))
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Number for $number {}
        spans!($number);
    )*};
}

/// Types to which values of their own are added.
macro_rules! spans {
    ($($span:ty),*) => {$(
        impl Addable for $span {
            type Operand = Self;

            fn sum_of(left: tree::Expr, right: tree::Expr) -> tree::Expr {
                node(Arithmetic::Add, left, right)
            }
        }

        impl Subtractable for $span {
            type Operand = Self;

            fn difference_of(left: tree::Expr, right: tree::Expr) -> tree::Expr {
                node(Arithmetic::Subtract, left, right)
            }
        }
    )*};
}

/// Types that are moved by spans of time.
macro_rules! moments {
    ($($moment:ty),*) => {$(
        impl Addable for $moment {
            type Operand = TimeDelta;

            fn sum_of(left: tree::Expr, right: tree::Expr) -> tree::Expr {
                tree::Expr::Shift { expr: Box::new(left), by: Box::new(right), negative: false }
            }
        }

        impl Subtractable for $moment {
            type Operand = TimeDelta;

            fn difference_of(left: tree::Expr, right: tree::Expr) -> tree::Expr {
                tree::Expr::Shift { expr: Box::new(left), by: Box::new(right), negative: true }
            }
        }
    )*};
}

numbers!(i16, i32, i64, f32, f64, Decimal);
spans!(TimeDelta);
moments!(NaiveDate, NaiveTime, NaiveDateTime, DateTime<Utc>);

impl WholeNumber for i16 {}
impl WholeNumber for i32 {}
impl WholeNumber for i64 {}

impl Addable for String {
    type Operand = Self;

    fn sum_of(left: tree::Expr, right: tree::Expr) -> tree::Expr {
        tree::Expr::Concat(Box::new(left), Box::new(right))
    }
}

/// `T` beside an operand: with one `Option` if the operand may be null.
type Beside<R, O, N, T> = <<O as Operand<R, N>>::Nullness as Nullness>::Apply<T>;

/// Writes the operators with a column or an expression on the left.
macro_rules! operators {
    ([$($generics:tt)*] $left:ty, $plain:ty, $output:ty) => {
        impl<$($generics)*, O> Add<O> for $left
        where
            $plain: Addable,
            O: Operand<R, <$plain as Addable>::Operand>,
        {
            type Output = Expr<R, Beside<R, O, <$plain as Addable>::Operand, $output>>;

            fn add(self, other: O) -> Self::Output {
                Expr::new(<$plain>::sum_of(Expression::<R>::lower(self), other.into_operand()))
            }
        }

        impl<$($generics)*, O> Sub<O> for $left
        where
            $plain: Subtractable,
            O: Operand<R, <$plain as Subtractable>::Operand>,
        {
            type Output = Expr<R, Beside<R, O, <$plain as Subtractable>::Operand, $output>>;

            fn sub(self, other: O) -> Self::Output {
                Expr::new(<$plain>::difference_of(Expression::<R>::lower(self), other.into_operand()))
            }
        }

        impl<$($generics)*, O> Mul<O> for $left
        where
            $plain: Number,
            O: Operand<R, $plain>,
        {
            type Output = Expr<R, Beside<R, O, $plain, $output>>;

            fn mul(self, other: O) -> Self::Output {
                Expr::new(node(Arithmetic::Multiply, Expression::<R>::lower(self), other.into_operand()))
            }
        }

        impl<$($generics)*, O> Div<O> for $left
        where
            $plain: Number,
            O: Operand<R, $plain>,
        {
            type Output = Expr<R, <$output as SqlType>::Nullable>;

            fn div(self, other: O) -> Self::Output {
                Expr::new(node(Arithmetic::Divide, Expression::<R>::lower(self), other.into_operand()))
            }
        }

        impl<$($generics)*, O> Rem<O> for $left
        where
            $plain: WholeNumber,
            O: Operand<R, $plain>,
        {
            type Output = Expr<R, <$output as SqlType>::Nullable>;

            fn rem(self, other: O) -> Self::Output {
                Expr::new(node(Arithmetic::Remainder, Expression::<R>::lower(self), other.into_operand()))
            }
        }
    };
}

operators!([R, P: Path, T: SqlType] Column<R, P, T>, T::Plain, Seen<P, T>);
operators!([R, T: SqlType] Expr<R, T>, T::Plain, T);

/// Writes one operator with a value on the left, for a column or an expression with and without null on the right.
macro_rules! value_first {
    ($($value:ty, $plain:ty: $operator:ident $method:ident $build:expr, $nullable:tt;)*) => {$(
        value_first!(@one $value, $plain, $operator, $method, $build, $nullable, [R, P: Path] Column<R, P, $plain>, Seen<P, $plain>);
        value_first!(@one $value, $plain, $operator, $method, $build, $nullable, [R, P: Path] Column<R, P, Option<$plain>>, Seen<P, Option<$plain>>);
        value_first!(@one $value, $plain, $operator, $method, $build, $nullable, [R] Expr<R, $plain>, $plain);
        value_first!(@one $value, $plain, $operator, $method, $build, $nullable, [R] Expr<R, Option<$plain>>, Option<$plain>);
    )*};
    (@one $value:ty, $plain:ty, $operator:ident, $method:ident, $build:expr, keeps, [$($generics:tt)*] $right:ty, $output:ty) => {
        impl<$($generics)*> $operator<$right> for $value {
            type Output = Expr<R, $output>;

            fn $method(self, right: $right) -> Self::Output {
                let left = Operand::<R, $plain>::into_operand(self);
                Expr::new($build(left, Expression::<R>::lower(right)))
            }
        }
    };
    (@one $value:ty, $plain:ty, $operator:ident, $method:ident, $build:expr, nullable, [$($generics:tt)*] $right:ty, $output:ty) => {
        impl<$($generics)*> $operator<$right> for $value {
            type Output = Expr<R, Option<$plain>>;

            fn $method(self, right: $right) -> Self::Output {
                let left = Operand::<R, $plain>::into_operand(self);
                Expr::new($build(left, Expression::<R>::lower(right)))
            }
        }
    };
}

macro_rules! number_first {
    ($($number:ty),*) => {$(
        value_first! {
            $number, $number: Add add |left, right| node(Arithmetic::Add, left, right), keeps;
            $number, $number: Sub sub |left, right| node(Arithmetic::Subtract, left, right), keeps;
            $number, $number: Mul mul |left, right| node(Arithmetic::Multiply, left, right), keeps;
            $number, $number: Div div |left, right| node(Arithmetic::Divide, left, right), nullable;
        }
    )*};
}

number_first!(i16, i32, i64, f32, f64, Decimal);

// Not for `String` as well: with a second `Add` of it the compiler would no longer turn a `&String` into a `&str` in `text + &other`.
value_first! {
    &str, String: Add add <String as Addable>::sum_of, keeps;
}

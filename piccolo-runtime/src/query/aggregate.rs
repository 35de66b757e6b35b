//! Aggregates over rows, or over groups of them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::arithmetic::Number;
use super::expression::{Expr, Expression};
use super::selection::{Selection, expressions};
use super::tree::{self, Aggregate};
use crate::column::{Column, ForeignKey};
use crate::path::{Key, Path};
use crate::sql_type::{Enum, PlainType, SqlType};
use crate::table::Table;

/// A type whose values can be summed.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` has no sum",
    label = "not a number or a span of time"
)]
pub trait Summable: PlainType {
    /// The type of the sum: wide enough for many of them.
    type Sum: PlainType;
}

/// A type that has a least and a greatest value among some.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` has no least and no greatest value",
    label = "the engines do not agree on an order of these"
)]
pub trait Comparable: PlainType {}

macro_rules! summable {
    ($($type:ty => $sum:ty),* $(,)?) => {$(
        impl Summable for $type {
            type Sum = $sum;
        }
    )*};
}

summable!(i16 => i64, i32 => i64, i64 => i64, f32 => f64, f64 => f64, Decimal => Decimal, TimeDelta => TimeDelta);

macro_rules! comparable {
    ($($type:ty),* $(,)?) => {$(
        impl Comparable for $type {}
    )*};
}

comparable!(i16, i32, i64, f32, f64, Decimal, String, NaiveDate, NaiveTime, NaiveDateTime, DateTime<Utc>, TimeDelta);

/// The values of an enum sort as they are declared.
impl<E: Enum> Comparable for E {}

/// The number of rows: `count(*)`.
#[must_use]
pub fn count<R>() -> Expr<R, i64> {
    aggregate(Aggregate::Count, Vec::new(), false)
}

/// The number of different combinations of values, nulls among them: `count_distinct((Band.manager, Band.name))`. Of one column
/// alone nulls do not count.
#[must_use]
pub fn count_distinct<R: Table, S: Selection<R>>(of: S) -> Expr<R, i64> {
    aggregate(Aggregate::Count, expressions(of), true)
}

/// An aggregate of type `T` if the caller is right.
fn aggregate<R, T>(function: Aggregate, of: Vec<tree::Expr>, distinct: bool) -> Expr<R, T> {
    Expr::new(tree::Expr::Aggregate { function, of, distinct })
}

/// Writes the aggregates of a column or an expression.
macro_rules! aggregates {
    ([$($generics:tt)*] $target:ty, $plain:ty) => {
        impl<$($generics)*> $target {
            /// The number of rows in which it is not null.
            #[must_use]
            pub fn count(self) -> Expr<R, i64> {
                self.aggregated(Aggregate::Count)
            }

            /// The sum of the values that are not null; null if there are none.
            #[must_use]
            pub fn sum(self) -> Expr<R, Option<<$plain as Summable>::Sum>>
            where
                $plain: Summable,
            {
                self.aggregated(Aggregate::Sum)
            }

            /// The mean of the values that are not null; null if there are none.
            #[must_use]
            pub fn avg(self) -> Expr<R, Option<f64>>
            where
                $plain: Number,
            {
                self.aggregated(Aggregate::Avg)
            }

            /// The least of the values that are not null; null if there are none.
            #[must_use]
            pub fn min(self) -> Expr<R, Option<$plain>>
            where
                $plain: Comparable,
            {
                self.aggregated(Aggregate::Min)
            }

            /// The greatest of the values that are not null; null if there are none.
            #[must_use]
            pub fn max(self) -> Expr<R, Option<$plain>>
            where
                $plain: Comparable,
            {
                self.aggregated(Aggregate::Max)
            }

            fn aggregated<A>(self, function: Aggregate) -> Expr<R, A> {
                aggregate(function, vec![Expression::<R>::lower(self)], false)
            }
        }
    };
}

aggregates!([R, P: Path, T: SqlType] Column<R, P, T>, T::Plain);
aggregates!([R, P: Path, K: Key] ForeignKey<R, P, K>, <K::Value as SqlType>::Plain);
aggregates!([R, T: SqlType] Expr<R, T>, T::Plain);

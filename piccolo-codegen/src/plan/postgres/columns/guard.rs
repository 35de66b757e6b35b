//! A person's expression for the values of a column, guarded where Postgres would round or cut what it gives: SQLite's strict types and
//! implied checks refuse that, and one answer is given on both.

use piccolo_runtime::ddl::using_expression;
use piccolo_runtime::schema::{Column, ColumnType};
use piccolo_runtime::sql::identifier;

use super::Altered;
use crate::plan::{literal, mentions};

impl Altered<'_, '_> {
    /// The expression, for values that the column takes as they are or not at all. (Postgres itself refuses a text that is too long.)
    pub(super) fn guarded(&self, expression: &str) -> String {
        if self.fits_anyway(expression.trim()) {
            return format!("({expression})");
        }
        using_expression(expression, &self.column.ty, &self.plain_name())
    }

    /// Whether it can be seen that nothing is rounded or cut: a literal that fits, whole numbers alone, or another column of the same type.
    fn fits_anyway(&self, expression: &str) -> bool {
        let ty = self.column.ty.referenced();
        let fits = match &ty {
            ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => self.is_whole(expression),
            ColumnType::Numeric { scale, .. } => {
                let digits = literal::digits_after_point(expression);
                digits.is_some_and(|digits| digits <= usize::from(*scale)) || self.is_whole(expression)
            }
            ColumnType::Date => literal::text(expression).is_some_and(|text| text.len() == "2026-01-31".len()),
            ColumnType::Varchar { .. }
            | ColumnType::Text
            | ColumnType::Serial
            | ColumnType::BigSerial
            | ColumnType::Real
            | ColumnType::DoublePrecision
            | ColumnType::Boolean
            | ColumnType::Time
            | ColumnType::Timestamp
            | ColumnType::Timestamptz
            | ColumnType::Interval
            | ColumnType::Uuid
            | ColumnType::Json
            | ColumnType::Bytea
            | ColumnType::Enum(_)
            | ColumnType::Array(_) => true,
        };
        let is_same = |(old, new): (&Column, &Column)| {
            let is_named = expression == new.sql_name || expression == identifier(&new.sql_name);
            is_named && old.ty.referenced() == ty
        };
        fits || expression.eq_ignore_ascii_case("null") || self.change.kept_columns().any(is_same)
    }

    /// Whether only whole numbers, texts and truths go into it, so that a number which comes out is whole.
    fn is_whole(&self, expression: &str) -> bool {
        let is_fraction = |column: &Column| {
            let ty = column.ty.referenced();
            matches!(ty, ColumnType::Real | ColumnType::DoublePrecision | ColumnType::Numeric { .. })
        };
        let mut fractions = self.change.from.columns.iter().filter(|column| is_fraction(column));
        let reads_fractions = fractions.any(|column| {
            let name = self.change.new_column(&column.sql_name).map_or(&column.sql_name, |new| &new.sql_name);
            mentions(expression, name)
        });
        !reads_fractions && literal::computes_whole_numbers(expression)
    }
}

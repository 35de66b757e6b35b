//! What SQLite adds and drops in place.

use crate::schema::Column;

/// The names that every table of SQLite has for the number of a row, whatever its columns.
const ROW_NUMBERS: [&str; 3] = ["rowid", "oid", "_rowid_"];

/// Whether a column has a name that every table of SQLite has for the number of a row. It may be called so, and SQLite 3.54 refuses to add, to
/// drop and to rename it in place, by its name alone.
#[must_use]
pub fn is_row_number(column: &str) -> bool {
    ROW_NUMBERS.iter().any(|name| name.eq_ignore_ascii_case(column))
}

/// Whether SQLite adds this column in place to a table that has rows. It wants a constant for them: null, or a literal where the column takes no
/// nulls; and nothing but null where the column points to a table (`has_key`).
#[must_use]
pub fn can_add_in_place(column: &Column, has_key: bool) -> bool {
    let is_constant = match &column.default {
        None => column.null,
        Some(default) => default.is_literal() && !has_key,
    };
    is_constant && !column.ty.is_serial() && !is_row_number(&column.sql_name)
}

//! Doc comments as database comments. Postgres alone has them.

use crate::schema::{Column, Enum, Table};
use crate::sql::{Dialect, identifier, literal, qualified};

/// `COMMENT ON TABLE`; an empty doc comment removes the comment.
#[must_use]
pub fn comment_on_table(table: &Table) -> String {
    format!("COMMENT ON TABLE {} IS {}", qualified(&table.sql_name, Dialect::Postgres), text(&table.doc))
}

/// `COMMENT ON COLUMN`; an empty doc comment removes the comment.
#[must_use]
pub fn comment_on_column(table: &Table, column: &Column) -> String {
    format!(
        "COMMENT ON COLUMN {}.{} IS {}",
        qualified(&table.sql_name, Dialect::Postgres),
        identifier(&column.sql_name),
        text(&column.doc)
    )
}

/// `COMMENT ON TYPE`; an empty doc comment removes the comment.
#[must_use]
pub fn comment_on_enum(enumeration: &Enum) -> String {
    format!("COMMENT ON TYPE {} IS {}", qualified(&enumeration.sql_name, Dialect::Postgres), text(&enumeration.doc))
}

/// The comments of a new table: one statement for each doc comment; none on SQLite.
#[must_use]
pub fn table_comments(table: &Table, dialect: Dialect) -> Vec<String> {
    match dialect {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => {
            let own = (!table.doc.is_empty()).then(|| comment_on_table(table));
            let columns = table.columns.iter().filter(|column| !column.doc.is_empty());
            own.into_iter().chain(columns.map(|column| comment_on_column(table, column))).collect()
        }
    }
}

/// The comment as a literal, or `NULL` for none.
fn text(doc: &str) -> String {
    if doc.is_empty() { "NULL".to_owned() } else { literal(doc) }
}

//! Tables.

use super::{
    CreateIndex, Enums, Unsupported, check_clause, column_definition, create_index_statement, foreign_key_clause,
    primary_key_clause, table_comments, unique_clause,
};
use crate::schema::{Column, ForeignKey, QualifiedName, Table};
use crate::sql::{Dialect, identifier, qualified};

/// How a table is created.
#[derive(Clone, Copy, Debug)]
pub struct CreateTable<'a> {
    /// The name it gets: the table's own, or that of a helper table which is renamed later.
    pub name: &'a QualifiedName,
    /// Foreign keys that are left out, by name, because they are added later. (Postgres only: SQLite cannot add one later, and
    /// needs no target to exist.)
    pub deferred: &'a [&'a ForeignKey],
    /// Whether an existing table of this name is left as it is.
    pub if_not_exists: bool,
}

/// The statements that create the table, its indexes and, on Postgres, its comments. Enums are created by
/// [`create_enum`](super::create_enum), and before.
///
/// # Errors
///
/// When the dialect cannot hold the table.
pub fn create_table<E: Enums + ?Sized>(table: &Table, enums: &E, dialect: Dialect) -> Result<Vec<String>, Unsupported> {
    let options = CreateTable { name: &table.sql_name, deferred: &[], if_not_exists: false };
    create_table_with(table, enums, options, dialect)
}

/// The same, but what exists already is left as it is.
///
/// # Errors
///
/// When the dialect cannot hold the table.
pub fn create_table_if_not_exists<E: Enums + ?Sized>(
    table: &Table,
    enums: &E,
    dialect: Dialect,
) -> Result<Vec<String>, Unsupported> {
    let options = CreateTable { name: &table.sql_name, deferred: &[], if_not_exists: true };
    create_table_with(table, enums, options, dialect)
}

/// The `CREATE TABLE` statement alone, without indexes and comments.
///
/// # Errors
///
/// When the dialect cannot hold the table.
pub fn create_table_statement<E: Enums + ?Sized>(
    table: &Table,
    enums: &E,
    options: CreateTable<'_>,
    dialect: Dialect,
) -> Result<String, Unsupported> {
    let mut lines = Vec::new();
    for column in table.columns.iter() {
        lines.push(column_definition(table, column, enums, dialect)?);
    }
    if !stands_on_column(table, dialect) {
        lines.push(primary_key_clause(&table.primary_key));
    }
    lines.extend(table.uniques.iter().map(unique_clause));
    lines.extend(table.checks.iter().filter_map(|check| check_clause(check, dialect)));
    lines.extend(
        table
            .foreign_keys
            .iter()
            .filter(|key| match dialect {
                // A key of one column stands on its column.
                Dialect::Sqlite => key.columns.len() > 1,
                Dialect::Postgres => !options.deferred.iter().any(|deferred| deferred.name == key.name),
            })
            .map(|key| foreign_key_clause(key, dialect)),
    );
    let guard = if options.if_not_exists { "IF NOT EXISTS " } else { "" };
    let end = match dialect {
        Dialect::Sqlite => " STRICT",
        Dialect::Postgres => "",
    };
    Ok(format!("CREATE TABLE {guard}{} (\n    {}\n){end}", qualified(options.name, dialect), lines.join(",\n    ")))
}

/// The statement that creates a table of one column on SQLite as another program may have declared it, in its own words and not strict.
#[must_use]
pub fn create_table_of_foreign_column(name: &QualifiedName, column: &str, ty: &str, default: &str) -> String {
    let (name, column) = (qualified(name, Dialect::Sqlite), identifier(column));
    format!("CREATE TABLE {name} ({column} {ty} DEFAULT ({default}))")
}

/// The statement that drops the table, with its indexes and its own constraints. A foreign key of another table that points
/// here has to go before.
#[must_use]
pub fn drop_table(name: &QualifiedName, dialect: Dialect) -> String {
    format!("DROP TABLE {}", qualified(name, dialect))
}

/// The same for a table that may not exist.
#[must_use]
pub fn drop_table_if_exists(name: &QualifiedName, dialect: Dialect) -> String {
    format!("DROP TABLE IF EXISTS {}", qualified(name, dialect))
}

/// The statements that create the table in this way, its indexes and comments.
pub(super) fn create_table_with<E: Enums + ?Sized>(
    table: &Table,
    enums: &E,
    options: CreateTable<'_>,
    dialect: Dialect,
) -> Result<Vec<String>, Unsupported> {
    let mut statements = vec![create_table_statement(table, enums, options, dialect)?];
    let index_options = CreateIndex { if_not_exists: options.if_not_exists, concurrently: false };
    for index in table.indexes.iter() {
        statements.push(create_index_statement(options.name, index, index_options, dialect)?);
    }
    statements.extend(table_comments(table, dialect));
    Ok(statements)
}

/// Whether the primary key is written on its column, as SQLite's `AUTOINCREMENT` must be.
fn stands_on_column(table: &Table, dialect: Dialect) -> bool {
    let counts = |column: &Column| column.ty.is_serial() && table.is_primary_key(&column.sql_name);
    dialect == Dialect::Sqlite && table.columns.iter().any(counts)
}

//! All tables and enums of a schema at once.

use std::collections::BTreeSet;

use super::table::create_table_with;
use super::{CreateTable, Enums, Unsupported, create_enum, creation_order, drop_enum, drop_table, foreign_key_clause};
use crate::schema::{ForeignKey, Schema, Table};
use crate::sql::{Dialect, identifier, literal, qualified};

/// The statements that create a schema in an empty database, in an order that works for any web of foreign keys.
///
/// # Errors
///
/// When the dialect cannot hold a part of it.
pub fn create_schema(schema: &Schema, dialect: Dialect) -> Result<Vec<String>, Unsupported> {
    let mut statements = create_namespaces(schema, dialect);
    statements.extend(schema.enums.iter().flat_map(|enumeration| create_enum(enumeration, dialect)));
    statements.extend(create_tables(&schema.tables.iter().collect::<Vec<_>>(), schema, false, dialect)?);
    Ok(statements)
}

/// The statements that create these tables, targets of foreign keys first; keys that close a cycle are added last (Postgres). Enums and
/// Postgres schemas are created by others, and before.
///
/// # Errors
///
/// When the dialect cannot hold a table.
pub fn create_tables<E: Enums + ?Sized>(
    tables: &[&Table],
    enums: &E,
    if_not_exists: bool,
    dialect: Dialect,
) -> Result<Vec<String>, Unsupported> {
    let order = creation_order(tables);
    let mut statements = Vec::new();
    for table in &order.tables {
        let deferred = order.deferred_of(table);
        let options = CreateTable { name: &table.sql_name, deferred: &deferred, if_not_exists };
        statements.extend(create_table_with(table, enums, options, dialect)?);
    }
    if dialect == Dialect::Postgres {
        let add = if if_not_exists { add_foreign_key_if_not_exists } else { add_foreign_key };
        statements.extend(order.deferred.iter().map(|(table, key)| add(table, key)));
    }
    Ok(statements)
}

/// The statements that drop everything of a schema: keys that close a cycle first (Postgres), then the tables, the last created first,
/// then the enums. Postgres schemas stay.
///
/// SQLite deletes the rows of a table before it drops it and cannot drop a key: where keys form a cycle, the caller has to
/// suspend foreign keys.
#[must_use]
pub fn drop_schema(schema: &Schema, dialect: Dialect) -> Vec<String> {
    let order = creation_order(&schema.tables.iter().collect::<Vec<_>>());
    let mut statements = Vec::new();
    if dialect == Dialect::Postgres {
        statements.extend(order.deferred.iter().map(|(table, key)| {
            format!("ALTER TABLE {} DROP CONSTRAINT {}", qualified(&table.sql_name, dialect), identifier(&key.name))
        }));
    }
    statements.extend(order.tables.iter().rev().map(|table| drop_table(&table.sql_name, dialect)));
    statements.extend(schema.enums.iter().rev().flat_map(|enumeration| drop_enum(enumeration, dialect)));
    statements
}

/// The Postgres schemas that tables and enums live in, created unless they exist; none on SQLite. `public` is taken as existing.
#[must_use]
pub fn create_namespaces(schema: &Schema, dialect: Dialect) -> Vec<String> {
    match dialect {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => {
            let of_enums = schema.enums.iter().map(|enumeration| &enumeration.sql_name);
            let of_tables = schema.tables.iter().map(|table| &table.sql_name);
            let names: BTreeSet<&str> = of_enums
                .chain(of_tables)
                .filter_map(|name| name.schema.as_deref())
                .filter(|name| *name != "public")
                .collect();
            names.into_iter().map(|name| format!("CREATE SCHEMA IF NOT EXISTS {}", identifier(name))).collect()
        }
    }
}

/// `ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY …` on Postgres.
fn add_foreign_key(table: &Table, key: &ForeignKey) -> String {
    format!(
        "ALTER TABLE {} ADD {}",
        qualified(&table.sql_name, Dialect::Postgres),
        foreign_key_clause(key, Dialect::Postgres)
    )
}

/// The same where the table may have the key already. Postgres has no `IF NOT EXISTS` for constraints.
fn add_foreign_key_if_not_exists(table: &Table, key: &ForeignKey) -> String {
    let add = add_foreign_key(table, key);
    let mut tag = "$piccolo$".to_owned();
    while add.contains(&tag) {
        tag.insert(1, '_');
    }
    format!(
        "DO {tag} BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = {}::regclass AND conname = {}) \
         THEN {add}; END IF; END {tag}",
        literal(&qualified(&table.sql_name, Dialect::Postgres)),
        literal(&key.name)
    )
}

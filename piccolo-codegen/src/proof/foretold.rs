//! Failures that a migration's own files foretell.

use piccolo_runtime::Error;
use piccolo_runtime::ddl::ImpliedCheck;
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

use crate::plan::Risk;

/// Whether one of these risks is why a statement failed on a database that held `schema`: a key that points to no row, or a value of an enum that
/// goes. The other risks are about values that the proof's rows can be chosen to have or not.
pub(super) fn is_foretold(risks: &[Risk], error: &Error, schema: &Schema, dialect: Dialect) -> bool {
    risks.iter().any(|risk| match risk {
        Risk::ForeignKey { table, key, .. } => is_broken_key(error, &table.name, key),
        Risk::EnumValue { enumeration, value } => match (error, dialect) {
            (Error::InvalidValue { target, reason }, Dialect::Sqlite) => {
                let columns = schema.tables.iter().filter_map(|table| table.column(target));
                let mut columns = columns.filter(|column| column.ty.enumeration() == Some(enumeration));
                columns.any(|column| ImpliedCheck::of(&column.ty).is_some_and(|check| reason == check.reason()))
            }
            // The value is quoted in a sentence of the server's own language.
            (Error::InvalidValue { reason, .. }, Dialect::Postgres) => reason.contains(&format!("\"{value}\"")),
            _ => false,
        },
        Risk::Allowed(..) | Risk::Unasked(_) | Risk::Check { .. } | Risk::Collation { .. } => false,
    })
}

/// Whether it is this key that points to no row. SQLite tells only the table.
fn is_broken_key(error: &Error, of_table: &str, key: &str) -> bool {
    let Error::ForeignKeyViolation { table, constraint, pointed_to: None, .. } = error else { return false };
    match constraint {
        Some(constraint) => constraint == key,
        None => table.as_deref() == Some(of_table),
    }
}

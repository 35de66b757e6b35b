//! Constraints as the clauses that `CREATE TABLE` and `ALTER TABLE … ADD` share. All of them have names.

use crate::schema::{Check, ForeignKey, ForeignKeyAction, PrimaryKey, Text, Unique};
use crate::sql::{Dialect, identifier, qualified};

/// `CONSTRAINT … PRIMARY KEY (…)`.
#[must_use]
pub fn primary_key_clause(key: &PrimaryKey) -> String {
    format!("CONSTRAINT {} PRIMARY KEY ({})", identifier(&key.name), columns(&key.columns))
}

/// `CONSTRAINT … UNIQUE (…)`.
#[must_use]
pub fn unique_clause(unique: &Unique) -> String {
    format!("CONSTRAINT {} UNIQUE ({})", identifier(&unique.name), columns(&unique.columns))
}

/// `CONSTRAINT … CHECK (…)`; `None` where the check is for the other engine alone.
#[must_use]
pub fn check_clause(check: &Check, dialect: Dialect) -> Option<String> {
    let condition = match dialect {
        Dialect::Sqlite => &check.sqlite,
        Dialect::Postgres => &check.postgres,
    };
    condition.as_ref().map(|condition| format!("CONSTRAINT {} CHECK ({condition})", identifier(&check.name)))
}

/// `CONSTRAINT … FOREIGN KEY (…) REFERENCES …`.
#[must_use]
pub fn foreign_key_clause(key: &ForeignKey, dialect: Dialect) -> String {
    format!("CONSTRAINT {} FOREIGN KEY ({}) {}", identifier(&key.name), columns(&key.columns), references(key, dialect))
}

/// `CONSTRAINT … REFERENCES …`, the form that stands on a column.
pub(super) fn column_foreign_key_clause(key: &ForeignKey, dialect: Dialect) -> String {
    format!("CONSTRAINT {} {}", identifier(&key.name), references(key, dialect))
}

/// `REFERENCES table (columns) ON DELETE … ON UPDATE …`, the default actions left out.
fn references(key: &ForeignKey, dialect: Dialect) -> String {
    let mut sql = format!("REFERENCES {} ({})", qualified(&key.target, dialect), columns(&key.target_columns));
    for (event, on_event) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if let Some(action) = action(on_event) {
            sql.push_str(&format!(" ON {event} {action}"));
        }
    }
    sql
}

/// A referential action; `None` for the default, which needs no words.
fn action(action: ForeignKeyAction) -> Option<&'static str> {
    match action {
        ForeignKeyAction::NoAction => None,
        ForeignKeyAction::Restrict => Some("RESTRICT"),
        ForeignKeyAction::Cascade => Some("CASCADE"),
        ForeignKeyAction::SetNull => Some("SET NULL"),
        ForeignKeyAction::SetDefault => Some("SET DEFAULT"),
    }
}

/// A comma-separated list of quoted columns.
fn columns(names: &[Text]) -> String {
    names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(", ")
}

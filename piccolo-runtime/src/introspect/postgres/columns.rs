//! Columns.

use super::{name, optional_name};
use crate::introspect::{ColumnShape, Generated, Identity};
use crate::schema::QualifiedName;
use crate::{Result, RowRef};

pub(super) const QUERY: &str = include_str!("columns.sql");

/// A column and the name of its table.
pub(super) fn decode(row: &RowRef<'_>) -> Result<(QualifiedName, ColumnShape)> {
    let (expression, generated): (Option<String>, String) = (row.get(5)?, row.get(6)?);
    let (default, generated) = match generated.as_str() {
        "" => (expression, None),
        kind => (None, expression.map(|expression| Generated { expression, stored: kind == "s" })),
    };
    let sequence = optional_name(row, 8)?.unwrap_or_else(|| QualifiedName::plain(""));
    let column = ColumnShape {
        name: row.get(2)?,
        ty: row.get(3)?,
        null: row.get(4)?,
        default,
        identity: match row.get::<String>(7)?.as_str() {
            "" => None,
            "a" => Some(Identity::Always(sequence)),
            _ => Some(Identity::ByDefault(sequence)),
        },
        collation: row.get(10)?,
        generated,
        options: None,
        comment: row.get(11)?,
    };
    Ok((name(row, 0)?, column))
}

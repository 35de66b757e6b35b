//! Tables.

use super::name;
use crate::introspect::TableShape;
use crate::{Result, RowRef};

pub(super) const QUERY: &str = include_str!("tables.sql");

pub(super) fn decode(row: &RowRef<'_>) -> Result<TableShape> {
    Ok(TableShape { options: row.get(2)?, comment: row.get(3)?, ..TableShape::new(name(row, 0)?) })
}

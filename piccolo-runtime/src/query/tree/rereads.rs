//! Whether a statement that writes a table reads it as well, row by row.

use super::{ColumnRef, Expr, Select, parts, shortest, target, walk};
use crate::table::TableMeta;

/// Whether an expression in SET or RETURNING of a statement that writes this table reads other rows of it, after some may have been changed:
/// Postgres shows the table as it was before the statement, SQLite as it is when it comes to the row.
#[must_use]
pub fn rereads(expr: &Expr, written: &'static TableMeta) -> bool {
    in_row(expr, written, false)
}

/// The same of an expression that may be computed for the first time when rows have been changed already.
fn in_row(expr: &Expr, written: &'static TableMeta, later: bool) -> bool {
    if let Expr::Column(column) = expr {
        return column.outer == 0 && leads_to(written, column, written);
    }
    if let Expr::Scalar(select) | Expr::Exists(select) | Expr::InSelect { select, .. } = expr
        && reads(select, written)
        && (later || walk::names_outer(select))
    {
        return true;
    }
    let lazy = later || matches!(expr, Expr::Case { .. } | Expr::Call(..) | Expr::And(_) | Expr::Or(_));
    parts(expr).into_iter().enumerate().any(|(position, part)| in_row(part, written, later || (lazy && position > 0)))
}

/// Whether a select reads this table.
fn reads(select: &Select, table: &'static TableMeta) -> bool {
    std::ptr::eq(select.root.table(), table.table())
        || walk::expressions(select).into_iter().any(|expr| mentions(expr, select.root, table))
}

/// Whether an expression of a query on `root` reads this table.
fn mentions(expr: &Expr, root: &'static TableMeta, table: &'static TableMeta) -> bool {
    if let Expr::Column(column) = expr {
        return column.outer == 0 && leads_to(root, column, table);
    }
    if let Expr::Scalar(select) | Expr::Exists(select) | Expr::InSelect { select, .. } = expr
        && reads(select, table)
    {
        return true;
    }
    parts(expr).into_iter().any(|part| mentions(part, root, table))
}

/// Whether the way to a column comes to this table.
fn leads_to(root: &'static TableMeta, column: &ColumnRef, table: &'static TableMeta) -> bool {
    let (path, _) = shortest(root, column);
    (1..=path.len()).any(|steps| {
        let reached = path.get(..steps).and_then(|path| target(root, path));
        reached.is_some_and(|reached| std::ptr::eq(reached.table(), table.table()))
    })
}

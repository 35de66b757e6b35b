//! Whether a select can have more than one row.

use super::{Comparison, Expr, Select, holds_aggregate};

/// Whether it can be told that there is at most one row: by a limit, by an aggregate of everything, or by conditions that say what the
/// primary key or something unique is.
#[must_use]
pub fn is_single(select: &Select) -> bool {
    let limited = select.limit.is_some_and(|limit| limit <= 1);
    let aggregated = select.group_by.is_empty() && select.items.iter().any(|item| holds_aggregate(&item.expr));
    limited || aggregated || finds_by_key(select)
}

/// Whether the conditions say what the primary key or something unique is.
fn finds_by_key(select: &Select) -> bool {
    let table = select.root.table();
    let conditions = match &select.filter {
        Some(Expr::And(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => return false,
    };
    let said: Vec<&str> = conditions.iter().filter_map(|condition| said(condition, select)).collect();
    table.unique_keys().any(|columns| columns.iter().all(|column| said.contains(&column.as_ref())))
}

/// The column of the root table that a condition holds equal to a value, or to a column of a query around this one.
fn said(condition: &Expr, select: &Select) -> Option<&'static str> {
    let Expr::Compare(Comparison::Eq, left, right) = condition else { return None };
    let fixed = |side: &Expr| {
        matches!(side, Expr::Value(_) | Expr::Typed(..)) || matches!(side, Expr::Column(column) if column.outer > 0)
    };
    [(left, right), (right, left)].into_iter().filter(|(_, value)| fixed(value)).find_map(|(side, _)| {
        let Expr::Column(column) = side.as_ref() else { return None };
        let own = column.outer == 0 && column.path.is_empty();
        let column = select.root.table().columns.get(usize::from(column.column)).filter(|_| own)?;
        Some(column.sql_name.as_ref())
    })
}

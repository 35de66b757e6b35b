//! What a grouped select may name.

use super::{ColumnRef, Distinct, Expr, Select, name_of};
use crate::{Error, Result};

/// Refuses a select that names a column which has no single value in a group. Postgres refuses it as well; SQLite would pick any row's.
///
/// # Errors
///
/// [`Error::Usage`] with the column.
pub fn check_groups(select: &Select) -> Result<()> {
    if let Distinct::Rows = select.distinct {
        for order in &select.order_by {
            if !select.items.iter().any(|item| item.expr == order.expr) {
                return Err(Error::Usage {
                    message: "a select with `distinct` can be sorted by what it selects only, because equal rows may differ in the rest".to_owned(),
                });
            }
        }
    }
    let selected = select.items.iter().map(|item| &item.expr);
    let expressions = || selected.clone().chain(&select.having).chain(select.order_by.iter().map(|order| &order.expr));
    if select.group_by.is_empty() && !expressions().any(holds_aggregate) {
        return Ok(());
    }
    for expr in expressions() {
        if let Some(column) = ungrouped(expr, select) {
            let name = name_of(&Expr::Column(column), select.root).unwrap_or_default();
            return Err(Error::Usage {
                message: format!(
                    "`{name}` has no single value in a group of rows: group by it as well, or take an aggregate of it"
                ),
            });
        }
    }
    Ok(())
}

/// Whether an aggregate stands in the expression.
#[must_use]
pub fn holds_aggregate(expr: &Expr) -> bool {
    if matches!(expr, Expr::Aggregate { .. }) {
        return true;
    }
    parts(expr).into_iter().any(holds_aggregate)
}

/// The first column that is neither grouped by nor inside an aggregate.
fn ungrouped(expr: &Expr, select: &Select) -> Option<ColumnRef> {
    if select.group_by.contains(expr) {
        return None;
    }
    if matches!(expr, Expr::Aggregate { .. }) {
        return None;
    }
    if let Expr::Column(column) = expr {
        let single = column.outer > 0 || grouped_by_key(column, select);
        return (!single).then(|| column.clone());
    }
    parts(expr).into_iter().find_map(|part| ungrouped(part, select))
}

/// Whether the rows are grouped by the primary key of the column's table, which makes all its columns single.
fn grouped_by_key(column: &ColumnRef, select: &Select) -> bool {
    super::target(select.root, &column.path).is_some_and(|meta| {
        meta.table().primary_key.columns.iter().all(|name| {
            let position = meta.table().position(name).and_then(|position| u16::try_from(position).ok());
            position.is_some_and(|position| {
                select.group_by.contains(&Expr::Column(ColumnRef {
                    path: column.path.clone(),
                    column: position,
                    outer: 0,
                }))
            })
        })
    })
}

/// The expressions that an expression is made of, without those of sub-selects.
pub(crate) fn parts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Column(_)
        | Expr::Value(_)
        | Expr::Typed(..)
        | Expr::Now
        | Expr::Excluded(_)
        | Expr::Raw(_)
        | Expr::Invalid(_)
        | Expr::Exists(_)
        | Expr::Scalar(_) => Vec::new(),
        Expr::Compare(_, left, right)
        | Expr::Arithmetic(_, left, right)
        | Expr::Concat(left, right)
        | Expr::Shift { expr: left, by: right, .. } => vec![left, right],
        Expr::IsNull(inner)
        | Expr::IsNotNull(inner)
        | Expr::Not(inner)
        | Expr::Arrow(inner, _)
        | Expr::In { expr: inner, .. }
        | Expr::InSelect { expr: inner, .. }
        | Expr::Like { expr: inner, .. } => vec![inner],
        Expr::And(all) | Expr::Or(all) | Expr::Call(_, all) | Expr::Aggregate { of: all, .. } => all.iter().collect(),
        Expr::Case { arms, otherwise } => {
            arms.iter().flat_map(|(condition, value)| [condition, value]).chain(otherwise.as_deref()).collect()
        }
    }
}

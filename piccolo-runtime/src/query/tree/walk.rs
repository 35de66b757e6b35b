//! Walks over expressions.

use super::{ColumnRef, Distinct, Expr, Select};

/// The expression as seen from a query inside the one it was written for: its columns are one query further out.
#[must_use]
pub fn further_out(mut expr: Expr) -> Expr {
    for_each_column(&mut expr, 0, &mut |column, depth| {
        if column.outer >= depth {
            column.outer = column.outer.saturating_add(1);
        }
    });
    expr
}

/// Calls the function for every column in the expression, with the number of sub-selects around it inside the expression.
fn for_each_column(expr: &mut Expr, depth: u8, visit: &mut dyn FnMut(&mut ColumnRef, u8)) {
    match expr {
        Expr::Column(column) => visit(column, depth),
        Expr::Value(_) | Expr::Typed(..) | Expr::Now | Expr::Excluded(_) | Expr::Raw(_) | Expr::Invalid(_) => {}
        Expr::Compare(_, left, right)
        | Expr::Arithmetic(_, left, right)
        | Expr::Concat(left, right)
        | Expr::Shift { expr: left, by: right, .. } => {
            for_each_column(left, depth, visit);
            for_each_column(right, depth, visit);
        }
        Expr::IsNull(inner)
        | Expr::IsNotNull(inner)
        | Expr::Not(inner)
        | Expr::Arrow(inner, _)
        | Expr::In { expr: inner, .. }
        | Expr::Like { expr: inner, .. } => for_each_column(inner, depth, visit),
        Expr::And(all) | Expr::Or(all) | Expr::Call(_, all) | Expr::Aggregate { of: all, .. } => {
            all.iter_mut().for_each(|inner| for_each_column(inner, depth, visit));
        }
        Expr::Case { arms, otherwise } => {
            for (condition, value) in arms {
                for_each_column(condition, depth, visit);
                for_each_column(value, depth, visit);
            }
            if let Some(otherwise) = otherwise {
                for_each_column(otherwise, depth, visit);
            }
        }
        Expr::InSelect { expr, select, .. } => {
            for_each_column(expr, depth, visit);
            for_each_column_of(select, depth.saturating_add(1), visit);
        }
        Expr::Exists(select) | Expr::Scalar(select) => for_each_column_of(select, depth.saturating_add(1), visit),
    }
}

/// Whether a select names columns of the queries around it.
pub(super) fn names_outer(select: &Select) -> bool {
    let mut found = false;
    // The walk wants to change what it sees.
    for_each_column_of(&mut select.clone(), 0, &mut |column, depth| found |= column.outer > depth);
    found
}

/// The expressions of a select, those of its own sub-selects not among them.
pub(super) fn expressions(select: &Select) -> Vec<&Expr> {
    let Select { root: _, items, distinct, filter, group_by, having, order_by, limit: _, offset: _, lock: _ } = select;
    let on = match distinct {
        Distinct::No | Distinct::Rows => None,
        Distinct::On(on) => Some(on),
    };
    let sorted = order_by.iter().map(|order| &order.expr);
    let selected = items.iter().map(|item| &item.expr).chain(on.into_iter().flatten());
    selected.chain(filter).chain(group_by).chain(having).chain(sorted).collect()
}

/// Calls the function for every column in the select.
fn for_each_column_of(select: &mut Select, depth: u8, visit: &mut dyn FnMut(&mut ColumnRef, u8)) {
    let Select { root: _, items, distinct, filter, group_by, having, order_by, limit: _, offset: _, lock: _ } = select;
    let on = match distinct {
        Distinct::No | Distinct::Rows => None,
        Distinct::On(on) => Some(on),
    };
    let expressions = items
        .iter_mut()
        .map(|item| &mut item.expr)
        .chain(on.into_iter().flatten())
        .chain(filter)
        .chain(group_by)
        .chain(having)
        .chain(order_by.iter_mut().map(|order| &mut order.expr));
    for expr in expressions {
        for_each_column(expr, depth, visit);
    }
}

/// Whether an expression names a column of another table than this, or holds a sub-select: whether it needs more than the row itself.
#[must_use]
pub fn reaches_out(expr: &Expr, root: &'static crate::table::TableMeta) -> bool {
    let mut found = false;
    // The walk wants to change what it sees; a copy of a condition costs little beside running it.
    for_each_column(&mut expr.clone(), 0, &mut |column, depth| {
        if depth > 0 || column.outer > 0 {
            return;
        }
        if let [first, rest @ ..] = column.path.as_slice() {
            // The key's own column holds what the target's column would.
            let own = rest.is_empty() && root.key_at(*first).is_some_and(|key| key.target_column == column.column);
            found |= !own;
        }
    });
    found
}

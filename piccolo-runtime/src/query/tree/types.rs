//! The SQL types of expressions, as far as they can be told.

use super::{Aggregate, Arithmetic, ColumnRef, Expr, Function, target};
use crate::Value;
use crate::schema::{self, ColumnType, ElementType};
use crate::table::TableMeta;

/// The tables that paths begin at: the innermost query's last.
pub type Roots<'r> = &'r [&'static TableMeta];

/// The column that a reference means, and the table it is in.
#[must_use]
pub fn resolve(column: &ColumnRef, roots: Roots<'_>) -> Option<(&'static TableMeta, &'static schema::Column)> {
    let root = roots.iter().rev().nth(usize::from(column.outer))?;
    let table = target(root, &column.path)?;
    table.table().columns.get(usize::from(column.column)).map(|column| (table, column))
}

/// The type of an expression; `None` where nobody can tell, as for raw SQL.
#[must_use]
pub fn type_of(expr: &Expr, roots: Roots<'_>) -> Option<ColumnType> {
    match expr {
        Expr::Column(column) => resolve(column, roots).map(|(_, column)| column.ty.clone()),
        Expr::Value(value) => type_of_value(value),
        Expr::Typed(_, ty) => Some(ty.clone()),
        Expr::Now => Some(ColumnType::Timestamptz),
        Expr::Compare(..)
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::In { .. }
        | Expr::InSelect { .. }
        | Expr::Like { .. }
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Not(_)
        | Expr::Exists(_) => Some(ColumnType::Boolean),
        Expr::Arithmetic(operator, left, right) => arithmetic(*operator, type_of(left, roots), type_of(right, roots)),
        Expr::Concat(..) => Some(ColumnType::Text),
        Expr::Shift { expr, .. } => type_of(expr, roots),
        Expr::Call(function, arguments) => match function {
            Function::Coalesce => widest(arguments.iter(), roots),
            Function::Lower | Function::Upper => Some(ColumnType::Text),
            Function::Length => Some(ColumnType::Integer),
            Function::Abs => arguments.first().and_then(|argument| type_of(argument, roots)),
        },
        Expr::Case { arms, otherwise } => {
            widest(arms.iter().map(|(_, value)| value).chain(otherwise.as_deref()), roots)
        }
        Expr::Aggregate { function, of, .. } => {
            aggregate(*function, of.first().and_then(|argument| type_of(argument, roots)))
        }
        Expr::Scalar(select) => {
            let mut inner = roots.to_vec();
            inner.push(select.root);
            select.items.first().and_then(|item| type_of(&item.expr, &inner))
        }
        Expr::Arrow(..) => Some(ColumnType::Json),
        Expr::Excluded(column) => {
            roots.last().and_then(|root| root.table().columns.get(usize::from(*column))).map(|column| column.ty.clone())
        }
        Expr::Raw(_) | Expr::Invalid(_) => None,
    }
}

/// The type that a column for this value would have; `None` for null.
fn type_of_value(value: &Value) -> Option<ColumnType> {
    Some(match value {
        // The text of an enum alone does not say which enum it is.
        Value::Null | Value::Enum(_) => return None,
        Value::Boolean(_) => ColumnType::Boolean,
        Value::SmallInt(_) => ColumnType::SmallInt,
        Value::Integer(_) => ColumnType::Integer,
        Value::BigInt(_) => ColumnType::BigInt,
        Value::Real(_) => ColumnType::Real,
        Value::DoublePrecision(_) => ColumnType::DoublePrecision,
        Value::Numeric(number) => {
            ColumnType::Numeric { precision: 28, scale: u8::try_from(number.scale()).unwrap_or(28) }
        }
        Value::Text(_) => ColumnType::Text,
        Value::Date(_) => ColumnType::Date,
        Value::Time(_) => ColumnType::Time,
        Value::Timestamp(_) => ColumnType::Timestamp,
        Value::Timestamptz(_) => ColumnType::Timestamptz,
        Value::Interval(_) => ColumnType::Interval,
        Value::Uuid(_) => ColumnType::Uuid,
        Value::Json(_) => ColumnType::Json,
        Value::Bytea(_) => ColumnType::Bytea,
        Value::Array(element, _) => ColumnType::Array(element.clone()),
    })
}

/// The scale that a quotient of decimals is rounded to at least, on both engines.
const QUOTIENT_SCALE: u8 = 6;

/// The type of arithmetic. For decimals it carries the scale that the result is rounded to, so that both engines give the same digits.
fn arithmetic(operator: Arithmetic, left: Option<ColumnType>, right: Option<ColumnType>) -> Option<ColumnType> {
    let decimal = |ty: &ColumnType| matches!(ty, ColumnType::Numeric { .. });
    if left.as_ref().is_some_and(decimal) || right.as_ref().is_some_and(decimal) {
        let (left, right) = (left.as_ref().map_or(0, scale), right.as_ref().map_or(0, scale));
        let scale = match operator {
            Arithmetic::Add | Arithmetic::Subtract | Arithmetic::Remainder => left.max(right),
            Arithmetic::Multiply => left.saturating_add(right).min(28),
            Arithmetic::Divide => left.max(right).max(QUOTIENT_SCALE),
        };
        return Some(ColumnType::Numeric { precision: 28, scale });
    }
    left.or(right).map(|ty| ty.referenced())
}

/// The digits after the point of a decimal type, and none of others.
fn scale(ty: &ColumnType) -> u8 {
    if let ColumnType::Numeric { scale, .. } = ty { *scale } else { 0 }
}

/// The type of alternatives: that of the first whose type is known; of decimals the one with the most digits after the point.
fn widest<'e>(alternatives: impl Iterator<Item = &'e Expr>, roots: Roots<'_>) -> Option<ColumnType> {
    alternatives
        .filter_map(|alternative| type_of(alternative, roots))
        .reduce(|first, next| if scale(&next) > scale(&first) { next } else { first })
}

/// The type of an aggregate over values of this type.
fn aggregate(function: Aggregate, of: Option<ColumnType>) -> Option<ColumnType> {
    match function {
        Aggregate::Count => Some(ColumnType::BigInt),
        Aggregate::Avg => Some(ColumnType::DoublePrecision),
        Aggregate::Min | Aggregate::Max => of.map(|ty| ty.referenced()),
        Aggregate::Sum => of.map(|ty| {
            let ty = ty.referenced();
            if matches!(ty, ColumnType::SmallInt | ColumnType::Integer) {
                ColumnType::BigInt
            } else if ty == ColumnType::Real {
                ColumnType::DoublePrecision
            } else {
                ty
            }
        }),
    }
}

/// The type of the elements of a list to look for an expression of this type in.
#[must_use]
pub fn element_of(ty: Option<&ColumnType>, list: &[Value]) -> Option<ElementType> {
    ty.map(ColumnType::referenced).or_else(|| list.iter().find_map(type_of_value)).and_then(|ty| ty.element())
}

/// Whether an expression may be null, as far as can be told.
#[must_use]
pub fn may_be_null(expr: &Expr, roots: Roots<'_>) -> bool {
    if let Expr::Column(column) = expr {
        let Some(root) = roots.iter().rev().nth(usize::from(column.outer)) else { return true };
        let mut table = *root;
        for step in column.path.iter().chain([&column.column]) {
            match table.table().columns.get(usize::from(*step)) {
                Some(column) if !column.null => {}
                Some(_) | None => return true,
            }
            if let Some(key) = table.key_at(*step) {
                table = key.target;
            }
        }
        return false;
    }
    if let Expr::Value(value) = expr {
        return value.is_null();
    }
    !matches!(expr, Expr::Aggregate { function: Aggregate::Count, .. } | Expr::Exists(_))
}

/// Whether a column has a part in a text, or somebody's SQL: then that says in which order it sorts.
#[must_use]
pub fn has_collation(expr: &Expr) -> bool {
    match expr {
        Expr::Column(_) | Expr::Excluded(_) | Expr::Raw(_) => true,
        // These two are computed by code point.
        Expr::Call(Function::Lower | Function::Upper, _) => true,
        Expr::Call(_, alternatives) => alternatives.iter().any(has_collation),
        Expr::Concat(left, right) => has_collation(left) || has_collation(right),
        Expr::Case { arms, otherwise } => {
            arms.iter().map(|(_, value)| value).chain(otherwise.as_deref()).any(has_collation)
        }
        Expr::Aggregate { of, .. } => of.iter().any(has_collation),
        Expr::Scalar(select) => select.items.iter().any(|item| has_collation(&item.expr)),
        Expr::Value(_)
        | Expr::Typed(..)
        | Expr::Now
        | Expr::Compare(..)
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::In { .. }
        | Expr::InSelect { .. }
        | Expr::Like { .. }
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Not(_)
        | Expr::Arithmetic(..)
        | Expr::Shift { .. }
        | Expr::Exists(_)
        | Expr::Arrow(..)
        | Expr::Invalid(_) => false,
    }
}

/// The enum that an expression of this enum type has the values of.
#[must_use]
pub fn enumeration_of(expr: &Expr, name: &schema::QualifiedName, roots: Roots<'_>) -> Option<&'static schema::Enum> {
    if let Expr::Column(column) = expr {
        return resolve(column, roots).and_then(|(table, _)| table.enumeration(name));
    }
    let mut tables = roots.to_vec();
    let mut at = 0;
    while let Some(table) = tables.get(at) {
        if let Some(found) = table.enumeration(name) {
            return Some(found);
        }
        let further: Vec<_> = table.keys().iter().map(|key| key.target).collect();
        let new = |target: &&'static TableMeta| !tables.iter().any(|known| std::ptr::eq(*known, *target));
        let new: Vec<_> = further.into_iter().filter(new).collect();
        tables.extend(new);
        at += 1;
    }
    None
}

/// Whether an expression is a column of the root table that the database calls so.
#[must_use]
pub fn is_plain_column(expr: &Expr, root: &'static TableMeta, name: &str) -> bool {
    let Expr::Column(ColumnRef { path, column, outer: 0 }) = expr else { return false };
    path.is_empty() && root.table().columns.get(usize::from(*column)).is_some_and(|column| column.sql_name == name)
}

/// Whether the expression is a secret column, or computed from one.
#[must_use]
pub fn names_secret(expr: &Expr, roots: Roots<'_>) -> bool {
    match expr {
        Expr::Column(column) => resolve(column, roots).is_some_and(|(_, column)| column.secret),
        Expr::Concat(left, right) | Expr::Arithmetic(_, left, right) | Expr::Shift { expr: left, by: right, .. } => {
            names_secret(left, roots) || names_secret(right, roots)
        }
        Expr::Arrow(inner, _) => names_secret(inner, roots),
        Expr::Call(_, all) | Expr::Aggregate { of: all, .. } => all.iter().any(|inner| names_secret(inner, roots)),
        Expr::Case { arms, otherwise } => {
            let values = arms.iter().map(|(_, value)| value).chain(otherwise.as_deref());
            values.into_iter().any(|value| names_secret(value, roots))
        }
        // Conditions say whether something is so, and values and sub-selects are no columns of this query.
        Expr::Value(_)
        | Expr::Typed(..)
        | Expr::Now
        | Expr::Compare(..)
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::In { .. }
        | Expr::InSelect { .. }
        | Expr::Like { .. }
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Not(_)
        | Expr::Exists(_)
        | Expr::Scalar(_)
        | Expr::Excluded(_)
        | Expr::Raw(_)
        | Expr::Invalid(_) => false,
    }
}

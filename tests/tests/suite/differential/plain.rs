//! The plain evaluation: what a query gives, computed over the rows in memory with nothing of SQL in it but its meaning.
//!
//! Conditions are true, false or null. A query that leaves the range of a number type is none that the engines could agree on, so it is left
//! out ([`Beyond`]); operands are always evaluated, because an engine may do so as well.

use std::cmp::Ordering;

use chrono::{Datelike, NaiveTime, TimeDelta};
use piccolo_runtime::Value;
use piccolo_runtime::query::tree::{
    Aggregate, Arithmetic, ColumnRef, Comparison, Distinct, Expr, Function, Nulls, Select, holds_aggregate, type_of,
};
use piccolo_runtime::schema::ColumnType;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::values::MOODS;
use super::world::World;

/// The query leaves the range of a type.
#[derive(Debug)]
pub(super) struct Beyond;

type Result<T> = std::result::Result<T, Beyond>;

/// The rows of one query that an expression is about: one row, or a group of them.
struct Frame {
    table: usize,
    rows: Vec<usize>,
}

/// The rows that a select gives, in order where it says one.
pub(super) fn rows(world: &World, select: &Select) -> Result<Vec<Vec<Value>>> {
    Plain { world }.select(select, &mut Vec::new())
}

struct Plain<'w> {
    world: &'w World,
}

impl Plain<'_> {
    fn select(&self, select: &Select, frames: &mut Vec<Frame>) -> Result<Vec<Vec<Value>>> {
        let table = self.world.number_of(select.root);
        let mut found = Vec::new();
        for row in 0..self.world.tables[table].rows.len() {
            frames.push(Frame { table, rows: vec![row] });
            let holds = select.filter.as_ref().map_or(Ok(Value::Boolean(true)), |filter| self.eval(filter, frames));
            frames.pop();
            if holds? == Value::Boolean(true) {
                found.push(row);
            }
        }
        let mut given = Vec::new();
        for rows in self.groups(select, table, found, frames)? {
            frames.push(Frame { table, rows });
            let row = self.given(select, frames);
            frames.pop();
            given.extend(row?);
        }
        if select.distinct == Distinct::Rows {
            let mut different: Vec<(Vec<Value>, Vec<Value>)> = Vec::new();
            for row in given {
                if !different.iter().any(|(known, _)| same(known, &row.0)) {
                    different.push(row);
                }
            }
            given = different;
        }
        given.sort_by(|(_, left), (_, right)| {
            let keys = select.order_by.iter().zip(left.iter().zip(right));
            keys.map(|(order, (left, right))| in_order(left, right, order.descending, order.nulls))
                .find(|ordering| ordering.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        let offset = select.offset.unwrap_or(0) as usize;
        let limit = select.limit.unwrap_or(u64::MAX) as usize;
        Ok(given.into_iter().map(|(row, _)| row).skip(offset).take(limit).collect())
    }

    /// The rows as the groups that the select makes of them.
    fn groups(
        &self,
        select: &Select,
        table: usize,
        found: Vec<usize>,
        frames: &mut Vec<Frame>,
    ) -> Result<Vec<Vec<usize>>> {
        let mut expressions = select
            .items
            .iter()
            .map(|item| &item.expr)
            .chain(&select.having)
            .chain(select.order_by.iter().map(|order| &order.expr));
        if select.group_by.is_empty() {
            let one = expressions.any(holds_aggregate);
            return Ok(if one { vec![found] } else { found.into_iter().map(|row| vec![row]).collect() });
        }
        let mut groups: Vec<(Vec<Value>, Vec<usize>)> = Vec::new();
        for row in found {
            frames.push(Frame { table, rows: vec![row] });
            let key = select.group_by.iter().map(|expr| self.eval(expr, frames)).collect::<Result<Vec<_>>>();
            frames.pop();
            let key = key?;
            match groups.iter_mut().find(|(known, _)| same(known, &key)) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((key, vec![row])),
            }
        }
        Ok(groups.into_iter().map(|(_, rows)| rows).collect())
    }

    /// What is selected of a row or a group, and what it sorts by; none where `having` does not hold.
    fn given(&self, select: &Select, frames: &mut Vec<Frame>) -> Result<Option<(Vec<Value>, Vec<Value>)>> {
        let holds = select.having.as_ref().map_or(Ok(Value::Boolean(true)), |having| self.eval(having, frames))?;
        let roots: Vec<_> = frames.iter().map(|frame| self.world.tables[frame.table].meta).collect();
        let row = select.items.iter().map(|item| {
            let (value, ty) = (self.eval(&item.expr, frames)?, type_of(&item.expr, &roots));
            let result = frames.len() == 1 || select.distinct == Distinct::Rows;
            let narrowed = if result { narrow(value.clone(), ty.as_ref())? } else { value.clone() };
            // What 32 bits cannot hold, SQLite takes once as a double and Postgres as what is read.
            let tells = select.distinct == Distinct::Rows && !same(&[value], std::slice::from_ref(&narrowed));
            if tells { Err(Beyond) } else { Ok(narrowed) }
        });
        let row = row.collect::<Result<_>>()?;
        let keys = select.order_by.iter().map(|order| self.eval(&order.expr, frames)).collect::<Result<_>>()?;
        Ok((holds == Value::Boolean(true)).then_some((row, keys)))
    }

    fn eval(&self, expr: &Expr, frames: &mut Vec<Frame>) -> Result<Value> {
        Ok(match expr {
            Expr::Column(column) => self.column(column, frames),
            Expr::Value(value) | Expr::Typed(value, _) => value.clone(),
            Expr::Compare(comparison, left, right) => {
                let (left, right) = (self.eval(left, frames)?, self.eval(right, frames)?);
                truth(compare(&left, &right).map(|ordering| holds(*comparison, ordering)))
            }
            Expr::IsNull(inner) => Value::Boolean(self.eval(inner, frames)?.is_null()),
            Expr::IsNotNull(inner) => Value::Boolean(!self.eval(inner, frames)?.is_null()),
            Expr::In { expr, list, negated } => {
                let value = self.eval(expr, frames)?;
                contained(&value, list.iter(), *negated)
            }
            Expr::InSelect { expr, select, negated } => {
                let value = self.eval(expr, frames)?;
                let list = self.select(select, frames)?;
                contained(&value, list.iter().flatten(), *negated)
            }
            Expr::Like { expr, pattern, insensitive, negated } => match self.eval(expr, frames)? {
                Value::Text(text) if *insensitive => {
                    let (text, pattern) = (text.to_ascii_lowercase(), pattern.to_ascii_lowercase());
                    Value::Boolean(like(&text, &pattern) != *negated)
                }
                Value::Text(text) => Value::Boolean(like(&text, pattern) != *negated),
                _ => Value::Null,
            },
            Expr::And(all) => self.junction(all, frames, false)?,
            Expr::Or(all) => self.junction(all, frames, true)?,
            Expr::Not(inner) => truth(known(&self.eval(inner, frames)?).map(|known| !known)),
            Expr::Arithmetic(operator, left, right) => {
                let (left, right) = (self.eval(left, frames)?, self.eval(right, frames)?);
                arithmetic(*operator, &left, &right)?
            }
            Expr::Concat(left, right) => match (self.eval(left, frames)?, self.eval(right, frames)?) {
                (Value::Text(left), Value::Text(right)) => Value::Text(left + &right),
                _ => Value::Null,
            },
            Expr::Shift { expr, by, negative } => {
                let (moment, by) = (self.eval(expr, frames)?, self.eval(by, frames)?);
                match by {
                    Value::Interval(by) => shifted(moment, if *negative { -by } else { by })?,
                    _ => Value::Null,
                }
            }
            Expr::Call(function, arguments) => {
                let arguments =
                    arguments.iter().map(|argument| self.eval(argument, frames)).collect::<Result<Vec<_>>>()?;
                call(*function, arguments)?
            }
            Expr::Case { arms, otherwise } => {
                let mut value = None;
                for (condition, then) in arms {
                    let (condition, then) = (self.eval(condition, frames)?, self.eval(then, frames)?);
                    if value.is_none() && condition == Value::Boolean(true) {
                        value = Some(then);
                    }
                }
                let otherwise = otherwise.as_ref().map_or(Ok(Value::Null), |otherwise| self.eval(otherwise, frames))?;
                value.unwrap_or(otherwise)
            }
            Expr::Aggregate { function, of, distinct } => self.aggregate(*function, of, *distinct, frames)?,
            Expr::Exists(select) => Value::Boolean(!self.select(select, frames)?.is_empty()),
            Expr::Scalar(select) => {
                let row = self.select(select, frames)?.into_iter().next();
                row.and_then(|row| row.into_iter().next()).unwrap_or(Value::Null)
            }
            Expr::Now | Expr::Arrow(..) | Expr::Excluded(_) | Expr::Raw(_) | Expr::Invalid(_) => {
                unreachable!("not drawn: {expr:?}")
            }
        })
    }

    /// A column of the row, or of the first row of the group, at the end of its path; null where a key on the way is.
    fn column(&self, column: &ColumnRef, frames: &[Frame]) -> Value {
        let frame = &frames[frames.len() - 1 - usize::from(column.outer)];
        let mut place = (frame.table, frame.rows.first().copied());
        for key in &column.path {
            let (table, Some(row)) = place else { return Value::Null };
            place = self.world.follow(table, row, *key);
        }
        let (table, row) = place;
        row.map_or(Value::Null, |row| self.world.tables[table].rows[row][usize::from(column.column)].clone())
    }

    /// AND, or OR: the deciding value wins over null, and null over the other.
    fn junction(&self, all: &[Expr], frames: &mut Vec<Frame>, deciding: bool) -> Result<Value> {
        let mut result = Some(!deciding);
        for expr in all {
            match known(&self.eval(expr, frames)?) {
                Some(value) if value == deciding => result = Some(deciding),
                None if result == Some(!deciding) => result = None,
                Some(_) | None => {}
            }
        }
        Ok(truth(result))
    }

    fn aggregate(&self, function: Aggregate, of: &[Expr], distinct: bool, frames: &mut Vec<Frame>) -> Result<Value> {
        let group = frames.pop().unwrap();
        let mut values: Vec<Vec<Value>> = Vec::new();
        for row in &group.rows {
            frames.push(Frame { table: group.table, rows: vec![*row] });
            let tuple = of.iter().map(|expr| self.eval(expr, frames)).collect::<Result<Vec<_>>>();
            frames.pop();
            let tuple = tuple?;
            // A null alone is left out of every aggregate; in a combination it counts.
            let left_out =
                of.len() == 1 && tuple[0].is_null() || distinct && values.iter().any(|known| same(known, &tuple));
            if !left_out {
                values.push(tuple);
            }
        }
        frames.push(group);
        if function == Aggregate::Count {
            return Ok(Value::BigInt(values.len() as i64));
        }
        let values: Vec<Value> = values.into_iter().flatten().collect();
        match function {
            Aggregate::Min => Ok(extreme(values, Ordering::Less)),
            Aggregate::Max => Ok(extreme(values, Ordering::Greater)),
            Aggregate::Sum => sum(&values),
            Aggregate::Avg if values.is_empty() => Ok(Value::Null),
            Aggregate::Avg => {
                let total = match sum(&values)? {
                    Value::BigInt(total) => total as f64,
                    total => double(&total),
                };
                Ok(Value::DoublePrecision(total / values.len() as f64))
            }
            Aggregate::Count => unreachable!(),
        }
    }
}

/// The least or the greatest.
fn extreme(values: Vec<Value>, wanted: Ordering) -> Value {
    let best = values.into_iter().reduce(|best, next| if compare(&next, &best) == Some(wanted) { next } else { best });
    best.unwrap_or(Value::Null)
}

fn sum(values: &[Value]) -> Result<Value> {
    let Some(first) = values.first() else { return Ok(Value::Null) };
    match first {
        Value::SmallInt(_) | Value::Integer(_) | Value::BigInt(_) => {
            // What overflows on the way may depend on the order.
            let steps = values.iter().map(|value| whole(value).unwrap().unsigned_abs()).sum::<u128>();
            let total: i128 = values.iter().map(|value| whole(value).unwrap()).sum();
            i64::try_from(steps).map_err(|_| Beyond)?;
            Ok(Value::BigInt(i64::try_from(total).map_err(|_| Beyond)?))
        }
        Value::Interval(_) => {
            let mut total = TimeDelta::zero();
            for value in values {
                let Value::Interval(span) = value else { unreachable!() };
                total += *span;
            }
            Ok(Value::Interval(total))
        }
        Value::Numeric(_) => {
            let mut total = Decimal::ZERO;
            for value in values {
                let Value::Numeric(number) = value else { unreachable!() };
                total += number;
            }
            exact(total)
        }
        _ => Ok(Value::DoublePrecision(values.iter().map(double).sum())),
    }
}

fn double(value: &Value) -> f64 {
    match value {
        Value::Real(number) => f64::from(*number),
        Value::DoublePrecision(number) => *number,
        Value::Numeric(number) => number.to_f64().unwrap(),
        other => whole(other).unwrap() as f64,
    }
}

/// A whole number of any width.
fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::SmallInt(number) => Some((*number).into()),
        Value::Integer(number) => Some((*number).into()),
        Value::BigInt(number) => Some((*number).into()),
        _ => None,
    }
}

fn truth(known: Option<bool>) -> Value {
    known.map_or(Value::Null, Value::Boolean)
}

fn known(value: &Value) -> Option<bool> {
    if let Value::Boolean(value) = value { Some(*value) } else { None }
}

const fn holds(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Eq => ordering.is_eq(),
        Comparison::Ne => ordering.is_ne(),
        Comparison::Lt => ordering.is_lt(),
        Comparison::Lte => ordering.is_le(),
        Comparison::Gt => ordering.is_gt(),
        Comparison::Gte => ordering.is_ge(),
    }
}

/// Two values of one class compared; none where one is null. What has no order is only equal or not.
fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    Some(match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return None,
        (Value::Boolean(left), Value::Boolean(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Numeric(left), Value::Numeric(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Time(left), Value::Time(right)) => left.cmp(right),
        (Value::Timestamp(left), Value::Timestamp(right)) => left.cmp(right),
        (Value::Timestamptz(left), Value::Timestamptz(right)) => left.cmp(right),
        (Value::Interval(left), Value::Interval(right)) => left.cmp(right),
        (Value::Uuid(left), Value::Uuid(right)) => left.cmp(right),
        (Value::Bytea(left), Value::Bytea(right)) => left.cmp(right),
        (Value::Enum(left), Value::Enum(right)) => rank(left).cmp(&rank(right)),
        (Value::Real(_) | Value::DoublePrecision(_), _) => double(left).partial_cmp(&double(right)).unwrap(),
        (Value::Json(_) | Value::Array(..), _) => {
            if left == right {
                Ordering::Equal
            } else {
                Ordering::Less
            }
        }
        (left, right) => whole(left).unwrap().cmp(&whole(right).unwrap()),
    })
}

fn rank(text: &str) -> usize {
    MOODS.iter().position(|mood| *mood == text).unwrap()
}

/// Whether two rows are equal where nulls are.
fn same(left: &[Value], right: &[Value]) -> bool {
    left.iter().zip(right).all(|(left, right)| match compare(left, right) {
        None => left.is_null() && right.is_null(),
        Some(ordering) => ordering.is_eq(),
    })
}

/// Nulls are greater than everything unless the order says where they go.
fn in_order(left: &Value, right: &Value, descending: bool, nulls: Option<Nulls>) -> Ordering {
    let nulls_first = nulls.map_or(descending, |nulls| nulls == Nulls::First);
    match (left.is_null(), right.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) if nulls_first => Ordering::Less,
        (true, false) => Ordering::Greater,
        (false, true) if nulls_first => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let ordering = compare(left, right).unwrap();
            if descending { ordering.reverse() } else { ordering }
        }
    }
}

/// Whether a value is in a list: null where it would be no and a null stands on either side.
fn contained<'v>(value: &Value, list: impl Iterator<Item = &'v Value>, negated: bool) -> Value {
    let mut result = Some(false);
    for candidate in list {
        match compare(value, candidate) {
            Some(ordering) if ordering.is_eq() => return Value::Boolean(!negated),
            Some(_) => {}
            None => result = None,
        }
    }
    truth(result.map(|found| found != negated))
}

/// Whether a text matches a pattern.
fn like(text: &str, pattern: &str) -> bool {
    let mut pieces = pattern.chars();
    match pieces.next() {
        None => text.is_empty(),
        Some('%') => {
            let rest = pieces.as_str();
            text.char_indices().map(|(at, _)| &text[at..]).chain([""]).any(|tail| like(tail, rest))
        }
        Some(piece) => {
            let (literal, any) = if piece == '\\' { (pieces.next().unwrap(), false) } else { (piece, piece == '_') };
            let mut characters = text.chars();
            characters.next().is_some_and(|character| any || character == literal)
                && like(characters.as_str(), pieces.as_str())
        }
    }
}

fn arithmetic(operator: Arithmetic, left: &Value, right: &Value) -> Result<Value> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Interval(left), Value::Interval(right)) => match operator {
            Arithmetic::Add => Ok(Value::Interval(*left + *right)),
            _ => Ok(Value::Interval(*left - *right)),
        },
        (Value::Numeric(left), Value::Numeric(right)) => decimal(operator, *left, *right),
        (Value::Real(_) | Value::DoublePrecision(_), _) => match float(operator, double(left), double(right)) {
            None => Ok(Value::Null),
            Some(number) if number.is_finite() => Ok(Value::DoublePrecision(number)),
            Some(_) => Err(Beyond),
        },
        (left, right) => {
            let (a, b) = (whole(left).unwrap(), whole(right).unwrap());
            let number = match operator {
                Arithmetic::Add => a + b,
                Arithmetic::Subtract => a - b,
                Arithmetic::Multiply => a * b,
                Arithmetic::Divide | Arithmetic::Remainder if b == 0 => return Ok(Value::Null),
                Arithmetic::Divide => a / b,
                Arithmetic::Remainder => a % b,
            };
            i64::try_from(number).map(Value::BigInt).map_err(|_| Beyond)
        }
    }
}

/// A value in the type that a result has.
fn narrow(value: Value, ty: Option<&ColumnType>) -> Result<Value> {
    match (ty.map(ColumnType::referenced), &value) {
        (Some(ColumnType::SmallInt), Value::BigInt(number)) if i16::try_from(*number).is_err() => Err(Beyond),
        (Some(ColumnType::Integer), Value::BigInt(number)) if i32::try_from(*number).is_err() => Err(Beyond),
        (Some(ColumnType::Real), Value::DoublePrecision(number)) if (*number as f32).is_infinite() => Err(Beyond),
        (Some(ColumnType::Real), Value::DoublePrecision(number)) => Ok(Value::Real(*number as f32)),
        _ => Ok(value),
    }
}

fn float(operator: Arithmetic, left: f64, right: f64) -> Option<f64> {
    match operator {
        Arithmetic::Add => Some(left + right),
        Arithmetic::Subtract => Some(left - right),
        Arithmetic::Multiply => Some(left * right),
        Arithmetic::Divide | Arithmetic::Remainder => (right != 0.0).then(|| left / right),
    }
}

/// Decimals keep their digits; a quotient is rounded to six of them after the point, or to as many as its operands have.
fn decimal(operator: Arithmetic, left: Decimal, right: Decimal) -> Result<Value> {
    let number = match operator {
        Arithmetic::Add => left.checked_add(right).ok_or(Beyond)?,
        Arithmetic::Subtract => left.checked_sub(right).ok_or(Beyond)?,
        Arithmetic::Multiply => left.checked_mul(right).ok_or(Beyond)?,
        Arithmetic::Divide | Arithmetic::Remainder if right.is_zero() => return Ok(Value::Null),
        Arithmetic::Divide | Arithmetic::Remainder => {
            let scale = left.scale().max(right.scale()).max(6);
            let quotient = left.checked_div(right).ok_or(Beyond)?;
            let mut rounded = quotient.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
            rounded.rescale(scale);
            rounded
        }
    };
    exact(number)
}

/// A decimal of as many digits as SQLite keeps exactly.
fn exact(number: Decimal) -> Result<Value> {
    if number.mantissa().unsigned_abs() < 10_u128.pow(15) { Ok(Value::Numeric(number)) } else { Err(Beyond) }
}

/// A moment moved by a span of time; a time of day goes round the clock.
fn shifted(moment: Value, by: TimeDelta) -> Result<Value> {
    let within = |year: i32| if (1..=9999).contains(&year) { Ok(()) } else { Err(Beyond) };
    Ok(match moment {
        Value::Date(date) => {
            let moved = date.and_time(NaiveTime::MIN).checked_add_signed(by).ok_or(Beyond)?;
            within(moved.year())?;
            Value::Date(moved.date())
        }
        Value::Time(time) => Value::Time(time.overflowing_add_signed(by).0),
        Value::Timestamp(timestamp) => {
            let moved = timestamp.checked_add_signed(by).ok_or(Beyond)?;
            within(moved.year())?;
            Value::Timestamp(moved)
        }
        Value::Timestamptz(instant) => {
            let moved = instant.checked_add_signed(by).ok_or(Beyond)?;
            within(moved.year())?;
            Value::Timestamptz(moved)
        }
        _ => Value::Null,
    })
}

fn call(function: Function, mut arguments: Vec<Value>) -> Result<Value> {
    if function == Function::Coalesce {
        return Ok(arguments.into_iter().find(|argument| !argument.is_null()).unwrap_or(Value::Null));
    }
    Ok(match (function, arguments.remove(0)) {
        (Function::Lower, Value::Text(text)) => Value::Text(text.to_ascii_lowercase()),
        (Function::Upper, Value::Text(text)) => Value::Text(text.to_ascii_uppercase()),
        (Function::Length, Value::Text(text)) => Value::Integer(text.chars().count() as i32),
        (Function::Abs, Value::Numeric(number)) => Value::Numeric(number.abs()),
        (Function::Abs, Value::Real(number)) => Value::Real(number.abs()),
        (Function::Abs, Value::DoublePrecision(number)) => Value::DoublePrecision(number.abs()),
        (Function::Abs, Value::Null) => Value::Null,
        (Function::Abs, value) => {
            let number = whole(&value).unwrap().abs();
            // The one number whose opposite its type does not hold.
            let fits = match value {
                Value::SmallInt(_) => i16::try_from(number).is_ok(),
                Value::Integer(_) => i32::try_from(number).is_ok(),
                _ => true,
            };
            if !fits {
                return Err(Beyond);
            }
            Value::BigInt(i64::try_from(number).map_err(|_| Beyond)?)
        }
        _ => Value::Null,
    })
}

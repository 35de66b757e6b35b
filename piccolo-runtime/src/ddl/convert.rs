//! The spelling of a conversion between types: what [`Conversion`](crate::schema::Conversion) promises, on each engine.
//!
//! No conversion changes a value silently. Where SQLite's strict types and implied checks refuse what does not fit, the value is copied as
//! it is; elsewhere it is checked by converting it back. A row that does not fit makes the statement fail with the value in the
//! message.

use crate::schema::{ColumnType, ElementType};
use crate::sql::{Dialect, column_type, literal};

/// The expression that converts `value`, itself an expression, from one type to another; `None` where the engine needs no words for it.
/// `name` is what messages call the column.
#[must_use]
pub fn conversion_expression(
    from: &ColumnType,
    to: &ColumnType,
    value: &str,
    name: &str,
    dialect: Dialect,
) -> Option<String> {
    match dialect {
        Dialect::Sqlite => sqlite(from, to, value, name),
        Dialect::Postgres => postgres(from, to, value, name),
    }
}

/// The user's expression for the values of a column that gets another type, on Postgres: guarded where the engine's own assignment would
/// round or cut what the expression gives. (SQLite's strict types and implied checks refuse that by themselves.)
#[must_use]
pub fn using_expression(expression: &str, to: &ColumnType, name: &str) -> String {
    let value = format!("({expression})");
    let cast = format!("{value}::{}", column_type(to, Dialect::Postgres));
    let condition = match to {
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Serial
        | ColumnType::BigSerial => {
            format!("{value}::numeric = trunc({value}::numeric)")
        }
        ColumnType::Numeric { scale, .. } => format!("{value}::numeric = round({value}::numeric, {scale})"),
        ColumnType::Varchar { length } => format!("length({value}::text) <= {length}"),
        ColumnType::Date => format!("{value}::timestamp = {value}::date"),
        ColumnType::Text
        | ColumnType::Real
        | ColumnType::DoublePrecision
        | ColumnType::Boolean
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Interval
        | ColumnType::Uuid
        | ColumnType::Json
        | ColumnType::Bytea
        | ColumnType::Enum(_)
        | ColumnType::Array(_) => return value,
    };
    postgres_guarded(&value, name, to, &condition, &cast)
}

/// `converted` where the condition holds, and otherwise an error that shows the value. (An error that could be computed before any
/// row is read would be raised for every table, so its sentence holds the value.)
fn postgres_guarded(value: &str, name: &str, to: &ColumnType, condition: &str, converted: &str) -> String {
    let sentence = literal(&format!("does not fit {name}: "));
    let target = column_type(to, Dialect::Postgres);
    let refused = format!("({sentence} || {value}::text)::integer::text::{target}");
    // Null passes: it fits wherever nulls do.
    format!("CASE WHEN {value} IS NULL THEN NULL WHEN {condition} THEN {converted} ELSE {refused} END")
}

/// On SQLite the target is a column of a strict table with its implied check, so a text that fits no number is an error.
fn sqlite(from: &ColumnType, to: &ColumnType, value: &str, name: &str) -> Option<String> {
    let refused = || format!("{} || {value}", literal(&format!("does not fit {name}: ")));
    match to {
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Serial
        | ColumnType::BigSerial => is_text(from).then(|| {
            let number = format!("CAST({value} AS INTEGER)");
            format!("CASE WHEN CAST({number} AS TEXT) = {value} THEN {number} ELSE {} END", refused())
        }),
        ColumnType::Real => {
            if is_whole(from) {
                Some(format!("CASE WHEN {value} BETWEEN -16777216 AND 16777216 THEN {value} ELSE {} END", refused()))
            } else if *from == ColumnType::DoublePrecision {
                let fits = format!("{} = {value} AND abs({value}) <= 3.4028234663852886e38", single(value));
                Some(format!("CASE WHEN {fits} THEN {value} ELSE {} END", refused()))
            } else {
                None
            }
        }
        ColumnType::DoublePrecision => is_whole(from).then(|| {
            format!("CASE WHEN CAST(CAST({value} AS REAL) AS INTEGER) = {value} THEN {value} ELSE {} END", refused())
        }),
        ColumnType::Varchar { .. } | ColumnType::Text => match from {
            ColumnType::SmallInt
            | ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::Serial
            | ColumnType::BigSerial => Some(format!("CAST({value} AS TEXT)")),
            ColumnType::Boolean => Some(format!("CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END")),
            ColumnType::Uuid => {
                let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)]
                    .map(|(start, length)| format!("substr(hex({value}), {start}, {length})"));
                // The hexadecimal digits of a null are an empty text.
                Some(format!("CASE WHEN {value} IS NOT NULL THEN lower({}) END", parts.join(" || '-' || ")))
            }
            // These are texts already.
            ColumnType::Varchar { .. }
            | ColumnType::Text
            | ColumnType::Enum(_)
            | ColumnType::Date
            | ColumnType::Time
            | ColumnType::Timestamp
            | ColumnType::Timestamptz
            | ColumnType::Real
            | ColumnType::DoublePrecision
            | ColumnType::Numeric { .. }
            | ColumnType::Interval
            | ColumnType::Json
            | ColumnType::Bytea
            | ColumnType::Array(_) => None,
        },
        // What is left of a timestamp that is not midnight breaks the implied check.
        ColumnType::Date => is_timestamp(from).then(|| {
            format!("CASE substr({value}, 11) WHEN ' 00:00:00.000000' THEN substr({value}, 1, 10) ELSE {value} END")
        }),
        ColumnType::Timestamp | ColumnType::Timestamptz => {
            (*from == ColumnType::Date).then(|| format!("{value} || ' 00:00:00.000000'"))
        }
        // A text is refused by a column of bytes.
        ColumnType::Uuid => is_text(from).then(|| {
            let bytes = format!("unhex(replace({value}, '-', ''))");
            format!("CASE WHEN {value} = lower({value}) THEN coalesce({bytes}, {value}) ELSE {value} END")
        }),
        // A 32-bit float is the nearest to many decimals, of which the one with the column's digits is meant.
        ColumnType::Numeric { scale, .. } => (*from == ColumnType::Real).then(|| {
            let rounded = format!("round({value}, {scale})");
            format!("CASE WHEN {} = {} THEN {rounded} ELSE {} END", single(&rounded), single(value), refused())
        }),
        ColumnType::Boolean => {
            is_text(from).then(|| format!("CASE {value} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE {} END", refused()))
        }
        // What is refused is no JSON and breaks the implied check.
        ColumnType::Array(element) => narrow_element(element).map(|broken| {
            format!(
                "CASE WHEN EXISTS (SELECT 1 FROM json_each({value}) e WHERE {broken}) THEN {} ELSE {value} END",
                refused()
            )
        }),
        ColumnType::Enum(_) | ColumnType::Time | ColumnType::Interval | ColumnType::Json | ColumnType::Bytea => None,
    }
}

/// The value with as many binary digits as a 32-bit float has, by Dekker's splitting of a double.
fn single(value: &str) -> String {
    format!("({value} * 536870913.0 - ({value} * 536870913.0 - {value}))")
}

/// The condition under which an element `e.value` does not fit; `None` where every one does.
fn narrow_element(element: &ElementType) -> Option<String> {
    let between = |low: i64, high: i64| Some(format!("e.value NOT BETWEEN {low} AND {high}"));
    match element.column_type() {
        ColumnType::SmallInt => between(i16::MIN.into(), i16::MAX.into()),
        ColumnType::Integer => between(i32::MIN.into(), i32::MAX.into()),
        ColumnType::Varchar { length } => Some(format!("length(e.value) > {length}")),
        ColumnType::Text
        | ColumnType::BigInt
        | ColumnType::Serial
        | ColumnType::BigSerial
        | ColumnType::Real
        | ColumnType::DoublePrecision
        | ColumnType::Numeric { .. }
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Interval
        | ColumnType::Uuid
        | ColumnType::Json
        | ColumnType::Bytea
        | ColumnType::Enum(_)
        | ColumnType::Array(_) => None,
    }
}

/// On Postgres a value that does not fit is shown by casting a sentence about it to a number.
fn postgres(from: &ColumnType, to: &ColumnType, value: &str, name: &str) -> Option<String> {
    let target = column_type(to, Dialect::Postgres);
    let cast = format!("{value}::{target}");
    let guarded = |condition: String, converted: &str| Some(postgres_guarded(value, name, to, &condition, converted));
    match to {
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Serial
        | ColumnType::BigSerial => {
            if is_text(from) {
                guarded(format!("{cast}::text = {value}"), &cast)
            } else if *from == ColumnType::Boolean {
                Some(format!("{value}::integer::{target}"))
            } else if is_whole(from) {
                // The engine's own cast refuses what is out of range.
                None
            } else {
                guarded(format!("{value} = trunc({value}::numeric)"), &cast)
            }
        }
        ColumnType::Real => {
            if is_whole(from) {
                guarded(format!("{value} BETWEEN -16777216 AND 16777216"), &cast)
            } else if *from == ColumnType::DoublePrecision {
                guarded(format!("{cast}::double precision = {value}"), &cast)
            } else if matches!(from, ColumnType::Numeric { precision: 7.., .. }) {
                guarded(format!("{cast}::numeric = {value}"), &cast)
            } else {
                None
            }
        }
        ColumnType::DoublePrecision => {
            let digits_may_go = matches!(
                from,
                ColumnType::BigInt | ColumnType::BigSerial | ColumnType::Numeric { precision: 16.., .. }
            );
            if digits_may_go { guarded(format!("{cast}::numeric = {value}"), &cast) } else { None }
        }
        ColumnType::Numeric { scale, .. } => {
            if matches!(from, ColumnType::Real | ColumnType::DoublePrecision) {
                let back = column_type(from, Dialect::Postgres);
                guarded(format!("{cast}::{back} = {value}"), &cast)
            } else if matches!(from, ColumnType::Numeric { scale: old, .. } if old > scale) {
                guarded(format!("round({value}, {scale}) = {value}"), &cast)
            } else {
                None
            }
        }
        ColumnType::Varchar { length } => {
            let text = text(from, value);
            if is_text(from) && matches!(from, ColumnType::Varchar { length: old } if old <= length) {
                None
            } else {
                // The engine's own cast would cut spaces off silently.
                guarded(format!("length({text}) <= {length}"), &text)
            }
        }
        ColumnType::Text => (!is_text(from)).then(|| text(from, value)),
        ColumnType::Boolean => {
            if is_text(from) {
                guarded(format!("{value} IN ('true', 'false')"), &format!("({value} = 'true')"))
            } else {
                guarded(format!("{value} IN (0, 1)"), &format!("({value} = 1)"))
            }
        }
        ColumnType::Date => {
            if is_text(from) {
                guarded(format!("to_char({cast}, 'YYYY-MM-DD') = {value}"), &cast)
            } else {
                let moment = if *from == ColumnType::Timestamptz {
                    format!("({value} AT TIME ZONE 'UTC')")
                } else {
                    value.to_owned()
                };
                guarded(format!("{moment} = {moment}::date"), &format!("{moment}::date"))
            }
        }
        ColumnType::Timestamp | ColumnType::Timestamptz => {
            if *from == ColumnType::Date {
                let midnight = format!("{value}::timestamp");
                Some(if *to == ColumnType::Timestamptz { format!("{midnight} AT TIME ZONE 'UTC'") } else { midnight })
            } else {
                // Said aloud, because the engine's own cast takes the session's time zone.
                Some(format!("{value} AT TIME ZONE 'UTC'"))
            }
        }
        ColumnType::Uuid => guarded(format!("{cast}::text = {value}"), &cast),
        ColumnType::Enum(_) => Some(format!("{value}::text::{target}")),
        ColumnType::Array(element) => {
            if matches!(element, ElementType::Varchar { .. }) {
                // A cast to a shorter text cuts it, which shows when it is compared.
                guarded(format!("{cast}::text[] = {value}::text[]"), &cast)
            } else {
                Some(cast)
            }
        }
        ColumnType::Time | ColumnType::Interval | ColumnType::Json | ColumnType::Bytea => None,
    }
}

/// The text of a value on Postgres, the same as on SQLite whatever the session's settings.
fn text(from: &ColumnType, value: &str) -> String {
    if is_text(from) {
        value.to_owned()
    } else if *from == ColumnType::Date {
        format!("to_char({value}, 'YYYY-MM-DD')")
    } else {
        format!("{value}::text")
    }
}

fn is_text(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Varchar { .. } | ColumnType::Text)
}

fn is_whole(ty: &ColumnType) -> bool {
    matches!(
        ty,
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt | ColumnType::Serial | ColumnType::BigSerial
    )
}

fn is_timestamp(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Timestamp | ColumnType::Timestamptz)
}

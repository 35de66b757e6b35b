//! Answers to whatever a comparison of two schemas asks.

use piccolo_runtime::ddl::default_expression;
use piccolo_runtime::schema::{Column, ColumnType, Default, Schema, Table};
use piccolo_runtime::sql::{Dialect, column_type};

use crate::change::{BackfillKey, Decisions, Renames};
use crate::diff::diff;
use crate::plan::{Direction, Question, answers};

/// Of the renames that could be meant, the likeliest one for each coin that says so.
#[must_use]
pub fn renames(before: &Schema, after: &Schema, coins: &[bool]) -> Renames {
    let mut renames = Renames::default();
    for _ in coins.iter().filter(|coin| **coin) {
        let candidates = diff(before, after, &renames).candidates;
        renames.decided.extend(candidates.into_iter().next().map(|candidate| candidate.rename));
    }
    renames
}

/// Decisions that answer every question: consents where there are some, values of the right type otherwise.
#[must_use]
pub fn decisions(before: &Schema, after: &Schema, coins: &[bool]) -> Decisions {
    let mut decisions = Decisions { renames: renames(before, after, coins), ..Decisions::default() };
    let compared = diff(before, after, &decisions.renames);
    for question in answers(&compared, &decisions, Direction::Up, &Dialect::ALL).questions {
        answer(after, &question, &mut decisions);
    }
    decisions
}

fn answer(schema: &Schema, question: &Question, decisions: &mut Decisions) {
    let Some((kind, place)) = question.subject.split_once(':') else { return };
    let has = |word: &str| {
        question.answers.iter().filter_map(|answer| answer.flag.as_deref()).any(|flag| flag.starts_with(word))
    };
    if kind == "drop-value" {
        let of_enum = schema.enums.iter().find(|found| place.starts_with(&format!("{}.", found.sql_name)));
        let value = of_enum.and_then(|found| found.values.first());
        decisions.maps.extend(value.map(|value| (place.to_owned(), value.text.to_string())));
    } else if has("--allow") {
        decisions.allowed.insert(question.subject.clone());
    } else if let Some((table, column)) = column(schema, place) {
        // Nobody knows whether there is a row to which a value points.
        let is_key = table.foreign_keys.iter().any(|key| key.columns.contains(&column.sql_name));
        for dialect in Dialect::ALL {
            let key = BackfillKey { down: false, dialect: Some(dialect), column: place.to_owned() };
            let expression = if column.null && is_key { "NULL".to_owned() } else { value(schema, column, dialect) };
            decisions.backfills.insert(key, expression);
        }
    }
}

/// The column `table.column`, by database names, with its table.
fn column<'a>(schema: &'a Schema, place: &str) -> Option<(&'a Table, &'a Column)> {
    schema.tables.iter().find_map(|table| {
        let name = place.strip_prefix(&table.sql_name.to_string())?.strip_prefix('.')?;
        Some((table, table.column(name)?))
    })
}

/// An expression for a value of the column's type.
fn value(schema: &Schema, column: &Column, dialect: Dialect) -> String {
    let date_time = |text: &str| Default::DateTime(text.to_owned().into());
    let value = match &column.ty {
        ColumnType::Varchar { .. } | ColumnType::Text => Default::Text("x".into()),
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Serial
        | ColumnType::BigSerial
        | ColumnType::Real
        | ColumnType::DoublePrecision
        | ColumnType::Numeric { .. } => Default::Integer(0),
        ColumnType::Boolean => Default::Boolean(true),
        ColumnType::Date => date_time("2020-01-01"),
        ColumnType::Time => date_time("10:00:00"),
        ColumnType::Timestamp | ColumnType::Timestamptz => date_time("2020-01-01 10:00:00"),
        ColumnType::Interval => Default::Interval(1),
        ColumnType::Uuid => Default::Uuid("00000000-0000-0000-0000-000000000000".into()),
        ColumnType::Json => Default::Json("{}".into()),
        ColumnType::Bytea => Default::Bytes(vec![1].into()),
        ColumnType::Enum(name) => {
            let first = schema.enumeration(name).and_then(|found| found.values.first());
            first.map_or(Default::Text("".into()), |value| Default::Variant(value.text.clone()))
        }
        ColumnType::Array(_) => Default::Array(Vec::new().into()),
    };
    let expression = default_expression(&value, &column.ty, dialect).unwrap_or_else(|_| "NULL".to_owned());
    match dialect {
        Dialect::Sqlite => expression,
        // In a place that does not say which type is wanted the literal has to.
        Dialect::Postgres => format!("{expression}::{}", column_type(&column.ty, dialect)),
    }
}

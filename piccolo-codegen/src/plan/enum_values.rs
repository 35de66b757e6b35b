//! The values of an enum that changes: what expressions see of them, and what becomes of them.
//!
//! An expression of a person's sees the row as it was, by its new names, and a renamed value is such a name. A value that goes is still
//! there; where another one takes its text, it has a helper text until it is gone.

use piccolo_runtime::schema::{Column, ColumnType, Text, naming};
use piccolo_runtime::sql::{Dialect, literal};

use super::Answers;
use crate::change::{Changes, EnumChange, ModifyEnum};

/// Old texts, and those by which they are seen.
pub(super) fn seen(change: &ModifyEnum<'_>) -> Vec<(Text, Text)> {
    let renamed = change.renamed.iter().map(|(from, to)| (from.text.clone(), to.text.clone()));
    let is_taken = |text: &Text| change.to.values.iter().any(|value| value.text == *text);
    let parked = change.dropped.iter().filter(|value| is_taken(&value.text));
    renamed.chain(parked.map(|value| (value.text.clone(), helper(&value.text)))).collect()
}

/// The enum of this column, where its values change.
pub(super) fn of<'c, 'a>(column: &Column, changes: &'c Changes<'a>) -> Option<&'c ModifyEnum<'a>> {
    let name = column.ty.enumeration()?;
    changes.enums.iter().filter_map(EnumChange::modified).find(|change| change.from.sql_name == *name)
}

/// The value of a column that leaves its enum, by its old text, so that it is the same once it is back.
pub(super) fn left(from: &Column, change: Option<&ModifyEnum<'_>>, value: &str, dialect: Dialect) -> String {
    let texts: Vec<(Text, Text)> =
        change.map(seen).unwrap_or_default().into_iter().map(|(old, now)| (now, old)).collect();
    if texts.is_empty() {
        return value.to_owned();
    }
    let is_array = matches!(from.ty, ColumnType::Array(_));
    format!("({})", replaced(&as_text(value, is_array, dialect), &texts, is_array, dialect))
}

/// An enum's value as a text, or an array of them.
pub(super) fn as_text(value: &str, is_array: bool, dialect: Dialect) -> String {
    match (dialect, is_array) {
        (Dialect::Sqlite, _) => value.to_owned(),
        (Dialect::Postgres, false) => format!("{value}::text"),
        (Dialect::Postgres, true) => format!("{value}::text[]"),
    }
}

/// The texts by which values that go are seen, and what becomes of them.
pub(super) fn mapped(change: &ModifyEnum<'_>, answers: &Answers) -> Vec<(Text, Text)> {
    let seen = seen(change);
    let by_now = |text: &Text| seen.iter().find(|(old, _)| old == text).map_or(text, |(_, now)| now).clone();
    let decided = |text: &Text| Some((by_now(text), answers.mapped(change.to, text)?.clone()));
    change.dropped.iter().filter_map(|value| decided(&value.text)).collect()
}

/// Old texts, and what becomes of them.
pub(super) fn moved(change: &ModifyEnum<'_>, answers: &Answers) -> Vec<(Text, Text)> {
    let mapped: Vec<(Text, Text)> = change
        .dropped
        .iter()
        .filter_map(|value| Some((value.text.clone(), answers.mapped(change.to, &value.text)?.clone())))
        .collect();
    let others = seen(change).into_iter().filter(|(old, _)| !mapped.iter().any(|(mapped, _)| mapped == old));
    others.chain(mapped.clone()).collect()
}

/// The texts of values that go and of which nothing was decided, old ones and those by which they are seen: rows that have one refuse the
/// change.
pub(super) fn gone(change: &ModifyEnum<'_>, answers: &Answers) -> Vec<(Text, Text)> {
    let seen = seen(change);
    let by_now = |text: &Text| seen.iter().find(|(old, _)| old == text).map_or(text, |(_, now)| now).clone();
    let undecided = change.dropped.iter().filter(|value| answers.mapped(change.to, &value.text).is_none());
    undecided.map(|value| (value.text.clone(), by_now(&value.text))).collect()
}

/// A text that nobody would choose, for as long as the real one is taken.
pub(super) fn helper(text: &Text) -> Text {
    naming::fit("_piccolo_old_", text).into()
}

/// The value with other texts in it, in a query: itself a text, or an array of them.
pub(super) fn replaced(value: &str, texts: &[(Text, Text)], is_array: bool, dialect: Dialect) -> String {
    if texts.is_empty() {
        return value.to_owned();
    }
    let cases: Vec<String> =
        texts.iter().map(|(from, to)| format!("WHEN {} THEN {}", literal(from), literal(to))).collect();
    let of = |value: &str| format!("CASE {value} {} ELSE {value} END", cases.join(" "));
    match (dialect, is_array) {
        (_, false) => of(value),
        (Dialect::Sqlite, true) => format!(
            "CASE WHEN {value} IS NOT NULL THEN (SELECT json_group_array({}) FROM json_each({value}) e) END",
            of("e.value")
        ),
        (Dialect::Postgres, true) => format!(
            "CASE WHEN {value} IS NOT NULL THEN ARRAY(SELECT {} FROM unnest({value}) WITH ORDINALITY e(item, place) ORDER BY place) END",
            of("e.item")
        ),
    }
}

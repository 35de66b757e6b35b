//! Values of foreign keys: a made-up one points to a row that is there.

use piccolo_runtime::ddl::{conversion_expression, default_expression};
use piccolo_runtime::schema::{Column, ColumnType, ForeignKey, QualifiedName, Schema, Table, Text};
use piccolo_runtime::sql::{Dialect, column_type, identifier, qualified};

use super::{distinct_value, unique_sets};
use crate::change::ModifyTable;
use crate::plan::Answers;
use crate::plan::answers::Backfill;

/// Where and when values are made up.
pub(in crate::plan) struct Place<'p> {
    /// The new side.
    pub(in crate::plan) schema: &'p Schema,
    pub(in crate::plan) answers: &'p Answers,
    pub(in crate::plan) dialect: Dialect,
    /// The tables whose values are still to become what they shall be.
    pub(in crate::plan) waiting: Vec<&'p ModifyTable<'p>>,
    /// Whether all columns have their types, also those of the tables that wait.
    pub(in crate::plan) retyped: bool,
    /// The value that the row itself gets in another of its columns; `None` where nobody knows.
    pub(in crate::plan) own: &'p dyn Fn(&Column) -> Option<String>,
}

/// What a query of the moment sees in a column that a key points to.
enum Seen {
    /// An expression over a row `t`.
    Value(String),
    /// Nothing yet: its values will be made up as well.
    MadeUp,
}

impl Place<'_> {
    /// The value of a column that has to point somewhere; `None` where it does not have to.
    pub(super) fn key(&self, table: &Table, column: &Column, row: Option<&str>) -> Option<String> {
        let key = key_of(table, column)?;
        let place = key.columns.iter().position(|name| *name == column.sql_name)?;
        let target = self.schema.table(&key.target)?;
        let wanted = target.column(key.target_columns.get(place)?)?;
        let (mut made_up, mut given) = (Vec::new(), Vec::new());
        for (name, target_name) in key.columns.iter().zip(key.target_columns.iter()) {
            let of_key = table.column(name)?;
            if *name == column.sql_name || self.answers.backfill(table, of_key) == Some(&Backfill::Filler) {
                made_up.push(name);
            } else if let Some(value) = (self.own)(of_key) {
                // A key with a null in it points nowhere.
                if value == "NULL" {
                    return None;
                }
                given.push((target_name, value));
            }
        }
        // A row that may choose among those of its own table points to itself: it has its key as soon as it has its values.
        let is_own = |(name, value): &(&Text, String)| target.column(name).and_then(self.own).as_ref() == Some(value);
        if key.target == table.sql_name
            && given.iter().all(is_own)
            && let Some(value) = (self.own)(wanted)
        {
            return Some(value);
        }
        let seen: Vec<Seen> = key.target_columns.iter().map(|name| self.seen(&key.target, name)).collect();
        let values: Option<Vec<&str>> = seen.iter().map(Seen::value).collect();
        let all = qualified(&key.target, self.dialect);
        let Some(values) = values else {
            // What the row has of the key already says which row it is.
            if !given.is_empty() {
                if column.null && !self.is_pointed_to(table, column) {
                    return Some("NULL".to_owned());
                }
                if let Some(value) = self.numbered(key, wanted, &given) {
                    return Some(value);
                }
            }
            let count = format!("(SELECT count(*) FROM {all})");
            let row = row.map(|row| if is_alone_unique(table, key) { row.to_owned() } else { wrapped(row, &count) });
            // The value that the row will get, by its number: made-up values differ in order.
            return Some(distinct_value(self.schema, wanted, row.as_deref().unwrap_or("1"), self.dialect));
        };
        Some(self.chosen(key, target, (values.get(place)?, &values), &given, row, is_alone_unique(table, key)))
    }

    /// The query for the first key, or for the one at the row's own place among the keys.
    fn chosen(
        &self,
        key: &ForeignKey,
        target: &Table,
        (value, values): (&str, &[&str]),
        given: &[(&Text, String)],
        row: Option<&str>,
        alone: bool,
    ) -> String {
        let all = qualified(&key.target, self.dialect);
        let conditions = |row: &str| -> Vec<String> {
            let given = given.iter().filter_map(|(name, own)| {
                let place = key.target_columns.iter().position(|column| column == *name)?;
                Some(format!("{} = {own}", of_row(values.get(place)?, row)))
            });
            let nullable = key.target_columns.iter().filter(|name| target.column(name).is_some_and(|found| found.null));
            given.chain(nullable.map(|name| format!("{row}.{} IS NOT NULL", identifier(name)))).collect()
        };
        let columns =
            |row: &str| key.target_columns.iter().map(|name| format!("{row}.{}", identifier(name))).collect::<Vec<_>>();
        let Some(row) = row else {
            let place = ended(" WHERE ", &conditions("t"));
            return format!("(SELECT {value} FROM {all} t{place} ORDER BY {} LIMIT 1)", columns("t").join(", "));
        };
        let tuple = |row: &str| match columns(row).as_slice() {
            [only] => only.clone(),
            several => format!("({})", several.join(", ")),
        };
        let place = format!(
            "(SELECT count(*) FROM {all} u WHERE {} <= {}{})",
            tuple("u"),
            tuple("t"),
            ended(" AND ", &conditions("u"))
        );
        let count = format!("(SELECT count(*) FROM {all} u{})", ended(" WHERE ", &conditions("u")));
        // Among those that the row may choose from, its number among all rows may well be too high.
        let row = if alone && given.is_empty() { row.to_owned() } else { wrapped(row, &count) };
        format!("(SELECT {value} FROM {all} t WHERE {place} = {row}{})", ended(" AND ", &conditions("t")))
    }

    /// The value that a row is going to get by its number, for the row of which a part of the key is known.
    fn numbered(&self, key: &ForeignKey, wanted: &Column, given: &[(&Text, String)]) -> Option<String> {
        const NUMBER: &str = "_piccolo_number";
        let known = given.iter().map(|(name, own)| match self.seen(&key.target, name) {
            Seen::Value(value) => Some(format!("{value} = {own}")),
            Seen::MadeUp => None,
        });
        let known: Vec<String> = known.collect::<Option<_>>()?;
        let value = distinct_value(self.schema, wanted, &format!("t.{NUMBER}"), self.dialect);
        let all = qualified(&key.target, self.dialect);
        Some(format!(
            "(SELECT {value} FROM (SELECT *, row_number() OVER () AS {NUMBER} FROM {all}) AS t WHERE {} ORDER BY t.{NUMBER} LIMIT 1)",
            known.join(" AND ")
        ))
    }

    /// Whether a key points to the column.
    fn is_pointed_to(&self, table: &Table, column: &Column) -> bool {
        let mut keys = self.schema.tables.iter().flat_map(|table| table.foreign_keys.iter());
        keys.any(|key| key.target == table.sql_name && key.target_columns.contains(&column.sql_name))
    }

    /// What is seen of a column that a key points to.
    fn seen(&self, table: &QualifiedName, name: &Text) -> Seen {
        let value = format!("t.{}", identifier(name));
        let waiting = self.waiting.iter().find(|change| change.to.sql_name == *table);
        let Some((change, to)) = waiting.and_then(|change| Some((change, change.to.column(name)?))) else {
            return Seen::Value(value);
        };
        let backfill = self.answers.backfill(change.to, to);
        match change.old_column(to) {
            _ if backfill == Some(&Backfill::Filler) => Seen::MadeUp,
            _ if backfill == Some(&Backfill::Default) && !self.retyped => {
                let default = to.default.as_ref().filter(|default| default.is_literal());
                let default = default.and_then(|default| default_expression(default, &to.ty, self.dialect).ok());
                Seen::Value(default.unwrap_or(value))
            }
            None if to.ty.is_serial() && !self.retyped => Seen::MadeUp,
            None => Seen::Value(value),
            Some(_) if self.retyped => Seen::Value(value),
            Some(from) if change.difference(to).ty => {
                let said = format!("{table}.{name}");
                let converted = conversion_expression(&from.ty, &to.ty, &value, &said, self.dialect);
                Seen::Value(converted.unwrap_or(value))
            }
            // An enum that is created anew still has its old type.
            Some(_) if self.dialect == Dialect::Postgres && matches!(to.ty, ColumnType::Enum(_)) => {
                Seen::Value(format!("{value}::text::{}", column_type(&to.ty, self.dialect)))
            }
            Some(_) => Seen::Value(value),
        }
    }
}

impl Seen {
    fn value(&self) -> Option<&str> {
        match self {
            Self::Value(value) => Some(value),
            Self::MadeUp => None,
        }
    }
}

/// The key by which a column points somewhere; one of its own comes first.
pub(in crate::plan) fn key_of<'t>(table: &'t Table, column: &Column) -> Option<&'t ForeignKey> {
    let keys = || table.foreign_keys.iter().filter(|key| key.columns.contains(&column.sql_name));
    keys().find(|key| key.columns.len() == 1).or_else(|| keys().next())
}

/// Whether a value that is made up points to this column in its own row.
pub(in crate::plan) fn is_pointed_to_by_own_row(answers: &Answers, table: &Table, column: &Column) -> bool {
    let made_up = |name: &Text| {
        table.column(name).is_some_and(|column| answers.backfill(table, column) == Some(&Backfill::Filler))
    };
    let mut own = table.foreign_keys.iter().filter(|key| key.target == table.sql_name);
    own.any(|key| key.target_columns.contains(&column.sql_name) && key.columns.iter().any(made_up))
}

/// Whether no two rows may have the same key, whatever else they have.
fn is_alone_unique(table: &Table, key: &ForeignKey) -> bool {
    unique_sets(table).iter().any(|unique| unique.iter().all(|column| key.columns.contains(column)))
}

/// The number of a row, beginning again where there are no more rows to point to.
fn wrapped(row: &str, count: &str) -> String {
    format!("(({row} - 1) % {count} + 1)")
}

/// An expression over a row `t`, over another one.
fn of_row(value: &str, row: &str) -> String {
    if row == "t" { value.to_owned() } else { value.replace("t.\"", &format!("{row}.\"")) }
}

/// Conditions after what they are a part of.
fn ended(word: &str, conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!("{word}{}", conditions.join(" AND ")) }
}

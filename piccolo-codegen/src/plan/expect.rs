//! What the rows of a table are after a migration, as a query over the rows before it: what a proof compares with.
//!
//! It says what was decided (a rename, a conversion, a backfill), not how the engine gets there.

use std::borrow::Cow;
use std::collections::HashMap;

use piccolo_runtime::ddl::{conversion_expression, default_expression};
use piccolo_runtime::schema::{Column, ColumnType, Default, ElementType, Schema, Text};
use piccolo_runtime::sql::{Dialect, column_type, identifier, of_subquery, qualified};

use super::answers::Backfill;
use super::{Answers, enum_values, mentions};
use crate::change::{Alteration, Changes, ModifyEnum, ModifyTable, TableChange};

/// Functions that do not give the same value twice.
const VOLATILE: [&str; 17] = [
    "random",
    "randomblob",
    "gen_random_uuid",
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "localtime",
    "localtimestamp",
    "timeofday",
    "nextval",
    "last_insert_rowid",
    "row_number",
    "ctid",
];

/// A table that stays, and what becomes of its rows.
#[derive(Clone, Debug)]
pub(crate) struct Expected<'a> {
    /// Its two sides.
    pub(crate) change: ModifyTable<'a>,
    /// The new columns whose values are known before.
    pub(crate) values: Vec<ExpectedValue<'a>>,
    /// The old columns with values of an enum that are seen by other texts.
    seen: HashMap<Text, Vec<(Text, Text)>>,
    dialect: Dialect,
}

/// A column of the new side and its value, over a row of the old side.
#[derive(Clone, Debug)]
pub(crate) struct ExpectedValue<'a> {
    /// The column.
    pub(crate) column: &'a Column,
    /// Where the value comes from.
    pub(crate) origin: Origin,
    /// The value, in the type of the column but for enums, which are texts.
    expression: String,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It is the one that the row had.
    Kept,
    /// It is made of the one that the row had, or it is a literal.
    Converted,
    /// An expression of the user's makes it.
    Decided,
}

/// All tables that stay, also those that do not change, in the new order.
pub(crate) fn pairs<'a>(old: &'a Schema, new: &'a Schema, changes: &Changes<'a>) -> Vec<ModifyTable<'a>> {
    let modified: std::collections::HashMap<_, &ModifyTable<'a>> =
        changes.tables.iter().filter_map(TableChange::modified).map(|change| (&change.to.sql_name, change)).collect();
    let added: std::collections::HashSet<_> =
        changes.tables.iter().filter_map(TableChange::added).map(|table| &table.sql_name).collect();
    let by_name: std::collections::HashMap<_, _> = old.tables.iter().map(|table| (&table.sql_name, table)).collect();
    let pair = |to: &'a piccolo_runtime::schema::Table| match modified.get(&to.sql_name) {
        Some(change) => Some((*change).clone()),
        None if added.contains(&to.sql_name) => None,
        None => by_name.get(&to.sql_name).map(|from| ModifyTable { from, to, alterations: Vec::new() }),
    };
    new.tables.iter().filter_map(pair).collect()
}

/// What becomes of the rows of a table that stays.
pub(crate) fn expected<'a>(
    change: &ModifyTable<'a>,
    changes: &Changes<'a>,
    answers: &Answers,
    dialect: Dialect,
) -> Expected<'a> {
    let mut values = Vec::new();
    for column in change.to.columns.iter() {
        let expecting = Expecting { change, changes, answers, column, dialect };
        let value = match change.old_column(column) {
            Some(from) => expecting.kept(from),
            None => expecting.added(),
        };
        if let Some((origin, expression)) = value {
            values.push(ExpectedValue { column, origin, expression });
        }
    }
    Expected { change: change.clone(), values, seen: seen(change, changes), dialect }
}

/// The columns of the old side whose values are seen by other texts.
fn seen(change: &ModifyTable<'_>, changes: &Changes<'_>) -> HashMap<Text, Vec<(Text, Text)>> {
    let of = |column: &Column| {
        let changed = enum_values::of(column, changes)?;
        Some((column.sql_name.clone(), enum_values::seen(changed))).filter(|(_, texts)| !texts.is_empty())
    };
    change.from.columns.iter().filter_map(of).collect()
}

/// One column.
struct Expecting<'e, 'a> {
    change: &'e ModifyTable<'a>,
    changes: &'e Changes<'a>,
    answers: &'e Answers,
    column: &'a Column,
    dialect: Dialect,
}

impl Expecting<'_, '_> {
    fn kept(&self, from: &Column) -> Option<(Origin, String)> {
        let to = self.column;
        let differs = self.change.difference(to);
        let (origin, value) = self.old_value(from, differs.ty);
        let value = if differs.ty { self.cast(&value) } else { value };
        let Some(backfill) = self.answers.backfill(self.change.to, to) else {
            return Some((origin, value));
        };
        let (origin, other) = self.filled(backfill)?;
        let keeps = self.answers.keeps(self.change.to, to);
        Some((origin, if keeps { format!("coalesce({value}, {other})") } else { other }))
    }

    /// The value that the row had, in the new type.
    fn old_value(&self, from: &Column, retyped: bool) -> (Origin, String) {
        let to = self.column;
        let value = identifier(&to.sql_name);
        let changed = enum_values::of(from, self.changes);
        if !retyped {
            return if to.ty.enumeration().is_some() {
                self.enum_value(changed, &value)
            } else {
                (Origin::Kept, value)
            };
        }
        let value = enum_values::left(from, changed, &value, self.dialect);
        if to.ty.enumeration().is_some() {
            return self.enum_value(None, &value);
        }
        let name = format!("{}.{}", self.change.to.sql_name, to.sql_name);
        let converted = conversion_expression(&from.ty, &to.ty, &value, &name, self.dialect);
        (Origin::Converted, converted.unwrap_or(value))
    }

    /// The text of an enum's value, or of an array of them, after its values changed.
    fn enum_value(&self, change: Option<&ModifyEnum<'_>>, value: &str) -> (Origin, String) {
        let is_array = matches!(self.column.ty, ColumnType::Array(_));
        let text = enum_values::as_text(value, is_array, self.dialect);
        let Some(change) = change else { return (Origin::Kept, text) };
        // Renamed values are seen by their new texts already.
        let is_renamed = !enum_values::seen(change).is_empty();
        let mapped = enum_values::mapped(change, self.answers);
        let origin = if is_renamed || !mapped.is_empty() { Origin::Converted } else { Origin::Kept };
        (origin, enum_values::replaced(&text, &mapped, is_array, self.dialect))
    }

    fn added(&self) -> Option<(Origin, String)> {
        let column = self.column;
        match (self.answers.backfill(self.change.to, column), &column.default) {
            (Some(backfill), _) => self.filled(backfill),
            (None, Some(Default::Sql(expression))) => self.repeated(expression),
            (None, Some(default)) => Some((Origin::Converted, self.literal(default)?)),
            (None, None) if column.ty.is_serial() => None,
            (None, None) => Some((Origin::Converted, self.cast("NULL"))),
        }
    }

    fn filled(&self, backfill: &Backfill) -> Option<(Origin, String)> {
        match backfill {
            Backfill::Expression(expressions) => self.repeated(expressions.get(&self.dialect)?),
            Backfill::Default => Some((Origin::Converted, self.literal(self.column.default.as_ref()?)?)),
            Backfill::Filler => None,
        }
    }

    /// An expression of the user's, if it gives the same value each time.
    fn repeated(&self, expression: &str) -> Option<(Origin, String)> {
        let repeats = VOLATILE.iter().all(|word| !mentions(expression, word));
        repeats.then(|| (Origin::Decided, self.cast(&format!("({expression})"))))
    }

    /// A default that is the same for every row.
    fn literal(&self, default: &Default) -> Option<String> {
        match default {
            Default::Boolean(_)
            | Default::Integer(_)
            | Default::Decimal(_)
            | Default::Text(_)
            | Default::DateTime(_)
            | Default::Interval(_)
            | Default::Uuid(_)
            | Default::Json(_)
            | Default::Bytes(_)
            | Default::Variant(_) => Some(self.cast(&default_expression(default, &self.column.ty, self.dialect).ok()?)),
            // The type of an array of enums may not be there yet.
            Default::Array(_) if self.column.ty.enumeration().is_some() => None,
            Default::Array(_) => default_expression(default, &self.column.ty, self.dialect).ok(),
            Default::Now | Default::Today | Default::Uuid4 | Default::Uuid7 | Default::Sql(_) => None,
        }
    }

    /// The value as storing it in the column makes it; an enum's, whose type may not be there yet, as a text.
    fn cast(&self, value: &str) -> String {
        let ty = &self.column.ty;
        let target = match (self.dialect, ty) {
            (Dialect::Postgres, ColumnType::Enum(_)) => "text".to_owned(),
            (Dialect::Postgres, ColumnType::Array(ElementType::Enum(_))) => "text[]".to_owned(),
            _ => column_type(ty, self.dialect),
        };
        format!("CAST({value} AS {target})")
    }
}

impl ExpectedValue<'_> {
    /// Whether the value depends on this column of the row, by its new name.
    pub(crate) fn reads(&self, column: &str) -> bool {
        mentions(&self.expression, column)
    }
}

impl Expected<'_> {
    /// A query for the values of the rows as they have to become, as texts. `decided`: also those that expressions of the user's make,
    /// which may not be computable before.
    pub(crate) fn before(&self, decided: bool) -> String {
        let shown = |value: &ExpectedValue<'_>| as_text(&self.shown(&value.expression, &[]), self.dialect);
        let values = self.chosen(decided).map(shown).collect::<Vec<_>>();
        format!(
            "SELECT {} {}",
            listed(&values),
            self.source(&format!("FROM {}", qualified(&self.change.from.sql_name, self.dialect)), None)
        )
    }

    /// The query for the same values after the migration.
    pub(crate) fn after(&self, decided: bool) -> String {
        let values = self
            .chosen(decided)
            .map(|value| as_text(&identifier(&value.column.sql_name), self.dialect))
            .collect::<Vec<_>>();
        format!("SELECT {} FROM {}", listed(&values), qualified(&self.change.to.sql_name, self.dialect))
    }

    /// The names of those columns.
    pub(crate) fn columns(&self, decided: bool) -> Vec<String> {
        self.chosen(decided).map(|value| value.column.sql_name.to_string()).collect()
    }

    /// A condition on a row of the old table, called `row`, that says of the row which becomes of it what `condition` says of the new table's
    /// rows; an unknown truth is true, as in a check.
    pub(crate) fn condition(&self, row: &str, condition: &str) -> String {
        let values: Vec<String> = self
            .values
            .iter()
            .map(|value| format!("{} AS {}", value.expression, identifier(&value.column.sql_name)))
            .collect();
        let table = identifier(&self.change.to.sql_name.name);
        let sql = format!(
            "coalesce((SELECT ({condition}) FROM (SELECT {} {}) AS {table}), {})",
            listed(&values),
            self.source("", Some(row)),
            match self.dialect {
                Dialect::Sqlite => "1",
                Dialect::Postgres => "true",
            }
        );
        self.shown(&sql, &[row]).into_owned()
    }

    /// A condition on a row called `row` that is not in the old table: what becomes of it differs in these columns from what becomes of the rows
    /// that are there, or has a null in one of them. `None` where that is not known.
    pub(crate) fn apart(&self, row: &str, columns: &[Text]) -> Option<String> {
        const OWN: &str = "_piccolo_own";
        const OTHER: &str = "_piccolo_other";
        let find = |column: &Text| self.values.iter().find(|value| value.column.sql_name == *column);
        let values: Vec<&ExpectedValue<'_>> = columns.iter().map(find).collect::<Option<_>>()?;
        let listed: Vec<String> =
            values.iter().enumerate().map(|(place, value)| format!("{} AS _value{place}", value.expression)).collect();
        let selected = |source: &str| format!("(SELECT {} {source})", listed.join(", "));
        let there = self.source(&format!("FROM {}", qualified(&self.change.from.sql_name, self.dialect)), None);
        let equal: Vec<String> =
            (0..values.len()).map(|place| format!("{OTHER}._value{place} = {OWN}._value{place}")).collect();
        let sql = format!(
            "NOT EXISTS (SELECT 1 FROM {} AS {OWN}, {} AS {OTHER} WHERE {})",
            selected(&self.source("", Some(row))),
            selected(&there),
            equal.join(" AND ")
        );
        Some(self.shown(&sql, &[row]).into_owned())
    }

    /// The text as it speaks of columns of the subquery for the table, and of these.
    fn shown<'t>(&self, sql: &'t str, rows: &[&str]) -> Cow<'t, str> {
        let table = self.change.to.sql_name.name.as_ref();
        of_subquery(sql, &[rows, &[table]].concat(), self.dialect)
    }

    /// `FROM` the old rows under their new names. Columns that go are there as well, as long as no other has their name.
    fn source(&self, from: &str, row: Option<&str>) -> String {
        let row = row.map_or_else(|| qualified(&self.change.from.sql_name, self.dialect), identifier);
        let kept = self.change.kept_columns().map(|(old, new)| (&old.sql_name, &new.sql_name));
        let mut columns: Vec<(&str, &str)> = kept.map(|(old, new)| (old.as_ref(), new.as_ref())).collect();
        for dropped in self.change.alterations.iter().filter_map(Alteration::dropped_column) {
            let name = dropped.sql_name.as_ref();
            if self.change.to.columns.iter().all(|column| !column.sql_name.eq_ignore_ascii_case(name)) {
                columns.push((name, name));
            }
        }
        let columns: Vec<String> = columns
            .iter()
            .map(|(old, new)| {
                let name = identifier(new);
                let name = self.shown(&name, &[]);
                format!("{} AS {name}", self.seen_value(&format!("{row}.{}", identifier(old)), old))
            })
            .collect();
        format!("FROM (SELECT {} {from}) AS {}", listed(&columns), identifier(&self.change.to.sql_name.name))
    }

    /// The value of an old column as expressions see it.
    fn seen_value(&self, value: &str, column: &str) -> String {
        let Some(texts) = self.seen.get(column) else { return value.to_owned() };
        let from = self.change.from.column(column);
        let is_array = from.is_some_and(|column| matches!(column.ty, ColumnType::Array(_)));
        let text = match (self.dialect, is_array) {
            (Dialect::Sqlite, _) => value.to_owned(),
            (Dialect::Postgres, false) => format!("{value}::text"),
            (Dialect::Postgres, true) => format!("{value}::text[]"),
        };
        enum_values::replaced(&text, texts, is_array, self.dialect)
    }

    fn chosen(&self, decided: bool) -> impl Iterator<Item = &ExpectedValue<'_>> {
        self.values.iter().filter(move |value| decided || value.origin != Origin::Decided)
    }
}

/// A value as a text that tells all values of its type apart.
pub(crate) fn as_text(value: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("quote({value})"),
        Dialect::Postgres => format!("({value})::text"),
    }
}

/// A select list, which is never empty.
fn listed(values: &[String]) -> String {
    if values.is_empty() { "1 AS _nothing".to_owned() } else { values.join(", ") }
}

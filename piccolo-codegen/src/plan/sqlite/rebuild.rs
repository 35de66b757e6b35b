//! The rebuild of a table: what the new one is, and how the old values get there. The statements are the runtime's [`Rebuild`].

use std::cell::Cell;

use piccolo_runtime::ddl::{
    CopyRows, CreateTable, Rebuild, Rebuilt, Unsupported, conversion_expression, create_table_statement,
    default_expression,
};
use piccolo_runtime::schema::{Column, ColumnType, QualifiedName, Text};
use piccolo_runtime::sql::{Dialect, identifier, is_hidden_in_subquery, literal, of_subquery};

use super::Work;
use super::names::Parked;
use crate::change::{ModifyEnum, ModifyTable};
use crate::plan::answers::Backfill;
use crate::plan::filler::Place;
use crate::plan::{Step, enum_values, filler};

/// Rebuilds the table. `waiting` are this one and those that are still as they were.
pub(super) fn rebuild(
    work: &Work<'_>,
    change: &ModifyTable<'_>,
    waiting: &[ModifyTable<'_>],
    parked: &Parked,
    step: &mut Step,
) -> Result<(), Unsupported> {
    let name = &change.to.sql_name;
    let helper = helper_name(work, name);
    let options = CreateTable { name: &helper, deferred: &[], if_not_exists: false };
    let mut copy = Copy::new(work, change, waiting, parked);
    for column in change.to.columns.iter() {
        copy.column(column)?;
    }
    step.rebuilds.push(Rebuilt { table: name.name.to_string(), columns: old_columns(change, parked) });
    step.foreign_keys_suspended = true;
    let create = create_table_statement(change.to, work.new, options, Dialect::Sqlite)?;
    let rebuild = Rebuild { table: &name.name, helper: &helper.name, create, copy: copy.finish()? };
    let comments = std::iter::once(reason(change)).chain(std::iter::repeat_with(String::new));
    for (comment, statement) in comments.zip(rebuild.statements()) {
        step.push(comment, statement);
    }
    Ok(())
}

/// The columns of the old table, by the names that they have after all renames.
fn old_columns(change: &ModifyTable<'_>, parked: &Parked) -> Vec<String> {
    let name = |from: &Column| match change.new_column(&from.sql_name) {
        Some(to) => to.sql_name.to_string(),
        None => parked.column(change.from, from).to_string(),
    };
    change.from.columns.iter().map(name).collect()
}

/// Why the table is rebuilt.
fn reason(change: &ModifyTable<'_>) -> String {
    let what: Vec<String> =
        change.alterations.iter().map(|alteration| alteration.describe(change.from, change.to)).collect();
    if what.is_empty() {
        format!("Rebuild {} for the new values of its enum.", change.to.sql_name)
    } else {
        format!("Rebuild {}: {}.", change.to.sql_name, what.join("; "))
    }
}

/// A name that no table of either schema has.
fn helper_name(work: &Work<'_>, table: &QualifiedName) -> QualifiedName {
    let is_taken = |name: &str| {
        let mut tables = work.old.tables.iter().chain(work.new.tables.iter());
        tables.any(|table| table.sql_name.name.eq_ignore_ascii_case(name))
    };
    QualifiedName::plain(Rebuild::helper_name(&table.name, is_taken))
}

/// How many keys of one row are followed from one to the other.
const DEEPEST: u8 = 8;

/// The column that numbers the rows where values have to differ.
const ROW_NUMBER: &str = "_piccolo_row";

/// The statement that copies the rows, in the making. Columns are named with their table, because SQLite may read a lone name in double
/// quotes that it does not know as a text.
struct Copy<'w> {
    work: &'w Work<'w>,
    change: &'w ModifyTable<'w>,
    /// The tables that are still as they were.
    waiting: &'w [ModifyTable<'w>],
    parked: &'w Parked,
    /// Target columns and the expressions for them, quoted.
    columns: Vec<(String, String)>,
    /// Whether the rows have to be numbered.
    numbered: Cell<bool>,
    /// How many values are being made up of each other: two that point to each other would never end.
    depth: Cell<u8>,
}

impl<'w> Copy<'w> {
    fn new(
        work: &'w Work<'w>,
        change: &'w ModifyTable<'w>,
        waiting: &'w [ModifyTable<'w>],
        parked: &'w Parked,
    ) -> Self {
        Self { work, change, waiting, parked, columns: Vec::new(), numbered: Cell::new(false), depth: Cell::new(0) }
    }

    /// Adds a column of the new table, unless its default or null is what its rows get.
    fn column(&mut self, to: &Column) -> Result<(), Unsupported> {
        let expression = match self.change.old_column(to) {
            Some(from) => Some(self.kept(from, to)?),
            None => self.added(to)?,
        };
        if let Some(expression) = expression {
            self.columns.push((identifier(&to.sql_name), expression));
        }
        Ok(())
    }

    /// The value of a column that stays.
    fn kept(&self, from: &Column, to: &Column) -> Result<String, Unsupported> {
        let value = self.qualified(&to.sql_name);
        let differs = self.change.difference(to);
        let converted = if differs.ty {
            let changed = self.enum_of(from).filter(|_| self.reads_seen_values());
            let value = enum_values::left(from, changed, &value, Dialect::Sqlite);
            let name = format!("{}.{}", self.change.to.sql_name, to.sql_name);
            let converted = conversion_expression(&from.ty, &to.ty, &value, &name, Dialect::Sqlite);
            Some(converted.unwrap_or(value))
        } else {
            let changed = to.ty.enumeration().and_then(|name| self.work.enums.get(name));
            changed.and_then(|change| self.renamed_values(change, to, &value))
        };
        let value = converted.unwrap_or(value);
        Ok(match self.filled(to)? {
            Some(other) if self.work.answers.keeps(self.change.to, to) => format!("coalesce({value}, {other})"),
            Some(other) => other,
            None => value,
        })
    }

    /// The value that was decided for rows that have none; `None` where nothing was.
    fn filled(&self, to: &Column) -> Result<Option<String>, Unsupported> {
        Ok(match self.work.answers.backfill(self.change.to, to) {
            None => None,
            Some(Backfill::Expression(expressions)) => {
                expressions.get(&Dialect::Sqlite).map(|expression| format!("({expression})"))
            }
            Some(Backfill::Default) => {
                to.default.as_ref().map(|default| default_expression(default, &to.ty, Dialect::Sqlite)).transpose()?
            }
            Some(Backfill::Filler) => Some(self.made_up(to)),
        })
    }

    /// A value that the column takes.
    fn made_up(&self, to: &Column) -> String {
        let row = filler::is_numbered(self.change.to, to).then(|| self.row_number());
        let own = |other: &Column| self.own(other).ok().flatten();
        let place = Place {
            schema: self.work.new,
            answers: self.work.answers,
            dialect: Dialect::Sqlite,
            waiting: self.waiting.iter().collect(),
            retyped: false,
            own: &own,
        };
        filler::expression(&place, self.change.to, to, row.as_deref())
    }

    /// The value of a new column; `None` where its default or null does.
    fn added(&self, to: &Column) -> Result<Option<String>, Unsupported> {
        let filled = self.filled(to)?;
        if filled.is_some() || !filler::is_pointed_to_by_own_row(self.work.answers, self.change.to, to) {
            return Ok(filled);
        }
        // What would be another value each time that it is asked for has to be known before something points to it.
        let is_fixed = to.default.as_ref().is_some_and(|default| default.is_literal());
        Ok((!is_fixed).then(|| filler::distinct_value(self.work.new, to, &self.row_number(), Dialect::Sqlite)))
    }

    /// The value that the row gets in another column.
    fn own(&self, column: &Column) -> Result<Option<String>, Unsupported> {
        if self.depth.get() >= DEEPEST {
            return Ok(Some(filler::distinct_value(self.work.new, column, &self.row_number(), Dialect::Sqlite)));
        }
        self.depth.set(self.depth.get() + 1);
        let value = match self.change.old_column(column) {
            Some(from) => self.kept(from, column).map(Some),
            None => self.added(column),
        };
        self.depth.set(self.depth.get().saturating_sub(1));
        Ok(match (value?, &column.default) {
            (Some(value), _) => Some(value),
            (None, Some(default)) if default.is_literal() => {
                Some(default_expression(default, &column.ty, Dialect::Sqlite)?)
            }
            (None, Some(_)) => None,
            (None, None) => Some("NULL".to_owned()),
        })
    }

    /// The number of the row.
    fn row_number(&self) -> String {
        self.numbered.set(true);
        self.qualified(ROW_NUMBER)
    }

    /// The value of an enum column whose values change; `None` where no value that stays changes its text.
    fn renamed_values(&self, change: &ModifyEnum<'_>, to: &Column, value: &str) -> Option<String> {
        let sees_new = self.reads_seen_values();
        let texts = match sees_new {
            true => enum_values::mapped(change, self.work.answers),
            false => enum_values::moved(change, self.work.answers),
        };
        let is_array = matches!(to.ty, ColumnType::Array(_));
        let replaced = enum_values::replaced(value, &texts, is_array, Dialect::Sqlite);
        // The check of a column refuses a value that is gone, but that of an array does not look into it.
        let gone = enum_values::gone(change, self.work.answers);
        if is_array && !gone.is_empty() {
            let gone: Vec<String> = gone.iter().map(|(old, seen)| literal(if sees_new { seen } else { old })).collect();
            let refused = literal(&format!("does not fit {}.{}: ", self.change.to.sql_name, to.sql_name));
            return Some(format!(
                "CASE WHEN EXISTS (SELECT 1 FROM json_each({value}) e WHERE e.value IN ({})) THEN {refused} || {value} ELSE {replaced} END",
                gone.join(", ")
            ));
        }
        (!texts.is_empty()).then_some(replaced)
    }

    /// Whether there are expressions that may read values which are called otherwise by now.
    fn reads_seen_values(&self) -> bool {
        let (work, change) = (self.work, self.change);
        let computes =
            |column: &Column| matches!(work.answers.backfill(change.to, column), Some(Backfill::Expression(_)));
        change.to.columns.iter().any(computes)
            && change.from.columns.iter().any(|column| !self.seen_values(column).is_empty())
    }

    /// The values that expressions see by other texts in a column of the old table.
    fn seen_values(&self, from: &Column) -> Vec<(Text, Text)> {
        self.enum_of(from).map(enum_values::seen).unwrap_or_default()
    }

    /// The enum of a column of the old table, where its values change.
    fn enum_of(&self, from: &Column) -> Option<&ModifyEnum<'_>> {
        let name = from.ty.enumeration()?;
        self.work.enums.values().copied().find(|change| change.from.sql_name == *name)
    }

    /// The columns of the old table as expressions see them.
    fn seen_columns(&self) -> Vec<String> {
        let mut columns = Vec::new();
        for (from, name) in self.change.from.columns.iter().zip(old_columns(self.change, self.parked)) {
            let name = identifier(&name);
            let texts = self.seen_values(from);
            let is_array = matches!(from.ty, ColumnType::Array(_));
            let shown = of_subquery(&name, &[], Dialect::Sqlite);
            columns.push(if texts.is_empty() && shown == name {
                name
            } else {
                format!("{} AS {shown}", enum_values::replaced(&name, &texts, is_array, Dialect::Sqlite))
            });
        }
        columns
    }

    /// A column of the old table.
    fn qualified(&self, column: &str) -> String {
        format!("{}.{}", identifier(&self.change.to.sql_name.name), identifier(column))
    }

    /// The whole of it.
    fn finish(mut self) -> Result<CopyRows, Unsupported> {
        if self.columns.is_empty()
            && let Some(first) = self.change.to.columns.first()
        {
            // Every column is new: the rows stay all the same.
            let default = first.default.as_ref();
            let value = default.map(|default| default_expression(default, &first.ty, Dialect::Sqlite)).transpose()?;
            self.columns.push((identifier(&first.sql_name), value.unwrap_or_else(|| "NULL".to_owned())));
        }
        let is_hidden = |column: &Column| is_hidden_in_subquery(&column.sql_name, Dialect::Sqlite);
        let has_hidden = self.numbered.get() && self.change.from.columns.iter().any(is_hidden);
        let read = if self.reads_seen_values() || has_hidden { self.seen_columns() } else { Vec::new() };
        if !read.is_empty() {
            let table = self.change.to.sql_name.name.as_ref();
            for (_, value) in &mut self.columns {
                *value = of_subquery(value, &[table], Dialect::Sqlite).into_owned();
            }
        }
        Ok(CopyRows { columns: self.columns, read, row_number: self.numbered.get().then_some(ROW_NUMBER) })
    }
}

//! The rebuild of a table: what the new one is, and how the old values get there. The statements are the runtime's [`Rebuild`].

use piccolo_runtime::ddl::{
    CopyRows, CreateTable, Rebuild, Unsupported, conversion_expression, create_table_statement, default_expression,
};
use piccolo_runtime::schema::{Column, ColumnType, QualifiedName, Text};
use piccolo_runtime::sql::{Dialect, identifier, literal};

use super::Work;
use super::names::Parked;
use crate::change::{ModifyEnum, ModifyTable};
use crate::plan::answers::Backfill;
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
    step.rebuilds.push(name.clone());
    step.foreign_keys_suspended = true;
    let create = create_table_statement(change.to, work.new, options, Dialect::Sqlite)?;
    let rebuild = Rebuild { table: &name.name, helper: &helper.name, create, copy: copy.finish()? };
    let comments = std::iter::once(reason(change)).chain(std::iter::repeat_with(String::new));
    for (comment, statement) in comments.zip(rebuild.statements()) {
        step.push(comment, statement);
    }
    Ok(())
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
    numbered: bool,
}

impl<'w> Copy<'w> {
    fn new(
        work: &'w Work<'w>,
        change: &'w ModifyTable<'w>,
        waiting: &'w [ModifyTable<'w>],
        parked: &'w Parked,
    ) -> Self {
        Self { work, change, waiting, parked, columns: Vec::new(), numbered: false }
    }

    /// Adds a column of the new table, unless its default or null is what its rows get.
    fn column(&mut self, to: &Column) -> Result<(), Unsupported> {
        let expression = match self.change.old_column(to) {
            Some(from) => Some(self.kept(from, to)?),
            None => self.filled(to)?,
        };
        if let Some(expression) = expression {
            self.columns.push((identifier(&to.sql_name), expression));
        }
        Ok(())
    }

    /// The value of a column that stays.
    fn kept(&mut self, from: &Column, to: &Column) -> Result<String, Unsupported> {
        let value = self.qualified(&to.sql_name);
        let differs = self.change.difference(to);
        let converted = if differs.ty {
            let name = format!("{}.{}", self.change.to.sql_name, to.sql_name);
            conversion_expression(&from.ty, &to.ty, &value, &name, Dialect::Sqlite)
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
    fn filled(&mut self, to: &Column) -> Result<Option<String>, Unsupported> {
        Ok(match self.work.answers.backfill(self.change.to, to) {
            None => None,
            Some(Backfill::Expression(expressions)) => {
                expressions.get(&Dialect::Sqlite).map(|expression| format!("({expression})"))
            }
            Some(Backfill::Default) => {
                to.default.as_ref().map(|default| default_expression(default, &to.ty, Dialect::Sqlite)).transpose()?
            }
            Some(Backfill::Filler) => {
                let row = filler::must_differ(self.change.to, to).then(|| self.qualified(ROW_NUMBER));
                self.numbered |= row.is_some();
                let value = filler::expression(self.work.new, self.change.to, to, row.as_deref(), Dialect::Sqlite);
                let name = format!("{}.{}", self.change.to.sql_name, to.sql_name);
                let converted = self
                    .old_key(to)
                    .and_then(|(from, key)| conversion_expression(&from.ty, &key.ty, &value, &name, Dialect::Sqlite));
                Some(converted.unwrap_or(value))
            }
        })
    }

    /// The two sides of the key that a column points to, where that is still to change its type.
    fn old_key(&self, column: &Column) -> Option<(&'w Column, &'w Column)> {
        let key = self.change.to.foreign_keys.iter().find(|key| *key.columns == [column.sql_name.clone()])?;
        let target = self.waiting.iter().find(|change| change.to.sql_name == key.target)?;
        let to = target.to.column(key.target_columns.first()?)?;
        target.old_column(to).filter(|_| target.difference(to).ty).map(|from| (from, to))
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
        let changed = from
            .ty
            .enumeration()
            .and_then(|name| self.work.enums.values().find(|change| change.from.sql_name == *name));
        changed.map(|change| enum_values::seen(change)).unwrap_or_default()
    }

    /// The columns of the old table as expressions see them.
    fn seen_columns(&self) -> Vec<String> {
        let mut columns = Vec::new();
        for from in self.change.from.columns.iter() {
            let name = match self.change.new_column(&from.sql_name) {
                Some(to) => identifier(&to.sql_name),
                None => identifier(&self.parked.column(self.change.from, from)),
            };
            let texts = self.seen_values(from);
            let is_array = matches!(from.ty, ColumnType::Array(_));
            columns.push(if texts.is_empty() {
                name
            } else {
                format!("{} AS {name}", enum_values::replaced(&name, &texts, is_array, Dialect::Sqlite))
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
        let read = if self.reads_seen_values() { self.seen_columns() } else { Vec::new() };
        Ok(CopyRows { columns: self.columns, read, row_number: self.numbered.then_some(ROW_NUMBER) })
    }
}

//! The rows of a table on their way into the new one.

use std::collections::HashMap;

use super::SQLITE;
use super::plan::{Live, Unit, drop_index};
use crate::ddl::{CopyRows, Rebuild, conversion_expression};
use crate::introspect::sqlite::clause::ClauseKind;
use crate::introspect::sqlite::table_text::ColumnText;
use crate::query::alter::step::{SetType, Step};
use crate::sql::identifier;

/// The rows on their way into the new table.
pub(super) struct Remake {
    /// The columns that have values to be copied, by the name they have at the end.
    values: HashMap<String, String>,
    table: String,
    had_hidden_rowid: bool,
    /// Statements that come first.
    before: Vec<String>,
}

impl Remake {
    pub(super) fn of(live: &Live) -> Self {
        let table = live.state.name.name.to_string();
        let value =
            |column: &ColumnText| (column.name.clone(), format!("{}.{}", identifier(&table), identifier(&column.name)));
        let stored = live.text.columns.iter().filter(|column| !column.has(ClauseKind::Generated));
        let values = stored.map(value).collect();
        Self { values, had_hidden_rowid: live.text.has_hidden_rowid(), table, before: Vec::new() }
    }

    /// Takes note of what a step does to values and indexes; the table is still as it was before the step.
    pub(super) fn note(&mut self, live: &Live, step: &Step) {
        if let Step::DropColumn(name) = step {
            self.values.retain(|column, _| !column.eq_ignore_ascii_case(name));
            self.before.extend(live.dropped_indexes(name));
        } else if let Step::DropIndex(name) = step {
            self.before.push(drop_index(name));
        } else if let Step::SetType(SetType { column, from, to, using }) = step
            && let Some(value) = self.values.get_mut(column)
        {
            let name = format!("{}.{column}", self.table);
            let converted = match (using, from) {
                (Some(expression), _) => Some(format!("({expression})")),
                (None, Some(from)) => conversion_expression(from, to, value, &name, SQLITE),
                (None, None) => None,
            };
            if let Some(converted) = converted {
                *value = converted;
            }
        }
    }

    /// The statements: indexes that go, then the table anew.
    pub(super) fn finish(self, live: &Live) -> Unit {
        let mut columns: Vec<(String, String)> = live
            .text
            .columns
            .iter()
            .filter_map(|column| Some((identifier(&column.name), self.values.get(&column.name)?.clone())))
            .collect();
        if self.had_hidden_rowid && live.text.has_hidden_rowid() {
            columns.insert(0, ("rowid".to_owned(), format!("{}.rowid", identifier(&self.table))));
        }
        let helper = Rebuild::helper_name(&self.table, |name| live.state.is_taken(name));
        let copy = CopyRows { columns, ..CopyRows::default() };
        let rebuild = Rebuild { table: &self.table, helper: &helper, create: live.text.write(&helper), copy };
        let statements = self.before.into_iter().chain(rebuild.statements()).collect();
        Unit::Rebuild { table: self.table, helper, statements }
    }
}

//! The rebuild of a table: what the new one is, and how the old values get there. The statements are the runtime's [`Rebuild`].

use piccolo_runtime::ddl::{
    CopyRows, CreateTable, Rebuild, Unsupported, conversion_expression, create_table_statement, default_expression,
};
use piccolo_runtime::schema::{Column, ColumnType, QualifiedName};
use piccolo_runtime::sql::{Dialect, identifier, literal};

use super::names::Parked;
use super::{Work, changes_texts};
use crate::change::{ModifyEnum, ModifyTable};
use crate::plan::answers::Backfill;
use crate::plan::{Step, filler};

/// Rebuilds the table.
pub(super) fn rebuild(
    work: &Work<'_>,
    change: &ModifyTable<'_>,
    _parked: &Parked,
    step: &mut Step,
) -> Result<(), Unsupported> {
    let name = &change.to.sql_name;
    let helper = helper_name(work, name);
    let options = CreateTable { name: &helper, deferred: &[], if_not_exists: false };
    let mut copy = Copy::new(work, change);
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
    /// Target columns and the expressions for them, quoted.
    columns: Vec<(String, String)>,
    /// Whether the rows have to be numbered.
    numbered: bool,
}

impl<'w> Copy<'w> {
    fn new(work: &'w Work<'w>, change: &'w ModifyTable<'w>) -> Self {
        Self { work, change, columns: Vec::new(), numbered: false }
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
        if let Some(other) = self.filled(to)? {
            return Ok(if differs.ty { other } else { format!("coalesce({value}, {other})") });
        }
        if differs.ty {
            let name = format!("{}.{}", self.change.to.sql_name, to.sql_name);
            return Ok(conversion_expression(&from.ty, &to.ty, &value, &name, Dialect::Sqlite).unwrap_or(value));
        }
        let changed = to.ty.enumeration().and_then(|name| self.work.enums.get(name));
        Ok(changed.and_then(|change| self.renamed_values(change, &to.ty, &value)).unwrap_or(value))
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
                Some(filler::expression(self.work.new, self.change.to, to, row.as_deref(), Dialect::Sqlite))
            }
        })
    }

    /// The value of an enum column whose values change; `None` where no value that stays changes its text.
    fn renamed_values(&self, change: &ModifyEnum<'_>, ty: &ColumnType, value: &str) -> Option<String> {
        if !changes_texts(change) {
            return None;
        }
        let renamed = change.renamed.iter().map(|(from, to)| (&from.text, &to.text));
        let mapped = change
            .dropped
            .iter()
            .filter_map(|dropped| Some((&dropped.text, self.work.answers.mapped(change.to, &dropped.text)?)));
        let cases: Vec<String> =
            renamed.chain(mapped).map(|(from, to)| format!("WHEN {} THEN {}", literal(from), literal(to))).collect();
        if cases.is_empty() {
            return None;
        }
        let of = |value: &str| format!("CASE {value} {} ELSE {value} END", cases.join(" "));
        Some(if matches!(ty, ColumnType::Array(_)) {
            format!(
                "CASE WHEN {value} IS NOT NULL THEN (SELECT json_group_array({}) FROM json_each({value}) e) END",
                of("e.value")
            )
        } else {
            of(value)
        })
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
        Ok(CopyRows { columns: self.columns, row_number: self.numbered.then_some(ROW_NUMBER) })
    }
}

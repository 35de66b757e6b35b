//! The words of a table's definition, changed as a step says.

use super::SQLITE;
use super::plan::{Live, cannot_read};
use crate::Result;
use crate::ddl::{ImpliedCheck, Unsupported, check_clause, column_definition, foreign_key_clause, unique_clause};
use crate::introspect::sqlite::clause::{Clause, ClauseKind};
use crate::introspect::sqlite::table_text::ColumnText;
use crate::query::alter::change::Constraint;
use crate::query::alter::step::{Dropped, SetType, Step};
use crate::schema::Column;

impl Live {
    /// Changes the words of the table's definition.
    pub(super) fn edit(&mut self, step: &Step) -> Result<()> {
        let table = self.state.name.name.to_string();
        let unreadable = || cannot_read(&table);
        match step {
            Step::AddColumn(column) => {
                let definition = self.definition(column)?;
                self.text.columns.push(ColumnText::parse(&definition).ok_or_else(unreadable)?);
            }
            Step::DropColumn(name) => {
                self.text.columns.retain(|column| !column.name.eq_ignore_ascii_case(name));
                // As Postgres does, whatever of the constraints mentions the column goes with it.
                self.text.retain(|_, clause| clause.kind == ClauseKind::Generated || !clause.mentions(name));
            }
            Step::RenameColumn { from, to } => self.text.rename_column(from, to),
            Step::SetNull { column, null } => self.with(column, |column| {
                column.clauses.retain(|clause| clause.kind != ClauseKind::Null);
                let clause = (!null).then(|| Clause::new(ClauseKind::NotNull, "NOT NULL"));
                column.replace(ClauseKind::NotNull, clause);
            })?,
            Step::SetDefault { column, expression } => self.with(column, |column| {
                let clause = Clause::new(ClauseKind::Default, format!("DEFAULT {expression}"));
                column.replace(ClauseKind::Default, Some(clause));
            })?,
            Step::DropDefault(column) => self.with(column, |column| column.replace(ClauseKind::Default, None))?,
            Step::SetType(change) => self.retype(change)?,
            Step::AddConstraint(constraint) => {
                let words = match constraint {
                    Constraint::Unique(unique) => Some(unique_clause(unique)),
                    Constraint::Check(check) => check_clause(check, SQLITE),
                    Constraint::ForeignKey(key) => Some(foreign_key_clause(key, SQLITE)),
                };
                if let Some(words) = words {
                    self.text.constraints.push(Clause::parse(&words).ok_or_else(unreadable)?);
                }
            }
            Step::DropConstraint(
                Dropped::Unique(name) | Dropped::Check(name) | Dropped::ForeignKey(name) | Dropped::Other(name),
            ) => self.text.retain(|_, clause| !clause.is_named(name)),
            Step::DropConstraint(Dropped::UnnamedUnique(column)) => self.text.retain(|on, clause| {
                let over = matches!(clause.columns.as_slice(), [only] if only.eq_ignore_ascii_case(column));
                let on = on.is_some_and(|on| on.eq_ignore_ascii_case(column));
                clause.kind != ClauseKind::Unique || clause.name.is_some() || !(over || on)
            }),
            Step::RenameTypeCheck { from, to } => {
                let columns = self.text.columns.iter_mut().flat_map(|column| &mut column.clauses);
                for clause in columns.chain(&mut self.text.constraints).filter(|clause| clause.is_named(from)) {
                    clause.name = Some(to.clone());
                }
            }
            Step::RenameTable(_) | Step::SetSchema(_) | Step::DropIndex(_) => {}
        }
        Ok(())
    }

    fn with(&mut self, name: &str, change: impl FnOnce(&mut ColumnText)) -> Result<()> {
        let table = self.state.name.name.to_string();
        self.text.column(name).map(change).ok_or_else(|| cannot_read(&table))
    }

    /// Gives a column the words of another type: its name and its check.
    fn retype(&mut self, change: &SetType) -> Result<()> {
        let SetType { column: name, from, to, .. } = change;
        let definition = self.definition(&Column::new(name.clone(), to.clone()).null())?;
        let table = self.state.name.name.to_string();
        let new = ColumnText::parse(&definition).ok_or_else(|| cannot_read(&table))?;
        let old_check = from.as_ref().and_then(ImpliedCheck::of).map(|check| check.constraint_name(name));
        let counts = self.state.table.column(name).is_some_and(|column| column.identity.is_some());
        self.text.retain(|_, clause| {
            let implied = clause.name.as_deref().and_then(ImpliedCheck::parse);
            let own = implied.is_some_and(|(_, column)| column.eq_ignore_ascii_case(name));
            !own && !old_check.as_deref().is_some_and(|check| clause.is_named(check))
        });
        self.with(name, |column| {
            // A key that counts itself up is an INTEGER by that name.
            if !counts {
                column.ty = new.ty;
            }
            column.clauses.extend(new.clauses.into_iter().filter(|clause| clause.kind == ClauseKind::Check));
        })
    }

    /// The definition of a column of ours.
    pub(super) fn definition(&self, column: &Column) -> Result<String, Unsupported> {
        let fragment = self.state.fragment();
        column_definition(&fragment, column, self.state.meta.enums(), SQLITE)
    }
}

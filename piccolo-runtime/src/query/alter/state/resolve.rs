//! What a change means for the table as it stands: which steps it takes, if any, or why it cannot be.

use super::State;
use crate::ddl::ImpliedCheck;
use crate::query::alter::change::{Change, ColumnName};
use crate::query::alter::step::Step;
use crate::query::alter::usage;
use crate::schema::{Column, ColumnType};
use crate::sql::Dialect;
use crate::{Error, Result};

impl State {
    /// What a change means for the table as it stands. No step at all where it is so already.
    pub(in crate::query::alter) fn resolve(&self, change: &Change) -> Result<Vec<Step>> {
        Ok(match change {
            Change::AddColumn(column) => vec![self.add_column(column)?],
            Change::DropColumn(column) => vec![self.drop_column(column)?],
            Change::RenameColumn { column, to } => self.rename_column(column, to)?,
            Change::RenameTable(to) => self.rename_table(to)?,
            Change::SetSchema(schema) => match self.dialect {
                Dialect::Postgres => vec![Step::SetSchema(schema.clone())],
                Dialect::Sqlite => {
                    let feature = format!("schemas: `{}` cannot be moved into `{schema}`", self.name);
                    return Err(Error::Unsupported { engine: self.dialect.name(), feature });
                }
            },
            Change::DropTable { .. } => {
                return Err(usage(format!("`{}` is dropped, so nothing else can be altered", self.name)));
            }
            Change::SetNull { column, null } => self.set_null(column, *null)?,
            Change::SetUnique { column, unique: true } => self.make_unique(column)?,
            Change::SetUnique { column, unique: false } => self.allow_duplicates(column)?,
            Change::SetDefault { column, default } => vec![self.set_default(column, default)?],
            Change::DropDefault(column) => {
                let column = self.column(column)?;
                if column.default.is_none() { Vec::new() } else { vec![Step::DropDefault(column.name.clone())] }
            }
            Change::SetType { column, ty, using } => vec![self.set_type(column, ty, using.as_deref())?],
            Change::SetLength { column, length } => vec![self.set_length(column, *length)?],
            Change::AddConstraint(constraint) => self.add_constraint(constraint)?,
            Change::DropConstraint(name) => vec![Step::DropConstraint(self.constraint(name)?)],
            Change::RenameTypeCheck { from, to } => self.rename_type_check(from, to),
        })
    }

    fn add_column(&self, column: &Column) -> Result<Step> {
        self.check_new_column_name(&column.sql_name)?;
        self.check_not_serial(&column.ty, &column.sql_name)?;
        let default = column.default.clone().map(|default| self.default_for(column, default)).transpose()?;
        Ok(Step::AddColumn(Column { default, ..column.clone() }))
    }

    fn check_new_column_name(&self, name: &str) -> Result<()> {
        self.check_name(name)?;
        match self.find(name) {
            None => Ok(()),
            Some(column) => Err(usage(format!("`{}` has a column `{}` already", self.name, column.name))),
        }
    }

    pub(super) fn check_not_serial(&self, ty: &ColumnType, column: &str) -> Result<()> {
        if !ty.is_serial() {
            return Ok(());
        }
        Err(usage(format!(
            "`{column}` of `{}` cannot count itself up, which only a primary key does; use an integer type",
            self.name
        )))
    }

    fn drop_column(&self, column: &ColumnName) -> Result<Step> {
        let column = &self.column(column)?.name;
        if self.is_key(column) {
            return Err(self.key_refused(column, "and cannot be dropped"));
        }
        if self.table.columns.len() == 1 {
            return Err(usage(format!(
                "`{column}` is the only column of `{}`; drop the table instead (`drop_table()`)",
                self.name
            )));
        }
        self.check_not_referred_to(
            std::slice::from_ref(column),
            &format!("`{column}` of `{}` cannot be dropped", self.name),
        )?;
        Ok(Step::DropColumn(column.clone()))
    }

    fn rename_column(&self, column: &ColumnName, to: &str) -> Result<Vec<Step>> {
        let from = &self.column(column)?.name;
        if from == to {
            return Ok(Vec::new());
        }
        if !self.same_name(from, to) {
            self.check_new_column_name(to)?;
        }
        Ok(vec![Step::RenameColumn { from: from.clone(), to: to.to_owned() }])
    }

    fn rename_table(&self, to: &str) -> Result<Vec<Step>> {
        self.check_name(to)?;
        if self.name.name == to {
            return Ok(Vec::new());
        }
        let beside = self.others.iter().filter(|table| table.name.schema == self.table.name.schema);
        let taken = beside.map(|table| table.name.name.as_ref()).any(|name| self.same_name(name, to));
        if taken || (self.dialect == Dialect::Sqlite && self.is_taken(to)) {
            return Err(usage(format!("`{}` cannot be renamed to `{to}`, which exists already", self.name)));
        }
        Ok(vec![Step::RenameTable(to.to_owned())])
    }

    /// The check of a column's type carries the column's name, so that errors can tell it.
    fn rename_type_check(&self, from: &ColumnName, to: &str) -> Vec<Step> {
        let described = self.meta.table();
        let names: Vec<&str> = match from {
            ColumnName::At(position) => described
                .columns
                .get(usize::from(*position))
                .map(|column| column.sql_name.as_ref())
                .into_iter()
                .collect(),
            ColumnName::Named(name) => {
                let also = described.column_named(name).map(|column| column.sql_name.as_ref());
                std::iter::once(name.as_str()).chain(also).collect()
            }
        };
        let checks = self.table.checks.iter().filter_map(|check| check.name.as_deref());
        let renamed = checks.filter_map(|name| {
            let (kind, column) = ImpliedCheck::parse(name)?;
            let is_old = names.iter().any(|old| self.same_name(old, column)) && column != to;
            is_old.then(|| Step::RenameTypeCheck { from: name.to_owned(), to: kind.constraint_name(to) })
        });
        renamed.collect()
    }

    fn set_null(&self, column: &ColumnName, null: bool) -> Result<Vec<Step>> {
        let column = self.column(column)?;
        if null && self.is_key(&column.name) {
            return Err(self.key_refused(&column.name, "which takes no nulls"));
        }
        if column.null == null {
            return Ok(Vec::new());
        }
        Ok(vec![Step::SetNull { column: column.name.clone(), null }])
    }
}

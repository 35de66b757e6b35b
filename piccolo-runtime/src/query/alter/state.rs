//! The table that is altered, as it stands after the changes before: what each further change means for it, and what it would break.

use std::collections::HashMap;

use chrono::Utc;

use super::change::{Change, ColumnName, Constraint};
use super::live::position_of;
use super::step::{Dropped, SetType, Step};
use super::{types, usage};
use crate::ddl::{ImpliedCheck, default_expression};
use crate::introspect::{
    CheckShape, ColumnShape, Deferral, ForeignKeyShape, IndexShape, KeyShape, Shape, Sorted, TableShape,
};
use crate::nearest::nearest;
use crate::query::defaults;
use crate::query::fit::fit;
use crate::schema::naming::{self, MAX_BYTES};
use crate::schema::{
    Check, Column, ColumnType, Conversion, Default, ForeignKey, List, PrimaryKey, QualifiedName, Table, Text, Unique,
};
use crate::sql::{Dialect, column_type};
use crate::table::TableMeta;
use crate::{Error, Result};

/// The table and what is around it.
#[derive(Clone, Debug)]
pub(in crate::query) struct State {
    pub(super) meta: &'static TableMeta,
    pub(super) dialect: Dialect,
    /// The table's name, as statements write it.
    pub(super) name: QualifiedName,
    pub(super) table: TableShape,
    /// The other tables.
    others: Vec<TableShape>,
    /// Whether the other tables are known; those of a schema are not.
    surrounded: bool,
    /// The names of what else has one in the same place: views, mostly.
    taken: Vec<String>,
    /// The types of columns that were added or changed.
    known: HashMap<String, ColumnType>,
}

impl State {
    /// The state of the table of this name in a database of this shape; `None` where there is none.
    pub(in crate::query) fn of(meta: &'static TableMeta, name: &QualifiedName, mut shape: Shape) -> Option<Self> {
        let dialect = shape.dialect;
        let position = position_of(&shape, name)?;
        let table = shape.tables.remove(position);
        let name = match dialect {
            Dialect::Sqlite => table.name.clone(),
            Dialect::Postgres => name.clone(),
        };
        let taken = shape.objects.iter().map(|object| object.name.name.to_string()).collect();
        Some(Self { meta, dialect, name, table, others: shape.tables, surrounded: true, taken, known: HashMap::new() })
    }

    /// The same, as a part of a database of which no more is known.
    pub(super) fn alone(mut self) -> Self {
        self.surrounded = false;
        self
    }

    /// What a change means for the table as it stands. No step at all where it is so already.
    pub(super) fn resolve(&self, change: &Change) -> Result<Vec<Step>> {
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

    /// The type of a column, where it is one of ours.
    pub(super) fn type_of(&self, column: &ColumnShape) -> Option<ColumnType> {
        let described = self.meta.table().column(&column.name);
        let known = self.known.get(&column.name).cloned();
        known.or_else(|| types::type_of(&self.table, column, described, self.dialect))
    }

    /// A table of the model with this one's name and primary key, beside which the DDL writer can write a column.
    pub(super) fn fragment(&self) -> Table {
        let columns = self.table.primary_key.iter().flat_map(|key| &key.columns);
        Table {
            name: Text::Borrowed(""),
            sql_name: self.name.clone(),
            doc: Text::Borrowed(""),
            columns: List::Borrowed(&[]),
            primary_key: PrimaryKey {
                name: Text::Borrowed(""),
                columns: columns.map(|column| Text::from(column.clone())).collect(),
            },
            uniques: List::Borrowed(&[]),
            checks: List::Borrowed(&[]),
            indexes: List::Borrowed(&[]),
            foreign_keys: List::Borrowed(&[]),
        }
    }

    /// The name of a column in the database.
    pub(in crate::query) fn column_name(&self, name: &ColumnName) -> Result<String> {
        self.column(name).map(|column| column.name.clone())
    }

    /// The table's name, as statements write it.
    pub(in crate::query) const fn name(&self) -> &QualifiedName {
        &self.name
    }

    /// The table's indexes.
    pub(in crate::query) fn indexes(&self) -> &[IndexShape] {
        &self.table.indexes
    }

    /// The tables other than this one that have a foreign key to it, and this one if it points to itself.
    pub(super) fn referring(&self) -> impl Iterator<Item = (&TableShape, &ForeignKeyShape)> {
        let tables = self.others.iter().chain([&self.table]);
        let keys = tables.flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
        keys.filter(|(_, key)| self.is_same(&key.target, &self.table.name))
    }

    /// Whether a table, an index or a view beside it has this name.
    pub(in crate::query) fn is_taken(&self, name: &str) -> bool {
        let beside = || self.others.iter().filter(|table| table.name.schema == self.table.name.schema);
        let tables = beside().chain([&self.table]).map(|table| table.name.name.as_ref());
        let indexes = beside().chain([&self.table]).flat_map(|table| &table.indexes);
        let names = tables.chain(indexes.map(|index| index.name.as_str())).chain(self.taken.iter().map(String::as_str));
        names.into_iter().any(|taken| self.same_name(taken, name))
    }

    /// Takes note of what has been done.
    pub(super) fn apply(&mut self, step: &Step) {
        let dialect = self.dialect;
        match step {
            Step::AddColumn(column) => {
                self.known.insert(column.sql_name.to_string(), column.ty.clone());
                let expression = |default| default_expression(default, &column.ty, dialect).ok();
                self.table.columns.push(ColumnShape {
                    name: column.sql_name.to_string(),
                    ty: column_type(&column.ty, dialect),
                    null: column.null,
                    default: column.default.as_ref().and_then(expression),
                    identity: None,
                    collation: column.collation.as_ref().map(ToString::to_string),
                    generated: None,
                    options: None,
                    comment: None,
                });
            }
            Step::DropColumn(name) => {
                self.table.columns.retain(|column| column.name != *name);
                self.table.uniques.retain(|key| !key.columns.contains(name));
                self.table.foreign_keys.retain(|key| !key.columns.contains(name));
                self.table.checks.retain(|check| !mentions(&check.expression, name));
                self.table.indexes.retain(|index| !index_mentions(index, name));
            }
            Step::RenameColumn { from, to } => self.rename_everywhere(from, to),
            Step::RenameTable(to) => {
                let old = self.table.name.clone();
                self.name.name = to.clone().into();
                self.table.name.name = to.clone().into();
                let new = self.table.name.clone();
                let keys = self.others.iter_mut().chain([&mut self.table]).flat_map(|table| &mut table.foreign_keys);
                keys.filter(|key| key.target == old).for_each(|key| key.target = new.clone());
            }
            Step::SetSchema(schema) => self.name.schema = Some(schema.clone().into()),
            Step::SetNull { column, null } => self.change(column, |column| column.null = *null),
            Step::SetDefault { column, expression } => {
                self.change(column, |column| column.default = Some(expression.clone()));
            }
            Step::DropDefault(column) => self.change(column, |column| column.default = None),
            Step::SetType(SetType { column, to, .. }) => {
                self.known.insert(column.clone(), to.clone());
                self.change(column, |column| column.ty = column_type(to, dialect));
            }
            Step::AddConstraint(Constraint::Unique(unique)) => self.table.uniques.push(KeyShape {
                name: Some(unique.name.to_string()),
                columns: unique.columns.iter().map(ToString::to_string).collect(),
                ..KeyShape::default()
            }),
            Step::AddConstraint(Constraint::Check(check)) => {
                let text = match dialect {
                    Dialect::Sqlite => &check.sqlite,
                    Dialect::Postgres => &check.postgres,
                };
                self.table.checks.push(CheckShape {
                    name: Some(check.name.to_string()),
                    expression: text.as_deref().unwrap_or_default().to_owned(),
                    valid: true,
                    options: None,
                });
            }
            Step::AddConstraint(Constraint::ForeignKey(key)) => self.table.foreign_keys.push(shape_of_key(key)),
            Step::DropConstraint(dropped) => {
                let named = |own: &Option<String>, name: &String| own.as_ref() == Some(name);
                match dropped {
                    Dropped::Unique(name) => self.table.uniques.retain(|key| !named(&key.name, name)),
                    Dropped::Check(name) => self.table.checks.retain(|check| !named(&check.name, name)),
                    Dropped::ForeignKey(name) => self.table.foreign_keys.retain(|key| !named(&key.name, name)),
                    Dropped::Other(name) => self.table.other_constraints.retain(|other| !named(&other.name, name)),
                    Dropped::UnnamedUnique(column) => {
                        self.table.uniques.retain(|key| key.name.is_some() || !is_only(&key.columns, column));
                    }
                }
            }
            Step::DropIndex(name) => self.table.indexes.retain(|index| index.name != *name),
            Step::RenameTypeCheck { from, to } => {
                for check in self.table.checks.iter_mut().filter(|check| check.name.as_ref() == Some(from)) {
                    check.name = Some(to.clone());
                }
            }
        }
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut ColumnShape)) {
        if let Some(column) = self.table.columns.iter_mut().find(|column| column.name == name) {
            change(column);
        }
    }

    fn rename_everywhere(&mut self, from: &str, to: &str) {
        if let Some(ty) = self.known.remove(from) {
            self.known.insert(to.to_owned(), ty);
        }
        let rename = |name: &mut String| {
            if name == from {
                to.clone_into(name);
            }
        };
        let own = self.table.name.clone();
        let TableShape { columns, primary_key, uniques, foreign_keys, indexes, .. } = &mut self.table;
        columns.iter_mut().for_each(|column| rename(&mut column.name));
        primary_key.iter_mut().chain(uniques).flat_map(|key| &mut key.columns).for_each(rename);
        foreign_keys.iter_mut().flat_map(|key| &mut key.columns).for_each(rename);
        for key in indexes.iter_mut().flat_map(|index| &mut index.keys) {
            if let Sorted::Column(name) = &mut key.sorted {
                rename(name);
            }
        }
        let keys = self.others.iter_mut().chain([&mut self.table]).flat_map(|table| &mut table.foreign_keys);
        keys.filter(|key| key.target == own).flat_map(|key| &mut key.target_columns).for_each(rename);
    }

    fn same_name(&self, one: &str, other: &str) -> bool {
        match self.dialect {
            Dialect::Sqlite => one.eq_ignore_ascii_case(other),
            Dialect::Postgres => one == other,
        }
    }

    fn is_same(&self, one: &QualifiedName, other: &QualifiedName) -> bool {
        self.same_name(&one.name, &other.name) && (self.dialect == Dialect::Sqlite || one.schema == other.schema)
    }

    /// The column that a name means.
    fn column(&self, name: &ColumnName) -> Result<&ColumnShape> {
        let described = self.meta.table();
        let (said, also) = match name {
            ColumnName::At(position) => {
                let column = described.columns.get(usize::from(*position));
                (column.map(|column| column.sql_name.as_ref()).unwrap_or_default(), None)
            }
            ColumnName::Named(name) => {
                (name.as_str(), described.column_named(name).map(|column| column.sql_name.as_ref()))
            }
        };
        [Some(said), also].into_iter().flatten().find_map(|name| self.find(name)).ok_or_else(|| self.unknown(said))
    }

    fn find(&self, name: &str) -> Option<&ColumnShape> {
        self.table.columns.iter().find(|column| self.same_name(&column.name, name))
    }

    fn unknown(&self, name: &str) -> Error {
        Error::UnknownColumn {
            name: name.to_owned(),
            table: self.meta.table().name.to_string(),
            nearest: nearest(name, self.table.columns.iter().map(|column| column.name.as_str())),
        }
    }

    fn is_key(&self, column: &str) -> bool {
        self.table.primary_key.iter().any(|key| key.columns.iter().any(|name| name == column))
    }

    fn key_refused(&self, column: &str, what: &str) -> Error {
        usage(format!("`{column}` is part of the primary key of `{}`, {what}", self.name))
    }

    /// Refuses what would take away the key that a foreign key points to.
    fn check_not_referred_to(&self, columns: &[String], what: &str) -> Result<()> {
        let wanted = |key: &ForeignKeyShape| columns.iter().all(|column| key.target_columns.contains(column));
        match self.referring().find(|(_, key)| wanted(key)) {
            None => Ok(()),
            Some((table, key)) => Err(usage(format!(
                "{what}, because the foreign key {} of `{}` points to it; drop that one first",
                key.name.as_ref().map_or_else(|| key.columns.join(", "), |name| format!("`{name}`")),
                table.name
            ))),
        }
    }

    fn check_name(&self, name: &str) -> Result<()> {
        if name.is_empty() || name.len() > MAX_BYTES || name.contains('\0') {
            return Err(usage(format!("`{name}` is no name: names have 1 to {MAX_BYTES} bytes and no NUL")));
        }
        Ok(())
    }

    fn check_new_column_name(&self, name: &str) -> Result<()> {
        self.check_name(name)?;
        match self.find(name) {
            None => Ok(()),
            Some(column) => Err(usage(format!("`{}` has a column `{}` already", self.name, column.name))),
        }
    }

    fn add_column(&self, column: &Column) -> Result<Step> {
        self.check_new_column_name(&column.sql_name)?;
        self.check_not_serial(&column.ty, &column.sql_name)?;
        let default = column.default.clone().map(|default| self.default_for(column, default)).transpose()?;
        Ok(Step::AddColumn(Column { default, ..column.clone() }))
    }

    fn check_not_serial(&self, ty: &ColumnType, column: &str) -> Result<()> {
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

    fn make_unique(&self, column: &ColumnName) -> Result<Vec<Step>> {
        let column = &self.column(column)?.name;
        let keys = self.table.uniques.iter().chain(&self.table.primary_key);
        let indexed = self.table.indexes.iter().any(|index| is_unique_index(index, column));
        if indexed || keys.into_iter().any(|key| is_only(&key.columns, column)) {
            return Ok(Vec::new());
        }
        self.add_constraint(&Constraint::Unique(Unique::on([column.clone()])))
    }

    fn allow_duplicates(&self, column: &ColumnName) -> Result<Vec<Step>> {
        let column = &self.column(column)?.name;
        if self.table.primary_key.iter().any(|key| is_only(&key.columns, column)) {
            return Err(self.key_refused(column, "which is unique"));
        }
        let constraints = self.table.uniques.iter().filter(|key| is_only(&key.columns, column)).map(|key| {
            Step::DropConstraint(match &key.name {
                Some(name) => Dropped::Unique(name.clone()),
                None => Dropped::UnnamedUnique(column.clone()),
            })
        });
        let indexes = self.table.indexes.iter().filter(|index| is_unique_index(index, column));
        let steps: Vec<Step> = constraints.chain(indexes.map(|index| Step::DropIndex(index.name.clone()))).collect();
        if !steps.is_empty() {
            self.check_not_referred_to(
                std::slice::from_ref(column),
                &format!("`{column}` of `{}` must stay unique", self.name),
            )?;
        }
        Ok(steps)
    }

    fn set_default(&self, column: &ColumnName, default: &Default) -> Result<Step> {
        let column = self.column(column)?;
        let Some(ty) = self.type_of(column) else {
            return Err(usage(format!(
                "`{}` of `{}` is of the type {}, for which defaults cannot be written",
                column.name, self.name, column.ty
            )));
        };
        if column.identity.is_some() {
            return Err(usage(format!("`{}` of `{}` counts itself up and takes no default", column.name, self.name)));
        }
        let described = Column { null: column.null, ..Column::new(column.name.clone(), ty.clone()) };
        let default = self.default_for(&described, default.clone())?;
        let expression = default_expression(&default, &ty, self.dialect)?;
        Ok(Step::SetDefault { column: column.name.clone(), expression })
    }

    /// A default as the column's type has it, if it fits.
    fn default_for(&self, column: &Column, default: Default) -> Result<Default> {
        let default = match (default, &column.ty) {
            (Default::Text(text), ColumnType::Enum(_)) => Default::Variant(text),
            (Default::Text(text), ColumnType::Uuid) => Default::Uuid(text),
            (Default::Text(text) | Default::Json(text), ColumnType::Json) => {
                // As the encoder would write it.
                let document = serde_json::from_str::<serde_json::Value>(&text).map(|document| document.to_string());
                Default::Json(document.map_or(text, Text::from))
            }
            (
                Default::Text(text),
                ColumnType::Date | ColumnType::Time | ColumnType::Timestamp | ColumnType::Timestamptz,
            ) => Default::DateTime(text),
            (default, _) => default,
        };
        if matches!(default, Default::Sql(_)) {
            return Ok(default);
        }
        let wrong = || Error::InvalidValue {
            target: format!("{}.{}", self.name.name, column.sql_name),
            reason: format!(
                "the default does not have the column's type, {}",
                column_type(&column.ty, Dialect::Postgres)
            ),
        };
        // An enum that the schema does not know is checked by the database.
        let is_foreign = column.ty.enumeration().is_some_and(|name| self.meta.enumeration(name).is_none());
        let value = defaults::evaluate(column, &default, Utc::now()).ok().flatten().ok_or_else(wrong)?;
        if !is_foreign {
            fit(self.meta, column, value)?;
        }
        Ok(default)
    }

    fn set_length(&self, column: &ColumnName, length: u32) -> Result<Step> {
        let shape = self.column(column)?;
        if !matches!(self.type_of(shape), Some(ColumnType::Varchar { .. })) {
            return Err(usage(format!(
                "`{}` of `{}` is no Varchar and has no length; `set_column_type` makes it one",
                shape.name, self.name
            )));
        }
        self.set_type(column, &ColumnType::Varchar { length }, None)
    }

    fn set_type(&self, column: &ColumnName, to: &ColumnType, using: Option<&str>) -> Result<Step> {
        let column = self.column(column)?;
        let name = &column.name;
        self.check_not_serial(to, name)?;
        if matches!(to, ColumnType::Varchar { length: 0 }) {
            return Err(usage(format!("`{name}` of `{}` would have room for no character", self.name)));
        }
        let from = self.type_of(column);
        let whole = matches!(to, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt);
        if column.identity.is_some() && !whole {
            return Err(usage(format!("`{name}` of `{}` counts itself up and stays a whole number", self.name)));
        }
        let unknown = match &from {
            Some(from) => Conversion::between(from, to) == Conversion::Unknown,
            None => true,
        };
        if unknown && using.is_none() {
            return Err(usage(format!(
                "nothing converts `{name}` of `{}` from {} to {}; `set_column_type_using` takes an expression for the new values",
                self.name,
                column.ty,
                column_type(to, Dialect::Postgres)
            )));
        }
        let stays_alike = from.as_ref().is_some_and(|from| are_alike(from, to));
        if column.default.is_some() && !stays_alike {
            return Err(usage(format!(
                "`{name}` of `{}` has a default of its old type; `drop_default` before the change, and `set_default` after it",
                self.name
            )));
        }
        let tied = self.table.foreign_keys.iter().any(|key| key.columns.contains(name))
            || self.referring().any(|(_, key)| key.target_columns.contains(name));
        if tied && !stays_alike {
            return Err(usage(format!(
                "`{name}` of `{}` is tied to another column by a foreign key, which must be of the same kind of type; drop the key first",
                self.name
            )));
        }
        Ok(Step::SetType(SetType { column: name.clone(), from, to: to.clone(), using: using.map(str::to_owned) }))
    }

    fn add_constraint(&self, constraint: &Constraint) -> Result<Vec<Step>> {
        let table = self.name.name.as_ref();
        let constraint = match constraint {
            Constraint::Unique(unique) => {
                let columns = self.columns(&unique.columns)?;
                let name = named(&unique.name, || naming::unique(table, &columns));
                Constraint::Unique(Unique { name, columns: columns.into() })
            }
            Constraint::Check(check) => {
                let text = match self.dialect {
                    Dialect::Sqlite => &check.sqlite,
                    Dialect::Postgres => &check.postgres,
                };
                if text.is_none() {
                    return Ok(Vec::new());
                }
                let default = || naming::check(table, check.sqlite.as_deref(), check.postgres.as_deref());
                Constraint::Check(Check { name: named(&check.name, default), ..check.clone() })
            }
            Constraint::ForeignKey(key) => {
                let columns = self.columns(&key.columns)?;
                let name = named(&key.name, || naming::foreign_key(table, &columns));
                let key = ForeignKey { name, columns: columns.into(), ..key.clone() };
                if self.surrounded {
                    self.check_target(&key)?;
                }
                Constraint::ForeignKey(key)
            }
        };
        let name = match &constraint {
            Constraint::Unique(unique) => &unique.name,
            Constraint::Check(check) => &check.name,
            Constraint::ForeignKey(key) => &key.name,
        };
        self.check_name(name)?;
        if self.constraint_names().any(|taken| self.same_name(taken, name)) || self.is_taken(name) {
            return Err(usage(format!(
                "`{}` cannot get a constraint `{name}`, because that name exists already",
                self.name
            )));
        }
        Ok(vec![Step::AddConstraint(constraint)])
    }

    /// The columns by their names in the database.
    fn columns(&self, names: &[Text]) -> Result<Vec<Text>> {
        if names.is_empty() {
            return Err(usage(format!("a constraint of `{}` needs a column", self.name)));
        }
        let column = |name: &Text| self.column(&ColumnName::Named(name.to_string()));
        names.iter().map(|name| column(name).map(|column| Text::from(column.name.clone()))).collect()
    }

    /// Refuses a foreign key to what is no key. Postgres would; SQLite would refuse every later insert instead.
    fn check_target(&self, key: &ForeignKey) -> Result<()> {
        let fault = |what: String| usage(format!("the foreign key of `{}` to `{}` {what}", self.name, key.target));
        let mut tables = self.others.iter().chain([&self.table]);
        let target = tables
            .find(|table| self.is_same(&table.name, &key.target) || (*table == &self.table && key.target == self.name));
        let target = target.ok_or_else(|| fault("points to a table that does not exist".to_owned()))?;
        if key.columns.len() != key.target_columns.len() {
            return Err(fault(format!("has {} columns and points to {}", key.columns.len(), key.target_columns.len())));
        }
        for (own, name) in key.columns.iter().zip(key.target_columns.iter()) {
            let column = target.columns.iter().find(|column| self.same_name(&column.name, name));
            let column = column.ok_or_else(|| fault(format!("points to `{name}`, which is no column of it")))?;
            let own = self.find(own).map(|own| own.ty.as_str()).unwrap_or_default();
            if self.dialect == Dialect::Sqlite
                && !own.eq_ignore_ascii_case(&column.ty)
                && !(is_whole(own) && is_whole(&column.ty))
            {
                return Err(fault(format!("points from {own} to {}", column.ty)));
            }
        }
        let is_target = |columns: &[String]| {
            columns.len() == key.target_columns.len()
                && columns.iter().all(|column| key.target_columns.iter().any(|name| self.same_name(name, column)))
        };
        let keys = target.primary_key.iter().chain(&target.uniques);
        let indexed = target.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
        let indexed = indexed.filter_map(|index| index.keys.iter().map(plain_key).collect::<Option<Vec<String>>>());
        if keys.into_iter().any(|key| is_target(&key.columns)) || indexed.into_iter().any(|columns| is_target(&columns))
        {
            return Ok(());
        }
        Err(fault(format!(
            "must point to its primary key or to unique columns, and {} are neither",
            key.target_columns.join(", ")
        )))
    }

    fn constraint_names(&self) -> impl Iterator<Item = &str> {
        let TableShape { primary_key, uniques, checks, foreign_keys, other_constraints, .. } = &self.table;
        let keys = primary_key.iter().chain(uniques).map(|key| &key.name);
        let rest = checks.iter().map(|check| &check.name).chain(foreign_keys.iter().map(|key| &key.name));
        keys.chain(rest).chain(other_constraints.iter().map(|other| &other.name)).filter_map(|name| name.as_deref())
    }

    /// The constraint of this name.
    fn constraint(&self, name: &str) -> Result<Dropped> {
        let TableShape { primary_key, uniques, checks, foreign_keys, other_constraints, .. } = &self.table;
        let is = |own: &Option<String>| own.as_deref().is_some_and(|own| self.same_name(own, name));
        let own = |own: &Option<String>| own.clone().unwrap_or_default();
        if primary_key.iter().any(|key| is(&key.name)) {
            return Err(usage(format!("`{name}` is the primary key of `{}`, which every table has", self.name)));
        }
        if ImpliedCheck::parse(name).is_some() {
            return Err(usage(format!("`{name}` belongs to a column's type; change that (`set_column_type`)")));
        }
        if let Some(key) = uniques.iter().find(|key| is(&key.name)) {
            self.check_not_referred_to(&key.columns, &format!("`{name}` of `{}` must stay", self.name))?;
            return Ok(Dropped::Unique(own(&key.name)));
        }
        if let Some(check) = checks.iter().find(|check| is(&check.name)) {
            return Ok(Dropped::Check(own(&check.name)));
        }
        if let Some(key) = foreign_keys.iter().find(|key| is(&key.name)) {
            return Ok(Dropped::ForeignKey(own(&key.name)));
        }
        if let Some(other) = other_constraints.iter().find(|other| is(&other.name)) {
            return Ok(Dropped::Other(own(&other.name)));
        }
        let near = nearest(name, self.constraint_names().filter(|name| ImpliedCheck::parse(name).is_none()));
        let hint = if near.is_empty() { String::new() } else { format!("; did you mean `{}`?", near.join("` or `")) };
        Err(usage(format!("`{name}` is not a constraint of `{}`{hint}", self.name)))
    }
}

/// The name that was given, or the default one.
fn named(name: &Text, default: impl FnOnce() -> String) -> Text {
    if name.is_empty() { default().into() } else { name.clone() }
}

fn shape_of_key(key: &ForeignKey) -> ForeignKeyShape {
    let owned = |names: &[Text]| names.iter().map(ToString::to_string).collect();
    ForeignKeyShape {
        name: Some(key.name.to_string()),
        columns: owned(&key.columns),
        target: key.target.clone(),
        target_columns: owned(&key.target_columns),
        on_delete: key.on_delete,
        on_update: key.on_update,
        deferral: Deferral::Never,
        valid: true,
        options: None,
    }
}

fn is_only(columns: &[String], column: &str) -> bool {
    matches!(columns, [only] if only == column)
}

/// The column that an index key is, if it is one.
fn plain_key(key: &crate::introspect::IndexKeyShape) -> Option<String> {
    match &key.sorted {
        Sorted::Column(column) => Some(column.clone()),
        Sorted::Expression(_) => None,
    }
}

fn is_unique_index(index: &IndexShape, column: &str) -> bool {
    let keys: Option<Vec<String>> = index.keys.iter().map(plain_key).collect();
    index.unique && index.predicate.is_none() && keys.is_some_and(|keys| is_only(&keys, column))
}

/// Whether an index sorts by a column or speaks of it.
fn index_mentions(index: &IndexShape, column: &str) -> bool {
    let key = |sorted: &Sorted| match sorted {
        Sorted::Column(name) => name == column,
        Sorted::Expression(expression) => mentions(expression, column),
    };
    index.keys.iter().any(|index_key| key(&index_key.sorted))
        || index.include.iter().any(|name| name == column)
        || index.predicate.as_deref().is_some_and(|predicate| mentions(predicate, column))
}

/// Whether the word occurs in an SQL text.
fn mentions(sql: &str, word: &str) -> bool {
    let tokens = crate::sql::Tokens::of(sql, Dialect::Sqlite);
    let plain = |text: &str| text.trim_matches('"').replace("\"\"", "\"");
    tokens.map(crate::sql::Token::text).any(|text| !text.starts_with('\'') && plain(text).eq_ignore_ascii_case(word))
}

fn is_whole(storage: &str) -> bool {
    ["INT", "INTEGER"].iter().any(|whole| storage.eq_ignore_ascii_case(whole))
}

/// Whether values of both types are written alike, so that a default and a foreign key may stay.
fn are_alike(from: &ColumnType, to: &ColumnType) -> bool {
    let kind = |ty: &ColumnType| match ty.referenced() {
        ColumnType::Varchar { .. } | ColumnType::Text => ColumnType::Text,
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => ColumnType::BigInt,
        ColumnType::Real | ColumnType::DoublePrecision => ColumnType::DoublePrecision,
        ColumnType::Numeric { .. } => ColumnType::Numeric { precision: 1, scale: 0 },
        other => other,
    };
    kind(from) == kind(to)
}

//! The table that is altered, as it stands after the changes before.
//!
//! | Module | Does |
//! |---|---|
//! | `resolve` | says what a change means for it, or why it cannot be |
//! | `values`, `constraints` | the same for types and defaults, and for constraints |
//! | `apply` | takes note of what has been done |

mod apply;
mod constraints;
mod resolve;
mod values;

use std::collections::HashMap;

use super::change::ColumnName;
use super::live::position_of;
use super::{types, usage};
use crate::introspect::{ColumnShape, ForeignKeyShape, IndexShape, Shape, TableShape};
use crate::nearest::nearest;
use crate::schema::naming::MAX_BYTES;
use crate::schema::{ColumnType, List, PrimaryKey, QualifiedName, Table, Text};
use crate::sql::Dialect;
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
}

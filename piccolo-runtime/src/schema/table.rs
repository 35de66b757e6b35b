//! A table and the name by which the database knows it.

use super::{Check, Column, ForeignKey, ForeignKeyRole, Index, List, PrimaryKey, Text, Unique};

/// The name of a table or an enum in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QualifiedName {
    /// The Postgres schema; `None` is whatever the search path says. SQLite has no schemas and ignores it.
    pub schema: Option<Text>,
    /// The name itself, unquoted.
    pub name: Text,
}

impl QualifiedName {
    /// A name without a schema.
    pub fn plain(name: impl Into<Text>) -> Self {
        Self { schema: None, name: name.into() }
    }
}

impl std::fmt::Display for QualifiedName {
    /// The unquoted form for messages: `schema.name` or `name`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// One table: its columns in declared order and its constraints.
///
/// The lists `uniques` and `foreign_keys` are in *normal order*: those that the language can write on a
/// column (one column, default name) first, in column order, then the others as declared. So a schema
/// that is printed and parsed again is equal to itself. The order of columns and constraints has no part in whether
/// two databases are the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    /// What the schema language calls it, such as `Band`.
    pub name: Text,
    /// What the database calls it, such as `band`.
    pub sql_name: QualifiedName,
    /// The doc comment, without `///`; empty where there is none.
    pub doc: Text,
    /// The columns, in declared order; never empty.
    pub columns: List<Column>,
    /// The primary key; every table has one.
    pub primary_key: PrimaryKey,
    /// Unique constraints.
    pub uniques: List<Unique>,
    /// Check constraints that the user wrote. Those that a column's type brings on SQLite are the DDL writer's.
    pub checks: List<Check>,
    /// Indexes.
    pub indexes: List<Index>,
    /// Foreign keys, those written on a column (which give a path) and those of `foreign_key(…)`.
    pub foreign_keys: List<ForeignKey>,
}

impl Table {
    /// The column with this database name.
    #[must_use]
    pub fn column(&self, sql_name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.sql_name == sql_name)
    }

    /// The column that the schema language calls `name`.
    #[must_use]
    pub fn column_named(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The position of the column with this database name.
    #[must_use]
    pub fn position(&self, sql_name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.sql_name == sql_name)
    }

    /// The foreign key that makes this column a path to another table: the one of `name: ForeignKey(…)`.
    #[must_use]
    pub fn path_key(&self, sql_name: &str) -> Option<&ForeignKey> {
        self.foreign_keys.iter().find(|key| {
            matches!(key.role, ForeignKeyRole::Path { .. })
                && key.columns.first().is_some_and(|column| column == sql_name)
        })
    }

    /// The columns whose values together are another row's never: those of the primary key and of each unique constraint.
    pub fn unique_keys(&self) -> impl Iterator<Item = &List<Text>> {
        self.uniques.iter().map(|unique| &unique.columns).chain([&self.primary_key.columns])
    }

    /// Whether this column is the whole primary key.
    #[must_use]
    pub fn is_primary_key(&self, sql_name: &str) -> bool {
        matches!(self.primary_key.columns.as_ref(), [only] if only == sql_name)
    }
}

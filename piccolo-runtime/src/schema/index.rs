//! An index of a table.

use super::{List, Text};

/// One index.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Index {
    /// The index's name.
    pub name: Text,
    /// Whether it refuses duplicates: `unique(…)` with a condition or an expression is such an index.
    pub unique: bool,
    /// What it sorts by, in order; at least one key.
    pub keys: List<IndexKey>,
    /// The method; `None` is the engine's own, a B-tree.
    pub method: Option<IndexMethod>,
    /// The condition of a partial index, as the user wrote it.
    pub predicate: Option<Text>,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IndexKey {
    /// What is sorted.
    pub kind: IndexKeyKind,
    /// Whether it sorts downwards.
    pub descending: bool,
}

/// A column or an expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IndexKeyKind {
    /// A column, by its database name.
    Column(Text),
    /// An expression, as the user wrote it inside `sql("…")`.
    Sql(Text),
}

/// An index method. All but the B-tree are Postgres' alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is the method of that name in Postgres' manual, chapter 11.2")]
pub enum IndexMethod {
    Btree,
    Hash,
    Gin,
    Gist,
    SpGist,
    Brin,
}

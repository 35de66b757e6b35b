//! The constraints of a table. All of them have names, because what has no name cannot be dropped on SQLite.

use super::{List, QualifiedName, Text};

/// A primary key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PrimaryKey {
    /// The constraint's name.
    pub name: Text,
    /// The database names of its columns, at least one.
    pub columns: List<Text>,
}

/// A unique constraint. (With a condition or an expression it is a unique [`Index`](super::Index) instead.)
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unique {
    /// The constraint's name.
    pub name: Text,
    /// The database names of its columns, at least one.
    pub columns: List<Text>,
}

/// A check that the user wrote. At least one engine has a text; the two are equal unless the schema says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Check {
    /// The constraint's name.
    pub name: Text,
    /// The condition on SQLite; `None` where the check is for Postgres alone.
    pub sqlite: Option<Text>,
    /// The condition on Postgres; `None` where the check is for SQLite alone.
    pub postgres: Option<Text>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: Text,
    /// The database names of its columns, at least one.
    pub columns: List<Text>,
    /// The table it points to.
    pub target: QualifiedName,
    /// The columns it points to, as many as `columns`; they are the target's primary key or unique.
    pub target_columns: List<Text>,
    /// What happens to this row when the row it points to is deleted.
    pub on_delete: ForeignKeyAction,
    /// What happens to this row when the key it points to changes.
    pub on_update: ForeignKeyAction,
    /// Whether it gives a path in queries.
    pub role: ForeignKeyRole,
}

/// What a foreign key is to the query layer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ForeignKeyRole {
    /// `column: ForeignKey(Table)`: a path along which queries join; it has exactly one column.
    Path {
        /// What the target calls the way back, where the key says `reverse = "…"`.
        reverse: Option<Text>,
    },
    /// `foreign_key(a, b) = Table(x, y)`: a constraint and nothing more.
    Constraint,
}

/// A referential action of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ForeignKeyAction {
    /// Refuse at the end of the statement. This is SQL's default and ours (Piccolo's is cascade).
    #[default]
    NoAction,
    /// Refuse at once.
    Restrict,
    /// Delete or change the referring rows as well.
    Cascade,
    /// Set the referring columns to null.
    SetNull,
    /// Set the referring columns to their defaults.
    SetDefault,
}

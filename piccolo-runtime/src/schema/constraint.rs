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

/// The texts of these names.
fn texts<T: Into<Text>>(names: impl IntoIterator<Item = T>) -> List<Text> {
    names.into_iter().map(Into::into).collect()
}

impl Unique {
    /// A unique constraint over these columns. An empty name stands for the default one, `<table>_<columns>_key`.
    pub fn on<T: Into<Text>>(columns: impl IntoIterator<Item = T>) -> Self {
        Self { name: Text::Borrowed(""), columns: texts(columns) }
    }

    /// The same, under this name.
    #[must_use]
    pub fn named(mut self, name: impl Into<Text>) -> Self {
        self.name = name.into();
        self
    }
}

impl Check {
    /// A check with this condition on both engines. An empty name stands for the default one, `<table>_<hash>_check`.
    pub fn new(condition: impl Into<Text>) -> Self {
        let condition = condition.into();
        Self { name: Text::Borrowed(""), sqlite: Some(condition.clone()), postgres: Some(condition) }
    }

    /// The same, under this name.
    #[must_use]
    pub fn named(mut self, name: impl Into<Text>) -> Self {
        self.name = name.into();
        self
    }
}

impl ForeignKey {
    /// A foreign key from these columns to those of another table, which are its primary key or unique. An empty name stands for the default
    /// one, `<table>_<columns>_fkey`.
    pub fn new<T: Into<Text>, U: Into<Text>>(
        columns: impl IntoIterator<Item = T>,
        target: impl Into<Text>,
        target_columns: impl IntoIterator<Item = U>,
    ) -> Self {
        Self {
            name: Text::Borrowed(""),
            columns: texts(columns),
            target: QualifiedName::plain(target),
            target_columns: texts(target_columns),
            on_delete: ForeignKeyAction::NoAction,
            on_update: ForeignKeyAction::NoAction,
            role: ForeignKeyRole::Constraint,
        }
    }

    /// The same, under this name.
    #[must_use]
    pub fn named(mut self, name: impl Into<Text>) -> Self {
        self.name = name.into();
        self
    }

    /// The same, with what happens to a row when the one that it points to is deleted.
    #[must_use]
    pub const fn on_delete(mut self, action: ForeignKeyAction) -> Self {
        self.on_delete = action;
        self
    }

    /// The same, with what happens to a row when the key that it points to changes.
    #[must_use]
    pub const fn on_update(mut self, action: ForeignKeyAction) -> Self {
        self.on_update = action;
        self
    }
}

//! What the statics of generated tables start from, so that they need only say what is special about them.

pub use std::borrow::Cow::Borrowed;

use std::mem::{forget, replace};

use crate::schema::{
    Check, Column, ColumnType, Default, ForeignKey, ForeignKeyAction, ForeignKeyRole, Index, IndexKey, IndexKeyKind,
    PrimaryKey, QualifiedName, Table, Text,
};

/// A text of the model.
#[must_use]
pub const fn text(text: &'static str) -> Text {
    Borrowed(text)
}

/// A plain column, named alike in the schema language and in the database.
#[must_use]
pub const fn column(name: &'static str, ty: ColumnType) -> Column {
    Column {
        name: Borrowed(name),
        sql_name: Borrowed(name),
        doc: Borrowed(""),
        ty,
        null: false,
        default: None,
        secret: false,
        collation: None,
    }
}

/// What may be special about a column. A constant function cannot drop the value that it replaces, which owns nothing here.
impl Column {
    /// Named otherwise in the database.
    #[doc(hidden)]
    #[must_use]
    pub const fn sql_name(mut self, name: &'static str) -> Self {
        forget(replace(&mut self.sql_name, Borrowed(name)));
        self
    }

    /// With a comment.
    #[doc(hidden)]
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        forget(replace(&mut self.doc, Borrowed(doc)));
        self
    }

    /// With a default.
    #[doc(hidden)]
    #[must_use]
    pub const fn default(mut self, default: Default) -> Self {
        forget(self.default.replace(default));
        self
    }

    /// Left out of output.
    #[doc(hidden)]
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Sorted by a language's rules.
    #[doc(hidden)]
    #[must_use]
    pub const fn collation(mut self, collation: &'static str) -> Self {
        forget(self.collation.replace(Borrowed(collation)));
        self
    }
}

/// A table with nothing but columns, which are still to be said like its names and its primary key.
pub const TABLE: Table = Table {
    name: Borrowed(""),
    // Written out: the compiler lets go of a constant in a static only where it sees that nothing in it is owned.
    sql_name: QualifiedName { schema: None, name: Borrowed("") },
    doc: Borrowed(""),
    columns: Borrowed(&[]),
    primary_key: PrimaryKey { name: Borrowed(""), columns: Borrowed(&[]) },
    uniques: Borrowed(&[]),
    checks: Borrowed(&[]),
    indexes: Borrowed(&[]),
    foreign_keys: Borrowed(&[]),
};

/// The name of a table or an enum.
#[must_use]
pub const fn name(name: &'static str) -> QualifiedName {
    QualifiedName { schema: None, name: Borrowed(name) }
}

/// The name of a table or an enum in a schema of Postgres.
#[must_use]
pub const fn name_in(schema: &'static str, name: &'static str) -> QualifiedName {
    QualifiedName { schema: Some(Borrowed(schema)), name: Borrowed(name) }
}

/// The type of texts up to a length.
#[must_use]
pub const fn varchar(length: u32) -> ColumnType {
    ColumnType::Varchar { length }
}

/// The type of decimals.
#[must_use]
pub const fn numeric(precision: u8, scale: u8) -> ColumnType {
    ColumnType::Numeric { precision, scale }
}

/// A check with one condition for both engines.
#[must_use]
pub const fn check(name: &'static str, condition: &'static str) -> Check {
    check_by_engine(name, Some(condition), Some(condition))
}

/// A check with a condition for each engine, or for one of them.
#[must_use]
pub const fn check_by_engine(
    name: &'static str,
    sqlite: Option<&'static str>,
    postgres: Option<&'static str>,
) -> Check {
    Check { name: Borrowed(name), sqlite: maybe(sqlite), postgres: maybe(postgres) }
}

const fn maybe(text: Option<&'static str>) -> Option<Text> {
    match text {
        Some(text) => Some(Borrowed(text)),
        None => None,
    }
}

/// A plain index without keys, which are still to be said like its name.
pub const INDEX: Index =
    Index { name: Borrowed(""), unique: false, keys: Borrowed(&[]), method: None, predicate: None };

/// A key of an index: a column.
#[must_use]
pub const fn key(column: &'static str) -> IndexKey {
    IndexKey { kind: IndexKeyKind::Column(Borrowed(column)), descending: false }
}

/// A key of an index: an expression.
#[must_use]
pub const fn key_sql(expression: &'static str) -> IndexKey {
    IndexKey { kind: IndexKeyKind::Sql(Borrowed(expression)), descending: false }
}

impl IndexKey {
    /// Sorted downwards.
    #[doc(hidden)]
    #[must_use]
    pub const fn descending(mut self) -> Self {
        self.descending = true;
        self
    }
}

/// A foreign key that is a path and does nothing, without columns and target, which are still to be said like its name.
pub const FOREIGN_KEY: ForeignKey = ForeignKey {
    name: Borrowed(""),
    columns: Borrowed(&[]),
    target: QualifiedName { schema: None, name: Borrowed("") },
    target_columns: Borrowed(&[]),
    on_delete: ForeignKeyAction::NoAction,
    on_update: ForeignKeyAction::NoAction,
    role: ForeignKeyRole::Path { reverse: None },
};

/// The role of a foreign key whose target has a name for the way back.
#[must_use]
pub const fn reverse(name: &'static str) -> ForeignKeyRole {
    ForeignKeyRole::Path { reverse: Some(Borrowed(name)) }
}

//! What the statics of generated tables start from, so that they need only say what is special about them.

pub use std::borrow::Cow::Borrowed;

use std::mem::{forget, replace};

use crate::schema::{Column, ColumnType, Default, PrimaryKey, QualifiedName, Table, Text};

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

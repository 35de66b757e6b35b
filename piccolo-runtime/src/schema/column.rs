//! A column of a table.

use super::{ColumnType, Default, Text};

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// What the schema language calls it.
    pub name: Text,
    /// What the database calls it; the same unless the schema says `column = "…"`.
    pub sql_name: Text,
    /// The doc comment, without `///`; empty where there is none.
    pub doc: Text,
    /// Its type. A foreign key's column has the type of the key it points to.
    pub ty: ColumnType,
    /// Whether it takes nulls.
    pub null: bool,
    /// The value a new row gets that names none.
    pub default: Option<Default>,
    /// Whether its values are left out of output unless asked for by name.
    pub secret: bool,
    /// The collation that `collate = "…"` names; `None` sorts by code point on both engines.
    pub collation: Option<Text>,
}

impl Column {
    /// A column of this name that takes no nulls and has no default: what an alteration at run time adds.
    ///
    /// ```
    /// use piccolo_runtime::schema::{Column, ColumnType};
    ///
    /// let founded = Column::new("founded", ColumnType::Date).null();
    /// let stars = Column::new("stars", ColumnType::SmallInt).with_default(3);
    /// ```
    pub fn new(name: impl Into<Text>, ty: ColumnType) -> Self {
        let name = name.into();
        Self {
            sql_name: name.clone(),
            name,
            doc: Text::Borrowed(""),
            ty,
            null: false,
            default: None,
            secret: false,
            collation: None,
        }
    }

    /// The same, taking nulls.
    #[must_use]
    pub const fn null(mut self) -> Self {
        self.null = true;
        self
    }

    /// The same, with a default.
    #[must_use]
    pub fn with_default(mut self, default: impl Into<Default>) -> Self {
        self.default = Some(default.into());
        self
    }

    /// The same, with a comment in the database (on Postgres).
    #[must_use]
    pub fn with_doc(mut self, doc: impl Into<Text>) -> Self {
        self.doc = doc.into();
        self
    }
}

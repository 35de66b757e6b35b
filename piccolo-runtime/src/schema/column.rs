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

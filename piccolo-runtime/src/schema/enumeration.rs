//! An enumerated type: native on Postgres, text with a check on SQLite.

use super::{List, QualifiedName, Text};

/// One enum. Its values sort in declared order on both engines.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Enum {
    /// What the schema language calls it, such as `Genre`.
    pub name: Text,
    /// What Postgres calls the type, such as `genre`.
    pub sql_name: QualifiedName,
    /// The doc comment, without `///`; empty where there is none.
    pub doc: Text,
    /// The values in declared order; never empty.
    pub values: List<EnumValue>,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnumValue {
    /// What the schema language calls it.
    pub name: Text,
    /// Its text in the database; the same unless the schema says `name = "text"`.
    pub text: Text,
    /// The doc comment, without `///`; empty where there is none.
    pub doc: Text,
}

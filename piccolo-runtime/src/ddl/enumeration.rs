//! Enumerated types: native on Postgres, a check on the column on SQLite.

use crate::schema::{Enum, QualifiedName, Schema};
use crate::sql::{Dialect, literal, qualified};

/// Where the DDL writer finds the enum that a column names.
pub trait Enums {
    /// The enum with this database name.
    fn find(&self, name: &QualifiedName) -> Option<&Enum>;
}

impl Enums for Schema {
    fn find(&self, name: &QualifiedName) -> Option<&Enum> {
        self.enumeration(name)
    }
}

impl Enums for [Enum] {
    fn find(&self, name: &QualifiedName) -> Option<&Enum> {
        self.iter().find(|candidate| candidate.sql_name == *name)
    }
}

impl Enums for [&Enum] {
    fn find(&self, name: &QualifiedName) -> Option<&Enum> {
        self.iter().copied().find(|candidate| candidate.sql_name == *name)
    }
}

/// The statements that create the type; none on SQLite.
#[must_use]
pub fn create_enum(enumeration: &Enum, dialect: Dialect) -> Vec<String> {
    match dialect {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => {
            let mut statements = vec![create_type(enumeration)];
            if !enumeration.doc.is_empty() {
                statements.push(super::comment_on_enum(enumeration));
            }
            statements
        }
    }
}

/// The statements that create the type unless it exists; none on SQLite.
///
/// `CREATE TYPE` has no `IF NOT EXISTS`, so the statement is wrapped in a block that forgives exactly that error.
#[must_use]
pub fn create_enum_if_not_exists(enumeration: &Enum, dialect: Dialect) -> Vec<String> {
    match dialect {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => {
            let create = create_type(enumeration);
            let tag = dollar_tag(&create);
            vec![format!("DO {tag} BEGIN\n    {create};\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND {tag}")]
        }
    }
}

/// The statement that drops the type; none on SQLite.
#[must_use]
pub fn drop_enum(enumeration: &Enum, dialect: Dialect) -> Vec<String> {
    match dialect {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => vec![format!("DROP TYPE {}", qualified(&enumeration.sql_name, dialect))],
    }
}

/// `CREATE TYPE … AS ENUM (…)`.
fn create_type(enumeration: &Enum) -> String {
    let values: Vec<String> = enumeration.values.iter().map(|value| literal(&value.text)).collect();
    format!("CREATE TYPE {} AS ENUM ({})", qualified(&enumeration.sql_name, Dialect::Postgres), values.join(", "))
}

/// A dollar quote that does not occur in the text.
fn dollar_tag(text: &str) -> String {
    let mut tag = "$piccolo$".to_owned();
    while text.contains(&tag) {
        tag.insert(1, '_');
    }
    tag
}

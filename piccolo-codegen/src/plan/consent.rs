//! What a person can consent to, each with the exact name of what it is about.

use piccolo_runtime::schema::{Column, Table};

/// A loss or a risk that needs a consent. There is no consent to everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// A table is dropped with its rows.
    DropTable,
    /// A column is dropped with its values.
    DropColumn,
    /// A column changes to a type that may not hold all its values.
    Narrow,
    /// A column that may hold nulls no longer takes any.
    NotNull,
    /// Rows that may be equal have to differ.
    Unique,
    /// A table gets a primary key that its rows may not satisfy.
    PrimaryKey,
}

impl Consent {
    /// The word before the colon.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::DropTable => "drop-table",
            Self::DropColumn => "drop-column",
            Self::Narrow => "narrow",
            Self::NotNull => "not-null",
            Self::Unique => "unique",
            Self::PrimaryKey => "primary-key",
        }
    }

    /// The rows or values of `name` that make it fail where nobody was asked; `None` for a loss, which fails for none.
    pub(super) fn refused(self, name: &str) -> Option<String> {
        Some(match self {
            Self::DropTable | Self::DropColumn => return None,
            Self::Narrow => format!("values of {name} that do not fit its type of before"),
            Self::NotNull => format!("nulls in {name}"),
            Self::Unique => format!("rows that are equal in {name}"),
            Self::PrimaryKey => format!("rows of {name} that its primary key of before does not tell apart"),
        })
    }
}

/// The names by which a table may be called in a decision: the new side's first, each side by its name in the database and in the
/// language.
pub(super) fn table_names(from: &Table, to: &Table) -> Vec<String> {
    let mut names = Vec::new();
    for table in [to, from] {
        for name in [table.sql_name.to_string(), table.sql_name.name.to_string(), table.name.to_string()] {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The names by which a column may be called in a decision, as `table.column`, the one to print first.
pub(super) fn column_names(tables: &[String], from: &Column, to: &Column) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for column in [&to.sql_name, &from.sql_name, &to.name, &from.name] {
        for table in tables {
            let name = format!("{table}.{column}");
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

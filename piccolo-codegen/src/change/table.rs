//! What happens to a table.

use piccolo_runtime::schema::Table;

use super::Alteration;

/// One table added, dropped or modified.
#[derive(Clone, Debug, PartialEq)]
pub enum TableChange<'a> {
    /// The table is new.
    AddTable(&'a Table),
    /// The table goes.
    DropTable(&'a Table),
    /// The table stays and changes.
    ModifyTable(ModifyTable<'a>),
}

/// The two sides of a table that stays, and what happens in between.
#[derive(Clone, Debug, PartialEq)]
pub struct ModifyTable<'a> {
    /// The table as it was.
    pub from: &'a Table,
    /// The table as it shall be.
    pub to: &'a Table,
    /// What changes, never empty: the table itself, its columns, then constraints and indexes.
    pub alterations: Vec<Alteration<'a>>,
}

impl<'a> TableChange<'a> {
    /// The table, where it is new.
    #[must_use]
    pub fn added(&self) -> Option<&'a Table> {
        match self {
            Self::AddTable(added) => Some(added),
            Self::DropTable(_) | Self::ModifyTable(_) => None,
        }
    }

    /// The table, where it goes.
    #[must_use]
    pub fn dropped(&self) -> Option<&'a Table> {
        match self {
            Self::DropTable(dropped) => Some(dropped),
            Self::AddTable(_) | Self::ModifyTable(_) => None,
        }
    }

    /// Its two sides, where it stays.
    #[must_use]
    pub fn modified(&self) -> Option<&ModifyTable<'a>> {
        match self {
            Self::ModifyTable(modified) => Some(modified),
            Self::AddTable(_) | Self::DropTable(_) => None,
        }
    }

    /// The change in a few words, one text for each thing that happens.
    #[must_use]
    pub fn describe(&self) -> Vec<String> {
        match self {
            Self::AddTable(table) => vec![format!("add table {}", table.sql_name)],
            Self::DropTable(table) => vec![format!("drop table {}", table.sql_name)],
            Self::ModifyTable(ModifyTable { from, to, alterations }) => {
                alterations.iter().map(|alteration| alteration.describe(from, to)).collect()
            }
        }
    }
}

//! What happens to a table.

use piccolo_runtime::schema::{Column, Table};

use super::{Alteration, ColumnDifference};

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

impl<'a> ModifyTable<'a> {
    /// What this column of the new side was on the old side; `None` where it is new.
    #[must_use]
    pub fn old_column(&self, new: &Column) -> Option<&'a Column> {
        let renamed = self.alterations.iter().find_map(|alteration| match alteration.renamed_column() {
            Some((from, to)) if to.sql_name == new.sql_name => Some(from),
            Some(_) | None => None,
        });
        // A new column may have the name that another one had.
        let is_new = || {
            let mut added = self.alterations.iter().filter_map(Alteration::added_column);
            added.any(|column| column.sql_name == new.sql_name)
        };
        renamed.or_else(|| if is_new() { None } else { self.from.column(&new.sql_name) })
    }

    /// What this column of the old side, by its name, is on the new side; `None` where it goes.
    #[must_use]
    pub fn new_column(&self, old: &str) -> Option<&'a Column> {
        self.to.columns.iter().find(|new| self.old_column(new).is_some_and(|column| column.sql_name == old))
    }

    /// What differs between the two sides of a column that stays, by the new side.
    #[must_use]
    pub fn difference(&self, new: &Column) -> ColumnDifference {
        let found = self.alterations.iter().find_map(|alteration| match alteration.modified_column() {
            Some((to, differs)) if to.sql_name == new.sql_name => Some(differs),
            Some(_) | None => None,
        });
        found.unwrap_or_default()
    }

    /// The columns that stay, old and new.
    pub fn kept_columns(&self) -> impl Iterator<Item = (&'a Column, &'a Column)> {
        self.to.columns.iter().filter_map(|new| self.old_column(new).map(|old| (old, new)))
    }
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

    /// The table as it is afterwards; `None` where it goes.
    #[must_use]
    pub fn new_side(&self) -> Option<&'a Table> {
        match self {
            Self::AddTable(table) => Some(table),
            Self::ModifyTable(modified) => Some(modified.to),
            Self::DropTable(_) => None,
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

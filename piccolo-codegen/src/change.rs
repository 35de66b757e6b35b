//! The vocabulary of change: what lies between two schemas, in words of the model and without any SQL.
//!
//! A change is Verb + Noun and holds nothing but the two sides of what it is about, borrowed from the two schemas. What happens
//! inside a table that stays is nested in [`ModifyTable`], because SQLite may have to do it all at once.
//!
//! | Type | Represents |
//! |---|---|
//! | [`Changes`] | everything between two schemas, in declared order |
//! | [`EnumChange`], [`TableChange`] | one enum or table added, dropped or modified |
//! | [`Alteration`] | one thing inside a table that stays |
//! | [`Renames`], [`Rename`] | what has been decided, or hinted by `was`, about renames |
//! | [`Decisions`] | everything that a person decided about one comparison |
//! | [`Conversion`] | whether the rows survive a change of type |

mod alteration;
mod column;
mod decisions;
mod enumeration;
mod rename;
mod table;

pub use alteration::Alteration;
pub use column::ColumnDifference;
pub use decisions::{BackfillKey, Decisions};
pub use enumeration::{EnumChange, ModifyEnum};
pub use piccolo_runtime::schema::Conversion;
pub use rename::{Rename, Renames};
pub use table::{ModifyTable, TableChange};

/// Everything between two schemas: enums and tables that stay or come in the new schema's order, then those that go in the old one's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes<'a> {
    /// What happens to enums.
    pub enums: Vec<EnumChange<'a>>,
    /// What happens to tables.
    pub tables: Vec<TableChange<'a>>,
}

impl Changes<'_> {
    /// Whether the database need not change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.enums.is_empty() && self.tables.is_empty()
    }

    /// Each change in a few words, for summaries: `add column band.members`.
    #[must_use]
    pub fn describe(&self) -> Vec<String> {
        let enums = self.enums.iter().flat_map(EnumChange::describe);
        let tables = self.tables.iter().flat_map(TableChange::describe);
        enums.chain(tables).collect()
    }
}

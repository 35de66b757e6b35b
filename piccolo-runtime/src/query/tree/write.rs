//! Inserts, updates and deletes, without Rust types.

use super::{Expr, Item};
use crate::Value;
use crate::table::TableMeta;

/// An insert of rows that name the same columns.
#[derive(Clone)]
pub struct Insert {
    /// The table.
    pub table: &'static TableMeta,
    /// The positions of the columns that the rows name.
    pub columns: Vec<u16>,
    /// The rows: a value for each column.
    pub rows: Vec<Vec<Value>>,
    /// What happens to a row that a unique constraint refuses.
    pub conflict: Option<Conflict>,
    /// What is given back of each row.
    pub returning: Vec<Item>,
}

/// What happens to a row that a unique constraint refuses.
#[derive(Clone, Debug, PartialEq)]
pub enum Conflict {
    /// It is left out.
    Nothing {
        /// The columns of the constraint; empty for any constraint.
        target: Vec<u16>,
    },
    /// The row that is there is changed.
    Update {
        /// The columns of the constraint.
        target: Vec<u16>,
        /// The columns to set, and to what.
        set: Vec<(u16, Expr)>,
        /// Only if this holds.
        filter: Option<Expr>,
    },
}

/// A change of rows.
#[derive(Clone, Debug)]
pub struct Update {
    /// The table.
    pub table: &'static TableMeta,
    /// The columns to set, and to what.
    pub set: Vec<(u16, Expr)>,
    /// The condition.
    pub filter: Option<Expr>,
    /// What is given back of each row.
    pub returning: Vec<Item>,
}

/// A removal of rows.
#[derive(Clone, Debug)]
pub struct Delete {
    /// The table.
    pub table: &'static TableMeta,
    /// The condition.
    pub filter: Option<Expr>,
    /// What is given back of each row.
    pub returning: Vec<Item>,
}

impl Update {
    /// A change of nothing yet.
    #[must_use]
    pub const fn of(table: &'static TableMeta) -> Self {
        Self { table, set: Vec::new(), filter: None, returning: Vec::new() }
    }

    /// Adds a condition, which must hold besides those that are there.
    pub fn filter(&mut self, condition: Expr) {
        super::add_condition(&mut self.filter, condition);
    }
}

impl Delete {
    /// A removal of rows of this table.
    #[must_use]
    pub const fn from(table: &'static TableMeta) -> Self {
        Self { table, filter: None, returning: Vec::new() }
    }

    /// Adds a condition, which must hold besides those that are there.
    pub fn filter(&mut self, condition: Expr) {
        super::add_condition(&mut self.filter, condition);
    }
}

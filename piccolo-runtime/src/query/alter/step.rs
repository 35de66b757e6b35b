//! What is to be done, as it is known once the live table has been looked at: names are those of the database, and the obvious mistakes
//! have been refused.

use super::change::Constraint;
use crate::schema::{Column, ColumnType};

/// One thing to be done.
#[derive(Clone, Debug)]
pub(super) enum Step {
    AddColumn(Column),
    DropColumn(String),
    RenameColumn { from: String, to: String },
    RenameTable(String),
    SetSchema(String),
    SetNull { column: String, null: bool },
    SetDefault { column: String, expression: String },
    DropDefault(String),
    SetType(SetType),
    AddConstraint(Constraint),
    DropConstraint(Dropped),
    DropIndex(String),
    RenameTypeCheck { from: String, to: String },
}

/// Another type for a column.
#[derive(Clone, Debug)]
pub(super) struct SetType {
    pub(super) column: String,
    /// What it was, where that is known.
    pub(super) from: Option<ColumnType>,
    pub(super) to: ColumnType,
    /// The user's expression for the new values.
    pub(super) using: Option<String>,
}

/// A constraint that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Dropped {
    Unique(String),
    Check(String),
    ForeignKey(String),
    /// Some other kind, of this name.
    Other(String),
    /// The unique constraint without a name over this column alone.
    UnnamedUnique(String),
}

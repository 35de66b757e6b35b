//! One change inside a table that stays.

use piccolo_runtime::schema::{Check, Column, ForeignKey, Index, PrimaryKey, Table, Unique};

use super::ColumnDifference;

/// One thing that happens to a table that stays. Constraints and indexes have no `Modify`: what differs in more than its
/// name is dropped and added.
#[derive(Clone, Debug, PartialEq)]
pub enum Alteration<'a> {
    /// The table gets another name.
    RenameTable,
    /// The table goes to another Postgres schema.
    MoveTable,
    /// The table's comment changes.
    CommentTable,
    /// A column is new.
    AddColumn(&'a Column),
    /// A column goes.
    DropColumn(&'a Column),
    /// A column gets another name.
    RenameColumn {
        /// The column as it was.
        from: &'a Column,
        /// The column as it shall be.
        to: &'a Column,
    },
    /// A column changes in more than its name.
    ModifyColumn {
        /// The column as it was.
        from: &'a Column,
        /// The column as it shall be.
        to: &'a Column,
        /// What differs.
        differs: ColumnDifference,
    },
    /// The primary key has other columns.
    ModifyPrimaryKey {
        /// The key as it was.
        from: &'a PrimaryKey,
        /// The key as it shall be.
        to: &'a PrimaryKey,
    },
    /// The primary key gets another name.
    RenamePrimaryKey {
        /// The key as it was.
        from: &'a PrimaryKey,
        /// The key as it shall be.
        to: &'a PrimaryKey,
    },
    /// A unique constraint is new.
    AddUnique(&'a Unique),
    /// A unique constraint goes.
    DropUnique(&'a Unique),
    /// A unique constraint gets another name.
    RenameUnique {
        /// The constraint as it was.
        from: &'a Unique,
        /// The constraint as it shall be.
        to: &'a Unique,
    },
    /// A check is new.
    AddCheck(&'a Check),
    /// A check goes.
    DropCheck(&'a Check),
    /// A check gets another name.
    RenameCheck {
        /// The check as it was.
        from: &'a Check,
        /// The check as it shall be.
        to: &'a Check,
    },
    /// An index is new.
    AddIndex(&'a Index),
    /// An index goes.
    DropIndex(&'a Index),
    /// An index gets another name.
    RenameIndex {
        /// The index as it was.
        from: &'a Index,
        /// The index as it shall be.
        to: &'a Index,
    },
    /// A foreign key is new.
    AddForeignKey(&'a ForeignKey),
    /// A foreign key goes.
    DropForeignKey(&'a ForeignKey),
    /// A foreign key gets another name.
    RenameForeignKey {
        /// The key as it was.
        from: &'a ForeignKey,
        /// The key as it shall be.
        to: &'a ForeignKey,
    },
}

impl<'a> Alteration<'a> {
    /// The column, where this adds one.
    #[must_use]
    pub fn added_column(&self) -> Option<&'a Column> {
        if let Self::AddColumn(column) = self { Some(column) } else { None }
    }

    /// The two sides of the column, where this renames one.
    #[must_use]
    pub fn renamed_column(&self) -> Option<(&'a Column, &'a Column)> {
        if let Self::RenameColumn { from, to } = self { Some((from, to)) } else { None }
    }

    /// The new side of the column and what differs, where this modifies one.
    #[must_use]
    pub fn modified_column(&self) -> Option<(&'a Column, ColumnDifference)> {
        if let Self::ModifyColumn { from: _, to, differs } = self { Some((to, *differs)) } else { None }
    }

    /// The column, where this drops one.
    #[must_use]
    pub fn dropped_column(&self) -> Option<&'a Column> {
        if let Self::DropColumn(column) = self { Some(column) } else { None }
    }

    /// The index of the old side, where this drops one or gives it another name.
    #[must_use]
    pub fn going_index(&self) -> Option<&'a Index> {
        if let Self::DropIndex(index) | Self::RenameIndex { from: index, .. } = self { Some(index) } else { None }
    }

    /// The change in a few words.
    #[must_use]
    pub fn describe(&self, old: &Table, new: &Table) -> String {
        let table = &new.sql_name;
        let renamed = |noun: &str, from: &str, to: &str| format!("rename {noun} {table}.{from} to {to}");
        match self {
            Self::RenameTable => format!("rename table {} to {table}", old.sql_name),
            Self::MoveTable => format!("move table {} to {table}", old.sql_name),
            Self::CommentTable => format!("change the comment of table {table}"),
            Self::AddColumn(column) => format!("add column {table}.{}", column.sql_name),
            Self::DropColumn(column) => format!("drop column {table}.{}", column.sql_name),
            Self::RenameColumn { from, to } => renamed("column", &from.sql_name, &to.sql_name),
            Self::ModifyColumn { from, to, differs } => {
                format!("change column {table}.{}: {}", to.sql_name, differs.describe(from, to))
            }
            Self::ModifyPrimaryKey { from: _, to } => {
                format!("change the primary key of {table} to ({})", to.columns.join(", "))
            }
            Self::RenamePrimaryKey { from, to } => renamed("primary key", &from.name, &to.name),
            Self::AddUnique(unique) => format!("add unique {table}.{}", unique.name),
            Self::DropUnique(unique) => format!("drop unique {table}.{}", unique.name),
            Self::RenameUnique { from, to } => renamed("unique", &from.name, &to.name),
            Self::AddCheck(check) => format!("add check {table}.{}", check.name),
            Self::DropCheck(check) => format!("drop check {table}.{}", check.name),
            Self::RenameCheck { from, to } => renamed("check", &from.name, &to.name),
            Self::AddIndex(index) => format!("add index {table}.{}", index.name),
            Self::DropIndex(index) => format!("drop index {table}.{}", index.name),
            Self::RenameIndex { from, to } => renamed("index", &from.name, &to.name),
            Self::AddForeignKey(key) => format!("add foreign key {table}.{}", key.name),
            Self::DropForeignKey(key) => format!("drop foreign key {table}.{}", key.name),
            Self::RenameForeignKey { from, to } => renamed("foreign key", &from.name, &to.name),
        }
    }
}

//! What can be changed, as it was asked for: nothing is known yet of the live table.

use crate::column::{Column as TypedColumn, ForeignKey as TypedKey};
use crate::path::{Key, Root};
use crate::schema::{Check, Column, ColumnType, Default, ForeignKey, Unique};
use crate::sql_type::SqlType;

/// One change.
#[derive(Clone, Debug)]
pub(super) enum Change {
    AddColumn(Column),
    DropColumn(ColumnName),
    RenameColumn {
        column: ColumnName,
        to: String,
    },
    RenameTable(String),
    SetSchema(String),
    DropTable {
        if_exists: bool,
    },
    SetNull {
        column: ColumnName,
        null: bool,
    },
    SetUnique {
        column: ColumnName,
        unique: bool,
    },
    SetDefault {
        column: ColumnName,
        default: Default,
    },
    DropDefault(ColumnName),
    SetType {
        column: ColumnName,
        ty: ColumnType,
        using: Option<String>,
    },
    SetLength {
        column: ColumnName,
        length: u32,
    },
    AddConstraint(Constraint),
    DropConstraint(String),
    /// The check that SQLite needs for a column's type is given the column's new name, which errors tell. It follows a rename.
    RenameTypeCheck {
        from: ColumnName,
        to: String,
    },
}

impl Change {
    /// Whether SQLite does it in place and carries it into views, triggers and other tables, so that it is never part of a rebuild.
    #[cfg(feature = "sqlite")]
    pub(super) const fn is_rename(&self) -> bool {
        matches!(self, Self::RenameColumn { .. } | Self::RenameTable(_) | Self::SetSchema(_) | Self::DropTable { .. })
    }
}

/// A constraint to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A unique constraint.
    Unique(Unique),
    /// A check.
    Check(Check),
    /// A foreign key.
    ForeignKey(ForeignKey),
}

impl From<Unique> for Constraint {
    fn from(unique: Unique) -> Self {
        Self::Unique(unique)
    }
}

impl From<Check> for Constraint {
    fn from(check: Check) -> Self {
        Self::Check(check)
    }
}

impl From<ForeignKey> for Constraint {
    fn from(key: ForeignKey) -> Self {
        Self::ForeignKey(key)
    }
}

/// The name of a column, as far as it is known without a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnName {
    /// The column at this position of the schema's table.
    At(u16),
    /// A name: of the database, or of the schema language.
    Named(String),
}

/// A column to be altered: one of the table itself, or the name of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of `{R}` that can be altered",
    label = "not a column of `{R}` itself",
    note = "name a column of the table, such as `Band.popularity` or `\"popularity\"`; those of a table that it points to are altered there"
)]
pub trait AlterColumn<R> {
    /// Its name, as far as it is known.
    fn column_name(self) -> ColumnName;
}

impl<R, T: SqlType> AlterColumn<R> for TypedColumn<R, Root, T> {
    fn column_name(self) -> ColumnName {
        ColumnName::At(self.index())
    }
}

impl<R, K: Key> AlterColumn<R> for TypedKey<R, Root, K> {
    fn column_name(self) -> ColumnName {
        ColumnName::At(K::INDEX)
    }
}

impl<R> AlterColumn<R> for &str {
    fn column_name(self) -> ColumnName {
        ColumnName::Named(self.to_owned())
    }
}

impl<R> AlterColumn<R> for &String {
    fn column_name(self) -> ColumnName {
        ColumnName::Named(self.clone())
    }
}

impl<R> AlterColumn<R> for String {
    fn column_name(self) -> ColumnName {
        ColumnName::Named(self)
    }
}

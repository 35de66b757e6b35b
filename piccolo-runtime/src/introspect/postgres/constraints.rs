//! Constraints.

use super::{name, optional_name};
use crate::introspect::{CheckShape, Deferral, ForeignKeyShape, KeyShape, OtherConstraint, TableShape};
use crate::schema::{ForeignKeyAction, QualifiedName};
use crate::{Result, RowRef};

pub(super) const QUERY: &str = include_str!("constraints.sql");

/// A constraint of any kind.
pub(super) enum Constraint {
    PrimaryKey(KeyShape),
    Unique(KeyShape),
    Check(CheckShape),
    ForeignKey(ForeignKeyShape),
    Other(OtherConstraint),
}

impl Constraint {
    pub(super) fn add_to(self, table: &mut TableShape) {
        match self {
            Self::PrimaryKey(key) => table.primary_key = Some(key),
            Self::Unique(key) => table.uniques.push(key),
            Self::Check(check) => table.checks.push(check),
            Self::ForeignKey(key) => table.foreign_keys.push(key),
            Self::Other(other) => table.other_constraints.push(other),
        }
    }
}

/// A constraint and the name of its table.
pub(super) fn decode(row: &RowRef<'_>) -> Result<(QualifiedName, Constraint)> {
    let constraint_name: Option<String> = row.get(2)?;
    let columns: Vec<String> = row.get(4)?;
    let deferral = match (row.get(10)?, row.get(11)?) {
        (false, _) => Deferral::Never,
        (true, false) => Deferral::InitiallyImmediate,
        (true, true) => Deferral::InitiallyDeferred,
    };
    let valid: bool = row.get(12)?;
    let definition: String = row.get(13)?;
    let options: Option<String> = row.get(14)?;
    let key = |columns, options| KeyShape { name: constraint_name.clone(), columns, deferral, options };
    let constraint = match (row.get::<String>(3)?.as_str(), optional_name(row, 5)?) {
        ("p", _) => Constraint::PrimaryKey(key(columns, options)),
        ("u", _) => Constraint::Unique(key(columns, options)),
        ("c", _) => Constraint::Check(CheckShape { name: constraint_name, expression: definition, valid, options }),
        ("f", Some(target)) => Constraint::ForeignKey(ForeignKeyShape {
            name: constraint_name,
            columns,
            target,
            target_columns: row.get(7)?,
            on_delete: action(&row.get::<String>(8)?),
            on_update: action(&row.get::<String>(9)?),
            deferral,
            valid,
            options,
        }),
        (_, _) => Constraint::Other(OtherConstraint { name: constraint_name, definition }),
    };
    Ok((name(row, 0)?, constraint))
}

/// The action behind a letter of `pg_constraint`.
fn action(letter: &str) -> ForeignKeyAction {
    match letter {
        "r" => ForeignKeyAction::Restrict,
        "c" => ForeignKeyAction::Cascade,
        "n" => ForeignKeyAction::SetNull,
        "d" => ForeignKeyAction::SetDefault,
        _ => ForeignKeyAction::NoAction,
    }
}

//! What SQLite alters in place: it adds and drops simple columns. Everything else is a rebuild.
//!
//! The version that we may meet is the oldest that the driver's range allows, so what newer ones could do (NOT NULL and checks
//! in place from 3.53) is rebuilt as well.

use piccolo_runtime::ddl::{Unsupported, can_add_in_place, column_definition, conversion_expression, is_row_number};
use piccolo_runtime::schema::{Check, Column, Conversion, Index, IndexKeyKind};
use piccolo_runtime::sql::{Dialect, identifier};

use super::Work;
use super::names::Parked;
use crate::change::{Alteration, ModifyTable};
use crate::plan::Step;
use crate::plan::answers::Backfill;
use crate::plan::step::in_a_sentence;

/// Whether the table's change needs a rebuild. Renames of tables and columns have happened before.
pub(super) fn needs_rebuild(work: &Work<'_>, change: &ModifyTable<'_>) -> Result<bool, Unsupported> {
    if work.holds_changed_enum(change.to) {
        return Ok(true);
    }
    for alteration in &change.alterations {
        let rebuild = match alteration {
            // Done before, or nothing that SQLite knows.
            Alteration::RenameTable | Alteration::MoveTable | Alteration::CommentTable => false,
            Alteration::AddColumn(column) => !can_add(work, change, column),
            Alteration::DropColumn(column) => !can_drop(change, column),
            Alteration::RenameColumn { from, to } => !is_same_definition(work, change, from, to)?,
            // Values that are replaced or looked at are so even where both types are stored alike.
            Alteration::ModifyColumn { from, to, .. } => {
                work.answers.backfill(change.to, to).is_some()
                    || refuses_values(from, to)
                    || !is_same_definition(work, change, from, to)?
            }
            Alteration::AddCheck(check) | Alteration::DropCheck(check) | Alteration::RenameCheck { to: check, .. } => {
                check.sqlite.is_some()
            }
            Alteration::ModifyPrimaryKey { .. }
            | Alteration::RenamePrimaryKey { .. }
            | Alteration::AddUnique(_)
            | Alteration::DropUnique(_)
            | Alteration::RenameUnique { .. } => true,
            // The key of a column that comes or goes, and stands on it, comes and goes with it.
            Alteration::AddForeignKey(key) => !matches!(key.columns.as_ref(), [only] if is_added(change, only)),
            Alteration::DropForeignKey(key) => !matches!(key.columns.as_ref(), [only] if is_dropped(change, only)),
            Alteration::RenameForeignKey { .. } => true,
            // Indexes stand beside the table.
            Alteration::AddIndex(_) | Alteration::DropIndex(_) | Alteration::RenameIndex { .. } => false,
        };
        if rebuild {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Alters the table in place.
pub(super) fn alter(
    work: &Work<'_>,
    change: &ModifyTable<'_>,
    parked: &Parked,
    step: &mut Step,
) -> Result<(), Unsupported> {
    let table = identifier(&change.to.sql_name.name);
    // One update, so that every expression sees the row as it was.
    let (mut filled, mut values) = (Vec::new(), Vec::new());
    for column in change.alterations.iter().filter_map(Alteration::added_column) {
        let definition = column_definition(change.to, column, work.new, Dialect::Sqlite)?;
        step.push(
            format!("Add column {}.{}.", change.to.sql_name, column.sql_name),
            format!("ALTER TABLE {table} ADD COLUMN {definition}"),
        );
        if let Some(Backfill::Expression(expressions)) = work.answers.backfill(change.to, column)
            && let Some(expression) = expressions.get(&Dialect::Sqlite)
        {
            filled.push(format!("{}.{}", change.to.sql_name, column.sql_name));
            values.push(format!("{} = ({expression})", identifier(&column.sql_name)));
        }
    }
    if !values.is_empty() {
        let sql = format!("UPDATE {table} SET {}", values.join(", "));
        step.push(format!("Fill {}.", in_a_sentence(&filled)), sql);
    }
    for column in change.alterations.iter().filter_map(Alteration::dropped_column) {
        step.push(
            format!("Drop column {}.{}.", change.to.sql_name, column.sql_name),
            format!("ALTER TABLE {table} DROP COLUMN {}", identifier(&parked.column(change.from, column))),
        );
    }
    Ok(())
}

/// Whether the column can be added in place, and gets what was decided for it in an update.
fn can_add(work: &Work<'_>, change: &ModifyTable<'_>, column: &Column) -> bool {
    let has_key = change.to.foreign_keys.iter().any(|key| key.columns.contains(&column.sql_name));
    let filled = matches!(work.answers.backfill(change.to, column), None | Some(Backfill::Expression(_)));
    can_add_in_place(column, has_key) && filled && !is_in_key(change, column)
}

/// Whether SQLite drops this column: nothing but what stands on it may mention it.
fn can_drop(change: &ModifyTable<'_>, column: &Column) -> bool {
    let from = change.from;
    let name = column.sql_name.as_ref();
    let composite = from.foreign_keys.iter().filter(|key| key.columns.len() > 1).map(|key| &key.columns);
    let listed = from.unique_keys().chain(composite).any(|columns| columns.contains(&column.sql_name));
    let goes = |index: &Index| {
        change
            .alterations
            .iter()
            .any(|alteration| matches!(alteration, Alteration::DropIndex(dropped) if dropped.name == index.name))
    };
    let indexed = from.indexes.iter().any(|index| !goes(index) && index_mentions(index, name));
    let checked = |check: &Check| check.sqlite.as_deref().is_some_and(|condition| mentions(condition, name));
    !listed && !indexed && !from.checks.iter().any(checked) && !is_row_number(name)
}

/// Whether the new type refuses values of the old one, which takes an expression that looks at each: what is in an array, or the digits of
/// a float, is no business of the column's own definition.
fn refuses_values(from: &Column, to: &Column) -> bool {
    Conversion::between(&from.ty, &to.ty) == Conversion::Refusing
        && conversion_expression(&from.ty, &to.ty, "", "", Dialect::Sqlite).is_some()
}

/// Whether the column is written in the same way on both sides, its name apart.
fn is_same_definition(
    work: &Work<'_>,
    change: &ModifyTable<'_>,
    from: &Column,
    to: &Column,
) -> Result<bool, Unsupported> {
    let without_name = |definition: String, column: &Column| {
        let name = identifier(&column.sql_name);
        definition.strip_prefix(name.as_str()).map(str::to_owned).unwrap_or(definition)
    };
    let old = column_definition(change.from, from, work.old, Dialect::Sqlite)?;
    let new = column_definition(change.to, to, work.new, Dialect::Sqlite)?;
    Ok(without_name(old, from) == without_name(new, to))
}

/// Whether the column is part of the new primary key or of a new unique constraint.
fn is_in_key(change: &ModifyTable<'_>, column: &Column) -> bool {
    change.to.unique_keys().any(|columns| columns.contains(&column.sql_name))
}

fn is_added(change: &ModifyTable<'_>, name: &str) -> bool {
    change.alterations.iter().filter_map(Alteration::added_column).any(|column| column.sql_name == name)
}

fn is_dropped(change: &ModifyTable<'_>, name: &str) -> bool {
    change.alterations.iter().filter_map(Alteration::dropped_column).any(|column| column.sql_name == name)
}

fn index_mentions(index: &Index, column: &str) -> bool {
    let key = |kind: &IndexKeyKind| match kind {
        IndexKeyKind::Column(name) => name == column,
        IndexKeyKind::Sql(expression) => mentions(expression, column),
    };
    index.keys.iter().any(|index_key| key(&index_key.kind))
        || index.predicate.as_deref().is_some_and(|predicate| mentions(predicate, column))
}

/// Whether the word occurs in an SQL text of the user's. It may stand in a literal there: then a table is rebuilt that need not be.
pub(crate) fn mentions(sql: &str, word: &str) -> bool {
    let (sql, word) = (sql.to_lowercase(), word.to_lowercase());
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    sql.match_indices(&word).any(|(start, found)| {
        let before = sql.get(..start).and_then(|text| text.chars().next_back());
        let after = sql.get(start + found.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

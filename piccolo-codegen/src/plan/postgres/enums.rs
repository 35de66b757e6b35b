//! Enums. Values are added and renamed in place; to drop or reorder them the type is created anew.

use piccolo_runtime::ddl::{self, Unsupported, create_enum, drop_enum};
use piccolo_runtime::schema::{Column, ColumnType, Enum, EnumValue, Table, naming};
use piccolo_runtime::sql::{Dialect, column_type, identifier, literal, qualified};

use super::script::Script;
use super::{Work, beside};
use crate::change::{EnumChange, ModifyEnum};
use crate::plan::effect::{Effect, Lock, Work as Rows};

/// Whether the type has to be created anew: Postgres can neither drop nor move a value, and a value's name is not free before
/// another one has given it up.
pub(super) fn must_be_remade(change: &ModifyEnum<'_>) -> bool {
    let is_old = |value: &EnumValue| change.from.values.iter().any(|old| old.text == value.text);
    !change.dropped.is_empty()
        || change.reordered
        || change.added.iter().any(|value| is_old(value))
        || change.renamed.iter().any(|(_, to)| is_old(to))
}

/// Adds the new values. They take effect when the step is committed, and the enum still has its old name and its old values.
pub(super) fn add_values(change: &ModifyEnum<'_>, script: &mut Script) {
    let name = qualified(&change.from.sql_name, Dialect::Postgres);
    let old_text = |value: &EnumValue| {
        let renamed = change.renamed.iter().find(|(_, to)| to.text == value.text);
        renamed.map_or_else(|| value.text.clone(), |(from, _)| from.text.clone())
    };
    let is_added = |value: &EnumValue| change.added.iter().any(|added| added.text == value.text);
    let mut before: Option<&EnumValue> = None;
    for value in change.to.values.iter() {
        if is_added(value) {
            // The first value of all has no neighbour before it, but one after: an enum always keeps a value.
            let place = match before {
                Some(neighbour) => format!("AFTER {}", literal(&old_text(neighbour))),
                None => change
                    .to
                    .values
                    .iter()
                    .find(|value| !is_added(value))
                    .map(|neighbour| format!("BEFORE {}", literal(&old_text(neighbour))))
                    .unwrap_or_default(),
            };
            script.push(
                format!("Add value {} to {}.", value.text, change.to.sql_name),
                format!("ALTER TYPE {name} ADD VALUE {} {place}", literal(&value.text)).trim_end(),
                Effect::default(),
            );
        }
        before = Some(value);
    }
}

/// Creates new enums, and renames values.
pub(super) fn create(work: &Work<'_>, script: &mut Script) {
    for change in &work.changes.enums {
        match change {
            EnumChange::AddEnum(added) => {
                let mut comment = format!("Create enum {}.", added.sql_name);
                for sql in create_enum(added, Dialect::Postgres) {
                    script.push(std::mem::take(&mut comment), sql, Effect::default());
                }
            }
            EnumChange::ModifyEnum(change) if !must_be_remade(change) => {
                for (from, to) in &change.renamed {
                    script.push(
                        format!("Rename value {} of {} to {}.", from.text, change.to.sql_name, to.text),
                        format!(
                            "ALTER TYPE {} RENAME VALUE {} TO {}",
                            qualified(&change.to.sql_name, Dialect::Postgres),
                            literal(&from.text),
                            literal(&to.text)
                        ),
                        Effect::default(),
                    );
                }
            }
            EnumChange::ModifyEnum(_) | EnumChange::DropEnum(_) => {}
        }
    }
}

/// Creates anew the enums that have to be: the old type makes room, the columns move to the new one, the old one goes.
pub(super) fn remake(work: &Work<'_>, script: &mut Script) -> Result<(), Unsupported> {
    for change in &work.remade {
        let name = &change.to.sql_name;
        let old = beside(name, naming::fit("_piccolo_old_", &name.name));
        script.push(
            format!("Create enum {name} anew."),
            format!("ALTER TYPE {} RENAME TO {}", qualified(name, Dialect::Postgres), identifier(&old.name)),
            Effect::default(),
        );
        for sql in create_enum(change.to, Dialect::Postgres) {
            script.push("", sql, Effect::default());
        }
        for table in work.new.tables.iter() {
            for column in table.columns.iter().filter(|column| column.ty.enumeration() == Some(name)) {
                move_column(work, change, table, column, script)?;
            }
        }
        script.push("", format!("DROP TYPE {}", qualified(&old, Dialect::Postgres)), Effect::default());
    }
    Ok(())
}

/// Moves a column from the old type to the new one. What is new, or gets this type for the first time, is no concern here.
fn move_column(
    work: &Work<'_>,
    change: &ModifyEnum<'_>,
    table: &Table,
    column: &Column,
    script: &mut Script,
) -> Result<(), Unsupported> {
    let Some(had_default) = had_type(work, change, table, column) else { return Ok(()) };
    let (table_name, name) = (qualified(&table.sql_name, Dialect::Postgres), identifier(&column.sql_name));
    let ty = column_type(&column.ty, Dialect::Postgres);
    let alter = format!("ALTER TABLE {table_name} ALTER COLUMN {name}");
    let effect = |rows: Rows| Effect::on(&table.sql_name, Lock::AccessExclusive, rows);
    if had_default {
        script.push("", format!("{alter} DROP DEFAULT"), effect(Rows::Nothing));
    }
    script.push(
        format!("Move column {}.{} to it.", table.sql_name, column.sql_name),
        format!("{alter} TYPE {ty} USING {}", new_value(work, change, column, &name, &ty)),
        effect(Rows::Rewrite),
    );
    // A default that changes as well is set with the other changes of the column.
    let changes_default = work
        .modified()
        .find(|change| change.to.sql_name == table.sql_name)
        .is_some_and(|change| change.difference(column).default);
    if let Some(default) = column.default.as_ref().filter(|_| had_default && !changes_default) {
        let default = ddl::default_expression(default, &column.ty, Dialect::Postgres)?;
        script.push("", format!("{alter} SET DEFAULT {default}"), effect(Rows::Nothing));
    }
    Ok(())
}

/// Whether the column had a default, if it is of this enum on both sides; `None` otherwise.
fn had_type(work: &Work<'_>, change: &ModifyEnum<'_>, table: &Table, column: &Column) -> Option<bool> {
    let modified = work.modified().find(|change| change.to.sql_name == table.sql_name);
    let from = match modified {
        Some(modified) => modified.old_column(column)?,
        None => work.old.table(&table.sql_name)?.column(&column.sql_name)?,
    };
    let same = from.ty.enumeration() == Some(&change.from.sql_name)
        && matches!(from.ty, ColumnType::Array(_)) == matches!(column.ty, ColumnType::Array(_));
    same.then_some(from.default.is_some())
}

/// The value in the new type, by its text.
fn new_value(work: &Work<'_>, change: &ModifyEnum<'_>, column: &Column, name: &str, ty: &str) -> String {
    let renamed = change.renamed.iter().map(|(from, to)| (&from.text, &to.text));
    let mapped = change
        .dropped
        .iter()
        .filter_map(|dropped| Some((&dropped.text, work.answers.mapped(change.to, &dropped.text)?)));
    let moved: Vec<(String, String)> = renamed.chain(mapped).map(|(from, to)| (literal(from), literal(to))).collect();
    if matches!(column.ty, ColumnType::Array(_)) {
        // No subquery may stand here. A value gets a mark before it is replaced, so that none is replaced twice.
        let mut value = format!("{name}::text[]");
        for (from, to) in &moved {
            value = format!("array_replace({value}, {from}, '\u{1}' || {to})");
        }
        for (_, to) in &moved {
            value = format!("array_replace({value}, '\u{1}' || {to}, {to})");
        }
        return format!("{value}::{ty}");
    }
    if moved.is_empty() {
        return format!("{name}::text::{ty}");
    }
    let cases: Vec<String> = moved.iter().map(|(from, to)| format!("WHEN {from} THEN {to}")).collect();
    format!("(CASE {name}::text {} ELSE {name}::text END)::{ty}", cases.join(" "))
}

/// Drops the enums that go.
pub(super) fn drop(work: &Work<'_>, script: &mut Script) {
    for dropped in work.changes.enums.iter().filter_map(EnumChange::dropped) {
        let by_its_name_now = Enum { sql_name: work.parked.enumeration(dropped).clone(), ..dropped.clone() };
        for sql in drop_enum(&by_its_name_now, Dialect::Postgres) {
            script.push(format!("Drop enum {}.", dropped.sql_name), sql, Effect::default());
        }
    }
}

//! Enums. Values are added and renamed in place; to drop or reorder them the type is created anew.

use piccolo_runtime::ddl::{create_enum, drop_enum};
use piccolo_runtime::schema::{Column, ColumnType, Enum, EnumValue, QualifiedName, Text, naming};
use piccolo_runtime::sql::{Dialect, identifier, literal, qualified};

use super::script::Script;
use super::{Work, beside};
use crate::change::{EnumChange, ModifyEnum};
use crate::plan::renaming::sequence;
use crate::plan::{Effect, enum_values};

/// Whether the type has to be created anew: Postgres can neither drop nor move a value, and the text of a new one is not free before
/// another one has given it up.
pub(super) fn must_be_remade(change: &ModifyEnum<'_>) -> bool {
    let is_old = |value: &EnumValue| change.from.values.iter().any(|old| old.text == value.text);
    !change.dropped.is_empty() || change.reordered || change.added.iter().any(|value| is_old(value))
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

/// Creates new enums, and renames values. Values that go make room for those that take their texts.
pub(super) fn create(work: &Work<'_>, script: &mut Script) {
    for change in &work.changes.enums {
        match change {
            EnumChange::AddEnum(added) => {
                let mut comment = format!("Create enum {}.", added.sql_name);
                for sql in create_enum(added, Dialect::Postgres) {
                    script.push(std::mem::take(&mut comment), sql, Effect::default());
                }
            }
            EnumChange::ModifyEnum(change) => {
                for (from, to) in sequence(enum_values::seen(change), enum_values::helper) {
                    script.push(
                        format!("Rename value {from} of {} to {to}.", change.to.sql_name),
                        format!(
                            "ALTER TYPE {} RENAME VALUE {} TO {}",
                            qualified(&change.to.sql_name, Dialect::Postgres),
                            literal(&from),
                            literal(&to)
                        ),
                        Effect::default(),
                    );
                }
            }
            EnumChange::DropEnum(_) => {}
        }
    }
}

/// Creates anew the enums that have to be, once the old types have made room. Columns move to the new types with their other changes, and
/// what goes later keeps the old ones, which are therefore dropped last.
pub(super) fn remake(work: &Work<'_>, script: &mut Script) {
    for change in &work.remade {
        let name = &change.to.sql_name;
        script.push(
            format!("Create enum {name} anew."),
            format!("ALTER TYPE {} RENAME TO {}", qualified(name, Dialect::Postgres), identifier(&former(name).name)),
            Effect::default(),
        );
        for sql in create_enum(change.to, Dialect::Postgres) {
            script.push("", sql, Effect::default());
        }
    }
}

/// The name of the old type of an enum that is created anew. No other helper name is like it, because an enum that goes may have had the
/// name as well.
fn former(name: &QualifiedName) -> QualifiedName {
    beside(name, naming::fit(&format!("_piccolo_former_{}", name.name), ""))
}

/// The value of a column that moves from the old type to the new one, by its text.
pub(super) fn new_value(work: &Work<'_>, change: &ModifyEnum<'_>, column: &Column, name: &str, ty: &str) -> String {
    let mapped = enum_values::mapped(change, work.answers);
    if matches!(column.ty, ColumnType::Array(_)) {
        // No subquery may stand here.
        let text = format!("{name}::text[]");
        let replaced =
            |value, (from, to): &(Text, Text)| format!("array_replace({value}, {}, {})", literal(from), literal(to));
        return format!("{}::{ty}", mapped.iter().fold(text, replaced));
    }
    let text = format!("{name}::text");
    match mapped.as_slice() {
        [] => format!("{text}::{ty}"),
        texts => format!("({})::{ty}", enum_values::replaced(&text, texts, false, Dialect::Postgres)),
    }
}

/// Drops the enums that go, and the old types of those that were created anew.
pub(super) fn drop(work: &Work<'_>, script: &mut Script) {
    for change in &work.remade {
        let (name, old) = (&change.to.sql_name, former(&change.to.sql_name));
        let sql = format!("DROP TYPE {}", qualified(&old, Dialect::Postgres));
        script.push(format!("Drop the old type of enum {name}."), sql, Effect::default());
    }
    for dropped in work.changes.enums.iter().filter_map(EnumChange::dropped) {
        let by_its_name_now = Enum { sql_name: work.parked.enumeration(dropped).clone(), ..dropped.clone() };
        for sql in drop_enum(&by_its_name_now, Dialect::Postgres) {
            script.push(format!("Drop enum {}.", dropped.sql_name), sql, Effect::default());
        }
    }
}

//! The plan for Postgres.
//!
//! One step, so that everything succeeds or fails together, but for new values of an enum, which no statement may use before they
//! are committed, and for `online` plans, which trade that for short locks. The order always works:
//!
//! 1. new enum values (a step of their own), Postgres schemas;
//! 2. renames, so that everything after speaks of new names;
//! 3. drops of foreign keys, then of indexes and other constraints: those that go, and those that stand in the way of another
//!    change and come back later;
//! 4. enums whose values go or change their order are created anew;
//! 5. new tables, columns, types, values, defaults;
//! 6. constraints and indexes, then foreign keys;
//! 7. drops of columns, tables and enums, last because expressions may read what goes;
//! 8. comments.

mod columns;
mod constraints;
mod dependents;
mod enums;
mod names;
mod script;
mod tables;

use std::collections::HashSet;

use piccolo_runtime::ddl::{Unsupported, create_namespaces};
use piccolo_runtime::schema::{QualifiedName, Schema};
use piccolo_runtime::sql::Dialect;

use self::dependents::Dependents;
use self::names::Parked;
use self::script::Script;
use super::{Answers, Effect, Options, Plan, filler};
use crate::change::{Changes, EnumChange, ModifyEnum, ModifyTable, TableChange};

/// What every part of the plan looks at.
struct Work<'a> {
    old: &'a Schema,
    new: &'a Schema,
    changes: &'a Changes<'a>,
    answers: &'a Answers,
    online: bool,
    /// The enums that have to be created anew.
    remade: Vec<&'a ModifyEnum<'a>>,
    /// What stands in the way of another change.
    dependents: Dependents<'a>,
    /// What goes, and had to make room for a name.
    parked: Parked,
}

impl<'a> Work<'a> {
    /// The tables that stay and change, in the new order.
    fn modified(&self) -> impl Iterator<Item = &'a ModifyTable<'a>> {
        self.changes.tables.iter().filter_map(TableChange::modified)
    }
}

/// Plans the changes.
pub(super) fn plan(
    old: &Schema,
    new: &Schema,
    changes: &Changes<'_>,
    answers: &Answers,
    options: Options,
) -> Result<Plan, Unsupported> {
    let modified_enums = || changes.enums.iter().filter_map(EnumChange::modified);
    let remade: Vec<&ModifyEnum<'_>> = modified_enums().filter(|change| enums::must_be_remade(change)).collect();
    let dependents = Dependents::of(new, changes, &remade);
    let mut script = Script::new("Add values to enums");
    for change in modified_enums().filter(|change| !enums::must_be_remade(change)) {
        enums::add_values(change, &mut script);
    }
    script.cut("Change the tables");
    namespaces(old, new, &mut script);
    let parked = names::renames(changes, &mut script);
    let work = Work { old, new, changes, answers, online: options.online, remade, dependents, parked };
    enums::create(&work, &mut script);
    constraints::drop(&work, &mut script);
    names::rename_parts(&work, &mut script);
    enums::remake(&work, &mut script)?;
    let deferred = tables::create(&work, &mut script)?;
    for (comment, sql) in filler::targets(new, changes, answers, Dialect::Postgres) {
        script.push(comment, sql, Effect::default());
    }
    columns::change(&work, &mut script)?;
    constraints::add(&work, &deferred, &mut script)?;
    columns::drop(&work, &mut script);
    tables::drop(&work, &mut script);
    enums::drop(&work, &mut script);
    tables::comment(&work, &mut script);
    if work.online {
        constraints::validate(&work, &deferred, &mut script);
    }
    Ok(Plan { dialect: Dialect::Postgres, steps: script.finish() })
}

/// Creates the Postgres schemas that the old schema does not speak of.
fn namespaces(old: &Schema, new: &Schema, script: &mut Script) {
    let known: HashSet<String> = create_namespaces(old, Dialect::Postgres).into_iter().collect();
    for sql in create_namespaces(new, Dialect::Postgres) {
        if !known.contains(&sql) {
            script.push("Create a schema.", sql, Effect::default());
        }
    }
}

/// The name of a table or enum with another name in the same Postgres schema.
fn beside(name: &QualifiedName, other: impl Into<String>) -> QualifiedName {
    QualifiedName { schema: name.schema.clone(), name: other.into().into() }
}

//! The plan for Postgres.
//!
//! One step, so that everything succeeds or fails together, but for new values of an enum, which no statement may use before they
//! are committed, and for `online` plans, which trade that for short locks. The order always works:
//!
//! 1. new enum values (a step of their own), Postgres schemas;
//! 2. renames, so that everything after speaks of new names;
//! 3. drops of foreign keys, then of indexes and other constraints: those that go, and those that stand in the way of another
//!    change and come back later;
//! 4. enums whose values go or change their order are created anew, beside their old types;
//! 5. new tables, columns, values, types, defaults: expressions see the row as it was, by its new names;
//! 6. constraints and indexes, then foreign keys;
//! 7. drops of columns, tables and enums, last because expressions may read what goes, then of the old types of enums;
//! 8. comments.

mod columns;
mod constraints;
mod dependents;
mod enums;
mod names;
mod script;
mod tables;

use std::collections::{HashMap, HashSet};

use piccolo_runtime::ddl::{Unsupported, create_namespaces};
use piccolo_runtime::schema::{Column, QualifiedName, Schema, naming};
use piccolo_runtime::sql::{Dialect, identifier, literal, qualified};

use self::dependents::Dependents;
use self::names::Parked;
use self::script::Script;
use super::{Answers, Effect, Options, Plan, filler};
use crate::change::{Changes, EnumChange, ModifyEnum, ModifyTable, TableChange};

/// What every part of the plan looks at.
struct Work<'a> {
    new: &'a Schema,
    changes: &'a Changes<'a>,
    answers: &'a Answers,
    online: bool,
    /// The enums that have to be created anew.
    remade: Vec<&'a ModifyEnum<'a>>,
    /// The tables that stay and whose columns change, be it only that their enum is created anew, in the new order.
    touched: Vec<ModifyTable<'a>>,
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

    /// The enum of this column, where it is created anew.
    fn remade_of(&self, column: &Column) -> Option<&'a ModifyEnum<'a>> {
        remade_of(&self.remade, column)
    }
}

fn remade_of<'a>(remade: &[&'a ModifyEnum<'a>], column: &Column) -> Option<&'a ModifyEnum<'a>> {
    let name = column.ty.enumeration()?;
    remade.iter().copied().find(|change| change.to.sql_name == *name)
}

/// The tables that stay and are modified, or have a column of an enum that is created anew.
fn touched<'a>(
    old: &'a Schema,
    new: &'a Schema,
    changes: &'a Changes<'a>,
    remade: &[&'a ModifyEnum<'a>],
) -> Vec<ModifyTable<'a>> {
    let changed: HashMap<&QualifiedName, &TableChange<'a>> = changes
        .tables
        .iter()
        .filter_map(|change| {
            let table = change.modified().map(|change| change.to).or_else(|| change.added())?;
            Some((&table.sql_name, change))
        })
        .collect();
    let mut touched = Vec::new();
    for to in new.tables.iter() {
        match changed.get(&to.sql_name) {
            Some(change) => touched.extend(change.modified().cloned()),
            None if to.columns.iter().any(|column| remade_of(remade, column).is_some()) => {
                let from = old.table(&to.sql_name);
                touched.extend(from.map(|from| ModifyTable { from, to, alterations: Vec::new() }));
            }
            None => {}
        }
    }
    touched
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
    let parked = names::renames(new, changes, &mut script);
    let touched = touched(old, new, changes, &remade);
    let work = Work { new, changes, answers, online: options.online, remade, touched, dependents, parked };
    enums::create(&work, &mut script);
    constraints::drop(&work, &mut script);
    names::rename_parts(&work, &mut script);
    enums::remake(&work, &mut script);
    let deferred = tables::create(&work, &mut script)?;
    for (comment, sql) in filler::targets(new, changes, &work.touched, answers, Dialect::Postgres) {
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

/// Lets the sequence of a column count on from the greatest number that rows have, or from one where that is less.
pub(super) fn count_on(table: &QualifiedName, column: &str) -> String {
    let sequence = beside(table, naming::sequence(&table.name, column));
    let (sequence, column) = (literal(&qualified(&sequence, Dialect::Postgres)), identifier(column));
    format!(
        "SELECT setval({sequence}, greatest(max({column}), 1), coalesce(max({column}), 0) > 0) FROM {}",
        qualified(table, Dialect::Postgres)
    )
}

/// The name of a table or enum with another name in the same Postgres schema.
fn beside(name: &QualifiedName, other: impl Into<String>) -> QualifiedName {
    QualifiedName { schema: name.schema.clone(), name: other.into().into() }
}

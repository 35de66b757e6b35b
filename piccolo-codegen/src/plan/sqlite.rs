//! The plan for SQLite.
//!
//! Renames come first, in a step of their own: SQLite carries them into foreign keys, triggers and views by itself, and what hangs on
//! a table is then saved and brought back under its new names. Everything else is one step, so that it succeeds or fails
//! as a whole: new tables (a key may point to a table that comes later), then what changes inside tables, in place or by a
//! rebuild, then drops, then indexes.

mod alter;
mod names;
mod rebuild;
mod rowid;

use std::collections::HashMap;

use piccolo_runtime::ddl::{CreateTable, Unsupported, create_index, create_table_statement, drop_index, drop_table};
use piccolo_runtime::schema::{Index, QualifiedName, Schema, Table};
use piccolo_runtime::sql::Dialect;

pub(crate) use self::alter::mentions;
use self::names::Parked;
use super::{Answers, Plan, Step, filler};
use crate::change::{Alteration, Changes, EnumChange, ModifyEnum, ModifyTable, TableChange};

/// What every part of the plan looks at.
struct Work<'a> {
    old: &'a Schema,
    new: &'a Schema,
    answers: &'a Answers,
    /// The enums whose values change, by their new names.
    enums: HashMap<&'a QualifiedName, &'a ModifyEnum<'a>>,
}

/// Plans the changes.
pub(super) fn plan(old: &Schema, new: &Schema, changes: &Changes<'_>, answers: &Answers) -> Result<Plan, Unsupported> {
    let enums = changes
        .enums
        .iter()
        .filter_map(EnumChange::modified)
        .filter(|change| change.changes_values())
        .map(|change| (&change.to.sql_name, change))
        .collect();
    let work = Work { old, new, answers, enums };
    rowid::check_renames(changes)?;
    let (renames, parked) = names::renames(changes);
    let mut main = Step::new("Change the tables");
    let modified = work.modified_tables(changes);
    work.drop_indexes(changes, &modified, &parked, &mut main);
    for table in changes.tables.iter().filter_map(TableChange::added) {
        work.create_table(table, &mut main)?;
    }
    for (comment, sql) in filler::targets(new, changes, &modified, answers, Dialect::Sqlite) {
        main.push(comment, sql);
    }
    let modified = filler::targets_first(modified, answers);
    let mut rebuilt = Vec::new();
    for (position, change) in modified.iter().enumerate() {
        if alter::needs_rebuild(&work, change)? {
            let waiting = modified.get(position..).unwrap_or_default();
            rebuild::rebuild(&work, change, waiting, &parked, &mut main)?;
            rebuilt.push(&change.to.sql_name);
        } else {
            alter::alter(&work, change, &parked, &mut main)?;
        }
    }
    for table in changes.tables.iter().filter_map(TableChange::dropped) {
        let name = QualifiedName::plain(parked.table(table));
        main.push(format!("Drop table {}.", table.sql_name), drop_table(&name, Dialect::Sqlite));
        // Dropping deletes the rows first, and with foreign keys on that would reach into other tables.
        main.foreign_keys_suspended = true;
    }
    for table in changes.tables.iter().filter_map(TableChange::added) {
        create_indexes(table, table.indexes.iter(), &mut main)?;
    }
    for change in &modified {
        let whole = rebuilt.contains(&&change.to.sql_name);
        let indexes = change.to.indexes.iter().filter(|index| whole || is_created(change, index));
        create_indexes(change.to, indexes, &mut main)?;
    }
    let steps = [renames, main].into_iter().filter(|step| !step.statements.is_empty()).collect();
    Ok(Plan { dialect: Dialect::Sqlite, steps })
}

impl<'a> Work<'a> {
    /// The tables that change, in the new order: those with alterations, and those with a column of an enum whose values change.
    fn modified_tables(&self, changes: &Changes<'a>) -> Vec<ModifyTable<'a>> {
        let altered: HashMap<&QualifiedName, &ModifyTable<'a>> = changes
            .tables
            .iter()
            .filter_map(TableChange::modified)
            .map(|change| (&change.to.sql_name, change))
            .collect();
        let added: Vec<&QualifiedName> =
            changes.tables.iter().filter_map(TableChange::added).map(|table| &table.sql_name).collect();
        let mut out = Vec::new();
        for to in self.new.tables.iter() {
            if let Some(change) = altered.get(&to.sql_name) {
                out.push((*change).clone());
            } else if self.holds_changed_enum(to)
                && !added.contains(&&to.sql_name)
                && let Some(from) = self.old.table(&to.sql_name)
            {
                out.push(ModifyTable { from, to, alterations: Vec::new() });
            }
        }
        out
    }

    /// Whether the checks of the table's columns say the values of an enum that change.
    fn holds_changed_enum(&self, table: &Table) -> bool {
        !self.enums.is_empty()
            && table.columns.iter().any(|column| {
                column
                    .ty
                    .enumeration()
                    .is_some_and(|name| self.enums.get(name).is_some_and(|change| changes_texts(change)))
            })
    }

    /// Drops the indexes that go from tables that stay. (Those of a rebuilt table would go with it, but another table may want the
    /// name before.) Those of tables that go do so with them, unless a new table wants their name.
    fn drop_indexes(&self, changes: &Changes<'_>, modified: &[ModifyTable<'_>], parked: &Parked, step: &mut Step) {
        let going = modified.iter().flat_map(|change| {
            let indexes = change.alterations.iter().filter_map(Alteration::going_index);
            indexes.map(|index| (change.to, index))
        });
        let is_wanted = |index: &&Index| {
            let mut added = changes.tables.iter().filter_map(TableChange::added);
            added.any(|table| table.sql_name.name.eq_ignore_ascii_case(&index.name))
        };
        let dropped = changes.tables.iter().filter_map(TableChange::dropped);
        let in_the_way =
            dropped.flat_map(|table| table.indexes.iter().filter(is_wanted).map(move |index| (table, index)));
        for (table, index) in going.chain(in_the_way).filter(|(_, index)| !parked.has_dropped(index)) {
            let sql = drop_index(&table.sql_name, &index.name, Dialect::Sqlite);
            step.push(format!("Drop index {}.", index.name), sql);
        }
    }

    fn create_table(&self, table: &Table, step: &mut Step) -> Result<(), Unsupported> {
        let options = CreateTable { name: &table.sql_name, deferred: &[], if_not_exists: false };
        let sql = create_table_statement(table, self.new, options, Dialect::Sqlite)?;
        step.push(format!("Create table {}.", table.sql_name), sql);
        Ok(())
    }
}

/// Whether rows or checks know the difference: another order alone is no business of SQLite.
fn changes_texts(change: &ModifyEnum<'_>) -> bool {
    !(change.renamed.is_empty() && change.added.is_empty() && change.dropped.is_empty())
}

/// Whether the index comes, or comes back under another name.
fn is_created(change: &ModifyTable<'_>, index: &Index) -> bool {
    change.alterations.iter().any(|alteration| {
        matches!(alteration, Alteration::AddIndex(new) | Alteration::RenameIndex { to: new, .. } if new.name == index.name)
    })
}

fn create_indexes<'a>(
    table: &Table,
    indexes: impl Iterator<Item = &'a Index>,
    step: &mut Step,
) -> Result<(), Unsupported> {
    for index in indexes {
        let sql = create_index(&table.sql_name, index, Dialect::Sqlite)?;
        step.push(format!("Create index {}.", index.name), sql);
    }
    Ok(())
}

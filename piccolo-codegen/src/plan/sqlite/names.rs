//! Renames of tables and columns, and names that stand in their way.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use piccolo_runtime::ddl::drop_index;
use piccolo_runtime::schema::{Column, Index, Table};
use piccolo_runtime::sql::{Dialect, identifier};

use crate::change::{Alteration, Changes, ModifyTable, TableChange};
use crate::plan::Step;
use crate::plan::renaming::sequence;

/// A name as SQLite compares it: case does not matter.
#[derive(Clone, Debug)]
struct Folded(String);

impl PartialEq for Folded {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Folded {}

impl Hash for Folded {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

/// What goes and had to make room for a name before, by its old name: its helper name.
#[derive(Debug, Default)]
pub(super) struct Parked {
    tables: HashMap<String, String>,
    columns: HashMap<(String, String), String>,
    /// Indexes that are dropped already.
    dropped_indexes: HashSet<Folded>,
}

impl Parked {
    /// The name that a table which goes has by now.
    pub(super) fn table(&self, table: &Table) -> String {
        let name = table.sql_name.name.as_ref();
        self.tables.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    /// Whether the index was dropped to make room for its name.
    pub(super) fn has_dropped(&self, index: &Index) -> bool {
        self.dropped_indexes.contains(&folded(&index.name))
    }

    /// The name that a column which goes has by now.
    pub(super) fn column(&self, table: &Table, column: &Column) -> String {
        let key = (table.sql_name.name.to_string(), column.sql_name.to_string());
        self.columns.get(&key).cloned().unwrap_or(key.1)
    }
}

/// The step with all renames, and what was moved out of their way.
pub(super) fn renames(changes: &Changes<'_>) -> (Step, Parked) {
    let mut step = Step::new("Rename what has a new name");
    let mut parked = Parked::default();
    drop_indexes(changes, &mut step, &mut parked);
    rename_tables(changes, &mut step, &mut parked);
    for change in changes.tables.iter().filter_map(TableChange::modified) {
        rename_columns(change, &mut step, &mut parked);
    }
    (step, parked)
}

/// Drops indexes that go, or get another name, before a table takes their name: tables and indexes have their names among each other.
fn drop_indexes(changes: &Changes<'_>, step: &mut Step, parked: &mut Parked) {
    let modified = || changes.tables.iter().filter_map(TableChange::modified);
    let renamed = modified().filter(|change| change.alterations.contains(&Alteration::RenameTable));
    let wanted: HashSet<Folded> = renamed.map(|change| folded(&change.to.sql_name.name)).collect();
    let going = modified().flat_map(|change| {
        let indexes = change.alterations.iter().filter_map(Alteration::going_index);
        indexes.map(|index| (change.to, index))
    });
    let dropped = changes.tables.iter().filter_map(TableChange::dropped);
    let with_tables = dropped.flat_map(|table| table.indexes.iter().map(move |index| (table, index)));
    for (table, index) in going.chain(with_tables) {
        let name = folded(&index.name);
        if wanted.contains(&name) {
            step.push(format!("Drop index {}.", index.name), drop_index(&table.sql_name, &index.name, Dialect::Sqlite));
            parked.dropped_indexes.insert(name);
        }
    }
}

fn rename_tables(changes: &Changes<'_>, step: &mut Step, parked: &mut Parked) {
    let modified = changes.tables.iter().filter_map(TableChange::modified);
    let mut pairs: Vec<(Folded, Folded)> = modified
        .filter(|change| change.alterations.contains(&Alteration::RenameTable))
        .map(|change| (folded(&change.from.sql_name.name), folded(&change.to.sql_name.name)))
        .collect();
    let added = changes.tables.iter().filter_map(TableChange::added).map(|table| folded(&table.sql_name.name));
    let wanted: Vec<Folded> = pairs.iter().map(|(_, to)| to.clone()).chain(added).collect();
    for dropped in changes.tables.iter().filter_map(TableChange::dropped) {
        let name = folded(&dropped.sql_name.name);
        if wanted.contains(&name) {
            let helper = helper(&name);
            parked.tables.insert(name.0.clone(), helper.0.clone());
            pairs.push((name, helper));
        }
    }
    for (from, to) in sequence(pairs, helper) {
        step.push(
            format!("Rename table {} to {}.", from.0, to.0),
            format!("ALTER TABLE {} RENAME TO {}", identifier(&from.0), identifier(&to.0)),
        );
    }
}

fn rename_columns(change: &ModifyTable<'_>, step: &mut Step, parked: &mut Parked) {
    let mut pairs: Vec<(Folded, Folded)> = change
        .alterations
        .iter()
        .filter_map(Alteration::renamed_column)
        .map(|(from, to)| (folded(&from.sql_name), folded(&to.sql_name)))
        .collect();
    let added = change.alterations.iter().filter_map(Alteration::added_column).map(|column| folded(&column.sql_name));
    let wanted: Vec<Folded> = pairs.iter().map(|(_, to)| to.clone()).chain(added).collect();
    for dropped in change.alterations.iter().filter_map(Alteration::dropped_column) {
        let name = folded(&dropped.sql_name);
        if wanted.contains(&name) {
            let helper = helper(&name);
            let key = (change.from.sql_name.name.to_string(), name.0.clone());
            parked.columns.insert(key, helper.0.clone());
            pairs.push((name, helper));
        }
    }
    let table = &change.to.sql_name.name;
    for (from, to) in sequence(pairs, helper) {
        step.push(
            format!("Rename column {table}.{} to {}.", from.0, to.0),
            format!("ALTER TABLE {} RENAME COLUMN {} TO {}", identifier(table), identifier(&from.0), identifier(&to.0)),
        );
    }
}

fn folded(name: &str) -> Folded {
    Folded(name.to_owned())
}

/// A name that nobody would choose, for as long as the real one is taken.
fn helper(name: &Folded) -> Folded {
    Folded(format!("_piccolo_old_{}", name.0))
}

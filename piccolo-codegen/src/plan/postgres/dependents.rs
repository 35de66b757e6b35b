//! What stays but stands in the way of another change, and is therefore dropped before and created again after it.
//!
//! Postgres carries some of these along by itself, but then prints them in another way than those of a fresh database, so they are all
//! created anew from the schema's own text. Foreign keys of tables that go, to such things, just go a little earlier.

use std::collections::{BTreeSet, HashMap, HashSet};

use piccolo_runtime::schema::{
    Check, Column, ColumnType, ForeignKey, Index, IndexKeyKind, QualifiedName, Schema, Table, Text,
};

use crate::change::{Alteration, Changes, ModifyEnum, ModifyTable, TableChange};
use crate::plan::mentions;

/// Constraints and indexes that come back: their table, the name they had, and what they are.
#[derive(Debug, Default)]
pub(super) struct Dependents<'a> {
    /// Foreign keys over a column that changes its type, or to a key that is dropped.
    pub(super) foreign_keys: Vec<(&'a Table, &'a Text, &'a ForeignKey)>,
    /// Checks that mention a column that changes its type.
    pub(super) checks: Vec<(&'a Table, &'a Text, &'a Check)>,
    /// Indexes with an expression or a condition that mentions such a column.
    pub(super) indexes: Vec<(&'a Table, &'a Text, &'a Index)>,
    /// Foreign keys of tables that go, to a column that changes or to a key that is dropped.
    pub(super) going: Vec<(&'a Table, &'a ForeignKey)>,
    names: HashSet<(&'a QualifiedName, &'a Text)>,
}

/// A column by the new names of its table and its own.
type Place<'a> = (&'a QualifiedName, &'a str);

impl<'a> Dependents<'a> {
    /// Finds them all.
    pub(super) fn of(new: &'a Schema, changes: &'a Changes<'a>, remade: &[&'a ModifyEnum<'a>]) -> Self {
        let mut found = Self::default();
        let retyped = retyped(new, changes, remade);
        let keys = dropped_keys(changes);
        let modified: HashMap<&QualifiedName, &'a ModifyTable<'a>> = changes
            .tables
            .iter()
            .filter_map(TableChange::modified)
            .map(|change| (&change.to.sql_name, change))
            .collect();
        let added: HashSet<&QualifiedName> =
            changes.tables.iter().filter_map(TableChange::added).map(|table| &table.sql_name).collect();
        for table in new.tables.iter().filter(|table| !added.contains(&table.sql_name)) {
            found.collect(table, modified.get(&table.sql_name).copied(), &retyped, &keys);
        }
        let dropped: HashSet<&QualifiedName> =
            changes.tables.iter().filter_map(TableChange::dropped).map(|table| &table.sql_name).collect();
        let by_old_name: HashMap<&QualifiedName, &'a ModifyTable<'a>> =
            modified.values().map(|change| (&change.from.sql_name, *change)).collect();
        for table in changes.tables.iter().filter_map(TableChange::dropped) {
            let stands = |key: &&'a ForeignKey| {
                !dropped.contains(&key.target) && stands_in_the_way(key, by_old_name.get(&key.target), &retyped, &keys)
            };
            found.going.extend(table.foreign_keys.iter().filter(stands).map(|key| (table, key)));
        }
        found.names = found
            .foreign_keys
            .iter()
            .map(|(table, name, _)| (*table, *name))
            .chain(found.checks.iter().map(|(table, name, _)| (*table, *name)))
            .chain(found.indexes.iter().map(|(table, name, _)| (*table, *name)))
            .map(|(table, name)| (&table.sql_name, name))
            .collect();
        found
    }

    /// Whether the constraint or index of this old name, on the table of this new name, is dropped and created again.
    pub(super) fn comes_back(&self, table: &QualifiedName, name: &Text) -> bool {
        self.names.contains(&(table, name))
    }

    /// Whether this foreign key of a table that goes is dropped before.
    pub(super) fn goes_before(&self, table: &Table, key: &ForeignKey) -> bool {
        self.going.iter().any(|(owner, going)| owner.sql_name == table.sql_name && going.name == key.name)
    }

    fn collect(
        &mut self,
        table: &'a Table,
        change: Option<&'a ModifyTable<'a>>,
        retyped: &HashMap<Place<'a>, Retyped>,
        keys: &HashSet<(&'a QualifiedName, BTreeSet<&'a str>)>,
    ) {
        let name = &table.sql_name;
        let is_retyped = |table: &'a QualifiedName, column: &'a Text| retyped.get(&(table, column.as_ref())).copied();
        for key in table.foreign_keys.iter() {
            let own = key.columns.iter().map(|column| is_retyped(name, column));
            let target = key.target_columns.iter().map(|column| is_retyped(&key.target, column));
            let changes_type = own.chain(target).flatten().any(|kind| kind == Retyped::Otherwise);
            let columns: BTreeSet<&str> = key.target_columns.iter().map(AsRef::as_ref).collect();
            let loses_key = keys.contains(&(&key.target, columns));
            if (changes_type || loses_key)
                && let Some(old) = old_name(change, &key.name, |alteration| {
                    if let Alteration::AddForeignKey(new) = alteration {
                        Some((None, &new.name))
                    } else if let Alteration::RenameForeignKey { from, to } = alteration {
                        Some((Some(&from.name), &to.name))
                    } else {
                        None
                    }
                })
            {
                self.foreign_keys.push((table, old, key));
            }
        }
        let own: Vec<&str> = retyped.keys().filter(|(owner, _)| *owner == name).map(|(_, column)| *column).collect();
        if own.is_empty() {
            return;
        }
        let mentioned = |text: &str| own.iter().any(|column| mentions(text, column));
        for check in table.checks.iter().filter(|check| check.postgres.as_deref().is_some_and(mentioned)) {
            let old = old_name(change, &check.name, |alteration| {
                if let Alteration::AddCheck(new) = alteration {
                    Some((None, &new.name))
                } else if let Alteration::RenameCheck { from, to } = alteration {
                    Some((Some(&from.name), &to.name))
                } else {
                    None
                }
            });
            if let Some(old) = old {
                self.checks.push((table, old, check));
            }
        }
        for index in table.indexes.iter().filter(|index| texts(index).any(mentioned)) {
            let old = old_name(change, &index.name, |alteration| {
                if let Alteration::AddIndex(new) = alteration {
                    Some((None, &new.name))
                } else if let Alteration::RenameIndex { from, to } = alteration {
                    Some((Some(&from.name), &to.name))
                } else {
                    None
                }
            });
            if let Some(old) = old {
                self.indexes.push((table, old, index));
            }
        }
    }
}

/// How a column changes its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Retyped {
    /// To a type that compares with the old one, so that foreign keys can stay.
    Comparably,
    /// To any other type.
    Otherwise,
}

/// The columns that change their type or collation, or whose enum is created anew.
fn retyped<'a>(
    new: &'a Schema,
    changes: &'a Changes<'a>,
    remade: &[&'a ModifyEnum<'a>],
) -> HashMap<Place<'a>, Retyped> {
    let mut found = HashMap::new();
    for change in changes.tables.iter().filter_map(TableChange::modified) {
        for alteration in &change.alterations {
            if let Alteration::ModifyColumn { from, to, differs } = alteration
                && (differs.ty || differs.collation)
            {
                let kind = if is_whole(from) && is_whole(to) { Retyped::Comparably } else { Retyped::Otherwise };
                found.insert((&change.to.sql_name, to.sql_name.as_ref()), kind);
            }
        }
    }
    if !remade.is_empty() {
        for table in new.tables.iter() {
            for column in table.columns.iter() {
                let name = column.ty.enumeration();
                if name.is_some_and(|name| remade.iter().any(|change| change.to.sql_name == *name)) {
                    found.insert((&table.sql_name, column.sql_name.as_ref()), Retyped::Otherwise);
                }
            }
        }
    }
    found
}

/// Whether a foreign key of a table that goes holds on to a column that changes or goes, or to a key that is dropped, of a table that stays;
/// `change` is what happens to that one.
fn stands_in_the_way<'a>(
    key: &'a ForeignKey,
    change: Option<&&'a ModifyTable<'a>>,
    retyped: &HashMap<Place<'a>, Retyped>,
    keys: &HashSet<(&'a QualifiedName, BTreeSet<&'a str>)>,
) -> bool {
    let target = change.map_or(&key.target, |change| &change.to.sql_name);
    let new_name = |column: &'a Text| match change {
        Some(change) => change.new_column(column).map(|column| column.sql_name.as_ref()),
        None => Some(column.as_ref()),
    };
    let columns: Option<BTreeSet<&'a str>> = key.target_columns.iter().map(new_name).collect();
    columns.is_none_or(|columns| {
        columns.iter().any(|column| retyped.contains_key(&(target, *column))) || keys.contains(&(target, columns))
    })
}

/// The column sets of primary keys, unique constraints and unique indexes that go, by new names. One of whose columns goes has no
/// foreign key left.
fn dropped_keys<'a>(changes: &'a Changes<'a>) -> HashSet<(&'a QualifiedName, BTreeSet<&'a str>)> {
    let mut found = HashSet::new();
    for change in changes.tables.iter().filter_map(TableChange::modified) {
        let new_names = |columns: &mut dyn Iterator<Item = &Text>| -> Option<BTreeSet<&'a str>> {
            columns.map(|column| change.new_column(column).map(|column| column.sql_name.as_ref())).collect()
        };
        for alteration in &change.alterations {
            let columns = if let Alteration::DropUnique(unique) = alteration {
                new_names(&mut unique.columns.iter())
            } else if let Alteration::ModifyPrimaryKey { from, .. } = alteration {
                new_names(&mut from.columns.iter())
            } else if let Alteration::DropIndex(Index { unique: true, keys, .. }) = alteration {
                new_names(&mut keys.iter().filter_map(|key| match &key.kind {
                    IndexKeyKind::Column(column) => Some(column),
                    IndexKeyKind::Sql(_) => None,
                }))
            } else {
                None
            };
            if let Some(columns) = columns {
                found.insert((&change.to.sql_name, columns));
            }
        }
    }
    found
}

/// The old name of a constraint or index that stays; `None` where it is new. `change` is what happens to its table, and `part` gives the old
/// and the new name out of the alterations that are about this kind of thing.
fn old_name<'a>(
    change: Option<&'a ModifyTable<'a>>,
    name: &'a Text,
    part: impl Fn(&Alteration<'a>) -> Option<(Option<&'a Text>, &'a Text)>,
) -> Option<&'a Text> {
    let alterations = change.map(|change| change.alterations.as_slice()).unwrap_or_default();
    match alterations.iter().filter_map(part).find(|(_, to)| *to == name) {
        Some((from, _)) => from,
        None => Some(name),
    }
}

fn is_whole(column: &Column) -> bool {
    matches!(column.ty.referenced(), ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt)
}

/// The user's own texts in an index.
fn texts(index: &Index) -> impl Iterator<Item = &str> {
    let expressions = index.keys.iter().filter_map(|key| match &key.kind {
        IndexKeyKind::Sql(expression) => Some(expression.as_ref()),
        IndexKeyKind::Column(_) => None,
    });
    expressions.chain(index.predicate.as_deref())
}

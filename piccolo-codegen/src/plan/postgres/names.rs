//! Renames: tables and columns with their sequences, enums, and then constraints and indexes.

mod parts;

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use piccolo_runtime::schema::{Column, Enum, QualifiedName, Schema, Table, Text, naming};
use piccolo_runtime::sql::{Dialect, identifier, qualified};

use super::script::Script;
use super::{Work, beside};
use crate::change::{Alteration, Changes, EnumChange, ModifyTable, TableChange};
use crate::plan::effect::{Effect, Lock, Work as Rows};
use crate::plan::renaming::sequence;

/// What had to make room for a name before its own turn comes: its helper name.
#[derive(Debug, Default)]
pub(super) struct Parked {
    /// Tables and enums that go, by their old names.
    relations: HashMap<QualifiedName, QualifiedName>,
    /// Columns that go, by the old names of their tables and their own.
    columns: HashMap<(QualifiedName, Text), Text>,
    /// Keys, indexes and sequences of tables that stay, by the new names of their tables and their own old ones.
    parts: HashMap<(QualifiedName, Text), Text>,
}

impl Parked {
    /// The name that a table which goes has by now.
    pub(super) fn table<'a>(&'a self, table: &'a Table) -> &'a QualifiedName {
        self.relations.get(&table.sql_name).unwrap_or(&table.sql_name)
    }

    /// The name that an enum which goes has by now.
    pub(super) fn enumeration<'a>(&'a self, enumeration: &'a Enum) -> &'a QualifiedName {
        self.relations.get(&enumeration.sql_name).unwrap_or(&enumeration.sql_name)
    }

    /// The name that a column which goes has by now, given the old side of its table.
    pub(super) fn column<'a>(&'a self, table: &Table, column: &'a Column) -> &'a Text {
        self.columns.get(&(table.sql_name.clone(), column.sql_name.clone())).unwrap_or(&column.sql_name)
    }

    /// The name that a key, an index or a sequence has by now, given the new name of its table.
    pub(super) fn part<'a>(&'a self, table: &QualifiedName, name: &'a Text) -> &'a Text {
        self.parts.get(&(table.clone(), name.clone())).unwrap_or(name)
    }
}

/// Renames tables, columns, sequences and enums, and moves what stands in the way of a new name.
pub(super) fn renames(new: &Schema, changes: &Changes<'_>, script: &mut Script) -> Parked {
    let mut parked = Parked::default();
    parts::park(new, changes, script, &mut parked);
    rename_relations(new, changes, script, &mut parked);
    for change in changes.tables.iter().filter_map(TableChange::modified) {
        rename_columns(change, script, &mut parked);
    }
    rename_sequences(changes, &parked, script);
    parked
}

/// Renames enums and tables, whose names exclude each other: a table makes a type of its name.
fn rename_relations(new: &Schema, changes: &Changes<'_>, script: &mut Script, parked: &mut Parked) {
    let enums = changes.enums.iter().filter_map(EnumChange::modified);
    let enums = enums.map(|change| (&change.from.sql_name, &change.to.sql_name));
    let tables = changes.tables.iter().filter_map(TableChange::modified);
    let tables = tables.map(|change| (&change.from.sql_name, &change.to.sql_name));
    let renamed = |(from, to): &(&QualifiedName, &QualifiedName)| from != to;
    let mut are_enums: HashMap<QualifiedName, bool> = HashMap::new();
    let mut pairs: Vec<(QualifiedName, QualifiedName)> = Vec::new();
    for (is_enum, (from, to)) in
        enums.filter(renamed).map(|pair| (true, pair)).chain(tables.filter(renamed).map(|pair| (false, pair)))
    {
        are_enums.insert(from.clone(), is_enum);
        pairs.push((from.clone(), to.clone()));
    }
    // What goes holds on to its name until the end, so that whoever has it afterwards takes it before.
    let types: LazyCell<HashSet<&QualifiedName>, _> = LazyCell::new(|| {
        new.enums.iter().map(|one| &one.sql_name).chain(new.tables.iter().map(|table| &table.sql_name)).collect()
    });
    let relations = LazyCell::new(|| parts::names(new));
    let dropped_enums = changes.enums.iter().filter_map(EnumChange::dropped).map(|dropped| (true, &dropped.sql_name));
    let dropped_tables =
        changes.tables.iter().filter_map(TableChange::dropped).map(|dropped| (false, &dropped.sql_name));
    for (is_enum, name) in dropped_enums.chain(dropped_tables) {
        if types.contains(name) || !is_enum && relations.contains(name) {
            let helper = helper(name);
            are_enums.insert(name.clone(), is_enum);
            parked.relations.insert(name.clone(), helper.clone());
            pairs.push((name.clone(), helper));
        }
    }
    for (from, to) in sequence(pairs, helper) {
        let is_enum = are_enums.remove(&from).unwrap_or_default();
        are_enums.insert(to.clone(), is_enum);
        if is_enum {
            let statements = move_and_rename("TYPE", &from, &to);
            push_all(script, format!("Rename enum {from} to {to}."), statements, &Effect::default());
        } else {
            let effect = Effect::on(&from, Lock::AccessExclusive, Rows::Nothing);
            push_all(script, format!("Rename table {from} to {to}."), move_and_rename("TABLE", &from, &to), &effect);
        }
    }
}

/// The statements that give a table or a type another name, another Postgres schema, or both. What has no schema in the model is
/// moved to `public`.
fn move_and_rename(kind: &str, from: &QualifiedName, to: &QualifiedName) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = from.clone();
    if from.schema != to.schema {
        let schema = identifier(to.schema.as_deref().unwrap_or("public"));
        statements.push(format!("ALTER {kind} {} SET SCHEMA {schema}", qualified(&current, Dialect::Postgres)));
        current.schema = to.schema.clone();
    }
    if from.name != to.name {
        let name = identifier(&to.name);
        statements.push(format!("ALTER {kind} {} RENAME TO {name}", qualified(&current, Dialect::Postgres)));
    }
    statements
}

fn rename_columns(change: &ModifyTable<'_>, script: &mut Script, parked: &mut Parked) {
    let mut pairs: Vec<(Text, Text)> = change
        .alterations
        .iter()
        .filter_map(Alteration::renamed_column)
        .map(|(from, to)| (from.sql_name.clone(), to.sql_name.clone()))
        .collect();
    let added = change.alterations.iter().filter_map(Alteration::added_column).map(|column| column.sql_name.clone());
    let wanted: Vec<Text> = pairs.iter().map(|(_, to)| to.clone()).chain(added).collect();
    let helper = |name: &Text| Text::from(naming::fit(&format!("_piccolo_old_{name}"), ""));
    for dropped in change.alterations.iter().filter_map(Alteration::dropped_column) {
        if wanted.contains(&dropped.sql_name) {
            let name = dropped.sql_name.clone();
            parked.columns.insert((change.from.sql_name.clone(), name.clone()), helper(&name));
            pairs.push((name.clone(), helper(&name)));
        }
    }
    let table = &change.to.sql_name;
    for (from, to) in sequence(pairs, helper) {
        script.push(
            format!("Rename column {table}.{from} to {to}."),
            format!(
                "ALTER TABLE {} RENAME COLUMN {} TO {}",
                qualified(table, Dialect::Postgres),
                identifier(&from),
                identifier(&to)
            ),
            Effect::on(table, Lock::AccessExclusive, Rows::Nothing),
        );
    }
}

/// Carries the sequences of serial columns along with their tables and columns.
fn rename_sequences(changes: &Changes<'_>, parked: &Parked, script: &mut Script) {
    let mut pairs = Vec::new();
    for change in changes.tables.iter().filter_map(TableChange::modified) {
        for (from, to) in change.kept_columns().filter(|(from, _)| from.ty.is_serial()) {
            let table = &change.to.sql_name;
            let (old, new) = (parts::sequence(change.from, from), parts::sequence(change.to, to));
            if old != new && to.ty.is_serial() {
                pairs.push((beside(table, parked.part(table, &old).clone()), beside(table, new)));
            }
        }
    }
    for (from, to) in sequence(pairs, helper) {
        script.push(
            format!("Rename sequence {} to {}.", from.name, to.name),
            format!("ALTER SEQUENCE {} RENAME TO {}", qualified(&from, Dialect::Postgres), identifier(&to.name)),
            Effect::default(),
        );
    }
}

/// Renames the constraints and indexes that stay. A primary key and a unique constraint are renamed through their index, which locks
/// nobody out.
pub(super) fn rename_parts(work: &Work<'_>, script: &mut Script) {
    let mut indexes = Vec::new();
    for change in work.modified() {
        let table = &change.to.sql_name;
        let mut constraints = Vec::new();
        for alteration in &change.alterations {
            let Some(Renaming { from, to, is_index }) = renaming(alteration) else { continue };
            if !work.dependents.comes_back(table, from) {
                let list = if is_index { &mut indexes } else { &mut constraints };
                let from = if is_index { work.parked.part(table, from) } else { from };
                list.push((beside(table, from.clone()), beside(table, to.clone())));
            }
        }
        for (from, to) in sequence(constraints, helper) {
            script.push(
                format!("Rename constraint {} to {}.", from.name, to.name),
                format!(
                    "ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
                    qualified(table, Dialect::Postgres),
                    identifier(&from.name),
                    identifier(&to.name)
                ),
                Effect::on(table, Lock::AccessExclusive, Rows::Nothing),
            );
        }
    }
    for (from, to) in sequence(indexes, helper) {
        script.push(
            format!("Rename index {} to {}.", from.name, to.name),
            format!("ALTER INDEX {} RENAME TO {}", qualified(&from, Dialect::Postgres), identifier(&to.name)),
            Effect::default(),
        );
    }
}

/// A constraint or index that gets another name.
struct Renaming<'a> {
    from: &'a Text,
    to: &'a Text,
    /// Whether it is an index, or stands on one.
    is_index: bool,
}

/// What the alteration renames on Postgres; `None` where it renames no constraint and no index.
fn renaming<'a>(alteration: &Alteration<'a>) -> Option<Renaming<'a>> {
    let (from, to, is_index) = match alteration {
        Alteration::RenamePrimaryKey { from, to } => (&from.name, &to.name, true),
        Alteration::RenameUnique { from, to } => (&from.name, &to.name, true),
        Alteration::RenameIndex { from, to } => (&from.name, &to.name, true),
        Alteration::RenameCheck { from, to } => {
            to.postgres.as_ref()?;
            (&from.name, &to.name, false)
        }
        Alteration::RenameForeignKey { from, to } => (&from.name, &to.name, false),
        Alteration::RenameTable
        | Alteration::MoveTable
        | Alteration::CommentTable
        | Alteration::AddColumn(_)
        | Alteration::DropColumn(_)
        | Alteration::RenameColumn { .. }
        | Alteration::ModifyColumn { .. }
        | Alteration::ModifyPrimaryKey { .. }
        | Alteration::AddUnique(_)
        | Alteration::DropUnique(_)
        | Alteration::AddCheck(_)
        | Alteration::DropCheck(_)
        | Alteration::AddIndex(_)
        | Alteration::DropIndex(_)
        | Alteration::AddForeignKey(_)
        | Alteration::DropForeignKey(_) => return None,
    };
    Some(Renaming { from, to, is_index })
}

fn push_all(script: &mut Script, comment: String, statements: Vec<String>, effect: &Effect) {
    let mut comment = comment;
    for sql in statements {
        script.push(std::mem::take(&mut comment), sql, effect.clone());
    }
}

/// A name that nobody would choose, for as long as the real one is taken.
fn helper(name: &QualifiedName) -> QualifiedName {
    beside(name, naming::fit(&format!("_piccolo_old_{}", name.name), ""))
}

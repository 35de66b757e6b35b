//! The keys, indexes and sequences of tables: on Postgres they have their names among those of tables, in the same schema.

use std::cell::LazyCell;
use std::collections::HashSet;

use piccolo_runtime::schema::{Column, QualifiedName, Schema, Table, Text, naming};
use piccolo_runtime::sql::{Dialect, identifier, qualified};

use super::super::script::Script;
use super::{Parked, beside, helper};
use crate::change::{Changes, ModifyTable, TableChange};
use crate::plan::Effect;

/// What a table brings with it that has a name of its own.
struct Part {
    kind: Kind,
    name: Text,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Index,
    Sequence,
}

/// The name of the sequence behind a serial column.
pub(super) fn sequence(table: &Table, column: &Column) -> Text {
    naming::sequence(&table.sql_name.name, &column.sql_name).into()
}

/// The parts of a table. A primary key and a unique constraint are called as their index is.
fn parts(table: &Table) -> impl Iterator<Item = Part> {
    let keys = std::iter::once(&table.primary_key.name).chain(table.uniques.iter().map(|unique| &unique.name));
    let indexes = keys.chain(table.indexes.iter().map(|index| &index.name));
    let indexes = indexes.map(|name| Part { kind: Kind::Index, name: name.clone() });
    let serials = table.columns.iter().filter(|column| column.ty.is_serial());
    indexes.chain(serials.map(|column| Part { kind: Kind::Sequence, name: sequence(table, column) }))
}

/// The names of all tables and their parts.
pub(super) fn names(schema: &Schema) -> HashSet<QualifiedName> {
    let of = |table: &Table| {
        let parts = parts(table).map(|part| beside(&table.sql_name, part.name)).collect::<Vec<_>>();
        std::iter::once(table.sql_name.clone()).chain(parts)
    };
    schema.tables.iter().flat_map(of).collect()
}

/// Gives a helper name to what stands in the way of somebody else's new name: parts that go with their tables, last of all, and what of the
/// others is dropped or renamed only after tables and sequences have their names.
pub(super) fn park(new: &Schema, changes: &Changes<'_>, script: &mut Script, parked: &mut Parked) {
    // Most changes want none of them.
    let wanted = LazyCell::new(|| names(new));
    for table in changes.tables.iter().filter_map(TableChange::dropped) {
        for part in parts(table).filter(|part| wanted.contains(&beside(&table.sql_name, part.name.clone()))) {
            rename(&part, &table.sql_name, script);
        }
    }
    let modified = || changes.tables.iter().filter_map(TableChange::modified);
    let renamed = modified().filter(|change| change.from.sql_name != change.to.sql_name);
    let tables: HashSet<&QualifiedName> = renamed.map(|change| &change.to.sql_name).collect();
    let sequences: HashSet<QualifiedName> = modified().flat_map(new_sequences).collect();
    for change in modified() {
        for part in parts(change.from) {
            let name = beside(&change.from.sql_name, part.name.clone());
            let is_in_the_way = match part.kind {
                // Sequences that stay find an order among themselves.
                Kind::Sequence => tables.contains(&name) || stops_counting(change, &part) && wanted.contains(&name),
                Kind::Index => tables.contains(&name) || sequences.contains(&name),
            };
            if is_in_the_way {
                let helper = rename(&part, &change.from.sql_name, script);
                parked.parts.insert((change.to.sql_name.clone(), part.name), helper);
            }
        }
    }
}

/// The names that the table's sequences get by renames.
fn new_sequences(change: &ModifyTable<'_>) -> Vec<QualifiedName> {
    let counting = change.kept_columns().filter(|(from, to)| from.ty.is_serial() && to.ty.is_serial());
    let names = counting.map(|(from, to)| (sequence(change.from, from), sequence(change.to, to)));
    names.filter(|(from, to)| from != to).map(|(_, to)| beside(&change.to.sql_name, to)).collect()
}

/// Whether this is the sequence of a column that goes or no longer counts.
fn stops_counting(change: &ModifyTable<'_>, part: &Part) -> bool {
    let counts = |(from, to): (&Column, &Column)| {
        from.ty.is_serial() && to.ty.is_serial() && sequence(change.from, from) == part.name
    };
    !change.kept_columns().any(counts)
}

/// Renames a part to its helper name, which is given.
fn rename(part: &Part, table: &QualifiedName, script: &mut Script) -> Text {
    let name = beside(table, part.name.clone());
    let helper = helper(&name).name;
    let (word, noun) = match part.kind {
        Kind::Index => ("INDEX", "index"),
        Kind::Sequence => ("SEQUENCE", "sequence"),
    };
    let sql = format!("ALTER {word} {} RENAME TO {}", qualified(&name, Dialect::Postgres), identifier(&helper));
    let comment = format!("Rename {noun} {} to {helper}.", part.name);
    script.push(comment, sql, Effect::default());
    helper
}

//! Renames settled: every table, column, enum and value of the old schema with what it is in the new one.

use std::collections::HashMap;

use piccolo_runtime::schema::{Column, Enum, EnumValue, QualifiedName, Schema, Table, Text};

use super::pairing::{Named, Pairing, pair};
use crate::change::{Rename, Renames};

/// What is what, and the way from old names to new ones.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    pub(super) tables: Pairing<'a, Table>,
    pub(super) enums: Pairing<'a, Enum>,
    /// The columns of each table that stays, by its old name.
    pub(super) columns: HashMap<&'a QualifiedName, Pairing<'a, Column>>,
    /// The values of each enum that stays, by its old name.
    pub(super) values: HashMap<&'a QualifiedName, Pairing<'a, EnumValue>>,
    /// The new name of each table that stays, by its old one.
    table_names: HashMap<&'a QualifiedName, &'a QualifiedName>,
    /// The new name of each enum that stays, by its old one.
    enum_names: HashMap<&'a QualifiedName, &'a QualifiedName>,
    /// All renames, by database names.
    pub(super) renames: Vec<Rename>,
    /// The same renames backwards.
    pub(super) inverse: Vec<Rename>,
    /// Hints without effect.
    pub(super) idle: Vec<Rename>,
    /// Decisions without effect.
    pub(super) unknown: Vec<Rename>,
}

impl<'a> Pairs<'a> {
    /// The new name of a table; `None` where it goes.
    pub(super) fn table_name(&self, old: &QualifiedName) -> Option<&'a QualifiedName> {
        self.table_names.get(old).copied()
    }

    /// The new name of an enum; `None` where it goes.
    pub(super) fn enum_name(&self, old: &QualifiedName) -> Option<&'a QualifiedName> {
        self.enum_names.get(old).copied()
    }

    /// The new name of a column of a table, both by their old names; `None` where either goes.
    pub(super) fn column_name(&self, table: &QualifiedName, old: &str) -> Option<&'a Text> {
        self.columns.get(table)?.new_key(old)
    }

    /// The new text of an enum's value, by the enum's old name; `None` where it goes.
    pub(super) fn value_text(&self, enumeration: &QualifiedName, old: &str) -> Option<&'a Text> {
        self.values.get(enumeration)?.new_key(old)
    }
}

/// Settles all renames between two schemas.
pub(super) fn resolve<'a>(old: &'a Schema, new: &'a Schema, renames: &Renames) -> Pairs<'a> {
    let mut decided = Ledger::new(&renames.decided);
    let mut hints = Ledger::new(&renames.hints);
    let tables = pair_with(&old.tables, &new.tables, &mut decided, &mut hints, |rename| rename.parent.is_none());
    let enums = pair_with(&old.enums, &new.enums, &mut decided, &mut hints, |rename| rename.parent.is_none());
    let mut settled = Settled::default();
    let columns = inside(&tables, &mut decided, &mut hints, &mut settled, |table| &table.columns);
    let values = inside(&enums, &mut decided, &mut hints, &mut settled, |enumeration| &enumeration.values);
    let Settled { renames, inverse } = settled;
    Pairs {
        table_names: tables.kept().map(|(from, to)| (&from.sql_name, &to.sql_name)).collect(),
        enum_names: enums.kept().map(|(from, to)| (&from.sql_name, &to.sql_name)).collect(),
        tables,
        enums,
        columns,
        values,
        renames,
        inverse,
        idle: hints.unused(),
        unknown: decided.unused(),
    }
}

/// The renames that took place, both ways.
#[derive(Default)]
struct Settled {
    renames: Vec<Rename>,
    inverse: Vec<Rename>,
}

/// Pairs what is inside each pair of parents, and notes the renames of parents and children.
fn inside<'a, P, C>(
    parents: &Pairing<'a, P>,
    decided: &mut Ledger<'_>,
    hints: &mut Ledger<'_>,
    settled: &mut Settled,
    children: impl Fn(&'a P) -> &'a [C],
) -> HashMap<&'a QualifiedName, Pairing<'a, C>>
where
    P: Named<Key = QualifiedName>,
    C: Named<Key = Text>,
{
    let mut all = HashMap::new();
    for (from, to) in parents.kept() {
        if from.key() != to.key() {
            settled.renames.push(Rename::new(from.key().to_string(), to.key().to_string()));
            settled.inverse.push(Rename::new(to.key().to_string(), from.key().to_string()));
        }
        // The new name of a parent wins over the old name of another one.
        let others = |name: &str| parents.new.iter().any(|(_, new)| new.is_called(name));
        let concerns = |rename: &Rename| {
            rename
                .parent
                .as_deref()
                .is_some_and(|parent| to.is_called(parent) || from.is_called(parent) && !others(parent))
        };
        let pairing = pair_with(children(from), children(to), decided, hints, concerns);
        for (old, new) in pairing.kept().filter(|(old, new)| old.key() != new.key()) {
            let (was, is) = (old.key().clone(), new.key().clone());
            settled.renames.push(Rename::inside(to.key().to_string(), was.clone(), is.clone()));
            settled.inverse.push(Rename::inside(from.key().to_string(), is, was));
        }
        all.insert(from.key(), pairing);
    }
    all
}

/// Renames and whether each was used.
struct Ledger<'r> {
    renames: &'r [Rename],
    used: Vec<bool>,
}

impl<'r> Ledger<'r> {
    fn new(renames: &'r [Rename]) -> Self {
        Self { renames, used: vec![false; renames.len()] }
    }

    /// The unused renames of which the condition holds.
    fn applicable(&self, condition: impl Fn(&Rename) -> bool) -> Vec<(usize, &'r Rename)> {
        self.renames
            .iter()
            .enumerate()
            .zip(&self.used)
            .filter(|((_, rename), used)| !**used && condition(rename))
            .map(|(rename, _)| rename)
            .collect()
    }

    fn mark(&mut self, positions: Vec<usize>) {
        for position in positions {
            if let Some(used) = self.used.get_mut(position) {
                *used = true;
            }
        }
    }

    fn unused(self) -> Vec<Rename> {
        self.renames.iter().zip(self.used).filter(|(_, used)| !used).map(|(rename, _)| rename.clone()).collect()
    }
}

/// Pairs two lists with the renames of which the condition holds, and notes which of them were used.
fn pair_with<'a, T: Named>(
    old: &'a [T],
    new: &'a [T],
    decided: &mut Ledger<'_>,
    hints: &mut Ledger<'_>,
    condition: impl Fn(&Rename) -> bool,
) -> Pairing<'a, T> {
    let (pairing, used_decisions, used_hints) =
        pair(old, new, &decided.applicable(&condition), &hints.applicable(&condition));
    decided.mark(used_decisions);
    hints.mark(used_hints);
    pairing
}

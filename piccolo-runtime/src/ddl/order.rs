//! The order in which tables can be created.

use std::collections::{HashMap, HashSet};

use crate::schema::{ForeignKey, QualifiedName, Table};

/// An order of creation in which every foreign key points backwards, but for those that close a cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct CreationOrder<'a> {
    /// The tables, targets first, otherwise in the order given.
    pub tables: Vec<&'a Table>,
    /// The foreign keys that close a cycle, with their tables: they point to a table that comes later.
    pub deferred: Vec<(&'a Table, &'a ForeignKey)>,
}

impl<'a> CreationOrder<'a> {
    /// The deferred keys of this table.
    #[must_use]
    pub fn deferred_of(&self, table: &Table) -> Vec<&'a ForeignKey> {
        let owned = self.deferred.iter().filter(|(owner, _)| owner.sql_name == table.sql_name);
        owned.map(|(_, key)| *key).collect()
    }
}

/// Sorts tables so that each comes after the tables that it points to. Targets outside the list are taken as existing.
#[must_use]
pub fn creation_order<'a>(tables: &[&'a Table]) -> CreationOrder<'a> {
    let by_name: HashMap<&QualifiedName, &'a Table> = tables.iter().map(|table| (&table.sql_name, *table)).collect();
    let mut entered: HashSet<&QualifiedName> = HashSet::new();
    let mut order = CreationOrder { tables: Vec::with_capacity(tables.len()), deferred: Vec::new() };
    for table in tables {
        if !entered.insert(&table.sql_name) {
            continue;
        }
        // A stack of our own: a chain of ten thousand tables must not overflow that of the thread.
        let mut stack = vec![(*table, table.foreign_keys.iter())];
        while let Some((_, keys)) = stack.last_mut() {
            let Some(key) = keys.next() else {
                if let Some((done, _)) = stack.pop() {
                    order.tables.push(done);
                }
                continue;
            };
            if let Some(target) = by_name.get(&key.target)
                && entered.insert(&target.sql_name)
            {
                stack.push((target, target.foreign_keys.iter()));
            }
        }
    }
    // A key is deferred when its target comes after its table.
    let mut created: HashSet<&QualifiedName> = HashSet::new();
    for table in &order.tables {
        created.insert(&table.sql_name);
        for key in table.foreign_keys.iter() {
            if by_name.contains_key(&key.target) && !created.contains(&key.target) {
                order.deferred.push((table, key));
            }
        }
    }
    order
}

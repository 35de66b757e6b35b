//! Tables that come and go, and comments.

use std::collections::HashSet;

use piccolo_runtime::ddl::{
    self, CreateTable, Unsupported, create_index, create_table_statement, creation_order, table_comments,
};
use piccolo_runtime::schema::{ForeignKey, QualifiedName, Table};
use piccolo_runtime::sql::{Dialect, identifier, qualified};

use super::Work;
use super::script::Script;
use crate::change::{Alteration, EnumChange, TableChange};
use crate::plan::effect::{Effect, Lock, Work as Rows};

/// Creates the new tables with their indexes, targets first. Gives the foreign keys that have to wait: those that close a ring, and
/// those to a table that changes in the same migration.
pub(super) fn create<'a>(
    work: &Work<'a>,
    script: &mut Script,
) -> Result<Vec<(&'a Table, &'a ForeignKey)>, Unsupported> {
    let added: Vec<&Table> = work.changes.tables.iter().filter_map(TableChange::added).collect();
    let changing: HashSet<&QualifiedName> = work.touched.iter().map(|change| &change.to.sql_name).collect();
    let names: HashSet<&QualifiedName> = added.iter().map(|table| &table.sql_name).collect();
    let order = creation_order(&added);
    let mut waiting = order.deferred.clone();
    for table in &order.tables {
        let to_changing = table.foreign_keys.iter().filter(|key| changing.contains(&key.target));
        waiting.extend(to_changing.map(|key| (*table, key)));
        let deferred: Vec<&ForeignKey> =
            waiting.iter().filter(|(owner, _)| owner.sql_name == table.sql_name).map(|(_, key)| *key).collect();
        let options = CreateTable { name: &table.sql_name, deferred: &deferred, if_not_exists: false };
        let mut effect = Effect::default();
        for key in table.foreign_keys.iter() {
            let exists = !names.contains(&key.target) && !deferred.iter().any(|deferred| deferred.name == key.name);
            if exists {
                effect = effect.and(&key.target, Lock::ShareRowExclusive);
            }
        }
        let sql = create_table_statement(table, work.new, options, Dialect::Postgres)?;
        script.push(format!("Create table {}.", table.sql_name), sql, effect);
        for index in table.indexes.iter() {
            let sql = create_index(&table.sql_name, index, Dialect::Postgres)?;
            script.push(format!("Create index {}.", index.name), sql, Effect::default());
        }
        for sql in table_comments(table, Dialect::Postgres) {
            script.push("", sql, Effect::default());
        }
    }
    Ok(waiting)
}

/// Drops the tables that go, those that point to others first; keys that form a ring before them.
pub(super) fn drop(work: &Work<'_>, script: &mut Script) {
    let dropped: Vec<&Table> = work.changes.tables.iter().filter_map(TableChange::dropped).collect();
    let order = creation_order(&dropped);
    for (table, key) in &order.deferred {
        let name = work.parked.table(table);
        script.push(
            format!("Drop foreign key {}.", key.name),
            format!("ALTER TABLE {} DROP CONSTRAINT {}", qualified(name, Dialect::Postgres), identifier(&key.name)),
            Effect::on(name, Lock::AccessExclusive, Rows::Nothing).and(&key.target, Lock::AccessExclusive),
        );
    }
    for table in order.tables.iter().rev() {
        let name = work.parked.table(table);
        let mut effect = Effect::on(name, Lock::AccessExclusive, Rows::Nothing);
        for key in table.foreign_keys.iter() {
            let gone_before = order
                .deferred
                .iter()
                .any(|(owner, deferred)| owner.sql_name == table.sql_name && deferred.name == key.name);
            if !gone_before && !work.dependents.goes_before(table, key) {
                effect = effect.and(new_name(work, &key.target), Lock::AccessExclusive);
            }
        }
        let sql = ddl::drop_table(name, Dialect::Postgres);
        script.push(format!("Drop table {}.", table.sql_name), sql, effect);
    }
}

/// The name that a table has after the renames, by its old one.
fn new_name<'a>(work: &Work<'a>, old: &'a QualifiedName) -> &'a QualifiedName {
    work.modified().find(|change| change.from.sql_name == *old).map_or(old, |change| &change.to.sql_name)
}

/// Writes the comments that change.
pub(super) fn comment(work: &Work<'_>, script: &mut Script) {
    for change in &work.changes.enums {
        if let EnumChange::ModifyEnum(change) = change
            && change.from.doc != change.to.doc
            && !super::enums::must_be_remade(change)
        {
            let comment = format!("Comment on enum {}.", change.to.sql_name);
            script.push(comment, ddl::comment_on_enum(change.to), Effect::default());
        }
    }
    for change in work.modified() {
        let table = &change.to.sql_name;
        let effect = Effect::on(table, Lock::ShareUpdateExclusive, Rows::Nothing);
        if change.alterations.contains(&Alteration::CommentTable) {
            let sql = ddl::comment_on_table(change.to);
            script.push(format!("Comment on table {table}."), sql, effect.clone());
        }
        for column in change.to.columns.iter() {
            let is_new = change.old_column(column).is_none();
            if change.difference(column).doc || is_new && !column.doc.is_empty() {
                let sql = ddl::comment_on_column(change.to, column);
                script.push(format!("Comment on column {table}.{}.", column.sql_name), sql, effect.clone());
            }
        }
    }
}

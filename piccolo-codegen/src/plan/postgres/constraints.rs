//! Constraints and indexes: drops before everything else, additions after.

use piccolo_runtime::ddl::{
    CreateIndex, Unsupported, check_clause, create_index_statement, foreign_key_clause, primary_key_clause,
    unique_clause,
};
use piccolo_runtime::schema::{Check, ForeignKey, Index, IndexKey, IndexKeyKind, QualifiedName, Table, Unique};
use piccolo_runtime::sql::{Dialect, identifier, qualified};

use super::script::Script;
use super::{Work, beside};
use crate::change::Alteration;
use crate::plan::effect::{Effect, Lock, Work as Rows};

/// Drops what goes and what comes back: foreign keys first, because they hold on to the other table's key.
pub(super) fn drop(work: &Work<'_>, script: &mut Script) {
    for change in work.modified() {
        for alteration in &change.alterations {
            if let Alteration::DropForeignKey(key) = alteration {
                drop_foreign_key(work, &change.to.sql_name, &key.name, key, script);
            }
        }
    }
    for (table, name, key) in &work.dependents.foreign_keys {
        drop_foreign_key(work, &table.sql_name, name, key, script);
    }
    for (table, key) in &work.dependents.going {
        drop_foreign_key(work, work.parked.table(table), &key.name, key, script);
    }
    for change in work.modified() {
        let table = &change.to.sql_name;
        for alteration in &change.alterations {
            let by_now = |name| work.parked.part(table, name);
            if let Alteration::DropIndex(index) = alteration {
                drop_index(work, table, by_now(&index.name), script);
            } else if let Alteration::DropCheck(Check { name, postgres: Some(_), .. }) = alteration {
                drop_constraint(table, "check", name, script);
            } else if let Alteration::DropUnique(unique) = alteration {
                drop_constraint(table, "unique", by_now(&unique.name), script);
            } else if let Alteration::ModifyPrimaryKey { from, .. } = alteration {
                drop_constraint(table, "primary key", by_now(&from.name), script);
            }
        }
    }
    for (table, name, _) in &work.dependents.indexes {
        drop_index(work, &table.sql_name, work.parked.part(&table.sql_name, name), script);
    }
    for (table, name, _) in &work.dependents.checks {
        drop_constraint(&table.sql_name, "check", name, script);
    }
}

fn drop_foreign_key(work: &Work<'_>, table: &QualifiedName, name: &str, key: &ForeignKey, script: &mut Script) {
    let target = work.modified().find(|change| change.from.sql_name == key.target);
    let target = target.map_or(&key.target, |change| &change.to.sql_name);
    script.push(
        format!("Drop foreign key {name}."),
        format!("ALTER TABLE {} DROP CONSTRAINT {}", qualified(table, Dialect::Postgres), identifier(name)),
        Effect::on(table, Lock::AccessExclusive, Rows::Nothing).and(target, Lock::AccessExclusive),
    );
}

fn drop_constraint(table: &QualifiedName, kind: &str, name: &str, script: &mut Script) {
    script.push(
        format!("Drop {kind} {name}."),
        format!("ALTER TABLE {} DROP CONSTRAINT {}", qualified(table, Dialect::Postgres), identifier(name)),
        Effect::on(table, Lock::AccessExclusive, Rows::Nothing),
    );
}

fn drop_index(work: &Work<'_>, table: &QualifiedName, name: &str, script: &mut Script) {
    let index = qualified(&beside(table, name), Dialect::Postgres);
    let comment = format!("Drop index {name}.");
    if work.online {
        let effect = Effect::on(table, Lock::ShareUpdateExclusive, Rows::Nothing);
        script.alone(comment, format!("DROP INDEX CONCURRENTLY {index}"), effect);
    } else {
        let effect = Effect::on(table, Lock::AccessExclusive, Rows::Nothing);
        script.push(comment, format!("DROP INDEX {index}"), effect);
    }
}

/// Adds what is new and what comes back: keys and indexes first, because foreign keys stand on them.
pub(super) fn add(work: &Work<'_>, deferred: &[(&Table, &ForeignKey)], script: &mut Script) -> Result<(), Unsupported> {
    for change in work.modified() {
        for alteration in &change.alterations {
            let table = &change.to.sql_name;
            if let Alteration::ModifyPrimaryKey { to, .. } = alteration {
                let key = Unique { name: to.name.clone(), columns: to.columns.clone() };
                add_key(work, table, &key, ("primary key", "PRIMARY KEY", primary_key_clause(to)), script)?;
            } else if let Alteration::AddUnique(unique) = alteration {
                add_key(work, table, unique, ("unique", "UNIQUE", unique_clause(unique)), script)?;
            } else if let Alteration::AddIndex(index) = alteration {
                add_index(work, table, index, script)?;
            } else if let Alteration::AddCheck(check) = alteration {
                add_check(work, table, check, script);
            }
        }
    }
    for (table, _, index) in &work.dependents.indexes {
        add_index(work, &table.sql_name, index, script)?;
    }
    for (table, _, check) in &work.dependents.checks {
        add_check(work, &table.sql_name, check, script);
    }
    for (table, key) in foreign_keys(work, deferred) {
        add_foreign_key(work, table, key, script);
    }
    Ok(())
}

/// The foreign keys that are added once everything that they stand on is there: those of new tables that had to wait, new ones, and those
/// that come back.
fn foreign_keys<'a>(work: &Work<'a>, deferred: &[(&'a Table, &'a ForeignKey)]) -> Vec<(&'a Table, &'a ForeignKey)> {
    let new = work.modified().flat_map(|change| {
        let table = change.to;
        change.alterations.iter().filter_map(move |alteration| {
            if let Alteration::AddForeignKey(key) = alteration { Some((table, *key)) } else { None }
        })
    });
    let back = work.dependents.foreign_keys.iter().map(|(table, _, key)| (*table, *key));
    deferred.iter().copied().chain(new).chain(back).collect()
}

/// Adds a primary key or a unique constraint.
fn add_key(
    work: &Work<'_>,
    table: &QualifiedName,
    key: &Unique,
    (kind, words, clause): (&str, &str, String),
    script: &mut Script,
) -> Result<(), Unsupported> {
    let comment = format!("Add {kind} {}.", key.name);
    let table_name = qualified(table, Dialect::Postgres);
    if !work.online {
        let effect = Effect::on(table, Lock::AccessExclusive, Rows::Scan);
        script.push(comment, format!("ALTER TABLE {table_name} ADD {clause}"), effect);
        return Ok(());
    }
    // The index is built while the table is in use; the constraint then takes it over at once.
    let keys: Vec<IndexKey> = key
        .columns
        .iter()
        .map(|column| IndexKey { kind: IndexKeyKind::Column(column.clone()), descending: false })
        .collect();
    let index = Index { name: key.name.clone(), unique: true, keys: keys.into(), method: None, predicate: None };
    add_index(work, table, &index, script)?;
    let name = identifier(&key.name);
    script.push(
        comment,
        format!("ALTER TABLE {table_name} ADD CONSTRAINT {name} {words} USING INDEX {name}"),
        Effect::on(table, Lock::AccessExclusive, Rows::Nothing),
    );
    Ok(())
}

fn add_index(work: &Work<'_>, table: &QualifiedName, index: &Index, script: &mut Script) -> Result<(), Unsupported> {
    let options = CreateIndex { concurrently: work.online, ..CreateIndex::default() };
    let sql = create_index_statement(table, index, options, Dialect::Postgres)?;
    let comment = format!("Create index {}.", index.name);
    if work.online {
        script.alone(comment, sql, Effect::on(table, Lock::ShareUpdateExclusive, Rows::Scan));
    } else {
        script.push(comment, sql, Effect::on(table, Lock::Share, Rows::Scan));
    }
    Ok(())
}

fn add_check(work: &Work<'_>, table: &QualifiedName, check: &Check, script: &mut Script) {
    let Some(clause) = check_clause(check, Dialect::Postgres) else { return };
    let (end, rows) = if work.online { (" NOT VALID", Rows::Nothing) } else { ("", Rows::Scan) };
    script.push(
        format!("Add check {}.", check.name),
        format!("ALTER TABLE {} ADD {clause}{end}", qualified(table, Dialect::Postgres)),
        Effect::on(table, Lock::AccessExclusive, rows),
    );
}

fn add_foreign_key(work: &Work<'_>, table: &Table, key: &ForeignKey, script: &mut Script) {
    let (end, rows) = if work.online { (" NOT VALID", Rows::Nothing) } else { ("", Rows::Scan) };
    let clause = foreign_key_clause(key, Dialect::Postgres);
    script.push(
        format!("Add foreign key {}.", key.name),
        format!("ALTER TABLE {} ADD {clause}{end}", qualified(&table.sql_name, Dialect::Postgres)),
        Effect::on(&table.sql_name, Lock::ShareRowExclusive, rows).and(&key.target, Lock::ShareRowExclusive),
    );
}

/// Validates what was added without looking at the rows: a step for each, with locks that stop nobody.
pub(super) fn validate(work: &Work<'_>, deferred: &[(&Table, &ForeignKey)], script: &mut Script) {
    let new = work.modified().flat_map(|change| {
        change.alterations.iter().filter_map(move |alteration| {
            if let Alteration::AddCheck(check) = alteration { Some((change.to, *check)) } else { None }
        })
    });
    let back = work.dependents.checks.iter().map(|(table, _, check)| (*table, *check));
    for (table, check) in new.chain(back).filter(|(_, check)| check.postgres.is_some()) {
        let effect = Effect::on(&table.sql_name, Lock::ShareUpdateExclusive, Rows::Scan);
        validate_constraint(table, &check.name, effect, script);
    }
    for (table, key) in foreign_keys(work, deferred) {
        let effect = Effect::on(&table.sql_name, Lock::ShareUpdateExclusive, Rows::Scan);
        validate_constraint(table, &key.name, effect.and(&key.target, Lock::RowShare), script);
    }
}

fn validate_constraint(table: &Table, name: &str, effect: Effect, script: &mut Script) {
    script.cut(&format!("Validate {name}"));
    script.push(
        format!("Validate {name}."),
        format!(
            "ALTER TABLE {} VALIDATE CONSTRAINT {}",
            qualified(&table.sql_name, Dialect::Postgres),
            identifier(name)
        ),
        effect,
    );
}

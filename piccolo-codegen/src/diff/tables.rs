//! Tables compared.

use piccolo_runtime::schema::{QualifiedName, Table};

use super::resolve::Pairs;
use super::{columns, constraints};
use crate::change::{Alteration, ModifyTable, TableChange};

/// What happens to tables.
pub(super) fn changes<'a>(pairs: &Pairs<'a>) -> Vec<TableChange<'a>> {
    let mut changes = Vec::new();
    for (from, to) in &pairs.tables.new {
        match from {
            None => changes.push(TableChange::AddTable(to)),
            // Where nothing was renamed, equal tables mean the same; otherwise a target could be meant that has changed.
            Some(from) if pairs.renames.is_empty() && from == to => {}
            Some(from) => {
                let alterations = alterations(pairs, from, to);
                if !alterations.is_empty() {
                    changes.push(TableChange::ModifyTable(ModifyTable { from, to, alterations }));
                }
            }
        }
    }
    changes.extend(pairs.tables.dropped.iter().map(|dropped| TableChange::DropTable(dropped)));
    changes
}

/// The tables whose columns that stay are in another order.
pub(super) fn reordered<'a>(pairs: &Pairs<'a>) -> Vec<&'a QualifiedName> {
    let is_reordered = |from: &Table| {
        let kept = pairs.columns.get(&from.sql_name).into_iter().flat_map(|columns| columns.new.iter());
        // All of them stand in one list, so their places in memory are in its order.
        !kept.filter_map(|(old, _)| old.map(std::ptr::from_ref)).is_sorted()
    };
    let stay = pairs.tables.new.iter().filter_map(|(from, to)| Some(((*from)?, *to)));
    stay.filter(|(from, _)| is_reordered(from)).map(|(_, to)| &to.sql_name).collect()
}

/// What happens inside a table that stays.
fn alterations<'a>(pairs: &Pairs<'a>, from: &'a Table, to: &'a Table) -> Vec<Alteration<'a>> {
    // The name in the schema language is no business of the database.
    let Table { name: _, sql_name, doc, columns: _, primary_key, uniques, checks, indexes, foreign_keys } = from;
    let mut out = Vec::new();
    if sql_name.name != to.sql_name.name {
        out.push(Alteration::RenameTable);
    }
    if sql_name.schema != to.sql_name.schema {
        out.push(Alteration::MoveTable);
    }
    if *doc != to.doc {
        out.push(Alteration::CommentTable);
    }
    if let Some(paired) = pairs.columns.get(sql_name) {
        out.extend(columns::alterations(pairs, paired));
    }
    out.extend(constraints::primary_key(pairs, sql_name, primary_key, &to.primary_key));
    out.extend(constraints::parts(pairs, sql_name, uniques, &to.uniques));
    out.extend(constraints::parts(pairs, sql_name, checks, &to.checks));
    out.extend(constraints::parts(pairs, sql_name, indexes, &to.indexes));
    out.extend(constraints::parts(pairs, sql_name, foreign_keys, &to.foreign_keys));
    out
}

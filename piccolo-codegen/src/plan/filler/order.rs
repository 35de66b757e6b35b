//! Tables in an order in which what made-up keys point to is there.

use crate::change::ModifyTable;
use crate::plan::Answers;
use crate::plan::answers::Backfill;

/// The tables in their order, but for those with keys that are made up: they come after what their keys point to, where that gets its
/// values in the same migration. Where tables wait for each other the first one begins.
pub(in crate::plan) fn targets_first<'a>(changes: Vec<ModifyTable<'a>>, answers: &Answers) -> Vec<ModifyTable<'a>> {
    let mut waiting = changes;
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free =
            |change: &ModifyTable<'_>| !waiting.iter().any(|other| points_to_what_comes(change, other, answers));
        let next = waiting.iter().position(is_free).unwrap_or_default();
        ordered.push(waiting.remove(next));
    }
    ordered
}

/// Whether a key that is made up points to a column of the other table which gets its values in the same migration.
fn points_to_what_comes(change: &ModifyTable<'_>, other: &ModifyTable<'_>, answers: &Answers) -> bool {
    let (own, target) = (&change.to.sql_name, &other.to.sql_name);
    let is_made_up = |name| {
        let column = change.to.column(name);
        column.is_some_and(|column| answers.backfill(change.to, column) == Some(&Backfill::Filler))
    };
    let comes = |name| {
        let column = other.to.column(name);
        column.is_some_and(|column| other.old_column(column).is_none() || answers.backfill(other.to, column).is_some())
    };
    own != target
        && change.to.foreign_keys.iter().any(|key| {
            key.target == *target
                && key.columns.iter().any(|name| is_made_up(name))
                && key.target_columns.iter().any(|name| comes(name))
        })
}

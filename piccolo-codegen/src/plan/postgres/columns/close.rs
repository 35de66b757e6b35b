//! Columns that take no more nulls.

use piccolo_runtime::schema::naming;
use piccolo_runtime::sql::identifier;

use super::Altered;
use super::fill::Filling;
use crate::plan::effect::{Effect, Lock, Work as Rows};
use crate::plan::postgres::Work;
use crate::plan::postgres::script::Script;

/// Closes to nulls the columns that no longer take any, once their rows have values.
///
/// Online that is done through a check, which is validated while the table is in use and which the engine then believes. Whoever still writes
/// rows the old way does so until the check is there, so that those rows are filled after that.
pub(super) fn close(work: &Work<'_>, columns: &[Altered<'_, '_>], filling: &Filling<'_, '_>, script: &mut Script) {
    let closing: Vec<&Altered<'_, '_>> = columns.iter().filter(|column| column.closes()).collect();
    if !work.online {
        for column in closing {
            let words = format!("ALTER COLUMN {} SET NOT NULL", column.name);
            column.say(column.closing(), words, Rows::Scan, script);
        }
        return;
    }
    for column in &closing {
        let condition = format!("ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", column.check(), column.name);
        column.say(format!("Refuse new nulls in {}.", column.plain_name()), condition, Rows::Nothing, script);
    }
    filling.fill_again(&closing, script);
    for column in closing {
        script.apart(
            format!("Find no nulls in {}.", column.plain_name()),
            format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", column.table, column.check()),
            Effect::on(&column.change.to.sql_name, Lock::ShareUpdateExclusive, Rows::Scan),
        );
        let words = format!("ALTER COLUMN {} SET NOT NULL", column.name);
        column.say(column.closing(), words, Rows::Nothing, script);
        column.say(String::new(), format!("DROP CONSTRAINT {}", column.check()), Rows::Nothing, script);
    }
}

impl Altered<'_, '_> {
    /// Whether it has taken nulls so far, or was open for as long as its rows had no values.
    fn closes(&self) -> bool {
        if self.column.null {
            return false;
        }
        match self.from {
            Some(_) => self.differs.null,
            None => self.waits_for_default() || self.backfill().is_some() && self.column.default.is_none(),
        }
    }

    fn closing(&self) -> String {
        format!("Take no more nulls into {}.", self.plain_name())
    }

    /// The quoted name of the check that refuses nulls for a while.
    fn check(&self) -> String {
        identifier(&naming::fit(&format!("_piccolo_{}", self.column.sql_name), "_not_null"))
    }
}

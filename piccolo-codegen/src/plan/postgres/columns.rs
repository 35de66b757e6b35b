//! Columns: new ones, and those that change their type, default or null; then those that go.
//!
//! What a person's expressions compute, they compute over the row as it was: whatever rows of a table get, they get in one statement, before
//! anything else changes their values. SQLite's rebuild does the same.

mod close;
mod fill;
mod guard;
mod retype;

use piccolo_runtime::ddl::{Unsupported, column_definition, default_expression, identity};
use piccolo_runtime::schema::{Column, Default};
use piccolo_runtime::sql::{Dialect, identifier, qualified};

use self::fill::Filling;
use self::retype::Retype;
use super::Work;
use super::script::Script;
use crate::change::{Alteration, ColumnDifference, ModifyEnum, ModifyTable};
use crate::plan::answers::Backfill;
use crate::plan::effect::{Effect, Lock, Work as Rows};
use crate::plan::filler;

const DEFAULT: &Backfill = &Backfill::Default;

/// Adds and changes columns, a table after the other. Those with values that are made up are brought to an end when all others have their
/// types, because such a value may point there.
pub(super) fn change(work: &Work<'_>, script: &mut Script) -> Result<(), Unsupported> {
    let mut late = Vec::new();
    for change in &work.touched {
        let columns = Altered::all(work, change, &[])?;
        columns.iter().for_each(|column| column.make_room(script));
        for column in &columns {
            column.add(script)?;
        }
        columns.iter().for_each(|column| column.relabel(script));
        let filling = Filling::of(work, change, &columns)?;
        filling.fill(script);
        columns.iter().for_each(|column| column.convert(script));
        if filling.makes_up() {
            late.push(change.clone());
        } else {
            finish(work, &columns, &filling, script)?;
        }
    }
    let late = filler::targets_first(late, work.answers);
    for (position, change) in late.iter().enumerate() {
        let waiting = late.get(position..).unwrap_or_default();
        let columns = Altered::all(work, change, waiting)?;
        let filling = Filling::of(work, change, &columns)?;
        filling.make_up(script);
        finish(work, &columns, &filling, script)?;
    }
    Ok(())
}

/// Brings the columns of a table whose rows have all their values to an end.
fn finish(
    work: &Work<'_>,
    columns: &[Altered<'_, '_>],
    filling: &Filling<'_, '_>,
    script: &mut Script,
) -> Result<(), Unsupported> {
    for column in columns {
        column.settle(script)?;
    }
    close::close(work, columns, filling, script);
    // What takes nulls does not count.
    columns.iter().filter(|column| column.begins_to_count()).for_each(|column| column.count(script));
    Ok(())
}

/// Drops the columns that go.
pub(super) fn drop(work: &Work<'_>, script: &mut Script) {
    for change in work.modified() {
        for column in change.alterations.iter().filter_map(Alteration::dropped_column) {
            let table = &change.to.sql_name;
            script.push(
                format!("Drop column {table}.{}.", column.sql_name),
                format!(
                    "ALTER TABLE {} DROP COLUMN {}",
                    qualified(table, Dialect::Postgres),
                    identifier(work.parked.column(change.from, column))
                ),
                Effect::on(table, Lock::AccessExclusive, Rows::Nothing),
            );
        }
    }
}

/// One column that is added or changed.
struct Altered<'w, 'a> {
    work: &'w Work<'a>,
    change: &'w ModifyTable<'a>,
    /// The tables whose values are still to be made up, this one among them.
    waiting: &'w [ModifyTable<'a>],
    /// The column as it shall be.
    column: &'a Column,
    /// The column as it was; `None` where it is new.
    from: Option<&'a Column>,
    differs: ColumnDifference,
    /// Its enum, where the type is created anew under it.
    moved: Option<&'w ModifyEnum<'a>>,
    /// How it gets its type.
    retype: Retype,
    /// The table's name, quoted.
    table: String,
    /// The column's name, quoted.
    name: String,
}

impl<'w, 'a> Altered<'w, 'a> {
    /// The columns of a table that are added or changed, in their declared order.
    fn all(
        work: &'w Work<'a>,
        change: &'w ModifyTable<'a>,
        waiting: &'w [ModifyTable<'a>],
    ) -> Result<Vec<Self>, Unsupported> {
        let mut all = Vec::new();
        for column in change.to.columns.iter() {
            let (from, differs) = (change.old_column(column), change.difference(column));
            let moved = from.and_then(|_| work.remade_of(column)).filter(|_| !differs.ty);
            if from.is_some() && !differs.is_storage() && moved.is_none() {
                continue;
            }
            let table = qualified(&change.to.sql_name, Dialect::Postgres);
            let name = identifier(&column.sql_name);
            let retype = Retype::No;
            let mut altered = Self { work, change, waiting, column, from, differs, moved, retype, table, name };
            altered.retype = Retype::of(&altered)?;
            all.push(altered);
        }
        Ok(all)
    }

    /// What its rows get: what was decided, or the default where it is added without it.
    fn backfill(&self) -> Option<&'w Backfill> {
        self.decided().or(if self.waits_for_default() { Some(DEFAULT) } else { None })
    }

    fn decided(&self) -> Option<&'w Backfill> {
        self.work.answers.backfill(self.change.to, self.column)
    }

    /// Whether the column changes its type, or what its type is.
    fn is_retyped(&self) -> bool {
        self.differs.ty || self.differs.collation || self.moved.is_some()
    }

    /// Whether its default goes in between.
    fn loses_default(&self, from: &Column) -> bool {
        from.default.is_some() && (self.is_retyped() || self.differs.default && self.column.default.is_none())
    }

    /// Takes away what stands in the way of a change.
    fn make_room(&self, script: &mut Script) {
        let Some(from) = self.from else { return };
        if from.ty.is_serial() && !self.column.ty.is_serial() {
            self.alter("Count no more", "DROP IDENTITY", script);
        }
        if self.loses_default(from) {
            self.alter("Drop the default of", "DROP DEFAULT", script);
        }
        // Before its rows get what may be a null.
        if self.differs.null && self.column.null {
            self.alter("Let nulls into", "DROP NOT NULL", script);
        }
    }

    /// Adds the column, where it is new. Where its rows get values of their own, it takes nulls until they have them.
    fn add(&self, script: &mut Script) -> Result<(), Unsupported> {
        if self.from.is_some() {
            return Ok(());
        }
        let waits = self.waits_for_default();
        let mut open = self.column.clone();
        if waits {
            open.default = None;
        }
        open.null |= self.backfill().is_some() && open.default.is_none();
        let definition = column_definition(self.change.to, &open, self.work.new, Dialect::Postgres)?;
        let rows = if open.ty.is_serial() { Rows::Rewrite } else { default_work(&open) };
        self.say(format!("Add column {}.", self.plain_name()), format!("ADD COLUMN {definition}"), rows, script);
        if let Some(default) = self.column.default.as_ref().filter(|_| waits) {
            let default = default_expression(default, &self.column.ty, Dialect::Postgres)?;
            self.alter("Set the default of", &format!("SET DEFAULT {default}"), script);
        }
        Ok(())
    }

    /// Whether it is added without its default: online, so that the table is not written anew, and so that what others write into it in the
    /// meantime is told from what has to be filled.
    fn waits_for_default(&self) -> bool {
        let is_filled = self.column.default.is_some() && self.decided().is_some();
        self.from.is_none() && self.work.online && (is_filled || default_work(self.column) != Rows::Nothing)
    }

    /// Whether it stays and has not been counted up so far.
    fn begins_to_count(&self) -> bool {
        self.column.ty.is_serial() && self.from.is_some_and(|from| !from.ty.is_serial())
    }

    /// What follows the type of a column that stays: it gets its default.
    fn settle(&self, script: &mut Script) -> Result<(), Unsupported> {
        let Some(from) = self.from else { return Ok(()) };
        let to = self.column;
        if let Some(default) = to.default.as_ref().filter(|_| self.differs.default || self.loses_default(from)) {
            let default = default_expression(default, &to.ty, Dialect::Postgres)?;
            self.alter("Set the default of", &format!("SET DEFAULT {default}"), script);
        }
        Ok(())
    }

    /// Lets the database count the column up from the greatest value that it has.
    fn count(&self, script: &mut Script) {
        self.alter("Count up", &format!("ADD {}", identity(self.change.to, self.column)), script);
        // Only a primary key counts, so that the greatest value is found in its index, unless that is made later.
        let is_key_change = |alteration: &Alteration<'_>| matches!(alteration, Alteration::ModifyPrimaryKey { .. });
        let has_index = !self.change.alterations.iter().any(is_key_change);
        script.push(
            "",
            super::count_on(&self.change.to.sql_name, &self.column.sql_name),
            Effect::on(&self.change.to.sql_name, Lock::AccessShare, if has_index { Rows::Nothing } else { Rows::Scan }),
        );
    }

    /// The condition that only rows without a value meet.
    fn is_null(&self) -> String {
        format!("{} IS NULL", self.name)
    }

    /// A change of the column that only touches the catalogue.
    fn alter(&self, what: &str, words: &str, script: &mut Script) {
        let comment = format!("{what} {}.", self.plain_name());
        self.say(comment, format!("ALTER COLUMN {} {words}", self.name), Rows::Nothing, script);
    }

    /// `ALTER TABLE` with these words.
    fn say(&self, comment: String, words: String, rows: Rows, script: &mut Script) {
        let effect = Effect::on(&self.change.to.sql_name, Lock::AccessExclusive, rows);
        script.push(comment, format!("ALTER TABLE {} {words}", self.table), effect);
    }

    /// What a reader calls the column.
    fn plain_name(&self) -> String {
        format!("{}.{}", self.change.to.sql_name, self.column.sql_name)
    }
}

/// What a new column's default does to the rows: a value that is the same for all is kept in the catalogue.
fn default_work(column: &Column) -> Rows {
    match &column.default {
        None
        | Some(
            Default::Boolean(_)
            | Default::Integer(_)
            | Default::Decimal(_)
            | Default::Text(_)
            | Default::DateTime(_)
            | Default::Interval(_)
            | Default::Uuid(_)
            | Default::Json(_)
            | Default::Bytes(_)
            | Default::Variant(_)
            | Default::Array(_)
            | Default::Now
            | Default::Today,
        ) => Rows::Nothing,
        Some(Default::Uuid4 | Default::Uuid7) => Rows::Rewrite,
        Some(Default::Sql(_)) => Rows::PerhapsRewrite,
    }
}

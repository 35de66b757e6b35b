//! Columns: new ones, and those that change their type, default or null; then those that go.

use piccolo_runtime::ddl::{Unsupported, collation, column_definition, conversion_expression, default_expression};
use piccolo_runtime::schema::{
    Column, ColumnType, Default, Index, IndexKey, IndexKeyKind, QualifiedName, Text, naming,
};
use piccolo_runtime::sql::{Dialect, column_type, identifier, literal, qualified};

use super::Work;
use super::script::Script;
use crate::change::{Alteration, ModifyTable};
use crate::plan::answers::Backfill;
use crate::plan::effect::{Effect, Lock, Work as Rows};
use crate::plan::{Batches, filler};

/// How many rows are filled in one transaction: few enough that nobody waits long for one of them.
const BATCH: u32 = 1000;

/// Adds and changes columns.
pub(super) fn change(work: &Work<'_>, script: &mut Script) -> Result<(), Unsupported> {
    for change in work.modified() {
        for alteration in &change.alterations {
            if let Alteration::AddColumn(column) = alteration {
                Altering::new(work, change, column, script).add()?;
            } else if let Alteration::ModifyColumn { from, to, differs } = alteration
                && differs.is_storage()
            {
                Altering::new(work, change, to, script).modify(from)?;
            }
        }
    }
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

/// One column being added or changed.
struct Altering<'w, 'a> {
    work: &'w Work<'a>,
    change: &'w ModifyTable<'a>,
    column: &'w Column,
    /// The table's name, quoted.
    table: String,
    /// The column's name, quoted.
    name: String,
    script: &'w mut Script,
}

impl<'w, 'a> Altering<'w, 'a> {
    fn new(work: &'w Work<'a>, change: &'w ModifyTable<'a>, column: &'w Column, script: &'w mut Script) -> Self {
        let table = qualified(&change.to.sql_name, Dialect::Postgres);
        Self { work, change, column, table, name: identifier(&column.sql_name), script }
    }

    /// Adds the column. Where its rows get values of their own, it takes nulls until they have them.
    fn add(mut self) -> Result<(), Unsupported> {
        let backfill = self.work.answers.backfill(self.change.to, self.column);
        if self.work.online && default_work(self.column) != Rows::Nothing {
            return self.add_online(backfill.unwrap_or(&Backfill::Default));
        }
        let definition = match backfill {
            Some(_) if self.column.default.is_none() => {
                let open = Column { null: true, ..self.column.clone() };
                column_definition(self.change.to, &open, self.work.new, Dialect::Postgres)?
            }
            Some(_) | None => column_definition(self.change.to, self.column, self.work.new, Dialect::Postgres)?,
        };
        let rows = if self.column.ty.is_serial() { Rows::Rewrite } else { default_work(self.column) };
        self.say(format!("Add column {}.", self.plain_name()), format!("ADD COLUMN {definition}"), rows);
        if let Some(backfill) = backfill {
            let closes = !self.column.null && self.column.default.is_none();
            let condition = if closes && self.work.online { self.is_null() } else { String::new() };
            self.fill_and_close(backfill, &condition, closes)?;
        }
        Ok(())
    }

    /// Adds a column whose default differs from row to row, without writing the table anew: new rows get their values from the default,
    /// those that exist in batches.
    fn add_online(mut self, backfill: &Backfill) -> Result<(), Unsupported> {
        let open = Column { null: true, default: None, ..self.column.clone() };
        let definition = column_definition(self.change.to, &open, self.work.new, Dialect::Postgres)?;
        self.say(format!("Add column {}.", self.plain_name()), format!("ADD COLUMN {definition}"), Rows::Nothing);
        if let Some(default) = &self.column.default {
            let default = default_expression(default, &self.column.ty, Dialect::Postgres)?;
            self.alter("Set the default of", &format!("SET DEFAULT {default}"));
        }
        let condition = self.is_null();
        self.fill_and_close(backfill, &condition, !self.column.null)
    }

    /// Changes the column: its default makes room, then type, default and null follow.
    fn modify(mut self, from: &Column) -> Result<(), Unsupported> {
        let differs = self.change.difference(self.column);
        let to = self.column;
        let backfill = self.work.answers.backfill(self.change.to, to);
        let retyped = differs.ty || differs.collation;
        let unserial = from.ty.is_serial() && !to.ty.is_serial();
        if unserial {
            self.alter("Count no more", "DROP IDENTITY");
        }
        let drops_default = from.default.is_some() && (differs.default || retyped);
        if drops_default && (retyped || to.default.is_none()) {
            self.alter("Drop the default of", "DROP DEFAULT");
        }
        if retyped {
            self.retype(from, backfill)?;
        }
        if to.ty.is_serial() && !from.ty.is_serial() {
            self.count()?;
        }
        if let Some(default) = to.default.as_ref().filter(|_| differs.default || retyped) {
            let default = default_expression(default, &to.ty, Dialect::Postgres)?;
            self.alter("Set the default of", &format!("SET DEFAULT {default}"));
        }
        if differs.null && to.null {
            self.alter("Let nulls into", "DROP NOT NULL");
        }
        if differs.null && !to.null {
            match backfill.filter(|_| !differs.ty) {
                Some(backfill) => {
                    let condition = self.is_null();
                    self.fill_and_close(backfill, &condition, true)?;
                }
                None => self.set_not_null(),
            }
        }
        Ok(())
    }

    /// Gives the column another type or collation.
    fn retype(&mut self, from: &Column, backfill: Option<&Backfill>) -> Result<(), Unsupported> {
        let to = self.column;
        let spelled = column_type(&to.ty, Dialect::Postgres);
        let is_same = spelled == column_type(&from.ty, Dialect::Postgres) && from.collation == to.collation;
        let differs = self.change.difference(to);
        if is_same && backfill.is_none() {
            return Ok(());
        }
        let collate = collation(to, Dialect::Postgres)?.map(|name| format!(" COLLATE {name}")).unwrap_or_default();
        let value = match backfill.filter(|_| differs.ty) {
            Some(backfill) => Some(self.value(backfill, None)?),
            None => conversion_expression(&from.ty, &to.ty, &self.name, &self.plain_name(), Dialect::Postgres),
        };
        let using = value.as_ref().map(|value| format!(" USING {value}")).unwrap_or_default();
        let rows = match value.is_none() && is_relabelling(&from.ty, &to.ty) {
            // The order of the values is another one, so that an index over them is built anew.
            true if from.collation != to.collation && self.has_index() => Rows::Scan,
            // Postgres never takes such an index over, whatever the change of type (`CheckIndexCompatible`).
            true if self.has_partial_index() => Rows::Scan,
            true => Rows::Nothing,
            false => Rows::Rewrite,
        };
        let mut effect = Effect::on(&self.change.to.sql_name, Lock::AccessExclusive, rows);
        for other in self.tied_tables() {
            effect = effect.and(other, Lock::AccessExclusive);
        }
        let sql = format!("ALTER TABLE {} ALTER COLUMN {} TYPE {spelled}{collate}{using}", self.table, self.name);
        self.script.push(format!("Change the type of {}.", self.plain_name()), sql, effect);
        Ok(())
    }

    /// Whether an index stands on this column while its type changes: one that is neither dropped before nor created after.
    fn has_index(&self) -> bool {
        let (table, column) = (self.change.to, &self.column.sql_name);
        let uniques = table.uniques.iter().map(|unique| (&unique.name, &unique.columns));
        let keys = uniques.chain([(&table.primary_key.name, &table.primary_key.columns)]);
        let has_column = |key: &IndexKey| matches!(&key.kind, IndexKeyKind::Column(indexed) if indexed == column);
        keys.into_iter().any(|(name, key)| !self.is_new(name) && key.contains(column))
            || table.indexes.iter().any(|index| !self.is_new(&index.name) && index.keys.iter().any(has_column))
    }

    /// Whether an index over this column that stays has a condition, or an expression beside the column.
    fn has_partial_index(&self) -> bool {
        let is_column =
            |key: &IndexKey| matches!(&key.kind, IndexKeyKind::Column(name) if *name == self.column.sql_name);
        let computes = |key: &IndexKey| matches!(key.kind, IndexKeyKind::Sql(_));
        let comes_back =
            |index: &Index| self.work.dependents.indexes.iter().any(|(_, _, back)| back.name == index.name);
        self.change.to.indexes.iter().any(|index| {
            (index.predicate.is_some() || index.keys.iter().any(computes))
                && index.keys.iter().any(is_column)
                && !self.is_new(&index.name)
                && !comes_back(index)
        })
    }

    /// Whether the migration creates the constraint or index of this name.
    fn is_new(&self, name: &Text) -> bool {
        self.change.alterations.iter().any(|alteration| {
            if let Alteration::AddUnique(unique) = alteration {
                unique.name == *name
            } else if let Alteration::AddIndex(index) = alteration {
                index.name == *name
            } else if let Alteration::ModifyPrimaryKey { to, .. } = alteration {
                to.name == *name
            } else {
                false
            }
        })
    }

    /// The tables that a foreign key ties to this column, and that are therefore locked with it. Those whose key was dropped before
    /// are not.
    fn tied_tables(&self) -> Vec<&'a QualifiedName> {
        let own = &self.change.to.sql_name;
        let column = &self.column.sql_name;
        let mut tied = Vec::new();
        for table in self.work.new.tables.iter() {
            for key in table.foreign_keys.iter() {
                if self.work.dependents.foreign_keys.iter().any(|(_, _, dropped)| dropped.name == key.name) {
                    continue;
                }
                if table.sql_name == *own && key.columns.contains(column) {
                    tied.push(&key.target);
                }
                if key.target == *own && key.target_columns.contains(column) {
                    tied.push(&table.sql_name);
                }
            }
        }
        tied
    }

    /// Lets the database count the column up from the greatest value that it has.
    fn count(&mut self) -> Result<(), Unsupported> {
        self.alter("Count up", "ADD GENERATED BY DEFAULT AS IDENTITY");
        // Only a primary key counts, so that the greatest value is found in its index, unless that is made later.
        let is_key_change = |alteration: &Alteration<'_>| matches!(alteration, Alteration::ModifyPrimaryKey { .. });
        let has_index = !self.change.alterations.iter().any(is_key_change);
        let sequence = naming::sequence(&self.change.to.sql_name.name, &self.column.sql_name);
        let sequence = qualified(&super::beside(&self.change.to.sql_name, sequence), Dialect::Postgres);
        self.script.push(
            "",
            format!(
                "SELECT setval({}, coalesce((SELECT max({}) FROM {}), 0) + 1, false)",
                literal(&sequence),
                self.name,
                self.table
            ),
            Effect::on(&self.change.to.sql_name, Lock::AccessShare, if has_index { Rows::Nothing } else { Rows::Scan }),
        );
        Ok(())
    }

    /// The condition that only rows without a value meet.
    fn is_null(&self) -> String {
        format!("{} IS NULL", self.name)
    }

    /// Gives rows their values, and then closes the column to nulls where it `closes`.
    ///
    /// Online the rows are filled in batches. Whoever still writes rows the old way does so until the column is closed to new nulls, so
    /// that those rows are filled after that.
    fn fill_and_close(&mut self, backfill: &Backfill, condition: &str, closes: bool) -> Result<(), Unsupported> {
        self.fill(backfill, condition, "")?;
        match (closes, self.work.online) {
            (false, _) => {}
            (true, false) => self.set_not_null(),
            (true, true) => {
                let check = self.refuse_nulls();
                self.fill(backfill, condition, " in rows that came since")?;
                self.close(&check);
            }
        }
        Ok(())
    }

    /// Gives rows their values: those that meet the condition, or all where there is none. `which` tells a reader.
    fn fill(&mut self, backfill: &Backfill, condition: &str, which: &str) -> Result<(), Unsupported> {
        let comment = format!("Fill {}{which}.", self.plain_name());
        let effect = Effect::on(&self.change.to.sql_name, Lock::RowExclusive, Rows::Update);
        let must_differ = *backfill == Backfill::Filler && filler::must_differ(self.change.to, self.column);
        let sql = if must_differ {
            format!(
                "UPDATE {table} SET {name} = {value} FROM (SELECT ctid AS place, row_number() OVER () AS number FROM {table}) numbered \
                 WHERE {table}.ctid = numbered.place",
                table = self.table,
                name = self.name,
                value = self.value(backfill, Some("numbered.number"))?,
            )
        } else {
            let update = format!("UPDATE {} SET {} = {}", self.table, self.name, self.value(backfill, None)?);
            // An expression that happens to hold what stands for a bound would not mean it.
            let is_free = |text: &str| !text.contains(":first") && !text.contains(":last");
            let key = self.change.to.primary_key.columns.first().filter(|_| self.work.online && is_free(&update));
            if let Some(batches) = key.and_then(|key| self.batches(key)) {
                let range = format!("{} BETWEEN :first AND :last", identifier(&batches.column));
                let and = if condition.is_empty() { "" } else { " AND " };
                self.script.in_batches(comment, format!("{update} WHERE {range}{and}{condition}"), effect, batches);
                return Ok(());
            }
            let place = if condition.is_empty() { "" } else { " WHERE " };
            format!("{update}{place}{condition}")
        };
        if self.work.online {
            self.script.apart(comment, sql, effect);
        } else {
            self.script.push(comment, sql, effect);
        }
        Ok(())
    }

    /// How the table is walked along this column of its key, if its values have an order and a text from which they can be read again
    /// whatever the session's settings are, and are there before this migration fills them.
    fn batches(&self, key: &Text) -> Option<Batches> {
        let column = self.change.to.column(key)?;
        let is_plain = match column.ty.referenced() {
            ColumnType::Varchar { .. }
            | ColumnType::Text
            | ColumnType::SmallInt
            | ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::Serial
            | ColumnType::BigSerial
            | ColumnType::Numeric { .. }
            | ColumnType::Boolean
            | ColumnType::Uuid
            | ColumnType::Enum(_) => true,
            ColumnType::Real
            | ColumnType::DoublePrecision
            | ColumnType::Date
            | ColumnType::Time
            | ColumnType::Timestamp
            | ColumnType::Timestamptz
            | ColumnType::Interval
            | ColumnType::Json
            | ColumnType::Bytea
            | ColumnType::Array(_) => false,
        };
        let is_old = self.change.old_column(column).is_some_and(|old| !old.null);
        (is_plain && is_old).then(|| Batches {
            size: BATCH,
            table: self.change.to.sql_name.clone(),
            column: key.clone(),
        })
    }

    /// The expression that a backfill stands for.
    fn value(&self, backfill: &Backfill, row: Option<&str>) -> Result<String, Unsupported> {
        Ok(match backfill {
            Backfill::Expression(expressions) => {
                let expression = expressions.get(&Dialect::Postgres).map_or("NULL", String::as_str);
                format!("({expression})")
            }
            // What the column has as its default by now; one that differs from row to row is evaluated for each.
            Backfill::Default => {
                let default = self.column.default.as_ref();
                let default = default
                    .map(|default| default_expression(default, &self.column.ty, Dialect::Postgres))
                    .transpose()?;
                default.unwrap_or_else(|| "NULL".to_owned())
            }
            Backfill::Filler => filler::expression(self.work.new, self.change.to, self.column, row, Dialect::Postgres),
        })
    }

    /// Closes the column to nulls. Online that is done through a check, which is validated while the table is in use and which the
    /// engine then believes.
    fn set_not_null(&mut self) {
        let comment = format!("Take no more nulls into {}.", self.plain_name());
        if !self.work.online {
            let rows = Rows::Scan;
            self.say(comment, format!("ALTER COLUMN {} SET NOT NULL", self.name), rows);
            return;
        }
        let check = self.refuse_nulls();
        self.close(&check);
    }

    /// Adds a check that refuses new nulls and asks nothing of the rows that exist; gives its quoted name.
    fn refuse_nulls(&mut self) -> String {
        let check = identifier(&naming::fit(&format!("_piccolo_{}", self.column.sql_name), "_not_null"));
        let condition = format!("ADD CONSTRAINT {check} CHECK ({}) NOT VALID", self.is_not_null());
        self.say(format!("Refuse new nulls in {}.", self.plain_name()), condition, Rows::Nothing);
        check
    }

    fn is_not_null(&self) -> String {
        format!("{} IS NOT NULL", self.name)
    }

    /// Closes the column to nulls, once all rows satisfy this check.
    fn close(&mut self, check: &str) {
        let comment = format!("Take no more nulls into {}.", self.plain_name());
        self.script.apart(
            format!("Find no nulls in {}.", self.plain_name()),
            format!("ALTER TABLE {} VALIDATE CONSTRAINT {check}", self.table),
            Effect::on(&self.change.to.sql_name, Lock::ShareUpdateExclusive, Rows::Scan),
        );
        self.say(comment, format!("ALTER COLUMN {} SET NOT NULL", self.name), Rows::Nothing);
        self.say(String::new(), format!("DROP CONSTRAINT {check}"), Rows::Nothing);
    }

    /// A change of the column that only touches the catalogue.
    fn alter(&mut self, what: &str, words: &str) {
        let comment = format!("{what} {}.", self.plain_name());
        self.say(comment, format!("ALTER COLUMN {} {words}", self.name), Rows::Nothing);
    }

    /// `ALTER TABLE` with these words.
    fn say(&mut self, comment: String, words: String, rows: Rows) {
        let effect = Effect::on(&self.change.to.sql_name, Lock::AccessExclusive, rows);
        self.script.push(comment, format!("ALTER TABLE {} {words}", self.table), effect);
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

/// Whether the values of both types are stored alike and all of the old ones are good in the new one, so that only the catalogue changes.
fn is_relabelling(from: &ColumnType, to: &ColumnType) -> bool {
    match (from, to) {
        (ColumnType::Varchar { length: old }, ColumnType::Varchar { length: new }) => old <= new,
        (ColumnType::Varchar { .. } | ColumnType::Text, ColumnType::Text) => true,
        (
            ColumnType::Numeric { precision: old, scale: old_scale },
            ColumnType::Numeric { precision: new, scale: new_scale },
        ) => old <= new && old_scale == new_scale,
        (from, to) => from.referenced() == to.referenced(),
    }
}

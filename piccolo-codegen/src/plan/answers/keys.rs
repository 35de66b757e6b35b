//! Keys that rows may break.

use piccolo_runtime::ddl::conversion_expression;
use piccolo_runtime::schema::{Column, Default, ForeignKey, Index, IndexKeyKind, QualifiedName, Text};
use piccolo_runtime::sql::identifier;

use super::{Asking, Backfill};
use crate::change::{Alteration, Conversion, ModifyTable, TableChange};
use crate::plan::consent::{Consent, table_names};
use crate::plan::filler;
use crate::plan::risk::Risk;

impl Asking<'_> {
    pub(super) fn primary_key(&mut self, change: &ModifyTable<'_>, columns: &[Text]) {
        let name = change.to.sql_name.to_string();
        if self.is_unique_already(change, columns) {
            return;
        }
        if !self.consent(Consent::PrimaryKey, &table_names(change.from, change.to)) {
            self.ask(
                Consent::PrimaryKey,
                &name,
                format!("the new primary key of `{name}`, ({}), may not be unique among its rows", columns.join(", ")),
                Vec::new(),
                "it is; if not, the migration fails and changes nothing",
            );
        }
    }

    pub(super) fn unique_index(&mut self, change: &ModifyTable<'_>, index: &Index) {
        if !index.unique {
            return;
        }
        let columns: Option<Vec<Text>> = index
            .keys
            .iter()
            .map(|key| match &key.kind {
                IndexKeyKind::Column(column) => Some(column.clone()),
                IndexKeyKind::Sql(_) => None,
            })
            .collect();
        self.unique(change, &index.name, &columns.unwrap_or_default());
    }

    /// A constraint that rows may break: unique over these columns, none where it is over expressions.
    pub(super) fn unique(&mut self, change: &ModifyTable<'_>, name: &str, columns: &[Text]) {
        if self.is_unique_already(change, columns) {
            return;
        }
        // It is called by its columns, or by its name.
        let listed = if columns.is_empty() { name.to_owned() } else { columns.join(",") };
        let tables = table_names(change.from, change.to);
        let names: Vec<String> = [listed.as_str(), name]
            .iter()
            .flat_map(|what| tables.iter().map(move |table| format!("{table}.{what}")))
            .collect();
        if !self.consent(Consent::Unique, &names) {
            let table = &change.to.sql_name;
            self.ask(
                Consent::Unique,
                &format!("{table}.{listed}"),
                format!("rows of `{table}` that exist may be equal where `{name}` wants them to differ"),
                Vec::new(),
                "they differ; if not, the migration fails and changes nothing",
            );
        }
    }

    pub(super) fn foreign_key(&mut self, change: &ModifyTable<'_>, key: &ForeignKey) {
        let is_null = |name: &Text| self.is_new_and_null(change, name) || self.becomes_null(change, name);
        if !key.columns.iter().any(is_null) {
            self.risk(Risk::ForeignKey {
                table: change.to.sql_name.clone(),
                target: key.target.clone(),
                key: key.name.clone(),
            });
        }
    }

    /// Gives a column that comes back the values of the one to which a key points in its place: rows keep their keys, so they go on pointing to
    /// the same rows. Or those of the key itself, so that they point to themselves.
    pub(super) fn point_back(&mut self) {
        let modified = || self.diff.changes.tables.iter().filter_map(TableChange::modified);
        let mut found = Vec::new();
        for target in modified() {
            for column in target.alterations.iter().filter_map(Alteration::added_column) {
                let is_made_up = self.answers.backfill(target.to, column) == Some(&Backfill::Filler);
                let mut sources = modified().filter_map(|owner| self.pointed_to_before(owner, target, column));
                if let Some(source) = sources.next().filter(|_| is_made_up) {
                    let name = identifier(&target.new_column(&source.sql_name).unwrap_or(source).sql_name);
                    let said = format!("{}.{}", target.to.sql_name, column.sql_name);
                    let value = self.engines.iter().map(|dialect| {
                        let converted = conversion_expression(&source.ty, &column.ty, &name, &said, *dialect);
                        (*dialect, converted.unwrap_or_else(|| name.clone()))
                    });
                    let place = (target.to.sql_name.clone(), column.sql_name.clone());
                    found.push((place, Backfill::Expression(value.collect())));
                }
            }
        }
        self.answers.backfills.extend(found);
    }

    /// The old column of a table to which a key pointed that now points to a new one, and whose values stay or are converted.
    fn pointed_to_before<'t>(
        &self,
        owner: &ModifyTable<'_>,
        target: &ModifyTable<'t>,
        column: &Column,
    ) -> Option<&'t Column> {
        owner.alterations.iter().find_map(|alteration| {
            let Alteration::AddForeignKey(key) = alteration else { return None };
            let place = key.target_columns.iter().position(|name| *name == column.sql_name)?;
            let own = owner.to.column(key.columns.get(place)?)?;
            let old_own = owner.old_column(own)?;
            if key.target != target.to.sql_name || self.answers.backfill(owner.to, own).is_some() {
                return None;
            }
            let before = owner.from.foreign_keys.iter().filter(|old| old.target == target.from.sql_name);
            let before = before.filter_map(|old| {
                let place = old.columns.iter().position(|name| *name == old_own.sql_name)?;
                target.from.column(old.target_columns.get(place)?)
            });
            // Where no two rows point to the same one, each may point to itself.
            let is_alone = key.target == owner.to.sql_name && key.columns.len() == 1;
            let own_row = target.from.column(&old_own.sql_name);
            let own_row = own_row.filter(|own| is_alone && filler::is_unique(target.from, own));
            before.chain(own_row).find(|source| {
                // A row that nothing points to may have a value that a narrower type refuses.
                let (from, to) = (source.ty.referenced(), column.ty.referenced());
                !source.null && (from == to || Conversion::between(&from, &to) == Conversion::Widening)
            })
        })
    }

    /// Makes up values in new columns that would hold nulls, where keys that are made up have to point to them.
    pub(super) fn point_somewhere(&mut self) {
        loop {
            let found = self.nulls_to_point_to();
            if found.is_empty() {
                return;
            }
            self.answers.backfills.extend(found.into_iter().map(|place| (place, Backfill::Filler)));
        }
    }

    fn nulls_to_point_to(&self) -> Vec<(QualifiedName, Text)> {
        let modified = || self.diff.changes.tables.iter().filter_map(TableChange::modified);
        let is_made_up = |change: &ModifyTable<'_>, name: &Text| {
            let column = change.to.column(name);
            column.is_some_and(|column| self.answers.backfill(change.to, column) == Some(&Backfill::Filler))
        };
        let mut found = Vec::new();
        for change in modified() {
            for key in
                change.to.foreign_keys.iter().filter(|key| key.columns.iter().any(|name| is_made_up(change, name)))
            {
                let target = modified().find(|other| other.to.sql_name == key.target);
                let nulls = target
                    .into_iter()
                    .flat_map(|target| key.target_columns.iter().filter(|name| self.is_new_and_null(target, name)));
                found.extend(nulls.map(|name| (key.target.clone(), name.clone())));
            }
        }
        found
    }

    /// Whether rows cannot be equal in these columns: they were unique before, or one of them gets a value for each row or only nulls.
    fn is_unique_already(&self, change: &ModifyTable<'_>, columns: &[Text]) -> bool {
        let stays_unique = |unique: &[Text]| {
            unique.iter().all(|column| {
                let new = change.new_column(column);
                new.is_some_and(|new| {
                    columns.contains(&new.sql_name) && change.old_column(new).is_some_and(|old| old.ty == new.ty)
                })
            })
        };
        let keys = change.from.uniques.iter().map(|unique| &unique.columns);
        keys.chain([&change.from.primary_key.columns]).any(|unique| stays_unique(unique))
            || columns.iter().any(|column| self.is_new_and_null(change, column) || is_new_and_distinct(change, column))
    }

    /// Whether all rows get a null in this column.
    fn becomes_null(&self, change: &ModifyTable<'_>, column: &str) -> bool {
        change.to.column(column).is_some_and(|column| {
            let backfill = self.answers.backfill(change.to, column);
            backfill.is_some_and(Backfill::is_null) && !self.answers.keeps(change.to, column)
        })
    }

    /// Whether this is a new column that holds only nulls.
    fn is_new_and_null(&self, change: &ModifyTable<'_>, column: &str) -> bool {
        new_column(change, column).is_some_and(|column| {
            column.null && column.default.is_none() && self.answers.backfill(change.to, column).is_none()
        })
    }
}

/// The column of this name, where it is new.
fn new_column<'a>(change: &ModifyTable<'a>, name: &str) -> Option<&'a Column> {
    change.alterations.iter().filter_map(Alteration::added_column).find(|column| column.sql_name == name)
}

/// Whether this is a new column in which every row gets a value of its own.
fn is_new_and_distinct(change: &ModifyTable<'_>, column: &str) -> bool {
    new_column(change, column)
        .is_some_and(|column| column.ty.is_serial() || matches!(column.default, Some(Default::Uuid4 | Default::Uuid7)))
}

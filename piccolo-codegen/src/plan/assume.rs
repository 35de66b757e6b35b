//! What a migration takes for granted about rows that the old schema would allow to be otherwise: somebody consented to it (`--allow`), and
//! where it does not hold the migration fails and changes nothing. A proof makes its rows so.

use std::collections::{BTreeMap, BTreeSet};

use piccolo_runtime::ddl::create_index;
use piccolo_runtime::schema::{
    Column, ColumnType, Default, ForeignKey, Index, IndexKeyKind, QualifiedName, Schema, Text, naming,
};
use piccolo_runtime::sql::{Dialect, identifier, qualified};

use super::expect::{Expected, pairs};
use super::filler::{must_differ, unique_sets};
use super::{Answers, enum_values, mentions};
use crate::change::{Alteration, Changes, Conversion, ModifyTable};

/// What is taken for granted about the rows of one table of the old schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Assumed {
    /// Columns whose values fit other types as well.
    pub(crate) fits: BTreeMap<Text, Vec<ColumnType>>,
    /// Columns without nulls.
    pub(crate) full: BTreeSet<Text>,
    /// Columns that hold nothing but nulls.
    pub(crate) empty: BTreeSet<Text>,
    /// Values of enums that a column does not hold.
    pub(crate) without: BTreeMap<Text, Vec<Text>>,
    /// Further foreign keys, between tables of the old schema.
    pub(crate) keys: Vec<ForeignKey>,
    /// The statements that make unique what has to be, each with the one that ends it.
    pub(crate) uniques: Vec<(String, String)>,
    /// Conditions on a row.
    pub(crate) conditions: Vec<Condition>,
    /// Conditions on a row called [`ROW`] that is to come: no row that is there becomes equal to it in a key of the new side.
    pub(crate) apart: Vec<String>,
    /// Whether there is no more than one row.
    pub(crate) one_row: bool,
}

/// A condition on a row of the old table.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    /// The condition, on a row called [`ROW`].
    pub(crate) sql: String,
    /// The same as it is said of the new table's row.
    pub(crate) said: String,
    /// The columns that decide it.
    pub(crate) about: BTreeSet<Text>,
}

/// What conditions call a row.
pub(crate) const ROW: &str = "_piccolo_row";

/// What is taken for granted about the rows of each table of the old schema, by its name.
pub(crate) fn assumed(
    old: &Schema,
    new: &Schema,
    changes: &Changes<'_>,
    answers: &Answers,
    expected: &[Expected<'_>],
    dialect: Dialect,
) -> BTreeMap<QualifiedName, Assumed> {
    let pairs = pairs(old, new, changes);
    let mut all = BTreeMap::new();
    for expected in expected {
        let change = &expected.change;
        let mut assuming = Assuming { change, pairs: &pairs, answers, expected, dialect, found: Assumed::default() };
        assuming.columns();
        assuming.keys();
        assuming.enums(changes);
        change.alterations.iter().for_each(|alteration| assuming.alteration(alteration));
        all.insert(change.from.sql_name.clone(), assuming.found);
    }
    while let Some((table, column, ty)) = unfit(old, &all) {
        all.entry(table).or_default().fits.entry(column).or_default().push(ty);
    }
    all
}

/// A column whose values are pointed to, and a type that they have to fit as well: the one that the values become which point there.
fn unfit(old: &Schema, all: &BTreeMap<QualifiedName, Assumed>) -> Option<(QualifiedName, Text, ColumnType)> {
    let of = |table: &QualifiedName, column: &Text| -> &[ColumnType] {
        all.get(table).and_then(|found| found.fits.get(column)).map_or(&[], Vec::as_slice)
    };
    old.tables.iter().find_map(|table| {
        let assumed = all.get(&table.sql_name).into_iter().flat_map(|found| &found.keys);
        table.foreign_keys.iter().chain(assumed).find_map(|key| {
            key.columns.iter().zip(key.target_columns.iter()).find_map(|(column, name)| {
                let known = of(&key.target, name);
                let ty = of(&table.sql_name, column).iter().find(|ty| !known.contains(ty))?;
                Some((key.target.clone(), name.clone(), ty.clone()))
            })
        })
    })
}

struct Assuming<'e, 'a> {
    change: &'e ModifyTable<'a>,
    pairs: &'e [ModifyTable<'a>],
    answers: &'e Answers,
    expected: &'e Expected<'a>,
    dialect: Dialect,
    found: Assumed,
}

impl Assuming<'_, '_> {
    /// Keys of the new side that stay keys although their values are made anew: there is no more than one row, or no null among them.
    fn keys(&mut self) {
        for key in unique_sets(self.change.to) {
            let key: Vec<Text> = key.into_iter().cloned().collect();
            let filled: Vec<(Text, bool)> = key
                .iter()
                .filter_map(|name| self.change.to.column(name))
                .filter(|column| self.answers.backfill(self.change.to, column).is_some())
                .filter_map(|column| {
                    let old = self.change.old_column(column)?;
                    Some((old.sql_name.clone(), !self.answers.keeps(self.change.to, column)))
                })
                .collect();
            if filled.iter().any(|(_, replaced)| *replaced) {
                self.unique(&key);
            }
            self.found.full.extend(filled.into_iter().filter(|(_, replaced)| !replaced).map(|(name, _)| name));
        }
    }

    /// Narrower types, and nulls that are no longer taken.
    fn columns(&mut self) {
        for (from, to) in self.change.kept_columns() {
            let differs = self.change.difference(to);
            let is_filled = self.answers.backfill(self.change.to, to).is_some();
            if is_filled && !self.answers.keeps(self.change.to, to) {
                continue;
            }
            // What counts up goes on after the greatest value, so there has to be one.
            let counts = to.ty.is_serial() && !from.ty.is_serial();
            if differs.ty && (counts || Conversion::between(&from.ty, &to.ty) == Conversion::Refusing) {
                self.found.fits.insert(from.sql_name.clone(), vec![to.ty.clone()]);
            }
            if differs.null && !to.null && !is_filled {
                self.found.full.insert(from.sql_name.clone());
            }
        }
    }

    /// Two values of an enum that become one are not told apart by a key.
    fn enums(&mut self, changes: &Changes<'_>) {
        for (from, to) in self.change.kept_columns() {
            let modified = enum_values::of(from, changes).filter(|_| !self.change.difference(to).ty);
            let keyed = must_differ(self.change.to, to);
            if let Some(modified) = modified.filter(|change| keyed && !change.dropped.is_empty()) {
                let gone = modified.dropped.iter().map(|value| value.text.clone()).collect();
                self.found.without.insert(from.sql_name.clone(), gone);
            }
        }
    }

    fn alteration(&mut self, alteration: &Alteration<'_>) {
        match alteration {
            Alteration::ModifyPrimaryKey { to, .. } => {
                let full =
                    to.columns.iter().filter_map(|column| self.old(column)).map(|column| column.sql_name.clone());
                let full: Vec<Text> = full.collect();
                self.found.full.extend(full);
                self.unique(&to.columns);
            }
            Alteration::AddUnique(unique) => self.unique(&unique.columns),
            Alteration::AddIndex(index) if index.unique => self.unique_index(index),
            Alteration::AddCheck(check) => {
                let text = match self.dialect {
                    Dialect::Sqlite => &check.sqlite,
                    Dialect::Postgres => &check.postgres,
                };
                if let Some(text) = text {
                    let condition = self.condition(text);
                    self.found.conditions.push(condition);
                }
            }
            Alteration::AddForeignKey(key) => self.foreign_key(key),
            Alteration::AddIndex(_)
            | Alteration::RenameTable
            | Alteration::MoveTable
            | Alteration::CommentTable
            | Alteration::AddColumn(_)
            | Alteration::DropColumn(_)
            | Alteration::RenameColumn { .. }
            | Alteration::ModifyColumn { .. }
            | Alteration::RenamePrimaryKey { .. }
            | Alteration::DropUnique(_)
            | Alteration::RenameUnique { .. }
            | Alteration::DropCheck(_)
            | Alteration::RenameCheck { .. }
            | Alteration::DropIndex(_)
            | Alteration::RenameIndex { .. }
            | Alteration::DropForeignKey(_)
            | Alteration::RenameForeignKey { .. } => {}
        }
    }

    fn unique(&mut self, columns: &[Text]) {
        let old: Vec<String> = columns
            .iter()
            .filter(|column| !self.is_replaced(column))
            .filter_map(|column| self.old(column))
            .map(|column| identifier(&column.sql_name))
            .collect();
        if old.is_empty() {
            // The rows may get the same value in a column that is new: they are told apart by what they get, where that is known.
            match self.expected.apart(ROW, columns) {
                Some(apart) => self.found.apart.push(apart),
                None => self.found.one_row |= !columns.iter().any(|column| self.differs_by_itself(column)),
            }
            return;
        }
        let name = self.index_name();
        let table = qualified(&self.change.from.sql_name, self.dialect);
        let create = format!("CREATE UNIQUE INDEX {} ON {table} ({})", identifier(&name), old.join(", "));
        self.push_unique(create, &name);
    }

    fn unique_index(&mut self, index: &Index) {
        let mut old = Index { name: self.index_name().into(), method: None, ..index.clone() };
        for key in old.keys.to_mut() {
            match &mut key.kind {
                IndexKeyKind::Column(column) => match self.old(column) {
                    Some(from) => column.clone_from(&from.sql_name),
                    None => {
                        self.found.one_row = true;
                        return;
                    }
                },
                // An expression is in the new names.
                IndexKeyKind::Sql(text) => self.found.one_row |= !self.reads_the_same(text),
            }
        }
        self.found.one_row |= old.predicate.as_ref().is_some_and(|text| !self.reads_the_same(text));
        if let (false, Ok(create)) = (self.found.one_row, create_index(&self.change.from.sql_name, &old, self.dialect))
        {
            self.push_unique(create, &old.name);
        }
    }

    fn push_unique(&mut self, create: String, name: &str) {
        let beside = QualifiedName { schema: self.change.from.sql_name.schema.clone(), name: name.to_owned().into() };
        self.found.uniques.push((create, format!("DROP INDEX {}", qualified(&beside, self.dialect))));
    }

    fn index_name(&self) -> String {
        let head = format!("_piccolo_proof_{}_{}", self.found.uniques.len(), self.change.from.sql_name.name);
        naming::fit(&head, "_key")
    }

    fn foreign_key(&mut self, key: &ForeignKey) {
        let columns: Vec<Option<&Column>> = key.columns.iter().map(|column| self.kept_as_it_is(column)).collect();
        let old: Vec<Text> = columns.iter().flatten().map(|column| column.sql_name.clone()).collect();
        let target = self.pairs.iter().find(|pair| pair.to.sql_name == key.target);
        let target_columns: Option<Vec<Text>> = target.and_then(|target| {
            let column = |name: &Text| Some(target.old_column(target.to.column(name)?)?.sql_name.clone());
            key.target_columns.iter().map(column).collect()
        });
        let there = target.zip(target_columns);
        if let Some(staying) = self.staying(&key.columns) {
            match &there {
                // It points to rows that are not there yet.
                None => {
                    self.found.empty.extend(staying);
                    return;
                }
                // The values point there in their old types as well.
                Some((target, columns)) if self.compare(&staying, target, columns) => {
                    self.found.keys.push(ForeignKey {
                        columns: staying.into(),
                        target: target.from.sql_name.clone(),
                        target_columns: columns.clone().into(),
                        ..key.clone()
                    });
                    return;
                }
                Some(_) => {}
            }
        }
        let there = there.map(|(target, columns)| (&target.from.sql_name, columns));
        if old.len() == columns.len() {
            if let Some((target, target_columns)) = there {
                self.found.keys.push(ForeignKey {
                    columns: old.into(),
                    target: target.clone(),
                    target_columns: target_columns.into(),
                    ..key.clone()
                });
            }
            return;
        }
        // Some of the key is new: what becomes of a row has to point to something, or to nothing at all.
        let table = identifier(&self.change.to.sql_name.name);
        let own = |column: &Text| format!("{table}.{}", identifier(column));
        let mut ways: Vec<String> = key.columns.iter().map(|column| format!("{} IS NULL", own(column))).collect();
        if key.target == self.change.to.sql_name {
            // A null points nowhere, and stays one.
            let is_kept =
                |name: &&Text| !self.is_replaced(name) && self.change.to.column(name).is_some_and(|column| column.null);
            let kept = key.columns.iter().filter(is_kept).filter_map(|name| self.old(name)).find(|old| old.null);
            if let Some(name) = kept.map(|old| old.sql_name.clone()) {
                self.found.empty.insert(name);
                return;
            }
            // What other rows become is not known either, but a row may always point to itself.
            let pairs = key.target_columns.iter().zip(key.columns.iter());
            let equal =
                pairs.map(|(target, column)| format!("{0} = {1} AND {0} IS NOT NULL", own(target), own(column)));
            let equal: Vec<String> = equal.collect();
            ways.push(format!("({})", equal.join(" AND ")));
        } else if let Some((target, target_columns)) = there {
            let pairs = target_columns.iter().zip(key.columns.iter());
            let equal: Vec<String> =
                pairs.map(|(target, column)| format!("_t.{} = {}", identifier(target), own(column))).collect();
            let target = qualified(target, self.dialect);
            ways.push(format!("EXISTS (SELECT 1 FROM {target} _t WHERE {})", equal.join(" AND ")));
        }
        // Of a value that is not known before nobody can say where it points.
        let known = |column: &Text| self.expected.values.iter().any(|value| value.column.sql_name == *column);
        let own_keys = key.target_columns.iter().filter(|_| key.target == self.change.to.sql_name);
        let condition = if key.columns.iter().chain(own_keys).all(known) {
            self.condition(&ways.join(" OR "))
        } else {
            Condition { sql: "1 = 0".to_owned(), said: String::new(), about: BTreeSet::new() }
        };
        self.found.conditions.push(condition);
    }

    /// What has to be true of what becomes of a row.
    fn condition(&self, text: &str) -> Condition {
        let values = self.expected.values.iter().filter(|value| mentions(text, &value.column.sql_name));
        let values: Vec<_> = values.collect();
        let decides = |(from, to): &(&Column, &Column)| {
            values.iter().any(|value| value.column.sql_name == to.sql_name || value.reads(&to.sql_name))
                || values.iter().any(|value| value.reads(&from.sql_name))
        };
        let about = self.change.kept_columns().filter(decides).map(|(from, _)| from.sql_name.clone()).collect();
        Condition { sql: self.expected.condition(ROW, text), said: text.to_owned(), about }
    }

    /// Whether an expression takes the place of all values of a column that stays.
    fn is_replaced(&self, column: &str) -> bool {
        self.change.to.column(column).is_some_and(|new| {
            self.answers.backfill(self.change.to, new).is_some()
                && self.change.old_column(new).is_some()
                && !self.answers.keeps(self.change.to, new)
        })
    }

    /// Whether values of these columns can be compared with those of the target's.
    fn compare(&self, columns: &[Text], target: &ModifyTable<'_>, target_columns: &[Text]) -> bool {
        let alike = |(own, other): (&Text, &Text)| {
            let types = self.change.from.column(own).zip(target.from.column(other));
            types.is_some_and(|(own, other)| {
                own.ty.referenced() == other.ty.referenced() || is_whole(&own.ty) && is_whole(&other.ty)
            })
        };
        columns.iter().zip(target_columns).all(alike)
    }

    /// What these columns were, if all were there and keep a value where they had one.
    fn staying(&self, columns: &[Text]) -> Option<Vec<Text>> {
        let kept = |column: &Text| {
            let new = self.change.to.column(column)?;
            let stays = self.answers.backfill(self.change.to, new).is_none();
            self.change.old_column(new).filter(|_| stays).map(|old| old.sql_name.clone())
        };
        columns.iter().map(kept).collect()
    }

    /// What a new column was, if its values stay what they were.
    fn kept_as_it_is(&self, column: &str) -> Option<&Column> {
        let new = self.change.to.column(column)?;
        let stays = self.answers.backfill(self.change.to, new).is_none() && !self.change.difference(new).ty;
        self.change.old_column(new).filter(|_| stays)
    }

    /// What a new column was.
    fn old(&self, column: &str) -> Option<&Column> {
        self.change.old_column(self.change.to.column(column)?)
    }

    /// Whether an expression over new columns means the same over the old ones.
    fn reads_the_same(&self, text: &str) -> bool {
        self.change
            .to
            .columns
            .iter()
            .filter(|column| mentions(text, &column.sql_name))
            .all(|column| self.kept_as_it_is(&column.sql_name).is_some_and(|old| old.sql_name == column.sql_name))
    }

    /// Whether each row gets a value of its own in this new column.
    fn differs_by_itself(&self, column: &str) -> bool {
        let own = |column: &Column| {
            column.ty.is_serial()
                || matches!(column.default, Some(Default::Uuid4 | Default::Uuid7))
                || (column.null && column.default.is_none() && self.answers.backfill(self.change.to, column).is_none())
        };
        self.change.to.column(column).is_some_and(own)
    }
}

fn is_whole(ty: &ColumnType) -> bool {
    matches!(ty.referenced(), ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt)
}

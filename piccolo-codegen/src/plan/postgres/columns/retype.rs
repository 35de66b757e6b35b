//! Columns that change their type or their collation, or whose enum is created anew.

use piccolo_runtime::ddl::{Unsupported, collation, conversion_expression};
use piccolo_runtime::schema::{
    Column, ColumnType, ForeignKey, Index, IndexKey, IndexKeyKind, QualifiedName, Table, Text,
};
use piccolo_runtime::sql::{Dialect, column_type};

use super::Altered;
use crate::change::{Alteration, TableChange};
use crate::plan::effect::{Effect, Lock, Work as Rows};
use crate::plan::enum_values;
use crate::plan::postgres::enums;
use crate::plan::postgres::script::Script;

/// How a column gets another type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Retype {
    /// It has its type already.
    No,
    /// Its values stay what they are, whatever the engine does with what stands on them.
    Relabel {
        /// The type and the collation.
        spelled: String,
    },
    /// Its values are converted, by an expression where the engine needs one.
    Convert {
        /// The type and the collation.
        spelled: String,
        /// The expression.
        value: Option<String>,
    },
    /// Its values are those of a backfill.
    Decide {
        /// The type and the collation.
        spelled: String,
    },
}

impl Retype {
    /// How this column gets its type.
    pub(super) fn of(column: &Altered<'_, '_>) -> Result<Self, Unsupported> {
        let to = column.column;
        let Some(from) = column.from.filter(|_| column.is_retyped()) else { return Ok(Self::No) };
        let ty = column_type(&to.ty, Dialect::Postgres);
        let is_same = ty == column_type(&from.ty, Dialect::Postgres) && from.collation == to.collation;
        let replaced = column.backfill().is_some() && !column.work.answers.keeps(column.change.to, to);
        if is_same && !replaced && column.moved.is_none() {
            return Ok(Self::No);
        }
        let collate = collation(to, Dialect::Postgres)?.map(|name| format!(" COLLATE {name}")).unwrap_or_default();
        let spelled = format!("{ty}{collate}");
        if replaced {
            return Ok(Self::Decide { spelled });
        }
        let value = column.converted(from);
        if value.is_none() && is_relabelling(&from.ty, &to.ty) {
            return Ok(Self::Relabel { spelled });
        }
        Ok(if column.backfill().is_some() { Self::Decide { spelled } } else { Self::Convert { spelled, value } })
    }
}

impl<'a> Altered<'_, 'a> {
    /// The value that a row has, in the new type; `None` where the engine needs no words for it.
    pub(super) fn converted(&self, from: &Column) -> Option<String> {
        let to = &self.column.ty;
        match self.moved {
            Some(moved) => {
                let ty = column_type(to, Dialect::Postgres);
                Some(enums::new_value(self.work, moved, self.column, &self.name, &ty))
            }
            None => {
                let changed = enum_values::of(from, self.work.changes);
                let value = enum_values::left(from, changed, &self.name, Dialect::Postgres);
                conversion_expression(&from.ty, to, &value, &self.plain_name(), Dialect::Postgres)
            }
        }
    }

    /// Gives the column a type that leaves its values alone.
    pub(super) fn relabel(&self, script: &mut Script) {
        let (Retype::Relabel { spelled }, Some(from)) = (&self.retype, self.from) else { return };
        let rows = match from.collation != self.column.collation {
            // The order of the values is another one, so that an index over them is built anew.
            true if self.has_index() => Rows::Scan,
            // Postgres never takes such an index over, whatever the change of type (`CheckIndexCompatible`).
            _ if self.has_partial_index() => Rows::Scan,
            _ => Rows::Nothing,
        };
        self.set_type(spelled, None, rows, script);
    }

    /// Converts the column's values.
    pub(super) fn convert(&self, script: &mut Script) {
        if let Retype::Convert { spelled, value } = &self.retype {
            self.set_type(spelled, value.as_deref(), Rows::Rewrite, script);
        }
    }

    fn set_type(&self, spelled: &str, value: Option<&str>, rows: Rows, script: &mut Script) {
        let comment = match self.moved {
            Some(moved) => format!("Move column {} to the new {}.", self.plain_name(), moved.to.sql_name),
            None => format!("Change the type of {}.", self.plain_name()),
        };
        let sql = format!("ALTER TABLE {} {}", self.table, self.type_clause(spelled, value));
        script.push(comment, sql, self.and_tied(Effect::on(&self.change.to.sql_name, Lock::AccessExclusive, rows)));
    }

    /// The words after `ALTER TABLE`.
    pub(super) fn type_clause(&self, spelled: &str, value: Option<&str>) -> String {
        let using = value.map(|value| format!(" USING {value}")).unwrap_or_default();
        format!("ALTER COLUMN {} TYPE {spelled}{using}", self.name)
    }

    /// The effect with a lock on the tables that a foreign key ties to this column. Those whose key was dropped before are not locked.
    pub(super) fn and_tied(&self, mut effect: Effect) -> Effect {
        for other in self.tied_tables() {
            effect = effect.and(other, Lock::AccessExclusive);
        }
        effect
    }

    fn tied_tables(&self) -> Vec<&'a QualifiedName> {
        let own = &self.change.to.sql_name;
        let column = &self.column.sql_name;
        let mut tied = Vec::new();
        for table in self.work.new.tables.iter() {
            for key in table.foreign_keys.iter() {
                let points = table.sql_name == *own && key.columns.contains(column);
                let is_target = key.target == *own && key.target_columns.contains(column);
                if !(points || is_target) || !self.is_there(table, key) {
                    continue;
                }
                tied.extend(points.then_some(&key.target));
                tied.extend(is_target.then_some(&table.sql_name));
            }
        }
        tied
    }

    /// Whether this foreign key is there while columns change: it was not dropped before, and does not come later.
    fn is_there(&self, table: &Table, key: &ForeignKey) -> bool {
        let is_dropped = || self.work.dependents.foreign_keys.iter().any(|(_, _, dropped)| dropped.name == key.name);
        let is_added = |alteration: &Alteration<'_>| {
            if let Alteration::AddForeignKey(added) = alteration { added.name == key.name } else { false }
        };
        let comes = || {
            self.work.changes.tables.iter().any(|change| match change {
                TableChange::AddTable(added) => added.sql_name == table.sql_name,
                TableChange::ModifyTable(change) => {
                    change.to.sql_name == table.sql_name && change.alterations.iter().any(is_added)
                }
                TableChange::DropTable(_) => false,
            })
        };
        !is_dropped() && !comes()
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

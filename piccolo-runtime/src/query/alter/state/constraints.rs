//! Constraints that come and go.

use super::State;
use crate::Result;
use crate::ddl::ImpliedCheck;
use crate::introspect::{IndexKeyShape, IndexShape, Sorted, TableShape};
use crate::nearest::nearest;
use crate::query::alter::change::{ColumnName, Constraint};
use crate::query::alter::step::{Dropped, Step};
use crate::query::alter::usage;
use crate::schema::{Check, ForeignKey, Text, Unique, naming};
use crate::sql::Dialect;

impl State {
    pub(super) fn make_unique(&self, column: &ColumnName) -> Result<Vec<Step>> {
        let column = &self.column(column)?.name;
        let keys = self.table.uniques.iter().chain(&self.table.primary_key);
        let indexed = self.table.indexes.iter().any(|index| is_unique_index(index, column));
        if indexed || keys.into_iter().any(|key| is_only(&key.columns, column)) {
            return Ok(Vec::new());
        }
        self.add_constraint(&Constraint::Unique(Unique::on([column.clone()])))
    }

    pub(super) fn allow_duplicates(&self, column: &ColumnName) -> Result<Vec<Step>> {
        let column = &self.column(column)?.name;
        if self.table.primary_key.iter().any(|key| is_only(&key.columns, column)) {
            return Err(self.key_refused(column, "which is unique"));
        }
        let constraints = self.table.uniques.iter().filter(|key| is_only(&key.columns, column)).map(|key| {
            Step::DropConstraint(match &key.name {
                Some(name) => Dropped::Unique(name.clone()),
                None => Dropped::UnnamedUnique(column.clone()),
            })
        });
        let indexes = self.table.indexes.iter().filter(|index| is_unique_index(index, column));
        let steps: Vec<Step> = constraints.chain(indexes.map(|index| Step::DropIndex(index.name.clone()))).collect();
        if !steps.is_empty() {
            self.check_not_referred_to(
                std::slice::from_ref(column),
                &format!("`{column}` of `{}` must stay unique", self.name),
            )?;
        }
        Ok(steps)
    }

    pub(super) fn add_constraint(&self, constraint: &Constraint) -> Result<Vec<Step>> {
        let table = self.name.name.as_ref();
        let constraint = match constraint {
            Constraint::Unique(unique) => {
                let columns = self.columns(&unique.columns)?;
                let name = named(&unique.name, || naming::unique(table, &columns));
                Constraint::Unique(Unique { name, columns: columns.into() })
            }
            Constraint::Check(check) => {
                let text = match self.dialect {
                    Dialect::Sqlite => &check.sqlite,
                    Dialect::Postgres => &check.postgres,
                };
                if text.is_none() {
                    return Ok(Vec::new());
                }
                let default = || naming::check(table, check.sqlite.as_deref(), check.postgres.as_deref());
                Constraint::Check(Check { name: named(&check.name, default), ..check.clone() })
            }
            Constraint::ForeignKey(key) => {
                let columns = self.columns(&key.columns)?;
                let name = named(&key.name, || naming::foreign_key(table, &columns));
                let key = ForeignKey { name, columns: columns.into(), ..key.clone() };
                if self.surrounded {
                    self.check_target(&key)?;
                }
                Constraint::ForeignKey(key)
            }
        };
        let name = match &constraint {
            Constraint::Unique(unique) => &unique.name,
            Constraint::Check(check) => &check.name,
            Constraint::ForeignKey(key) => &key.name,
        };
        self.check_name(name)?;
        if self.constraint_names().any(|taken| self.same_name(taken, name)) || self.is_taken(name) {
            return Err(usage(format!(
                "`{}` cannot get a constraint `{name}`, because that name exists already",
                self.name
            )));
        }
        Ok(vec![Step::AddConstraint(constraint)])
    }

    /// The columns by their names in the database.
    fn columns(&self, names: &[Text]) -> Result<Vec<Text>> {
        if names.is_empty() {
            return Err(usage(format!("a constraint of `{}` needs a column", self.name)));
        }
        let column = |name: &Text| self.column(&ColumnName::Named(name.to_string()));
        names.iter().map(|name| column(name).map(|column| Text::from(column.name.clone()))).collect()
    }

    /// Refuses a foreign key to what is no key. Postgres would; SQLite would refuse every later insert instead.
    fn check_target(&self, key: &ForeignKey) -> Result<()> {
        let fault = |what: String| usage(format!("the foreign key of `{}` to `{}` {what}", self.name, key.target));
        // A name in the connection's own Postgres schema is told without it.
        let is_target = |table: &&TableShape| {
            self.is_same(&table.name, &key.target)
                || (table.name.schema.is_none() && self.same_name(&table.name.name, &key.target.name))
                || (**table == self.table && key.target == self.name)
        };
        let target = self.others.iter().chain([&self.table]).find(is_target);
        let target = target.ok_or_else(|| fault("points to a table that does not exist".to_owned()))?;
        if key.columns.len() != key.target_columns.len() {
            return Err(fault(format!("has {} columns and points to {}", key.columns.len(), key.target_columns.len())));
        }
        for (own, name) in key.columns.iter().zip(key.target_columns.iter()) {
            let column = target.columns.iter().find(|column| self.same_name(&column.name, name));
            let column = column.ok_or_else(|| fault(format!("points to `{name}`, which is no column of it")))?;
            let own = self.find(own).map(|own| own.ty.as_str()).unwrap_or_default();
            if self.dialect == Dialect::Sqlite
                && !own.eq_ignore_ascii_case(&column.ty)
                && !(is_whole(own) && is_whole(&column.ty))
            {
                return Err(fault(format!("points from {own} to {}", column.ty)));
            }
        }
        let is_target = |columns: &[String]| {
            columns.len() == key.target_columns.len()
                && columns.iter().all(|column| key.target_columns.iter().any(|name| self.same_name(name, column)))
        };
        let keys = target.primary_key.iter().chain(&target.uniques);
        let indexed = target.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
        let indexed = indexed.filter_map(|index| index.keys.iter().map(plain_key).collect::<Option<Vec<String>>>());
        if keys.into_iter().any(|key| is_target(&key.columns)) || indexed.into_iter().any(|columns| is_target(&columns))
        {
            return Ok(());
        }
        Err(fault(format!(
            "must point to its primary key or to unique columns, and {} are neither",
            key.target_columns.join(", ")
        )))
    }

    fn constraint_names(&self) -> impl Iterator<Item = &str> {
        let TableShape { primary_key, uniques, checks, foreign_keys, other_constraints, .. } = &self.table;
        let keys = primary_key.iter().chain(uniques).map(|key| &key.name);
        let rest = checks.iter().map(|check| &check.name).chain(foreign_keys.iter().map(|key| &key.name));
        keys.chain(rest).chain(other_constraints.iter().map(|other| &other.name)).filter_map(|name| name.as_deref())
    }

    /// The constraint of this name.
    pub(super) fn constraint(&self, name: &str) -> Result<Dropped> {
        let TableShape { primary_key, uniques, checks, foreign_keys, other_constraints, .. } = &self.table;
        let is = |own: &Option<String>| own.as_deref().is_some_and(|own| self.same_name(own, name));
        let own = |own: &Option<String>| own.clone().unwrap_or_default();
        if primary_key.iter().any(|key| is(&key.name)) {
            return Err(usage(format!("`{name}` is the primary key of `{}`, which every table has", self.name)));
        }
        if ImpliedCheck::parse(name).is_some() {
            return Err(usage(format!("`{name}` belongs to a column's type; change that (`set_column_type`)")));
        }
        if let Some(key) = uniques.iter().find(|key| is(&key.name)) {
            self.check_not_referred_to(&key.columns, &format!("`{name}` of `{}` must stay", self.name))?;
            return Ok(Dropped::Unique(own(&key.name)));
        }
        if let Some(check) = checks.iter().find(|check| is(&check.name)) {
            return Ok(Dropped::Check(own(&check.name)));
        }
        if let Some(key) = foreign_keys.iter().find(|key| is(&key.name)) {
            return Ok(Dropped::ForeignKey(own(&key.name)));
        }
        if let Some(other) = other_constraints.iter().find(|other| is(&other.name)) {
            return Ok(Dropped::Other(own(&other.name)));
        }
        let near = nearest(name, self.constraint_names().filter(|name| ImpliedCheck::parse(name).is_none()));
        let hint = if near.is_empty() { String::new() } else { format!("; did you mean `{}`?", near.join("` or `")) };
        Err(usage(format!("`{name}` is not a constraint of `{}`{hint}", self.name)))
    }
}

/// The name that was given, or the default one.
fn named(name: &Text, default: impl FnOnce() -> String) -> Text {
    if name.is_empty() { default().into() } else { name.clone() }
}

pub(super) fn is_only(columns: &[String], column: &str) -> bool {
    matches!(columns, [only] if only == column)
}

/// The column that an index key is, if it is one.
fn plain_key(key: &IndexKeyShape) -> Option<String> {
    match &key.sorted {
        Sorted::Column(column) => Some(column.clone()),
        Sorted::Expression(_) => None,
    }
}

fn is_unique_index(index: &IndexShape, column: &str) -> bool {
    let keys: Option<Vec<String>> = index.keys.iter().map(plain_key).collect();
    index.unique && index.predicate.is_none() && keys.is_some_and(|keys| is_only(&keys, column))
}

fn is_whole(storage: &str) -> bool {
    ["INT", "INTEGER"].iter().any(|whole| storage.eq_ignore_ascii_case(whole))
}

//! Taking note of what has been done, so that the next change is planned for the table as it will be then.

use super::State;
use super::constraints::is_only;
use crate::ddl::default_expression;
use crate::introspect::{CheckShape, ColumnShape, Deferral, ForeignKeyShape, IndexShape, KeyShape, Sorted, TableShape};
use crate::query::alter::change::Constraint;
use crate::query::alter::step::{Dropped, SetType, Step};
use crate::schema::{ForeignKey, Text};
use crate::sql::{Dialect, Token, Tokens, column_type};

impl State {
    /// Takes note of what has been done.
    pub(in crate::query::alter) fn apply(&mut self, step: &Step) {
        let dialect = self.dialect;
        match step {
            Step::AddColumn(column) => {
                self.known.insert(column.sql_name.to_string(), column.ty.clone());
                let expression = |default| default_expression(default, &column.ty, dialect).ok();
                self.table.columns.push(ColumnShape {
                    name: column.sql_name.to_string(),
                    ty: column_type(&column.ty, dialect),
                    null: column.null,
                    default: column.default.as_ref().and_then(expression),
                    identity: None,
                    collation: column.collation.as_ref().map(ToString::to_string),
                    generated: None,
                    options: None,
                    comment: None,
                });
            }
            Step::DropColumn(name) => {
                self.table.columns.retain(|column| column.name != *name);
                self.table.uniques.retain(|key| !key.columns.contains(name));
                self.table.foreign_keys.retain(|key| !key.columns.contains(name));
                self.table.checks.retain(|check| !mentions(&check.expression, name));
                self.table.indexes.retain(|index| !index_mentions(index, name));
            }
            Step::RenameColumn { from, to } => self.rename_everywhere(from, to),
            Step::RenameTable(to) => {
                let old = self.table.name.clone();
                self.name.name = to.clone().into();
                self.table.name.name = to.clone().into();
                let new = self.table.name.clone();
                let keys = self.others.iter_mut().chain([&mut self.table]).flat_map(|table| &mut table.foreign_keys);
                keys.filter(|key| key.target == old).for_each(|key| key.target = new.clone());
            }
            Step::SetSchema(schema) => self.name.schema = Some(schema.clone().into()),
            Step::SetNull { column, null } => self.change(column, |column| column.null = *null),
            Step::SetDefault { column, expression } => {
                self.change(column, |column| column.default = Some(expression.clone()));
            }
            Step::DropDefault(column) => self.change(column, |column| column.default = None),
            Step::SetType(SetType { column, to, .. }) => {
                self.known.insert(column.clone(), to.clone());
                self.change(column, |column| column.ty = column_type(to, dialect));
            }
            Step::AddConstraint(Constraint::Unique(unique)) => self.table.uniques.push(KeyShape {
                name: Some(unique.name.to_string()),
                columns: unique.columns.iter().map(ToString::to_string).collect(),
                ..KeyShape::default()
            }),
            Step::AddConstraint(Constraint::Check(check)) => {
                let text = match dialect {
                    Dialect::Sqlite => &check.sqlite,
                    Dialect::Postgres => &check.postgres,
                };
                self.table.checks.push(CheckShape {
                    name: Some(check.name.to_string()),
                    expression: text.as_deref().unwrap_or_default().to_owned(),
                    valid: true,
                    options: None,
                });
            }
            Step::AddConstraint(Constraint::ForeignKey(key)) => self.table.foreign_keys.push(shape_of_key(key)),
            Step::DropConstraint(dropped) => {
                let named = |own: &Option<String>, name: &String| own.as_ref() == Some(name);
                match dropped {
                    Dropped::Unique(name) => self.table.uniques.retain(|key| !named(&key.name, name)),
                    Dropped::Check(name) => self.table.checks.retain(|check| !named(&check.name, name)),
                    Dropped::ForeignKey(name) => self.table.foreign_keys.retain(|key| !named(&key.name, name)),
                    Dropped::Other(name) => self.table.other_constraints.retain(|other| !named(&other.name, name)),
                    Dropped::UnnamedUnique(column) => {
                        self.table.uniques.retain(|key| key.name.is_some() || !is_only(&key.columns, column));
                    }
                }
            }
            Step::DropIndex(name) => self.table.indexes.retain(|index| index.name != *name),
            Step::RenameTypeCheck { from, to } => {
                for check in self.table.checks.iter_mut().filter(|check| check.name.as_ref() == Some(from)) {
                    check.name = Some(to.clone());
                }
            }
        }
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut ColumnShape)) {
        if let Some(column) = self.table.columns.iter_mut().find(|column| column.name == name) {
            change(column);
        }
    }

    fn rename_everywhere(&mut self, from: &str, to: &str) {
        if let Some(ty) = self.known.remove(from) {
            self.known.insert(to.to_owned(), ty);
        }
        let rename = |name: &mut String| {
            if name == from {
                to.clone_into(name);
            }
        };
        let own = self.table.name.clone();
        let TableShape { columns, primary_key, uniques, foreign_keys, indexes, .. } = &mut self.table;
        columns.iter_mut().for_each(|column| rename(&mut column.name));
        primary_key.iter_mut().chain(uniques).flat_map(|key| &mut key.columns).for_each(rename);
        foreign_keys.iter_mut().flat_map(|key| &mut key.columns).for_each(rename);
        for key in indexes.iter_mut().flat_map(|index| &mut index.keys) {
            if let Sorted::Column(name) = &mut key.sorted {
                rename(name);
            }
        }
        let keys = self.others.iter_mut().chain([&mut self.table]).flat_map(|table| &mut table.foreign_keys);
        keys.filter(|key| key.target == own).flat_map(|key| &mut key.target_columns).for_each(rename);
    }
}

fn shape_of_key(key: &ForeignKey) -> ForeignKeyShape {
    let owned = |names: &[Text]| names.iter().map(ToString::to_string).collect();
    ForeignKeyShape {
        name: Some(key.name.to_string()),
        columns: owned(&key.columns),
        target: key.target.clone(),
        target_columns: owned(&key.target_columns),
        on_delete: key.on_delete,
        on_update: key.on_update,
        deferral: Deferral::Never,
        valid: true,
        options: None,
    }
}

/// Whether an index sorts by a column or speaks of it.
fn index_mentions(index: &IndexShape, column: &str) -> bool {
    let key = |sorted: &Sorted| match sorted {
        Sorted::Column(name) => name == column,
        Sorted::Expression(expression) => mentions(expression, column),
    };
    index.keys.iter().any(|index_key| key(&index_key.sorted))
        || index.include.iter().any(|name| name == column)
        || index.predicate.as_deref().is_some_and(|predicate| mentions(predicate, column))
}

/// Whether the word occurs in an SQL text.
fn mentions(sql: &str, word: &str) -> bool {
    let tokens = Tokens::of(sql, Dialect::Sqlite);
    let plain = |text: &str| text.trim_matches('"').replace("\"\"", "\"");
    tokens.map(Token::text).any(|text| !text.starts_with('\'') && plain(text).eq_ignore_ascii_case(word))
}

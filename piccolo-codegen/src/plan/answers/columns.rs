//! Columns that come, go or change.

use std::collections::HashMap;

use piccolo_runtime::schema::{Column, ColumnType, Default, Table};
use piccolo_runtime::sql::Dialect;

use super::{Asking, Backfill, Direction, is_null};
use crate::change::{BackfillKey, ColumnDifference, Conversion, ModifyTable, TableChange};
use crate::plan::consent::{Consent, column_names, table_names};
use crate::plan::question::{Answer, Question, shell_word};
use crate::plan::risk::Risk;
use crate::plan::{filler, literal};

impl Asking<'_> {
    pub(super) fn add_column(&mut self, change: &ModifyTable<'_>, column: &Column) {
        let names = column_names(&table_names(change.from, change.to), column, column);
        if let Some(expressions) = self.expressions(&names, true) {
            self.check(change, column, &expressions);
            self.set(change, column, Backfill::Expression(expressions));
            return;
        }
        // A default is one value, which does not do for several rows where they have to differ, or where there may be nothing to point to.
        let is_one = column.default.is_some() && !matches!(column.default, Some(Default::Uuid4 | Default::Uuid7));
        let points = column.default.is_some() && filler::key_of(change.to, column).is_some();
        let is_short =
            self.direction == Direction::Down && (is_one && filler::must_differ(change.to, column) || points);
        if !is_short && (column.null || column.default.is_some() || column.ty.is_serial()) {
            return;
        }
        match self.direction {
            Direction::Up => self.ask_for_value(
                change,
                column,
                format!("not-null:{}.{}", change.to.sql_name, column.sql_name),
                format!(
                    "the new column `{}` of `{}` takes no nulls, and rows that exist have no value for it",
                    column.sql_name, change.to.sql_name
                ),
            ),
            Direction::Down => self.set(change, column, Backfill::Filler),
        }
    }

    pub(super) fn drop_column(&mut self, change: &ModifyTable<'_>, column: &Column) {
        let names = column_names(&table_names(change.from, change.to), column, column);
        let table = change.to.sql_name.to_string();
        let name = format!("{table}.{}", column.sql_name);
        self.answers.losses.push(format!("the values of {name}"));
        if !self.consent(Consent::DropColumn, &names) {
            let answers = self.rename_answers(Some(&table), &column.sql_name);
            let reason = format!("the column `{}` of `{table}` goes, with its values", column.sql_name);
            self.ask(Consent::DropColumn, &name, reason, answers, "drop it with its values");
        }
    }

    pub(super) fn modify_column(
        &mut self,
        change: &ModifyTable<'_>,
        from: &Column,
        to: &Column,
        differs: ColumnDifference,
    ) {
        let names = column_names(&table_names(change.from, change.to), from, to);
        let name = format!("{}.{}", change.to.sql_name, to.sql_name);
        if differs.collation && filler::is_unique(change.to, to) {
            self.risk(Risk::Collation { column: name.clone() });
        }
        let takes_no_more_nulls = differs.null && !to.null;
        let conversion = if differs.ty { Conversion::between(&from.ty, &to.ty) } else { Conversion::Widening };
        if (takes_no_more_nulls || differs.ty)
            && let Some(expressions) = self.expressions(&names, false)
        {
            self.check(change, to, &expressions);
            // Values that the engine converts stay, and the expression is for those that are missing.
            let keeps = takes_no_more_nulls
                && match conversion {
                    Conversion::Widening => true,
                    Conversion::Refusing => self.allowed(Consent::Narrow, &names),
                    Conversion::Unknown => false,
                };
            self.answers.losses.push(if keeps {
                format!("which {name} were null")
            } else {
                format!("the old values of {name}")
            });
            return self.fill(change, to, Backfill::Expression(expressions), keeps);
        }
        if takes_no_more_nulls && self.direction == Direction::Down && self.was_emptied(&names) {
            return self.make_up(change, to);
        }
        match conversion {
            Conversion::Widening => {}
            Conversion::Refusing => {
                if !self.consent(Consent::Narrow, &names) {
                    let answers = vec![self.backfill_answer(change, to, "each row gets the value of this expression")];
                    self.ask(
                        Consent::Narrow,
                        &name,
                        format!(
                            "the new type of `{}` of `{}` may not hold all its values",
                            to.sql_name, change.to.sql_name
                        ),
                        answers,
                        "all values fit; if one does not, the migration fails and changes nothing",
                    );
                }
            }
            Conversion::Unknown => match self.direction {
                // The expression then also decides what nulls become.
                Direction::Up => return self.ask_for_conversion(change, to),
                Direction::Down => return self.make_up(change, to),
            },
        }
        if takes_no_more_nulls {
            if to.default.is_some() {
                self.answers.losses.push(format!("which {name} were null"));
                self.fill(change, to, Backfill::Default, true);
            } else if !self.consent(Consent::NotNull, &names) {
                let answers = vec![
                    Answer::schema(format!("give `{}` a default, which rows that have none then get", to.name)),
                    Answer::schema(format!("leave `{}` as it is: `null`", to.name)),
                    self.backfill_answer(change, to, "rows that have none get the value of this expression"),
                ];
                self.ask(
                    Consent::NotNull,
                    &name,
                    format!(
                        "`{}` of `{}` takes no more nulls, and rows may hold some",
                        to.sql_name, change.to.sql_name
                    ),
                    answers,
                    "there are no nulls; if there is one, the migration fails and changes nothing",
                );
            }
        }
    }

    /// Decides what rows get in a column whose old values are lost, on the way back.
    fn make_up(&mut self, change: &ModifyTable<'_>, to: &Column) {
        self.answers.losses.push(format!("the values of {}.{}", change.to.sql_name, to.sql_name));
        let points = filler::key_of(change.to, to).is_some();
        let backfill = if to.null && points && !self.is_pointed_to(change.to, to) {
            Backfill::null(self.engines)
        } else if to.default.is_some() && !points && !filler::is_unique(change.to, to) {
            Backfill::Default
        } else {
            // A default is one value, which does not do where rows have to differ or there may be nothing to point to.
            Backfill::Filler
        };
        self.set(change, to, backfill);
    }

    /// Whether the way forwards leaves every row without a value in this column.
    fn was_emptied(&self, names: &[String]) -> bool {
        let given = |dialect: &Dialect| self.given(names, *dialect, false);
        self.engines.iter().all(|dialect| given(dialect).is_some_and(|(_, text)| is_null(text)))
    }

    /// The backfill that was decided for a column by any of these names, one for this engine before one for all of them.
    fn given(&self, names: &[String], dialect: Dialect, down: bool) -> Option<(BackfillKey, &String)> {
        let mut keys = names
            .iter()
            .flat_map(|name| [Some(dialect), None].map(|dialect| BackfillKey { down, dialect, column: name.clone() }));
        keys.find_map(|key| self.decisions.backfills.get(&key).map(|found| (key, found)))
    }

    /// The backfill expression for each engine; `None` unless every engine has one. On the way back that is one that was marked for it, or,
    /// for a column that only the way back knows, any.
    fn expressions(&mut self, names: &[String], is_new: bool) -> Option<HashMap<Dialect, String>> {
        let mut found = HashMap::new();
        for dialect in self.engines {
            let down: &[bool] = match (self.direction, is_new) {
                (Direction::Up, _) => &[false],
                (Direction::Down, true) => &[true, false],
                (Direction::Down, false) => &[true],
            };
            let (key, expression) = down.iter().find_map(|down| self.given(names, *dialect, *down))?;
            let (used, expression) = (format!("--backfill {key}"), expression.clone());
            self.used.insert(used);
            found.insert(*dialect, expression);
        }
        (!found.is_empty()).then_some(found)
    }

    /// Asks again where a literal is seen not to fit: one engine would round it, and the other one refuse it.
    fn check(&mut self, change: &ModifyTable<'_>, column: &Column, expressions: &HashMap<Dialect, String>) {
        let ty = column.ty.referenced();
        let most = if let ColumnType::Numeric { scale, .. } = ty {
            usize::from(scale)
        } else if matches!(ty, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt) {
            0
        } else {
            return;
        };
        let mut given = self.engines.iter().filter_map(|dialect| expressions.get(dialect));
        let Some(given) = given.find(|text| literal::digits_after_point(text).is_some_and(|digits| digits > most))
        else {
            return;
        };
        let (table, name) = (&change.to.sql_name, &column.sql_name);
        let takes = match most {
            0 => "whole numbers alone".to_owned(),
            digits => format!("no more than {digits} digits after the point"),
        };
        self.questions.push(Question {
            subject: format!("backfill:{table}.{name}"),
            reason: format!("`{}` is given to rows of `{table}` in `{name}`, which takes {takes}", given.trim()),
            answers: vec![self.backfill_answer(change, column, "rows get the value of this expression")],
        });
    }

    /// Whether a key leads to a column whose type changes, so that the key's own column changes as well.
    fn is_pointed_to(&self, table: &Table, column: &Column) -> bool {
        let tables = self.diff.changes.tables.iter().filter_map(TableChange::new_side);
        tables
            .flat_map(|other| other.foreign_keys.iter())
            .any(|key| key.target == table.sql_name && key.target_columns.contains(&column.sql_name))
    }

    fn set(&mut self, change: &ModifyTable<'_>, column: &Column, backfill: Backfill) {
        self.answers.backfills.insert((change.to.sql_name.clone(), column.sql_name.clone()), backfill);
    }

    /// Decides what rows get that stay; those that have a value may keep it.
    fn fill(&mut self, change: &ModifyTable<'_>, column: &Column, backfill: Backfill, keeps: bool) {
        if keeps {
            self.answers.keeping.insert((change.to.sql_name.clone(), column.sql_name.clone()));
        }
        self.set(change, column, backfill);
    }

    fn ask_for_value(&mut self, change: &ModifyTable<'_>, column: &Column, subject: String, reason: String) {
        let answers = vec![
            Answer::schema(format!("give `{}` a default, which rows that exist then get", column.name)),
            Answer::schema(format!("let `{}` be `null`", column.name)),
            self.backfill_answer(change, column, "rows that exist get the value of this expression"),
        ];
        self.questions.push(Question { subject, reason, answers });
    }

    fn ask_for_conversion(&mut self, change: &ModifyTable<'_>, column: &Column) {
        self.questions.push(Question {
            subject: format!("convert:{}.{}", change.to.sql_name, column.sql_name),
            reason: format!(
                "nothing converts the old values of `{}` of `{}` to its new type",
                column.sql_name, change.to.sql_name
            ),
            answers: vec![self.backfill_answer(change, column, "each row gets the value of this expression")],
        });
    }

    fn backfill_answer(&self, change: &ModifyTable<'_>, column: &Column, meaning: &str) -> Answer {
        let way = if self.direction == Direction::Down { "down:" } else { "" };
        let name = format!("{way}{}.{}", change.to.sql_name, column.sql_name);
        Answer::flag(format!("--backfill {}=<expression>", shell_word(&name)), meaning)
    }
}

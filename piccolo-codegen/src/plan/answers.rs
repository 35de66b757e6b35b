//! Decisions brought to the changes that need them: what was decided, and what still has to be.

use std::collections::{BTreeSet, HashMap};

use piccolo_runtime::schema::{
    Column, Default, Enum, EnumValue, ForeignKey, Index, IndexKeyKind, QualifiedName, Table, Text, Unique,
};
use piccolo_runtime::sql::Dialect;

use super::consent::{Consent, column_names, table_names};
use super::question::{Answer, Question, shell_word};
use crate::change::{
    Alteration, BackfillKey, ColumnDifference, Conversion, Decisions, EnumChange, ModifyEnum, ModifyTable, TableChange,
};
use crate::diff::Diff;

/// Which way a plan leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the old schema to the new one. Whatever could cost data has to be decided.
    Up,
    /// Back. Nothing is asked: that what was lost cannot come back was accepted on the way up, and what takes its place is a
    /// value that the schema allows.
    Down,
}

impl Direction {
    /// The word for it in commands, file names and messages: `up` or `down`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// Everything that a plan has to know beside the changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    backfills: HashMap<(QualifiedName, Text), Backfill>,
    maps: HashMap<(QualifiedName, Text), Text>,
    /// Whether values may be made up where the old ones are lost: on the way back alone.
    makes_up: bool,
    /// What the change cannot bring back when it is undone, each for the header of a file.
    pub losses: Vec<String>,
    /// What rows could refuse, and what was consented to, each in a sentence.
    pub risks: Vec<String>,
}

/// Where the values of existing rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Backfill {
    /// An expression over the row, one for each engine.
    Expression(HashMap<Dialect, String>),
    /// The column's default.
    Default,
    /// Any value that the column takes, because the one it had is lost.
    Filler,
}

impl Answers {
    /// Where the values of this column, by its new names, come from.
    pub(crate) fn backfill(&self, table: &Table, column: &Column) -> Option<&Backfill> {
        self.backfills.get(&(table.sql_name.clone(), column.sql_name.clone()))
    }

    /// Whether values may be made up where the old ones are lost.
    pub(super) fn makes_up(&self) -> bool {
        self.makes_up
    }

    /// What an old value of this enum, by its new name, becomes.
    pub(super) fn mapped(&self, enumeration: &Enum, value: &str) -> Option<&Text> {
        self.maps.get(&(enumeration.sql_name.clone(), value.to_owned().into()))
    }
}

/// What came of the decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What was decided, complete when there is no question.
    pub answers: Answers,
    /// What still has to be decided.
    pub questions: Vec<Question>,
    /// Decisions that nothing asked for, as they were written: mistyped, or made for another change.
    pub unused: Vec<String>,
}

/// Brings the decisions to the changes, for plans on these engines.
#[must_use]
pub fn answers(diff: &Diff<'_>, decisions: &Decisions, direction: Direction, engines: &[Dialect]) -> Answered {
    let mut asking = Asking {
        diff,
        decisions,
        direction,
        engines,
        used: BTreeSet::new(),
        answers: Answers { makes_up: direction == Direction::Down, ..Answers::default() },
        questions: Vec::new(),
    };
    for change in &diff.changes.enums {
        if let EnumChange::ModifyEnum(change) = change {
            asking.enumeration(change);
        }
    }
    for change in &diff.changes.tables {
        match change {
            TableChange::AddTable(_) => {}
            TableChange::DropTable(table) => asking.drop_table(table),
            TableChange::ModifyTable(change) => asking.table(change),
        }
    }
    let Asking { used, answers, questions, .. } = asking;
    let allowed = decisions.allowed.iter().map(|allowed| format!("--allow {allowed}"));
    let backfills = decisions.backfills.keys().filter(|key| !key.down).map(|key| format!("--backfill {key}"));
    let maps = decisions.maps.keys().map(|key| format!("--map {key}"));
    let unused = allowed.chain(backfills).chain(maps).filter(|decision| !used.contains(decision)).collect();
    Answered { answers, questions, unused }
}

/// The work in progress.
struct Asking<'d> {
    diff: &'d Diff<'d>,
    decisions: &'d Decisions,
    direction: Direction,
    engines: &'d [Dialect],
    /// The decisions that something asked for, as they are written.
    used: BTreeSet<String>,
    answers: Answers,
    questions: Vec<Question>,
}

impl Asking<'_> {
    fn enumeration(&mut self, change: &ModifyEnum<'_>) {
        for value in &change.dropped {
            match self.map(change, value) {
                Some(other) => {
                    let name = &change.to.sql_name;
                    self.answers.losses.push(format!("which {name} were {}", value.text));
                    self.answers.maps.insert((name.clone(), value.text.clone()), other);
                }
                None if self.direction == Direction::Up => self.ask_for_map(change, value),
                // On the way back rows that use the value refuse the change: nothing is lost without a word.
                None => {}
            }
        }
    }

    /// What was decided about an enum's value that goes.
    fn map(&mut self, change: &ModifyEnum<'_>, value: &EnumValue) -> Option<Text> {
        let names = [&change.to.sql_name.name, &change.to.name, &change.from.sql_name.name, &change.from.name];
        let keys: Vec<String> = names
            .iter()
            .flat_map(|name| [&value.text, &value.name].map(|value| format!("{name}.{value}")))
            .chain([format!("{}.{}", change.to.sql_name, value.text)])
            .collect();
        let (key, other) = keys.iter().find_map(|key| Some((key, self.decisions.maps.get(key)?)))?;
        let other = change.to.values.iter().find(|kept| kept.text == *other || kept.name == *other)?;
        self.used.insert(format!("--map {key}"));
        Some(other.text.clone())
    }

    fn ask_for_map(&mut self, change: &ModifyEnum<'_>, value: &EnumValue) {
        let name = &change.to.sql_name;
        let mut answers = self.rename_answers(Some(&name.to_string()), &value.text);
        let others: Vec<&str> = change.to.values.iter().map(|value| value.text.as_ref()).collect();
        answers.push(Answer::flag(
            format!("--map {}=<value>", shell_word(&format!("{name}.{}", value.text))),
            format!("rows that have it get another value: one of {}", others.join(", ")),
        ));
        self.questions.push(Question {
            subject: format!("drop-value:{name}.{}", value.text),
            reason: format!("the value `{}` of the enum `{name}` goes, and rows may have it", value.text),
            answers,
        });
    }

    fn drop_table(&mut self, table: &Table) {
        let names = table_names(table, table);
        let name = table.sql_name.to_string();
        self.answers.losses.push(format!("the table {name} with its rows"));
        if !self.consent(Consent::DropTable, &names) {
            let answers = self.rename_answers(None, &name);
            self.ask(
                Consent::DropTable,
                &name,
                format!("the table `{name}` goes, with all its rows"),
                answers,
                "drop it with its rows",
            );
        }
    }

    fn table(&mut self, change: &ModifyTable<'_>) {
        for alteration in &change.alterations {
            match alteration {
                Alteration::AddColumn(column) => self.add_column(change, column),
                Alteration::DropColumn(column) => self.drop_column(change, column),
                Alteration::ModifyColumn { from, to, differs } => self.modify_column(change, from, to, *differs),
                Alteration::ModifyPrimaryKey { to, .. } => self.primary_key(change, &to.columns),
                Alteration::AddUnique(Unique { name, columns }) => self.unique(change, name, columns),
                Alteration::AddIndex(index) => self.unique_index(change, index),
                Alteration::AddCheck(check) => self.risk(format!(
                    "rows of {} that break the check {} make it fail, with nothing changed",
                    change.to.sql_name, check.name
                )),
                Alteration::AddForeignKey(key) => self.foreign_key(change, key),
                Alteration::RenameTable
                | Alteration::MoveTable
                | Alteration::CommentTable
                | Alteration::RenameColumn { .. }
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
    }

    fn add_column(&mut self, change: &ModifyTable<'_>, column: &Column) {
        let names = column_names(&table_names(change.from, change.to), column, column);
        if let Some(expressions) = self.expressions(&names, true) {
            self.set(change, column, Backfill::Expression(expressions));
            return;
        }
        if column.null || column.default.is_some() || column.ty.is_serial() {
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

    fn drop_column(&mut self, change: &ModifyTable<'_>, column: &Column) {
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

    fn modify_column(&mut self, change: &ModifyTable<'_>, from: &Column, to: &Column, differs: ColumnDifference) {
        let names = column_names(&table_names(change.from, change.to), from, to);
        let name = format!("{}.{}", change.to.sql_name, to.sql_name);
        let takes_no_more_nulls = differs.null && !to.null;
        let conversion = if differs.ty { Conversion::between(&from.ty, &to.ty) } else { Conversion::Widening };
        if (takes_no_more_nulls || differs.ty)
            && let Some(expressions) = self.expressions(&names, false)
        {
            self.answers.losses.push(if differs.ty {
                format!("the old values of {name}")
            } else {
                format!("which {name} were null")
            });
            self.set(change, to, Backfill::Expression(expressions));
            return;
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
                Direction::Down => {
                    let backfill = if to.default.is_some() { Backfill::Default } else { Backfill::Filler };
                    return self.set(change, to, backfill);
                }
            },
        }
        if takes_no_more_nulls {
            if to.default.is_some() {
                self.answers.losses.push(format!("which {name} were null"));
                self.set(change, to, Backfill::Default);
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

    fn primary_key(&mut self, change: &ModifyTable<'_>, columns: &[Text]) {
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

    fn unique_index(&mut self, change: &ModifyTable<'_>, index: &Index) {
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
    fn unique(&mut self, change: &ModifyTable<'_>, name: &str, columns: &[Text]) {
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

    fn foreign_key(&mut self, change: &ModifyTable<'_>, key: &ForeignKey) {
        let all_null = key.columns.iter().any(|column| self.is_new_and_null(change, column));
        if !all_null {
            self.risk(format!(
                "rows of {} that point to no row of {} make it fail, with nothing changed ({})",
                change.to.sql_name, key.target, key.name
            ));
        }
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

    /// Whether this is a new column that holds only nulls.
    fn is_new_and_null(&self, change: &ModifyTable<'_>, column: &str) -> bool {
        new_column(change, column).is_some_and(|column| {
            column.null && column.default.is_none() && self.answers.backfill(change.to, column).is_none()
        })
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
            let keys = down.iter().flat_map(|down| {
                names.iter().flat_map(|name| {
                    [Some(*dialect), None].map(|dialect| BackfillKey { down: *down, dialect, column: name.clone() })
                })
            });
            let (key, expression) = keys
                .into_iter()
                .find_map(|key| self.decisions.backfills.get(&key).map(|found| (key, found.clone())))?;
            self.used.insert(format!("--backfill {key}"));
            found.insert(*dialect, expression);
        }
        (!found.is_empty()).then_some(found)
    }

    fn set(&mut self, change: &ModifyTable<'_>, column: &Column, backfill: Backfill) {
        self.answers.backfills.insert((change.to.sql_name.clone(), column.sql_name.clone()), backfill);
    }

    fn risk(&mut self, text: String) {
        self.answers.risks.push(text);
    }

    /// Whether somebody consented to this, by any of these names. Nothing is asked on the way back.
    fn consent(&mut self, consent: Consent, names: &[String]) -> bool {
        let keys = names.iter().map(|name| format!("{}:{name}", consent.word()));
        let found = keys.into_iter().find(|key| self.decisions.allowed.contains(key));
        if let Some(key) = &found {
            self.used.insert(format!("--allow {key}"));
            self.answers.risks.push(key.clone());
        }
        found.is_some() || self.direction == Direction::Down
    }

    /// Asks for a consent; other answers come first.
    fn ask(&mut self, consent: Consent, name: &str, reason: String, mut answers: Vec<Answer>, meaning: &str) {
        let subject = format!("{}:{name}", consent.word());
        answers.push(Answer::flag(format!("--allow {}", shell_word(&subject)), meaning));
        self.questions.push(Question { subject, reason, answers });
    }

    fn ask_for_value(&mut self, change: &ModifyTable<'_>, column: &Column, subject: String, reason: String) {
        let answers = vec![
            Answer::schema(format!("give `{}` a default in the schema, which rows that exist then get", column.name)),
            Answer::schema(format!("let `{}` be `null` in the schema", column.name)),
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
        let name = format!("{}.{}", change.to.sql_name, column.sql_name);
        Answer::flag(format!("--backfill {}=<expression>", shell_word(&name)), meaning)
    }

    /// The renames that could be meant instead of a drop, the likeliest first.
    fn rename_answers(&self, parent: Option<&str>, from: &str) -> Vec<Answer> {
        let candidates = self.diff.candidates.iter().map(|candidate| &candidate.rename);
        candidates
            .filter(|rename| rename.parent.as_deref() == parent && rename.from == from)
            .map(|rename| {
                Answer::flag(
                    format!("--rename {}", shell_word(&rename.to_string())),
                    format!("it stays, and is called `{}` now", rename.to),
                )
            })
            .collect()
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

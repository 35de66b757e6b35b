//! Decisions brought to the changes that need them: what was decided, and what still has to be.

mod checks;
mod columns;
mod enums;
mod keys;

use std::collections::{BTreeSet, HashMap, HashSet};

use piccolo_runtime::schema::{Column, Enum, QualifiedName, Table, Text, Unique};
use piccolo_runtime::sql::Dialect;

use super::consent::{Consent, table_names};
use super::question::{Answer, Question, shell_word};
use super::risk::Risk;
use crate::change::{Alteration, Decisions, EnumChange, ModifyTable, TableChange};
use crate::diff::Diff;

/// Which way a plan leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the old schema to the new one. Whatever could cost data has to be decided.
    Up,
    /// Back. No consent is asked for: that what was lost cannot come back was accepted on the way up, and what takes its place is a
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
    /// The columns in which a backfill is for nulls alone.
    keeping: HashSet<(QualifiedName, Text)>,
    maps: HashMap<(QualifiedName, Text), Text>,
    /// Whether values may be made up where the old ones are lost: on the way back alone.
    makes_up: bool,
    /// What the change cannot bring back when it is undone, each for the header of a file.
    pub losses: Vec<String>,
    /// What rows could refuse, and what was consented to.
    pub risks: Vec<Risk>,
}

/// The expression for nothing.
const NULL: &str = "NULL";

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

/// Whether an expression is seen to be nothing.
fn is_null(expression: &str) -> bool {
    expression.trim().eq_ignore_ascii_case(NULL)
}

impl Backfill {
    /// Nothing, on each of these engines.
    fn null(engines: &[Dialect]) -> Self {
        Self::Expression(engines.iter().map(|dialect| (*dialect, NULL.to_owned())).collect())
    }

    /// Whether it is seen to be nothing on every engine.
    fn is_null(&self) -> bool {
        match self {
            Self::Expression(expressions) => expressions.values().all(|text| is_null(text)),
            Self::Default | Self::Filler => false,
        }
    }
}

impl Answers {
    /// Where the values of this column, by its new names, come from.
    pub(crate) fn backfill(&self, table: &Table, column: &Column) -> Option<&Backfill> {
        self.backfills.get(&(table.sql_name.clone(), column.sql_name.clone()))
    }

    /// Whether the rows keep the values that they have in this column of a table that stays, converted where its type changes, so that only
    /// a null gives way to the backfill.
    pub(crate) fn keeps(&self, table: &Table, column: &Column) -> bool {
        self.keeping.contains(&(table.sql_name.clone(), column.sql_name.clone()))
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
    if direction == Direction::Down {
        asking.point_back();
        asking.point_somewhere();
    }
    let Asking { used, answers, questions, .. } = asking;
    let flag = |name: &str, said: String| format!("--{name} {}", shell_word(&said));
    let allowed = decisions.allowed.iter().map(|what| (format!("--allow {what}"), flag("allow", what.clone())));
    let backfills = decisions.backfills.iter().filter(|(key, _)| !key.down);
    let backfills =
        backfills.map(|(key, text)| (format!("--backfill {key}"), flag("backfill", format!("{key}={text}"))));
    let maps =
        decisions.maps.iter().map(|(key, other)| (format!("--map {key}"), flag("map", format!("{key}={other}"))));
    let unused = allowed.chain(backfills).chain(maps).filter(|(decision, _)| !used.contains(decision));
    let unused = unused.map(|(_, flag)| flag).collect();
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
                Alteration::AddCheck(check) if checks::is_renamed_along(change, check) => {}
                Alteration::AddCheck(check) => {
                    self.risk(Risk::Check { table: change.to.sql_name.clone(), check: check.name.clone() });
                }
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

    fn risk(&mut self, risk: Risk) {
        self.answers.risks.push(risk);
    }

    /// Whether somebody consented to this, by any of these names. None is asked for on the way back, whose files say what it risks.
    fn consent(&mut self, consent: Consent, names: &[String]) -> bool {
        if self.direction == Direction::Up {
            return self.allowed(consent, names);
        }
        let rows = names.first().and_then(|name| consent.refused(name));
        rows.into_iter().for_each(|rows| self.risk(Risk::Unasked(rows)));
        true
    }

    /// Whether somebody said so.
    fn allowed(&mut self, consent: Consent, names: &[String]) -> bool {
        let found = names.iter().map(|name| Risk::Allowed(consent, name.clone()));
        let found = found.map(|risk| (risk.to_string(), risk)).find(|(key, _)| self.decisions.allowed.contains(key));
        let Some((key, risk)) = found else { return false };
        self.used.insert(format!("--allow {key}"));
        self.risk(risk);
        true
    }

    /// Asks for a consent; other answers come first.
    fn ask(&mut self, consent: Consent, name: &str, reason: String, mut answers: Vec<Answer>, meaning: &str) {
        let subject = format!("{}:{name}", consent.word());
        answers.push(Answer::flag(format!("--allow {}", shell_word(&subject)), meaning));
        self.questions.push(Question { subject, reason, answers });
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

//! A plan as data.

use piccolo_runtime::schema::{QualifiedName, Text};
use piccolo_runtime::sql::Dialect;

use super::Effect;

/// What to run on one engine, in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The engine.
    pub dialect: Dialect,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// What succeeds or fails as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does, in a few words.
    pub title: String,
    /// How it runs.
    pub mode: Mode,
    /// The tables that it rebuilds, by their names in the database. (SQLite only.)
    pub rebuilds: Vec<QualifiedName>,
    /// Whether foreign keys have to be suspended around it. (SQLite only.)
    pub foreign_keys_suspended: bool,
    /// How its one statement is spread over the rows of a table, a batch in each transaction. (Postgres only.)
    pub batches: Option<Batches>,
    /// Its statements in order.
    pub statements: Vec<Statement>,
}

/// How a statement is run in batches. `:first` and `:last` stand in it for the bounds of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batches {
    /// How many rows a batch has.
    pub size: u32,
    /// The table.
    pub table: QualifiedName,
    /// The column along which the table is walked: the first of its primary key.
    pub column: Text,
}

/// How a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// In one transaction with its row in the journal.
    #[default]
    Transaction,
    /// Outside of any transaction; such a step has exactly one statement.
    NoTransaction,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it does, for the reader; empty where the one before says it.
    pub comment: String,
    /// Its text, without a semicolon at the end.
    pub sql: String,
    /// What it does to a live system. (Postgres only.)
    pub effect: Option<Effect>,
}

impl Step {
    /// An empty step in a transaction.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            mode: Mode::Transaction,
            rebuilds: Vec::new(),
            foreign_keys_suspended: false,
            batches: None,
            statements: Vec::new(),
        }
    }

    /// Adds a statement that needs no label.
    pub(super) fn push(&mut self, comment: impl Into<String>, sql: impl Into<String>) {
        self.statements.push(Statement { comment: comment.into(), sql: sql.into(), effect: None });
    }
}

/// Names as a reader lists them: `band.name and band.members`.
pub(super) fn in_a_sentence(names: &[String]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        names => names.concat(),
    }
}

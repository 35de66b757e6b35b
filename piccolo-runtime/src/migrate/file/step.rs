//! A step of a file, and its statements.

use super::{Batches, Checksum};
use crate::ddl::Rebuilt;
use crate::sql::identifier;

/// How a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// In one transaction with its row in the journal.
    #[default]
    Transaction,
    /// Outside of any transaction; such a step has exactly one statement.
    NoTransaction,
}

/// The unit that succeeds or fails as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number in the file, from 1.
    pub number: u32,
    /// The line on which it begins.
    pub line: usize,
    /// How it runs.
    pub mode: Mode,
    /// The tables that SQLite rebuilds in it: what the live database hangs on them is saved and brought back.
    pub rebuilds: Vec<Rebuilt>,
    /// Whether SQLite's foreign keys are suspended around it. Every rebuild asks for that.
    pub foreign_keys_suspended: bool,
    /// How its one statement is spread over many transactions, where it is.
    pub batches: Option<Batches>,
    /// Its first comment, which says what it does.
    pub title: Option<String>,
    /// Its statements, in order.
    pub statements: Vec<Statement>,
}

/// One SQL statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The line on which it begins.
    pub line: usize,
    /// Its text as written, without the semicolon.
    pub text: String,
    /// Its text without comments and with single spaces: what the checksum and comparisons see.
    pub normal: String,
}

impl Step {
    /// The checksum of what the step does: its directives and statements, not its comments and layout.
    #[must_use]
    pub fn checksum(&self) -> Checksum {
        Checksum::of([self.directives().as_str()].into_iter().chain(self.normal_statements()))
    }

    /// Its statements in normal form.
    pub fn normal_statements(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().map(|statement| statement.normal.as_str())
    }

    /// What is done in it, for the guard around rebuilds.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn work(&self) -> crate::rebuild::Work {
        let statements = self.normal_statements().map(str::to_owned).collect();
        crate::rebuild::Work { tables: self.rebuilds.clone(), statements, constraints: None }
    }

    /// What its step line says, in a fixed order.
    fn directives(&self) -> String {
        let mut words = String::from("step");
        if self.mode == Mode::NoTransaction {
            words.push_str(" no-transaction");
        }
        if let Some(batches) = &self.batches {
            words.push(' ');
            words.push_str(&batches.directive());
        }
        for Rebuilt { table, columns } in &self.rebuilds {
            words.push_str(" rebuild ");
            words.push_str(table);
            if !columns.is_empty() {
                let columns: Vec<String> = columns.iter().map(|column| identifier(column)).collect();
                words.push_str(&format!(" ({})", columns.join(", ")));
            }
        }
        // A rebuild implies it, whether the line says so or not.
        if self.rebuilds.is_empty() && self.foreign_keys_suspended {
            words.push_str(" foreign-keys=suspended");
        }
        words
    }
}

//! A statement as the renderer hands it to an engine: text and bound values, nothing of a driver.

use std::borrow::Cow;

use crate::{Error, Result, Value};

/// One SQL statement in the dialect of the engine it is meant for, with the values of its parameters.
///
/// Values are only ever bound, never written into the text. The text should be stable (see `sql text is stable` in the
/// crate's documentation), because engines keep prepared statements by it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The SQL: `?1` or `?` on SQLite, `$1` on Postgres.
    pub sql: Cow<'static, str>,
    /// The values of the parameters, in order.
    pub args: Vec<Value>,
    /// Which parameters must never be shown in a log, by position from 0.
    secret: Vec<usize>,
}

/// What a statement does to the database, which decides where SQLite runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// It only reads, as far as its first word tells; the engine verifies that.
    Read,
    /// It may write.
    Write,
}

impl Statement {
    /// A statement with its values.
    pub fn new(sql: impl Into<Cow<'static, str>>, args: Vec<Value>) -> Self {
        Self { sql: sql.into(), args, secret: Vec::new() }
    }

    /// The same statement, which keeps the values at these positions (from 0) out of every log.
    #[must_use]
    pub fn with_secrets(mut self, positions: impl IntoIterator<Item = usize>) -> Self {
        self.secret.extend(positions);
        self
    }

    /// Whether the value at `position` must not be shown.
    pub(crate) fn is_secret(&self, position: usize) -> bool {
        self.secret.contains(&position)
    }

    /// Refuses transaction control: on an engine it would leave a transaction open on a connection that goes back to the pool,
    /// and a [`Transaction`](crate::Transaction) could not know what became of it.
    pub(crate) fn refuse_control(&self) -> Result<()> {
        const CONTROL: [&str; 8] = ["begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release"];
        let word = operation(&self.sql);
        if !CONTROL.iter().any(|control| word.eq_ignore_ascii_case(control)) {
            return Ok(());
        }
        Err(Error::Usage {
            message: format!(
                "`{}` as plain SQL would get past the transaction it is about; use `begin`, `commit`, `rollback`, \
                 `savepoint` and `rollback_to` of the engine and its transactions",
                word.to_ascii_uppercase()
            ),
        })
    }

    /// What the text's first word says the statement does.
    pub(crate) fn access(&self) -> Access {
        let word = operation(&self.sql);
        let reads = ["select", "with", "values", "explain"].iter().any(|read| word.eq_ignore_ascii_case(read));
        if reads { Access::Read } else { Access::Write }
    }
}

impl From<&'static str> for Statement {
    fn from(sql: &'static str) -> Self {
        Self::new(sql, Vec::new())
    }
}

impl From<String> for Statement {
    fn from(sql: String) -> Self {
        Self::new(sql, Vec::new())
    }
}

/// The first word of a statement, such as `SELECT`: what telemetry calls its operation.
pub(crate) fn operation(sql: &str) -> &str {
    let start = sql.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    let end = start.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(start.len());
    start.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_says_whether_a_statement_reads() {
        for sql in ["select 1", "  SELECT 1", "(select 1)", "values (1)", "WITH a AS (SELECT 1) SELECT * FROM a"] {
            assert_eq!(Statement::new(sql, vec![]).access(), Access::Read, "{sql}");
        }
        for sql in ["insert into a values (1)", "selection", "", "pragma user_version"] {
            assert_eq!(Statement::new(sql, vec![]).access(), Access::Write, "{sql}");
        }
    }
}

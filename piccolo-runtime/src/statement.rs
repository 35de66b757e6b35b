//! A statement as the renderer hands it to an engine: text and bound values, nothing of a driver.

use std::borrow::Cow;

use crate::schema::QualifiedName;
use crate::{Error, Result, Value};

/// One SQL statement in the dialect of the engine it is meant for, with the values of its parameters.
///
/// Values are only ever bound, never written into the text. The text should be stable (see `sql text is stable` in the
/// crate's documentation), because engines keep prepared statements by it.
#[derive(Clone)]
pub struct Statement {
    /// The SQL: `?1` or `?` on SQLite, `$1` on Postgres.
    pub sql: Cow<'static, str>,
    /// The values of the parameters, in order.
    pub args: Vec<Value>,
    /// Which parameters must never be shown in a log, by position from 0.
    secret: Vec<usize>,
    /// Which parameters nobody can tell the columns of, so that logs leave them out.
    hidden: Vec<usize>,
    about: Option<About>,
}

/// What a statement of ours does, for logs. Of SQL that a user writes only the first word is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About {
    /// The operation, such as `SELECT`.
    pub(crate) operation: &'static str,
    /// The table.
    pub(crate) table: &'static QualifiedName,
}

/// What stands for a value that must not be shown.
const SECRET: &str = "(secret)";

impl PartialEq for Statement {
    /// Two statements are equal if the database would see the same.
    fn eq(&self, other: &Self) -> bool {
        self.sql == other.sql && self.args == other.args
    }
}

impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement")
            .field("sql", &self.sql)
            .field("args", &format_args!("[{}]", self.shown_args()))
            .finish()
    }
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
        Self { sql: sql.into(), args, secret: Vec::new(), hidden: Vec::new(), about: None }
    }

    /// The same statement with other values.
    pub(crate) fn with_args(self, args: Vec<Value>) -> Self {
        Self { args, ..self }
    }

    /// The same statement without a copy of its text.
    pub(crate) fn lent(&'static self) -> Self {
        Self {
            sql: Cow::Borrowed(&self.sql),
            args: self.args.clone(),
            secret: self.secret.clone(),
            hidden: self.hidden.clone(),
            about: self.about,
        }
    }

    /// The same statement, which keeps the values at these positions (from 0) out of every log.
    #[must_use]
    pub fn with_secrets(mut self, positions: impl IntoIterator<Item = usize>) -> Self {
        self.secret.extend(positions);
        self
    }

    /// The same statement, which keeps these values out of every log, though errors may name them.
    pub(crate) fn hiding(mut self, positions: Vec<usize>) -> Self {
        self.hidden = positions;
        self
    }

    /// The same statement, which says what it does.
    pub(crate) fn with_about(mut self, about: Option<About>) -> Self {
        self.about = about;
        self
    }

    /// What it does, as far as that is known without reading its text.
    pub(crate) fn about(&self) -> Option<About> {
        self.about
    }

    /// The values as text, without those that must not be shown.
    pub(crate) fn shown_args(&self) -> String {
        let shown = self.args.iter().enumerate().map(|(position, value)| {
            if self.secret.contains(&position) {
                SECRET.to_owned()
            } else if self.hidden.contains(&position) {
                format!("({})", value.kind())
            } else {
                format!("{value:?}")
            }
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    /// The texts by which the values that must not be shown could be known.
    pub(crate) fn secret_texts(&self) -> Vec<String> {
        let secret = self.secret.iter().filter_map(|position| self.args.get(*position));
        secret.flat_map(texts).collect()
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

/// The text of a value, or of each element of an array, where the database might repeat it.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) | Value::Enum(text) => vec![text.clone()],
        Value::Array(_, items) => items.iter().flat_map(texts).collect(),
        Value::Numeric(number) => vec![number.to_string()],
        Value::SmallInt(number) => vec![number.to_string()],
        Value::Integer(number) => vec![number.to_string()],
        Value::BigInt(number) => vec![number.to_string()],
        Value::Uuid(uuid) => vec![uuid.to_string()],
        Value::Json(document) => vec![document.to_string()],
        // What is left is short, or bytes, or comes back in another form.
        Value::Null
        | Value::Boolean(_)
        | Value::Real(_)
        | Value::DoublePrecision(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Timestamp(_)
        | Value::Timestamptz(_)
        | Value::Interval(_)
        | Value::Bytea(_) => Vec::new(),
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
    fn a_secret_is_not_part_of_what_is_shown() {
        let statement = Statement::new("SELECT $1, $2", vec!["open".into(), "hidden".into()]).with_secrets([1]);
        let shown = format!("{statement:?}");
        assert!(shown.contains("open") && shown.contains(SECRET) && !shown.contains("hidden"), "{shown}");
        assert_eq!(statement.secret_texts(), ["hidden"]);
    }

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

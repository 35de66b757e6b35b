//! Statements outside of a transaction, and what an interrupted one left behind.
//!
//! On Postgres that is above all `CREATE INDEX CONCURRENTLY`: one that fails leaves an index that is never used and always maintained, and
//! with `IF NOT EXISTS` a second attempt would report success over it.

use super::session::Session;
use crate::migrate::file::Statement;
use crate::sql::{Dialect, Token, Tokens, literal};
use crate::{Error, Result};

/// What a statement that was begun by an earlier run has left.
pub(super) enum Left {
    /// Nothing that we could see: it is run again.
    Nothing,
    /// All of its work: it need not run.
    All,
    /// Something broken, which this statement takes away.
    Broken(String),
}

/// What a statement does concurrently.
enum Concurrent {
    /// It builds this index on this table, both as written.
    Create { index: String, table: String },
    /// It drops this index, as written.
    Drop { index: String },
}

/// Looks at what an interrupted statement has left.
pub(super) async fn left_behind(session: &Session, statement: &Statement) -> Result<Left> {
    Ok(match concurrent(statement, session.dialect()) {
        None => Left::Nothing,
        Some(Concurrent::Create { index, table }) => match state(session, &index, &table).await? {
            None => Left::Nothing,
            Some((true, _)) => Left::All,
            Some((false, name)) => Left::Broken(format!("DROP INDEX CONCURRENTLY {name}")),
        },
        Some(Concurrent::Drop { index }) => {
            let gone = session.value::<bool>(format!("SELECT to_regclass({}) IS NULL", literal(&index))).await?;
            if gone == Some(true) { Left::All } else { Left::Nothing }
        }
    })
}

/// The error for an index that a step builds and whose name another one has, of which nobody could tell later that the step has not built it.
pub(super) async fn taken(session: &Session, statement: &Statement) -> Result<Option<Error>> {
    let Some(Concurrent::Create { index, table }) = concurrent(statement, session.dialect()) else { return Ok(None) };
    let found = state(session, &index, &table).await?;
    Ok(found.map(|(_, name)| Error::Database {
        code: Some("42P07".to_owned()),
        message: format!("the table has an index {name} already, which this migration has not built"),
    }))
}

/// Runs a statement, for as long as it takes, and looks at its result. What waits for a concurrent build is nobody, so no timeout cuts
/// it off.
pub(super) async fn run(session: &Session, statement: &Statement) -> Result<()> {
    if session.dialect() == Dialect::Sqlite {
        return session.execute(&statement.text).await;
    }
    // The connection is closed after the run. One that a pooler lends on keeps the limits that it has.
    if session.keeps_settings().await? {
        session.execute("SET lock_timeout = 0; SET statement_timeout = 0").await?;
    }
    session.execute(&statement.text).await?;
    if let Some(Concurrent::Create { index, table }) = concurrent(statement, session.dialect())
        && let Some((false, name)) = state(session, &index, &table).await?
    {
        return Err(Error::Database { code: None, message: format!("the index {name} was built but is not valid") });
    }
    Ok(())
}

/// Whether the index is valid, and its full name; `None` if it does not exist.
async fn state(session: &Session, index: &str, table: &str) -> Result<Option<(bool, String)>> {
    let query = format!(
        "SELECT i.indisvalid::text || ' ' || i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         WHERE i.indrelid = to_regclass({}) AND c.relname = (parse_ident({}))[1]",
        literal(table),
        literal(index)
    );
    let found = session.value::<String>(query).await?;
    Ok(found.and_then(|found| found.split_once(' ').map(|(valid, name)| (valid == "true", name.to_owned()))))
}

/// What the statement does concurrently, if it does.
fn concurrent(statement: &Statement, dialect: Dialect) -> Option<Concurrent> {
    let mut tokens =
        Tokens::of(&statement.normal, dialect).filter(|token| !matches!(token, Token::Space(_))).peekable();
    let mut skip = |words: &[&str]| {
        words.iter().all(|word| tokens.next_if(|token| token.text().eq_ignore_ascii_case(word)).is_some())
    };
    let create = skip(&["create"]);
    if !create && !skip(&["drop"]) {
        return None;
    }
    skip(&["unique"]);
    if !skip(&["index", "concurrently"]) {
        return None;
    }
    if skip(&["if"]) {
        skip(&["not"]);
        skip(&["exists"]);
    }
    let is_end = |token: &Token<'_>| {
        let text = token.text();
        text == "(" || text.eq_ignore_ascii_case("on") || text.eq_ignore_ascii_case("using")
    };
    let mut name = || -> String {
        let mut name = String::new();
        while let Some(token) = tokens.next_if(|token| !is_end(token)) {
            name.push_str(token.text());
        }
        name
    };
    let index = name();
    if !create {
        return Some(Concurrent::Drop { index });
    }
    tokens.next_if(|token| token.text().eq_ignore_ascii_case("on"))?;
    tokens.next_if(|token| token.text().eq_ignore_ascii_case("only"));
    let mut table = String::new();
    while let Some(token) = tokens.next_if(|token| !is_end(token)) {
        table.push_str(token.text());
    }
    Some(Concurrent::Create { index, table })
}

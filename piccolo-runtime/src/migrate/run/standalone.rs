//! Steps outside of any migration: the same guards, no journal.

use super::batches::Walk;
use super::session::Session;
use crate::ask::run;
use crate::engine::Engine;
use crate::migrate::file::{Batches, Mode, Script, Step};
use crate::rebuild::{self, Trouble};
use crate::sql::Dialect;
use crate::{Error, Exec, Result};

/// Runs a text of steps, written as in a migration's file, without any journal. What the journal's runner does for a step is done here
/// as well: a transaction around it, and on SQLite, where the step says `rebuild <table>` or `foreign-keys=suspended`, foreign keys
/// suspended around that, all that hangs on a rebuilt table kept, and rows and keys checked before the commit.
///
/// ```no_run
/// # async fn example(db: &piccolo_runtime::Engine) -> piccolo_runtime::Result<()> {
/// piccolo_runtime::migrate::run_steps(
///     db,
///     "-- piccolo: step rebuild band
///      CREATE TABLE new_band (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
///      INSERT INTO new_band (id, name) SELECT band.id, band.name FROM band;
///      DROP TABLE band;
///      ALTER TABLE new_band RENAME TO band;",
/// )
/// .await
/// # }
/// ```
///
/// # Errors
///
/// [`Error::Usage`] for a text that is no list of steps, [`Error::Migration`] for a step that would lose something, and what the
/// database says. The step that fails leaves nothing behind (one in batches keeps those before the one that failed); the steps before it have run.
pub async fn run_steps(db: &Engine, text: &str) -> Result<()> {
    let script = Script::parse(text, db.dialect()).map_err(|error| Error::Usage { message: error.to_string() })?;
    let session = Session::open(db).await?;
    for step in &script.steps {
        if step.mode == Mode::NoTransaction {
            for statement in &step.statements {
                session.execute(statement.text.clone()).await?;
            }
            continue;
        }
        if let Some(batches) = &step.batches {
            run_batches(&session, step, batches).await?;
            continue;
        }
        let guarded = step.foreign_keys_suspended && session.dialect() == Dialect::Sqlite;
        if guarded {
            session.suspended(async || run_step(&session, step, true).await).await?;
        } else {
            run_step(&session, step, false).await?;
        }
    }
    Ok(())
}

/// Runs a step batch by batch. Where it stands is known to nobody else.
async fn run_batches(session: &Session, step: &Step, batches: &Batches) -> Result<()> {
    let transaction = session.begin().await?;
    let walk = Walk::begin(Exec::from(&transaction), batches).await;
    transaction.rollback().await?;
    let Some(mut walk) = walk? else { return Ok(()) };
    loop {
        let transaction = session.begin().await?;
        let Some(batch) = walk.next(Exec::from(&transaction), batches).await? else {
            return transaction.rollback().await;
        };
        for statement in &step.statements {
            run(&transaction, batch.sql(statement, session.dialect())).await?;
        }
        transaction.commit().await?;
        walk.cursor = Some(batch.last);
    }
}

async fn run_step(session: &Session, step: &Step, guarded: bool) -> Result<()> {
    let transaction = session.begin().await?;
    let statements = async || -> Result<()> {
        for statement in &step.statements {
            run(&transaction, statement.text.clone()).await?;
        }
        Ok(())
    };
    let result = if guarded {
        rebuild::guarded(&transaction, &step.work(), statements).await.map_err(|trouble| match trouble {
            Trouble::Statements(error) | Trouble::Database { error, .. } => error,
            Trouble::Refused(message) => Error::Migration { id: None, message, cause: None },
            Trouble::BrokenKeys { table, message } => {
                Error::Migration { id: None, message, cause: Some(Box::new(rebuild::broken_key(table))) }
            }
        })
    } else {
        statements().await
    };
    match result {
        Ok(()) => transaction.commit().await,
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

//! Steps on SQLite: in place where it can, by a rebuild of the table where not.
//!
//! The changes are done in *units*: a change that SQLite makes in place is one, and consecutive others are one rebuild. The live table is
//! read anew before each unit, because SQLite itself carries a rename into every text that mentions the name.
//!
//! | Module | Does |
//! |---|---|
//! | `plan` | tells what is done in place, and cuts the changes into units |
//! | `edit` | changes the words of the table's definition |
//! | `remake` | says what of the old rows goes into the new table |

mod edit;
mod plan;
mod remake;

pub(super) use self::plan::shown;
use self::plan::{Live, Statement, Unit};
use super::change::Change;
use super::state::State;
use crate::ask::{first, run as run_statement};
use crate::ddl::Rebuilt;
use crate::rebuild::{self, Trouble, Work};
use crate::schema::QualifiedName;
use crate::sql::{Dialect, identifier};
use crate::table::TableMeta;
use crate::transaction::Transaction;
use crate::{Error, Exec, Result};

const SQLITE: Dialect = Dialect::Sqlite;

/// Does the changes, all of them or none.
pub(super) async fn run(exec: Exec<'_>, meta: &'static TableMeta, changes: &[Change]) -> Result<()> {
    let table = &meta.table().sql_name;
    // Planned as a whole first: what cannot be done is refused before anything is, and foreign keys have to be suspended before a transaction
    // begins.
    let live = Box::pin(Live::read(exec, meta, table)).await?;
    let units = live.clone().units(changes)?;
    let rebuilds = units.iter().any(|unit| matches!(unit, Unit::Rebuild { .. }));
    match exec {
        Exec::Transaction(outer) => {
            if rebuilds {
                Box::pin(refuse_lost_rows(exec, &live.state)).await?;
            }
            let transaction = outer.begin().await?;
            Box::pin(finish(transaction, meta, table, changes, true)).await
        }
        Exec::Engine(engine) if !rebuilds => {
            let transaction = engine.begin().await?;
            Box::pin(finish(transaction, meta, table, changes, false)).await
        }
        Exec::Connection(connection) if !rebuilds => {
            let transaction = connection.begin().await?;
            Box::pin(finish(transaction, meta, table, changes, false)).await
        }
        Exec::Engine(engine) => {
            let connection = engine.dedicated().await?;
            let work = async || Box::pin(finish(connection.begin().await?, meta, table, changes, true)).await;
            Box::pin(rebuild::suspended(&connection, work)).await
        }
        Exec::Connection(connection) => {
            let work = async || Box::pin(finish(connection.begin().await?, meta, table, changes, true)).await;
            Box::pin(rebuild::suspended(connection, work)).await
        }
    }
}

/// Does the changes in this transaction and commits it, or rolls it back.
async fn finish(
    transaction: Transaction,
    meta: &'static TableMeta,
    table: &QualifiedName,
    changes: &[Change],
    may_rebuild: bool,
) -> Result<()> {
    match Box::pin(inside(&transaction, meta, table, changes, may_rebuild)).await {
        Ok(()) => transaction.commit().await,
        Err(error) => {
            // The error itself says more than that of a rollback on a broken connection would.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

async fn inside(
    transaction: &Transaction,
    meta: &'static TableMeta,
    table: &QualifiedName,
    changes: &[Change],
    may_rebuild: bool,
) -> Result<()> {
    let (mut table, mut rest) = (table.clone(), changes);
    while !rest.is_empty() {
        let mut live = Box::pin(Live::read(Exec::from(transaction), meta, &table)).await?;
        let (unit, done) = live.next_unit(rest)?;
        rest = rest.get(done..).unwrap_or_default();
        table = live.state.name.clone();
        match unit {
            None => {}
            Some(Unit::InPlace(statements)) => {
                for Statement { sql, refusal } in statements {
                    run_statement(transaction, sql).await.map_err(|error| named(error, refusal))?;
                }
            }
            Some(Unit::Rebuild { .. }) if !may_rebuild => {
                let message = format!("the definition of `{table}` changed while it was altered");
                return Err(Error::Serialization { message });
            }
            Some(Unit::Rebuild { table, helper, statements }) => {
                Box::pin(rebuild_table(transaction, &live.state, table, &helper, statements)).await?;
            }
        }
    }
    Ok(())
}

/// The error of a statement in place, which names no constraint where rows break the one that it adds.
fn named(error: Error, refusal: Option<Error>) -> Error {
    match (&error, refusal) {
        (Error::Database { message, .. }, Some(refusal)) if message == "constraint failed" => refusal,
        (_, _) => error,
    }
}

/// Makes the table anew, under the guard that migrations have too.
async fn rebuild_table(
    transaction: &Transaction,
    state: &State,
    table: String,
    helper: &str,
    statements: Vec<String>,
) -> Result<()> {
    let tables = vec![Rebuilt { table: table.clone(), columns: Vec::new() }];
    let work = Work { tables, statements, constraints: None };
    let run = async || -> Result<()> {
        for statement in &work.statements {
            run_statement(transaction, statement.clone()).await?;
        }
        Ok(())
    };
    Box::pin(rebuild::guarded(transaction, &work, run)).await.map_err(|trouble| match trouble {
        Trouble::Statements(error) => about(&table, helper, error),
        Trouble::Database { error, .. } => error,
        Trouble::Refused(message) => Error::Usage { message },
        Trouble::BrokenKeys { table, .. } => {
            let added = state.table.foreign_keys.last().filter(|_| *table == *state.table.name.name);
            let constraint = added.and_then(|key| key.name.clone());
            Error::ForeignKeyViolation { table: Some(table), constraint, pointed_to: None, dropped: false }
        }
    })
}

/// Refuses a rebuild with foreign keys on where dropping the old table would reach into other tables, or into the new one: where any row
/// points to one of its rows.
async fn refuse_lost_rows(exec: Exec<'_>, state: &State) -> Result<()> {
    for (table, key) in state.referring() {
        let name = identifier(&table.name.name);
        let points: Vec<String> =
            key.columns.iter().map(|column| format!("{} IS NOT NULL", identifier(column))).collect();
        let query = format!("SELECT 1 FROM {name} WHERE {} LIMIT 1", points.join(" AND "));
        if first(exec, query, |row| row.get::<i64>(0)).await?.is_some() {
            return Err(Error::Unsupported {
                engine: SQLITE.name(),
                feature: format!(
                    "this change of `{}` makes the table anew, for which foreign keys have to be suspended outside of any transaction, \
                     because rows of `{}` point to it; run it on the engine instead of in a transaction",
                    state.name, table.name
                ),
            });
        }
    }
    Ok(())
}

/// An error of a statement about the helper table of a rebuild, as one about the table itself.
fn about(table: &str, helper: &str, error: Error) -> Error {
    let mut error = error;
    if let Error::UniqueViolation { table: named, .. }
    | Error::NotNullViolation { table: named, .. }
    | Error::CheckViolation { table: named, .. } = &mut error
    {
        if named.as_deref() == Some(helper) {
            *named = Some(table.to_owned());
        }
    } else if let Error::InvalidValue { target, reason } = &mut error {
        *target = target.replace(helper, table);
        *reason = reason.replace(helper, table);
    }
    error
}

//! Migrations replayed on empty databases.

use piccolo_runtime::introspect::{Shape, differences};
use piccolo_runtime::migrate::{Migration, history};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

use super::{Grounds, Moment, Refutation, Scratch, blame};

/// The shape of a database that is created from this schema.
///
/// # Errors
///
/// As [`Scratch::create`].
pub async fn fresh(grounds: &Grounds, dialect: Dialect, schema: &Schema) -> Result<Shape, Refutation> {
    let scratch = grounds.scratch(dialect).await?;
    let shape = scratch.shape_of(schema).await;
    scratch.close().await;
    shape
}

/// Runs all migrations on an empty database in the order of their history, each forwards, backwards and forwards again: the way back must
/// give the database before, and the second way forwards the one after the first. The database after the last one is what comes out.
///
/// There are no rows in it: what `diff` proves with rows, it proves when a migration is written.
///
/// # Errors
///
/// The first step that fails, or the first migration that does not undo itself.
pub async fn replay(grounds: &Grounds, dialect: Dialect, migrations: &[Migration]) -> Result<Shape, Refutation> {
    let ordered = history::order(migrations).map_err(|error| Refutation::scratch(dialect, error))?;
    let scratch = grounds.scratch(dialect).await?;
    let shape = replay_on(&scratch, &ordered).await;
    scratch.close().await;
    shape
}

async fn replay_on(scratch: &Scratch<'_>, migrations: &[&Migration]) -> Result<Shape, Refutation> {
    let mut before = scratch.shape().await?;
    for migration in migrations {
        scratch.up(migration, Moment::Up).await?;
        let after = scratch.shape().await?;
        scratch.down(migration).await?;
        same(scratch, migration, Moment::Down, &before).await?;
        scratch.up(migration, Moment::UpAgain).await?;
        same(scratch, migration, Moment::UpAgain, &after).await?;
        scratch.forget().await?;
        before = after;
    }
    Ok(before)
}

/// Runs migrations forwards on an empty database in exactly this order, whatever their parents say. Two siblings commute if both orders
/// give the same shape.
///
/// # Errors
///
/// The first step that fails.
pub async fn in_order(grounds: &Grounds, dialect: Dialect, migrations: &[&Migration]) -> Result<Shape, Refutation> {
    let scratch = grounds.scratch(dialect).await?;
    let mut shape = Ok(());
    for migration in migrations {
        shape = match scratch.up(migration, Moment::Up).await {
            Ok(()) => scratch.forget().await,
            Err(error) => Err(error),
        };
        if shape.is_err() {
            break;
        }
    }
    let shape = match shape {
        Ok(()) => scratch.shape().await,
        Err(error) => Err(error),
    };
    scratch.close().await;
    shape
}

/// Makes sure that the database has this shape.
pub(super) async fn same(
    scratch: &Scratch<'_>,
    migration: &Migration,
    moment: Moment,
    wanted: &Shape,
) -> Result<(), Refutation> {
    let differences = differences(&scratch.shape().await?, wanted);
    if differences.is_empty() {
        return Ok(());
    }
    let dialect = scratch.dialect();
    let tables: Vec<&str> = differences.iter().filter_map(|difference| difference.table()).collect();
    let suspects = blame::statements(migration, dialect, moment, &tables);
    Err(Refutation::Shape { dialect, id: migration.id.to_string(), moment, differences, suspects })
}

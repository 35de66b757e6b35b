//! An application that finds its engine, for the suites: what it finds depends on the environment of a process.
//!
//! It prints the dialect, whether a second call gives the same engine, and the row of each query that it is given.

use std::process::ExitCode;

use piccolo_runtime::{Engine, Error, Exec, Result, engine_finder, engine_finder_sync};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let done = match arguments.next().as_deref() {
        Some("sync") => with_blocking_calls(arguments),
        _ => piccolo_tests::block_on(with_async_calls(arguments)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", error.kind());
            ExitCode::FAILURE
        }
    }
}

fn with_blocking_calls(queries: impl Iterator<Item = String>) -> Result<()> {
    let (engine, again) = (engine_finder_sync()?, engine_finder_sync()?);
    let transaction = engine.begin_sync()?;
    say(&engine, Exec::from(&again).execute_sync("SELECT 1".into()));
    drop(transaction);
    for query in queries {
        println!("{}", Exec::from(&engine).fetch_all_sync(query.into(), |row| row.get::<String>(0))?.join(", "));
    }
    Ok(())
}

async fn with_async_calls(queries: impl Iterator<Item = String>) -> Result<()> {
    let refused = engine_finder_sync().map(drop);
    if !matches!(refused, Err(Error::Usage { .. })) {
        println!("a blocking call inside a runtime gave {refused:?}");
    }
    let (engine, again) = (engine_finder().await?, engine_finder().await?);
    let transaction = engine.begin().await?;
    say(&engine, Exec::from(&again).execute("SELECT 1".into()).await);
    drop(transaction);
    for query in queries {
        println!("{}", Exec::from(&engine).fetch_all(query.into(), |row| row.get::<String>(0)).await?.join(", "));
    }
    engine.close_connection_pool().await;
    say(&again, Exec::from(&again).execute("SELECT 1".into()).await);
    again.start_connection_pool().max_connections(2).run().await
}

/// Says what a query on the engine came to.
fn say(engine: &Engine, result: Result<u64>) {
    println!("{} {}", engine.dialect(), result.map_or_else(|error| error.kind().to_owned(), |_| "answers".to_owned()));
}

//! Reads a large result in one of several ways and prints how far the memory of the process rose meanwhile, for the suites.
//!
//! `read-many-rows URL batches|stream|transaction|whole` prints the number of rows and the growth in kilobytes.

use futures_util::TryStreamExt;
use piccolo_runtime::query::Raw;
use piccolo_runtime::{Engine, Error, Exec, Result};

/// How many rows a batch has.
const BATCH: usize = 500;

fn main() -> std::process::ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(way)) = (arguments.next(), arguments.next()) else { return std::process::ExitCode::from(2) };
    match piccolo_tests::block_on(read(url, &way)) {
        Ok((rows, growth)) => {
            println!("{rows} {growth}");
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// The rows of the table `item`.
fn items(limit: usize) -> Raw {
    Raw::new("select id, words from item where id <= {} order by id", (i64::try_from(limit).unwrap_or(i64::MAX),))
}

/// Reads all rows in the way that is asked for. A first part of them warms caches up before memory is measured.
async fn read(url: String, way: &str) -> Result<(usize, u64)> {
    let engine = Engine::connect(url).await?;
    in_batches(Exec::from(&engine), 5 * BATCH).await?;
    let before = peak()?;
    let rows = match way {
        "batches" => in_batches(Exec::from(&engine), usize::MAX).await?,
        "stream" => items(usize::MAX).stream(&engine)?.try_fold(0, |count, _row| async move { Ok(count + 1) }).await?,
        "transaction" => {
            let tx = engine.begin().await?;
            let rows = in_batches(Exec::from(&tx), usize::MAX).await?;
            tx.rollback().await?;
            rows
        }
        _ => items(usize::MAX).run(&engine).await?.len(),
    };
    Ok((rows, peak()?.saturating_sub(before)))
}

async fn in_batches(exec: Exec<'_>, limit: usize) -> Result<usize> {
    items(limit).batch(BATCH).run(exec)?.try_fold(0, |count, batch| async move { Ok(count + batch.len()) }).await
}

/// The most memory that this process has had so far, in kilobytes.
fn peak() -> Result<u64> {
    let unreadable = |message: String| Error::Usage { message };
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| unreadable(error.to_string()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| unreadable("the system does not say how much memory a process has".to_owned()))
}

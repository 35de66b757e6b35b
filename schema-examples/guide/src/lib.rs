//! The tables and the rows that the examples of the documentation run on.
//!
//! Every block of Rust in the runtime's documentation is compiled, and most are run: a hidden line hands it an [`example`]
//! database with the rows of the manual, in memory. The tables are those that the generator wrote for the application `bands`.

/// The tables of the manual, as generated.
#[allow(dead_code, unused_imports, reason = "no example uses all of them")]
pub mod tables {
    // Not by `#[path]`, along which rustfmt would go.
    include!("../../bands/generated/mod.rs");
}

use chrono::{TimeZone, Utc};
use piccolo_runtime::query::create_tables;
use piccolo_runtime::{Engine, Result, Table};

use tables::{Band, Concert, Manager, Venue};

/// What the examples name without saying where it comes from.
pub mod prelude {
    pub use crate::tables::{Band, Concert, Genre, Manager, NewBand, NewManager, Venue};
    pub use crate::{empty, example};
    pub use piccolo_runtime::{Engine, Error, Result, Row, Table, Transaction};
}

/// Runs an example on a database with the manual's rows: the managers Guido and Graydon, their bands Pythonistas (1000) and
/// Rustaceans (500), and a concert of the two.
///
/// # Panics
///
/// If the example gives an error, which fails its test.
pub fn example(body: impl AsyncFnOnce(Engine) -> Result<()>) {
    run(async |db| {
        create_tables([Manager::META, Band::META, Venue::META, Concert::META]).run(&db).await?;
        fill(&db).await?;
        body(db).await
    });
}

/// Runs an example on a database without tables.
///
/// # Panics
///
/// If the example gives an error, which fails its test.
pub fn empty(body: impl AsyncFnOnce(Engine) -> Result<()>) {
    run(body);
}

#[expect(clippy::panic, reason = "an example fails its test by panicking")]
fn run(body: impl AsyncFnOnce(Engine) -> Result<()>) {
    let result = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map(|runtime| runtime.block_on(async { body(Engine::connect("sqlite::memory:").await?).await }));
    match result {
        Ok(Ok(())) => {}
        Ok(Err(error)) => panic!("{error}"),
        Err(error) => panic!("{error}"),
    }
}

/// The rows of the manual.
async fn fill(db: &Engine) -> Result<()> {
    Manager::insert([Manager::new("Guido"), Manager::new("Graydon")]).run(db).await?;
    Band::insert([
        Band::new("Pythonistas").manager(1).popularity(1000),
        Band::new("Rustaceans").manager(2).popularity(500),
    ])
    .run(db)
    .await?;
    Venue::insert([Venue::new("Amazing Venue").capacity(5000)]).run(db).await?;
    let starts = Utc.with_ymd_and_hms(2026, 11, 26, 20, 0, 0).single().unwrap_or_default();
    Concert::insert([Concert::new(1, 2, starts).venue(1)]).run(db).await?;
    Ok(())
}

//! One test body, run on every engine.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use piccolo_runtime::sql::Dialect;

use crate::raw::TextRow;
use crate::scratch::{Scratch, fail};

/// The database of a test on one engine.
///
/// Its methods fail the test instead of giving an error; the ones of [`Scratch`] that begin with `try_` give it.
pub struct TestDb {
    scratch: Scratch,
}

impl TestDb {
    /// An empty database of the given engine.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self { scratch: Scratch::new(dialect) }
    }

    /// Runs statements, separated by `;`, on a connection of their own, past the product.
    pub async fn execute(&self, sql: &str) {
        self.try_execute(sql).await.unwrap_or_else(|error| fail(&format!("{error}\nin: {sql}")));
    }

    /// The rows of one query, each value in the database's own text, past the product.
    pub async fn rows(&self, sql: &str) -> Vec<TextRow> {
        self.try_rows(sql).await.unwrap_or_else(|error| fail(&format!("{error}\nin: {sql}")))
    }

    /// The first value of the first row of a query, `NULL` where it is null, past the product.
    pub async fn text(&self, sql: &str) -> String {
        let row = self.rows(sql).await.into_iter().next();
        let value = row.and_then(|row| row.into_iter().next());
        value.unwrap_or_else(|| fail(&format!("no row from: {sql}"))).unwrap_or_else(|| "NULL".to_owned())
    }
}

impl std::ops::Deref for TestDb {
    type Target = Scratch;

    fn deref(&self) -> &Scratch {
        &self.scratch
    }
}

/// Runs a test body on every engine, each time on an empty database.
///
/// Every engine runs, even after a failure on another one, and the panic message names the engines that failed.
pub fn on_both(body: impl AsyncFn(&TestDb)) {
    let failures: Vec<String> = Dialect::ALL.into_iter().filter_map(|dialect| failure(dialect, &body)).collect();
    if !failures.is_empty() {
        report(&failures.join("\n"));
    }
}

/// Runs a test body on one engine, for behaviour that only this one has.
pub fn on(dialect: Dialect, body: impl AsyncFn(&TestDb)) {
    if let Some(failure) = failure(dialect, &body) {
        report(&failure);
    }
}

/// Runs a future to its end on a runtime of its own, as `#[tokio::main]` would.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap_or_else(|error| fail(&error)).block_on(future)
}

fn failure(dialect: Dialect, body: &impl AsyncFn(&TestDb)) -> Option<String> {
    let run = || {
        let db = TestDb::new(dialect);
        block_on(body(&db));
    };
    let panic = catch_unwind(AssertUnwindSafe(run)).err()?;
    Some(format!("on {dialect}: {}", message(panic.as_ref())))
}

/// Fails the test. The panic's place has been printed already, so only the engine is said here.
fn report(failure: &str) -> ! {
    eprintln!("{failure}");
    std::panic::resume_unwind(Box::new(failure.to_owned()))
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message")
}

//! The database that a command works on.

use piccolo_runtime::Engine;
pub(super) use piccolo_runtime::config::without_password;
use piccolo_runtime::config::{EngineSettings, URL_VARIABLE, no_database};

use super::exit::Failure;
use crate::config::Settings;

/// The url of the application's database: `--url`, then `DATABASE_URL`, then `piccolo.toml`.
pub(super) fn url(given: Option<&str>, settings: &Settings) -> Result<String, Failure> {
    let variable = || std::env::var(URL_VARIABLE).ok().filter(|url| !url.is_empty());
    let url = given.map(str::to_owned).or_else(variable).or_else(|| settings.database_url.clone());
    url.ok_or_else(|| Failure::bad_input(no_database(settings.file.as_deref(), &settings.from)))
}

/// Opens the database as the configuration says.
pub(super) async fn connect(url: &str, settings: &EngineSettings) -> Result<Engine, Failure> {
    Engine::builder(url).settings(settings).connect().await.map_err(Failure::from)
}

/// A runtime for the commands that talk to a database.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))?
        .block_on(work)
}

//! The database that a command works on.

use piccolo_runtime::Engine;

use super::exit::Failure;
use crate::config::Settings;

/// The environment variable that wins over the url in `piccolo.toml`.
const URL_VARIABLE: &str = "DATABASE_URL";

/// The url of the application's database: `--url`, then `DATABASE_URL`, then `piccolo.toml`.
pub fn url(given: Option<&str>, settings: &Settings) -> Result<String, Failure> {
    if let Some(url) = given {
        return Ok(url.to_owned());
    }
    if let Some(url) = std::env::var(URL_VARIABLE).ok().filter(|url| !url.is_empty()) {
        return Ok(url);
    }
    settings.database_url.clone().ok_or_else(|| {
        let file = settings
            .file
            .as_ref()
            .map_or_else(|| "no piccolo.toml was found".to_owned(), |file| format!("{} names none", file.display()));
        Failure::bad_input(format!(
            "no database is named: {URL_VARIABLE} is not set and {file}.\n\
             Set {URL_VARIABLE}=sqlite://app.sqlite, or write `url = \"sqlite://app.sqlite\"` under `[database]` in piccolo.toml"
        ))
    })
}

/// Opens the database.
pub async fn connect(url: &str) -> Result<Engine, Failure> {
    Engine::connect(url).await.map_err(Failure::from)
}

/// A runtime for the commands that talk to a database.
pub fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))?
        .block_on(work)
}

//! The database that a command works on.

use piccolo_runtime::Engine;

use super::exit::Failure;
use crate::config::Settings;

/// The environment variable that wins over the url in `piccolo.toml`.
const URL_VARIABLE: &str = "DATABASE_URL";

/// The url of the application's database: `--url`, then `DATABASE_URL`, then `piccolo.toml`.
pub(super) fn url(given: Option<&str>, settings: &Settings) -> Result<String, Failure> {
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
pub(super) async fn connect(url: &str) -> Result<Engine, Failure> {
    Engine::connect(url).await.map_err(Failure::from)
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

/// A url for people: without its password.
pub(super) fn without_password(url: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(address, rest)| (address, Some(rest)));
    let mut shown = match address.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
        Some((scheme, (user, host))) => {
            let user = user.split_once(':').map_or_else(|| user.to_owned(), |(user, _)| format!("{user}:***"));
            format!("{scheme}://{user}@{host}")
        }
        None => address.to_owned(),
    };
    if let Some(parameters) = parameters {
        let hidden: Vec<&str> =
            parameters.split('&').map(|one| if one.starts_with("password=") { "password=***" } else { one }).collect();
        shown.push('?');
        shown.push_str(&hidden.join("&"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            ("postgres://bob:se@cret@host:5432/db?sslmode=require", "postgres://bob:***@host:5432/db?sslmode=require"),
            ("postgres:///db?user=bob&password=secret&host=/run", "postgres:///db?user=bob&password=***&host=/run"),
            ("postgres://bob@host/db", "postgres://bob@host/db"),
            ("sqlite://bands.sqlite", "sqlite://bands.sqlite"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}

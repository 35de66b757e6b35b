//! Urls of PostgreSQL databases, and the settings that every connection of ours has.

use std::str::FromStr;

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use crate::engine::options::Options;
use crate::{Error, Result};

/// The name under which the server lists connections, unless the url or the options give another.
const APPLICATION: &str = "piccolo";

/// Reads a url such as `postgres://user:password@host:5432/database?sslmode=require`. What it does not say comes from the
/// environment (`PGHOST`, `PGUSER` …), as with every client of Postgres.
pub(crate) fn parse(url: &str, options: &Options) -> Result<PgConnectOptions> {
    let mut connect = PgConnectOptions::from_str(url)
        .map_err(|error| Error::Config {
            message: format!(
                "the PostgreSQL url cannot be used: {error}; write postgres://user:password@host:5432/database"
            ),
        })?
        // Poolers refuse the parameter, and the binary protocol does not need it.
        .extra_float_digits(None)
        .disable_statement_logging();
    if connect.get_username() == UNKNOWN_USER {
        // The driver did not find out who runs this program.
        let user = ["USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
        connect = connect.username(user.as_deref().unwrap_or("postgres"));
    }
    if let Some(name) = &options.application_name {
        connect = connect.application_name(name);
    } else if connect.get_application_name().is_none() {
        connect = connect.application_name(APPLICATION);
    }
    Ok(connect)
}

/// What sqlx calls a user it cannot name.
const UNKNOWN_USER: &str = "anonymous";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_without_a_user_gets_one() {
        let options = parse("postgres:///bands?host=/tmp/socket", &Options::default()).unwrap();
        assert_ne!(options.get_username(), UNKNOWN_USER);
        assert_eq!(options.get_database(), Some("bands"));
        assert_eq!(options.get_application_name(), Some(APPLICATION));
    }

    #[test]
    fn the_url_names_the_application_unless_the_options_do() {
        let url = "postgres://u@localhost/db?application_name=shop";
        let name = |options| parse(url, &options).unwrap().get_application_name().map(str::to_owned);
        assert_eq!(name(Options::default()).as_deref(), Some("shop"));
        let options = Options { application_name: Some("till".to_owned()), ..Options::default() };
        assert_eq!(name(options).as_deref(), Some("till"));
    }

    #[test]
    fn a_broken_url_is_a_configuration_error() {
        assert!(matches!(parse("postgres://a:b:c", &Options::default()), Err(Error::Config { .. })));
    }
}

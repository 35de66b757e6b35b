//! `piccolo.toml`: the one file that configures `build.rs`, the command line and the running application.
//!
//! ```toml
//! schema = "schema.piccolo"            # a file or a folder
//! migrations = "migrations"
//! engines = ["sqlite", "postgres"]     # what migrations are written for
//! online = false                       # whether those for Postgres are planned so that they do not stop a live system
//!
//! [database]
//! url = "sqlite://bands.sqlite"        # the environment variable DATABASE_URL wins over it
//! scratch_url = "postgres:///scratch"  # where proofs of migrations may run
//! max_connections = 20
//! query_timeout = 30                   # seconds
//! log_queries = true
//! ```
//!
//! Every key has a default. Those of `[database]` beside the urls are the settings of
//! [`EngineBuilder`](crate::EngineBuilder), under the same names and with the same meaning: `max_connections`, `min_connections`, `acquire_timeout`,
//! `idle_timeout`, `max_lifetime`, `query_timeout`, `busy_timeout` (times are in seconds), `create_if_missing`, `application_name`, `pooler` (`"detect"`, `"none"` or
//! `"transaction"`), `log_queries` and `log_values`. A relative path of a SQLite file starts from the folder of `piccolo.toml`.
//!
//! | File | Represents |
//! |---|---|
//! | `find` | where the file is looked for |
//! | `file` | the keys of the file, read from its text with all mistakes at once |
//! | `reader` | values of the file, each with the sentence about a wrong one |
//! | `engine` | the settings of an engine |
//! | `password` | urls without their passwords |

mod engine;
mod file;
mod find;
mod password;
mod reader;

pub use engine::{EngineSettings, Pooler};
pub use file::{Database, File};
pub use find::{FILE_NAME, FILE_VARIABLE, Found, URL_VARIABLE, find, no_database, read};
pub use password::without_password;

/// What is wrong with the configuration, where it was looked for, and the way out; one line for each mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub String);

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

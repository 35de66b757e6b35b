//! An empty database of one test, on either engine.

use piccolo_runtime::sql::Dialect;
use tempfile::TempDir;

use crate::postgres::{self, PostgresDatabase};

/// An empty database and what keeps it alive; it is removed with this value.
pub struct Scratch {
    dialect: Dialect,
    url: String,
    _life: Life,
}

/// What holds the database, only ever dropped.
enum Life {
    Folder(#[expect(dead_code, reason = "removes the folder when it is dropped")] TempDir),
    Database(#[expect(dead_code, reason = "drops the database when it is dropped")] PostgresDatabase),
}

impl Scratch {
    /// An empty database of the given engine.
    ///
    /// # Panics
    ///
    /// When there can be none; the message says what to install or to change.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::sqlite(),
            Dialect::Postgres => Self::postgres(),
        }
    }

    /// A SQLite file that does not exist yet, in a folder of its own.
    ///
    /// # Panics
    ///
    /// When no temporary folder can be created.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = tempfile::Builder::new().prefix("piccolo-sqlite-").tempdir().unwrap_or_else(|error| fail(&error));
        let url = format!("sqlite://{}", folder.path().join("test.sqlite").display());
        Self { dialect: Dialect::Sqlite, url, _life: Life::Folder(folder) }
    }

    /// A database in the throw-away cluster of this process.
    ///
    /// # Panics
    ///
    /// When Postgres is not installed or does not start; the message says what to do.
    #[must_use]
    pub fn postgres() -> Self {
        let database =
            postgres::server().and_then(postgres::Server::create_database).unwrap_or_else(|error| fail(&error));
        Self { dialect: Dialect::Postgres, url: database.url().to_owned(), _life: Life::Database(database) }
    }

    /// The engine of this database.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The url under which the database is reached, for the product and for `DATABASE_URL`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// The url under which the product may create scratch databases of its own, for proofs: the throw-away cluster of this process.
///
/// # Panics
///
/// When Postgres is not installed or does not start; the message says what to do.
#[must_use]
pub fn scratch_url() -> String {
    postgres::server().map(postgres::Server::url).unwrap_or_else(|error| fail(&error))
}

#[expect(clippy::panic, reason = "a harness fails a test by panicking")]
pub(crate) fn fail(error: &dyn std::fmt::Display) -> ! {
    panic!("{error}")
}

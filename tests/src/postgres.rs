//! A throw-away Postgres: one cluster for a test process, one database for a test.

mod admin;
mod pgbouncer;

use std::sync::OnceLock;

use admin::Admin;
pub use pgbouncer::PgBouncer;
use piccolo_codegen::proof::cluster::Cluster;

/// The shell of Postgres, of the installation that the cluster runs on.
///
/// # Panics
///
/// When Postgres is not installed; the message says what to do.
#[must_use]
pub fn psql() -> std::path::PathBuf {
    piccolo_codegen::proof::cluster::psql().unwrap_or_else(|error| crate::scratch::fail(&error))
}

/// The cluster of this test process, started by whoever asks first.
///
/// # Errors
///
/// What keeps the cluster from starting, in a sentence for the developer; every caller gets the same one.
pub(crate) fn server() -> Result<&'static Server, String> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    SERVER.get_or_init(Server::start).as_ref().map_err(Clone::clone)
}

/// A running cluster and the connection that creates and drops databases in it.
pub(crate) struct Server {
    cluster: Cluster,
    admin: Admin,
}

impl Server {
    fn start() -> Result<Self, String> {
        let cluster = Cluster::start().map_err(|error| format!("these tests need PostgreSQL: {error}"))?;
        let admin = Admin::start(&cluster.url("postgres"))
            .map_err(|error| format!("the throw-away Postgres does not answer: {error}\n{}", cluster.log()))?;
        Ok(Self { cluster, admin })
    }

    /// The url of the database that the server has by itself, where the product may create scratch databases.
    pub(crate) fn url(&self) -> String {
        self.cluster.url("postgres")
    }

    /// Creates an empty database.
    ///
    /// # Errors
    ///
    /// What the server said.
    pub(crate) fn create_database(&'static self) -> Result<PostgresDatabase, String> {
        let name = self.admin.create()?;
        Ok(PostgresDatabase { url: self.cluster.url(&name), name, server: self })
    }
}

/// A database of one test, dropped with this value.
pub(crate) struct PostgresDatabase {
    name: String,
    url: String,
    server: &'static Server,
}

impl PostgresDatabase {
    /// The url under which any client reaches the database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        self.server.admin.drop_later(&self.name);
    }
}

//! The Postgres server on which scratch databases are created and dropped.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use piccolo_runtime::Connection;
use piccolo_runtime::sql::{identifier, literal};
use piccolo_runtime::{Engine, Error, Exec, Statement};

/// What the name of every scratch database begins with.
const PREFIX: &str = "piccolo_scratch_";

/// The name of our role, where it may not create databases.
const MAY_NOT_CREATE: &str =
    "SELECT rolname::text FROM pg_roles WHERE rolname = current_user AND NOT rolcreatedb AND NOT rolsuper";

/// A connection that creates and drops databases.
pub(super) struct Server {
    /// Holds the engine of `connection`.
    _engine: Engine,
    connection: Connection,
    url: String,
    /// What tells this process' databases from those of others.
    mark: String,
    count: AtomicU32,
    /// The databases that nobody has dropped yet.
    open: Mutex<Vec<String>>,
    /// Those of them that are empty and in nobody's hands: making one anew takes longer than emptying one.
    idle: Mutex<Vec<String>>,
    /// The cluster, where it is our own: dropped last.
    #[cfg(unix)]
    _cluster: Option<super::cluster::Cluster>,
}

impl Server {
    /// The server that this url names. The database in it is only connected to.
    pub(super) async fn at(url: &str) -> Result<Self, String> {
        Self::connect(
            url.to_owned(),
            #[cfg(unix)]
            None,
        )
        .await
        .map_err(|error| format!("the server of `scratch_url` cannot be used: {error}"))
    }

    /// A cluster of our own.
    #[cfg(unix)]
    pub(super) async fn throw_away() -> Result<Self, String> {
        let no_server = |reason: String| format!("no `scratch_url` is configured, and {reason}");
        let cluster = super::cluster::Cluster::start().map_err(no_server)?;
        Self::connect(cluster.url("postgres"), Some(cluster))
            .await
            .map_err(|error| no_server(format!("the throw-away PostgreSQL does not answer: {error}")))
    }

    /// There is no cluster of our own where there are no unix sockets.
    #[cfg(not(unix))]
    pub(super) async fn throw_away() -> Result<Self, String> {
        Err("no `scratch_url` is configured".to_owned())
    }

    async fn connect(url: String, #[cfg(unix)] cluster: Option<super::cluster::Cluster>) -> Result<Self, String> {
        let said = |error: Error| error.to_string();
        let engine = Engine::builder(url.clone()).max_connections(1).connect().await.map_err(said)?;
        let connection = engine.dedicated().await.map_err(said)?;
        if let Some(role) = text(&connection, MAY_NOT_CREATE).await.map_err(said)?.into_iter().next() {
            return Err(format!(
                "its role `{role}` may not create databases, and each proof needs some of its own. Let it: `ALTER ROLE {} CREATEDB`; \
                 or name a role that may; or leave `scratch_url` out, so that a throw-away server is started where PostgreSQL's \
                 programs are installed",
                identifier(&role)
            ));
        }
        let mark = text(&connection, "SELECT replace(gen_random_uuid()::text, '-', '')").await.map_err(said)?;
        let server = Self {
            _engine: engine,
            connection,
            url,
            mark: mark.into_iter().collect(),
            count: AtomicU32::new(0),
            open: Mutex::new(Vec::new()),
            idle: Mutex::new(Vec::new()),
            #[cfg(unix)]
            _cluster: cluster,
        };
        server.sweep().await.map_err(said)?;
        Ok(server)
    }

    /// The name and the url of an empty database.
    pub(super) async fn create(&self) -> Result<(String, String), Error> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        if let Some(name) = idle {
            let url = with_database(&self.url, &name);
            return Ok((name, url));
        }
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}_{number}", self.mark);
        // Whoever finds the database and nobody with this lock knows that its process is gone.
        self.run(format!("SELECT pg_advisory_lock({})", lock(&name))).await?;
        self.run(format!(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'{}",
            identifier(&name),
            self.strategy().await?
        ))
        .await?;
        if let Ok(mut open) = self.open.lock() {
            open.push(name.clone());
        }
        Ok((name.clone(), with_database(&self.url, &name)))
    }

    /// Takes a database back, emptied through a connection to it, or drops it.
    pub(super) async fn take_back(&self, name: String, engine: Engine) {
        let emptied = empty(&engine).await;
        engine.close().await;
        if let (Ok(()), Ok(mut idle)) = (emptied, self.idle.lock()) {
            return idle.push(name);
        }
        // What cannot be dropped now is dropped with the grounds, or by the next proof on this server.
        let _ = self.drop(&name).await;
    }

    /// Drops a database.
    async fn drop(&self, name: &str) -> Result<(), Error> {
        if let Ok(mut open) = self.open.lock() {
            open.retain(|open| open != name);
        }
        self.run(drop_database(name)).await?;
        self.run(format!("SELECT pg_advisory_unlock({})", lock(name))).await
    }

    /// Drops what is left.
    pub(super) async fn close(self) {
        let left = self.open.lock().map(|mut open| std::mem::take(&mut *open)).unwrap_or_default();
        for name in left {
            // A server that is gone has nothing to be cleared.
            let _ = self.drop(&name).await;
        }
    }

    /// Drops the databases of processes that were killed: those whose lock nobody holds.
    async fn sweep(&self) -> Result<(), Error> {
        for name in text(&self.connection, abandoned()).await? {
            // Another role's database is not ours to clear up.
            let _ = self.run(drop_database(&name)).await;
        }
        Ok(())
    }

    /// Copying files is faster than logging their pages where nothing has to reach the disk.
    async fn strategy(&self) -> Result<&'static str, Error> {
        let version =
            text(&self.connection, "SELECT (current_setting('server_version_num')::int >= 150000)::text").await?;
        Ok(if version.iter().any(|new| new == "true") { " STRATEGY file_copy" } else { "" })
    }

    async fn run(&self, sql: String) -> Result<(), Error> {
        self.connection.run_script(sql).await
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("mark", &self.mark).finish_non_exhaustive()
    }
}

/// Drops everything in a scratch database.
async fn empty(engine: &Engine) -> Result<(), Error> {
    let connection = engine.dedicated().await?;
    let namespaces =
        "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
    for namespace in text(&connection, namespaces).await? {
        connection.run_script(format!("DROP SCHEMA {} CASCADE", identifier(&namespace))).await?;
    }
    connection.run_script("CREATE SCHEMA public").await
}

fn drop_database(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", identifier(name))
}

/// The query for the scratch databases whose lock nobody holds. A lock belongs to the database in which it was taken, which is the one that
/// its owner's `scratch_url` names, and could be taken once more from another one. So nobody tries to: the list of all locks tells.
fn abandoned() -> String {
    format!(
        "SELECT datname::text FROM pg_database WHERE starts_with(datname, {}) AND NOT EXISTS (SELECT 1 FROM pg_locks \
         WHERE locktype = 'advisory' AND objsubid = 1 \
         AND (classid::bigint << 32 | objid::bigint) = hashtextextended(datname::text, 0))",
        literal(PREFIX)
    )
}

/// The key of the lock that says that a database is in use.
fn lock(name: &str) -> String {
    format!("hashtextextended({}, 0)", literal(name))
}

/// The first column of a query.
async fn text(connection: &Connection, sql: impl Into<String>) -> Result<Vec<String>, Error> {
    Exec::from(connection).fetch_all(Statement::from(sql.into()), |row| row.get(0)).await
}

/// The url of another database of the same server.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(address, rest)| (address, Some(rest)));
    let server = match address.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()),
        None => address.to_owned(),
    };
    // A parameter may name the database as well, and would win.
    let kept: Vec<&str> =
        parameters.iter().flat_map(|all| all.split('&')).filter(|one| !one.starts_with("dbname=")).collect();
    let question = if kept.is_empty() { "" } else { "?" };
    format!("{server}/{name}{question}{}", kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn a_url_is_turned_to_another_database_of_its_server() {
        for (url, other) in [
            ("postgres:///scratch", "postgres:///x"),
            ("postgres://bob:pw@host:5432/scratch?sslmode=require", "postgres://bob:pw@host:5432/x?sslmode=require"),
            ("postgres://bob@host", "postgres://bob@host/x"),
            ("postgres:///?dbname=scratch&host=/run", "postgres:///x?host=/run"),
        ] {
            assert_eq!(with_database(url, "x"), other);
        }
    }
}

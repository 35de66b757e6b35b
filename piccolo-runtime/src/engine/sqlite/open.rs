//! Opening a SQLite connection with the settings that every one of ours has.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::oneshot;

use super::error::translate;
use super::url::Location;
use super::worker::Worker;
use crate::{Error, Result};

/// The number of prepared statements that a connection keeps.
const CACHED_STATEMENTS: usize = 256;

/// Opens a connection, for reading only where `read_only` says so or the database cannot be written.
pub(crate) fn open(location: &Location, read_only: bool) -> Result<Worker> {
    let Some(path) = &location.path else {
        let connection = Connection::open_in_memory().map_err(translate)?;
        configure(&connection, location).map_err(translate)?;
        return Ok(Worker::new(connection, false, true));
    };
    let read_only = read_only || !location.writable;
    let access = match (read_only, location.create) {
        (true, _) => OpenFlags::SQLITE_OPEN_READ_ONLY,
        (false, true) => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        (false, false) => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| explain(path, location, translate(error)))?;
    configure(&connection, location).map_err(|error| explain(path, location, translate(error)))?;
    // The operating system may have made it read-only whatever we asked for.
    let read_only = read_only || connection.is_readonly("main").map_err(translate)?;
    if !read_only {
        // Where the file system cannot share memory SQLite keeps its old journal, and all but the concurrency stays.
        write_ahead(&connection, location.busy_timeout).map_err(|error| explain(path, location, translate(error)))?;
    }
    Ok(Worker::new(connection, read_only, false))
}

/// The same on a thread of its own, because opening a file can wait for a lock.
pub(crate) async fn open_aside(location: Location, read_only: bool) -> Result<Worker> {
    let (sender, receiver) = oneshot::channel();
    let failed = |reason: &dyn std::fmt::Display| Error::Connection {
        message: format!("cannot open a SQLite connection on a thread of its own: {reason}"),
    };
    std::thread::Builder::new()
        .name("piccolo-sqlite-open".to_owned())
        .spawn(move || {
            // The caller may have stopped waiting; the connection is closed then.
            let _ = sender.send(open(&location, read_only));
        })
        .map_err(|error| failed(&error))?;
    receiver.await.map_err(|error| failed(&error))?
}

/// Switches the file to write-ahead logging, for which nobody else may use it. For that SQLite does not wait by itself, so that of
/// several processes that open a new file at once all but one would fail.
fn write_ahead(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    const PAUSE: Duration = Duration::from_millis(5);
    let started = Instant::now();
    loop {
        let switched = connection.query_row("PRAGMA journal_mode = WAL", (), |_| Ok(()));
        let is_busy = switched.as_ref().is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy));
        if !is_busy || started.elapsed() > patience {
            return switched;
        }
        std::thread::sleep(PAUSE);
    }
}

fn configure(connection: &Connection, location: &Location) -> rusqlite::Result<()> {
    connection.busy_timeout(location.busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // SQLite opens lazily; this is where a file that is no database shows.
    connection.query_row("SELECT count(*) FROM sqlite_schema", (), |_| Ok(()))
}

/// The error with the file's name, and the reason where the file system knows a better one than SQLite.
fn explain(path: &Path, location: &Location, error: Error) -> Error {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let reason = if path.is_dir() {
        "it is a folder".to_owned()
    } else if folder.is_some_and(|folder| !folder.is_dir()) {
        "its folder does not exist".to_owned()
    } else if !path.exists() && !location.create {
        "the file does not exist, and `create_if_missing` is off or the url's mode is not rwc".to_owned()
    } else {
        error.to_string()
    };
    if let Error::Serialization { .. } = error {
        return error;
    }
    Error::Connection { message: format!("cannot open the SQLite database {}: {reason}", path.display()) }
}

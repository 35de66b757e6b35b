//! A PgBouncer in front of the cluster, which lends a few connections to the server out for one transaction at a time.

use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use piccolo_codegen::proof::cluster::{SUPERUSER, Unprivileged};
use tempfile::TempDir;

use crate::scratch::{Scratch, fail};

/// What a developer reads when there is no PgBouncer here.
const MISSING: &str = "the program `pgbouncer` was not found, and this test needs it. Install it with `apt-get install pgbouncer` \
     (Debian, Ubuntu), `dnf install pgbouncer` (Fedora), `apk add pgbouncer` (Alpine) or `brew install pgbouncer` (macOS), or put its \
     folder into PATH. No running pooler is needed: the test starts its own and ends it.";

/// Starts the pooler, and ends it when the test process is gone, which closes this script's standard input.
const WATCHER: &str = r#"
"$1" -q pgbouncer.ini >/dev/null 2>&1 &
pooler=$!
cat >/dev/null
kill -TERM "$pooler"
wait "$pooler"
"#;

/// The port is only a part of the socket's name: nothing listens on TCP.
const PORT: u16 = 6432;

/// A running PgBouncer in transaction mode, ended with this value.
pub struct PgBouncer {
    url: String,
    // Never written to: closing it ends the pooler.
    _alive: Option<ChildStdin>,
    _folder: TempDir,
}

impl PgBouncer {
    /// Starts one in front of a scratch database of Postgres, with this many connections to the server.
    ///
    /// # Panics
    ///
    /// When PgBouncer is not installed or does not start; the message says what to do.
    #[must_use]
    pub fn before(database: &Scratch, connections: u32) -> Self {
        Self::start(database, connections).unwrap_or_else(|error| fail(&error))
    }

    /// The url under which the database is reached through the pooler.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    fn start(database: &Scratch, connections: u32) -> Result<Self, String> {
        let program = find()?;
        // The server's folder is short enough for a socket, and open to whom the server runs as.
        let (address, server) = database.url().split_once("?host=").ok_or("a pooler needs a database of Postgres")?;
        let name = address.rsplit('/').next().unwrap_or_default();
        let folder =
            tempfile::Builder::new().prefix("pooler-").tempdir_in(server).map_err(|error| error.to_string())?;
        let user = Unprivileged::for_owner_of(folder.path())?;
        let socket_folder = folder.path().display();
        let settings = format!(
            "[databases]\n* = host={server} port=5432 user={SUPERUSER}\n\
             [pgbouncer]\nlisten_addr =\nlisten_port = {PORT}\nunix_socket_dir = {socket_folder}\n\
             auth_type = any\npool_mode = transaction\ndefault_pool_size = {connections}\nmax_client_conn = 200\n\
             server_fast_close = 1\nlogfile = {socket_folder}/log\n"
        );
        let written = std::fs::write(folder.path().join("pgbouncer.ini"), settings);
        written.and_then(|()| user.take(folder.path())).map_err(|error| error.to_string())?;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", WATCHER, "watcher"]).arg(program).process_group(0);
        user.run(&mut command).current_dir(folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!("cannot start PgBouncer: {error}"))?;
        let alive = child.stdin.take();
        wait_until_ready(folder.path())?;
        let url = format!("postgres://{SUPERUSER}@localhost:{PORT}/{name}?host={socket_folder}");
        Ok(Self { url, _alive: alive, _folder: folder })
    }
}

/// The pooler accepts connections as soon as its socket is there.
fn wait_until_ready(folder: &Path) -> Result<(), String> {
    let started = Instant::now();
    while UnixStream::connect(folder.join(format!(".s.PGSQL.{PORT}"))).is_err() {
        if started.elapsed() > Duration::from_secs(30) {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            return Err(format!("PgBouncer did not start:\n{log}"));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Where the program is. Distributions put it where only root looks.
fn find() -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/usr/local/sbin", "/usr/bin", "/opt/homebrew/bin", "/usr/local/bin"].map(PathBuf::from);
    let mut folders = std::env::split_paths(&path).chain(usual);
    folders
        .find_map(|folder| Some(folder.join("pgbouncer")).filter(|program| program.is_file()))
        .ok_or_else(|| MISSING.to_owned())
}

//! A throw-away Postgres cluster: its folder and its processes, and how they end with the process that started it.
//!
//! It listens on a unix socket alone and needs no server that runs already, only the programs of an installation. Proofs run on it
//! where no `scratch_url` is configured, and so do the tests of this project.

mod binaries;
mod unprivileged;

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use binaries::Binaries;
pub use unprivileged::Unprivileged;

/// The name of the cluster's superuser, who also owns every database.
pub const SUPERUSER: &str = "piccolo";

/// The port is only a part of the socket's name: nothing listens on TCP.
const PORT: u16 = 5432;

/// The socket's path must fit into `sockaddr_un`, which holds 104 bytes on the smallest of our platforms.
const LONGEST_FOLDER: usize = 80;

/// What the server is started with.
///
/// Nothing here has to survive a crash. The time zone is odd on purpose: what depends on it
/// is noticed. It is spelled out, so that the machine needs no time zone database.
const SETTINGS: [&str; 16] = [
    "listen_addresses=",
    "port=5432",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=200",
    "shared_buffers=32MB",
    "dynamic_shared_memory_type=mmap",
    "autovacuum=off",
    "jit=off",
    "timezone=<+0545>-05:45",
    "datestyle=SQL,DMY",
    "intervalstyle=sql_standard",
    "client_connection_check_interval=1s",
];

/// Waits until the process that started the cluster is gone, which closes this script's standard input, then stops the server and
/// removes the folder. The server removes its pid file last.
const WATCHER: &str = r#"
cat >/dev/null
server=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$server" 2>/dev/null
tries=0
while [ -e "$1/data/postmaster.pid" ] && [ "$tries" -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
cd / && rm -rf "$1"
"#;

/// How a database is made whose text does not sort by code point, first what every recent server can do: so a text column
/// that forgot its collation is noticed.
const LOCALES: [&[&str]; 4] = [
    &["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"],
    &["--locale=en_US.UTF-8"],
    &["--locale=en_US.utf8"],
    &["--locale=C.UTF-8"],
];

/// The shell of the Postgres that clusters run on.
///
/// # Errors
///
/// What to install, where there is none.
pub fn psql() -> Result<PathBuf, String> {
    Binaries::find().map(|binaries| binaries.psql)
}

/// A running server, its folder and the watcher that ends them: when this value is dropped, or the process ends, however that
/// happens.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    // Never written to: the kernel closes it when this process ends, even by a signal.
    _alive: Option<ChildStdin>,
}

impl Cluster {
    /// Creates a cluster in a folder of its own and starts its server, which takes a second or two.
    ///
    /// # Errors
    ///
    /// What is missing, or what keeps the server from starting, in a sentence for the user.
    pub fn start() -> Result<Self, String> {
        let binaries = Binaries::find()?;
        let folder = new_folder()?;
        let user = Unprivileged::for_owner_of(&folder)?;
        user.take(&folder).map_err(|error| format!("cannot hand {} over: {error}", folder.display()))?;
        let alive = watch(&folder, user)?;
        let cluster = Self { folder, _alive: alive };
        cluster.create(&binaries, user)?;
        let mut server = cluster.launch(&binaries, user)?;
        cluster.wait_until_ready(&mut server)?;
        Ok(cluster)
    }

    /// The url of a database of this cluster, which both sqlx and libpq understand.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{SUPERUSER}@localhost:{PORT}/{database}?host={}", self.folder.display())
    }

    /// The end of the server's log, for a message.
    #[must_use]
    pub fn log(&self) -> String {
        let log = std::fs::read(self.folder.join("log")).unwrap_or_default();
        let text = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n")
    }

    fn create(&self, binaries: &Binaries, user: Unprivileged) -> Result<(), String> {
        let mut refusals = String::new();
        for locale in LOCALES {
            let output = self
                .command(&binaries.initdb, user)
                .args(["--pgdata=data", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"])
                .arg(format!("--username={SUPERUSER}"))
                .args(locale)
                .output()
                .map_err(|error| format!("cannot run {}: {error}", binaries.initdb.display()))?;
            if output.status.success() {
                return Ok(());
            }
            refusals.push_str(&String::from_utf8_lossy(&output.stderr));
        }
        Err(format!("{} cannot create a cluster:\n{refusals}", binaries.initdb.display()))
    }

    fn launch(&self, binaries: &Binaries, user: Unprivileged) -> Result<Child, String> {
        let log = std::fs::File::create(self.folder.join("log"))
            .map_err(|error| format!("cannot write the server's log: {error}"))?;
        let mut command = self.command(&binaries.postgres, user);
        command.args(["-D", "data", "-k"]).arg(&self.folder).stderr(log);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.spawn().map_err(|error| format!("cannot run {}: {error}", binaries.postgres.display()))
    }

    /// The server says in its pid file when it accepts connections.
    fn wait_until_ready(&self, server: &mut Child) -> Result<(), String> {
        let started = std::time::Instant::now();
        loop {
            let status = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
            if status.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            let ended = server.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || started.elapsed().as_secs() > 60 {
                return Err(format!("the throw-away Postgres did not start:\n{}", self.log()));
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// A program that runs as the server's user in the cluster's folder, deaf to this terminal's Ctrl-C and to
    /// the developer's own settings of Postgres.
    fn command(&self, program: &Path, user: Unprivileged) -> Command {
        let mut command = Command::new(program);
        user.run(&mut command).current_dir(&self.folder).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C");
        command
    }
}

/// A new folder with a path that is short enough for a socket and open to an unprivileged user.
fn new_folder() -> Result<PathBuf, String> {
    let usual = std::env::temp_dir();
    let candidates =
        if usual.as_os_str().len() <= LONGEST_FOLDER { [usual, "/tmp".into()] } else { ["/tmp".into(), usual] };
    let mut refusals = String::new();
    for parent in candidates {
        match tempfile::Builder::new().prefix("piccolo-pg-").tempdir_in(&parent) {
            Ok(folder) => return Ok(folder.keep()),
            Err(error) => refusals.push_str(&format!("cannot create a folder in {}: {error}\n", parent.display())),
        }
    }
    Err(refusals)
}

/// Starts the process that outlives this one and clears up after it.
fn watch(folder: &Path, user: Unprivileged) -> Result<Option<ChildStdin>, String> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", WATCHER, "watcher"]).arg(folder).process_group(0);
    user.run(&mut command).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().map_err(|error| format!("cannot start the watcher of the cluster: {error}"))?;
    Ok(child.stdin)
}

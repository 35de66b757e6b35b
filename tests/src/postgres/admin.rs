//! The one connection that creates and drops the databases of the tests.

use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, PgConnection};
use tokio::runtime::Runtime;

/// What the thread of the connection is asked for.
enum Request {
    Create { reply: Sender<Result<String, String>> },
    Drop { name: String },
}

/// A thread with a connection, which lives as long as the process does.
///
/// Tests end while their connections still close, so dropping is asked for and not waited for; and a database
/// that is being cloned must not have visitors, so cloning is one at a time.
pub(super) struct Admin {
    requests: Sender<Request>,
}

impl Admin {
    /// Connects to the maintenance database.
    pub(super) fn start(url: &str) -> Result<Self, String> {
        let options: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| error.to_string())?;
        let (requests, inbox) = channel();
        let (ready, connected) = channel();
        std::thread::Builder::new()
            .name("postgres-admin".to_owned())
            .spawn(move || serve(&options, &ready, &inbox))
            .map_err(|error| error.to_string())?;
        connected.recv().map_err(|error| error.to_string())??;
        Ok(Self { requests })
    }

    /// Creates a database and gives its name.
    pub(super) fn create(&self) -> Result<String, String> {
        let (reply, answer) = channel();
        self.requests.send(Request::Create { reply }).map_err(|error| error.to_string())?;
        answer.recv().map_err(|error| error.to_string())?
    }

    /// Drops a database soon, whoever is still connected to it.
    pub(super) fn drop_later(&self, name: &str) {
        // A server that is gone has taken the database along.
        let _ = self.requests.send(Request::Drop { name: name.to_owned() });
    }
}

fn serve(options: &PgConnectOptions, ready: &Sender<Result<(), String>>, inbox: &Receiver<Request>) {
    let mut desk = match Desk::open(options) {
        Ok(desk) => desk,
        Err(error) => {
            let _ = ready.send(Err(error));
            return;
        }
    };
    let _ = ready.send(Ok(()));
    while let Some(request) = desk.next(inbox) {
        match request {
            Request::Create { reply } => {
                let _ = reply.send(desk.create());
            }
            Request::Drop { name } => {
                let _ = desk.execute(format!("DROP DATABASE {name} WITH (FORCE)"));
            }
        }
    }
}

/// The connection with its runtime, and a database made ahead while nobody waits.
struct Desk {
    runtime: Runtime,
    connection: PgConnection,
    count: u32,
    spare: Option<String>,
}

impl Desk {
    fn open(options: &PgConnectOptions) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let connection = runtime.block_on(options.connect()).map_err(|error| error.to_string())?;
        Ok(Self { runtime, connection, count: 0, spare: None })
    }

    /// The next request, or `None` when nobody can ask any more.
    fn next(&mut self, inbox: &Receiver<Request>) -> Option<Request> {
        // The first request comes at once, and many a process needs only the one database.
        if self.spare.is_none() && self.count > 0 {
            match inbox.try_recv() {
                Ok(request) => return Some(request),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => self.spare = self.clone_template().ok(),
            }
        }
        inbox.recv().ok()
    }

    fn create(&mut self) -> Result<String, String> {
        self.spare.take().map_or_else(|| self.clone_template(), Ok)
    }

    fn clone_template(&mut self) -> Result<String, String> {
        self.count += 1;
        let name = format!("test_{}", self.count);
        // Copying files is faster than logging their pages where nothing has to reach the disk.
        let version = self.connection.server_version_num().unwrap_or(0);
        let strategy = if version >= 150_000 { " STRATEGY file_copy" } else { "" };
        self.execute(format!("CREATE DATABASE {name} TEMPLATE template0{strategy}"))?;
        Ok(name)
    }

    fn execute(&mut self, sql: String) -> Result<(), String> {
        let done = self.runtime.block_on(self.connection.execute(AssertSqlSafe(sql)));
        done.map(drop).map_err(|error| error.to_string())
    }
}

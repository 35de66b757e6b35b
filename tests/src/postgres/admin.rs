//! The one connection that creates and drops the databases of the tests.

use std::sync::mpsc::{Receiver, Sender, channel};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};

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
    let connected = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| Ok((runtime.block_on(options.connect()).map_err(|error| error.to_string())?, runtime)));
    let (mut connection, runtime) = match connected {
        Ok(connected) => connected,
        Err(error) => {
            let _ = ready.send(Err(error));
            return;
        }
    };
    let _ = ready.send(Ok(()));
    let mut count = 0_u32;
    while let Ok(request) = inbox.recv() {
        match request {
            Request::Create { reply } => {
                count += 1;
                let name = format!("test_{count}");
                // Copying files is faster than logging their pages where nothing has to reach the disk.
                let version = connection.server_version_num().unwrap_or(0);
                let strategy = if version >= 150_000 { " STRATEGY file_copy" } else { "" };
                let sql = format!("CREATE DATABASE {name} TEMPLATE template0{strategy}");
                let created = runtime.block_on(run(&mut connection, sql));
                let _ = reply.send(created.map(|()| name));
            }
            Request::Drop { name } => {
                let _ = runtime.block_on(run(&mut connection, format!("DROP DATABASE {name} WITH (FORCE)")));
            }
        }
    }
    let _ = runtime.block_on(connection.close());
}

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), String> {
    connection.execute(AssertSqlSafe(sql)).await.map(drop).map_err(|error| error.to_string())
}

//! The server that connections are opened to, and how.

use sqlx::postgres::PgConnectOptions;

use crate::config::Pooler;

/// What is needed to open a connection.
pub(crate) struct Target {
    /// What the url says, and the settings that every connection of ours has.
    pub(crate) options: PgConnectOptions,
    /// What is known of a pooler on the way to the server.
    pub(crate) pooler: Pooler,
}

impl Target {
    /// The name of the database.
    pub(crate) fn database(&self) -> &str {
        self.options.get_database().unwrap_or_else(|| self.options.get_username())
    }

    /// The host or the folder of the socket, and the port, which a socket's name ends with as well.
    pub(crate) fn address(&self) -> (String, u16) {
        let host = match self.options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => self.options.get_host().to_owned(),
        };
        (host, self.options.get_port())
    }

    /// Where the server is, for messages: never the password.
    pub(crate) fn place(&self) -> String {
        let (host, port) = self.address();
        match self.options.get_socket() {
            Some(_) => format!("{host} (database {})", self.database()),
            None => format!("{host}:{port} (database {})", self.database()),
        }
    }
}

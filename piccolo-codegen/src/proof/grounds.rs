//! Where proofs run.

use piccolo_runtime::sql::Dialect;

use super::server::Server;
use super::{Refutation, Scratch};

/// Where proofs run: SQLite in memory, and a Postgres server where one can be reached.
#[derive(Debug)]
pub struct Grounds {
    engines: Vec<Dialect>,
    /// The server, or why there is none.
    postgres: Result<Server, String>,
}

impl Grounds {
    /// Finds a place for proofs on these engines. `scratch_url` names a Postgres server on which databases may be created; without it a
    /// throw-away cluster is started where Postgres' programs are installed, which takes a second or two.
    ///
    /// It does not fail: what cannot be reached is in [`Self::unreached`].
    pub async fn open(engines: &[Dialect], scratch_url: Option<&str>) -> Self {
        let postgres = match scratch_url {
            _ if !engines.contains(&Dialect::Postgres) => Err("no proof on postgres was asked for".to_owned()),
            Some(url) => Server::at(url).await,
            None => Server::throw_away().await,
        };
        Self { engines: engines.to_vec(), postgres }
    }

    /// The engines that were asked for and can be reached.
    pub fn reached(&self) -> impl Iterator<Item = Dialect> {
        self.engines.iter().copied().filter(|dialect| self.obstacle(*dialect).is_none())
    }

    /// The engines that were asked for and cannot be reached, each with the reason.
    pub fn unreached(&self) -> impl Iterator<Item = (Dialect, &str)> {
        self.engines.iter().filter_map(|dialect| Some((*dialect, self.obstacle(*dialect)?)))
    }

    /// An empty database. [`Scratch::close`] removes it; so does [`Self::close`].
    ///
    /// # Errors
    ///
    /// [`Refutation::Scratch`] where there can be none.
    pub async fn scratch(&self, dialect: Dialect) -> Result<Scratch<'_>, Refutation> {
        let scratch = match (dialect, &self.postgres) {
            (Dialect::Sqlite, _) => Scratch::in_memory().await,
            (Dialect::Postgres, Ok(server)) => Scratch::on(server).await,
            (Dialect::Postgres, Err(reason)) => Err(reason.clone()),
        };
        scratch.map_err(|message| Refutation::Scratch { dialect, message })
    }

    /// Removes what is left of the scratch databases.
    pub async fn close(self) {
        if let Ok(server) = self.postgres {
            server.close().await;
        }
    }

    fn obstacle(&self, dialect: Dialect) -> Option<&str> {
        match dialect {
            Dialect::Sqlite => None,
            Dialect::Postgres => self.postgres.as_ref().err().map(String::as_str),
        }
    }
}

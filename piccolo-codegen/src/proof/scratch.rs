//! A scratch database.

use std::collections::BTreeMap;

use piccolo_runtime::ddl::create_schema;
use piccolo_runtime::introspect::{self, Shape};
use piccolo_runtime::migrate::{MIGRATION_TABLE, Migration, Migrations, STEP_TABLE};
use piccolo_runtime::schema::{List, Schema, Table};
use piccolo_runtime::sql::{Dialect, qualified};
use piccolo_runtime::{Engine, Error, Exec};

use super::rows::{Filling, Reach, fill};
use super::server::Server;
use super::{Moment, RefusedCheck, Refutation};

/// A database that nobody else knows.
pub struct Scratch<'g> {
    engine: Engine,
    /// The server and the database's name, where it is on Postgres.
    database: Option<(&'g Server, String)>,
}

impl<'g> Scratch<'g> {
    /// A SQLite database in memory.
    pub(super) async fn in_memory() -> Result<Self, String> {
        let engine = Engine::connect("sqlite::memory:").await.map_err(|error| error.to_string())?;
        Ok(Self { engine, database: None })
    }

    /// A database of its own on a server.
    pub(super) async fn on(server: &'g Server) -> Result<Self, String> {
        let create = async || {
            let (name, url) = server.create().await?;
            let engine = Engine::builder(url).max_connections(2).connect().await?;
            Ok(Self { engine, database: Some((server, name)) })
        };
        create().await.map_err(|error: Error| error.to_string())
    }

    /// What statements run on.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The engine's dialect.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.engine.dialect()
    }

    /// Creates everything of a schema.
    ///
    /// # Errors
    ///
    /// [`Refutation::Checks`] where the database does not understand a condition, [`Refutation::Scratch`] where it refuses the schema otherwise.
    pub async fn create(&self, schema: &Schema) -> Result<(), Refutation> {
        let statements = create_schema(schema, self.dialect()).map_err(|error| self.failed(error))?;
        match self.run(statements).await {
            Ok(()) => Ok(()),
            Err(refutation) => Err(self.refused_checks(schema).await.unwrap_or(refutation)),
        }
    }

    /// Creates everything of a schema and fills it with rows that its constraints allow: several in a table, with nulls, extremes and children of
    /// every key. A table for which none are found stays empty.
    ///
    /// # Errors
    ///
    /// [`Refutation::Scratch`] where the database refuses the schema.
    pub async fn create_with_rows(&self, schema: &Schema) -> Result<(), Refutation> {
        let nothing = BTreeMap::new();
        fill(self, Filling { old: schema, new: schema, assumed: &nothing, reach: Reach::Edges }).await
    }

    /// Runs statements without parameters, all or none.
    ///
    /// # Errors
    ///
    /// [`Refutation::Scratch`] where the database refuses them.
    pub async fn run(&self, statements: Vec<String>) -> Result<(), Refutation> {
        let exec = Exec::from(&self.engine);
        exec.execute_batch(&statements).await.map_err(|error| self.failed(error))
    }

    /// What a database would hold that is created from this schema: it is, and taken back.
    ///
    /// # Errors
    ///
    /// As [`Self::create`].
    pub async fn shape_of(&self, schema: &Schema) -> Result<Shape, Refutation> {
        let statements = create_schema(schema, self.dialect()).map_err(|error| self.failed(error))?;
        let shape = async || {
            let transaction = self.engine.begin().await?;
            Exec::from(&transaction).execute_batch(&statements).await?;
            let shape = introspect::read(&transaction, &introspect::Options::new()).await?;
            transaction.rollback().await?;
            Ok::<Shape, Error>(shape)
        };
        match shape().await {
            Ok(shape) => Ok(shape),
            Err(error) => Err(self.refused_checks(schema).await.unwrap_or_else(|| self.failed(error))),
        }
    }

    /// The checks of a schema that the database does not understand, where they are why the schema cannot be created: of the table's own statement
    /// a database says no more than the place.
    async fn refused_checks(&self, schema: &Schema) -> Option<Refutation> {
        let without = |table: &Table| Table { checks: List::Borrowed(&[]), ..table.clone() };
        let tables = schema.tables.iter().map(without).collect();
        let statements = create_schema(&Schema { tables, ..schema.clone() }, self.dialect()).ok()?;
        let transaction = self.engine.begin().await.ok()?;
        Exec::from(&transaction).execute_batch(&statements).await.ok()?;
        let mut refused = Vec::new();
        for table in schema.tables.iter() {
            for check in table.checks.iter() {
                let condition = match self.dialect() {
                    Dialect::Sqlite => &check.sqlite,
                    Dialect::Postgres => &check.postgres,
                };
                let Some(condition) = condition else { continue };
                let sql = format!("SELECT 1 FROM {} WHERE ({condition})", qualified(&table.sql_name, self.dialect()));
                // In a transaction of its own, because one that failed goes no further.
                let attempt = transaction.begin().await.ok()?;
                if let Err(error) = Exec::from(&attempt).execute(sql.into()).await {
                    let said = error.to_string();
                    refused.push(RefusedCheck {
                        table: table.name.to_string(),
                        condition: condition.to_string(),
                        message: said.split(", at `").next().unwrap_or_default().to_owned(),
                    });
                }
                let _ = attempt.rollback().await;
            }
        }
        let _ = transaction.rollback().await;
        (!refused.is_empty()).then(|| Refutation::Checks { dialect: self.dialect(), refused })
    }

    /// What the database holds.
    ///
    /// # Errors
    ///
    /// [`Refutation::Scratch`] where it cannot be read.
    pub async fn shape(&self) -> Result<Shape, Refutation> {
        introspect::read(&self.engine, &introspect::Options::new()).await.map_err(|error| self.failed(error))
    }

    /// Runs one migration forwards, whatever its parents are, as the runner would.
    ///
    /// # Errors
    ///
    /// [`Refutation::Step`] with the file, step and statement that failed.
    pub async fn up(&self, migration: &Migration, moment: Moment) -> Result<(), Refutation> {
        let done = alone(migration).forwards(&self.engine).await;
        done.map(drop).map_err(|error| self.refused(migration, moment, &error))
    }

    /// Runs one migration backwards, which must have been the last to run on this database.
    ///
    /// # Errors
    ///
    /// [`Refutation::Step`] with the file, step and statement that failed.
    pub async fn down(&self, migration: &Migration) -> Result<(), Refutation> {
        let done = alone(migration).backwards(&self.engine, "all").await;
        done.map(drop).map_err(|error| self.refused(migration, Moment::Down, &error))
    }

    /// Empties the journal, so that the next migration finds a database on which none has run.
    ///
    /// # Errors
    ///
    /// [`Refutation::Scratch`] where the database refuses.
    pub async fn forget(&self) -> Result<(), Refutation> {
        self.run(vec![format!("DELETE FROM {STEP_TABLE}"), format!("DELETE FROM {MIGRATION_TABLE}")]).await
    }

    /// Removes the database.
    pub async fn close(self) {
        match self.database {
            None => self.engine.close().await,
            Some((server, name)) => server.take_back(name, self.engine).await,
        }
    }

    /// Something failed that is not the migration's fault.
    pub(super) fn failed(&self, error: impl std::fmt::Display) -> Refutation {
        Refutation::scratch(self.dialect(), error)
    }

    fn refused(&self, migration: &Migration, moment: Moment, error: &Error) -> Refutation {
        let (message, cause) = if let Error::Migration { message, cause, .. } = error {
            (without_advice(message).to_owned(), cause.clone())
        } else {
            (error.to_string(), Some(Box::new(error.clone())))
        };
        let dialect = self.dialect();
        let whatever_rows = dialect == Dialect::Postgres && cause.as_deref().is_some_and(not_understood);
        Refutation::Step { dialect, id: migration.id.to_string(), moment, message, cause, whatever_rows }
    }
}

impl std::fmt::Debug for Scratch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch").field("engine", &self.engine).finish_non_exhaustive()
    }
}

/// The migration as the only one that there is.
fn alone(migration: &Migration) -> Migrations {
    Migrations::loaded(vec![Migration { parents: Vec::new().into(), ..migration.clone() }])
}

/// Whether Postgres says that it does not understand a statement: a syntax error, an unknown name, types that do not fit. What is there already
/// and what a role may not do have codes of the same class.
fn not_understood(error: &Error) -> bool {
    let Error::Database { code: Some(code), .. } = error else { return false };
    code.starts_with("42") && !matches!(code.as_str(), "42501" | "42701" | "42710" | "42P06" | "42P07")
}

/// A message of the runner without its last line, which says how the next run would go on.
fn without_advice(message: &str) -> &str {
    match message.rsplit_once('\n') {
        Some((said, advice)) if advice.contains("the next run") => said,
        Some(_) | None => message,
    }
}

//! Reports about statements through `tracing`, with the names that OpenTelemetry's stable conventions for databases give their attributes.

use std::sync::Arc;
use std::time::Instant;

use super::fault::Fault;
use super::operation::Operation;
use crate::Error;
use crate::sql::Dialect;
use crate::statement::{About, operation};

/// What an engine reports; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Telemetry(Arc<Settings>);

/// What is the same in all reports of an engine.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) dialect: Dialect,
    /// The database's name: on SQLite that of the file, without its folder.
    pub(crate) namespace: String,
    /// The server's host or the folder of its socket, and its port.
    pub(crate) server: Option<(String, u16)>,
    pub(crate) queries: bool,
    pub(crate) values: bool,
}

/// A statement on its way.
pub(crate) struct Watch {
    /// `None` while nothing is reported, which costs nothing.
    timed: Option<Timed>,
    /// Texts that no error may repeat.
    secrets: Vec<String>,
}

struct Timed {
    telemetry: Telemetry,
    about: Option<About>,
    sql: String,
    batch: Option<usize>,
    values: Option<String>,
    started: Instant,
}

impl Telemetry {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    /// Starts the clock for an operation.
    pub(crate) fn watch(&self, operation: &impl Operation) -> Watch {
        let statement = operation.statement();
        let secrets = statement.map(crate::Statement::secret_texts).unwrap_or_default();
        if !self.0.queries || !tracing::enabled!(target: "piccolo::query", tracing::Level::INFO) {
            return Watch { timed: None, secrets };
        }
        let timed = Timed {
            telemetry: self.clone(),
            about: statement.and_then(crate::Statement::about),
            sql: operation.text().into_owned(),
            // One statement is no batch.
            batch: operation.batch().filter(|statements| *statements > 1),
            values: statement.filter(|_| self.0.values).map(crate::Statement::shown_args),
            started: Instant::now(),
        };
        Watch { timed: Some(timed), secrets }
    }
}

impl Watch {
    /// Reports the statement with its time, and takes secrets out of its error.
    pub(crate) fn finish<T>(self, result: Result<T, Fault>) -> Result<T, Fault> {
        if let Some(timed) = self.timed {
            timed.report(result.as_ref().err());
        }
        result.map_err(|fault| Fault { error: without(fault.error, &self.secrets), ..fault })
    }
}

impl Timed {
    fn report(self, fault: Option<&Fault>) {
        let seconds = self.started.elapsed().as_secs_f64();
        let settings = &self.telemetry.0;
        let system = match settings.dialect {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgresql",
        };
        // What the text alone says is a summary and not a fact.
        let (name, table) = self.about.map(|about| (about.operation, about.table.to_string())).unzip();
        let summary = match (name, &table) {
            (Some(name), Some(table)) => format!("{name} {table}"),
            _ => operation(&self.sql).to_ascii_uppercase(),
        };
        let (address, port) =
            settings.server.as_ref().map(|(address, port)| (address.as_str(), i64::from(*port))).unzip();
        tracing::event!(
            target: "piccolo::query",
            tracing::Level::INFO,
            {
                "db.system.name" = system,
                "db.namespace" = settings.namespace,
                "server.address" = address,
                "server.port" = port,
                "db.operation.name" = name,
                "db.collection.name" = table,
                "db.query.summary" = summary,
                "db.query.text" = self.sql,
                "db.operation.batch.size" = self.batch,
                "db.client.operation.duration" = seconds,
                "db.response.status_code" = fault.and_then(|fault| fault.code.as_deref()),
                "error.type" = fault.map(|fault| fault.error.kind()),
                "piccolo.query.parameters" = self.values,
            }
        );
    }
}

/// The error without these texts, which the database may have repeated.
fn without(mut error: Error, secrets: &[String]) -> Error {
    let text = match &mut error {
        Error::InvalidValue { reason, .. } => reason,
        Error::Usage { message }
        | Error::Connection { message }
        | Error::Timeout { message }
        | Error::Serialization { message }
        | Error::TransactionOver { message }
        | Error::Database { message, .. } => message,
        Error::UniqueViolation { .. }
        | Error::ForeignKeyViolation { .. }
        | Error::NotNullViolation { .. }
        | Error::CheckViolation { .. }
        | Error::NotFound { .. }
        | Error::Deletion { .. }
        | Error::UnknownColumn { .. }
        | Error::Decode { .. }
        | Error::Unsupported { .. }
        | Error::Config { .. }
        | Error::Migration { .. } => return error,
    };
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        if text.contains(secret.as_str()) {
            *text = text.replace(secret.as_str(), "(secret)");
        }
    }
    error
}

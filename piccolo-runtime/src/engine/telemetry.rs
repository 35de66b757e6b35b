//! Reports about statements through `tracing`, with OpenTelemetry's names for their attributes.

use std::sync::Arc;
use std::time::Instant;

use super::fault::Fault;
use super::operation::Operation;
use crate::sql::Dialect;

/// What an engine reports; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Telemetry(Arc<Settings>);

#[derive(Debug)]
struct Settings {
    dialect: Dialect,
    namespace: String,
    queries: bool,
    values: bool,
}

/// A statement that is being timed; `None` while nothing is reported, which costs nothing.
pub(crate) struct Watch(Option<Timed>);

struct Timed {
    telemetry: Telemetry,
    sql: String,
    values: Option<String>,
    started: Instant,
}

impl Telemetry {
    pub(crate) fn new(dialect: Dialect, namespace: String, queries: bool, values: bool) -> Self {
        Self(Arc::new(Settings { dialect, namespace, queries, values }))
    }

    /// Starts the clock for an operation.
    pub(crate) fn watch(&self, operation: &impl Operation) -> Watch {
        if !self.0.queries || !tracing::enabled!(target: "piccolo::query", tracing::Level::INFO) {
            return Watch(None);
        }
        let values = operation.statement().filter(|_| self.0.values).map(|statement| {
            let shown = statement.args.iter().enumerate().map(|(position, value)| {
                if statement.is_secret(position) { "(secret)".to_owned() } else { format!("{value:?}") }
            });
            shown.collect::<Vec<_>>().join(", ")
        });
        Watch(Some(Timed {
            telemetry: self.clone(),
            sql: operation.text().into_owned(),
            values,
            started: Instant::now(),
        }))
    }
}

impl Watch {
    /// Reports the statement with its time.
    pub(crate) fn finish<T>(self, result: &Result<T, Fault>) {
        let Some(timed) = self.0 else { return };
        let settings = &timed.telemetry.0;
        let system = match settings.dialect {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgresql",
        };
        let seconds = timed.started.elapsed().as_secs_f64();
        tracing::event!(
            target: "piccolo::query",
            tracing::Level::INFO,
            {
                "db.system.name" = system,
                "db.namespace" = settings.namespace,
                "db.operation.name" = crate::statement::operation(&timed.sql).to_ascii_uppercase(),
                "db.query.text" = timed.sql,
                "db.query.parameters" = timed.values,
                "db.client.operation.duration" = seconds,
                "error.type" = result.as_ref().err().map(|fault| fault.error.kind()),
            }
        );
    }
}

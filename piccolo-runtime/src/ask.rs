//! Statements without parameters, on a connection or in a transaction.

use std::borrow::Cow;

use crate::engine::RowRef;
use crate::engine::operation::Script;
use crate::transaction::Transaction;
use crate::{Exec, Result, Statement};

/// Runs a statement as it stands.
pub(crate) async fn run(transaction: &Transaction, sql: impl Into<Cow<'static, str>>) -> Result<()> {
    Box::pin(transaction.run(Script::new(sql))).await
}

/// All rows of a query.
pub(crate) async fn all<'e, T: Send + 'static>(
    exec: impl Into<Exec<'e>>,
    sql: impl Into<String>,
    decode: impl Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
) -> Result<Vec<T>> {
    exec.into().fetch_all(Statement::from(sql.into()), decode).await
}

/// The first row of a query.
pub(crate) async fn first<'e, T: Send + 'static>(
    exec: impl Into<Exec<'e>>,
    sql: impl Into<String>,
    decode: impl Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
) -> Result<Option<T>> {
    exec.into().fetch_optional(Statement::from(sql.into()), decode).await
}

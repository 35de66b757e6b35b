//! Rust data migrations: functions that run inside a migration's transaction.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::Result;
use crate::schema::Text;
use crate::transaction::Transaction;

type Function = dyn Fn(Transaction) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync;

/// The functions of a program, by the ids of their migrations.
#[derive(Clone, Default)]
pub(crate) struct Functions(Vec<(Text, Arc<Function>)>);

impl Functions {
    /// No functions at all.
    pub(crate) const NONE: Self = Self(Vec::new());

    /// Adds a function to a migration; several run in the order in which they were added.
    pub(crate) fn add<F, U>(&mut self, id: Text, function: F)
    where
        F: Fn(Transaction) -> U + Send + Sync + 'static,
        U: Future<Output = Result<()>> + Send + 'static,
    {
        self.0.push((id, Arc::new(move |transaction| Box::pin(function(transaction)))));
    }

    /// The ids of the migrations that have functions.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(id, _)| id.as_ref())
    }

    /// Runs the functions of one migration.
    pub(crate) async fn run(&self, id: &str, transaction: &Transaction) -> Result<()> {
        for (_, function) in self.0.iter().filter(|(of, _)| of == id) {
            function(transaction.lent()).await?;
        }
        Ok(())
    }
}

//! Several queries as one: all of them or none.

use std::pin::Pin;

use super::run::{Query, Runner, runs};
use crate::Result;

/// A queue of queries that run one after the other in one transaction: all of them or none.
///
/// ```
/// # use piccolo_guide::prelude::*;
/// # use piccolo_runtime::query::Queue;
/// # empty(async |db| {
/// Queue::new().add(Manager::create_table()).add(Band::create_table()).run(&db).await?;
/// # Ok(()) });
/// ```
///
/// In a transaction it is a savepoint.
#[derive(Default)]
#[must_use = "a queue does nothing until it is run"]
pub struct Queue {
    queries: Vec<Step>,
}

/// A query whose result does not matter.
type Step = Box<dyn for<'e> FnOnce(Runner<'e>) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'e>> + Send>;

impl Queue {
    /// A queue of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a query. What it gives is not kept.
    #[expect(clippy::should_implement_trait, reason = "the manual calls it so, and queries are not numbers")]
    pub fn add<Q: Query + Send + 'static>(mut self, query: Q) -> Self {
        self.queries.push(Box::new(move |runner| {
            Box::pin(async move {
                query.execute(runner).await?;
                Ok(())
            })
        }));
        self
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("queries", &self.queries.len()).finish()
    }
}

impl Query for Queue {
    type Output = ();

    async fn execute(self, runner: Runner<'_>) -> Result<()> {
        let open = runner.begin().await?;
        for query in self.queries {
            query(open.runner()).await?;
        }
        open.commit().await
    }
}

runs!([] Queue => ());

//! The time that a statement may take.

use std::future::Future;
use std::time::{Duration, Instant};

use super::fault::{Fault, Origin};
use super::wait::{block_until, within};
use crate::Error;

/// The limit, if there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit(pub(crate) Option<Duration>);

impl Limit {
    /// Awaits the answer of a statement. Dropping its future, as this does in the end, stops the statement.
    pub(crate) async fn apply<T>(self, answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        match self.0 {
            None => answer.await,
            Some(limit) => within(limit, answer).await.unwrap_or_else(|| Err(exceeded(limit))),
        }
    }

    /// Runs a statement `here`, or where there is a limit on another thread, where it can be stopped.
    pub(crate) fn apply_sync<O, T, F>(
        self,
        operation: O,
        here: impl FnOnce(O) -> Result<T, Fault>,
        elsewhere: impl FnOnce(O) -> F,
    ) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        match self.0 {
            None => here(operation),
            Some(limit) => {
                let answer = block_until(elsewhere(operation), Instant::now() + limit);
                answer.unwrap_or_else(|| Err(exceeded(limit)))
            }
        }
    }
}

/// The statement was stopped in its middle, so an open transaction cannot go on.
fn exceeded(limit: Duration) -> Fault {
    let error = Error::Timeout { message: format!("the statement took longer than {limit:?} and was stopped") };
    Fault::new(error, Origin::Broken)
}

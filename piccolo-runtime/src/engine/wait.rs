//! Waiting, with and without an async runtime: what `run` and `run_sync` share.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// Refuses a blocking call on a thread of an async runtime, where it would stop every other task of the thread.
pub(crate) fn refuse_inside_runtime() -> Result<()> {
    match tokio::runtime::Handle::try_current() {
        Ok(_) => Err(Error::Usage {
            message: "a `_sync` call inside an async runtime would block its other tasks; use the async form with \
                      `.await` there (in `spawn_blocking`: `Handle::current().block_on(…)`)"
                .to_owned(),
        }),
        Err(_) => Ok(()),
    }
}

/// Drives a future on this thread, which sleeps in between.
///
/// It needs no runtime, and so it can only drive futures that somebody else's thread wakes.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        // Far away, because there is no deadline.
        if let Some(output) = block_until(future.as_mut(), Instant::now() + Duration::from_hours(24)) {
            return output;
        }
    }
}

/// The same for a limited time; `None` when the deadline passes first.
pub(crate) fn block_until<F: Future>(future: F, deadline: Instant) -> Option<F::Output> {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        match deadline.saturating_duration_since(Instant::now()) {
            Duration::ZERO => return None,
            left => std::thread::park_timeout(left),
        }
    }
}

/// Awaits a future for at most `limit`; `None` when the time is up. Outside a Tokio runtime there is no clock to ask, and
/// the wait has no end.
pub(crate) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    match tokio::runtime::Handle::try_current() {
        Ok(_) => tokio::time::timeout(limit, future).await.ok(),
        Err(_) => Some(future.await),
    }
}

/// Pauses a task. Outside a Tokio runtime there is no clock to ask, and the pause is skipped.
pub(crate) async fn sleep(time: Duration) {
    if tokio::runtime::Handle::try_current().is_ok() {
        tokio::time::sleep(time).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blocking_wait_ends_with_the_answer_or_at_its_deadline() {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || sender.send(7));
        assert_eq!(block_on(receiver), Ok(7));
        thread.join().unwrap().unwrap();

        let deadline = Instant::now() + Duration::from_millis(5);
        assert_eq!(block_until(std::future::pending::<()>(), deadline), None);
        assert!(Instant::now() >= deadline);
    }

    #[tokio::test]
    async fn a_blocking_call_inside_a_runtime_is_refused() {
        assert!(matches!(refuse_inside_runtime(), Err(Error::Usage { .. })));
    }
}

//! Waiting a little, and not as long as the others.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The waits between two attempts: they grow, up to a limit, and each is somewhere between half and the whole of its bound, so that runners
/// that began together do not stay together.
pub(super) struct Backoff {
    bound: Duration,
    longest: Duration,
    state: u64,
}

impl Backoff {
    /// Waits that begin at `first` and grow to `longest`.
    pub(super) fn new(first: Duration, longest: Duration) -> Self {
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seed = crate::hash::fnv1a([format!("{clock:?} {}", std::process::id())]);
        Self { bound: first, longest, state: seed | 1 }
    }

    /// Waits once.
    pub(super) async fn pause(&mut self) {
        // A xorshift generator: all that is asked of it is to differ between processes.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let half = self.bound / 2;
        let part = u32::try_from(self.state % 1000).unwrap_or_default();
        sleep(half + half * part / 1000).await;
        self.bound = self.longest.min(self.bound * 2);
    }
}

/// Sleeps without keeping other tasks of the thread from running. Outside of an async runtime there are none.
async fn sleep(duration: Duration) {
    if tokio::runtime::Handle::try_current().is_ok() {
        tokio::time::sleep(duration).await;
    } else {
        std::thread::sleep(duration);
    }
}

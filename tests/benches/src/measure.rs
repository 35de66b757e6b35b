//! How a figure is taken. What else runs on the machine only ever adds to a time, so the least of several runs counts;
//! and what is compared runs by turns, so that a slow minute hits both.

use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};

/// Two times to compare: the plain driver's and ours.
#[derive(Clone, Copy)]
pub struct Pair {
    pub plain: Duration,
    pub ours: Duration,
}

/// How a comparison is repeated: that many runs, each of that many calls in a row.
#[derive(Clone, Copy)]
pub struct Effort {
    pub runs: usize,
    pub calls: u32,
}

/// The least processor time of one call, all threads included.
pub fn cpu<T>(runs: usize, mut call: impl FnMut() -> T) -> Duration {
    let once = |_| {
        let before = usage(UsageWho::RUSAGE_SELF);
        std::hint::black_box(call());
        let after = usage(UsageWho::RUSAGE_SELF);
        user(&after) + system(&after) - user(&before) - system(&before)
    };
    (0..runs).map(once).min().unwrap_or_default()
}

/// The user time of the child processes that a call starts and waits for.
pub fn children_user<T>(call: impl FnOnce() -> T) -> Duration {
    let before = user(&usage(UsageWho::RUSAGE_CHILDREN));
    call();
    user(&usage(UsageWho::RUSAGE_CHILDREN)) - before
}

/// The least elapsed time of one call of each, by turns, after one call that warms up.
pub fn pair<A, B>(effort: Effort, mut plain: impl FnMut() -> A, mut ours: impl FnMut() -> B) -> Pair {
    std::hint::black_box((plain(), ours()));
    let mut least = Pair { plain: Duration::MAX, ours: Duration::MAX };
    for _ in 0..effort.runs {
        least.plain = least.plain.min(elapsed(effort.calls, &mut plain));
        least.ours = least.ours.min(elapsed(effort.calls, &mut ours));
    }
    least
}

/// The same for asynchronous calls.
pub async fn pair_async<A, B>(
    effort: Effort,
    mut plain: impl AsyncFnMut() -> A,
    mut ours: impl AsyncFnMut() -> B,
) -> Pair {
    std::hint::black_box((plain().await, ours().await));
    let mut least = Pair { plain: Duration::MAX, ours: Duration::MAX };
    for _ in 0..effort.runs {
        least.plain = least.plain.min(elapsed_async(effort.calls, &mut plain).await);
        least.ours = least.ours.min(elapsed_async(effort.calls, &mut ours).await);
    }
    least
}

fn elapsed<T>(calls: u32, call: &mut impl FnMut() -> T) -> Duration {
    let started = Instant::now();
    for _ in 0..calls {
        std::hint::black_box(call());
    }
    started.elapsed() / calls
}

async fn elapsed_async<T>(calls: u32, call: &mut impl AsyncFnMut() -> T) -> Duration {
    let started = Instant::now();
    for _ in 0..calls {
        std::hint::black_box(call().await);
    }
    started.elapsed() / calls
}

fn usage(who: UsageWho) -> Usage {
    getrusage(who).expect("the kernel counts processor time")
}

fn user(usage: &Usage) -> Duration {
    let time = usage.user_time();
    Duration::from_micros(u64::try_from(time.tv_sec() * 1_000_000 + time.tv_usec()).unwrap_or(0))
}

fn system(usage: &Usage) -> Duration {
    let time = usage.system_time();
    Duration::from_micros(u64::try_from(time.tv_sec() * 1_000_000 + time.tv_usec()).unwrap_or(0))
}

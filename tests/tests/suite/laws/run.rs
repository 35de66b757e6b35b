//! Runs a law over many values, drawn from a seed.

use std::cell::RefCell;
use std::collections::BTreeMap;

use piccolo_codegen::proof::Grounds;
use piccolo_runtime::sql::Dialect;
use piccolo_tests::scratch_url;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// How many pairs continuous integration tries on each engine.
const PAIRS: u32 = 300;

/// How long a failure is made smaller, in milliseconds.
const SHRINKING: u32 = 90_000;

/// How the planner refuses the one change that it has no plan for: SQLite keeps a column called `rowid` from other names, and other columns
/// from its own.
const REFUSED: &str = "not supported on sqlite: renaming the column";

/// How many of them a law is tried with.
#[derive(Clone, Copy)]
pub(super) enum Share {
    All,
    /// A fifth: the law is dear, and the pairs' law is the greater part of it.
    Some,
}

/// What came of a value for which the law holds, to be counted.
pub(super) type Kind = &'static str;

/// Tries a law. It says what kind of value it held for, or what is wrong.
pub(super) fn run<S: Strategy>(
    dialect: Dialect,
    share: Share,
    strategy: S,
    law: impl AsyncFn(&Grounds, &S::Value) -> Result<Kind, String>,
    show: impl Fn(&S::Value) -> String,
) {
    let number = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u32>().ok());
    let pairs = number("PICCOLO_LAWS").unwrap_or(PAIRS);
    let seed = number("PICCOLO_SEED").unwrap_or(2026);
    let cases = match share {
        Share::All => pairs,
        Share::Some => pairs.div_ceil(5),
    };
    let config = Config {
        cases,
        max_shrink_iters: u32::MAX,
        max_shrink_time: SHRINKING,
        failure_persistence: None,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    for (target, source) in bytes.iter_mut().zip(seed.to_le_bytes().into_iter().cycle()) {
        *target = source;
    }
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let grounds = runtime.block_on(Grounds::open(&[dialect], Some(&scratch_url())));
    let kinds: RefCell<BTreeMap<Kind, u32>> = RefCell::default();
    let result = runner.run(&strategy, |value| {
        let kind = match runtime.block_on(law(&grounds, &value)) {
            Ok(kind) => kind,
            Err(reason) if reason.starts_with(REFUSED) => "refused before any SQL",
            Err(reason) => return Err(TestCaseError::fail(reason)),
        };
        *kinds.borrow_mut().entry(kind).or_default() += 1;
        Ok(())
    });
    runtime.block_on(grounds.close());
    let (kinds, again) = (kinds.into_inner(), format!("PICCOLO_LAWS={pairs} PICCOLO_SEED={seed}"));
    println!("{again}: {cases} cases on {dialect}, {kinds:?}");
    match result {
        Ok(()) => assert!(!kinds.is_empty(), "{again}"),
        Err(TestError::Fail(reason, value)) => panic!("{again}: {reason}\n\n{}", show(&value)),
        Err(TestError::Abort(reason)) => panic!("{again}: {reason}"),
    }
}

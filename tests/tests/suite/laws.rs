//! The laws of migrations, over arbitrary pairs of schemas with rows in them, on real databases.
//!
//! A pair is two versions of a schema and the decisions that lead from one to the other. Its migration is proven as the product proves
//! it: a migrated database is what a fresh one would be, rows and values are kept, the way back leads back. Failures shrink to a small pair,
//! which is printed as a golden case.
//!
//! `PICCOLO_LAWS` is the number of pairs for each engine, `PICCOLO_SEED` the seed, which is printed.

use std::cell::RefCell;

use piccolo_codegen::arbitrary::{self, Options};
use piccolo_codegen::change::{Decisions, Renames};
use piccolo_codegen::diff::diff;
use piccolo_codegen::migration::{File, Migration as Written, files};
use piccolo_codegen::plan::{self, author};
use piccolo_codegen::proof::{Grounds, Moment, Proof, fresh};
use piccolo_codegen::{print, schema_from_str};
use piccolo_runtime::introspect::differences;
use piccolo_runtime::migrate::{Migration, Scripts};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;
use piccolo_tests::{block_on, scratch_url};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

/// How many pairs continuous integration tries on each engine.
const PAIRS: u32 = 300;

#[test]
fn migrations_keep_their_laws_on_sqlite() {
    pairs(Dialect::Sqlite);
}

#[test]
fn migrations_keep_their_laws_on_postgres() {
    pairs(Dialect::Postgres);
}

#[test]
fn the_way_over_another_schema_leads_to_the_same_database_on_sqlite() {
    detours(Dialect::Sqlite);
}

#[test]
fn the_way_over_another_schema_leads_to_the_same_database_on_postgres() {
    detours(Dialect::Postgres);
}

/// Every pair keeps all laws.
fn pairs(dialect: Dialect) {
    let strategy = (arbitrary::pair(options()), coins()).prop_map(|((before, after), coins)| {
        let decisions = arbitrary::decisions(&before, &after, &coins);
        Pair { before, after, decisions }
    });
    run(dialect, 1, strategy, |grounds, pair| Box::pin(pair.holds(grounds, dialect)), Pair::as_case);
}

/// From A over B to C is from A to C.
fn detours(dialect: Dialect) {
    let strategy = (arbitrary::triple(options()), coins()).prop_map(|(schemas, coins)| Detour { schemas, coins });
    run(dialect, 4, strategy, |grounds, detour| Box::pin(detour.holds(grounds, dialect)), Detour::as_text);
}

fn options() -> Options {
    Options { runnable: true, tables: 4, columns: 6, ..Options::default() }
}

/// A coin for each rename that could be meant.
fn coins() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(any::<bool>(), 8)
}

/// What a law says of a value, while it is being found out.
type Holds<'a> = std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + 'a>>;

/// Tries a law, on the `share`-th part of the pairs.
fn run<S: Strategy>(
    dialect: Dialect,
    share: u32,
    strategy: S,
    law: impl for<'a> Fn(&'a Grounds, &'a S::Value) -> Holds<'a>,
    show: impl Fn(&S::Value) -> String,
) where
    S::Value: Clone + std::fmt::Debug,
{
    let wanted = std::env::var("PICCOLO_LAWS").ok().and_then(|number| number.parse().ok()).unwrap_or(PAIRS);
    let seed: u64 = std::env::var("PICCOLO_SEED").ok().and_then(|number| number.parse().ok()).unwrap_or(2026);
    println!("{wanted} pairs on {dialect}, PICCOLO_SEED={seed}");
    let mut bytes = [0; 32];
    for (target, source) in bytes.iter_mut().zip(seed.to_le_bytes().into_iter().cycle()) {
        *target = source;
    }
    let config = Config {
        cases: (wanted / share).max(1),
        max_shrink_iters: 400,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let grounds = runtime.block_on(Grounds::open(&[dialect], Some(&scratch_url())));
    let last = RefCell::new(String::new());
    let result = runner.run(&strategy, |value| {
        runtime.block_on(law(&grounds, &value)).map_err(|reason| {
            last.replace(reason.clone());
            TestCaseError::fail(reason)
        })
    });
    block_on(grounds.close());
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, value)) => panic!("PICCOLO_SEED={seed}: {reason}\n\n{}", show(&value)),
        Err(TestError::Abort(reason)) => panic!("PICCOLO_SEED={seed}: {reason}"),
    }
}

/// Two versions of a schema.
#[derive(Clone, Debug)]
struct Pair {
    before: Schema,
    after: Schema,
    decisions: Decisions,
}

impl Pair {
    async fn holds(&self, grounds: &Grounds, dialect: Dialect) -> Result<(), String> {
        self.differs_from_itself(&self.before)?;
        let outcome = author(&self.before, &self.after, &self.decisions, &Dialect::ALL, plan::Options::default());
        let outcome = outcome.map_err(|error| error.to_string())?;
        let Some(authored) = outcome.authored else {
            return if outcome.questions.is_empty() { Ok(()) } else { Err(format!("{:?}", outcome.questions)) };
        };
        let written = Written {
            id: "case",
            parents: &[],
            authored: &authored,
            decisions: &self.decisions,
            proven: &[],
            notes: &[],
        };
        let files = files(&written);
        let proof = Proof {
            id: "case",
            old: &self.before,
            new: &self.after,
            decisions: &self.decisions,
            authored: &authored,
            files: &files,
            beside: &[],
        };
        proof.on(grounds, dialect).await.map(drop).map_err(|refutation| refutation.to_string())
    }

    fn differs_from_itself(&self, schema: &Schema) -> Result<(), String> {
        let printed = schema_from_str("schema.piccolo", &print::schema(schema)).map_err(|error| error.to_string())?;
        for other in [schema, &printed.schema] {
            let changes = diff(other, schema, &Renames::default()).changes.describe();
            if !changes.is_empty() {
                return Err(format!("a schema differs from itself: {changes:?}"));
            }
        }
        Ok(())
    }

    /// The files of the golden case that keeps this pair.
    fn as_case(&self) -> String {
        let Decisions { renames, allowed, backfills, maps } = &self.decisions;
        let list = |words: Vec<String>| words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
        let mut decisions = format!(
            "renames = [{}]\nallow = [{}]\n",
            list(renames.decided.iter().map(ToString::to_string).collect()),
            list(allowed.iter().cloned().collect())
        );
        decisions.push_str("[backfill]\n");
        decisions.extend(backfills.iter().map(|(key, value)| format!("{:?} = {value:?}\n", key.to_string())));
        decisions.push_str("[map]\n");
        decisions.extend(maps.iter().map(|(key, value)| format!("{key:?} = {value:?}\n")));
        format!(
            "//// before.piccolo\n{}\n//// after.piccolo\n{}\n//// decisions.toml\n{decisions}",
            print::schema(&self.before),
            print::schema(&self.after)
        )
    }
}

/// Three versions of a schema.
#[derive(Clone, Debug)]
struct Detour {
    schemas: [Schema; 3],
    coins: Vec<bool>,
}

impl Detour {
    async fn holds(&self, grounds: &Grounds, dialect: Dialect) -> Result<(), String> {
        let [first, second, third] = &self.schemas;
        let said = |refutation: piccolo_codegen::proof::Refutation| refutation.to_string();
        let goal = fresh(grounds, dialect, third).await.map_err(said)?;
        for ways in [vec![(first, third)], vec![(first, second), (second, third)]] {
            let scratch = grounds.scratch(dialect).await.map_err(said)?;
            let mut result = scratch.create(first).await;
            for (from, to) in &ways {
                let Some(migration) = self.migration(from, to, dialect)? else { continue };
                if result.is_ok() {
                    result = scratch.up(&migration, Moment::Up).await;
                }
                if result.is_ok() {
                    result = scratch.forget().await;
                }
            }
            let shape = scratch.shape().await;
            scratch.close().await;
            result.map_err(said)?;
            let found = differences(&shape.map_err(said)?, &goal);
            if !found.is_empty() {
                let lines: Vec<String> =
                    found.iter().map(|one| one.describe("the migrated one", "a fresh one")).collect();
                return Err(format!("over {} migrations: {}", ways.len(), lines.join("\n")));
            }
        }
        Ok(())
    }

    fn migration(&self, from: &Schema, to: &Schema, dialect: Dialect) -> Result<Option<Migration>, String> {
        let decisions = arbitrary::decisions(from, to, &self.coins);
        let outcome = author(from, to, &decisions, &[dialect], plan::Options::default());
        let Some(authored) = outcome.map_err(|error| error.to_string())?.authored else { return Ok(None) };
        let written =
            Written { id: "way", parents: &[], authored: &authored, decisions: &decisions, proven: &[], notes: &[] };
        let files = files(&written);
        let text = |file: &File| file.text.clone();
        let up = files.iter().find(|file| file.name.starts_with("up.")).map(text).unwrap_or_default();
        let scripts = Some(Scripts { up: up.into(), down: "".into() });
        let (sqlite, postgres) = if dialect == Dialect::Sqlite { (scripts, None) } else { (None, scripts) };
        Ok(Some(Migration { id: "way".into(), parents: Vec::new().into(), sqlite, postgres }))
    }

    fn as_text(&self) -> String {
        let schemas: Vec<String> = self.schemas.iter().map(print::schema).collect();
        format!("{}\n{:?}", schemas.join("\n////\n"), self.coins)
    }
}

//! The laws of migrations, over arbitrary schemas with rows in them, on real databases.
//!
//! | Module | Its law |
//! |---|---|
//! | `pair` | from one schema to another: a migrated database is a fresh one, rows and values stay, the way back leads back |
//! | `detour` | from A over B to C is from A to C |
//! | `siblings` | two migrations of one parent that are said to commute do so with rows as well |
//!
//! Nothing is forgiven: a step that the database refuses is a failure as well, although `diff` would write nothing then.
//!
//! `PICCOLO_LAWS` is the number of pairs for each engine and `PICCOLO_SEED` the seed, which is printed. A failure shrinks to a small case and
//! is printed as a golden case of the planner, where it is to be kept.

mod case;
mod detour;
mod pair;
mod run;
mod siblings;

use piccolo_codegen::arbitrary::{self, Options};
use piccolo_runtime::sql::Dialect;
use proptest::prelude::*;

use detour::Detour;
use pair::Pair;
use run::{Share, run};
use siblings::Siblings;

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

#[test]
fn siblings_that_commute_do_so_with_rows_on_sqlite() {
    siblings(Dialect::Sqlite);
}

#[test]
fn siblings_that_commute_do_so_with_rows_on_postgres() {
    siblings(Dialect::Postgres);
}

fn pairs(dialect: Dialect) {
    let strategy = (arbitrary::pair(options()), coins()).prop_map(|((before, after), coins)| {
        let decisions = arbitrary::decisions(&before, &after, &coins);
        Pair { before, after, decisions }
    });
    run(dialect, Share::All, strategy, async |grounds, pair| pair.holds(grounds, dialect).await, Pair::as_case);
}

fn detours(dialect: Dialect) {
    let strategy = (arbitrary::triple(options()), coins()).prop_map(|(schemas, coins)| Detour { schemas, coins });
    run(dialect, Share::Some, strategy, async |grounds, detour| detour.holds(grounds, dialect).await, Detour::as_text);
}

fn siblings(dialect: Dialect) {
    let strategy = (arbitrary::siblings(options()), coins()).prop_map(|(schemas, coins)| Siblings { schemas, coins });
    run(dialect, Share::Some, strategy, async |grounds, pair| pair.hold(grounds, dialect).await, Siblings::as_text);
}

/// Small schemas: what goes wrong does so between few things, and many pairs are tried.
fn options() -> Options {
    Options { runnable: true, tables: 3, columns: 5, ..Options::default() }
}

/// A coin for each rename that could be meant.
fn coins() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(any::<bool>(), 8)
}

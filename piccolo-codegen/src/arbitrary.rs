//! Arbitrary valid schemas, for property tests of this crate and of others.
//!
//! A schema is drawn as a *plan*, which is free of rules, and then built from it by keeping them: names that would meet get a number,
//! keys that would point nowhere are left out. So every plan gives a valid schema, and proptest can shrink it by
//! dropping parts of the plan. [`pair`] mixes two plans, which gives schemas that are alike in places, as two versions
//! of one application's schema are.

mod build;
mod decisions;
mod defaults;
mod draft;
mod names;
mod plan;
mod statements;

use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;
use proptest::prelude::*;

pub use decisions::{decisions, renames};

/// What schemas are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The greatest number of tables.
    pub tables: usize,
    /// The greatest number of columns that a table's plan has; keys may bring more.
    pub columns: usize,
    /// Whether databases have to accept the schema: then the SQL in checks, defaults and indexes is real and collations stay out.
    /// Otherwise these are any text.
    pub runnable: bool,
    /// The engines that the schema is for. For Postgres alone it has what SQLite lacks: long decimals, collations, index methods,
    /// Postgres' schemas.
    pub engines: &'static [Dialect],
}

impl Options {
    /// Whether the schema may have what SQLite lacks.
    fn postgres_alone(self) -> bool {
        !self.engines.contains(&Dialect::Sqlite)
    }
}

impl std::default::Default for Options {
    fn default() -> Self {
        Self { tables: 5, columns: 8, runnable: false, engines: &Dialect::ALL }
    }
}

/// A valid schema for both engines.
pub fn schema(options: Options) -> impl Strategy<Value = Schema> {
    plan::schema(options).prop_map(|plan| build::build(&plan))
}

/// Two valid schemas that have parts in common.
pub fn pair(options: Options) -> impl Strategy<Value = (Schema, Schema)> {
    let choices = prop::collection::vec(plan::choice(), 1..40);
    (plan::schema(options), plan::schema(options), choices).prop_map(|(first, second, choices)| {
        let mixed = plan::mix(&first, &second, &choices);
        (build::build(&first), build::build(&mixed))
    })
}

/// Three valid schemas, each with parts in common with the one before.
pub fn triple(options: Options) -> impl Strategy<Value = [Schema; 3]> {
    let choices = || prop::collection::vec(plan::choice(), 1..40);
    let plans = (plan::schema(options), plan::schema(options), plan::schema(options));
    (plans, choices(), choices()).prop_map(|((first, second, third), one, other)| {
        let second = plan::mix(&first, &second, &one);
        let third = plan::mix(&second, &third, &other);
        [build::build(&first), build::build(&second), build::build(&third)]
    })
}

/// A valid schema and two others that each have most in common with it, as what two people make of one schema has.
pub fn siblings(options: Options) -> impl Strategy<Value = [Schema; 3]> {
    let choices = || prop::collection::vec(plan::rare_choice(), 20..60);
    let plans = (plan::schema(options), plan::schema(options), plan::schema(options));
    (plans, choices(), choices()).prop_map(|((parent, second, third), one, other)| {
        let (one, other) = (plan::mix(&parent, &second, &one), plan::mix(&parent, &third, &other));
        [build::build(&parent), build::build(&one), build::build(&other)]
    })
}

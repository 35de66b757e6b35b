//! Changes to SQL: what to run, step by step, on each engine.
//!
//! A [`Plan`] is data. It is made by [`plan`] out of the changes and the [`Answers`] to what they leave open; the way back is
//! not written by hand but planned in the same way from the inverse comparison. [`author`] does all of it at once.
//!
//! | Module | Does |
//! |---|---|
//! | `answers`, `question`, `consent`, `risk` | what has to be decided, what was, and what can still fail |
//! | `sqlite` | the plan for SQLite: what it alters in place, and the rebuild of a table for the rest |
//! | `postgres` | the plan for Postgres, with the lock that each statement takes |
//! | `filler` | values for rows that have none |
//! | `literal` | what can be seen of a person's expression |
//! | `enum_values` | the values of an enum that changes, as expressions see them, and what becomes of them |
//! | `expect`, `assume` | what becomes of rows, and what is taken for granted about them: for proofs |
//! | `renaming` | renames in an order in which no two things have one name |

mod answers;
#[cfg(feature = "cli")]
pub(crate) mod assume;
mod author;
mod consent;
mod effect;
mod enum_values;
#[cfg(feature = "cli")]
pub(crate) mod expect;
mod filler;
mod literal;
mod postgres;
mod question;
mod renaming;
mod risk;
mod sqlite;
mod step;

use piccolo_runtime::ddl::Unsupported;
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

pub use answers::{Answered, Answers, Direction, answers};
pub use author::{Authored, EnginePlans, Outcome, author};
pub use consent::Consent;
pub use effect::{Effect, Lock, Work};
#[cfg(feature = "cli")]
pub(crate) use question::shell_word;
pub use question::{Answer, Question};
pub use risk::Risk;
pub(crate) use sqlite::mentions;
pub use step::{Batches, Mode, Plan, Statement, Step};

use crate::diff::Diff;

/// How a plan is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether a Postgres plan avoids long locks at the price of more steps, which do not succeed or fail together.
    pub online: bool,
}

/// Plans the changes of a comparison of these two schemas for one engine.
///
/// # Errors
///
/// When the engine lacks what the new schema asks for.
pub fn plan(
    old: &Schema,
    new: &Schema,
    diff: &Diff<'_>,
    answers: &Answers,
    dialect: Dialect,
    options: Options,
) -> Result<Plan, Unsupported> {
    match dialect {
        Dialect::Sqlite => sqlite::plan(old, new, &diff.changes, answers),
        Dialect::Postgres => postgres::plan(old, new, &diff.changes, answers, options),
    }
}

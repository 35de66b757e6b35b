//! What remains to be done: a pure function of the files and the journal.
//!
//! It is a set difference by id, never a high-water mark: a migration that arrives late, from a branch that was merged later,
//! is pending however old its id is.

mod problem;
mod standing;
mod target;

pub use problem::Problem;
pub use standing::{Direction, Journal, Record, Standing, State, StepRecord};
pub use target::{Target, position};

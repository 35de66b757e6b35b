//! Migrations at run time: the file format, what is pending, and the runner.
//!
//! A migration is a folder of SQL files that people read and review. A file is a list of *steps*; a step runs in one
//! transaction together with its row in the journal, or is a single statement outside of any. So a failure leaves the schema and
//! the journal as they were before the step, and the next run resumes there.
//!
//! | Module | Represents |
//! |---|---|
//! | [`mod@file`] | one up or down file: its header, its steps, their statements |
//! | [`Migration`] | the texts of one migration, as plain data that a program can embed |
//! | [`history`] | all migrations in the order in which they run |
//! | [`pending`] | what remains to be done: a pure function of the files and the journal |

pub mod file;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod functions;
pub mod history;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod journal;
mod migration;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod migrations;
pub mod pending;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod run;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use journal::{MIGRATION_TABLE, STEP_TABLE};
pub use migration::{Migration, Scripts};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use migrations::Migrations;
pub use pending::{Direction, Problem, State, Target};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use run::{Event, Preview, Repair, RepairPlan, Report, Status, Verification, run_steps};

//! The harness of the suites that cross crates: scratch databases on both engines.
//!
//! A test is one body that runs on every engine, each time on a database of its own:
//!
//! ```no_run
//! use piccolo_tests::on_both;
//!
//! // In a suite: #[test]
//! fn a_query_answers_the_same_on_both_engines() {
//!     on_both(async |db| {
//!         db.execute("CREATE TABLE band (name text)").await;
//!         assert_eq!(db.text("SELECT count(*) FROM band").await, "0");
//!     });
//! }
//! ```
//!
//! SQLite databases are files in a temporary folder. Postgres databases live in a throw-away cluster that is
//! started once for a test process, listens on a unix socket only, and dies with the process, however that ends.
//! Where Postgres is not installed a test fails with a sentence that says what to install: it never skips.

mod postgres;
mod project;
mod raw;
mod scratch;
mod script;
mod test_db;

pub use postgres::{PgBouncer, psql};
pub use project::{Outcome, Project, program};
pub use raw::TextRow;
pub use scratch::{Scratch, scratch_url};
pub use test_db::{TestDb, block_on, on, on_both};

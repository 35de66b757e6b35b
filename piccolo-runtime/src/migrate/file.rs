//! One up or down file of a migration, read into steps.
//!
//! ```sql
//! -- piccolo: lossless
//!
//! -- piccolo: step
//! -- Add column `founded` to `band`.
//! ALTER TABLE "band" ADD COLUMN "founded" date;
//!
//! -- piccolo: step no-transaction
//! CREATE INDEX CONCURRENTLY "band_name_idx" ON "band" ("name");
//! ```
//!
//! A statement that touches every row of a large table can run in batches:
//!
//! ```sql
//! -- piccolo: step batches of 1000 over "band" ("id")
//! UPDATE "band" SET "title" = upper("name") WHERE "id" BETWEEN :first AND :last;
//! ```
//!
//! It runs again and again, each time in a transaction of its own and with the values of the column that bound the next so many rows in
//! place of `:first` and `:last`. How far it has come stands in the journal, so that a run which ends early is taken up where it
//! was. The greatest value is read once, before the first batch: rows that come later are not waited for.
//!
//! What SQLite cannot alter in place is done by making the table anew:
//!
//! ```sql
//! -- piccolo: step rebuild "band" ("id", "name")
//! ```
//!
//! Foreign keys are then suspended around the step, and what hangs on the table is kept. In brackets stand the columns that the table has when
//! the step begins: where it has another one, somebody else added that, and the step is refused before it drops it.
//!
//! Lines that begin with `-- piccolo:` are directives, all other comments are for the reader. Those before the first step are the
//! file's header. A file without a step line is one step. Every statement ends with a `;`, so that a file that was cut
//! off is noticed; for the same reason a file that is to do nothing says so in a comment.

mod batches;
mod block;
mod checksum;
mod script;
mod step;

pub use batches::Batches;
pub use checksum::Checksum;
pub use script::{FileError, Script};
pub use step::{Mode, Statement, Step};

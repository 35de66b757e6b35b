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
//! Lines that begin with `-- piccolo:` are directives, all other comments are for the reader. Those before the first step are the
//! file's header. A file without a step line is one step. Every statement ends with a `;`, so that a file that was cut
//! off is noticed.

mod block;
mod checksum;
mod script;
mod step;

pub use checksum::Checksum;
pub use script::{FileError, Script};
pub use step::{Mode, Statement, Step};

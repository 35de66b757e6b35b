//! Rows for a proof: they honour the old schema's constraints, and what was consented to.
//!
//! | Module | Does |
//! |---|---|
//! | `sample`, `fit` | values of a type, and of two types at once |
//! | `insert` | the statement that inserts the rows of one table, and the one that points them to rows that come later |
//! | `written`, `search` | values near the literals of conditions, and those that all conditions allow together |
//! | `fill` | runs them, a bounded number of times |
//! | `line` | the connection that they run on |

mod fill;
mod fit;
mod insert;
mod line;
mod sample;
mod search;
mod written;

pub(super) use fill::{Filling, fill};
pub(super) use sample::Reach;

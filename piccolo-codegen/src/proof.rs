//! Proofs: what a migration does, tried on scratch databases before anybody relies on it.
//!
//! Nothing here touches a database that somebody uses. SQLite databases are in memory; on Postgres each is a database of its own, created and
//! dropped on the server that `scratch_url` names, or on a throw-away cluster where Postgres' programs are installed.
//!
//! | Item | Is |
//! |---|---|
//! | [`Grounds`] | where proofs run: the engines that can be reached |
//! | [`Scratch`] | one scratch database |
//! | [`Proof`] | a migration that is to be proven, with rows |
//! | [`fresh`] | the shape of a database that is created from a schema |
//! | [`replay`] | all migrations, each forwards, backwards and forwards again |
//! | [`in_order`] | migrations in an order that their parents do not say: do siblings commute? |
//! | [`Refutation`] | what a proof found to be wrong |

mod blame;
#[cfg(unix)]
pub mod cluster;
mod contents;
mod foretold;
mod grounds;
mod migration;
mod refutation;
mod replay;
mod rows;
mod scratch;
mod server;

pub use grounds::Grounds;
pub use migration::{Proof, Proven};
pub use refutation::{Moment, RefusedCheck, Refutation};
pub use replay::{fresh, in_order, replay};
pub use scratch::Scratch;

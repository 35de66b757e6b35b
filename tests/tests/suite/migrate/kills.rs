//! `kill -9` at any moment loses nothing.
//!
//! The real program is killed: on SQLite at every write to the database's files, by strace's fault injection; on Postgres between every
//! pair of messages that it sends, by a proxy that stands between the two and counts, once before the server has the message and once
//! after. What is left must be as before or as after a step, the journal must not claim more, and the next run must end well.

pub(super) mod application;
mod disk;
mod postgres;
mod proxy;
#[cfg(target_os = "linux")]
mod sqlite;

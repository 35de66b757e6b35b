//! The runtime of Piccolo for Rust: it runs typed queries and migrations on SQLite and PostgreSQL.
//!
//! Without features it is only the [`schema`] model and the spelling of SQL ([`sql`], [`ddl`]), which is what
//! the generator needs inside a `build.rs`: no database driver, no async runtime.
//!
//! **Floors** (a module imports only from those below its own):
//! `schema`, `sql`, `ddl`, `config` < `value`, `row`, `column`, `path` < `engine`, `transaction` < `query`, `migrate` < `user`.

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod ask;
#[cfg(feature = "config")]
pub mod config;
pub mod ddl;
mod hash;
mod include;
pub mod migrate;
pub mod schema;
pub mod sql;

#[cfg(feature = "engine")]
#[doc(hidden)]
pub mod codegen_support;
#[cfg(feature = "engine")]
pub mod column;
#[cfg(feature = "engine")]
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres")),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        unused_variables,
        unreachable_code,
        reason = "for the other engine"
    )
)]
mod engine;
#[cfg(feature = "engine")]
mod error;
#[cfg(feature = "engine")]
mod exec;
#[cfg(feature = "engine")]
pub mod guide;
#[cfg(feature = "engine")]
pub mod introspect;
#[cfg(feature = "config")]
mod nearest;
#[cfg(feature = "engine")]
mod new_row;
#[cfg(feature = "engine")]
pub mod path;
#[cfg(feature = "engine")]
mod primary_key;
#[cfg(feature = "engine")]
pub mod query;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod rebuild;
#[cfg(feature = "engine")]
mod row;
#[cfg(feature = "engine")]
pub mod sql_type;
#[cfg(feature = "engine")]
mod statement;
#[cfg(feature = "engine")]
pub mod table;
#[cfg(feature = "engine")]
mod transaction;
#[cfg(feature = "engine")]
#[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "its text forms are what SQLite stores"))]
pub mod value;

#[cfg(feature = "config")]
pub use config::Pooler;
#[cfg(feature = "postgres")]
pub use engine::PostgresEngine;
#[cfg(feature = "sqlite")]
pub use engine::SqliteEngine;
#[cfg(feature = "engine")]
pub use engine::{
    Batches, BatchesSync, Connection, Decode, Engine, EngineBuilder, RowRef, StartPool, engine_finder,
    engine_finder_sync,
};
#[cfg(feature = "engine")]
pub use error::{Error, Result};
#[cfg(feature = "engine")]
pub use exec::Exec;
#[cfg(feature = "engine")]
pub use row::Row;
#[cfg(feature = "engine")]
pub use statement::Statement;
#[cfg(feature = "engine")]
pub use table::Table;
#[cfg(feature = "engine")]
pub use transaction::{Isolation, Transaction, TransactionBuilder};
#[cfg(feature = "engine")]
pub use value::Value;

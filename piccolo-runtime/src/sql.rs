//! The spelling of SQL that both the generator and the runtime need: dialects, quoting and the type matrix.

mod dialect;
mod quote;

pub use dialect::Dialect;
pub use quote::{identifier, literal, qualified};

//! The spelling of SQL that both the generator and the runtime need: dialects, quoting and the type matrix.

mod column_type;
mod dialect;
mod quote;
mod subquery;
mod token;

pub use column_type::column_type;
pub use dialect::Dialect;
pub use quote::{identifier, literal, qualified};
pub use subquery::{is_hidden_in_subquery, of_subquery};
pub(crate) use token::{Token, Tokens};

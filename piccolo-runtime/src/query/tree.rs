//! The untyped query tree: what every query is once its builder has done its work.
//!
//! Typed builders lower to it at once; the string syntax, the playground and whatever is dynamic build it directly. It names
//! columns by position, along paths of foreign keys, against a root [`TableMeta`](crate::table::TableMeta); it holds no SQL but what a user
//! wrote in a raw piece. One renderer writes it as SQL for either dialect.

mod debug;
mod expr;
mod groups;
mod names;
mod select;
mod single;
mod types;
mod walk;
mod write;

pub use expr::{Aggregate, Arithmetic, ColumnRef, Comparison, Expr, Function, JsonStep, RawPiece};
pub(crate) use groups::parts;
pub use groups::{check_groups, holds_aggregate};
pub use names::{name_of, named_column, target};
pub use select::{Distinct, Item, Lock, LockStrength, LockWait, Nulls, Order, Select, add_condition};
pub use single::is_single;
pub use types::{
    Roots, element_of, enumeration_of, has_collation, is_plain_column, may_be_null, names_secret, resolve, type_of,
};
pub use walk::{further_out, reaches_out};
pub use write::{Conflict, Delete, Insert, Update};

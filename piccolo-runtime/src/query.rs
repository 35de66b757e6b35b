//! Queries: typed builders above, one untyped tree in the middle, one renderer below.
//!
//! A builder such as [`Select`] is a value. Nothing runs before `run` or `run_sync`, and printing it shows its SQL.

pub mod tree;

mod clauses;
mod condition;
mod count;
mod cursor;
mod defaults;
mod delete;
mod expression;
mod fit;
mod guard;
mod insert;
mod list;
mod objects;
mod operand;
mod operators;
mod order;
mod pattern;
mod render;
mod run;
mod select;
mod selection;
mod show;
mod tables;
mod update;

pub use condition::{Condition, Predicate};
pub use count::{Count, Exists};
pub use cursor::Cursor;
pub use delete::{Delete, Returning};
pub use expression::{Expr, Expression, Named};
pub use guard::{Guard, Guarded, Unguarded};
pub use insert::{Insert, InsertReturning};
pub use list::List;
pub use objects::{Get, Objects};
pub use operand::{Operand, Outer, outer};
pub use operators::TextType;
pub use order::{Order, Ordering};
pub use select::{First, Select};
pub use selection::{AllColumns, SelectList, Selection};
pub use tables::{CreateTables, DropTables, create_tables, drop_tables};
pub use update::{Settable, Takes, Update};

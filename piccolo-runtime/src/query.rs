//! Queries: typed builders above, one untyped tree in the middle, one renderer below.
//!
//! A builder such as [`Select`] is a value. Nothing runs before `run` or `run_sync`, and printing it shows its SQL.

pub mod tree;

mod additive;
mod aggregate;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod alter;
mod arithmetic;
mod batch;
mod clauses;
mod condition;
mod count;
mod cursor;
mod defaults;
mod delete;
mod expression;
mod fit;
mod functions;
mod get_or_create;
mod guard;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod index;
mod insert;
mod instance;
mod json;
mod list;
mod lock;
mod objects;
mod operand;
mod operators;
mod order;
mod pattern;
mod prefetch;
mod queue;
mod raw;
mod render;
mod returning;
mod run;
mod select;
mod selection;
mod show;
mod sub_select;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod tables;
mod untyped;
mod update;

pub use additive::{Additive, FromResult};
pub use aggregate::{Comparable, Summable, count, count_distinct};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use alter::{Alter, AlterColumn, ColumnName, Constraint};
pub use arithmetic::{Addable, Number, Subtractable, WholeNumber};
pub use batch::{Batch, Rows, RowsSync};
pub use condition::{Condition, Predicate};
pub use count::{Count, Exists};
pub use cursor::Cursor;
pub use delete::Delete;
pub use expression::{Expr, Expression, Named};
pub use functions::{Case, JsonType, case, named, now, value};
pub use get_or_create::GetOrCreate;
pub use guard::{Guard, Guarded, Unguarded};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use index::{CreateIndex, DropIndex, IndexKeys, IndexTarget, Indexes};
pub use insert::{Insert, InsertReturning, OnConflict, OwnColumns, Upsert, excluded};
pub use instance::{GetRelated, Refresh, Related, Remove, Save, UpdateSelf};
pub use json::OutputJson;
pub use list::List;
pub use lock::RowLock;
pub use objects::{Get, Objects};
pub use operand::{Operand, Outer, outer};
pub use operators::TextType;
pub use order::{Order, Ordering};
pub use prefetch::{Prefetch, Prefetched, ReverseWith, With};
pub use queue::Queue;
pub use raw::{Parameters, Raw, raw, raw_value};
pub use returning::Returning;
pub use run::{Query, Runner};
pub use select::{First, Select};
pub use selection::{AllColumns, SelectList, Selection};
pub use sub_select::{SubSelect, exists};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use tables::{CreateTables, DropTables, create_tables, drop_tables};
#[doc(inline)]
pub use tree::{LockStrength, LockWait};
pub use update::{Fits, Settable, Update};

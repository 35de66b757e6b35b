//! The one DDL writer: schema values to statements, per dialect.
//!
//! Everything here is a pure function of the model. Statements come without a trailing semicolon, in the order in which they
//! have to run. What a dialect lacks is an [`Unsupported`] value.
//!
//! | function | writes |
//! |---|---|
//! | [`create_schema`], [`drop_schema`] | everything of a schema, in an order that always works |
//! | [`create_table`], [`drop_table`] | one table with its indexes and comments |
//! | [`create_enum`], [`drop_enum`] | an enumerated type (nothing on SQLite) |
//! | [`create_index`], [`drop_index`] | one index |
//! | [`Rebuild`] | a table made anew on SQLite, with its rows |
//! | [`can_add_in_place`], [`is_row_number`] | nothing: what SQLite alters without a rebuild |
//! | [`conversion_expression`] | the value of a column that changes its type |
//! | [`create_table_statement`], [`column_definition`], [`foreign_key_clause`] … | the pieces of which migrations are made |
//!
//! **SQLite** gets `STRICT` tables with named constraints. What its types do not refuse by themselves (length, range,
//! format) is refused by checks that a column's type implies, named so that an engine's error can be told from a broken check of
//! the user's: see [`ImpliedCheck`]. Everything that belongs to a single column and that SQLite can drop together with it
//! stands on the column: its implied check and its foreign keys.
//!
//! **Postgres** gets identity columns, native enums, texts in code-point order (`COLLATE "C"`), and comments.

mod column;
mod comment;
mod constraint;
mod convert;
mod default;
mod enumeration;
mod implied;
mod in_place;
mod index;
mod order;
mod rebuild;
mod schema;
mod table;
mod unsupported;

pub use column::{collation, column_definition, identity};
pub use comment::{comment_on_column, comment_on_enum, comment_on_table, table_comments};
pub use constraint::{check_clause, foreign_key_clause, primary_key_clause, unique_clause};
pub use convert::{conversion_expression, using_expression};
pub use default::default_expression;
pub use enumeration::{Enums, create_enum, create_enum_if_not_exists, drop_enum};
pub use implied::{ImpliedCheck, condition as implied_condition};
pub use in_place::{can_add_in_place, is_row_number};
pub use index::{CreateIndex, create_index, create_index_statement, drop_index};
pub use order::{CreationOrder, creation_order};
pub use rebuild::{CopyRows, Rebuild, Rebuilt};
pub use schema::{create_namespaces, create_schema, create_tables, drop_schema};
pub use table::{
    CreateTable, create_table, create_table_if_not_exists, create_table_of_foreign_column, create_table_statement,
    drop_table, drop_table_if_exists,
};
pub use unsupported::Unsupported;

//! The rows of the acceptance list about queries (A to C), and those about migrations (E) that no other suite has: a test for each, named
//! after it.
//!
//! Rows that a compiler refuses are cases of `mistakes`: B05 is `a_row_of_another_table_in_insert`, B12
//! `an_upsert_that_says_too_little_or_too_much`, B16 and B22 `an_update_without_where` and `a_delete_without_where`, B17
//! `an_update_of_a_column_of_another_table`.

/// The names of the bands that a condition leaves, sorted.
macro_rules! names {
    ($engine:expr, $condition:expr) => {
        crate::fixture::tables::Band::select(crate::fixture::tables::Band.name)
            .where_($condition)
            .order_by(crate::fixture::tables::Band.name.asc())
            .run($engine)
            .await
            .unwrap()
    };
}

mod aggregates;
mod batches;
mod columns;
mod conditions;
mod conflict;
mod delete;
mod insert;
mod instance;
mod json;
mod migrations;
mod only_postgres;
mod order;
mod related;
mod transaction;
mod update;
mod values;

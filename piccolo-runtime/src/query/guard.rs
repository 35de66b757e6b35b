//! The guard of deletes and updates: without a condition they do not run, unless that is asked for.

/// Nothing says yet which rows are meant.
#[derive(Clone, Copy, Debug)]
pub struct Unguarded;

/// A condition says which rows are meant, or `force` that all of them are.
#[derive(Clone, Copy, Debug)]
pub struct Guarded;

/// Whether a delete or an update may run.
#[diagnostic::on_unimplemented(
    message = "this delete or update has no `where_` and would touch every row",
    label = "no `where_` before this",
    note = "say which rows are meant with `where_(…)`, or that all of them are with `force()`"
)]
pub trait Guard {}

impl Guard for Guarded {}

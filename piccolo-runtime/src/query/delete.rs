//! Deleting rows.

use std::marker::PhantomData;

use super::guard::{Guard, Guarded, Unguarded, guarded};
use super::render::Renderer;
use super::run::{Query, Runner, runs};
use super::show::{Render, shows_sql};
use super::tree;
use crate::table::Table;

/// A delete from table `R`. It gives the number of rows that are gone.
///
/// Without [`where_`](Self::where_) or [`force`](Self::force) it has no `run`. A condition that turns out to say nothing when the query runs (a `None`,
/// an empty list of conditions) is [`Error::Deletion`](crate::Error::Deletion).
#[must_use = "a query does nothing until it is run"]
pub struct Delete<R, G = Unguarded> {
    tree: tree::Delete,
    forced: bool,
    marker: PhantomData<fn() -> (R, G)>,
}

impl<R: Table> Delete<R> {
    /// A delete that does not say yet which rows.
    pub const fn new() -> Self {
        Self { tree: tree::Delete::from(R::META), forced: false, marker: PhantomData }
    }
}

guarded!(Delete, delete, "delete", "Gives back columns of the deleted rows.");

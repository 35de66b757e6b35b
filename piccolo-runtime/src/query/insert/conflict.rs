//! What an insert does about rows that a unique constraint refuses.

use super::Insert;
use crate::column::{Column, ForeignKey};
use crate::path::Root;
use crate::query::condition::Condition;
use crate::query::expression::Expr;
use crate::Result;
use crate::query::operand::Operand;
use crate::query::render::Renderer;
use crate::query::show::{Render, shows_sql};
use crate::query::tree::{self, Conflict};
use crate::query::update::{Fits, Settable, assignment};
use crate::sql_type::SqlType;
use crate::table::Table;

/// Columns of table `R` itself: one, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of `{R}` itself",
    label = "expected a column of `{R}`, or a tuple of them"
)]
pub trait OwnColumns<R> {
    /// Adds the positions of the columns.
    fn positions(&self, out: &mut Vec<u16>);
}

impl<R, T: SqlType> OwnColumns<R> for Column<R, Root, T> {
    fn positions(&self, out: &mut Vec<u16>) {
        out.push(self.index());
    }
}

impl<R, K: crate::path::Key> OwnColumns<R> for ForeignKey<R, Root, K> {
    fn positions(&self, out: &mut Vec<u16>) {
        out.push(K::INDEX);
    }
}

/// Writes the impl for a tuple of columns.
macro_rules! tuple_columns {
    ($($name:ident),+) => {
        impl<R, $($name: OwnColumns<R>),+> OwnColumns<R> for ($($name,)+) {
            fn positions(&self, out: &mut Vec<u16>) {
                #[expect(non_snake_case, reason = "the type parameters name the fields of the tuple")]
                let ($($name,)+) = self;
                $($name.positions(out);)+
            }
        }
    };
}

tuple_columns!(A);
tuple_columns!(A, B);
tuple_columns!(A, B, C);
tuple_columns!(A, B, C, D);
tuple_columns!(A, B, C, D, E);
tuple_columns!(A, B, C, D, E, F);
tuple_columns!(A, B, C, D, E, F, G);
tuple_columns!(A, B, C, D, E, F, G, H);

/// The positions of columns.
pub(in crate::query) fn positions<R>(columns: &impl OwnColumns<R>) -> Vec<u16> {
    let mut out = Vec::new();
    columns.positions(&mut out);
    out
}

impl<R: Table> Insert<R> {
    /// Leaves out rows that any unique constraint refuses. Their keys are missing from the result.
    pub fn on_conflict_do_nothing(mut self) -> Self {
        self.conflict = Some(Conflict::Nothing { target: Vec::new() });
        self
    }

    /// Says what happens to rows that the unique constraint on these columns refuses.
    pub fn on_conflict<C: OwnColumns<R>>(self, target: C) -> OnConflict<R> {
        OnConflict { target: positions(&target), insert: self }
    }
}

/// An insert that does not say yet what happens on a conflict.
#[derive(Debug)]
#[must_use = "say what happens on a conflict with `do_nothing` or `do_update`"]
pub struct OnConflict<R> {
    insert: Insert<R>,
    target: Vec<u16>,
}

impl<R: Table> OnConflict<R> {
    /// The row is left out. Its key is missing from the result.
    pub fn do_nothing(mut self) -> Insert<R> {
        self.insert.conflict = Some(Conflict::Nothing { target: self.target });
        self.insert
    }

    /// The row that is there gets the values of these columns from the row that was refused.
    pub fn do_update<C: OwnColumns<R>>(self, columns: C) -> Upsert<R> {
        let set = positions(&columns).into_iter().map(|column| (column, tree::Expr::Excluded(column))).collect();
        Upsert { insert: self.insert, target: self.target, set, filter: None }
    }

    /// The row that is there gets this value in this column: a value, or an expression of its own columns and of
    /// [`excluded`](super::super::excluded) ones.
    pub fn do_set<C, O>(self, column: C, value: O) -> Upsert<R>
    where
        C: Settable<R>,
        O: Operand<R, <C::Value as SqlType>::Plain, C::Key>,
        O::Nullness: Fits<<C::Value as SqlType>::Nullness>,
    {
        Upsert { insert: self.insert, target: self.target, set: Vec::new(), filter: None }.set(column, value)
    }
}

/// An insert that changes the rows that are there.
#[derive(Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct Upsert<R> {
    insert: Insert<R>,
    target: Vec<u16>,
    set: Vec<(u16, tree::Expr)>,
    filter: Option<tree::Expr>,
}

impl<R: Table> Upsert<R> {
    /// Sets another column of the row that is there.
    pub fn set<C, O>(mut self, column: C, value: O) -> Self
    where
        C: Settable<R>,
        O: Operand<R, <C::Value as SqlType>::Plain, C::Key>,
        O::Nullness: Fits<<C::Value as SqlType>::Nullness>,
    {
        self.set.push(assignment(R::META, column.position(), value.into_operand()));
        self
    }

    /// Changes the row that is there only if the condition holds for it. If not, its key is missing from the result.
    pub fn where_<C: Condition<R>>(mut self, condition: C) -> Self {
        if let Some(condition) = condition.into_condition() {
            tree::add_condition(&mut self.filter, condition);
        }
        self
    }

    /// The insert with all that is said about conflicts: run it, or ask for columns with `returning`.
    pub fn build(mut self) -> Insert<R> {
        self.insert.conflict = Some(Conflict::Update { target: self.target, set: self.set, filter: self.filter });
        self.insert
    }

    /// Gives back columns of the inserted and changed rows.
    pub fn returning<S: crate::query::Selection<R>>(self, selection: S) -> super::InsertReturning<R, S::Output> {
        self.build().returning(selection)
    }
}

impl<R: Table> crate::query::run::Query for Upsert<R> {
    type Output = Vec<R::Key>;

    async fn execute(self, runner: crate::query::run::Runner<'_>) -> crate::Result<Vec<R::Key>> {
        self.build().execute(runner).await
    }
}

crate::query::run::runs!([R: Table] Upsert<R> => Vec<R::Key>);

impl<R: Table> Render for Upsert<R> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        let Self { insert, target, set, filter } = self;
        let conflict = Conflict::Update { target: target.clone(), set: set.clone(), filter: filter.clone() };
        Insert { conflict: Some(conflict), ..insert.clone() }.render(renderer)
    }
}

shows_sql!([R: Table] Upsert<R>);

/// A column of the row that an insert could not insert, inside `do_set`.
#[must_use]
pub fn excluded<R, C: Settable<R>>(column: C) -> Expr<R, C::Value> {
    Expr::new(tree::Expr::Excluded(column.position()))
}

//! What is done with a row that has been read: save, remove, refresh, and follow its keys.

use super::insert::{OwnColumns, positions};
use super::objects::{Get, decode, has_key, not_found, whole_rows};
use super::operand::Operand;
use super::render::{Renderer, key_positions};
use super::run::{Query, Runner, runs};
use super::select::Select;
use super::selection::{AllColumns, Selection};
use super::show::{Render, shows_sql};
use super::tree::{self, Expr};
use super::update::{Fits, Settable, assignment};
use crate::column::ForeignKey;
use crate::new_row::NewRow;
use crate::path::{Key, Path, Via};
use crate::primary_key::PrimaryKey;
use crate::sql_type::{Nullness, SqlType};
use crate::table::Table;
use crate::{Error, Result, Value};

/// Writes a row back: all its columns but the key, or those that [`columns`](Self::columns) names. That the row does not exist any more is
/// [`Error::NotFound`].
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct Save<R> {
    row: R,
    columns: Option<Vec<u16>>,
}

impl<R: Table> Save<R> {
    /// Writes this row back.
    pub fn new(row: &R) -> Self {
        Self { row: row.clone(), columns: None }
    }

    /// Only these columns.
    pub fn columns<C: OwnColumns<R>>(mut self, columns: C) -> Self {
        self.columns.get_or_insert_default().extend(positions(&columns));
        self
    }

    /// The update.
    fn update(&self) -> tree::Update {
        let keys = key_positions(R::META);
        let values = self.row.values().into_iter().zip(0_u16..);
        let mut update = tree::Update::of(R::META);
        update.set = values
            .filter(|(_, position)| match &self.columns {
                Some(columns) => columns.contains(position),
                None => !keys.contains(position),
            })
            .map(|(value, position)| assignment(R::META, position, Expr::Value(value)))
            .collect();
        update.filter = has_key(R::META, &self.row.key().into_values());
        update
    }
}

impl<R: Table> Render for Save<R> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.update(&self.update())
    }
}

shows_sql!([R: Table] Save<R>);

impl<R: Table> Query for Save<R> {
    type Output = ();

    async fn execute(self, runner: Runner<'_>) -> Result<()> {
        // A table that is nothing but its key has nothing to write back.
        if self.update().set.is_empty() {
            return Ok(());
        }
        match runner.execute(self.statement(runner.dialect())?).await? {
            0 => Err(gone(&self.row)),
            _ => Ok(()),
        }
    }
}

runs!([R: Table] Save<R> => ());

/// The error for a row that is not there any more.
fn gone<R: Table>(row: &R) -> Error {
    not_found(R::META, &row.key().into_values())
}

/// Deletes a row and gives it back as a row that does not exist, ready to be inserted again. That it does not exist already is
/// [`Error::NotFound`].
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct Remove<R> {
    row: R,
}

impl<R: Table> Remove<R> {
    /// Deletes this row.
    pub const fn new(row: R) -> Self {
        Self { row }
    }
}

impl<R: Table> Render for Remove<R> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        let mut delete = tree::Delete::from(R::META);
        delete.filter = has_key(R::META, &self.row.key().into_values());
        renderer.delete(&delete)
    }
}

shows_sql!([R: Table] Remove<R>);

impl<R: Table> Query for Remove<R> {
    type Output = R::New;

    async fn execute(self, runner: Runner<'_>) -> Result<R::New> {
        match runner.execute(self.statement(runner.dialect())?).await? {
            0 => Err(gone(&self.row)),
            _ => Ok(as_new(&self.row)),
        }
    }
}

runs!([R: Table] Remove<R> => R::New);

/// The row without a key that the database counts.
fn as_new<R: Table>(row: &R) -> R::New {
    let columns = R::META.table().columns.iter().zip(0_u16..);
    let cells = row.values().into_iter().zip(columns).filter(|(_, (column, _))| !column.ty.is_serial());
    let new = cells.fold(NewRow::new(), |new: NewRow<R>, (value, (_, position))| new.set(position, value));
    new.into()
}

/// Reads a row anew. That it does not exist any more is [`Error::NotFound`].
pub type Refresh<R> = Get<R>;

/// Changes a row in the database, by expressions of what is there, and gives it as it is then.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct UpdateSelf<R> {
    key: Vec<Value>,
    set: Vec<(u16, Expr)>,
    marker: std::marker::PhantomData<fn() -> R>,
}

impl<R: Table> UpdateSelf<R> {
    /// Changes this row.
    pub fn new(row: &R) -> Self {
        Self { key: row.key().into_values(), set: Vec::new(), marker: std::marker::PhantomData }
    }

    /// Sets a column to a value or an expression: `.set(Band.popularity, Band.popularity + 5)`.
    pub fn set<C, O>(mut self, column: C, value: O) -> Self
    where
        C: Settable<R>,
        O: Operand<R, <C::Value as SqlType>::Plain, C::Key>,
        O::Nullness: Fits<<C::Value as SqlType>::Nullness>,
    {
        self.set.push(assignment(R::META, column.position(), value.into_operand()));
        self
    }
}

impl<R: Table> Render for UpdateSelf<R> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        let mut update = tree::Update::of(R::META);
        update.set.clone_from(&self.set);
        update.filter = has_key(R::META, &self.key);
        update.returning = whole_rows(R::META).items;
        renderer.update(&update)
    }
}

shows_sql!([R: Table] UpdateSelf<R>);

impl<R: Table> Query for UpdateSelf<R> {
    type Output = R;

    async fn execute(self, runner: Runner<'_>) -> Result<R> {
        let row = runner.fetch_optional(self.statement(runner.dialect())?, decode::<R>).await?;
        row.ok_or_else(|| not_found(R::META, &self.key))
    }
}

runs!([R: Table] UpdateSelf<R> => R);

/// Reads the row that a foreign key of this row points to, one or several keys away; `None` where a key on the way is null.
#[must_use = "a query does nothing until it is run"]
pub struct GetRelated<R, O> {
    key: Vec<Value>,
    select: Select<R, O>,
}

/// What [`GetRelated`] gives along a path and then a key: the row, in an `Option` if a key on the way may be null.
pub type Related<P, K> = <<Via<P, K> as Path>::Nullness as Nullness>::Row<<K as Key>::To>;

impl<R: Table, O: Send + 'static> GetRelated<R, O> {
    /// What this key of this row points to.
    pub fn new<P: Path, K: Key>(row: &R, key: ForeignKey<R, P, K>) -> Self
    where
        AllColumns<R, P, K>: Selection<R, Output = O>,
    {
        let key_values = row.key().into_values();
        let mut select = Select::new(key.all());
        if let Some(condition) = has_key(R::META, &key_values) {
            select.tree.filter(condition);
        }
        Self { key: key_values, select }
    }
}

impl<R, O> std::fmt::Debug for GetRelated<R, O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("GetRelated").field(&self.select).finish()
    }
}

impl<R, O> Render for GetRelated<R, O> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        self.select.render(renderer)
    }
}

shows_sql!([R, O] GetRelated<R, O>);

impl<R: Table, O: Send + 'static> Query for GetRelated<R, O> {
    type Output = O;

    async fn execute(self, runner: Runner<'_>) -> Result<O> {
        let related = self.select.first().execute(runner).await?;
        related.ok_or_else(|| not_found(R::META, &self.key))
    }
}

runs!([R: Table, O: Send + 'static] GetRelated<R, O> => O);

//! Inserting rows.

mod bulk;
mod conflict;
mod plan;
mod untyped;

use std::marker::PhantomData;

use bulk::{write_alone, write_group};
pub(super) use conflict::positions;
pub use conflict::{OnConflict, OwnColumns, Upsert, excluded};
use plan::{Group, plan};

use super::cursor::{Cursor, Layout};
use super::render::{Renderer, counter, key_positions};
use super::run::{Query, Runner, runs};
use super::selection::{SelectList, Selection};
use super::show::{Render, shows_sql};
use super::tree::{self, Conflict};
use crate::new_row::{NewRow, NewRows, RowOf};
use crate::primary_key::PrimaryKey;
use crate::table::{Table, TableMeta};
use crate::{Result, RowRef, Value};

/// An insert of any number of rows into table `R`, all of them or none. It gives their keys, in the order of the rows.
///
/// Columns that a row does not name get their defaults, evaluated here and once for all rows (`now()` is one moment), so that both engines
/// give the same. Values that do not fit their columns are refused before any SQL is sent.
#[must_use = "a query does nothing until it is run"]
pub struct Insert<R> {
    rows: Vec<Vec<Option<Value>>>,
    conflict: Option<Conflict>,
    /// Whether rows bring keys that the database would count up.
    with_keys: bool,
    marker: PhantomData<fn() -> R>,
}

impl<R: Table> Insert<R> {
    /// An insert of these rows.
    pub fn new(rows: impl NewRows<R>) -> Self {
        let rows = rows.into_new_rows().into_iter().map(NewRow::into_cells).collect();
        Self { rows, conflict: None, with_keys: false, marker: PhantomData }
    }

    /// An insert of these rows with their keys. Where the database counts them up, it goes on after the largest; on Postgres other writers of
    /// the table wait meanwhile, because its counter does not look at what is in the table.
    pub fn with_keys(rows: impl IntoIterator<Item = (R::Key, R::New)>) -> Self {
        let keys = key_positions(R::META);
        let with_key = |(key, row): (R::Key, R::New)| {
            let cells = keys.iter().zip(key.into_values());
            cells.fold(row.into_new_row(), |row, (position, value)| row.set(*position, value)).into_cells()
        };
        Self { rows: rows.into_iter().map(with_key).collect(), conflict: None, with_keys: true, marker: PhantomData }
    }

    /// An insert of this one row.
    pub(super) fn of(row: NewRow<R>, conflict: Option<Conflict>) -> Self {
        Self { rows: vec![row.into_cells()], conflict, with_keys: false, marker: PhantomData }
    }

    /// Inserts the rows and gives what the decoder reads of these columns.
    pub(super) async fn execute_returning<T: Send + 'static>(
        self,
        runner: Runner<'_>,
        mut items: Vec<tree::Item>,
        decode: impl Fn(&RowRef<'_>) -> Result<T> + Clone + Send + Sync + 'static,
    ) -> Result<Vec<T>> {
        // The key comes along behind what was asked for, because rows are put in order by it.
        let width = items.len();
        items.extend(key_positions(R::META).into_iter().map(|position| key_item(R::META, position)));
        self.write(runner, &items, width, decode).await
    }

    /// Inserts the rows and gives what the decoder reads of these columns, among them the key at this position.
    async fn write<T: Send + 'static>(
        self,
        runner: Runner<'_>,
        items: &[tree::Item],
        key_at: usize,
        decode: impl Fn(&RowRef<'_>) -> Result<T> + Clone + Send + Sync + 'static,
    ) -> Result<Vec<T>> {
        let groups = self.plan()?;
        let counter = counter(R::META, runner.dialect()).filter(|_| self.with_keys && !groups.is_empty());
        let Some([hold, advance]) = counter else {
            return insert_groups(runner, groups, items, key_at, decode).await;
        };
        let open = runner.begin().await?;
        open.runner().execute(hold).await?;
        let written = insert_groups(open.runner(), groups, items, key_at, decode).await?;
        open.runner().execute(advance).await?;
        open.commit().await?;
        Ok(written)
    }

    /// Adds a row.
    #[expect(clippy::should_implement_trait, reason = "the manual calls it so, and rows are not numbers")]
    pub fn add(mut self, row: impl RowOf<R>) -> Self {
        self.rows.push(row.into_new_row().into_cells());
        self
    }

    /// Gives back columns of the inserted rows instead of their keys, in the order of the rows.
    pub fn returning<S: Selection<R>>(self, selection: S) -> InsertReturning<R, S::Output> {
        let mut list = SelectList::new(R::META);
        selection.add_to(&mut list);
        let (items, layout) = list.into_parts();
        InsertReturning { insert: self, items, layout, read: S::read }
    }

    /// The rows as inserts of the same columns each.
    fn plan(&self) -> Result<Vec<Group>> {
        plan(R::META, &self.rows, self.conflict.as_ref())
    }
}

impl<R> Clone for Insert<R> {
    fn clone(&self) -> Self {
        let (rows, conflict) = (self.rows.clone(), self.conflict.clone());
        Self { rows, conflict, with_keys: self.with_keys, marker: PhantomData }
    }
}

impl<R> std::fmt::Debug for Insert<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Insert").field("rows", &self.rows.len()).field("conflict", &self.conflict).finish()
    }
}

impl<R: Table> Query for Insert<R> {
    type Output = Vec<R::Key>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<R::Key>> {
        let items: Vec<_> = key_positions(R::META).into_iter().map(|position| key_item(R::META, position)).collect();
        self.write(runner, &items, 0, |row| R::Key::decode(row, 0)).await
    }
}

runs!([R: Table] Insert<R> => Vec<R::Key>);

impl<R: Table> Render for Insert<R> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        let items: Vec<_> = key_positions(R::META).into_iter().map(|position| key_item(R::META, position)).collect();
        render_groups(self.plan()?, &items, renderer)
    }
}

shows_sql!([R: Table] Insert<R>);

/// An insert that gives back columns of the inserted rows.
#[must_use = "a query does nothing until it is run"]
pub struct InsertReturning<R, O> {
    insert: Insert<R>,
    items: Vec<tree::Item>,
    layout: Layout,
    read: fn(&mut Cursor<'_, '_>) -> Result<O>,
}

impl<R, O> std::fmt::Debug for InsertReturning<R, O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InsertReturning").field("insert", &self.insert).field("items", &self.items).finish()
    }
}

impl<R: Table, O: Send + 'static> Query for InsertReturning<R, O> {
    type Output = Vec<O>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<O>> {
        let (layout, read) = (self.layout, self.read);
        let decode = move |row: &RowRef<'_>| read(&mut Cursor::new(row, &layout));
        self.insert.execute_returning(runner, self.items, decode).await
    }
}

runs!([R: Table, O: Send + 'static] InsertReturning<R, O> => Vec<O>);

impl<R: Table, O> Render for InsertReturning<R, O> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        render_groups(self.insert.plan()?, &self.items, renderer)
    }
}

shows_sql!([R: Table, O] InsertReturning<R, O>);

/// A column of the key, as something to give back.
fn key_item(table: &'static TableMeta, position: u16) -> tree::Item {
    let column = table.table().columns.get(usize::from(position));
    tree::Item {
        expr: tree::Expr::column(position),
        name: column.map(|column| column.sql_name.to_string()).unwrap_or_default(),
    }
}

/// Inserts groups of rows, all or none, and gives what the decoder reads, in the order of the rows.
async fn insert_groups<T: Send + 'static>(
    runner: Runner<'_>,
    groups: Vec<Group>,
    items: &[tree::Item],
    key_at: usize,
    decode: impl Fn(&RowRef<'_>) -> Result<T> + Clone + Send + Sync + 'static,
) -> Result<Vec<T>> {
    if let [_, _, ..] = groups.as_slice() {
        let open = runner.begin().await?;
        let mut placed = Vec::new();
        for group in groups {
            // Where rows may give nothing back, those of several groups could not be put in order.
            placed.extend(match &group.insert.conflict {
                None => write_group(open.runner(), group, items, key_at, decode.clone()).await?,
                Some(_) => write_alone(open.runner(), group, items, decode.clone()).await?,
            });
        }
        open.commit().await?;
        placed.sort_by_key(|(index, _)| *index);
        return Ok(placed.into_iter().map(|(_, value)| value).collect());
    }
    match groups.into_iter().next() {
        None => Ok(Vec::new()),
        Some(group) => {
            let placed = write_group(runner, group, items, key_at, decode).await?;
            Ok(placed.into_iter().map(|(_, value)| value).collect())
        }
    }
}

/// Adds the statements of groups, one after the other, as people read them.
fn render_groups(groups: Vec<Group>, items: &[tree::Item], renderer: &mut Renderer) -> Result<()> {
    for (number, group) in groups.into_iter().enumerate() {
        if number > 0 {
            renderer.push(";\n");
        }
        renderer.insert(&tree::Insert { returning: items.to_vec(), ..group.insert })?;
    }
    Ok(())
}

//! Whole rows together with the rows that they point to, or that point to them.
//!
//! Rows at the end of foreign keys come with the same query, by joins. Rows on the way back along a key come with one more query for each
//! level, however many rows there are.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::cursor::Cursor;
use super::objects::{Objects, by_key, whole_rows};
use super::render::Renderer;
use super::run::{Query, Runner, runs};
use super::select::First;
use super::selection::SelectList;
use super::show::{Render, shows_sql};
use super::tree::{Expr, Select};
use crate::column::{ForeignKey, Reverse};
use crate::path::{Key, Path, Root, Via};
use crate::sql_type::{Nullness, SqlType};
use crate::table::Table;
use crate::{Result, RowRef, Value};

/// A row with what was fetched together with it. It dereferences to the row, whose own shape does not change.
#[derive(Clone, Debug, PartialEq)]
pub struct With<R, T> {
    /// The row.
    pub row: R,
    /// What belongs to it: for a key the row that it points to (an `Option` where the key may be null), for the way back a `Vec`, for a tuple
    /// of them a tuple.
    pub related: T,
}

impl<R, T> Deref for With<R, T> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}

impl<R, T> DerefMut for With<R, T> {
    fn deref_mut(&mut self) -> &mut R {
        &mut self.row
    }
}

/// What `prefetch` takes: a foreign key (with all rows on the way to it), the way back along one, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be fetched together with rows of `{R}`",
    label = "expected a foreign key of `{R}`, or the way back along one that points to it"
)]
pub trait Prefetch<R>: Send + Sync + 'static {
    /// What is fetched for each row.
    type Related: Send + 'static;
    /// What of it comes with the row itself.
    type Part: Send + 'static;

    /// Adds what is read together with the row.
    #[doc(hidden)]
    fn add_to(&self, out: &mut SelectList);

    /// Reads it.
    #[doc(hidden)]
    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Self::Part>;

    /// Fetches the rest.
    #[doc(hidden)]
    fn finish(
        &self,
        runner: Runner<'_>,
        rows: &[R],
        parts: Vec<Self::Part>,
    ) -> impl Future<Output = Result<Vec<Self::Related>>> + Send;
}

/// The rows on a path, one inside of the other.
#[doc(hidden)]
pub trait Way: Path {
    /// A `T` at the end of the path, inside of the rows on it.
    type Nest<T: Send + 'static>: Send + 'static;

    /// Adds the columns of the rows on the path.
    fn add_to(out: &mut SelectList);

    /// Reads the rows on the path, and what is at its end by the function. `None` stands for a row that must be there and is not.
    fn read<T: Send + 'static>(
        cursor: &mut Cursor<'_, '_>,
        end: &mut dyn FnMut(&mut Cursor<'_, '_>) -> Result<Option<T>>,
    ) -> Result<Option<Self::Nest<T>>>;
}

impl Way for Root {
    type Nest<T: Send + 'static> = T;

    fn add_to(_out: &mut SelectList) {}

    fn read<T: Send + 'static>(
        cursor: &mut Cursor<'_, '_>,
        end: &mut dyn FnMut(&mut Cursor<'_, '_>) -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        end(cursor)
    }
}

/// Whether the column of a key may be null.
type NullnessOf<K> = <<K as Key>::Value as SqlType>::Nullness;

impl<P: Way, K: Key> Way for Via<P, K> {
    type Nest<T: Send + 'static> = P::Nest<<NullnessOf<K> as Nullness>::Row<With<K::To, T>>>;

    fn add_to(out: &mut SelectList) {
        P::add_to(out);
        push_target::<P, K>(out);
    }

    fn read<T: Send + 'static>(
        cursor: &mut Cursor<'_, '_>,
        end: &mut dyn FnMut(&mut Cursor<'_, '_>) -> Result<Option<T>>,
    ) -> Result<Option<Self::Nest<T>>> {
        P::read(cursor, &mut |cursor| {
            let row = cursor.table::<K::To>()?;
            let related = end(cursor)?;
            let here = row.zip(related).map(|(row, related)| With { row, related });
            Ok(NullnessOf::<K>::lift(here))
        })
    }
}

/// Adds the columns of the table at the end of a path and then a key.
fn push_target<P: Path, K: Key>(out: &mut SelectList) {
    let mut path = Vec::new();
    Via::<P, K>::keys(&mut path);
    out.add_table(&path, |_, _| true);
}

impl<R: Table, P: Way, K: Key> Prefetch<R> for ForeignKey<R, P, K> {
    type Related = P::Nest<<NullnessOf<K> as Nullness>::Row<K::To>>;
    type Part = Self::Related;

    fn add_to(&self, out: &mut SelectList) {
        P::add_to(out);
        push_target::<P, K>(out);
    }

    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Self::Related> {
        let read = P::read(cursor, &mut |cursor| Ok(NullnessOf::<K>::lift(cursor.table::<K::To>()?)))?;
        crate::sql_type::NotNull::row(read)
    }

    async fn finish(&self, _runner: Runner<'_>, _rows: &[R], parts: Vec<Self::Part>) -> Result<Vec<Self::Related>> {
        Ok(parts)
    }
}

impl<R, K: Key> ForeignKey<R, Root, K> {
    /// The way back along this key: the rows that point to a row of its target.
    #[must_use]
    pub const fn reverse(self) -> Reverse<K::To, Root, K> {
        Reverse::new()
    }
}

impl<R: Table, K: Key<To = R>> Reverse<R, Root, K> {
    /// Fetches more together with the rows that are fetched.
    #[must_use]
    pub const fn prefetch<S: Prefetch<K::From>>(self, related: S) -> ReverseWith<K, S> {
        ReverseWith { related, marker: std::marker::PhantomData }
    }
}

impl<R: Table, K: Key<To = R>> Prefetch<R> for Reverse<R, Root, K> {
    type Related = Vec<K::From>;
    type Part = ();

    fn add_to(&self, _out: &mut SelectList) {}

    fn read(_cursor: &mut Cursor<'_, '_>) -> Result<()> {
        Ok(())
    }

    async fn finish(&self, runner: Runner<'_>, rows: &[R], _parts: Vec<()>) -> Result<Vec<Vec<K::From>>> {
        let groups = pointing_to::<K, ()>(runner, rows, &()).await?;
        Ok(groups.into_iter().map(|group| group.into_iter().map(|with| with.row).collect()).collect())
    }
}

/// The way back along a key, with what is fetched together with the rows on it.
#[derive(Debug)]
pub struct ReverseWith<K, S> {
    related: S,
    marker: std::marker::PhantomData<fn() -> K>,
}

impl<K: Key, S: Prefetch<K::From>> Prefetch<K::To> for ReverseWith<K, S> {
    type Related = Vec<With<K::From, S::Related>>;
    type Part = ();

    fn add_to(&self, _out: &mut SelectList) {}

    fn read(_cursor: &mut Cursor<'_, '_>) -> Result<()> {
        Ok(())
    }

    async fn finish(&self, runner: Runner<'_>, rows: &[K::To], _parts: Vec<()>) -> Result<Vec<Self::Related>> {
        pointing_to::<K, S>(runner, rows, &self.related).await
    }
}

/// For each row the rows that point to it, by their primary keys. It is one query for all.
async fn pointing_to<K: Key, S: Prefetch<K::From>>(
    runner: Runner<'_>,
    rows: &[K::To],
    related: &S,
) -> Result<Vec<Vec<With<K::From, S::Related>>>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let targets: Vec<String> = rows.iter().map(|row| text_of(&crate::new_row::referenced::<K>(row))).collect();
    let list: Vec<Value> = rows.iter().map(crate::new_row::referenced::<K>).collect();
    let mut select = whole_rows(K::From::META);
    select.filter(Expr::In { expr: Box::new(Expr::column(K::INDEX)), list, negated: false });
    select.order_by = by_key(K::From::META);
    let mut groups: HashMap<String, Vec<_>> = HashMap::new();
    for row in load(runner, select, related).await? {
        let key = row.row.values().into_iter().nth(usize::from(K::INDEX)).unwrap_or(Value::Null);
        groups.entry(text_of(&key)).or_default().push(row);
    }
    Ok(targets.iter().map(|target| groups.remove(target).unwrap_or_default()).collect())
}

/// A value as a text that tells different ones apart.
fn text_of(value: &Value) -> String {
    format!("{value:?}")
}

/// Adds to a select of whole rows what is fetched with them.
fn extended<R: Table, S: Prefetch<R>>(mut select: Select, related: &S) -> (Select, super::cursor::Layout) {
    let layout = super::cursor::Layout::of(R::META, &select.items, &[]);
    let mut list = SelectList::resume(R::META, std::mem::take(&mut select.items), &layout);
    related.add_to(&mut list);
    let (items, layout) = list.into_parts();
    (Select { items, ..select }, layout)
}

/// Runs a select of whole rows and fetches what belongs to them.
async fn load<R: Table, S: Prefetch<R>>(
    runner: Runner<'_>,
    select: Select,
    related: &S,
) -> Result<Vec<With<R, S::Related>>> {
    let (select, layout) = extended::<R, S>(select, related);
    let layout = Arc::new(layout);
    let mut renderer = Renderer::new(runner.dialect());
    renderer.select(&select)?;
    let read = runner
        .fetch_all(renderer.finish(), move |row: &RowRef<'_>| {
            let mut cursor = Cursor::new(row, &layout);
            let own = cursor.own_table::<R>()?;
            Ok((own, S::read(&mut cursor)?))
        })
        .await?;
    let (rows, parts): (Vec<R>, Vec<S::Part>) = read.into_iter().unzip();
    let related = related.finish(runner, &rows, parts).await?;
    Ok(rows.into_iter().zip(related).map(|(row, related)| With { row, related }).collect())
}

impl<R: Table> Objects<R> {
    /// Fetches rows that belong to these together with them, as [`With`].
    ///
    /// `Concert::objects().prefetch((Concert.band_1.manager, Concert.venue))` follows keys, with all rows on the way;
    /// `Manager::objects().prefetch(Band.manager.reverse())` goes back along one.
    pub fn prefetch<S: Prefetch<R>>(self, related: S) -> Prefetched<R, S> {
        Prefetched { objects: self, related }
    }
}

/// A select of whole rows together with rows that belong to them.
#[must_use = "a query does nothing until it is run"]
pub struct Prefetched<R, S> {
    objects: Objects<R>,
    related: S,
}

impl<R, S> std::fmt::Debug for Prefetched<R, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Prefetched").field(&self.objects).finish()
    }
}

impl<R: Table, S: Prefetch<R>> Render for Prefetched<R, S> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.select(&extended::<R, S>(self.objects.tree.clone(), &self.related).0)
    }
}

shows_sql!([R: Table, S: Prefetch<R>] Prefetched<R, S>);

impl<R: Table, S: Prefetch<R>> Query for Prefetched<R, S> {
    type Output = Vec<With<R, S::Related>>;

    async fn execute(self, runner: Runner<'_>) -> Result<Self::Output> {
        load(runner, self.objects.tree, &self.related).await
    }
}

runs!([R: Table, S: Prefetch<R>] Prefetched<R, S> => Vec<With<R, S::Related>>);

impl<R: Table, S: Prefetch<R>> Prefetched<R, S> {
    /// Only rows for which the condition holds. A second one must hold as well.
    pub fn where_<C: super::Condition<R>>(self, condition: C) -> Self {
        Self { objects: self.objects.where_(condition), ..self }
    }

    /// Sorted so. A second order sorts what the first leaves equal.
    pub fn order_by<K: super::Ordering<R>>(self, order: K) -> Self {
        Self { objects: self.objects.order_by(order), ..self }
    }

    /// At most so many rows.
    pub fn limit(self, rows: u64) -> Self {
        Self { objects: self.objects.limit(rows), ..self }
    }

    /// Without the first so many rows.
    pub fn offset(self, rows: u64) -> Self {
        Self { objects: self.objects.offset(rows), ..self }
    }

    /// At most one row: the first in the order, or `None`.
    pub fn first(mut self) -> First<Self> {
        self.objects.tree.limit = Some(self.objects.tree.limit.map_or(1, |limit| limit.min(1)));
        First(self)
    }
}

impl<R: Table, S: Prefetch<R>> Query for First<Prefetched<R, S>> {
    type Output = Option<With<R, S::Related>>;

    async fn execute(self, runner: Runner<'_>) -> Result<Self::Output> {
        Ok(self.0.execute(runner).await?.pop())
    }
}

runs!([R: Table, S: Prefetch<R>] First<Prefetched<R, S>> => Option<With<R, S::Related>>);
shows_sql!([R: Table, S: Prefetch<R>] First<Prefetched<R, S>>);

impl<R: Table> Prefetch<R> for () {
    type Related = ();
    type Part = ();

    fn add_to(&self, _out: &mut SelectList) {}

    fn read(_cursor: &mut Cursor<'_, '_>) -> Result<()> {
        Ok(())
    }

    async fn finish(&self, _runner: Runner<'_>, _rows: &[R], parts: Vec<()>) -> Result<Vec<()>> {
        Ok(parts)
    }
}

/// Writes the impl for a tuple.
macro_rules! tuple_prefetch {
    ($($name:ident $position:tt),+) => {
        impl<R: Table, $($name: Prefetch<R>),+> Prefetch<R> for ($($name,)+) {
            type Related = ($($name::Related,)+);
            type Part = ($($name::Part,)+);

            fn add_to(&self, out: &mut SelectList) {
                $(self.$position.add_to(out);)+
            }

            fn read(cursor: &mut Cursor<'_, '_>) -> Result<Self::Part> {
                Ok(($($name::read(cursor)?,)+))
            }

            async fn finish(&self, runner: Runner<'_>, rows: &[R], parts: Vec<Self::Part>) -> Result<Vec<Self::Related>> {
                let mut columns: ($(Vec<$name::Part>,)+) = Default::default();
                for part in parts {
                    $(columns.$position.push(part.$position);)+
                }
                let mut related = ($(self.$position.finish(runner, rows, columns.$position).await?.into_iter(),)+);
                Ok(rows.iter().map_while(|_| Some(($(related.$position.next()?,)+))).collect())
            }
        }
    };
}

tuple_prefetch!(A 0);
tuple_prefetch!(A 0, B 1);
tuple_prefetch!(A 0, B 1, C 2);
tuple_prefetch!(A 0, B 1, C 2, D 3);
tuple_prefetch!(A 0, B 1, C 2, D 3, E 4);
tuple_prefetch!(A 0, B 1, C 2, D 3, E 4, F 5);

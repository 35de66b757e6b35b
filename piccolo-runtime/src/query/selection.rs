//! Selections: what `select` takes, and the Rust type that comes of it.

use std::marker::PhantomData;

use std::ops::Range;

use super::cursor::{Cursor, Layout};
use super::expression::{Expr, Expression};
use super::tree::{self, Item};
use crate::Result;
use crate::column::{Column, ForeignKey, Marker};
use crate::path::{Key, Path, Seen};
use crate::row::Row;
use crate::sql_type::{Nullness, SqlType};
use crate::table::{Table, TableMeta};

/// What `select` takes: a column, an expression, a tuple of up to sixteen of them (which may hold tuples again), `..` for all columns
/// as a [`Row`], or names in the string syntax.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of `{R}`",
    label = "this cannot be selected from `{R}`",
    note = "select columns that are reached from `{R}`: one, a tuple of them, `..` for all, or names such as [\"name\", \"manager.name\"]"
)]
pub trait Selection<R> {
    /// What a row of the result becomes.
    type Output: Send + 'static;

    /// Adds what is selected.
    fn add_to(self, out: &mut SelectList);

    /// Reads one row, from where the cursor stands.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Decode`] if a value does not have the type that was asked for.
    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Self::Output>;
}

/// What a query selects, while it is put together.
#[derive(Debug)]
pub struct SelectList {
    root: &'static TableMeta,
    items: Vec<Item>,
    rows: Vec<Range<usize>>,
    /// Whether `..` has been selected and nothing by name yet.
    everything: bool,
    /// The columns with secrets of tables that have been selected as a whole.
    unnamed_secrets: Vec<usize>,
}

impl SelectList {
    /// A list with nothing in it, for a query on this table.
    pub(crate) const fn new(root: &'static TableMeta) -> Self {
        Self { root, items: Vec::new(), rows: Vec::new(), everything: false, unnamed_secrets: Vec::new() }
    }

    /// The list of a select, to be added to.
    pub(super) fn resume(root: &'static TableMeta, items: Vec<Item>, layout: &Layout) -> Self {
        let (rows, unnamed_secrets) = (layout.ranges.clone(), layout.unnamed_secrets.clone());
        Self { root, items, rows, everything: layout.everything, unnamed_secrets }
    }

    /// Forgets `..`, because columns are going to be named.
    pub(super) fn begin_naming_columns(&mut self) {
        if self.everything {
            self.items.clear();
            self.rows.clear();
            self.unnamed_secrets.clear();
            self.everything = false;
        }
    }

    /// Adds an expression under the name that it was given, that it has as a column, or that its position makes.
    pub(crate) fn add(&mut self, expr: tree::Expr, name: Option<String>) {
        let name = name.unwrap_or_else(|| {
            tree::name_of(&expr, self.root).unwrap_or_else(|| format!("column_{}", self.items.len() + 1))
        });
        self.items.push(Item { expr, name });
    }

    /// Adds the columns of the table at the end of this path, those that the filter lets through.
    pub(super) fn add_table(&mut self, path: &[u16], wanted: impl Fn(usize, &crate::schema::Column) -> bool) {
        let Some(meta) = tree::target(self.root, path) else { return };
        for (column, position) in meta.table().columns.iter().zip(0_u16..) {
            if wanted(usize::from(position), column) {
                self.add(tree::Expr::Column(tree::ColumnRef { path: path.to_vec(), column: position, outer: 0 }), None);
            }
        }
    }

    /// Adds all columns of the table at the end of this path, for a value that has a field for each.
    fn add_whole_table(&mut self, path: &[u16]) {
        let (start, target) = (self.items.len(), tree::target(self.root, path));
        self.add_table(path, |_, _| true);
        let columns = target.map(|meta| meta.table().columns.iter()).into_iter().flatten().enumerate();
        self.unnamed_secrets
            .extend(columns.filter(|(_, column)| column.secret).map(|(position, _)| start + position));
    }

    /// Adds what the closure adds, which together makes one [`Row`].
    fn row(&mut self, add: impl FnOnce(&mut Self)) {
        let start = self.items.len();
        add(self);
        self.rows.push(start..self.items.len());
    }

    /// The items, and how they are read.
    pub(crate) fn into_parts(self) -> (Vec<Item>, Layout) {
        let mut layout = Layout::of(self.root, &self.items, &self.rows);
        layout.everything = self.everything;
        layout.unnamed_secrets = self.unnamed_secrets;
        (self.items, layout)
    }
}

/// What a selection selects.
pub(super) fn expressions<R: Table, S: Selection<R>>(selection: S) -> Vec<tree::Expr> {
    let mut list = SelectList::new(R::META);
    selection.add_to(&mut list);
    list.into_parts().0.into_iter().map(|item| item.expr).collect()
}

/// Writes the selection of something that is an expression.
macro_rules! expression_selection {
    ([$($generics:tt)*] $target:ty => $output:ty) => {
        impl<R, $($generics)*> Selection<R> for $target
        where
            Self: Expression<R>,
        {
            type Output = $output;

            fn add_to(self, out: &mut SelectList) {
                let name = self.name();
                out.add(Expression::<R>::lower(self), name);
            }

            fn read(cursor: &mut Cursor<'_, '_>) -> Result<Self::Output> {
                cursor.value()
            }
        }
    };
}

// The root of what is selected is a parameter of its own, so that a column of another table fails in `Expression<R>`, whose message says what is wrong.
expression_selection!([S, P: Path, T: SqlType] Column<S, P, T> => Seen<P, T>);
expression_selection!([S, P: Path, K: Key] ForeignKey<S, P, K> => Seen<P, K::Value>);
expression_selection!([S, T: SqlType] Expr<S, T> => T);

impl<R: Table> Selection<R> for std::ops::RangeFull {
    type Output = Row;

    fn add_to(self, out: &mut SelectList) {
        out.row(|out| out.add_table(&[], |_, column| !column.secret));
        out.everything = out.rows.len() == 1;
    }

    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Row> {
        cursor.next_row()
    }
}

/// Names in the string syntax, such as `["name", "manager.name"]`, as one [`Row`].
impl<R: Table, N: AsRef<str>, const LENGTH: usize> Selection<R> for [N; LENGTH] {
    type Output = Row;

    fn add_to(self, out: &mut SelectList) {
        out.row(|out| push_names(self, out));
    }

    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Row> {
        cursor.next_row()
    }
}

/// Names in the string syntax, as one [`Row`].
impl<R: Table, N: AsRef<str>> Selection<R> for Vec<N> {
    type Output = Row;

    fn add_to(self, out: &mut SelectList) {
        out.row(|out| push_names(self, out));
    }

    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Row> {
        cursor.next_row()
    }
}

/// Names in the string syntax, as one [`Row`].
impl<R: Table, N: AsRef<str>> Selection<R> for &[N] {
    type Output = Row;

    fn add_to(self, out: &mut SelectList) {
        out.row(|out| push_names(self, out));
    }

    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Row> {
        cursor.next_row()
    }
}

/// One name in the string syntax, as a [`Row`].
impl<R: Table> Selection<R> for &'static str {
    type Output = Row;

    fn add_to(self, out: &mut SelectList) {
        out.row(|out| push_names([self], out));
    }

    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Row> {
        cursor.next_row()
    }
}

/// Adds what the names mean.
fn push_names(names: impl IntoIterator<Item: AsRef<str>>, out: &mut SelectList) {
    for name in names {
        let name = name.as_ref();
        out.add(tree::named_column(out.root, name), Some(name.to_owned()));
    }
}

/// All columns of the table that a foreign key points to: `Band.manager.all()`. It gives whole rows of that table.
pub struct AllColumns<R, P, K>(Marker<R, P, K>);

impl<R, P: Path, K: Key> ForeignKey<R, P, K> {
    /// All columns of the table that the key points to, as one row of it.
    #[must_use]
    pub const fn all(self) -> AllColumns<R, P, K> {
        AllColumns(PhantomData)
    }
}

impl<R, P, K> std::fmt::Debug for AllColumns<R, P, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AllColumns")
    }
}

impl<R, P: Path, K: Key> Selection<R> for AllColumns<R, P, K> {
    type Output = <<crate::path::Via<P, K> as Path>::Nullness as Nullness>::Row<K::To>;

    fn add_to(self, out: &mut SelectList) {
        let mut path = Vec::new();
        crate::path::Via::<P, K>::keys(&mut path);
        out.add_whole_table(&path);
    }

    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Self::Output> {
        <crate::path::Via<P, K> as Path>::Nullness::row(cursor.table::<K::To>()?)
    }
}

/// Writes the selection of a tuple of selections.
macro_rules! tuple_selection {
    ($($name:ident),+) => {
        impl<R, $($name: Selection<R>),+> Selection<R> for ($($name,)+) {
            type Output = ($($name::Output,)+);

            fn add_to(self, out: &mut SelectList) {
                #[expect(non_snake_case, reason = "the type parameters name the fields of the tuple")]
                let ($($name,)+) = self;
                $($name.add_to(out);)+
            }

            fn read(cursor: &mut Cursor<'_, '_>) -> Result<Self::Output> {
                Ok(($($name::read(cursor)?,)+))
            }
        }
    };
}

tuple_selection!(A);
tuple_selection!(A, B);
tuple_selection!(A, B, C);
tuple_selection!(A, B, C, D);
tuple_selection!(A, B, C, D, E);
tuple_selection!(A, B, C, D, E, F);
tuple_selection!(A, B, C, D, E, F, G);
tuple_selection!(A, B, C, D, E, F, G, H);
tuple_selection!(A, B, C, D, E, F, G, H, I);
tuple_selection!(A, B, C, D, E, F, G, H, I, J);
tuple_selection!(A, B, C, D, E, F, G, H, I, J, K);
tuple_selection!(A, B, C, D, E, F, G, H, I, J, K, L);
tuple_selection!(A, B, C, D, E, F, G, H, I, J, K, L, M);
tuple_selection!(A, B, C, D, E, F, G, H, I, J, K, L, M, N);
tuple_selection!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O);
tuple_selection!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P);

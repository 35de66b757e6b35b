//! Reading the values of a row one after the other.

use std::sync::Arc;

use super::tree::{self, Item};
use crate::engine::RowRef;
use crate::row::{Row, Shape, ShapeColumn};
use crate::schema::ColumnType;
use crate::sql_type::SqlType;
use crate::table::{Table, TableMeta};
use crate::{Error, Result};

/// What a query gives back: the names and types of its columns, and which of them make up rows.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// All columns.
    pub(crate) whole: Arc<Shape>,
    /// The rows among them, in the order in which they are read.
    rows: Vec<Arc<Shape>>,
    /// Which columns they are.
    pub(crate) ranges: Vec<std::ops::Range<usize>>,
    /// Whether they are all columns of a table, which nobody has named.
    pub(crate) everything: bool,
    /// The columns that hold secrets and came with a table that was selected as a whole, so that nobody has named them.
    pub(crate) unnamed_secrets: Vec<usize>,
}

impl Layout {
    /// The layout of a select of these items, in which these ranges are rows.
    pub(crate) fn of(root: &'static TableMeta, items: &[Item], rows: &[std::ops::Range<usize>]) -> Self {
        let columns: Vec<ShapeColumn> = items
            .iter()
            .map(|item| ShapeColumn { name: item.name.clone(), ty: tree::type_of(&item.expr, &[root]) })
            .collect();
        let table = root.table().name.clone().into_owned();
        let ranges = rows.to_vec();
        let rows = rows
            .iter()
            .map(|range| {
                let columns = columns.get(range.clone()).unwrap_or_default().to_vec();
                Arc::new(Shape { table: table.clone(), columns })
            })
            .collect();
        Self { whole: Arc::new(Shape { table, columns }), rows, ranges, everything: false, unnamed_secrets: Vec::new() }
    }
}

/// A place in a row that is being read.
pub struct Cursor<'c, 'r> {
    row: &'c RowRef<'r>,
    at: usize,
    layout: &'c Layout,
    rows: std::slice::Iter<'c, Arc<Shape>>,
}

impl<'c, 'r> Cursor<'c, 'r> {
    /// The start of this row.
    pub(crate) fn new(row: &'c RowRef<'r>, layout: &'c Layout) -> Self {
        Self { row, at: 0, layout, rows: layout.rows.iter() }
    }

    /// Reads one value.
    pub(crate) fn value<T: SqlType>(&mut self) -> Result<T> {
        let index = self.at;
        self.at += 1;
        let value = match self.layout.whole.columns.get(index) {
            Some(ShapeColumn { ty: Some(ColumnType::Numeric { scale, .. }), .. }) => {
                T::decode_scaled(self.row, index, *scale)
            }
            Some(_) | None => T::decode(self.row, index),
        };
        value.map_err(|error| self.located(error))
    }

    /// Reads the columns that make up the next row.
    pub(crate) fn next_row(&mut self) -> Result<Row> {
        let shape = self.rows.next().unwrap_or(&self.layout.whole);
        let start = self.at;
        self.at += shape.columns.len();
        Row::read(shape, self.row, start)
    }

    /// Reads all columns as one row.
    pub(crate) fn whole_row(&self) -> Result<Row> {
        Row::read(&self.layout.whole, self.row, 0)
    }

    /// Reads the columns of a whole table; `None` if its primary key is null, because no row was joined.
    pub(crate) fn table<T: Table>(&mut self) -> Result<Option<T>> {
        let start = self.at;
        let table = T::META.table();
        self.at += table.columns.len();
        let key = table.primary_key.columns.first().and_then(|name| table.position(name)).unwrap_or(0);
        if self.row.is_null(start + key)? {
            return Ok(None);
        }
        T::decode(self.row, start).map(Some).map_err(|error| error.in_table(&table.name))
    }

    /// Reads the columns of a whole table whose row is there.
    pub(crate) fn own_table<T: Table>(&mut self) -> Result<T> {
        let start = self.at;
        let table = T::META.table();
        self.at += table.columns.len();
        T::decode(self.row, start).map_err(|error| error.in_table(&table.name))
    }

    /// Says in which table a value could not be read.
    fn located(&self, error: Error) -> Error {
        error.in_table(&self.layout.whole.table)
    }
}

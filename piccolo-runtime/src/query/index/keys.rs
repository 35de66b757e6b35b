//! What an index sorts by, and how one is named that is to go.

use crate::column::{Column, ForeignKey};
use crate::path::{Key, Root};
use crate::query::alter::{AlterColumn, ColumnName, State};
use crate::query::order::Order;
use crate::query::tree::{ColumnRef, Expr};
use crate::schema::{IndexKey, IndexKeyKind};
use crate::sql_type::SqlType;
use crate::{Error, Result};

/// What an index sorts by, without its Rust type.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub struct IndexPart {
    kind: Part,
    descending: bool,
}

#[derive(Clone, Debug)]
enum Part {
    Column(ColumnName),
    Expression(String),
    Wrong(String),
}

/// What `create_index` takes: a column of the table, `.desc()` of one, the name of one, or several of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of `{R}` that an index can sort by",
    label = "an index of `{R}` cannot sort by this",
    note = "an index sorts by columns of its own table, such as `Band.name` or `Band.popularity.desc()`"
)]
pub trait IndexKeys<R> {
    /// Adds the keys without their Rust types.
    #[doc(hidden)]
    fn add_to(self, out: &mut Vec<IndexPart>);
}

/// What `drop_index` takes: the index's name, or the columns that it sorts by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither the name of an index of `{R}` nor its columns",
    label = "not an index of `{R}`"
)]
pub trait IndexTarget<R> {
    /// The index without Rust types.
    #[doc(hidden)]
    fn target(self) -> Target;
}

/// An index to be dropped, as it was asked for.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub enum Target {
    /// By its name.
    Name(String),
    /// By what it sorts by.
    Keys(Vec<IndexPart>),
}

impl IndexPart {
    fn column(column: ColumnName) -> Self {
        Self { kind: Part::Column(column), descending: false }
    }

    /// An SQL expression.
    pub(super) fn expression(sql: String) -> Self {
        Self { kind: Part::Expression(sql), descending: false }
    }

    /// The key of the model, for the table as it is.
    pub(super) fn key(&self, state: &State) -> Result<IndexKey> {
        let kind = match &self.kind {
            Part::Column(column) => IndexKeyKind::Column(state.column_name(column)?.into()),
            Part::Expression(text) => IndexKeyKind::Sql(text.clone().into()),
            Part::Wrong(message) => return Err(Error::Usage { message: message.clone() }),
        };
        Ok(IndexKey { kind, descending: self.descending })
    }
}

impl<R, T: SqlType> IndexKeys<R> for Column<R, Root, T> {
    fn add_to(self, out: &mut Vec<IndexPart>) {
        out.push(IndexPart::column(AlterColumn::<R>::column_name(self)));
    }
}

impl<R, K: Key> IndexKeys<R> for ForeignKey<R, Root, K> {
    fn add_to(self, out: &mut Vec<IndexPart>) {
        out.push(IndexPart::column(AlterColumn::<R>::column_name(self)));
    }
}

impl<R> IndexKeys<R> for Order<R> {
    fn add_to(self, out: &mut Vec<IndexPart>) {
        let node = self.into_node();
        let kind = if let Expr::Column(ColumnRef { path, column, outer: 0 }) = node.expr
            && path.is_empty()
            && node.nulls.is_none()
        {
            Part::Column(ColumnName::At(column))
        } else {
            let message = "an index sorts by columns of its own table, upwards or downwards; `expression` takes anything else as SQL";
            Part::Wrong(message.to_owned())
        };
        out.push(IndexPart { kind, descending: node.descending });
    }
}

/// The name of a column.
impl<R> IndexKeys<R> for &str {
    fn add_to(self, out: &mut Vec<IndexPart>) {
        out.push(IndexPart::column(ColumnName::Named(self.to_owned())));
    }
}

/// The name of a column.
impl<R> IndexKeys<R> for String {
    fn add_to(self, out: &mut Vec<IndexPart>) {
        out.push(IndexPart::column(ColumnName::Named(self)));
    }
}

/// The name of the index.
impl<R> IndexTarget<R> for &str {
    fn target(self) -> Target {
        Target::Name(self.to_owned())
    }
}

/// The name of the index.
impl<R> IndexTarget<R> for String {
    fn target(self) -> Target {
        Target::Name(self)
    }
}

fn keys<R, K: IndexKeys<R>>(keys: K) -> Target {
    let mut out = Vec::new();
    keys.add_to(&mut out);
    Target::Keys(out)
}

impl<R, T: SqlType> IndexTarget<R> for Column<R, Root, T> {
    fn target(self) -> Target {
        keys::<R, _>(self)
    }
}

impl<R, K: Key> IndexTarget<R> for ForeignKey<R, Root, K> {
    fn target(self) -> Target {
        keys::<R, _>(self)
    }
}

impl<R, K: IndexKeys<R>> IndexKeys<R> for Vec<K> {
    fn add_to(self, out: &mut Vec<IndexPart>) {
        self.into_iter().for_each(|key| key.add_to(out));
    }
}

impl<R, K: IndexKeys<R>> IndexTarget<R> for Vec<K> {
    fn target(self) -> Target {
        keys::<R, _>(self)
    }
}

impl<R, K: IndexKeys<R>, const N: usize> IndexKeys<R> for [K; N] {
    fn add_to(self, out: &mut Vec<IndexPart>) {
        self.into_iter().for_each(|key| key.add_to(out));
    }
}

impl<R, K: IndexKeys<R>, const N: usize> IndexTarget<R> for [K; N] {
    fn target(self) -> Target {
        keys::<R, _>(self)
    }
}

/// Writes the impls for a tuple of keys.
macro_rules! tuple_keys {
    ($($name:ident),+) => {
        impl<R, $($name: IndexKeys<R>),+> IndexKeys<R> for ($($name,)+) {
            fn add_to(self, out: &mut Vec<IndexPart>) {
                #[expect(non_snake_case, reason = "the type parameters name the fields of the tuple")]
                let ($($name,)+) = self;
                $($name.add_to(out);)+
            }
        }

        impl<R, $($name: IndexKeys<R>),+> IndexTarget<R> for ($($name,)+) {
            fn target(self) -> Target {
                keys::<R, _>(self)
            }
        }
    };
}

tuple_keys!(A);
tuple_keys!(A, B);
tuple_keys!(A, B, C);
tuple_keys!(A, B, C, D);
tuple_keys!(A, B, C, D, E);
tuple_keys!(A, B, C, D, E, F);
tuple_keys!(A, B, C, D, E, F, G);
tuple_keys!(A, B, C, D, E, F, G, H);

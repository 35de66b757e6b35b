//! Paths along foreign keys, as types.
//!
//! A column's type says where it is seen from (the root table) and along which keys (the path):
//! `Concert.band_1.manager.name` is a `Column<Concert, Via<Via<Root, Band1Key>, ManagerKey>, String>`. The path carries the joins and
//! decides whether the column may be null. No value of these types exists.

use std::marker::PhantomData;

use crate::sql_type::{NotNull, Nullness, SqlType};
use crate::table::Table;

/// A foreign key as a type. Generated code has one for each key that gives a path.
#[diagnostic::on_unimplemented(
    message = "this value does not have the type of the column",
    label = "expected a value of the column's type",
    note = "a reference to a row stands for its key only where the column is a foreign key"
)]
pub trait Key: 'static {
    /// The table that holds the key.
    type From: Table;
    /// The table it points to.
    type To: Table;
    /// The type of the key's column, an `Option` where the column may be null.
    type Value: SqlType;
    /// The position of the key's column in its table.
    const INDEX: u16;
}

/// A list of foreign keys that leads from a root table to another one, or to itself.
pub trait Path: 'static {
    /// Whether a key on the way may be null.
    type Nullness: Nullness;

    /// Adds the positions of the keys' columns, from the root on.
    fn keys(out: &mut Vec<u16>);
}

/// The type of a column of type `T` at the end of path `P`: `T`, or `Option<T>` if a key on the way may be null.
pub type Seen<P, T> = <<P as Path>::Nullness as Nullness>::Apply<T>;

/// The empty path: the columns of the root table itself.
#[derive(Clone, Copy, Debug)]
pub struct Root;

/// The path `P` and then the key `K`.
#[derive(Debug)]
pub struct Via<P, K>(PhantomData<fn() -> (P, K)>);

impl Path for Root {
    type Nullness = NotNull;

    fn keys(_out: &mut Vec<u16>) {}
}

impl<P: Path, K: Key> Path for Via<P, K> {
    type Nullness = <P::Nullness as Nullness>::Or<<K::Value as SqlType>::Nullness>;

    fn keys(out: &mut Vec<u16>) {
        P::keys(out);
        out.push(K::INDEX);
    }
}

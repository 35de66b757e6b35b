//! Columns and foreign keys as zero-cost values: what `Band.name` and `Band.manager` are.
//!
//! Generated code has one struct of columns per table and a constant of it under the table's own name, so `Band.name` is a field.
//! A [`ForeignKey`] dereferences to the columns of the table it points to, with a longer [path](crate::path), so `Band.manager.name` is
//! a field as well. A column holds nothing but its position in the table; all else is in its type. The operators
//! (`eq`, `like`, `asc`, …) are in [`crate::query`], because they build parts of a query.

use std::marker::PhantomData;
use std::ops::Deref;

use crate::path::{Key, Via};
use crate::table::Table;

/// Three types of which there is no value.
pub(crate) type Marker<A, B, C> = PhantomData<fn() -> (A, B, C)>;

/// A column of type `T`, at the end of path `P` from table `R`.
pub struct Column<R, P, T> {
    index: u16,
    marker: Marker<R, P, T>,
}

/// A foreign key `K`, at the end of path `P` from table `R`: a column itself, and the way to the columns of its target.
pub struct ForeignKey<R, P, K> {
    marker: Marker<R, P, K>,
}

/// The way back along the foreign key `K`: the rows that point to the table at the end of path `P` from table `R`.
pub struct Reverse<R, P, K> {
    marker: Marker<R, P, K>,
}

/// The columns of a table, seen from a root table along a path. Generated code implements it for its `Columns`.
pub trait ColumnSet: Copy + Sized + 'static {
    /// The columns, as a value that can be lent.
    const COLUMNS: &'static Self;
}

impl<R, P, T> Column<R, P, T> {
    /// The column at this position of its table. Generated code alone has a use for it.
    #[doc(hidden)]
    #[must_use]
    pub const fn at(index: u16) -> Self {
        Self { index, marker: PhantomData }
    }

    /// The position of the column in its table.
    pub(crate) const fn index(self) -> u16 {
        self.index
    }
}

impl<R, P, K> ForeignKey<R, P, K> {
    /// The foreign key. Generated code alone has a use for it.
    #[doc(hidden)]
    #[must_use]
    pub const fn new() -> Self {
        Self { marker: PhantomData }
    }
}

impl<R, P, K> Reverse<R, P, K> {
    /// The way back. Generated code alone has a use for it.
    #[doc(hidden)]
    #[must_use]
    pub const fn new() -> Self {
        Self { marker: PhantomData }
    }
}

impl<R: 'static, P: 'static, K: Key> Deref for ForeignKey<R, P, K> {
    type Target = <K::To as Table>::Columns<R, Via<P, K>>;

    fn deref(&self) -> &Self::Target {
        Self::Target::COLUMNS
    }
}

/// `Clone`, `Copy` and `Debug` without the bounds that a derive would put on the type parameters.
macro_rules! marker_traits {
    ($($name:ident, $third:ident;)*) => {$(
        impl<R, P, $third> Clone for $name<R, P, $third> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<R, P, $third> Copy for $name<R, P, $third> {}

        impl<R, P, $third> std::fmt::Debug for $name<R, P, $third> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )*};
}

marker_traits! {
    Column, T;
    ForeignKey, K;
    Reverse, K;
}

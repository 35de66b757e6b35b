//! Reading many columns of a row with one call that can fail, which the compiler checks faster than a call for each.

use crate::Result;
use crate::engine::{Decode, RowRef};
use crate::sql_type::SqlType;

/// A tuple of values that stand side by side in a row.
pub trait Columns: Sized {
    /// Reads them, the first at position `start`.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Decode`] if a value does not have its column's type.
    fn read(row: &RowRef<'_>, start: usize) -> Result<Self>;
}

/// Reads columns that stand side by side.
///
/// # Errors
///
/// [`crate::Error::Decode`] if a value does not have its column's type.
pub fn read<C: Columns>(row: &RowRef<'_>, start: usize) -> Result<C> {
    C::read(row, start)
}

/// A decimal with all the digits of its column's scale, null or not.
pub fn scaled<T: SqlType>(value: T, scale: u8) -> T {
    value.scaled(scale)
}

/// Writes the impl for a tuple of these, and before it those for all shorter ones.
macro_rules! tuples {
    ([$($name:ident $position:tt),*]) => {};
    ([$($name:ident $position:tt),*] $next:ident $at:tt $($rest:tt)*) => {
        impl<$($name: Decode,)* $next: Decode> Columns for ($($name,)* $next,) {
            fn read(row: &RowRef<'_>, start: usize) -> Result<Self> {
                Ok(($(row.get(start + $position)?,)* row.get(start + $at)?,))
            }
        }

        tuples!([$($name $position,)* $next $at] $($rest)*);
    };
}

tuples!([] A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14 P 15);

//! Primary keys as Rust values: a plain value, or a tuple for a key of several columns.

use crate::engine::RowRef;
use crate::sql_type::PlainType;
use crate::value::FromValue;
use crate::{Result, Value};

/// A primary key of one or several columns.
pub trait PrimaryKey: Clone + Send + Sync + 'static {
    /// The values of its columns, in order.
    fn into_values(self) -> Vec<Value>;

    /// The key with these values.
    ///
    /// # Errors
    ///
    /// A sentence that says what was expected and what was found.
    fn from_values(values: Vec<Value>) -> Result<Self, String>;

    /// Reads a key whose first column is at position `start`.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Decode`] if a value has another type.
    fn decode(row: &RowRef<'_>, start: usize) -> Result<Self>;
}

impl<T: PlainType + FromValue> PrimaryKey for T {
    fn into_values(self) -> Vec<Value> {
        vec![self.into()]
    }

    fn from_values(values: Vec<Value>) -> Result<Self, String> {
        T::from_value(values.into_iter().next().unwrap_or(Value::Null))
    }

    fn decode(row: &RowRef<'_>, start: usize) -> Result<Self> {
        T::decode(row, start)
    }
}

/// Writes the impl for a key of several columns.
macro_rules! tuple_key {
    ($($name:ident $position:tt),+) => {
        impl<$($name: PlainType + FromValue),+> PrimaryKey for ($($name,)+) {
            fn into_values(self) -> Vec<Value> {
                vec![$(self.$position.into()),+]
            }

            fn from_values(values: Vec<Value>) -> Result<Self, String> {
                let mut values = values.into_iter();
                Ok(($($name::from_value(values.next().unwrap_or(Value::Null))?,)+))
            }

            fn decode(row: &RowRef<'_>, start: usize) -> Result<Self> {
                Ok(($($name::decode(row, start + $position)?,)+))
            }
        }
    };
}

tuple_key!(A 0, B 1);
tuple_key!(A 0, B 1, C 2);
tuple_key!(A 0, B 1, C 2, D 3);
tuple_key!(A 0, B 1, C 2, D 3, E 4);
tuple_key!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple_key!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple_key!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

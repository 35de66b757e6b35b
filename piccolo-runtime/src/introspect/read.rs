//! Reading a shape, whatever the engine.

use super::{Options, Shape};
#[cfg(not(all(feature = "sqlite", feature = "postgres")))]
use crate::Error;
use crate::sql::Dialect;
use crate::{Exec, Result};

/// Reads the shape of the database that this engine or transaction is connected to: of SQLite's main database, or of the Postgres
/// schemas that the options name.
///
/// Postgres writes definitions with the names that the search path makes necessary, so they are read with a search path that
/// holds the connection's own schema alone, inside a transaction that is rolled back.
///
/// # Errors
///
/// What the database says.
pub async fn read<'e>(db: impl Into<Exec<'e>>, options: &Options) -> Result<Shape> {
    let db = db.into();
    let mut shape = match db.dialect() {
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => super::sqlite::read(db).await?,
        #[cfg(feature = "postgres")]
        Dialect::Postgres => super::postgres::read(db, options).await?,
        #[cfg(not(feature = "sqlite"))]
        Dialect::Sqlite => return Err(absent(Dialect::Sqlite)),
        #[cfg(not(feature = "postgres"))]
        Dialect::Postgres => return Err(absent(Dialect::Postgres)),
    };
    options.restrict(&mut shape);
    shape.sort();
    Ok(shape)
}

/// Why an engine that is not compiled in cannot be read. Nobody can be connected to one, but the compiler does not know.
#[cfg(not(all(feature = "sqlite", feature = "postgres")))]
fn absent(dialect: Dialect) -> Error {
    Error::Unsupported { engine: dialect.name(), feature: "the engine is not compiled in".to_owned() }
}

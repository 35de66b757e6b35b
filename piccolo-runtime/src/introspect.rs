//! The shape of a live database, read into a plain value that can be compared.
//!
//! A [`Shape`] says what a database holds, names included: also what the schema language cannot say (views, triggers, generated
//! columns, exclusion constraints …), so that nothing changes unnoticed. Two shapes are compared by [`differences`], which
//! ignores the order of columns and constraints, as equality between databases does. [`Shape::to_text`] is its canonical text, for the
//! migrations' journal and for tests, and [`Shape::parse`] reads it back.
//!
//! | Module | Represents |
//! |---|---|
//! | [`shape`](Shape) | the value |
//! | [`difference`](differences) | what differs, in sentences |
//! | `carried` | what a migration would have left if nobody had changed anything by hand |
//! | `node`, `text` | a shape as a tree of words, which is what is compared and written |
//! | `sqlite` | SQLite: pragmas, and the definitions in `sqlite_schema`, where alone constraints have names |
//! | `postgres` | Postgres: one query of the catalog for each kind of thing |
//!
//! Every text is in the server's own normal form, or, on SQLite, which keeps what was typed, in ours: without comments, white space
//! collapsed, quotes only where they are needed. So a definition that the engine rewrote (for a rename, say) reads the same as one
//! that was typed so.

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod carried;
mod difference;
mod node;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod options;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod read;
mod shape;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;
mod text;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) use carried::carried;
pub use difference::{Change, Difference, differences};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) use options::JOURNAL;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use options::Options;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use read::read;
pub use shape::{
    CheckShape, ColumnShape, Deferral, EnumShape, ForeignKeyShape, Generated, Identity, IndexKeyShape, IndexShape,
    KeyShape, ObjectKind, ObjectShape, OtherConstraint, SequenceShape, Shape, Sorted, TableShape,
};
pub use text::ParseError;

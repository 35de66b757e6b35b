//! The schema model: what a `.piccolo` file means, as plain values.
//!
//! It is the vocabulary that everything else speaks: the parser lowers to it, the differ compares two of
//! it, the DDL writer spells it, generated code carries it as `static` data and the query layer reads
//! names and types from it. It holds no SQL (but for the texts a user wrote inside `sql("…")` and
//! `check("…")`) and no Rust spelling.
//!
//! | Type | Represents |
//! |---|---|
//! | [`Schema`] | all tables and enums of an application |
//! | [`Table`] | one table with its columns and constraints |
//! | [`Column`], [`ColumnType`], [`Default`](enum@Default) | one column |
//! | [`PrimaryKey`], [`Unique`], [`Check`], [`ForeignKey`] | the constraints of a table, all named |
//! | [`Index`], [`IndexKey`], [`IndexMethod`] | an index |
//! | [`Enum`], [`EnumValue`] | an enumerated type |
//! | [`Conversion`] | whether the rows survive a change of type |
//!
//! Every collection is a [`List`] and every text a [`Text`], which are `Cow`s, so that the same types are owned
//! values in the generator and `static`s in generated code.
//!
//! **References inside a schema are by database name**: a constraint lists the `sql_name`s of its columns, a
//! foreign key the [`QualifiedName`] of its target. The name in the schema language ([`Table::name`],
//! [`Column::name`]) serves the printer and the generator alone, so renaming it while the database name
//! stays changes nothing in the database.

mod column;
mod column_type;
mod constraint;
mod conversion;
mod default;
mod enumeration;
mod index;
pub mod naming;
mod table;

use std::borrow::Cow;

pub use column::Column;
pub use column_type::{ColumnType, ElementType};
pub use constraint::{Check, ForeignKey, ForeignKeyAction, ForeignKeyRole, PrimaryKey, Unique};
pub use conversion::Conversion;
pub use default::Default;
pub use enumeration::{Enum, EnumValue};
pub use index::{Index, IndexKey, IndexKeyKind, IndexMethod};
pub use table::{QualifiedName, Table};

/// A text of the model: borrowed in generated code, owned in the generator.
pub type Text = Cow<'static, str>;

/// A list of the model: borrowed in generated code, owned in the generator. Its order is the declared order.
pub type List<T> = Cow<'static, [T]>;

/// All tables and enums of an application, in declared order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Schema {
    /// The enumerated types.
    pub enums: List<Enum>,
    /// The tables.
    pub tables: List<Table>,
}

impl Schema {
    /// A schema with nothing in it, which is what the first migration is planned against.
    pub const EMPTY: Self = Self { enums: Cow::Borrowed(&[]), tables: Cow::Borrowed(&[]) };

    /// The table with this database name.
    #[must_use]
    pub fn table(&self, sql_name: &QualifiedName) -> Option<&Table> {
        self.tables.iter().find(|table| table.sql_name == *sql_name)
    }

    /// The table that the schema language calls `name`.
    #[must_use]
    pub fn table_named(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The enum with this database name.
    #[must_use]
    pub fn enumeration(&self, sql_name: &QualifiedName) -> Option<&Enum> {
        self.enums.iter().find(|candidate| candidate.sql_name == *sql_name)
    }
}

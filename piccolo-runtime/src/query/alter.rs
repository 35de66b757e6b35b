//! Altering a table at run time.

mod change;
mod live;
mod postgres;
mod run;
#[cfg(feature = "sqlite")]
mod sqlite;
mod state;
mod step;
mod types;

use std::marker::PhantomData;

use self::change::Change;
pub use self::change::{AlterColumn, ColumnName, Constraint};
pub(super) use self::live::{described, live_shape, no_such_table, position_of};
pub(super) use self::state::State;
use super::run::{Query, Runner, runs};
use super::show::DISPLAYED;
use crate::schema::{Column, ColumnType, Default};
use crate::sql::Dialect;
use crate::table::{Table, TableMeta};
use crate::{Error, Result};

/// Changes of a table's definition, made by `Band::alter()`. However many are chained, all of them happen or none.
///
/// ```
/// # use piccolo_guide::prelude::*;
/// # use piccolo_runtime::schema::{Column, ColumnType};
/// # example(async |db| {
/// Band::alter().rename_column(Band.popularity, "rating").set_null(Band.name, true).run(&db).await?;
/// Band::alter().add_column(Column::new("members", ColumnType::Integer).null()).run(&db).await?;
/// # Ok(()) });
/// ```
///
/// They are meant to be used by migrations and tools: the generated code still speaks of the table as the schema describes it. So
/// the *live* table is what is altered, which may have columns that the schema does not know; they are given by name.
///
/// # What the engines do
///
/// On Postgres each change is an `ALTER TABLE`. SQLite alters some things in place (which ones depends on its version, which is asked);
/// for the rest the table is made anew with its rows, under the same guard as in migrations: rows of other tables that point to it,
/// indexes, triggers, views and the mark of AUTOINCREMENT are kept, and nothing is committed that lost a row or broke a key.
///
/// To make a table anew, foreign keys have to be suspended, which SQLite does outside of transactions only. So inside one, such a change is
/// [`Error::Unsupported`] where rows of any table point to this one; run it on the engine then.
///
/// # What is never done
///
/// A value is never cut or rounded: rows that do not fit a new type make the whole fail with [`Error::InvalidValue`]. What Postgres
/// drops along with a column (its indexes, the constraints that mention it) is dropped on SQLite too; what other tables' foreign keys
/// need is dropped on neither. Constraints and indexes keep their names when a column or the table is renamed.
#[must_use = "an alteration does nothing until it is run"]
pub struct Alter<R> {
    pub(super) plan: Plan,
    marker: PhantomData<fn() -> R>,
}

/// What an [`Alter`] will do, without its Rust type.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    meta: &'static TableMeta,
    changes: Vec<Change>,
}

impl<R: Table> Alter<R> {
    /// An alteration that changes nothing yet.
    pub const fn new() -> Self {
        Self { plan: Plan { meta: R::META, changes: Vec::new() }, marker: PhantomData }
    }

    fn and(mut self, change: Change) -> Self {
        self.plan.changes.push(change);
        self
    }

    /// Adds a column. Rows that exist get its default, or null; a column that takes no nulls and has no default can be added to an empty
    /// table only ([`Error::NotNullViolation`] otherwise).
    ///
    /// ```
    /// use piccolo_runtime::schema::{Column, ColumnType};
    ///
    /// let members = Column::new("members", ColumnType::Integer).with_default(4);
    /// let label = Column::new("label", ColumnType::Varchar { length: 50 }).null();
    /// # assert!(label.null && !members.null);
    /// ```
    pub fn add_column(self, column: Column) -> Self {
        self.and(Change::AddColumn(column))
    }

    /// Drops a column with its values, its indexes and the constraints that mention it. The last column and those of the primary key cannot
    /// be dropped.
    pub fn drop_column(self, column: impl AlterColumn<R>) -> Self {
        self.and(Change::DropColumn(column.column_name()))
    }

    /// Drops the table with its rows. Nothing can follow.
    pub fn drop_table(self) -> Self {
        self.and(Change::DropTable { if_exists: false })
    }

    /// Drops the table with its rows, if it exists. Nothing can follow.
    pub fn drop_table_if_exists(self) -> Self {
        self.and(Change::DropTable { if_exists: true })
    }

    /// Gives a column another name.
    pub fn rename_column(self, column: impl AlterColumn<R>, to: impl Into<String>) -> Self {
        self.and(Change::RenameColumn { column: column.column_name(), to: to.into() })
    }

    /// Gives the table another name. Foreign keys of other tables follow it.
    pub fn rename_table(self, to: impl Into<String>) -> Self {
        self.and(Change::RenameTable(to.into()))
    }

    /// Moves the table into another Postgres schema, which must exist. SQLite has none ([`Error::Unsupported`]).
    pub fn set_schema(self, schema: impl Into<String>) -> Self {
        self.and(Change::SetSchema(schema.into()))
    }

    /// Whether a column takes nulls. Nulls that are there keep it from taking none ([`Error::NotNullViolation`]).
    pub fn set_null(self, column: impl AlterColumn<R>, null: bool) -> Self {
        self.and(Change::SetNull { column: column.column_name(), null })
    }

    /// Whether a column refuses duplicates. Duplicates that are there keep it from doing so ([`Error::UniqueViolation`]). Without it, every
    /// unique constraint and unconditional unique index over this column alone goes.
    pub fn set_unique(self, column: impl AlterColumn<R>, unique: bool) -> Self {
        self.and(Change::SetUnique { column: column.column_name(), unique })
    }

    /// What a row gets in this column when an insert names no value. (Inserts of generated code name the defaults of the schema.)
    ///
    /// ```
    /// # use piccolo_guide::prelude::*;
    /// # use piccolo_runtime::schema::{self, Column, ColumnType};
    /// # example(async |db| {
    /// # Band::alter().add_column(Column::new("founded", ColumnType::Date).null()).run(&db).await?;
    /// Band::alter().set_default(Band.popularity, 10).run(&db).await?;
    /// Band::alter().set_default("founded", schema::Default::Today).run(&db).await?;
    /// # Ok(()) });
    /// ```
    pub fn set_default(self, column: impl AlterColumn<R>, default: impl Into<Default>) -> Self {
        self.and(Change::SetDefault { column: column.column_name(), default: default.into() })
    }

    /// Takes a column's default away.
    pub fn drop_default(self, column: impl AlterColumn<R>) -> Self {
        self.and(Change::DropDefault(column.column_name()))
    }

    /// Gives a column another type. Values are converted where that loses nothing; one that does not fit makes the whole fail
    /// ([`Error::InvalidValue`]). Where there is no such conversion, [`Self::set_column_type_using`] takes one.
    pub fn set_column_type(self, column: impl AlterColumn<R>, ty: ColumnType) -> Self {
        self.and(Change::SetType { column: column.column_name(), ty, using: None })
    }

    /// Gives a column another type, and its values from an SQL expression over the old columns. What the expression gives must fit the new
    /// type.
    ///
    /// ```
    /// # use piccolo_guide::prelude::*;
    /// # use piccolo_runtime::schema::ColumnType;
    /// # example(async |db| {
    /// Band::alter().set_column_type_using(Band.name, ColumnType::Integer, "length(name)").run(&db).await?;
    /// # Ok(()) });
    /// ```
    pub fn set_column_type_using(
        self,
        column: impl AlterColumn<R>,
        ty: ColumnType,
        expression: impl Into<String>,
    ) -> Self {
        self.and(Change::SetType { column: column.column_name(), ty, using: Some(expression.into()) })
    }

    /// Gives a `Varchar` another length, in characters. Texts that are longer make the whole fail ([`Error::InvalidValue`]).
    pub fn set_length(self, column: impl AlterColumn<R>, length: u32) -> Self {
        self.and(Change::SetLength { column: column.column_name(), length })
    }

    /// Adds a constraint. Rows that break it make the whole fail with the same error that an insert would give.
    ///
    /// ```
    /// use piccolo_runtime::schema::{Check, ForeignKey, ForeignKeyAction, Unique};
    ///
    /// let unique = Unique::on(["name", "manager"]);
    /// let check = Check::new("popularity >= 0").named("band_is_popular");
    /// let key = ForeignKey::new(["manager"], "manager", ["id"]).on_delete(ForeignKeyAction::Cascade);
    /// # assert!(unique.name.is_empty() && key.name.is_empty() && check.name == "band_is_popular");
    /// ```
    ///
    /// Without a name it gets the one that the schema language would give it.
    pub fn add_constraint(self, constraint: impl Into<Constraint>) -> Self {
        self.and(Change::AddConstraint(constraint.into()))
    }

    /// Drops the constraint of this name: a unique constraint, a check or a foreign key.
    pub fn drop_constraint(self, name: impl Into<String>) -> Self {
        self.and(Change::DropConstraint(name.into()))
    }

    /// The statements for a table that is as the schema describes it. (A live table may take others: it may differ, and so may the
    /// version of SQLite.) On SQLite a rebuild stands between the statements that suspend foreign keys.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the alteration as built, such as [`Error::UnknownColumn`], and [`Error::Unsupported`] for what the engine lacks.
    pub fn sql(&self, dialect: Dialect) -> Result<Vec<String>> {
        self.plan.sql(dialect)
    }
}

impl<R: Table> std::default::Default for Alter<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R> Clone for Alter<R> {
    fn clone(&self) -> Self {
        Self { plan: self.plan.clone(), marker: PhantomData }
    }
}

impl<R> std::fmt::Debug for Alter<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.plan.fmt(f)
    }
}

impl<R> std::fmt::Display for Alter<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        super::tables::show(f, self.plan.sql(DISPLAYED))
    }
}

impl<R: Table> Query for Alter<R> {
    type Output = ();

    fn execute(self, runner: Runner<'_>) -> impl Future<Output = Result<()>> + Send {
        let plan = self.plan;
        async move { runner.through(|exec| Box::pin(async move { plan.run(exec).await })).await }
    }
}

runs!([R: Table] Alter<R> => ());

/// A call that makes no sense, in a sentence.
fn usage(message: impl Into<String>) -> Error {
    Error::Usage { message: message.into() }
}

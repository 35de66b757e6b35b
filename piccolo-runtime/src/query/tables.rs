//! Creating and dropping tables.

use std::borrow::Cow;

use super::alter::{live_shape, position_of};
use super::run::{Query, Runner, runs};
use super::show::DISPLAYED;
use crate::introspect::{ForeignKeyShape, Shape};
use crate::schema::{Enum, ForeignKey, ForeignKeyAction, PrimaryKey, Schema, Table};
use crate::sql::{Dialect, qualified};
use crate::table::TableMeta;
use crate::{Connection, Error, Exec, Result, ddl, rebuild};

/// Creates tables, with their indexes, and on Postgres the enums that they use (an enum that exists is left as it is).
///
/// Targets of foreign keys are created first, whatever the order given. All of it happens or nothing.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct CreateTables {
    tables: Vec<Cow<'static, Table>>,
    enums: Vec<&'static Enum>,
    if_not_exists: bool,
}

/// Creates these tables. See [`CreateTables`].
///
/// ```
/// # use piccolo_guide::prelude::*;
/// # use piccolo_runtime::query::create_tables;
/// # empty(async |db| {
/// create_tables([Concert::META, Band::META, Manager::META, Venue::META]).run(&db).await?;
/// # Ok(()) });
/// ```
pub fn create_tables(tables: impl IntoIterator<Item = &'static TableMeta>) -> CreateTables {
    let mut create = CreateTables { tables: Vec::new(), enums: Vec::new(), if_not_exists: false };
    for meta in tables {
        create.tables.push(Cow::Borrowed(meta.table()));
        for enumeration in meta.enums() {
            if !create.enums.iter().any(|known| known.sql_name == enumeration.sql_name) {
                create.enums.push(enumeration);
            }
        }
    }
    create
}

impl CreateTables {
    /// Creates this table.
    pub fn one(meta: &'static TableMeta) -> Self {
        create_tables([meta])
    }

    /// Creates this table with nothing but its primary key, because the engines ask for a column.
    pub fn key_alone(meta: &'static TableMeta) -> Self {
        let table = meta.table();
        let is_key = |name: &Cow<'static, str>| table.primary_key.columns.contains(name);
        let columns = table.columns.iter().filter(|column| is_key(&column.sql_name)).cloned().collect();
        let bare = Table {
            name: table.name.clone(),
            sql_name: table.sql_name.clone(),
            doc: table.doc.clone(),
            columns,
            primary_key: PrimaryKey { ..table.primary_key.clone() },
            uniques: Cow::Borrowed(&[]),
            checks: Cow::Borrowed(&[]),
            indexes: Cow::Borrowed(&[]),
            foreign_keys: Cow::Borrowed(&[]),
        };
        Self { tables: vec![Cow::Owned(bare)], ..create_tables([meta]) }
    }

    /// Leaves tables that exist as they are.
    pub fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }

    /// The statements in a dialect.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Unsupported`] for what the engine cannot hold.
    pub fn sql(&self, dialect: Dialect) -> Result<Vec<String>> {
        let tables: Vec<&Table> = self.tables.iter().map(AsRef::as_ref).collect();
        let schema = Schema {
            enums: self.enums.iter().copied().cloned().collect(),
            tables: tables.iter().copied().cloned().collect(),
        };
        let mut statements = ddl::create_namespaces(&schema, dialect);
        statements
            .extend(self.enums.iter().flat_map(|enumeration| ddl::create_enum_if_not_exists(enumeration, dialect)));
        statements.extend(ddl::create_tables(&tables, self.enums.as_slice(), self.if_not_exists, dialect)?);
        Ok(statements)
    }
}

impl Query for CreateTables {
    type Output = ();

    async fn execute(self, runner: Runner<'_>) -> Result<()> {
        runner.execute_batch(&self.sql(runner.dialect())?).await
    }
}

runs!([] CreateTables => ());

/// Drops tables with their rows, those that point to others first, in one go. Enums stay.
///
/// A table that one outside the list points to is not dropped: that is [`Error::ForeignKeyViolation`] with the name of its key.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct DropTables {
    tables: Vec<&'static Table>,
    if_exists: bool,
}

/// Drops these tables. See [`DropTables`].
pub fn drop_tables(tables: impl IntoIterator<Item = &'static TableMeta>) -> DropTables {
    DropTables { tables: tables.into_iter().map(TableMeta::table).collect(), if_exists: false }
}

impl DropTables {
    /// Drops this table.
    pub fn one(meta: &'static TableMeta) -> Self {
        drop_tables([meta])
    }

    /// Leaves alone what does not exist.
    pub const fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    /// The statements in a dialect. (On SQLite, foreign keys have to be suspended around them where those of the tables form a circle.)
    #[must_use]
    pub fn sql(&self, dialect: Dialect) -> Vec<String> {
        if !self.if_exists {
            let tables = self.tables.iter().copied().cloned().collect();
            return ddl::drop_schema(&Schema { enums: Cow::Borrowed(&[]), tables }, dialect);
        }
        let order = ddl::creation_order(&self.tables);
        let names = order.tables.iter().rev().map(|table| &table.sql_name);
        match dialect {
            Dialect::Sqlite => names.map(|name| ddl::drop_table_if_exists(name, dialect)).collect(),
            // One statement may drop a circle of keys.
            Dialect::Postgres => {
                let names: Vec<String> = names.map(|name| qualified(name, dialect)).collect();
                if names.is_empty() { Vec::new() } else { vec![format!("DROP TABLE IF EXISTS {}", names.join(", "))] }
            }
        }
    }

    /// Drops them. A table that others point to stays, on both engines: SQLite alone would delete the rows of those that cascade.
    pub(super) async fn run_on(self, exec: Exec<'_>) -> Result<()> {
        self.check_not_referred_to(&live_shape(exec).await?)?;
        let statements = self.sql(exec.dialect());
        if exec.dialect() == Dialect::Postgres || !self.has_circle() {
            return exec.execute_batch(&statements).await;
        }
        // SQLite deletes the rows before it drops their table, and those of a circle point to each other.
        let suspended = async |connection: &Connection| {
            let work = async || connection.exec().execute_batch(&statements).await;
            Box::pin(rebuild::suspended(connection, work)).await
        };
        match exec {
            Exec::Engine(engine) => suspended(&engine.dedicated().await?).await,
            Exec::Connection(connection) => suspended(connection).await,
            Exec::Transaction(_) => {
                let pragma = |on: &str| format!("PRAGMA defer_foreign_keys = {on}");
                let statements: Vec<String> =
                    [pragma("ON")].into_iter().chain(statements).chain([pragma("OFF")]).collect();
                exec.execute_batch(&statements).await
            }
        }
    }

    /// Whether a row of one of the tables may keep another of them from being dropped, whatever the order.
    fn has_circle(&self) -> bool {
        let restricts_itself = |table: &&Table| {
            let own = |key: &ForeignKey| key.target == table.sql_name && key.on_delete == ForeignKeyAction::Restrict;
            table.foreign_keys.iter().any(own)
        };
        !ddl::creation_order(&self.tables).deferred.is_empty() || self.tables.iter().any(restricts_itself)
    }

    fn check_not_referred_to(&self, shape: &Shape) -> Result<()> {
        let gone: Vec<usize> = self.tables.iter().filter_map(|table| position_of(shape, &table.sql_name)).collect();
        let stays = shape.tables.iter().enumerate().filter(|(position, _)| !gone.contains(position));
        for (_, table) in stays {
            let refers = |key: &&ForeignKeyShape| position_of(shape, &key.target).is_some_and(|at| gone.contains(&at));
            if let Some(key) = table.foreign_keys.iter().find(refers) {
                return Err(Error::ForeignKeyViolation {
                    table: Some(table.name.name.to_string()),
                    constraint: key.name.clone(),
                    pointed_to: Some(key.target.name.to_string()),
                    dropped: true,
                });
            }
        }
        Ok(())
    }
}

impl Query for DropTables {
    type Output = ();

    async fn execute(self, runner: Runner<'_>) -> Result<()> {
        runner.through(|exec| Box::pin(self.run_on(exec))).await
    }
}

runs!([] DropTables => ());

/// Writes statements, or why there are none.
pub(super) fn show(f: &mut std::fmt::Formatter<'_>, statements: Result<Vec<String>>) -> std::fmt::Result {
    match statements {
        Ok(statements) => f.write_str(&statements.join(";\n")),
        Err(error) => write!(f, "-- {error}"),
    }
}

impl std::fmt::Display for CreateTables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        show(f, self.sql(DISPLAYED))
    }
}

impl std::fmt::Display for DropTables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        show(f, Ok(self.sql(DISPLAYED)))
    }
}

//! Creating and dropping tables.

use std::borrow::Cow;

use super::run::{Query, Runner, runs};
use crate::schema::{Enum, PrimaryKey, QualifiedName, Schema, Table};
use crate::sql::Dialect;
use crate::table::TableMeta;
use crate::{Result, ddl};

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
/// ```text
/// create_tables([Concert::META, Band::META, Manager::META, Venue::META]).run(&db).await?;
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

/// Drops tables with their rows, those that point to others first. Enums stay.
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

    /// The statements in a dialect.
    #[must_use]
    pub fn sql(&self, dialect: Dialect) -> Vec<String> {
        if let ([table], true) = (self.tables.as_slice(), self.if_exists) {
            return vec![ddl::drop_table_if_exists(&table.sql_name, dialect)];
        }
        if !self.if_exists {
            let tables = self.tables.iter().copied().cloned().collect();
            return ddl::drop_schema(&Schema { enums: Cow::Borrowed(&[]), tables }, dialect);
        }
        let order = ddl::creation_order(&self.tables);
        let names: Vec<&QualifiedName> = order.tables.iter().rev().map(|table| &table.sql_name).collect();
        names.into_iter().map(|name| ddl::drop_table_if_exists(name, dialect)).collect()
    }
}

impl Query for DropTables {
    type Output = ();

    async fn execute(self, runner: Runner<'_>) -> Result<()> {
        runner.execute_batch(&self.sql(runner.dialect())).await
    }
}

runs!([] DropTables => ());

/// Writes `Display` as the statements in the dialect that `Display` of a query has.
macro_rules! shows_statements {
    ($($builder:ty => $statements:expr;)*) => {$(
        impl std::fmt::Display for $builder {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let statements: fn(&$builder) -> Result<Vec<String>> = $statements;
                match statements(self) {
                    Ok(statements) => f.write_str(&statements.join(";\n")),
                    Err(error) => write!(f, "-- {error}"),
                }
            }
        }
    )*};
}

shows_statements! {
    CreateTables => |create| create.sql(super::show::DISPLAYED);
    DropTables => |drop| Ok(drop.sql(super::show::DISPLAYED));
}

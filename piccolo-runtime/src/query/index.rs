//! Indexes at run time.

mod drop;
mod keys;

pub use drop::DropIndex;
use keys::IndexPart;
pub use keys::{IndexKeys, IndexTarget};

use super::alter::{State, described, live_shape, no_such_table};
use super::run::{Query, Runner, runs};
use super::show::DISPLAYED;
use crate::ddl::{self, create_index_statement};
use crate::introspect::IndexShape;
use crate::schema::{Index, IndexKey, IndexKeyKind, IndexMethod, List, naming};
use crate::sql::Dialect;
use crate::table::{Table, TableMeta};
use crate::{Error, Exec, Result};

/// Creates an index: `Band::create_index((Band.popularity.desc(), Band.name))`.
///
/// Without a name it gets the one that the schema language would give it: `band_popularity_name_idx`.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct CreateIndex {
    meta: &'static TableMeta,
    keys: Vec<IndexPart>,
    name: Option<String>,
    unique: bool,
    method: Option<IndexMethod>,
    predicate: Option<String>,
    if_not_exists: bool,
}

impl CreateIndex {
    /// An index of this table by these columns.
    pub fn new<R: Table>(keys: impl IndexKeys<R>) -> Self {
        let mut parts = Vec::new();
        keys.add_to(&mut parts);
        Self {
            meta: R::META,
            keys: parts,
            name: None,
            unique: false,
            method: None,
            predicate: None,
            if_not_exists: false,
        }
    }

    /// Sorts by the value of an SQL expression as well: `lower(name)`.
    pub fn expression(mut self, sql: impl Into<String>) -> Self {
        self.keys.push(IndexPart::expression(sql.into()));
        self
    }

    /// Gives it this name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Lets it refuse duplicates.
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Another method than a B-tree. SQLite has no other ([`Error::Unsupported`]).
    pub const fn method(mut self, method: IndexMethod) -> Self {
        self.method = Some(method);
        self
    }

    /// Only rows for which this SQL condition holds are indexed.
    pub fn where_sql(mut self, condition: impl Into<String>) -> Self {
        self.predicate = Some(condition.into());
        self
    }

    /// Leaves an index of the same name as it is.
    pub const fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }

    /// The statement, for a table that is as the schema describes it.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], and [`Error::Unsupported`] for a method that the engine lacks.
    pub fn sql(&self, dialect: Dialect) -> Result<String> {
        self.statement(&of_schema(self.meta, dialect)?, dialect)
    }

    fn statement(&self, state: &State, dialect: Dialect) -> Result<String> {
        let index = self.index(state)?;
        let options = ddl::CreateIndex { if_not_exists: self.if_not_exists, concurrently: false };
        Ok(create_index_statement(state.name(), &index, options, dialect)?)
    }

    /// The index of the model, for the table as it is.
    fn index(&self, state: &State) -> Result<Index> {
        let keys = self.keys.iter().map(|part| part.key(state)).collect::<Result<Vec<IndexKey>>>()?;
        if keys.is_empty() {
            return Err(Error::Usage { message: format!("an index of `{}` needs a column", state.name()) });
        }
        let name = match &self.name {
            Some(name) if name.is_empty() || name.len() > naming::MAX_BYTES => {
                return Err(Error::Usage { message: format!("`{name}` is no name for an index") });
            }
            Some(name) => name.clone(),
            None => default_name(&state.name().name, &keys, self.unique),
        };
        Ok(Index {
            name: name.into(),
            unique: self.unique,
            keys: keys.into(),
            method: self.method,
            predicate: self.predicate.clone().map(Into::into),
        })
    }

    async fn run_on(self, exec: Exec<'_>) -> Result<()> {
        let dialect = exec.dialect();
        // What the engine lacks is told before anything is asked of it.
        let bare =
            Index { name: "".into(), unique: false, keys: List::Borrowed(&[]), method: self.method, predicate: None };
        ddl::create_index(&self.meta.table().sql_name, &bare, dialect)?;
        let state = live(self.meta, exec).await?;
        let name = self.index(&state)?.name;
        if !self.if_not_exists && state.is_taken(&name) {
            let message = format!("`{}` cannot get an index `{name}`, because that name exists already", state.name());
            return Err(Error::Usage { message });
        }
        exec.execute_batch(&[self.statement(&state, dialect)?]).await
    }
}

impl Query for CreateIndex {
    type Output = ();

    async fn execute(self, runner: Runner<'_>) -> Result<()> {
        runner.through(|exec| Box::pin(self.run_on(exec))).await
    }
}

runs!([] CreateIndex => ());

impl std::fmt::Display for CreateIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        super::tables::show(f, self.sql(DISPLAYED).map(|sql| vec![sql]))
    }
}

/// Lists the indexes of a table, by name. (The keys and unique constraints of a table are not among them.)
#[derive(Clone, Copy, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct Indexes {
    meta: &'static TableMeta,
}

impl Indexes {
    /// The indexes of this table.
    pub const fn of(meta: &'static TableMeta) -> Self {
        Self { meta }
    }

    async fn run_on(self, exec: Exec<'_>) -> Result<Vec<IndexShape>> {
        live(self.meta, exec).await.map(|state| state.indexes().to_vec())
    }
}

impl Query for Indexes {
    type Output = Vec<IndexShape>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<IndexShape>> {
        runner.through(|exec| Box::pin(self.run_on(exec))).await
    }
}

runs!([] Indexes => Vec<IndexShape>);

/// The name that the schema language would give an index.
fn default_name(table: &str, keys: &[IndexKey], unique: bool) -> String {
    let part = |key: &IndexKey| match &key.kind {
        IndexKeyKind::Column(column) => column.to_string(),
        IndexKeyKind::Sql(expression) => naming::expression_part(expression),
    };
    let parts: Vec<String> = keys.iter().map(part).collect();
    if unique { naming::unique(table, &parts) } else { naming::index(table, &parts) }
}

/// The table as it is.
async fn live(meta: &'static TableMeta, exec: Exec<'_>) -> Result<State> {
    let name = &meta.table().sql_name;
    State::of(meta, name, live_shape(exec).await?).ok_or_else(|| no_such_table(name))
}

/// The table as the schema describes it.
fn of_schema(meta: &'static TableMeta, dialect: Dialect) -> Result<State> {
    let table = meta.table();
    State::of(meta, &table.sql_name, described(table, dialect)).ok_or_else(|| no_such_table(&table.sql_name))
}

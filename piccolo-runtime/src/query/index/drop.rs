//! Dropping an index at run time.

use super::keys::{IndexTarget, Target};
use super::{default_name, live, of_schema};
use crate::ddl;
use crate::introspect::{IndexShape, Sorted};
use crate::nearest::nearest;
use crate::query::alter::State;
use crate::query::run::{Query, Runner, runs};
use crate::query::show::DISPLAYED;
use crate::schema::{IndexKey, IndexKeyKind};
use crate::sql::Dialect;
use crate::table::{Table, TableMeta};
use crate::{Error, Exec, Result};

/// Drops an index, by its name or by its columns.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct DropIndex {
    meta: &'static TableMeta,
    target: Target,
    if_exists: bool,
}

impl DropIndex {
    /// Drops this index of the table.
    pub fn new<R: Table>(target: impl IndexTarget<R>) -> Self {
        Self { meta: R::META, target: target.target(), if_exists: false }
    }

    /// Does nothing where there is no such index.
    pub const fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    /// The statement, for a table that is as the schema describes it. An index that the schema does not have is called by its name, or
    /// by the default name for its columns.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`].
    pub fn sql(&self, dialect: Dialect) -> Result<String> {
        let state = of_schema(self.meta, dialect)?;
        let name = match (self.find(&state)?, &self.target) {
            (Some(name), _) => name,
            (None, Target::Name(name)) => name.clone(),
            (None, Target::Keys(parts)) => {
                let keys = parts.iter().map(|part| part.key(&state)).collect::<Result<Vec<IndexKey>>>()?;
                default_name(&state.name().name, &keys, false)
            }
        };
        Ok(ddl::drop_index(state.name(), &name, dialect))
    }

    /// The name of the index, where the table has it.
    fn find(&self, state: &State) -> Result<Option<String>> {
        let name = match &self.target {
            Target::Name(name) => state.indexes().iter().find(|index| index.name == *name),
            Target::Keys(parts) => {
                let keys = parts.iter().map(|part| part.key(state)).collect::<Result<Vec<IndexKey>>>()?;
                let fits = |index: &&IndexShape| {
                    index.keys.len() == keys.len() && index.keys.iter().zip(&keys).all(|(one, other)| {
                        matches!((&one.sorted, &other.kind), (Sorted::Column(one), IndexKeyKind::Column(other)) if one == other)
                    })
                };
                // Where several sort by the same columns, the one with the default name is meant.
                let default = default_name(&state.name().name, &keys, false);
                let all = || state.indexes().iter().filter(fits);
                all().find(|index| index.name == default).or_else(|| all().next())
            }
        };
        Ok(name.map(|index| index.name.clone()))
    }

    async fn run_on(self, exec: Exec<'_>) -> Result<()> {
        let state = live(self.meta, exec).await?;
        match self.find(&state)? {
            Some(name) => exec.execute_batch(&[ddl::drop_index(state.name(), &name, exec.dialect())]).await,
            None if self.if_exists => Ok(()),
            None => {
                let names = || state.indexes().iter().map(|index| index.name.as_str());
                let (said, near) = match &self.target {
                    Target::Name(name) => (format!("no index `{name}`"), nearest(name, names())),
                    Target::Keys(_) => ("no index by these columns".to_owned(), names().map(str::to_owned).collect()),
                };
                let hint = if near.is_empty() { String::new() } else { format!("; it has `{}`", near.join("`, `")) };
                Err(Error::Usage { message: format!("`{}` has {said}{hint}", state.name()) })
            }
        }
    }
}

impl Query for DropIndex {
    type Output = ();

    async fn execute(self, runner: Runner<'_>) -> Result<()> {
        runner.through(|exec| Box::pin(self.run_on(exec))).await
    }
}

runs!([] DropIndex => ());

impl std::fmt::Display for DropIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::query::tables::show(f, self.sql(DISPLAYED).map(|sql| vec![sql]))
    }
}

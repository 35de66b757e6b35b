//! Indexes at run time.

use super::alter::{AlterColumn, ColumnName, State, described, live_shape, no_such_table};
use super::order::Order;
use super::run::{Query, Runner, runs};
use super::show::DISPLAYED;
use super::tree::{ColumnRef, Expr};
use crate::column::{Column, ForeignKey};
use crate::ddl::{self, create_index_statement};
use crate::introspect::{IndexShape, Sorted};
use crate::nearest::nearest;
use crate::path::{Key, Root};
use crate::schema::{Index, IndexKey, IndexKeyKind, IndexMethod, List, naming};
use crate::sql::Dialect;
use crate::sql_type::SqlType;
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

/// What an index sorts by, without its Rust type.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub struct IndexPart {
    kind: Part,
    descending: bool,
}

#[derive(Clone, Debug)]
enum Part {
    Column(ColumnName),
    Expression(String),
    Wrong(String),
}

/// What `create_index` takes: a column of the table, `.desc()` of one, the name of one, or several of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of `{R}` that an index can sort by",
    label = "an index of `{R}` cannot sort by this",
    note = "an index sorts by columns of its own table, such as `Band.name` or `Band.popularity.desc()`"
)]
pub trait IndexKeys<R> {
    /// Adds the keys without their Rust types.
    #[doc(hidden)]
    fn push(self, out: &mut Vec<IndexPart>);
}

/// What `drop_index` takes: the index's name, or the columns that it sorts by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither the name of an index of `{R}` nor its columns",
    label = "not an index of `{R}`"
)]
pub trait IndexTarget<R> {
    /// The index without Rust types.
    #[doc(hidden)]
    fn target(self) -> Target;
}

/// An index to be dropped, as it was asked for.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub enum Target {
    /// By its name.
    Name(String),
    /// By what it sorts by.
    Keys(Vec<IndexPart>),
}

impl IndexPart {
    fn column(column: ColumnName) -> Self {
        Self { kind: Part::Column(column), descending: false }
    }

    /// The key of the model, for the table as it is.
    fn key(&self, state: &State) -> Result<IndexKey> {
        let kind = match &self.kind {
            Part::Column(column) => IndexKeyKind::Column(state.column_name(column)?.into()),
            Part::Expression(text) => IndexKeyKind::Sql(text.clone().into()),
            Part::Wrong(message) => return Err(Error::Usage { message: message.clone() }),
        };
        Ok(IndexKey { kind, descending: self.descending })
    }
}

impl<R, T: SqlType> IndexKeys<R> for Column<R, Root, T> {
    fn push(self, out: &mut Vec<IndexPart>) {
        out.push(IndexPart::column(AlterColumn::<R>::column_name(self)));
    }
}

impl<R, K: Key> IndexKeys<R> for ForeignKey<R, Root, K> {
    fn push(self, out: &mut Vec<IndexPart>) {
        out.push(IndexPart::column(AlterColumn::<R>::column_name(self)));
    }
}

impl<R> IndexKeys<R> for Order<R> {
    fn push(self, out: &mut Vec<IndexPart>) {
        let node = self.into_node();
        let kind = if let Expr::Column(ColumnRef { path, column, outer: 0 }) = node.expr
            && path.is_empty()
            && node.nulls.is_none()
        {
            Part::Column(ColumnName::At(column))
        } else {
            let message = "an index sorts by columns of its own table, upwards or downwards; `expression` takes anything else as SQL";
            Part::Wrong(message.to_owned())
        };
        out.push(IndexPart { kind, descending: node.descending });
    }
}

/// The name of a column.
impl<R> IndexKeys<R> for &str {
    fn push(self, out: &mut Vec<IndexPart>) {
        out.push(IndexPart::column(ColumnName::Named(self.to_owned())));
    }
}

/// The name of a column.
impl<R> IndexKeys<R> for String {
    fn push(self, out: &mut Vec<IndexPart>) {
        out.push(IndexPart::column(ColumnName::Named(self)));
    }
}

/// The name of the index.
impl<R> IndexTarget<R> for &str {
    fn target(self) -> Target {
        Target::Name(self.to_owned())
    }
}

/// The name of the index.
impl<R> IndexTarget<R> for String {
    fn target(self) -> Target {
        Target::Name(self)
    }
}

fn keys<R, K: IndexKeys<R>>(keys: K) -> Target {
    let mut out = Vec::new();
    keys.push(&mut out);
    Target::Keys(out)
}

impl<R, T: SqlType> IndexTarget<R> for Column<R, Root, T> {
    fn target(self) -> Target {
        keys::<R, _>(self)
    }
}

impl<R, K: Key> IndexTarget<R> for ForeignKey<R, Root, K> {
    fn target(self) -> Target {
        keys::<R, _>(self)
    }
}

impl<R, K: IndexKeys<R>> IndexKeys<R> for Vec<K> {
    fn push(self, out: &mut Vec<IndexPart>) {
        self.into_iter().for_each(|key| key.push(out));
    }
}

impl<R, K: IndexKeys<R>> IndexTarget<R> for Vec<K> {
    fn target(self) -> Target {
        keys::<R, _>(self)
    }
}

impl<R, K: IndexKeys<R>, const N: usize> IndexKeys<R> for [K; N] {
    fn push(self, out: &mut Vec<IndexPart>) {
        self.into_iter().for_each(|key| key.push(out));
    }
}

impl<R, K: IndexKeys<R>, const N: usize> IndexTarget<R> for [K; N] {
    fn target(self) -> Target {
        keys::<R, _>(self)
    }
}

/// Writes the impls for a tuple of keys.
macro_rules! tuple_keys {
    ($($name:ident),+) => {
        impl<R, $($name: IndexKeys<R>),+> IndexKeys<R> for ($($name,)+) {
            fn push(self, out: &mut Vec<IndexPart>) {
                #[expect(non_snake_case, reason = "the type parameters name the fields of the tuple")]
                let ($($name,)+) = self;
                $($name.push(out);)+
            }
        }

        impl<R, $($name: IndexKeys<R>),+> IndexTarget<R> for ($($name,)+) {
            fn target(self) -> Target {
                keys::<R, _>(self)
            }
        }
    };
}

tuple_keys!(A);
tuple_keys!(A, B);
tuple_keys!(A, B, C);
tuple_keys!(A, B, C, D);
tuple_keys!(A, B, C, D, E);
tuple_keys!(A, B, C, D, E, F);
tuple_keys!(A, B, C, D, E, F, G);
tuple_keys!(A, B, C, D, E, F, G, H);

impl CreateIndex {
    /// An index of this table by these columns.
    pub fn new<R: Table>(keys: impl IndexKeys<R>) -> Self {
        let mut parts = Vec::new();
        keys.push(&mut parts);
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
        self.keys.push(IndexPart { kind: Part::Expression(sql.into()), descending: false });
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
        super::tables::show(f, self.sql(DISPLAYED).map(|sql| vec![sql]))
    }
}

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

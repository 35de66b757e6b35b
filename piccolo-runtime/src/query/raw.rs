//! SQL that the user writes, with bound parameters.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::additive::FromResult;
use super::condition::Predicate;
use super::expression::Expr;
use super::render::Renderer;
use super::run::{Query, Runner, runs};
use super::select::First;
use super::show::{Render, shows_sql};
use super::tree::{self, RawPiece};
use crate::engine::RowRef;
use crate::row::{Row, Shape, ShapeColumn};
use crate::sql_type::SqlType;
use crate::{Error, Exec, Result, Value};

/// The parameters of raw SQL: a tuple of values, an array or a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are not parameters of raw SQL",
    label = "expected a tuple of values, such as `(\"Pythonistas\", 5)`, or `()`"
)]
pub trait Parameters {
    /// The values, in order.
    fn into_values(self) -> Vec<Value>;
}

impl Parameters for () {
    fn into_values(self) -> Vec<Value> {
        Vec::new()
    }
}

impl<T: Into<Value>> Parameters for Vec<T> {
    fn into_values(self) -> Vec<Value> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<Value>, const N: usize> Parameters for [T; N] {
    fn into_values(self) -> Vec<Value> {
        self.into_iter().map(Into::into).collect()
    }
}

/// Writes the impl for a tuple of values.
macro_rules! tuple_parameters {
    ($($name:ident),+) => {
        impl<$($name: Into<Value>),+> Parameters for ($($name,)+) {
            fn into_values(self) -> Vec<Value> {
                #[expect(non_snake_case, reason = "the type parameters name the fields of the tuple")]
                let ($($name,)+) = self;
                vec![$($name.into()),+]
            }
        }
    };
}

tuple_parameters!(A);
tuple_parameters!(A, B);
tuple_parameters!(A, B, C);
tuple_parameters!(A, B, C, D);
tuple_parameters!(A, B, C, D, E);
tuple_parameters!(A, B, C, D, E, F);
tuple_parameters!(A, B, C, D, E, F, G);
tuple_parameters!(A, B, C, D, E, F, G, H);
tuple_parameters!(A, B, C, D, E, F, G, H, I);
tuple_parameters!(A, B, C, D, E, F, G, H, I, J);
tuple_parameters!(A, B, C, D, E, F, G, H, I, J, K);
tuple_parameters!(A, B, C, D, E, F, G, H, I, J, K, L);

/// SQL with its parameters between the pieces: `{}` is a parameter wherever it stands, `{{` and `}}` are braces.
fn pieces(sql: &str, parameters: Vec<Value>) -> Result<Vec<RawPiece>> {
    let given = parameters.len();
    let mut parameters = parameters.into_iter();
    let mut pieces = Vec::new();
    let mut text = String::with_capacity(sql.len());
    let mut wanted = 0;
    let mut characters = sql.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('{', Some('}')) => {
                characters.next();
                wanted += 1;
                pieces.push(RawPiece::Sql(Cow::Owned(std::mem::take(&mut text))));
                pieces.extend(parameters.next().map(RawPiece::Parameter));
            }
            ('{', Some('{')) | ('}', Some('}')) => {
                characters.next();
                text.push(character);
            }
            ('{', _) => {
                return Err(Error::Usage {
                    message: format!(
                        "a brace in raw SQL is written twice, `{{{{`, unless it is the parameter `{{}}`: {sql}"
                    ),
                });
            }
            (other, _) => text.push(other),
        }
    }
    if wanted != given {
        return Err(Error::Usage {
            message: format!("the raw SQL has {wanted} parameters, and {given} were given: {sql}"),
        });
    }
    pieces.push(RawPiece::Sql(Cow::Owned(text)));
    Ok(pieces)
}

/// The node of raw SQL, or of what is wrong with it.
fn node(sql: &str, parameters: impl Parameters) -> tree::Expr {
    pieces(sql, parameters.into_values()).map_or_else(tree::Expr::Invalid, tree::Expr::Raw)
}

/// A condition in SQL: `raw("name = {}", ("Pythonistas",))`. It can be combined with others by `&` and `|`.
#[must_use]
pub fn raw<R>(sql: &str, parameters: impl Parameters) -> Predicate<R> {
    Predicate::new(node(sql, parameters))
}

/// An expression in SQL, of the type that the caller says it has.
#[must_use]
pub fn raw_value<R, T: SqlType>(sql: &str, parameters: impl Parameters) -> Expr<R, T> {
    Expr::new(node(sql, parameters))
}

/// A statement in SQL: `Band::raw("select * from band where name = {}", ("Pythonistas",))`.
///
/// `{}` is always a bound parameter, never text; `{{` is a brace. The rows come as [`Row`]s, whose values have the types that the engine says they
/// have, or as what [`into`](Self::into) makes of them.
#[must_use = "a query does nothing until it is run"]
pub struct Raw<O = Row> {
    node: tree::Expr,
    read: Arc<dyn Fn(Row) -> Result<O> + Send + Sync>,
}

impl Raw {
    /// This statement with these parameters.
    pub fn new(sql: &str, parameters: impl Parameters) -> Self {
        Self { node: node(sql, parameters), read: Arc::new(Ok) }
    }

    /// Runs a statement whose rows do not matter, and gives the number of rows it touched.
    ///
    /// # Errors
    ///
    /// Those of the database, and [`Error::Usage`] for a wrong number of parameters.
    pub fn execute<'e>(self, db: impl Into<Exec<'e>>) -> impl Future<Output = Result<u64>> + Send {
        Runner::run(Executed(self.node), db.into())
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::execute`], and [`Error::Usage`] inside an async runtime.
    pub fn execute_sync<'e>(self, db: impl Into<Exec<'e>>) -> Result<u64> {
        Runner::run_sync(Executed(self.node), db.into())
    }
}

impl<O: Send + 'static> Raw<O> {
    /// The same statement with its rows as values of the user's own type, such as a struct that implements `FromResult<Row>`.
    pub fn into<T: FromResult<O> + Send + 'static>(self) -> Raw<T> {
        let read = self.read;
        Raw { node: self.node, read: Arc::new(move |row| read(row).and_then(T::from_result)) }
    }

    /// At most one row: the first that the statement gives, or `None`.
    pub const fn first(self) -> First<Self> {
        First(self)
    }

    /// What turns a driver's row into an `O`. The names of the columns are read once.
    pub(super) fn decoder(&self) -> impl Fn(&RowRef<'_>) -> Result<O> + Send + Sync + use<O> {
        let read = Arc::clone(&self.read);
        let shape: OnceLock<Arc<Shape>> = OnceLock::new();
        move |row| read(Row::read(shape.get_or_init(|| shape_of(row)), row, 0)?)
    }
}

#[cfg(feature = "serde")]
impl Raw {
    /// The same statement with its rows as values of any type that serde can make (with the feature `serde`): a struct by the names of the
    /// result's columns, or a tuple.
    pub fn deserialize<T: serde::de::DeserializeOwned + Send + 'static>(self) -> Raw<T> {
        Raw { node: self.node, read: Arc::new(Row::deserialize) }
    }
}

impl<O> Clone for Raw<O> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), read: Arc::clone(&self.read) }
    }
}

impl<O> std::fmt::Debug for Raw<O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Raw").field("node", &self.node).finish()
    }
}

/// Writes raw SQL as a statement, without the brackets that it gets inside of one.
fn render(node: &tree::Expr, renderer: &mut Renderer) -> Result<()> {
    if let tree::Expr::Invalid(error) = node {
        return Err(error.clone());
    }
    if let tree::Expr::Raw(pieces) = node {
        renderer.pieces(pieces);
    }
    Ok(())
}

impl<O> Render for Raw<O> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        render(&self.node, renderer)
    }
}

shows_sql!([O] Raw<O>);

impl<O: Send + 'static> Query for Raw<O> {
    type Output = Vec<O>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<O>> {
        runner.fetch_all(self.statement(runner.dialect())?, self.decoder()).await
    }
}

runs!([O: Send + 'static] Raw<O> => Vec<O>);

impl<O: Send + 'static> Query for First<Raw<O>> {
    type Output = Option<O>;

    async fn execute(self, runner: Runner<'_>) -> Result<Option<O>> {
        runner.fetch_optional(self.0.statement(runner.dialect())?, self.0.decoder()).await
    }
}

runs!([O: Send + 'static] First<Raw<O>> => Option<O>);
shows_sql!([O] First<Raw<O>>);

/// The names of a row's columns; their types are for the engine to say.
fn shape_of(row: &RowRef<'_>) -> Arc<Shape> {
    let columns = (0..row.len()).map(|index| ShapeColumn { name: row.name(index).to_owned(), ty: None }).collect();
    Arc::new(Shape { table: String::new(), columns })
}

/// A raw statement whose rows do not matter.
struct Executed(tree::Expr);

impl Render for Executed {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        render(&self.0, renderer)
    }
}

impl Query for Executed {
    type Output = u64;

    async fn execute(self, runner: Runner<'_>) -> Result<u64> {
        runner.execute(self.statement(runner.dialect())?).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(text: &str) -> RawPiece {
        RawPiece::Sql(Cow::Owned(text.to_owned()))
    }

    #[test]
    fn braces_are_parameters_and_double_braces_are_braces() {
        let given = vec![Value::Integer(1)];
        let expected = [sql("a = "), RawPiece::Parameter(Value::Integer(1)), sql(" and b = '{\"}'")];
        assert_eq!(pieces("a = {} and b = '{{\"}}'", given).unwrap(), expected);
    }

    #[test]
    fn a_wrong_number_of_parameters_is_an_error() {
        assert!(pieces("a = {}", Vec::new()).is_err());
        assert!(pieces("a", vec![Value::Null]).is_err());
        assert!(pieces("a = {0}", vec![Value::Null]).is_err());
    }
}

//! Reading a row, or inserting it if it is not there.

use super::condition::Condition;
use super::insert::Insert;
use super::objects::{by_key, decode, whole_rows};
use super::render::Renderer;
use super::run::{Query, Runner, runs};
use super::show::{DISPLAYED, Render};
use super::tree::{self, ColumnRef, Comparison, Conflict, Expr};
use crate::new_row::{NewRow, RowOf};
use crate::table::Table;
use crate::{Error, Result, RowRef};

/// How often a row that others insert and delete at the same time is looked for.
const ATTEMPTS: usize = 5;

/// Reads the row for which a condition holds, or inserts it. It gives the row, and whether it was created. Of several rows it is the first by the
/// primary key.
///
/// A created row gets the values that the condition asks for by `eq`, then those of [`defaults`](Self::defaults), then the defaults of the schema. The
/// condition must be a conjunction: with `or` it is not clear what to create. With a unique constraint on the columns of the condition no two
/// callers create the row twice.
#[must_use = "a query does nothing until it is run"]
pub struct GetOrCreate<R> {
    condition: Option<Expr>,
    new: Result<NewRow<R>>,
}

impl<R: Table> GetOrCreate<R> {
    /// The row for which this holds.
    pub fn new<C: Condition<R>>(condition: C) -> Self {
        let condition = condition.into_condition();
        let mut new = NewRow::new();
        let asked = condition.as_ref().map_or(Ok(()), |condition| {
            wanted(condition, &mut |position, value| {
                new = std::mem::take(&mut new).set(position, value.clone());
            })
        });
        Self { condition, new: asked.map(|()| new) }
    }

    /// Values of a created row that the condition does not ask for: `.defaults(|band| band.manager(1))`.
    pub fn defaults(mut self, set: impl FnOnce(R::New) -> R::New) -> Self {
        self.new = self.new.map(|new| set(new.into()).into_new_row());
        self
    }
}

/// Calls the function with every value that the condition asks for.
fn wanted(condition: &Expr, set: &mut dyn FnMut(u16, &crate::Value)) -> Result<()> {
    if let Expr::And(all) = condition {
        return all.iter().try_for_each(|condition| wanted(condition, set));
    }
    if matches!(condition, Expr::Or(_) | Expr::Not(_)) {
        return Err(Error::Usage {
            message: "`get_or_create` cannot tell from `|` or `!` which values a created row would have".to_owned(),
        });
    }
    if let Expr::Compare(Comparison::Eq, column, value) = condition
        && let (Expr::Column(ColumnRef { path, column, outer: 0 }), Expr::Value(value)) =
            (column.as_ref(), value.as_ref())
        && path.is_empty()
    {
        set(*column, value);
    }
    Ok(())
}

impl<R: Table> std::fmt::Debug for GetOrCreate<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GetOrCreate").field("condition", &self.condition).field("new", &self.new).finish()
    }
}

impl<R: Table> GetOrCreate<R> {
    /// The select of the row. Of several rows both engines give the same.
    fn select(&self) -> tree::Select {
        let mut select = whole_rows(R::META);
        select.filter.clone_from(&self.condition);
        select.order_by = by_key(R::META);
        select.limit = Some(1);
        select
    }
}

/// The select, and the insert for where it finds nothing.
impl<R: Table> Render for GetOrCreate<R> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.select(&self.select())?;
        renderer.push(";\n");
        let insert: Insert<R> = Insert::of(self.new.clone()?, Some(Conflict::Nothing { target: Vec::new() }));
        insert.returning(..).render(renderer)
    }
}

impl<R: Table> std::fmt::Display for GetOrCreate<R> {
    /// The SQL with its values as literals: the select, and the insert for where it finds nothing.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown(DISPLAYED))
    }
}

impl<R: Table> Query for GetOrCreate<R> {
    type Output = (R, bool);

    async fn execute(self, runner: Runner<'_>) -> Result<(R, bool)> {
        let select = self.select();
        let new = self.new?;
        for _ in 0..ATTEMPTS {
            if let Some(row) = find(runner, &select).await? {
                return Ok((row, false));
            }
            let insert: Insert<R> = Insert::of(new.clone(), Some(Conflict::Nothing { target: Vec::new() }));
            let inserted = insert.execute_returning(runner, whole_rows(R::META).items, decode::<R>).await;
            if let Some(row) = inserted.map_err(no_value)?.pop() {
                return Ok((row, true));
            }
            // Somebody else has inserted it in between, or a row that differs stands in its way.
        }
        let insert: Insert<R> = Insert::of(new, None);
        let mut rows = insert.execute_returning(runner, whole_rows(R::META).items, decode::<R>).await?;
        rows.pop()
            .map(|row| (row, true))
            .ok_or_else(|| Error::Usage { message: "the insert gave no row back".to_owned() })
    }
}

/// The error of an insert, with the way out where a column has no value.
fn no_value(error: Error) -> Error {
    let Error::NotNullViolation { column, .. } = &error else { return error };
    Error::Usage {
        message: format!(
            "`get_or_create` has no value for column `{column}`, which takes no null: a created row gets what the condition asks for by `eq`; \
             give it the rest with `.defaults(…)`"
        ),
    }
}

/// The first row of a select of whole rows.
async fn find<R: Table>(runner: Runner<'_>, select: &tree::Select) -> Result<Option<R>> {
    let mut renderer = super::render::Renderer::new(runner.dialect());
    renderer.select(select)?;
    let decode: fn(&RowRef<'_>) -> Result<R> = decode::<R>;
    runner.fetch_optional(renderer.finish(), decode).await
}

runs!([R: Table] GetOrCreate<R> => (R, bool));

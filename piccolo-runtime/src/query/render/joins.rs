//! The joins that follow from the paths of columns.

use super::Renderer;
use crate::query::tree::{ColumnRef, Expr, shortest, target};
use crate::schema::naming;
use crate::sql::{Dialect, identifier, qualified};
use crate::table::TableMeta;
use crate::{Error, Result};

/// One query while it is written: its root table and the joins that its columns have asked for so far.
pub(super) struct Scope {
    root: &'static TableMeta,
    /// What the root table is called in this query.
    alias: String,
    joins: Vec<Join>,
    style: Style,
    /// Whether it gives equal rows once.
    distinct: bool,
    /// What the query groups by or takes once, with the text that it was first written as.
    anchors: Vec<(Expr, Option<String>)>,
}

/// How columns of other tables are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// By joins in FROM.
    Joined,
    /// By a sub-select for each, where there is no FROM: in SET and RETURNING.
    Correlated,
}

/// A joined table.
struct Join {
    path: Vec<u16>,
    alias: String,
    sql: String,
}

impl Scope {
    /// The query's root table.
    pub(super) const fn root(&self) -> &'static TableMeta {
        self.root
    }
}

impl Renderer {
    /// Begins a query on this table. The root of a nested query gets an alias of its own, so that columns of a query around it can be named.
    pub(super) fn enter(&mut self, root: &'static TableMeta, style: Style) {
        let name = &root.table().sql_name.name;
        let alias = match self.scopes.len() {
            0 => name.to_string(),
            depth => naming::fit(&format!("{name}${depth}"), ""),
        };
        self.scopes.push(Scope { root, alias, joins: Vec::new(), style, distinct: false, anchors: Vec::new() });
    }

    /// Ends a query and gives its FROM clause.
    pub(super) fn leave(&mut self) -> String {
        let Some(scope) = self.scopes.pop() else { return String::new() };
        let table = qualified(&scope.root.table().sql_name, self.dialect);
        let mut from =
            if scope.alias == scope.root.table().sql_name.name && scope.root.table().sql_name.schema.is_none() {
                format!(" FROM {table}")
            } else {
                format!(" FROM {table} AS {}", identifier(&scope.alias))
            };
        for join in scope.joins {
            from.push_str(&join.sql);
        }
        from
    }

    /// Says what the innermost query groups by, or selects once. Postgres takes two texts with different parameters for two expressions,
    /// so that the second time it is named, such an expression gets the parameters of the first.
    pub(super) fn anchor<'x>(&mut self, exprs: impl IntoIterator<Item = &'x Expr>) {
        if let Some(scope) = self.scopes.last_mut() {
            let computed = exprs.into_iter().filter(|expr| !matches!(expr, Expr::Column(_)));
            scope.anchors.extend(computed.map(|expr| (expr.clone(), None)));
        }
    }

    /// Says that the innermost query gives equal rows of these once.
    pub(super) fn once<'x>(&mut self, exprs: impl IntoIterator<Item = &'x Expr>) {
        self.anchor(exprs);
        if let Some(scope) = self.scopes.last_mut() {
            scope.distinct = true;
        }
    }

    /// Whether the innermost query gives equal rows once.
    pub(super) fn is_distinct(&self) -> bool {
        self.scopes.last().is_some_and(|scope| scope.distinct)
    }

    /// The text that an expression has already been written as; `Err` with its place, if it has to be kept for later.
    pub(super) fn anchored(&self, expr: &Expr) -> Option<Result<&str, usize>> {
        let anchors = self.scopes.last().map(|scope| &scope.anchors)?;
        let (place, (_, text)) = anchors.iter().enumerate().find(|(_, (anchor, _))| anchor == expr)?;
        Some(text.as_deref().ok_or(place))
    }

    /// Keeps the text that an anchored expression was written as.
    pub(super) fn keep(&mut self, place: usize, text: String) {
        if let Some((_, kept)) = self.scopes.last_mut().and_then(|scope| scope.anchors.get_mut(place)) {
            *kept = Some(text);
        }
    }

    /// Adds a column, and to its query the joins on the way to it.
    pub(super) fn column(&mut self, column: &ColumnRef) -> Result<()> {
        let depth = self.scopes.len().checked_sub(usize::from(column.outer) + 1).ok_or_else(|| Error::Usage {
            message: "`outer(…)` names a column of the query around a sub-select, and here is no query around"
                .to_owned(),
        })?;
        let Some(scope) = self.scopes.get_mut(depth) else { return Ok(()) };
        let (path, position) = shortest(scope.root, column);
        if scope.style == Style::Correlated && !path.is_empty() {
            let (root, alias) = (scope.root, scope.alias.clone());
            return self.correlated(root, &alias, path, position);
        }
        let alias = match path {
            [] => scope.alias.clone(),
            path => scope.join(path, self.dialect)?,
        };
        let table = target(scope.root, path).ok_or_else(broken)?;
        let column = table.table().columns.get(usize::from(position)).ok_or_else(broken)?;
        self.secret_seen |= column.secret;
        self.out.push_str(&identifier(&alias));
        self.out.push('.');
        self.out.push_str(&identifier(&column.sql_name));
        Ok(())
    }

    /// Adds a column of another table as a sub-select that begins at this row's first key.
    fn correlated(&mut self, root: &'static TableMeta, alias: &str, path: &[u16], position: u16) -> Result<()> {
        let [first, rest @ ..] = path else { return Ok(()) };
        let key = root.key_at(*first).ok_or_else(broken)?;
        let own = column_name(root, key.column)?;
        let wanted = column_name(key.target, key.target_column)?;
        self.push("(SELECT ");
        self.enter(key.target, Style::Joined);
        self.column(&ColumnRef { path: rest.to_vec(), column: position, outer: 0 })?;
        let inner = self.scopes.last().map(|scope| scope.alias.clone()).unwrap_or_default();
        let from = self.leave();
        self.push(&from);
        self.push(&format!(
            " WHERE {}.{} = {}.{})",
            identifier(&inner),
            identifier(wanted),
            identifier(alias),
            identifier(own)
        ));
        Ok(())
    }

    /// What the table at the end of this path is called in the innermost query, which joins it.
    pub(super) fn alias_of(&mut self, path: &[u16]) -> Result<String> {
        let dialect = self.dialect;
        let scope = self.scopes.last_mut().ok_or_else(broken)?;
        if path.is_empty() { Ok(scope.alias.clone()) } else { scope.join(path, dialect) }
    }

    /// Whether the innermost query has joins.
    pub(super) fn has_joins(&self) -> bool {
        self.scopes.last().is_some_and(|scope| !scope.joins.is_empty())
    }
}

impl Scope {
    /// The alias of the table at the end of this path, which is joined unless it is already.
    fn join(&mut self, path: &[u16], dialect: Dialect) -> Result<String> {
        if let Some(join) = self.joins.iter().find(|join| join.path == path) {
            return Ok(join.alias.clone());
        }
        let (last, before) = path.split_last().ok_or_else(broken)?;
        let parent = if before.is_empty() { self.alias.clone() } else { self.join(before, dialect)? };
        let from = target(self.root, before).ok_or_else(broken)?;
        let key = from.key_at(*last).ok_or_else(broken)?;
        let alias = self.path_alias(path)?;
        let sql = format!(
            " {} JOIN {} AS {} ON {}.{} = {}.{}",
            if self.may_be_null(path)? { "LEFT" } else { "INNER" },
            qualified(&key.target.table().sql_name, dialect),
            identifier(&alias),
            identifier(&alias),
            identifier(column_name(key.target, key.target_column)?),
            identifier(&parent),
            identifier(column_name(from, key.column)?),
        );
        self.joins.push(Join { path: path.to_vec(), alias: alias.clone(), sql });
        Ok(alias)
    }

    /// `concert$band_1$manager`: the root's alias and the names of the keys.
    fn path_alias(&self, path: &[u16]) -> Result<String> {
        let mut alias = self.alias.clone();
        let mut table = self.root;
        for step in path {
            alias.push('$');
            alias.push_str(column_name(table, *step)?);
            table = table.key_at(*step).ok_or_else(broken)?.target;
        }
        Ok(naming::fit(&alias, ""))
    }

    /// Whether a key on this path may be null.
    fn may_be_null(&self, path: &[u16]) -> Result<bool> {
        let mut table = self.root;
        for step in path {
            if table.table().columns.get(usize::from(*step)).ok_or_else(broken)?.null {
                return Ok(true);
            }
            table = table.key_at(*step).ok_or_else(broken)?.target;
        }
        Ok(false)
    }
}

/// The database name of a column.
fn column_name(table: &'static TableMeta, position: u16) -> Result<&'static str> {
    table.table().columns.get(usize::from(position)).map(|column| column.sql_name.as_ref()).ok_or_else(broken)
}

/// The error for a tree that names positions which its tables do not have. Typed builders cannot make one.
fn broken() -> Error {
    Error::Usage { message: "the query names a column or a key by a position that its table does not have".to_owned() }
}

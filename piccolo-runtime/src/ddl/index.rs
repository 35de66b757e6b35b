//! Indexes.

use super::Unsupported;
use crate::schema::{Index, IndexKeyKind, IndexMethod, QualifiedName};
use crate::sql::{Dialect, identifier, qualified};

/// How an index is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct CreateIndex {
    /// Whether an existing index of this name is left as it is.
    pub if_not_exists: bool,
    /// Whether Postgres builds it without locking writers out; such a statement must stand alone, outside a transaction.
    pub concurrently: bool,
}

/// The statement that creates the index.
///
/// # Errors
///
/// When the dialect lacks the index's method.
pub fn create_index(table: &QualifiedName, index: &Index, dialect: Dialect) -> Result<String, Unsupported> {
    create_index_statement(table, index, CreateIndex::default(), dialect)
}

/// The statement that creates the index in this way.
///
/// # Errors
///
/// When the dialect lacks the index's method, or cannot build it concurrently.
pub fn create_index_statement(
    table: &QualifiedName,
    index: &Index,
    options: CreateIndex,
    dialect: Dialect,
) -> Result<String, Unsupported> {
    let mut words = vec!["CREATE"];
    if index.unique {
        words.push("UNIQUE");
    }
    words.push("INDEX");
    if options.concurrently {
        if dialect == Dialect::Sqlite {
            return Err(Unsupported::new(dialect, "building an index concurrently"));
        }
        words.push("CONCURRENTLY");
    }
    if options.if_not_exists {
        words.push("IF NOT EXISTS");
    }
    let mut sql = format!("{} {} ON {}", words.join(" "), identifier(&index.name), qualified(table, dialect));
    if let Some(method) = method(index, dialect)? {
        sql.push_str(&format!(" USING {method}"));
    }
    let keys: Vec<String> = index
        .keys
        .iter()
        .map(|key| {
            let sorted = match &key.kind {
                IndexKeyKind::Column(column) => identifier(column),
                IndexKeyKind::Sql(expression) => format!("({expression})"),
            };
            if key.descending { format!("{sorted} DESC") } else { sorted }
        })
        .collect();
    sql.push_str(&format!(" ({})", keys.join(", ")));
    if let Some(predicate) = &index.predicate {
        sql.push_str(&format!(" WHERE {predicate}"));
    }
    Ok(sql)
}

/// The statement that drops the index of this name. An index lives in the Postgres schema of its table.
#[must_use]
pub fn drop_index(table: &QualifiedName, name: &str, dialect: Dialect) -> String {
    let index = QualifiedName { schema: table.schema.clone(), name: name.to_owned().into() };
    format!("DROP INDEX {}", qualified(&index, dialect))
}

/// What follows `USING`; `None` for a B-tree, which both engines take when nothing is said.
fn method(index: &Index, dialect: Dialect) -> Result<Option<&'static str>, Unsupported> {
    let method = match index.method {
        None | Some(IndexMethod::Btree) => return Ok(None),
        Some(IndexMethod::Hash) => "hash",
        Some(IndexMethod::Gin) => "gin",
        Some(IndexMethod::Gist) => "gist",
        Some(IndexMethod::SpGist) => "spgist",
        Some(IndexMethod::Brin) => "brin",
    };
    match dialect {
        Dialect::Sqlite => {
            Err(Unsupported::new(dialect, format!("the method `{method}` of the index `{}`", index.name)))
        }
        Dialect::Postgres => Ok(Some(method)),
    }
}

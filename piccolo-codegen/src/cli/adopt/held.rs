//! What the columns of a SQLite database hold, where their declared types promise more than they keep.

use std::collections::BTreeMap;

use piccolo_runtime::ddl::{ImpliedCheck, create_table_of_foreign_column, drop_table_if_exists, implied_condition};
use piccolo_runtime::introspect::Shape;
use piccolo_runtime::schema::{Column, ColumnType, QualifiedName, Schema, Table};
use piccolo_runtime::sql::{Dialect, column_type, identifier, qualified};
use piccolo_runtime::{Engine, Error, Exec, Result};

use crate::adopt::{Held, Plain};

/// The columns of the adopted schema whose values or default do not have the form of their type, with what they are instead.
pub(super) async fn held(engine: &Engine, live: &Shape, adopted: &Schema) -> Result<Held> {
    let mut held = BTreeMap::new();
    if live.dialect != Dialect::Sqlite {
        return Ok(held);
    }
    let scratch = Engine::connect("sqlite::memory:").await?;
    for table in adopted.tables.iter() {
        let is_key = |column: &Column| table.foreign_keys.iter().any(|key| key.columns.contains(&column.sql_name));
        for column in table.columns.iter().filter(|column| !is_key(column)) {
            if let Some(plain) = look(engine, &scratch, live, (adopted, table, column)).await? {
                held.insert((table.sql_name.clone(), column.sql_name.to_string()), plain);
            }
        }
    }
    scratch.close().await;
    Ok(held)
}

/// Looks at the values of one column, and at its default.
async fn look(
    engine: &Engine,
    scratch: &Engine,
    live: &Shape,
    (adopted, table, column): (&Schema, &Table, &Column),
) -> Result<Option<Plain>> {
    // A type that SQLite cannot keep is refused where the schema is read.
    let Ok(condition) = implied_condition(column, adopted) else { return Ok(None) };
    let values = forms(engine, &qualified(&table.sql_name, Dialect::Sqlite), column, condition.as_deref()).await?;
    let shape = live.table(&table.sql_name);
    let shape = shape.and_then(|shape| shape.columns.iter().find(|known| known.name == column.sql_name));
    let default = match shape.and_then(|shape| shape.default.as_deref().map(|default| (shape.ty.as_str(), default))) {
        Some((declared, default)) => default_forms(scratch, column, (declared, default), condition.as_deref()).await,
        None => Forms::default(),
    };
    let what = match (values.misfit, default.misfit) {
        (false, false) => return Ok(None),
        (true, _) => "some of its values have",
        (false, true) => "its default has",
    };
    let ty = format!("{:?}", column.ty);
    let ty = ty.split(' ').next().unwrap_or_default();
    let form = ImpliedCheck::of(&column.ty).map(|check| format!(" ({})", check.reason())).unwrap_or_default();
    let because = format!("{what} another form than the {ty} that its declared type stands for{form}");
    Ok(Some(Plain { ty: plain(values.or(default)), because }))
}

/// The type that keeps values of these forms as they are.
fn plain(forms: Forms) -> ColumnType {
    match forms {
        Forms { text: false, blob: false, real: false, integer: true, .. } => ColumnType::BigInt,
        Forms { text: false, blob: false, real: true, .. } => ColumnType::DoublePrecision,
        Forms { text: false, real: false, integer: false, blob: true, .. } => ColumnType::Bytea,
        Forms { .. } => ColumnType::Text,
    }
}

/// Which forms values have.
#[derive(Clone, Copy, Debug, Default)]
struct Forms {
    /// Whether one of them is no value of the column's type.
    misfit: bool,
    integer: bool,
    real: bool,
    text: bool,
    blob: bool,
}

impl Forms {
    /// Those of both.
    fn or(self, other: Self) -> Self {
        Self {
            misfit: self.misfit || other.misfit,
            integer: self.integer || other.integer,
            real: self.real || other.real,
            text: self.text || other.text,
            blob: self.blob || other.blob,
        }
    }
}

/// The forms of a column's values.
async fn forms(engine: &Engine, table: &str, column: &Column, condition: Option<&str>) -> Result<Forms> {
    let name = identifier(&column.sql_name);
    let storage = match column_type(&column.ty, Dialect::Sqlite).as_str() {
        "INTEGER" => "'integer'",
        // A strict table makes a float of an integer.
        "REAL" => "'real', 'integer'",
        "BLOB" => "'blob'",
        _ => "'text'",
    };
    let fits = format!("typeof({name}) IN ({storage}) AND ({})", condition.unwrap_or("1"));
    let is = |form: &str| format!("coalesce(max(typeof({name}) = '{form}'), 0)");
    let sql = format!(
        "SELECT coalesce(max(NOT coalesce({fits}, 0)), 0), {}, {}, {}, {} FROM {table} WHERE {name} IS NOT NULL",
        is("integer"),
        is("real"),
        is("text"),
        is("blob")
    );
    let read = Exec::from(engine).fetch_optional(sql.into(), |row| {
        Ok(Forms { misfit: row.get(0)?, integer: row.get(1)?, real: row.get(2)?, text: row.get(3)?, blob: row.get(4)? })
    });
    Ok(read.await?.unwrap_or_default())
}

/// The form of a column's default, found by filling a row of a table with the same column. A default that this program cannot compute, such as
/// one with a function of the application's own, says nothing.
async fn default_forms(
    scratch: &Engine,
    column: &Column,
    (declared, default): (&str, &str),
    condition: Option<&str>,
) -> Forms {
    let filled = async || {
        let table = QualifiedName::plain("probe".to_owned());
        let quoted = qualified(&table, Dialect::Sqlite);
        let statements = [
            drop_table_if_exists(&table, Dialect::Sqlite),
            create_table_of_foreign_column(&table, &column.sql_name, declared, default),
            format!("INSERT INTO {quoted} DEFAULT VALUES"),
        ];
        Exec::from(scratch).execute_batch(&statements).await?;
        forms(scratch, &quoted, column, condition).await
    };
    filled().await.unwrap_or_else(|_: Error| Forms::default())
}

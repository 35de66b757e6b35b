//! The database that an alteration meets: as it is, or, to show the statements without one, as the schema describes it.

use crate::ddl::{ImpliedCheck, default_expression};
use crate::introspect::{
    CheckShape, ColumnShape, Deferral, ForeignKeyShape, Identity, IndexKeyShape, IndexShape, KeyShape, Options, Shape,
    Sorted, TableShape, read,
};
use crate::schema::{Index, IndexKeyKind, QualifiedName, Table, Text};
use crate::sql::{Dialect, column_type};
use crate::{Error, Exec, Result};

/// What the database holds.
pub(in crate::query) async fn live_shape(exec: Exec<'_>) -> Result<Shape> {
    Box::pin(read(exec, &Options::new())).await
}

/// The table of this name. One in the connection's own Postgres schema is told without it; on SQLite case does not matter.
pub(in crate::query) fn position_of(shape: &Shape, name: &QualifiedName) -> Option<usize> {
    let exact = shape.tables.iter().position(|table| table.name == *name);
    exact.or_else(|| {
        shape.tables.iter().position(|table| match shape.dialect {
            Dialect::Sqlite => table.name.name.eq_ignore_ascii_case(&name.name),
            Dialect::Postgres => table.name.schema.is_none() && table.name.name == name.name,
        })
    })
}

/// The error for a table that the database does not have.
pub(in crate::query) fn no_such_table(name: &QualifiedName) -> Error {
    super::usage(format!("the database has no table `{name}`; `create_table()` creates it"))
}

/// What a database would hold that has this table as the schema describes it, and nothing else.
pub(in crate::query) fn described(table: &Table, dialect: Dialect) -> Shape {
    let mut shape = TableShape::new(table.sql_name.clone());
    shape.strict = dialect == Dialect::Sqlite;
    for column in table.columns.iter() {
        let identity = column.ty.is_serial().then(|| match dialect {
            Dialect::Sqlite => Identity::Autoincrement,
            Dialect::Postgres => Identity::ByDefault(QualifiedName::plain("")),
        });
        let expression = |default| default_expression(default, &column.ty, dialect).ok();
        shape.columns.push(ColumnShape {
            name: column.sql_name.to_string(),
            ty: column_type(&column.ty, dialect),
            null: column.null,
            default: column.default.as_ref().and_then(expression),
            identity,
            collation: column.collation.as_ref().map(ToString::to_string),
            generated: None,
            options: None,
            comment: None,
        });
        if let (Dialect::Sqlite, Some(kind)) = (dialect, ImpliedCheck::of(&column.ty)) {
            shape.checks.push(check(&kind.constraint_name(&column.sql_name), ""));
        }
    }
    let key = |name: &Text, columns: &[Text]| KeyShape {
        name: Some(name.to_string()),
        columns: owned(columns),
        ..KeyShape::default()
    };
    shape.primary_key = Some(key(&table.primary_key.name, &table.primary_key.columns));
    shape.uniques = table.uniques.iter().map(|unique| key(&unique.name, &unique.columns)).collect();
    for written in table.checks.iter() {
        let condition = match dialect {
            Dialect::Sqlite => &written.sqlite,
            Dialect::Postgres => &written.postgres,
        };
        shape.checks.extend(condition.as_ref().map(|condition| check(&written.name, condition)));
    }
    shape.foreign_keys = table
        .foreign_keys
        .iter()
        .map(|key| ForeignKeyShape {
            name: Some(key.name.to_string()),
            columns: owned(&key.columns),
            target: key.target.clone(),
            target_columns: owned(&key.target_columns),
            on_delete: key.on_delete,
            on_update: key.on_update,
            deferral: Deferral::Never,
            valid: true,
            options: None,
        })
        .collect();
    shape.indexes = table.indexes.iter().map(index).collect();
    Shape { tables: vec![shape], ..Shape::empty(dialect) }
}

fn index(index: &Index) -> IndexShape {
    let keys = index.keys.iter().map(|key| IndexKeyShape {
        sorted: match &key.kind {
            IndexKeyKind::Column(column) => Sorted::Column(column.to_string()),
            IndexKeyKind::Sql(expression) => Sorted::Expression(expression.to_string()),
        },
        descending: key.descending,
        options: None,
    });
    IndexShape {
        name: index.name.to_string(),
        unique: index.unique,
        method: None,
        keys: keys.collect(),
        include: Vec::new(),
        predicate: index.predicate.as_ref().map(ToString::to_string),
        valid: true,
        options: None,
    }
}

fn check(name: &str, expression: &str) -> CheckShape {
    CheckShape { name: Some(name.to_owned()), expression: expression.to_owned(), valid: true, options: None }
}

fn owned(names: &[Text]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

//! Rows for the tables of a case.

use piccolo_runtime::ddl::{creation_order, default_expression};
use piccolo_runtime::schema::{Column, ColumnType, Default, ForeignKey, Schema, Table};
use piccolo_runtime::sql::{Dialect, identifier, qualified};

/// Three rows for each table, which point to each other by their number.
pub(super) fn rows(schema: &Schema, dialect: Dialect) -> String {
    let order = creation_order(&schema.tables.iter().collect::<Vec<_>>());
    let mut sql = String::new();
    for table in &order.tables {
        let waiting = order.deferred_of(table);
        let columns: Vec<&Column> = table.columns.iter().filter(|column| !column.ty.is_serial()).collect();
        for number in 1..=3 {
            let name = qualified(&table.sql_name, dialect);
            if columns.is_empty() {
                sql.push_str(&format!("INSERT INTO {name} DEFAULT VALUES;\n"));
                continue;
            }
            let names: Vec<String> = columns.iter().map(|column| identifier(&column.sql_name)).collect();
            let values: Vec<String> =
                columns.iter().map(|column| value(schema, table, column, &waiting, number, dialect)).collect();
            sql.push_str(&format!("INSERT INTO {name} ({}) VALUES ({});\n", names.join(", "), values.join(", ")));
        }
    }
    sql
}

fn value(
    schema: &Schema,
    table: &Table,
    column: &Column,
    waiting: &[&ForeignKey],
    number: i64,
    dialect: Dialect,
) -> String {
    if let Some(key) = table.foreign_keys.iter().find(|key| *key.columns == [column.sql_name.clone()]) {
        if waiting.iter().any(|waiting| waiting.name == key.name) {
            return "NULL".to_owned();
        }
        let target = schema.table(&key.target).unwrap().column(&key.target_columns[0]).unwrap();
        let number = if target.ty.is_serial() { number } else { 100 + number };
        return number.to_string();
    }
    if column.null && number == 3 {
        return "NULL".to_owned();
    }
    let value = match &column.ty {
        ColumnType::Varchar { .. } | ColumnType::Text => Default::Text(format!("t{number}").into()),
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Serial
        | ColumnType::BigSerial => Default::Integer(100 + number),
        ColumnType::Real | ColumnType::DoublePrecision | ColumnType::Numeric { .. } => {
            Default::Decimal(format!("{number}.5").into())
        }
        ColumnType::Boolean => Default::Boolean(number == 1),
        ColumnType::Date => Default::DateTime(format!("2020-01-0{number}").into()),
        ColumnType::Time => Default::DateTime(format!("10:00:0{number}").into()),
        ColumnType::Timestamp | ColumnType::Timestamptz => {
            Default::DateTime(format!("2020-01-0{number} 10:00:00.5").into())
        }
        ColumnType::Interval => Default::Interval(number),
        ColumnType::Uuid => Default::Uuid(format!("00000000-0000-4000-8000-00000000000{number}").into()),
        ColumnType::Json => Default::Json(format!("{{\"name\":\"n{number}\"}}").into()),
        ColumnType::Bytea => Default::Bytes(vec![1, 2, 3].into()),
        ColumnType::Enum(name) => {
            let values = &schema.enumeration(name).unwrap().values;
            Default::Variant(values[usize::try_from(number).unwrap() % values.len()].text.clone())
        }
        ColumnType::Array(_) => Default::Array(Vec::new().into()),
    };
    default_expression(&value, &column.ty, dialect).unwrap()
}

//! The planned migrations on real databases: every case of `piccolo-codegen/tests/cases/plan` runs forwards, backwards and forwards
//! again over rows, and each time the database is what a fresh one would be.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use piccolo_codegen::change::{Decisions, Renames};
use piccolo_codegen::migration::{DecisionsTaken, Migration as Written, files};
use piccolo_codegen::plan::{Options, author};
use piccolo_codegen::schema_from_str;
use piccolo_runtime::Engine;
use piccolo_runtime::ddl::{create_schema, creation_order, default_expression};
use piccolo_runtime::introspect::{self, Shape, differences};
use piccolo_runtime::migrate::{Migration, Migrations, Scripts};
use piccolo_runtime::schema::{Column, ColumnType, Default, ForeignKey, Schema, Table};
use piccolo_runtime::sql::{Dialect, identifier, qualified};
use piccolo_tests::{TestDb, on};

const FIRST: &str = "2026-01-01T00-00-00_first";
const CASE: &str = "2026-01-02T00-00-00_case";

#[test]
fn every_planned_change_leads_to_a_fresh_database_and_back_on_sqlite() {
    all_cases(Dialect::Sqlite);
}

#[test]
fn every_planned_change_leads_to_a_fresh_database_and_back_on_postgres() {
    all_cases(Dialect::Postgres);
}

/// Runs all cases, or those whose name holds `PICCOLO_CASE`.
fn all_cases(dialect: Dialect) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../piccolo-codegen/tests/cases/plan");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let wanted = std::env::var("PICCOLO_CASE").unwrap_or_default();
    let mut failures = Vec::new();
    for folder in cases.iter().filter(|case| case.to_string_lossy().contains(&wanted)) {
        let Some(case) = Case::read(folder) else { continue };
        let name = folder.file_name().unwrap().to_string_lossy();
        let failure = RefCell::new(None);
        on(dialect, async |db| *failure.borrow_mut() = case.run(db).await.err());
        failures.extend(failure.into_inner().map(|failure| format!("{name}: {failure}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A case that has a migration: questions have none.
struct Case {
    before: Schema,
    after: Schema,
    files: BTreeMap<String, String>,
    /// Rows in place of the generated ones: `rows.sql`, or `rows.<engine>.sql`.
    rows: BTreeMap<Dialect, String>,
    lossless: bool,
}

impl Case {
    fn read(folder: &Path) -> Option<Self> {
        let schema = |file: &str| {
            let text = fs::read_to_string(folder.join(file)).unwrap();
            schema_from_str(file, &text).unwrap_or_else(|errors| panic!("{errors}"))
        };
        let (before, after) = (schema("before.piccolo"), schema("after.piccolo"));
        let text = fs::read_to_string(folder.join("decisions.toml")).unwrap_or_default();
        let taken = DecisionsTaken::parse(&text).unwrap();
        let mut decisions = Decisions::try_from(&taken).unwrap();
        decisions.renames = Renames { hints: after.renames.hints, ..decisions.renames };
        let options = Options { online: text.contains("# online") };
        let authored = author(&before.schema, &after.schema, &decisions, &Dialect::ALL, options).unwrap().authored?;
        let parents = [FIRST.to_owned()];
        let written = Written { id: CASE, parents: &parents, authored: &authored, decisions: &decisions, notes: &[] };
        Some(Self {
            files: files(&written).into_iter().map(|file| (file.name, file.text)).collect(),
            before: before.schema,
            after: after.schema,
            rows: Dialect::ALL
                .into_iter()
                .filter_map(|dialect| {
                    let of_engine = fs::read_to_string(folder.join(format!("rows.{dialect}.sql")));
                    let rows = of_engine.or_else(|_| fs::read_to_string(folder.join("rows.sql"))).ok()?;
                    Some((dialect, rows))
                })
                .collect(),
            lossless: authored.losses.is_empty(),
        })
    }

    /// Forwards, backwards and forwards again.
    async fn run(&self, db: &TestDb) -> Result<(), String> {
        let dialect = db.dialect();
        let engine = Engine::connect(db.url()).await.map_err(said)?;
        let migrations = self.migrations(dialect);
        migrations.forwards_to(&engine, FIRST).await.map_err(said)?;
        let old_shape = shape(&engine).await;
        let rows = self.rows.get(&dialect).cloned().unwrap_or_else(|| rows(&self.before, dialect));
        db.try_execute(&rows).await.map_err(|error| format!("{error}\nin: {rows}"))?;
        let old_rows = contents(db, &self.before).await;
        let fresh = fresh_shape(&self.after, dialect).await;
        for round in ["first", "second"] {
            migrations.forwards(&engine).await.map_err(|error| format!("{round} up: {error}"))?;
            same(&shape(&engine).await, &fresh).map_err(|differ| format!("{round} up: {differ}"))?;
            if round == "first" {
                migrations.backwards(&engine, CASE).await.map_err(|error| format!("down: {error}"))?;
                same(&shape(&engine).await, &old_shape).map_err(|differ| format!("down: {differ}"))?;
                let rows = contents(db, &self.before).await;
                if self.lossless && rows != old_rows {
                    return Err(format!("rows: {rows:?}\nwere: {old_rows:?}"));
                }
            }
        }
        engine.close().await;
        Ok(())
    }

    fn migrations(&self, dialect: Dialect) -> Migrations {
        let first = statements(&self.before, dialect);
        let scripts = |up: String, down: String| Some(Scripts { up: up.into(), down: down.into() });
        let file = |direction: &str| self.files[&format!("{direction}.{dialect}.sql")].clone();
        let both = [
            (FIRST, vec![], scripts(first, String::new())),
            (CASE, vec![FIRST.into()], scripts(file("up"), file("down"))),
        ];
        let migration = |(id, parents, scripts): (&str, Vec<_>, Option<Scripts>)| Migration {
            id: id.to_owned().into(),
            parents: parents.into(),
            sqlite: scripts.clone(),
            postgres: scripts,
        };
        Migrations::loaded(both.map(migration).into())
    }
}

fn said(error: piccolo_runtime::Error) -> String {
    error.to_string()
}

fn statements(schema: &Schema, dialect: Dialect) -> String {
    create_schema(schema, dialect).unwrap().iter().map(|sql| format!("{sql};\n")).collect()
}

async fn shape(engine: &Engine) -> Shape {
    let namespaces = introspect::Options::new().namespaces(["public", "music"]);
    introspect::read(engine, &namespaces).await.unwrap()
}

/// The shape of a new database with this schema.
async fn fresh_shape(schema: &Schema, dialect: Dialect) -> Shape {
    let db = TestDb::new(dialect);
    db.execute(&statements(schema, dialect)).await;
    let engine = Engine::connect(db.url()).await.unwrap();
    let shape = shape(&engine).await;
    engine.close().await;
    shape
}

fn same(found: &Shape, wanted: &Shape) -> Result<(), String> {
    let sentences: Vec<String> = differences(found, wanted)
        .iter()
        .map(|difference| difference.describe("the migrated database", "a fresh one"))
        .collect();
    if sentences.is_empty() { Ok(()) } else { Err(sentences.join("\n")) }
}

/// All rows of all tables.
async fn contents(db: &TestDb, schema: &Schema) -> BTreeMap<String, Vec<Vec<Option<String>>>> {
    let mut all = BTreeMap::new();
    for table in schema.tables.iter() {
        let name = qualified(&table.sql_name, db.dialect());
        let columns: Vec<String> = table.columns.iter().map(|column| identifier(&column.sql_name)).collect();
        let mut rows = db.rows(&format!("SELECT {} FROM {name}", columns.join(", "))).await;
        rows.sort();
        all.insert(name, rows);
    }
    all
}

/// Three rows for each table, which point to each other by their number.
fn rows(schema: &Schema, dialect: Dialect) -> String {
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

//! Every type of value goes in and comes out the same on both engines.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use piccolo_runtime::schema::{ColumnType, ElementType, QualifiedName};
use piccolo_runtime::value::ArrayElement;
use piccolo_runtime::{Decode, Engine, Error, Exec, Statement, Value, sql};
use piccolo_tests::on_both;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{engine, statement};

/// A table with a position and a content of the type. Each has a name of its own, because Postgres keeps a prepared statement
/// with the types that its text had at first.
async fn fresh_table(engine: &Engine, ty: &str) -> String {
    static TABLES: AtomicU32 = AtomicU32::new(0);
    let cell = format!("cell_{}", TABLES.fetch_add(1, Ordering::Relaxed));
    let create = format!("CREATE TABLE {cell} (position bigint, content {ty})");
    Exec::from(engine).execute(create.into()).await.unwrap();
    cell
}

/// Stores the values in a column of the type and reads them back: as Rust values, as nulls, and as [`Value`]s.
async fn round_trip<T>(engine: &Engine, ty: ColumnType, values: &[T]) -> String
where
    T: Decode + Into<Value> + Clone + PartialEq + Debug + Send + 'static,
{
    let exec = Exec::from(engine);
    let cell = fresh_table(engine, &sql::column_type(&ty, engine.dialect())).await;
    for (position, value) in values.iter().cloned().map(Some).chain([None]).enumerate() {
        let position = i64::try_from(position).unwrap();
        let insert =
            statement(engine, &format!("INSERT INTO {cell} VALUES (?, ?)"), vec![position.into(), value.into()]);
        exec.execute(insert).await.unwrap();
    }
    let mut expected: Vec<Option<T>> = values.iter().cloned().map(Some).collect();
    expected.push(None);
    let all = format!("SELECT content FROM {cell} ORDER BY position");
    let read = exec.fetch_all(all.clone().into(), |row| row.get::<Option<T>>(0)).await.unwrap();
    assert_eq!(read, expected);
    let kind = ty.clone();
    let read = exec.fetch_all(all.clone().into(), move |row| row.value(0, &kind)).await.unwrap();
    let values: Vec<Value> = values.iter().cloned().map(Into::into).chain([Value::Null]).collect();
    assert_eq!(format!("{read:?}"), format!("{values:?}"));
    let null = exec.fetch_all(all.clone().into(), |row| row.get::<T>(0)).await;
    assert!(matches!(null, Err(Error::Decode { ref column, .. }) if column == "content"), "{null:?}");
    cell
}

/// The same for an array of the values.
async fn round_trip_array<T>(engine: &Engine, element: ElementType, values: &[T])
where
    T: ArrayElement + Clone + PartialEq + Debug + Send + 'static,
    Vec<T>: Decode,
{
    let exec = Exec::from(engine);
    let cell = fresh_table(engine, &sql::column_type(&ColumnType::Array(element.clone()), engine.dialect())).await;
    for array in [values.to_vec(), Vec::new()] {
        exec.execute(format!("DELETE FROM {cell}").into()).await.unwrap();
        let bound = Value::Array(element.clone(), array.iter().cloned().map(Into::into).collect());
        exec.execute(statement(engine, &format!("INSERT INTO {cell} VALUES (0, ?)"), vec![bound])).await.unwrap();
        let read = exec.fetch_all(format!("SELECT content FROM {cell}").into(), |row| row.get::<Vec<T>>(0)).await;
        assert_eq!(read.unwrap(), [array]);
    }
}

fn timestamp(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn numbers_and_booleans_read_back_the_same() {
    on_both(async |db| {
        let engine = engine(db).await;
        round_trip(&engine, ColumnType::Boolean, &[true, false]).await;
        round_trip(&engine, ColumnType::SmallInt, &[0, i16::MIN, i16::MAX]).await;
        round_trip(&engine, ColumnType::Integer, &[0, i32::MIN, i32::MAX]).await;
        round_trip(&engine, ColumnType::BigInt, &[0, i64::MIN, i64::MAX]).await;
        round_trip(&engine, ColumnType::Real, &[0.1_f32, 0.0, f32::MIN, f32::MAX, f32::MIN_POSITIVE, 1e-7]).await;
        let doubles =
            [0.1_f64, 1.0, f64::MIN, f64::MAX, f64::MIN_POSITIVE, 5e-324, std::f64::consts::PI, f64::INFINITY];
        round_trip(&engine, ColumnType::DoublePrecision, &doubles).await;
        round_trip_array(&engine, ElementType::Boolean, &[true, false]).await;
        round_trip_array(&engine, ElementType::SmallInt, &[i16::MIN, i16::MAX]).await;
        round_trip_array(&engine, ElementType::Integer, &[i32::MIN, i32::MAX]).await;
        round_trip_array(&engine, ElementType::BigInt, &[i64::MIN, i64::MAX]).await;
        round_trip_array(&engine, ElementType::Real, &[0.1_f32, f32::MIN, f32::MAX]).await;
        round_trip_array(&engine, ElementType::DoublePrecision, &[0.1_f64, 5e-324, f64::MAX, 1.0]).await;
    });
}

// Acceptance B41.
#[test]
fn decimals_read_back_exactly_with_the_scale_of_their_column() {
    on_both(async |db| {
        let engine = engine(db).await;
        let ty = ColumnType::Numeric { precision: 15, scale: 2 };
        let decimals: Vec<Decimal> =
            ["1.10", "-0.01", "0.00", "9999999999999.99", "100.00"].map(|text| text.parse().unwrap()).to_vec();
        let cell = round_trip(&engine, ty, &decimals).await;
        let all = format!("SELECT content FROM {cell} WHERE content IS NOT NULL ORDER BY position");
        let read = Exec::from(&engine).fetch_all(all.into(), |row| row.decimal(0, 2)).await.unwrap();
        let texts: Vec<String> = read.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["1.10", "-0.01", "0.00", "9999999999999.99", "100.00"]);
        round_trip_array(&engine, ElementType::Numeric { precision: 5, scale: 2 }, &decimals[..2]).await;
    });
}

#[test]
fn texts_and_bytes_read_back_the_same() {
    on_both(async |db| {
        let engine = engine(db).await;
        let texts =
            ["", "it's", "a\"b\\c", "\u{1F980} ünï", "{}", "line\nbreak\t", "\u{FEFF}\u{10FFFF}"].map(str::to_owned);
        round_trip(&engine, ColumnType::Text, &texts).await;
        round_trip(&engine, ColumnType::Varchar { length: 20 }, &texts).await;
        round_trip(&engine, ColumnType::Bytea, &[vec![], vec![0_u8, 255, 39, 92], (0..=255).collect()]).await;
        round_trip_array(&engine, ElementType::Text, &texts).await;
        round_trip_array(&engine, ElementType::Varchar { length: 20 }, &texts).await;
        round_trip_array(&engine, ElementType::Bytea, &[vec![], vec![0_u8, 255, 16]]).await;
        let uuids = [Uuid::nil(), Uuid::max(), Uuid::from_u128(0x1234_5678_9abc_def0_0fed_cba9_8765_4321)];
        round_trip(&engine, ColumnType::Uuid, &uuids).await;
        round_trip_array(&engine, ElementType::Uuid, &uuids).await;
    });
}

// Acceptance B42 among them: an instant given with an offset reads back in UTC.
#[test]
fn dates_and_times_read_back_the_same() {
    on_both(async |db| {
        let engine = engine(db).await;
        let dates = [date("0001-01-01"), date("2020-02-29"), date("9999-12-31")];
        round_trip(&engine, ColumnType::Date, &dates).await;
        round_trip_array(&engine, ElementType::Date, &dates).await;
        let times = [time("00:00:00"), time("23:59:59.999999"), time("12:30:00.000001")];
        round_trip(&engine, ColumnType::Time, &times).await;
        round_trip_array(&engine, ElementType::Time, &times).await;
        let timestamps = [
            timestamp("0001-01-01T00:00:00"),
            timestamp("1999-12-31T23:59:59.999999"),
            timestamp("9999-12-31T23:59:59.999999"),
        ];
        round_trip(&engine, ColumnType::Timestamp, &timestamps).await;
        round_trip_array(&engine, ElementType::Timestamp, &timestamps).await;
        let instants =
            [instant("2020-01-01T00:00:00+05:00"), instant("0001-01-01T00:00:00Z"), instant("1969-07-20T20:17:40.5Z")];
        round_trip(&engine, ColumnType::Timestamptz, &instants).await;
        round_trip_array(&engine, ElementType::Timestamptz, &instants).await;
        let spans = [
            TimeDelta::zero(),
            TimeDelta::microseconds(-1),
            TimeDelta::days(400) + TimeDelta::microseconds(1),
            TimeDelta::microseconds(i64::MAX),
        ];
        round_trip(&engine, ColumnType::Interval, &spans).await;
        round_trip_array(&engine, ElementType::Interval, &spans).await;
    });
}

#[test]
fn json_reads_back_the_same_whatever_the_order_of_its_keys() {
    on_both(async |db| {
        let engine = engine(db).await;
        let documents = [
            serde_json::json!({"b": [1, 2.5, null, true], "a": {"d": "it's \" \\ \u{1F980}", "c": {}}}),
            serde_json::json!([]),
            serde_json::json!("text"),
            serde_json::json!(null),
            serde_json::json!(0.1),
            serde_json::json!(9_007_199_254_740_993_i64),
            serde_json::json!(1e300),
        ];
        round_trip(&engine, ColumnType::Json, &documents).await;
        round_trip_array(&engine, ElementType::Json, &documents).await;
    });
}

#[test]
fn enums_are_texts_of_their_own_type() {
    on_both(async |db| {
        let engine = engine(db).await;
        let exec = Exec::from(&engine);
        let genre = QualifiedName::plain("genre");
        let column = match engine.dialect() {
            sql::Dialect::Sqlite => "text CHECK (content IN ('rock', 'jazz'))",
            sql::Dialect::Postgres => {
                exec.execute("CREATE TYPE genre AS ENUM ('rock', 'jazz')".into()).await.unwrap();
                "genre"
            }
        };
        exec.execute(format!("CREATE TABLE cell (content {column})").into()).await.unwrap();
        for value in [Value::Enum("jazz".to_owned()), Value::Null, Value::Enum("rock".to_owned())] {
            exec.execute(statement(&engine, "INSERT INTO cell VALUES (?)", vec![value])).await.unwrap();
        }
        let by = statement(&engine, "SELECT content FROM cell WHERE content = ?", vec![Value::Enum("jazz".to_owned())]);
        let read = exec.fetch_all(by, |row| Ok(row.text(0)?.to_owned())).await.unwrap();
        assert_eq!(read, ["jazz"]);
        let ty = ColumnType::Enum(genre);
        let read =
            exec.fetch_all("SELECT content FROM cell WHERE content IS NOT NULL".into(), move |row| row.value(0, &ty));
        assert_eq!(read.await.unwrap(), [Value::Enum("jazz".to_owned()), Value::Enum("rock".to_owned())]);
    });
}

#[test]
fn what_no_database_can_hold_is_refused_before_any_sql() {
    on_both(async |db| {
        let engine = engine(db).await;
        let too_early = NaiveDate::from_ymd_opt(0, 12, 31).unwrap();
        let too_late = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
        let leap = NaiveTime::from_hms_nano_opt(23, 59, 59, 1_500_000_000).unwrap();
        for value in [
            Value::Text("a\0b".to_owned()),
            Value::Enum("\0".to_owned()),
            Value::Json(serde_json::json!({"a\0": 1})),
            Value::Json(serde_json::json!(["\0"])),
            Value::Real(f32::NAN),
            Value::DoublePrecision(f64::NAN),
            Value::Date(too_early),
            Value::Date(too_late),
            Value::Timestamp(too_late.into()),
            Value::Timestamptz(NaiveDateTime::from(too_early).and_utc()),
            Value::Time(leap),
            Value::Interval(TimeDelta::MAX),
            Value::Array(ElementType::Text, vec![Value::Text("\0".to_owned())]),
            Value::Array(ElementType::Text, vec![Value::Array(ElementType::Text, Vec::new())]),
        ] {
            // No such table exists, so an error of the database would be another one.
            let refused =
                Exec::from(&engine).execute(statement(&engine, "DELETE FROM nowhere WHERE a = ?", vec![value])).await;
            assert!(matches!(refused, Err(Error::InvalidValue { .. })), "{refused:?}");
        }
    });
}

#[test]
fn one_text_takes_values_of_changing_types() {
    on_both(async |db| {
        let engine = engine(db).await;
        let exec = Exec::from(&engine);
        let sql = match engine.dialect() {
            sql::Dialect::Sqlite => "SELECT ?1",
            sql::Dialect::Postgres => "SELECT $1",
        };
        for _ in 0..2 {
            for value in
                [Value::Integer(1), Value::Real(1.5), Value::BigInt(7), Value::DoublePrecision(2.5), "text".into()]
            {
                let read = exec.fetch_optional(Statement::new(sql, vec![value.clone()]), |row| row.dynamic(0)).await;
                let expected = match (engine.dialect(), value) {
                    (sql::Dialect::Sqlite, Value::Integer(number)) => Value::BigInt(number.into()),
                    (sql::Dialect::Sqlite, Value::Real(number)) => Value::DoublePrecision(number.into()),
                    (_, value) => value,
                };
                assert_eq!(read, Ok(Some(expected)));
            }
        }
    });
}

#[test]
fn a_statement_goes_on_after_the_type_of_its_column_has_changed() {
    on_both(async |db| {
        let engine = Engine::builder(db.url()).max_connections(1).connect().await.unwrap();
        let exec = Exec::from(&engine);
        let read = || exec.fetch_all("SELECT a FROM t".into(), |row| row.get::<i64>(0));
        for statement in ["CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)"] {
            exec.execute(statement.into()).await.unwrap();
        }
        assert_eq!(read().await, Ok(vec![1]));
        let alter: &[&str] = match engine.dialect() {
            sql::Dialect::Sqlite => &["DROP TABLE t", "CREATE TABLE t (a bigint)", "INSERT INTO t VALUES (1)"],
            sql::Dialect::Postgres => &["ALTER TABLE t ALTER a TYPE bigint"],
        };
        for statement in alter {
            exec.execute((*statement).into()).await.unwrap();
        }
        assert_eq!(read().await, Ok(vec![1]));
    });
}

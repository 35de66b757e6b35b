//! The same mistake is the same kind of error on both engines.

use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Exec, Value, ddl};
use piccolo_tests::on_both;

use super::tables::Owner;
use super::{engine, statement};

/// A table with a constraint of every kind, made by the product's own DDL.
async fn schema(engine: &Engine) {
    let text = r#"
        table Manager { name: Varchar(length = 5, unique) }
        table Band {
            name: Varchar(length = 5)
            manager: ForeignKey(Manager)
            popularity: SmallInt(default = 0)
            price: Numeric(precision = 5, scale = 2, default = 0)
            genre: Genre(default = rock)
            seen: Date(null)
            active: Boolean(default = true)
            unique(name, popularity)
            check("popularity >= 0", name = "band_popularity_positive")
        }
        enum Genre { rock, jazz }
    "#;
    let schema = piccolo_codegen::schema_from_str("schema.piccolo", text).unwrap().schema;
    let statements = ddl::create_schema(&schema, engine.dialect()).unwrap();
    Exec::from(engine).execute_batch(&statements).await.unwrap();
    let data = ["INSERT INTO manager (name) VALUES ('Guido')", "INSERT INTO band (name, manager) VALUES ('one', 1)"];
    Exec::from(engine).execute_batch(&data.map(str::to_owned)).await.unwrap();
}

/// What an error says, without the texts that are the engine's own.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other kinds have nothing that this table compares")]
fn essence(error: &Error) -> String {
    match error {
        Error::UniqueViolation { table, columns, .. } => format!("unique {table:?} {columns:?}"),
        Error::NotNullViolation { table, column } => format!("not null {table:?} {column}"),
        Error::CheckViolation { constraint, .. } => format!("check {constraint:?}"),
        other => other.kind().to_owned(),
    }
}

#[test]
fn every_mistake_is_one_kind_of_error() {
    let cases: [(&str, Vec<Value>, &str); 19] = [
        ("INSERT INTO manager (name) VALUES ('Guido')", vec![], r#"unique Some("manager") ["name"]"#),
        ("INSERT INTO manager (id, name) VALUES (1, 'x')", vec![], r#"unique Some("manager") ["id"]"#),
        ("INSERT INTO band (name, manager) VALUES ('one', 1)", vec![], r#"unique Some("band") ["name", "popularity"]"#),
        ("INSERT INTO band (name, manager) VALUES (NULL, 1)", vec![], r#"not null Some("band") name"#),
        ("UPDATE band SET popularity = NULL", vec![], r#"not null Some("band") popularity"#),
        ("UPDATE band SET popularity = -1", vec![], r#"check Some("band_popularity_positive")"#),
        ("INSERT INTO band (name, manager) VALUES ('two', 9)", vec![], "ForeignKeyViolation"),
        ("INSERT INTO band (name, manager) VALUES ('two', 9) RETURNING id", vec![], "ForeignKeyViolation"),
        ("DELETE FROM manager", vec![], "ForeignKeyViolation"),
        ("INSERT INTO manager (name) VALUES ('longer')", vec![], "InvalidValue"),
        ("INSERT INTO manager (name) VALUES (?)", vec!["longer".into()], "InvalidValue"),
        ("UPDATE band SET popularity = 40000", vec![], "InvalidValue"),
        ("UPDATE band SET price = 12345.67", vec![], "InvalidValue"),
        ("UPDATE band SET genre = 'polka'", vec![], "InvalidValue"),
        ("UPDATE band SET genre = ?", vec![Value::Enum("polka".to_owned())], "InvalidValue"),
        ("UPDATE band SET seen = '2020-02-30'", vec![], "InvalidValue"),
        ("SELECT * FROM nowhere", vec![], "Database"),
        ("SELECT nothing FROM band", vec![], "Database"),
        ("SELEKT", vec![], "Database"),
    ];
    on_both(async |db| {
        let engine = engine(db).await;
        schema(&engine).await;
        for (sql, args, expected) in cases.clone() {
            let exec = Exec::from(&engine);
            let run = exec.execute(statement(&engine, sql, args.clone())).await.unwrap_err();
            assert_eq!(essence(&run), expected, "{sql}: {run:?}");
            let fetched = exec.fetch_all(statement(&engine, sql, args.clone()), |_| Ok(())).await.unwrap_err();
            assert_eq!(essence(&fetched), expected, "{sql}: {fetched:?}");
            let first = exec.fetch_optional(statement(&engine, sql, args.clone()), |_| Ok(())).await.unwrap_err();
            assert_eq!(essence(&first), expected, "{sql}: {first:?}");
            let text = statement(&engine, sql, args.clone()).sql;
            let each = exec.execute_each(text, vec![args]).await.unwrap_err();
            assert_eq!(essence(&each), expected, "{sql}: {each:?}");
        }
        let rows = Exec::from(&engine).fetch_all("SELECT name FROM band".into(), |row| row.get::<String>(0)).await;
        assert_eq!(rows, Ok(vec!["one".to_owned()]));
    });
}

#[test]
fn a_table_that_is_not_there_comes_with_the_ways_to_make_it() {
    on_both(async |db| {
        let engine = engine(db).await;
        let (words, code) = match engine.dialect() {
            Dialect::Sqlite => ("no such table: owner", "1"),
            Dialect::Postgres => ("relation \"owner\" does not exist", "42P01"),
        };
        let way_out = "`forwards` runs the migrations, and `create_table()` makes a table without them";
        for error in [
            Owner::select(Owner.name).run(&engine).await.unwrap_err(),
            Owner::insert([Owner::new("one")]).run(&engine).await.unwrap_err(),
            Owner::update().set(Owner.rank, 1).force().run(&engine).await.unwrap_err(),
            Owner::delete().force().run(&engine).await.unwrap_err(),
        ] {
            let text = error.to_string();
            assert!(matches!(&error, Error::Database { code: Some(found), .. } if found == code), "{error:?}");
            assert!(text.contains(words) && text.contains(way_out), "{text}");
        }
    });
}

#[test]
fn an_invalid_value_names_its_column_on_sqlite() {
    piccolo_tests::on(Dialect::Sqlite, async |db| {
        let engine = engine(db).await;
        schema(&engine).await;
        for (sql, column) in [
            ("INSERT INTO manager (name) VALUES ('longer')", "name"),
            ("UPDATE band SET popularity = 40000", "popularity"),
            ("UPDATE band SET popularity = 'x'", "band.popularity"),
            ("UPDATE band SET price = 1.234", "price"),
            ("UPDATE band SET active = 2", "active"),
        ] {
            let error = Exec::from(&engine).execute(sql.into()).await.unwrap_err();
            assert!(matches!(&error, Error::InvalidValue { target, .. } if target == column), "{sql}: {error:?}");
        }
    });
}

#[test]
fn a_wrong_number_of_values_is_an_error() {
    on_both(async |db| {
        let engine = engine(db).await;
        for args in [vec![], vec![Value::BigInt(1), Value::BigInt(2)]] {
            let wrong = statement(&engine, "SELECT 1 WHERE 1 = ?", vec![Value::BigInt(1)]);
            let wrong = piccolo_runtime::Statement::new(wrong.sql, args);
            let error = Exec::from(&engine).fetch_all(wrong, |_| Ok(())).await.unwrap_err();
            assert!(matches!(error, Error::Usage { .. }), "{error:?}");
        }
    });
}

#[test]
fn a_cell_that_is_something_else_is_a_decode_error_with_its_column() {
    on_both(async |db| {
        let engine = engine(db).await;
        let exec = Exec::from(&engine);
        let select = "SELECT 'text' AS words, 3000000000 AS big, NULL AS gap";
        let beyond = exec.fetch_all(select.into(), |row| row.get::<i32>(1).map(drop)).await;
        assert!(matches!(&beyond, Err(Error::InvalidValue { target, .. }) if target == "big"), "{beyond:?}");
        let errors = [
            exec.fetch_all(select.into(), |row| row.get::<i64>(0).map(drop)).await,
            exec.fetch_all(select.into(), |row| row.get::<String>(2).map(drop)).await,
            exec.fetch_all(select.into(), |row| row.get::<String>(9).map(drop)).await,
            exec.fetch_all(select.into(), |row| row.get::<Option<bool>>(0).map(drop)).await,
        ];
        for (error, expected) in errors.into_iter().zip(["words", "gap", "9", "words"]) {
            assert!(matches!(&error, Err(Error::Decode { column, .. }) if column == expected), "{error:?}");
        }
    });
}

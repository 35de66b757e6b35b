//! Columns that change their type: values survive whole, or the change is refused.

use piccolo_runtime::Error;
use piccolo_runtime::schema::ColumnType;
use piccolo_tests::on_both;

use super::{column, lively, refused, shape, surroundings};
use crate::fixture;
use crate::fixture::tables::{Band, Sample};

#[test]
fn values_that_fit_are_converted_and_others_are_refused() {
    on_both(async |db| {
        let engine = lively(db).await;
        let before = surroundings(db).await;
        let retype = async |ty: ColumnType| {
            Band::alter().drop_default(Band.popularity).set_column_type(Band.popularity, ty).run(&engine).await
        };
        retype(ColumnType::Text).await.unwrap();
        assert_eq!(db.text("SELECT popularity FROM band WHERE id = 1").await, "1000");
        db.execute("UPDATE band SET popularity = '12x' WHERE id = 1").await;
        let live = shape(&engine).await;
        for ty in [
            ColumnType::Integer,
            ColumnType::Varchar { length: 2 },
            ColumnType::Uuid,
            ColumnType::Boolean,
            ColumnType::Date,
        ] {
            let error = retype(ty.clone()).await.unwrap_err();
            assert!(matches!(error, Error::InvalidValue { .. }), "{ty:?}: {error:?}");
        }
        assert_eq!(shape(&engine).await, live);
        assert_eq!(db.text("SELECT popularity FROM band WHERE id = 1").await, "12x");
        db.execute("UPDATE band SET popularity = '12' WHERE id = 1").await;
        retype(ColumnType::DoublePrecision).await.unwrap_err();
        retype(ColumnType::Integer).await.unwrap();
        db.execute("UPDATE band SET popularity = popularity + 1").await;
        assert_eq!(db.text("SELECT popularity FROM band WHERE id = 1").await, "13");
        retype(ColumnType::DoublePrecision).await.unwrap();
        db.execute("UPDATE band SET popularity = 1.5 WHERE id = 1").await;
        // Rounding would be silent.
        for ty in [ColumnType::Integer, ColumnType::Numeric { precision: 5, scale: 0 }] {
            let error = retype(ty.clone()).await.unwrap_err();
            assert!(matches!(error, Error::InvalidValue { .. }), "{ty:?}: {error:?}");
        }
        retype(ColumnType::Numeric { precision: 6, scale: 1 }).await.unwrap();
        assert_eq!(db.text("SELECT popularity FROM band WHERE id = 1").await, "1.5");
        assert_eq!(surroundings(db).await, before);
    });
}

#[test]
fn a_length_never_cuts() {
    on_both(async |db| {
        let engine = lively(db).await;
        let error = Band::alter().set_length(Band.name, 10).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::InvalidValue { .. }), "{error:?}");
        // Nor does it cut off spaces, which Postgres' own cast does.
        db.execute(
            "UPDATE band SET name = 'Rust      ' || '  ' WHERE id = 2; UPDATE band SET name = 'Python' WHERE id = 1",
        )
        .await;
        let error = Band::alter().set_length(Band.name, 10).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::InvalidValue { .. }), "{error:?}");
        Band::alter().set_length(Band.name, 12).run(&engine).await.unwrap();
        assert_eq!(db.text("SELECT length(name) FROM band WHERE id = 2").await, "12");
        let message = refused(Band::alter().set_length(Band.popularity, 12).run(&engine).await.unwrap_err());
        assert!(message.starts_with("`popularity` of `band` is no Varchar"), "{message}");
        refused(Band::alter().set_length(Band.name, 0).run(&engine).await.unwrap_err());
    });
}

#[test]
fn an_expression_gives_the_values_where_nothing_converts() {
    on_both(async |db| {
        let engine = lively(db).await;
        let before = surroundings(db).await;
        let message = refused(Band::alter().set_column_type("name", ColumnType::Json).run(&engine).await.unwrap_err());
        assert!(message.contains("`set_column_type_using` takes an expression"), "{message}");
        Band::alter()
            .drop_default(Band.popularity)
            .set_column_type_using(Band.popularity, ColumnType::Varchar { length: 20 }, "name || '!'")
            .run(&engine)
            .await
            .unwrap();
        assert_eq!(db.text("SELECT popularity FROM band WHERE id = 1").await, "Pythonistas!");
        let error = Band::alter()
            .set_column_type_using(Band.popularity, ColumnType::Varchar { length: 5 }, "name")
            .run(&engine)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::InvalidValue { .. }), "{error:?}");
        let error = Band::alter()
            .set_column_type_using(Band.popularity, ColumnType::Integer, "length(name) + 0.5")
            .run(&engine)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::InvalidValue { .. }), "{error:?}");
        Band::alter()
            .set_column_type_using(Band.popularity, ColumnType::Integer, "length(name)")
            .set_default(Band.popularity, 1)
            .run(&engine)
            .await
            .unwrap();
        assert_eq!(db.text("SELECT sum(popularity) FROM band").await, "28");
        assert_eq!(surroundings(db).await, before);
    });
}

#[test]
fn a_default_or_a_foreign_key_of_another_kind_keeps_the_type() {
    on_both(async |db| {
        let engine = fixture::d3(db).await;
        let before = shape(&engine).await;
        let message =
            refused(Band::alter().set_column_type(Band.popularity, ColumnType::Text).run(&engine).await.unwrap_err());
        assert!(message.contains("`drop_default` before the change"), "{message}");
        let message =
            refused(Band::alter().set_column_type(Band.manager, ColumnType::Text).run(&engine).await.unwrap_err());
        assert!(message.contains("is tied to another column by a foreign key"), "{message}");
        refused(Band::alter().set_column_type(Band.id, ColumnType::Text).run(&engine).await.unwrap_err());
        assert_eq!(shape(&engine).await, before);
        Band::alter().set_column_type(Band.manager, ColumnType::Integer).run(&engine).await.unwrap();
        assert_eq!(Band::count().where_(Band.manager.name.eq("Guido")).run(&engine).await.unwrap(), 1);
    });
}

#[test]
fn a_default_fits_its_column() {
    on_both(async |db| {
        let engine = fixture::connect(db).await;
        Sample::create_table().run(&engine).await.unwrap();
        Sample::alter()
            .set_default(Sample.letter, "b")
            .set_default(Sample.price, 7)
            .set_default(Sample.day, "1999-12-31")
            .set_default(Sample.words, "it's \"new\"")
            .run(&engine)
            .await
            .unwrap();
        db.execute("INSERT INTO sample (moment) VALUES (NULL)").await;
        let row = Sample::objects().first().run(&engine).await.unwrap().unwrap();
        assert_eq!(
            (row.words.as_str(), row.price.to_string(), row.day.to_string()),
            ("it's \"new\"", "7.00".to_owned(), "1999-12-31".to_owned())
        );
        assert_eq!(format!("{:?}", row.letter), "B");
        let live = shape(&engine).await;
        for alter in
            [Sample::alter().set_default(Sample.letter, "zzz"), Sample::alter().set_default(Sample.price, 1_000)]
        {
            let error = alter.run(&engine).await.unwrap_err();
            assert!(matches!(error, Error::InvalidValue { .. }), "{error:?}");
        }
        refused(Sample::alter().set_default(Sample.id, 1).run(&engine).await.unwrap_err());
        assert_eq!(shape(&engine).await, live);
        assert!(column_default(&engine, "letter").await.contains('b'));
    });
}

async fn column_default(engine: &piccolo_runtime::Engine, name: &str) -> String {
    let sample = super::table(engine, "sample").await;
    sample.column(name).and_then(|column| column.default.clone()).unwrap()
}

#[test]
fn types_that_are_stored_alike_are_told_apart() {
    on_both(async |db| {
        let engine = fixture::d3(db).await;
        // The schema says Integer, the live table SmallInt by now.
        Band::alter().set_column_type(Band.popularity, ColumnType::SmallInt).run(&engine).await.unwrap();
        assert!(db.try_execute("UPDATE band SET popularity = 40000").await.is_err());
        Band::alter().set_column_type(Band.popularity, ColumnType::Integer).run(&engine).await.unwrap();
        db.execute("UPDATE band SET popularity = 40000").await;
        let error =
            Band::alter().set_column_type(Band.popularity, ColumnType::SmallInt).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::InvalidValue { .. }), "{error:?}");
        assert!(!column(&engine, "popularity").await.null);
    });
}

//! Indexes made, listed and dropped at run time.

use piccolo_runtime::Error;
use piccolo_runtime::schema::{Column, ColumnType, IndexMethod};
use piccolo_runtime::sql::Dialect;
use piccolo_tests::on_both;

use super::{refused, shape};
use crate::fixture;
use crate::fixture::tables::{Band, Venue};

#[test]
fn d03_an_index_is_created_listed_and_dropped_and_a_hash_index_is_refused_where_there_is_none() {
    on_both(async |db| {
        let engine = fixture::connect(db).await;
        Venue::create_table().run(&engine).await.unwrap();
        Venue::create_index((Venue.name,)).run(&engine).await.unwrap();
        let listed = Venue::indexes().run(&engine).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(
            (listed[0].name.as_str(), listed[0].columns(), listed[0].unique),
            ("venue_name_idx", vec!["name"], false)
        );
        let message = refused(Venue::create_index(Venue.name).run(&engine).await.unwrap_err());
        assert!(message.contains("`venue_name_idx`, because that name exists already"), "{message}");
        Venue::create_index(Venue.name).if_not_exists().run(&engine).await.unwrap();
        Venue::drop_index("venue_name_idx").run(&engine).await.unwrap();
        assert!(Venue::indexes().run(&engine).await.unwrap().is_empty());

        let hash = Venue::create_index((Venue.name,)).method(IndexMethod::Hash).run(&engine).await;
        match db.dialect() {
            Dialect::Sqlite => {
                // Before any SQL: also where there is no table to speak of.
                Venue::drop_table().run(&engine).await.unwrap();
                let nowhere = Venue::create_index((Venue.name,)).method(IndexMethod::Hash).run(&engine).await;
                for refused in [hash, nowhere] {
                    assert!(matches!(&refused, Err(Error::Unsupported { engine: "sqlite", .. })), "{refused:?}");
                }
            }
            Dialect::Postgres => {
                hash.unwrap();
                assert_eq!(Venue::indexes().run(&engine).await.unwrap()[0].method.as_deref(), Some("hash"));
            }
        }
    });
}

#[test]
fn an_index_has_an_order_a_condition_and_expressions() {
    on_both(async |db| {
        let engine = fixture::connect(db).await;
        Venue::create_table().run(&engine).await.unwrap();
        Venue::create_index((Venue.capacity.desc(), Venue.name)).where_sql("capacity > 0").run(&engine).await.unwrap();
        Venue::create_index(["name", "capacity"]).unique().name("pairs").run(&engine).await.unwrap();
        let none: [&str; 0] = [];
        Venue::create_index(none).expression("lower(name)").name("folded").run(&engine).await.unwrap();
        let listed = Venue::indexes().run(&engine).await.unwrap();
        let names: Vec<_> = listed.iter().map(|index| (index.name.as_str(), index.columns(), index.unique)).collect();
        // On Postgres a varchar is folded as a text.
        let folded = names[0].1[0];
        assert!(folded.starts_with("lower("), "{folded}");
        assert_eq!(
            names[1..],
            [("pairs", vec!["name", "capacity"], true), ("venue_capacity_name_idx", vec!["capacity", "name"], false)]
        );
        assert!(listed[2].keys[0].descending && listed[2].predicate.is_some());
        Venue::insert([Venue::new("Hall")]).run(&engine).await.unwrap();
        let twice = Venue::insert([Venue::new("Hall")]).run(&engine).await.unwrap_err();
        assert!(matches!(twice, Error::UniqueViolation { .. }), "{twice:?}");

        // By columns, the one with these columns is meant.
        Venue::drop_index((Venue.capacity, Venue.name)).run(&engine).await.unwrap();
        Venue::drop_index(["name", "capacity"]).run(&engine).await.unwrap();
        let message = refused(Venue::drop_index(Venue.name).run(&engine).await.unwrap_err());
        assert_eq!(message, "`venue` has no index by these columns; it has `folded`");
        let message = refused(Venue::drop_index("foldde").run(&engine).await.unwrap_err());
        assert_eq!(message, "`venue` has no index `foldde`; it has `folded`");
        Venue::drop_index("foldde").if_exists().run(&engine).await.unwrap();
        Venue::drop_index("folded").run(&engine).await.unwrap();
        assert!(Venue::indexes().run(&engine).await.unwrap().is_empty());
    });
}

#[test]
fn an_index_by_what_is_no_column_is_refused() {
    on_both(async |db| {
        let engine = fixture::d3(db).await;
        let before = shape(&engine).await;
        let error = Band::create_index(["nam"]).run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::UnknownColumn { nearest, .. } if nearest == &["name"]), "{error:?}");
        let none: [&str; 0] = [];
        assert_eq!(
            refused(Band::create_index(none).run(&engine).await.unwrap_err()),
            "an index of `band` needs a column"
        );
        refused(Band::create_index(Band.manager.name.desc()).run(&engine).await.unwrap_err());
        refused(Band::create_index(Band.name.desc().nulls_last()).run(&engine).await.unwrap_err());
        let twice = Band::create_index(Band.popularity).unique();
        Band::insert([Band::new("Same").popularity(1000)]).run(&engine).await.unwrap();
        let error = twice.run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::UniqueViolation { .. }), "{error:?}");
        assert_eq!(shape(&engine).await, before);
        // A column that only the database knows is as good.
        Band::alter().add_column(Column::new("label", ColumnType::Text).null()).run(&engine).await.unwrap();
        Band::create_index("label").run(&engine).await.unwrap();
        Band::drop_index(["label"]).run(&engine).await.unwrap();
        assert_eq!(
            Band::create_index((Band.popularity.desc(), Band.manager)).unique().to_string(),
            r#"CREATE UNIQUE INDEX "band_popularity_manager_key" ON "band" ("popularity" DESC, "manager")"#
        );
        assert_eq!(Band::drop_index(Band.name).to_string(), r#"DROP INDEX "band_name_idx""#);
    });
}

//! Every kind of change over a lively table: the rows stay, and so does everything around them.

use piccolo_runtime::query::Alter;
use piccolo_runtime::schema::{Check, Column, ColumnType, Default, ForeignKey, ForeignKeyAction, Unique};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error};
use piccolo_tests::{TestDb, on, on_both};

use super::{column, lively, refused, shape, surroundings, table};
use crate::fixture;
use crate::fixture::tables::{Band, Manager};

/// Alters bands, and makes sure that nothing around them changed.
async fn alter(db: &TestDb, engine: &Engine, alter: Alter<Band>) {
    let before = surroundings(db).await;
    let shown = alter.to_string();
    alter.run(engine).await.unwrap_or_else(|error| panic!("{error:?}\nin {shown}"));
    assert_eq!(surroundings(db).await, before, "{shown}");
}

/// Row D04. (On Postgres as well.)
#[test]
fn d04_names_nulls_uniqueness_types_defaults_and_constraints_change_while_rows_children_and_indexes_stay() {
    on_both(async |db| {
        let engine = lively(db).await;
        let sqlite = db.dialect() == Dialect::Sqlite;

        alter(db, &engine, Band::alter().set_null(Band.name, true)).await;
        assert!(column(&engine, "name").await.null);
        alter(db, &engine, Band::alter().set_null(Band.name, false)).await;
        assert!(!column(&engine, "name").await.null);

        alter(db, &engine, Band::alter().set_unique(Band.name, true)).await;
        assert_eq!(table(&engine, "band").await.uniques[0].name.as_deref(), Some("band_name_key"));
        let twice = Band::insert([Band::new("Pythonistas")]).run(&engine).await.unwrap_err();
        assert!(matches!(twice, Error::UniqueViolation { .. }), "{twice:?}");
        alter(db, &engine, Band::alter().set_unique(Band.name, false)).await;
        assert!(table(&engine, "band").await.uniques.is_empty());

        alter(db, &engine, Band::alter().set_column_type(Band.popularity, ColumnType::BigInt)).await;
        db.execute("UPDATE band SET popularity = 5000000000 WHERE name = 'CSharps'").await;
        alter(db, &engine, Band::alter().set_length(Band.name, 12)).await;
        assert!(db.try_execute("UPDATE band SET name = 'More than twelve' WHERE id = 1").await.is_err());

        alter(db, &engine, Band::alter().set_default(Band.popularity, 77)).await;
        assert_eq!(column(&engine, "popularity").await.default.as_deref(), Some("77"));
        alter(db, &engine, Band::alter().drop_default(Band.popularity)).await;
        assert_eq!(column(&engine, "popularity").await.default, None);

        let key = ForeignKey::new(["popularity"], "band", ["id"]).named("odd_fkey");
        let broken = Band::alter().add_constraint(key).run(&engine).await.unwrap_err();
        assert!(
            matches!(&broken, Error::ForeignKeyViolation { table: Some(table), constraint: Some(name), .. } if table == "band" && name == "odd_fkey"),
            "{broken:?}"
        );
        alter(db, &engine, Band::alter().add_constraint(Check::new("popularity >= 0").named("band_liked"))).await;
        alter(db, &engine, Band::alter().add_constraint(Unique::on(["name", "popularity"]))).await;
        alter(db, &engine, Band::alter().drop_constraint("band_manager_fkey")).await;
        let key = ForeignKey::new(["manager"], "manager", ["id"]).on_delete(ForeignKeyAction::SetNull);
        alter(db, &engine, Band::alter().add_constraint(key)).await;
        let live = table(&engine, "band").await;
        assert_eq!(live.foreign_keys[0].name.as_deref(), Some("band_manager_fkey"));
        assert_eq!(live.foreign_keys[0].on_delete, ForeignKeyAction::SetNull);
        assert_eq!(live.uniques[0].name.as_deref(), Some("band_name_popularity_key"));
        let names: Vec<_> = live.checks.iter().filter_map(|check| check.name.as_deref()).collect();
        let mut expected = vec!["band_liked"];
        if sqlite {
            expected.push("piccolo:length:name");
        }
        assert_eq!(names, expected);
        alter(db, &engine, Band::alter().drop_constraint("band_liked").drop_constraint("band_name_popularity_key"))
            .await;

        // The key's own counter goes on where it was, also for keys that are gone.
        db.execute("INSERT INTO band (name, popularity) VALUES ('Newcomers', 1)").await;
        let key: i64 = db.text("SELECT id FROM band WHERE name = 'Newcomers'").await.parse().unwrap();
        // (On Postgres an insert that failed has taken a number, too.)
        assert!(key > 4, "{key}");
        Manager::delete().where_(Manager.name.eq("Guido")).run(&engine).await.unwrap();
        assert_eq!(db.text("SELECT manager FROM band WHERE id = 1").await, "NULL");
        if sqlite {
            assert_eq!(db.text("SELECT words FROM log").await, key.to_string());
        }
    });
}

#[test]
fn columns_are_added_with_what_existing_rows_need() {
    on_both(async |db| {
        let engine = lively(db).await;
        let members = Column::new("members", ColumnType::Integer).with_default(4);
        let label = Column::new("label", ColumnType::Varchar { length: 5 }).null().with_doc("Who prints it's records.");
        alter(db, &engine, Band::alter().add_column(members).add_column(label)).await;
        alter(
            db,
            &engine,
            Band::alter().add_column(Column::new("born", ColumnType::Timestamptz).with_default(Default::Now)),
        )
        .await;
        alter(
            db,
            &engine,
            Band::alter().add_column(Column::new("mark", ColumnType::Uuid).with_default(Default::Uuid4)),
        )
        .await;
        alter(db, &engine, Band::alter().add_column(Column::new("seen", ColumnType::Date).with_default("2020-05-17")))
            .await;
        assert_eq!(db.text("SELECT sum(members) FROM band WHERE label IS NULL AND born IS NOT NULL").await, "12");
        assert_eq!(db.text("SELECT count(DISTINCT mark) FROM band").await, "3");
        assert_eq!(db.text("SELECT min(CAST(seen AS text)) FROM band").await, "2020-05-17");
        // The schema's own columns are read and written as before.
        assert_eq!(Band::count().run(&engine).await.unwrap(), 3);
        assert!(db.try_execute("UPDATE band SET label = 'too long'").await.is_err());
        // A new name is as good as one of the schema, and a fitting one as good as a typed one.
        alter(db, &engine, Band::alter().set_unique("label", true).rename_column("members", "people")).await;
        alter(db, &engine, Band::alter().drop_column("people").drop_column("mark").drop_column("born")).await;
        assert_eq!(
            table(&engine, "band").await.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(),
            ["id", "name", "manager", "popularity", "label", "seen"]
        );
    });
}

#[test]
fn a_column_that_takes_no_nulls_and_has_no_default_is_added_to_an_empty_table_alone() {
    on_both(async |db| {
        let engine = fixture::empty(db).await;
        let members = || Band::alter().add_column(Column::new("members", ColumnType::Integer));
        Band::insert([Band::new("Pythonistas")]).run(&engine).await.unwrap();
        let before = shape(&engine).await;
        let error = members().run(&engine).await.unwrap_err();
        assert!(
            matches!(&error, Error::NotNullViolation { table: Some(table), column } if table == "band" && column == "members"),
            "{error:?}"
        );
        assert_eq!(shape(&engine).await, before);
        Band::delete().force().run(&engine).await.unwrap();
        members().run(&engine).await.unwrap();
        assert!(!column(&engine, "members").await.null);
    });
}

#[test]
fn a_new_column_that_makes_no_sense_is_refused_before_any_change() {
    on_both(async |db| {
        let engine = fixture::d3(db).await;
        let before = shape(&engine).await;
        let add = async |column: Column| Band::alter().add_column(column).run(&engine).await.unwrap_err();
        let message = refused(add(Column::new("popularity", ColumnType::Integer).null()).await);
        assert_eq!(message, "`band` has a column `popularity` already");
        let message = refused(add(Column::new("number", ColumnType::Serial)).await);
        assert!(message.contains("cannot count itself up"), "{message}");
        refused(add(Column::new("", ColumnType::Text).null()).await);
        refused(add(Column::new("x".repeat(64), ColumnType::Text).null()).await);
        for (ty, default) in [
            (ColumnType::Varchar { length: 3 }, Default::from("long")),
            (ColumnType::SmallInt, Default::from(40_000)),
            (ColumnType::Date, Default::from("yesterday")),
            (ColumnType::Boolean, Default::from("maybe")),
            (ColumnType::Integer, Default::from("7")),
            (ColumnType::Json, Default::from("{")),
        ] {
            let error = add(Column::new("other", ty.clone()).with_default(default)).await;
            assert!(matches!(error, Error::InvalidValue { .. }), "{ty:?}: {error:?}");
        }
        assert_eq!(shape(&engine).await, before);
    });
}

#[test]
fn a_name_that_is_no_column_is_told_with_the_nearest_before_any_change() {
    on_both(async |db| {
        let engine = fixture::d3(db).await;
        let before = shape(&engine).await;
        for alter in [
            Band::alter().drop_column("popularty"),
            Band::alter().rename_column("popularty", "x"),
            Band::alter().set_null("popularty", true),
            Band::alter().set_unique(String::from("popularty"), true),
            Band::alter().set_default(String::from("popularty"), 1),
            Band::alter().drop_default("popularty"),
            Band::alter().set_column_type("popularty", ColumnType::Text),
            Band::alter().set_length("popularty", 1),
            Band::alter().add_constraint(Unique::on(["popularty"])),
            Band::alter().set_null(Band.name, true).drop_column("popularty"),
            // The second change would have to see what the first one did.
            Band::alter().rename_column(Band.popularity, "popularity_2").drop_column("popularty"),
        ] {
            let shown = alter.to_string();
            let error = alter.run(&engine).await.unwrap_err();
            let Error::UnknownColumn { name, table, nearest } = &error else { panic!("{error:?}") };
            assert_eq!((name.as_str(), table.as_str()), ("popularty", "Band"));
            assert!(nearest[0].starts_with("popularity"), "{error:?}");
            assert!(shown.starts_with("-- `popularty` is not a column of `Band`"), "{shown}");
        }
        assert_eq!(shape(&engine).await, before);
    });
}

#[test]
fn several_changes_are_one_or_none() {
    on_both(async |db| {
        let engine = lively(db).await;
        Band::alter()
            .rename_column(Band.popularity, "rating")
            .set_default("rating", 3)
            .add_column(Column::new("members", ColumnType::Integer).with_default(1))
            .set_unique(Band.name, true)
            .rename_column("members", "people")
            .set_null("people", true)
            .run(&engine)
            .await
            .unwrap();
        assert_eq!(column(&engine, "rating").await.default.as_deref(), Some("3"));
        assert!(column(&engine, "people").await.null);
        let before = (shape(&engine).await, surroundings(db).await);
        db.execute("UPDATE band SET people = 2").await;
        let failed = Band::alter()
            .rename_column("rating", "popularity")
            .set_null("manager", false)
            .set_default(Band.name, "Nobody")
            .set_unique("people", true)
            .run(&engine)
            .await
            .unwrap_err();
        assert!(matches!(&failed, Error::UniqueViolation { table: Some(table), .. } if table == "band"), "{failed:?}");
        assert_eq!((shape(&engine).await, surroundings(db).await), before);
    });
}

#[test]
fn a_renamed_column_is_named_by_the_errors_of_its_type() {
    on(Dialect::Sqlite, async |db| {
        let engine = lively(db).await;
        alter(db, &engine, Band::alter().rename_column(Band.popularity, "rating")).await;
        let error = db.try_execute("UPDATE band SET rating = 5000000000").await.unwrap_err();
        assert!(error.contains("piccolo:range:rating"), "{error}");
        alter(db, &engine, Band::alter().rename_column("rating", "popularity")).await;
        assert!(Band::alter().run(&engine).await.is_ok());
    });
}

#[test]
fn a_renamed_table_is_followed_by_the_keys_that_point_to_it() {
    on_both(async |db| {
        let engine = lively(db).await;
        Band::alter().rename_table("group").set_default("popularity", 5).run(&engine).await.unwrap();
        assert_eq!(table(&engine, "fan").await.foreign_keys[0].target.name, "group");
        assert_eq!(db.text("SELECT count(*) FROM fan").await, "3");
        assert_eq!(db.text("SELECT count(*) FROM \"group\"").await, "3");
        let message = refused(Band::alter().set_null(Band.name, true).run(&engine).await.unwrap_err());
        assert!(message.starts_with("the database has no table `band`"), "{message}");
        let message = refused(Manager::alter().rename_table("group").run(&engine).await.unwrap_err());
        assert_eq!(message, "`manager` cannot be renamed to `group`, which exists already");
    });
}

/// A live table may hold what the schema language cannot say.
#[test]
fn words_that_the_schema_does_not_know_stay_in_a_rebuilt_table() {
    on(Dialect::Sqlite, async |db| {
        let engine = fixture::connect(db).await;
        db.execute(
            "CREATE TABLE venue (
                id INTEGER PRIMARY KEY, -- counts by itself
                name TEXT COLLATE NOCASE NOT NULL ON CONFLICT IGNORE DEFAULT ('a' || 'b'),
                capacity INTEGER DEFAULT -1 CHECK (capacity <> 13) CONSTRAINT odd UNIQUE ON CONFLICT REPLACE,
                twice INTEGER GENERATED ALWAYS AS (capacity * 2) STORED,
                \"odd name\" BLOB DEFAULT x'00ff',
                UNIQUE (name COLLATE BINARY DESC, capacity)
             );
             INSERT INTO venue (id, name, capacity) VALUES (3, 'Hall', 5), (7, 'Barn', 6);
             CREATE TABLE keyed (name TEXT PRIMARY KEY, capacity INTEGER);",
        )
        .await;
        use crate::fixture::tables::Venue;
        let before = table(&engine, "venue").await;
        Venue::alter().set_default("odd name", Default::Bytes(vec![1].into())).run(&engine).await.unwrap();
        let mut after = table(&engine, "venue").await;
        assert_eq!(after.column("odd name").unwrap().default.as_deref(), Some("X'01'"));
        after.columns[4].default.clone_from(&before.columns[4].default);
        assert_eq!(after, before);
        assert_eq!(db.text("SELECT group_concat(id || name || twice) FROM venue").await, "3Hall10,7Barn12");
        // A unique constraint without a name is found by its column.
        db.execute("DROP TABLE venue; CREATE TABLE venue (id INTEGER PRIMARY KEY, name TEXT UNIQUE, capacity INTEGER, UNIQUE (capacity))").await;
        Venue::alter().set_unique(Venue.name, false).set_unique(Venue.capacity, false).run(&engine).await.unwrap();
        assert!(table(&engine, "venue").await.uniques.is_empty());
        // Rows without a key of their own keep their numbers.
        db.execute("DROP TABLE venue; CREATE TABLE venue (id TEXT PRIMARY KEY, name TEXT, capacity INTEGER); INSERT INTO venue (rowid, id) VALUES (41, 'x')").await;
        Venue::alter().set_unique(Venue.name, true).run(&engine).await.unwrap();
        assert_eq!(db.text("SELECT rowid FROM venue").await, "41");
    });
}

#[test]
fn a_view_that_needs_a_dropped_column_keeps_it() {
    on_both(async |db| {
        let engine = fixture::d3(db).await;
        db.execute("CREATE VIEW names AS SELECT name FROM band").await;
        let before = shape(&engine).await;
        assert!(Band::alter().drop_column(Band.name).run(&engine).await.is_err());
        assert!(Band::alter().set_default(Band.popularity, 1).drop_column(Band.name).run(&engine).await.is_err());
        assert_eq!(shape(&engine).await, before);
    });
}

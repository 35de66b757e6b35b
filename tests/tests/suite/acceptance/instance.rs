//! What is done with rows: B25 to B31, B35 and B36. That a row which does not exist cannot be saved is the compiler's word.

use piccolo_runtime::Error;
use piccolo_tests::on_both;

use crate::fixture::tables::{Band, Tag};
use crate::fixture::{band, band_names, connect, d3};

#[test]
fn b25_a_row_is_saved_whole_or_in_part() {
    on_both(async |db| {
        let engine = d3(db).await;
        let mut python = band(&engine, "Pythonistas").await;
        python.popularity = 100_000;
        python.save().run(&engine).await.unwrap();
        assert_eq!(band(&engine, "Pythonistas").await, python);
        python.popularity = 7;
        python.name = "unsaved".to_owned();
        python.save().columns(Band.popularity).run(&engine).await.unwrap();
        assert_eq!(band(&engine, "Pythonistas").await.popularity, 7);
        python.name = "x".repeat(60);
        let error = python.save().run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::InvalidValue { .. }), "{error:?}");
    });
}

#[test]
fn b26_a_removed_row_is_gone_and_cannot_be_removed_again() {
    on_both(async |db| {
        let engine = d3(db).await;
        let python = band(&engine, "Pythonistas").await;
        let gone = python.clone();
        python.remove().run(&engine).await.unwrap();
        assert_eq!(band_names(&engine).await, ["CSharps", "Rustaceans"]);
        assert!(matches!(gone.save().run(&engine).await, Err(Error::NotFound { .. })));
        assert!(matches!(gone.remove().run(&engine).await, Err(Error::NotFound { .. })));
    });
}

#[test]
fn b27_a_removed_row_is_inserted_again_with_a_new_key() {
    on_both(async |db| {
        let engine = d3(db).await;
        let sharp = band(&engine, "CSharps").await;
        assert_eq!(sharp.id, 3);
        let new = sharp.remove().run(&engine).await.unwrap();
        assert_eq!(Band::insert([new]).run(&engine).await.unwrap(), [4]);
        let again = band(&engine, "CSharps").await;
        assert_eq!((again.id, again.popularity, again.manager), (4, 10, Some(3)));
    });
}

#[test]
fn b28_a_row_is_created_once_with_what_the_condition_asks_for() {
    on_both(async |db| {
        let engine = d3(db).await;
        let get = || Band::get_or_create(Band.name.eq("X") & Band.popularity.eq(5)).defaults(|band| band.manager(1));
        let (created, is_new) = get().run(&engine).await.unwrap();
        assert!(is_new);
        assert_eq!((created.name.as_str(), created.popularity, created.manager), ("X", 5, Some(1)));
        assert_eq!(get().run(&engine).await.unwrap(), (created, false));
    });
}

#[test]
fn b29_a_comparison_does_not_say_what_to_create() {
    on_both(async |db| {
        let engine = d3(db).await;
        let get = Band::get_or_create(Band.name.eq("Y") & Band.popularity.gt(10));
        let (row, is_new) = get.run(&engine).await.unwrap();
        assert_eq!((row.popularity, is_new), (0, true));
    });
}

#[test]
fn b30_an_alternative_does_not_say_what_to_create() {
    on_both(async |db| {
        let engine = d3(db).await;
        let either = Band::get_or_create(Band.name.eq("a") | Band.name.eq("b")).run(&engine).await;
        assert!(matches!(either, Err(Error::Usage { .. })), "{either:?}");
        assert_eq!(Band::count().run(&engine).await.unwrap(), 3);
    });
}

#[test]
fn b31_twenty_callers_create_one_row() {
    on_both(async |db| {
        let engine = connect(db).await;
        Tag::create_table().run(&engine).await.unwrap();
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let engine = engine.clone();
                tokio::spawn(async move { Tag::get_or_create(Tag.name.eq("X")).run(&engine).await })
            })
            .collect();
        let mut created = 0;
        for task in tasks {
            let (tag, is_new) = task.await.unwrap().unwrap();
            assert_eq!(tag.name, "X");
            created += i32::from(is_new);
        }
        assert_eq!(created, 1);
        assert_eq!(Tag::count().run(&engine).await.unwrap(), 1);
    });
}

#[test]
fn b35_a_row_is_read_anew() {
    on_both(async |db| {
        let engine = d3(db).await;
        let old = band(&engine, "Pythonistas").await;
        Band::update().set(Band.name, "new").where_(Band.id.eq(old.id)).run(&engine).await.unwrap();
        assert_eq!(old.refresh().run(&engine).await.unwrap().name, "new");
        Band::delete().where_(Band.id.eq(old.id)).run(&engine).await.unwrap();
        assert!(matches!(old.refresh().run(&engine).await, Err(Error::NotFound { .. })));
    });
}

#[test]
fn b36_a_row_is_changed_where_it_is() {
    on_both(async |db| {
        let engine = d3(db).await;
        Band::update().set(Band.popularity, 11).where_(Band.name.eq("CSharps")).run(&engine).await.unwrap();
        let sharp = band(&engine, "CSharps").await;
        let changed = sharp.update_self().set(Band.popularity, Band.popularity + 5).run(&engine).await.unwrap();
        assert_eq!(changed.popularity, 16);
        assert_eq!(band(&engine, "CSharps").await, changed);
    });
}

#[test]
fn get_or_create_gives_the_first_of_several_rows_by_the_primary_key() {
    on_both(async |db| {
        let engine = d3(db).await;
        let keys = Band::insert([Band::new("twice"), Band::new("twice")]).run(&engine).await.unwrap();
        // A row that is written anew moves to the end of the table on Postgres.
        Band::update().set(Band.popularity, 7).where_(Band.id.eq(keys[0])).run(&engine).await.unwrap();
        let (band, created) = Band::get_or_create(Band.name.eq("twice")).run(&engine).await.unwrap();
        assert_eq!((band.id, created), (keys[0], false));
    });
}

#[test]
fn get_or_create_that_has_no_value_for_a_column_names_it_and_the_way_out() {
    on_both(async |db| {
        let engine = d3(db).await;
        let error = Band::get_or_create(Band.popularity.gt(5000)).run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::Usage { .. }), "{error:?}");
        assert!(error.to_string().contains("`name`") && error.to_string().contains("`.defaults(…)`"), "{error}");
        let new = Band::get_or_create(Band.popularity.gt(5000)).defaults(|band| band.name("Z")).run(&engine).await;
        assert!(new.unwrap().1);
    });
}

//! Reading, beyond the rows of the acceptance list: what a typed select gives on both engines.

use piccolo_runtime::query::create_tables;
use piccolo_runtime::{Engine, Error, Table};
use piccolo_tests::{TestDb, on_both};

use crate::bands::{Band, Concert, Genre, Manager, Venue};

/// D3: three managers, each with a band.
async fn d3(db: &TestDb) -> Engine {
    let engine = Engine::connect(db.url()).await.unwrap();
    let tables = [Concert::META, Band::META, Manager::META, Venue::META];
    create_tables(tables).run(&engine).await.unwrap();
    let managers = Manager::insert([Manager::new("Guido"), Manager::new("Graydon"), Manager::new("Mads")]);
    let keys = managers.run(&engine).await.unwrap();
    assert_eq!(keys, [1, 2, 3]);
    let bands = Band::insert([
        Band::new("Pythonistas").manager(keys[0]).popularity(1000),
        Band::new("Rustaceans").manager(keys[1]).popularity(2000).genre(Genre::Folk),
        Band::new("CSharps").manager(keys[2]).popularity(10),
    ]);
    assert_eq!(bands.run(&engine).await.unwrap(), [1, 2, 3]);
    engine
}

#[test]
fn a_joined_table_is_read_as_a_whole_row_of_it() {
    on_both(async |db| {
        let engine = d3(db).await;
        Band::insert([Band::new("Lone")]).run(&engine).await.unwrap();
        let query = Band::select((Band.name, Band.manager.all())).where_(Band.popularity.lt(1000)).order_by(Band.id);
        let mads = Manager { id: 3, name: "Mads".to_owned() };
        let rows = query.run(&engine).await.unwrap();
        assert_eq!(rows, [("CSharps".to_owned(), Some(mads)), ("Lone".to_owned(), None)]);
    });
}

#[test]
fn a_row_is_read_by_column_and_by_name() {
    on_both(async |db| {
        let engine = d3(db).await;
        let rows = Band::select(["name", "manager.name", "genre"]).order_by(Band.id).run(&engine).await.unwrap();
        assert_eq!(rows[1].get(Band.name).unwrap(), "Rustaceans");
        assert_eq!(rows[1].get(Band.manager.name).unwrap().as_deref(), Some("Graydon"));
        assert_eq!(rows[1].get(Band.genre).unwrap(), Genre::Folk);
        assert!(matches!(rows[1].get(Band.popularity), Err(Error::UnknownColumn { .. })));
        let json = serde_json::to_string(&rows[1]).unwrap();
        assert_eq!(json, r#"{"name":"Rustaceans","manager.name":"Graydon","genre":"folk"}"#);
    });
}

#[test]
fn an_enum_is_compared_and_sorted_in_declared_order() {
    on_both(async |db| {
        let engine = d3(db).await;
        let query = Band::select(Band.name).order_by((Band.genre.desc(), Band.name));
        assert_eq!(query.run(&engine).await.unwrap(), ["Rustaceans", "CSharps", "Pythonistas"]);
        let query = Band::select(Band.name).where_((Band.genre.gt(Genre::Rock), Band.genre.is_in([Genre::Folk])));
        assert_eq!(query.run(&engine).await.unwrap(), ["Rustaceans"]);
    });
}

#[test]
fn a_row_that_does_not_exist_is_not_found() {
    on_both(async |db| {
        let engine = d3(db).await;
        let error = Band::get(9).run(&engine).await.unwrap_err();
        assert_eq!(error.to_string(), "no row of `band` with id = 9 exists");
        assert_eq!(Band::get(9).optional().run(&engine).await.unwrap(), None);
    });
}

#[test]
fn blocking_calls_give_the_same() {
    on_both(async |db| {
        drop(d3(db).await);
        let url = db.url().to_owned();
        let names = std::thread::spawn(move || {
            let engine = Engine::connect_sync(url).unwrap();
            Band::insert([Band::new("Lone")]).run_sync(&engine).unwrap();
            Band::select(Band.name).order_by(Band.id).run_sync(&engine).unwrap()
        });
        assert_eq!(names.join().unwrap(), ["Pythonistas", "Rustaceans", "CSharps", "Lone"]);
    });
}

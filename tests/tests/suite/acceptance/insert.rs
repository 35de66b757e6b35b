//! Inserts: rows B01 to B06 and B14. That only rows of the table go in (B05) is the compiler's word.

use piccolo_runtime::Error;
use piccolo_tests::on_both;

use crate::fixture::tables::{Band, Manager, NewManager};
use crate::fixture::{connect, d3, empty};

#[test]
fn b01_an_insert_gives_the_key_of_its_row() {
    on_both(async |db| {
        let engine = empty(db).await;
        let keys = Manager::insert([Manager::new("Guido")]).run(&engine).await.unwrap();
        assert_eq!(keys, [1]);
        let guido: Manager = Manager::get(1).run(&engine).await.unwrap();
        assert_eq!(guido, Manager { id: 1, name: "Guido".to_owned() });
    });
}

#[test]
fn b02_keys_come_in_the_order_of_the_rows() {
    on_both(async |db| {
        let engine = empty(db).await;
        let keys = Manager::insert(["a", "b", "c"].map(Manager::new)).run(&engine).await.unwrap();
        assert_eq!(keys, [1, 2, 3]);
        let names = Manager::select((Manager.id, Manager.name)).order_by(Manager.id.asc()).run(&engine).await.unwrap();
        assert_eq!(names, [(1, "a".to_owned()), (2, "b".to_owned()), (3, "c".to_owned())]);
    });
}

#[test]
fn b03_an_insert_of_nothing_sends_nothing() {
    on_both(async |db| {
        // No table exists, so any SQL would fail.
        let engine = connect(db).await;
        assert!(Manager::insert(Vec::<NewManager>::new()).run(&engine).await.unwrap().is_empty());
    });
}

#[test]
fn b04_texts_are_stored_as_they_are() {
    on_both(async |db| {
        let engine = d3(db).await;
        let hostile = ["{}", "it's; drop", "\"quoted\" \\ $1 ?1 --", "日本 🎸"];
        let keys = Manager::insert(hostile.map(Manager::new)).run(&engine).await.unwrap();
        for (key, text) in keys.into_iter().zip(hostile) {
            assert_eq!(Manager::get(key).run(&engine).await.unwrap().name, text);
        }
    });
}

#[test]
fn b06_an_insert_gives_columns_back() {
    on_both(async |db| {
        let engine = d3(db).await;
        let insert = || Manager::insert([Manager::new("Maz"), Manager::new("Amy")]);
        let rows = insert().returning((Manager.name.as_alias("manager_name"), Manager.id)).run(&engine).await.unwrap();
        assert_eq!(rows, [("Maz".to_owned(), 4), ("Amy".to_owned(), 5)]);
        let rows = insert().returning(..).run(&engine).await.unwrap();
        assert_eq!(rows[0].get(Manager.name).unwrap(), "Maz");
    });
}

#[test]
fn b14_twelve_thousand_rows_go_in_at_once_or_not_at_all() {
    on_both(async |db| {
        let engine = empty(db).await;
        let keys =
            Band::insert((0..12_000).map(|n| Band::new(format!("b{n}")).popularity(n))).run(&engine).await.unwrap();
        assert_eq!(keys, (1..=12_000).collect::<Vec<i64>>());
        let rows = Band::select((Band.id, Band.name)).where_(Band.popularity.is_in([0, 11_999])).order_by(Band.id);
        let expected = [(1, "b0".to_owned()), (12_000, "b11999".to_owned())];
        assert_eq!(rows.run(&engine).await.unwrap(), expected);
        let bad = (0..2_000).map(|n| Band::new("x").manager((n == 1_999).then_some(7)));
        assert!(matches!(Band::insert(bad).run(&engine).await, Err(Error::ForeignKeyViolation { .. })));
        assert_eq!(Band::count().run(&engine).await.unwrap(), 12_000);
    });
}

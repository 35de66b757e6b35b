//! Tables created, altered and dropped: the rows of the acceptance list that begin with D.

use piccolo_runtime::query::{create_tables, drop_tables};
use piccolo_runtime::{Error, Table};
use piccolo_tests::on_both;

use crate::fixture::connect;
use crate::fixture::tables::{Band, Chicken, Concert, Egg, Manager, Pair};

#[test]
fn d01_a_table_is_created_once_unless_asked_otherwise() {
    on_both(async |db| {
        let engine = connect(db).await;
        Manager::create_table().run(&engine).await.unwrap();
        assert!(Manager::create_table().run(&engine).await.is_err());
        Manager::create_table().if_not_exists().run(&engine).await.unwrap();
        Manager::insert([Manager::new("Guido")]).run(&engine).await.unwrap();
    });
}

#[test]
fn d02_tables_are_created_in_the_order_of_their_keys_and_dropped_in_reverse() {
    on_both(async |db| {
        let engine = connect(db).await;
        let shuffled = || [Concert::META, Manager::META, Band::META];
        create_tables(shuffled()).run(&engine).await.unwrap();
        let manager = Manager::insert([Manager::new("Guido")]).run(&engine).await.unwrap()[0];
        let band = Band::insert([Band::new("Pythonistas").manager(manager)]).run(&engine).await.unwrap()[0];
        Concert::insert([Concert::new(band, band)]).run(&engine).await.unwrap();
        drop_tables(shuffled()).run(&engine).await.unwrap();
        assert!(Manager::count().run(&engine).await.is_err());
        create_tables(shuffled()).run(&engine).await.unwrap();
        assert_eq!(Manager::count().run(&engine).await.unwrap(), 0);
    });
}

#[test]
fn d02_tables_on_a_circle_of_keys_are_created_and_dropped() {
    on_both(async |db| {
        let engine = connect(db).await;
        create_tables([Egg::META, Chicken::META]).run(&engine).await.unwrap();
        drop_tables([Chicken::META, Egg::META]).run(&engine).await.unwrap();
        assert!(Egg::count().run(&engine).await.is_err());
    });
}

#[test]
fn d05_constraints_over_several_columns_are_enforced() {
    on_both(async |db| {
        let engine = connect(db).await;
        Pair::create_table().run(&engine).await.unwrap();
        Pair::insert([Pair::new("a", 1), Pair::new("a", 2), Pair::new("b", 1)]).run(&engine).await.unwrap();
        let error = Pair::insert([Pair::new("c", 1), Pair::new("a", 1)]).run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::UniqueViolation { columns, .. } if columns == &["name", "p"]), "{error:?}");
        let error = Pair::insert([Pair::new("d", -1)]).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::CheckViolation { .. }), "{error:?}");
        // Both inserts were all or nothing.
        assert_eq!(Pair::count().run(&engine).await.unwrap(), 3);
    });
}

#[test]
fn d05_a_create_that_fails_leaves_no_table() {
    on_both(async |db| {
        let engine = connect(db).await;
        // The second of the two exists already, so nothing of the first may stay.
        Pair::create_table().run(&engine).await.unwrap();
        assert!(create_tables([Manager::META, Pair::META]).run(&engine).await.is_err());
        assert!(Manager::count().run(&engine).await.is_err());
    });
}

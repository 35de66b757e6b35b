//! Inserts that meet rows which are there: rows B07 to B13.

use piccolo_runtime::Error;
use piccolo_runtime::query::excluded;
use piccolo_tests::on_both;

use crate::fixture::tables::Tag;
use crate::fixture::{tagged, tags};

#[test]
fn b07_a_conflict_leaves_the_row_that_is_there() {
    on_both(async |db| {
        let engine = tagged(db, 1).await;
        let keys = Tag::insert([Tag::new("a").p(2)]).on_conflict_do_nothing().run(&engine).await.unwrap();
        assert!(keys.is_empty());
        let keys = Tag::insert([Tag::new("a").p(2)]).on_conflict(Tag.name).do_nothing().run(&engine).await.unwrap();
        assert!(keys.is_empty());
        assert_eq!(tags(&engine).await, [("a".to_owned(), 1)]);
    });
}

#[test]
fn b08_only_rows_without_a_conflict_are_inserted() {
    on_both(async |db| {
        let engine = tagged(db, 1).await;
        let rows = [Tag::new("a").p(2), Tag::new("b").p(1)];
        let names = Tag::insert(rows).on_conflict_do_nothing().returning(Tag.name).run(&engine).await.unwrap();
        assert_eq!(names, ["b"]);
        assert_eq!(tags(&engine).await, [("a".to_owned(), 1), ("b".to_owned(), 1)]);
    });
}

#[test]
fn b09_a_conflict_updates_the_row_that_is_there() {
    on_both(async |db| {
        let engine = tagged(db, 1).await;
        let insert = || Tag::insert([Tag::new("a").p(5)]).on_conflict(Tag.name);
        assert_eq!(insert().do_update(Tag.p).run(&engine).await.unwrap(), [1]);
        assert_eq!(tags(&engine).await, [("a".to_owned(), 5)]);
        insert().do_set(Tag.p, 105).run(&engine).await.unwrap();
        assert_eq!(tags(&engine).await, [("a".to_owned(), 105)]);
    });
}

#[test]
fn b10_a_conflict_computes_from_what_is_there() {
    on_both(async |db| {
        let engine = tagged(db, 5).await;
        let insert = || Tag::insert([Tag::new("a").p(7)]).on_conflict(Tag.name);
        insert().do_set(Tag.p, Tag.p + 100).run(&engine).await.unwrap();
        assert_eq!(tags(&engine).await, [("a".to_owned(), 105)]);
        let stray = Tag::select(Tag.p).where_(excluded(Tag.p).gt(0)).run(&engine).await;
        assert!(matches!(stray, Err(Error::Usage { .. })), "{stray:?}");
        insert().do_set(Tag.p, Tag.p + excluded(Tag.p)).run(&engine).await.unwrap();
        assert_eq!(tags(&engine).await, [("a".to_owned(), 112)]);
    });
}

#[test]
fn b11_a_conflict_that_the_condition_leaves_out_changes_nothing() {
    on_both(async |db| {
        let engine = tagged(db, 5).await;
        let insert = Tag::insert([Tag::new("a").p(7)]).on_conflict(Tag.name).do_update(Tag.p).where_(Tag.p.lt(0));
        assert!(insert.returning(Tag.name).run(&engine).await.unwrap().is_empty());
        assert_eq!(tags(&engine).await, [("a".to_owned(), 5)]);
    });
}

#[test]
fn b13_a_conflict_elsewhere_is_still_an_error() {
    on_both(async |db| {
        let engine = tagged(db, 1).await;
        let again = Tag::insert([Tag::new("a")]).on_conflict(Tag.id).do_update(Tag.p).run(&engine).await;
        assert!(matches!(again, Err(Error::UniqueViolation { .. })), "{again:?}");
    });
}

//! Conditions: rows A06 to A25.

use piccolo_runtime::Error;
use piccolo_runtime::query::raw;
use piccolo_tests::on_both;

use crate::fixture::tables::{Band, Manager};
use crate::fixture::{d3, d3_and_lone};

#[test]
fn a06_a_condition_follows_a_foreign_key() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(names!(&engine, Band.manager.name.eq("Guido")), ["Pythonistas"]);
    });
}

#[test]
fn a07_a_foreign_key_is_compared_with_a_key_or_with_a_row() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(names!(&engine, Band.manager.eq(1)), ["Pythonistas"]);
        assert_eq!(names!(&engine, Band.manager.id.eq(1)), ["Pythonistas"]);
        let guido = Manager::objects().where_(Manager.name.eq("Guido")).first().run(&engine).await.unwrap().unwrap();
        assert_eq!(names!(&engine, Band.manager.eq(&guido)), ["Pythonistas"]);
    });
}

#[test]
fn a08_two_predicates_must_both_hold() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert!(names!(&engine, (Band.manager.id.eq(1), Band.popularity.eq(500))).is_empty());
    });
}

#[test]
fn a09_an_empty_condition_keeps_every_row() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(names!(&engine, ()).len(), 3);
    });
}

#[test]
fn a10_like_distinguishes_upper_and_lower_case() {
    on_both(async |db| {
        let engine = d3(db).await;
        for pattern in ["Python%", "Pythonistas", "%istas", "%ist%", "P_th%"] {
            assert_eq!(names!(&engine, Band.name.like(pattern)), ["Pythonistas"], "{pattern}");
        }
        assert!(names!(&engine, Band.name.like("PYTHONISTAS")).is_empty());
    });
}

#[test]
fn a11_ilike_does_not() {
    on_both(async |db| {
        let engine = d3(db).await;
        for pattern in ["pythonistas", "%IST%"] {
            assert_eq!(names!(&engine, Band.name.ilike(pattern)), ["Pythonistas"], "{pattern}");
        }
        assert!(names!(&engine, Band.name.ilike("%123")).is_empty());
    });
}

#[test]
fn a12_not_like_leaves_the_others() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(names!(&engine, Band.name.not_like("Python%")), ["CSharps", "Rustaceans"]);
    });
}

#[test]
fn a13_numbers_compare() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(names!(&engine, Band.popularity.gt(1000)), ["Rustaceans"]);
        assert_eq!(names!(&engine, Band.popularity.gte(1000)), ["Pythonistas", "Rustaceans"]);
        assert_eq!(names!(&engine, Band.popularity.lt(1000)), ["CSharps"]);
        assert_eq!(names!(&engine, Band.popularity.lte(1000)), ["CSharps", "Pythonistas"]);
    });
}

#[test]
fn a14_a_joined_column_is_looked_for_in_a_list() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(names!(&engine, Band.manager.name.is_in(["Guido"])), ["Pythonistas"]);
        assert_eq!(names!(&engine, Band.manager.name.not_in(["Guido"])), ["CSharps", "Rustaceans"]);
    });
}

#[test]
fn a15_nothing_is_in_an_empty_list() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        assert!(names!(&engine, Band.manager.is_in(Vec::<i64>::new())).is_empty());
        assert_eq!(names!(&engine, Band.manager.not_in(Vec::<i64>::new())).len(), 4);
    });
}

#[test]
fn a16_a_sub_select_is_a_list() {
    on_both(async |db| {
        let engine = d3(db).await;
        let guido = || Manager::select(Manager.id).where_(Manager.name.eq("Guido"));
        assert_eq!(names!(&engine, Band.manager.is_in(guido())), ["Pythonistas"]);
        assert_eq!(names!(&engine, Band.manager.not_in(guido())), ["CSharps", "Rustaceans"]);
        assert_eq!(names!(&engine, Band.manager.eq(guido())), ["Pythonistas"]);
    });
}

#[test]
fn a18_null_is_found_and_left_out() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let others = ["CSharps", "Pythonistas", "Rustaceans"];
        assert_eq!(names!(&engine, Band.manager.eq(None)), ["Lone"]);
        assert_eq!(names!(&engine, Band.manager.is_null()), ["Lone"]);
        assert_eq!(names!(&engine, Band.manager.ne(None)), others);
        assert_eq!(names!(&engine, Band.manager.is_not_null()), others);
    });
}

#[test]
fn a19_unequal_leaves_nulls_out() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        assert_eq!(names!(&engine, Band.manager.ne(1)), ["CSharps", "Rustaceans"]);
    });
}

#[test]
fn a20_a_null_in_a_list_is_unknown() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        assert!(names!(&engine, Band.manager.not_in([Some(1), None])).is_empty());
        assert_eq!(names!(&engine, Band.manager.is_in([Some(1), None])), ["Pythonistas"]);
    });
}

#[test]
fn a21_a_joined_column_may_be_null() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        assert_eq!(names!(&engine, Band.manager.name.ne("Guido")), ["CSharps", "Rustaceans"]);
        assert_eq!(names!(&engine, Band.manager.name.is_null()), ["Lone"]);
        assert_eq!(names!(&engine, Band.manager.name.not_like("G%")), ["CSharps"]);
    });
}

#[test]
fn a22_and_binds_before_or() {
    on_both(async |db| {
        let engine = d3(db).await;
        let condition = (Band.popularity.gte(100) & Band.manager.name.eq("Guido")) | Band.popularity.gt(1000);
        assert_eq!(names!(&engine, condition), ["Pythonistas", "Rustaceans"]);
    });
}

#[test]
fn a23_brackets_are_kept() {
    on_both(async |db| {
        let engine = d3(db).await;
        let right = Band.popularity.eq(10) | (Band.popularity.eq(1000) & Band.name.eq("x"));
        assert_eq!(names!(&engine, right), ["CSharps"]);
        let left = (Band.popularity.eq(10) | Band.popularity.eq(1000)) & Band.name.eq("x");
        assert!(names!(&engine, left).is_empty());
    });
}

#[test]
fn a24_chained_conditions_are_joined_by_and() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let rows = Band::select(Band.name)
            .where_(Band.popularity.eq(10))
            .where_(Band.name.eq("CSharps") | Band.name.eq("Lone"))
            .run(&engine)
            .await
            .unwrap();
        assert_eq!(rows, ["CSharps"]);
    });
}

#[test]
fn a25_a_raw_predicate_is_combined_with_others() {
    on_both(async |db| {
        let engine = d3(db).await;
        let either = raw("name = {}", ("Pythonistas",)) | Band.name.eq("Rustaceans");
        assert_eq!(names!(&engine, either), ["Pythonistas", "Rustaceans"]);
        let wrong = Band::select(Band.name).where_(raw("name = {}", ())).run(&engine).await;
        assert!(matches!(wrong, Err(Error::Usage { .. })));
    });
}

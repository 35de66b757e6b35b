//! Orders and windows: rows A26 to A34.

use piccolo_runtime::Engine;
use piccolo_tests::on_both;

use crate::fixture::tables::Band;
use crate::fixture::{d3, d3_and_lone, d4};

#[test]
fn a26_rows_are_ordered_up_and_down() {
    on_both(async |db| {
        let engine = d3(db).await;
        let up = Band::select(Band.name).order_by(Band.name.asc()).run(&engine).await.unwrap();
        assert_eq!(up, ["CSharps", "Pythonistas", "Rustaceans"]);
        let down = Band::select(Band.name).order_by(Band.name.desc()).run(&engine).await.unwrap();
        assert_eq!(down, ["Rustaceans", "Pythonistas", "CSharps"]);
    });
}

#[test]
fn a27_a_second_order_adds_to_the_first() {
    on_both(async |db| {
        let engine = d4(db).await;
        let both = Band::select(Band.name).order_by((Band.popularity.asc(), Band.name.asc()));
        assert_eq!(both.run(&engine).await.unwrap(), ["C-Sharps", "Rustaceans", "Rubyists", "Pythonistas"]);
        let chained = Band::select(Band.name).order_by(Band.popularity.asc()).order_by(Band.name.desc());
        assert_eq!(chained.run(&engine).await.unwrap(), ["Rustaceans", "C-Sharps", "Rubyists", "Pythonistas"]);
    });
}

#[test]
fn a28_rows_are_ordered_by_a_joined_column_that_is_not_selected() {
    on_both(async |db| {
        let engine = d4(db).await;
        let rows = Band::select(Band.name).order_by(Band.manager.name.asc()).run(&engine).await.unwrap();
        assert_eq!(rows, ["C-Sharps", "Rustaceans", "Pythonistas", "Rubyists"]);
    });
}

#[test]
fn a30_nulls_sort_last_upwards_and_first_downwards() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let by = async |order| Band::select(Band.name).order_by(order).run(&engine).await.unwrap();
        let lone = "Lone".to_owned();
        assert_eq!(by(Band.manager.name.asc()).await.last(), Some(&lone));
        assert_eq!(by(Band.manager.name.desc()).await.first(), Some(&lone));
        assert_eq!(by(Band.manager.name.asc().nulls_first()).await.first(), Some(&lone));
        assert_eq!(by(Band.manager.name.desc().nulls_last()).await.last(), Some(&lone));
    });
}

/// The names in their order, as `limit` and `offset` leave them.
async fn window(engine: &Engine, limit: Option<u64>, offset: Option<u64>) -> Vec<String> {
    let mut query = Band::select(Band.name).order_by(Band.name.asc());
    if let Some(limit) = limit {
        query = query.limit(limit);
    }
    if let Some(offset) = offset {
        query = query.offset(offset);
    }
    query.run(engine).await.unwrap()
}

#[test]
fn a31_a_limit_cuts_the_rows() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(window(&engine, Some(1), None).await, ["CSharps"]);
        assert!(window(&engine, Some(0), None).await.is_empty());
    });
}

#[test]
fn a32_an_offset_skips_rows() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(window(&engine, Some(5), Some(1)).await, ["Pythonistas", "Rustaceans"]);
    });
}

#[test]
fn a33_an_offset_needs_no_limit() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(window(&engine, None, Some(1)).await, ["Pythonistas", "Rustaceans"]);
    });
}

#[test]
fn a34_first_gives_one_row_or_none() {
    on_both(async |db| {
        let engine = d3(db).await;
        let by_name = || Band::select(Band.name).order_by(Band.name.asc());
        assert_eq!(by_name().first().run(&engine).await.unwrap().as_deref(), Some("CSharps"));
        assert_eq!(by_name().where_(Band.name.eq("zz")).first().run(&engine).await.unwrap(), None);
        assert_eq!(by_name().limit(3).first().run(&engine).await.unwrap().as_deref(), Some("CSharps"));
    });
}

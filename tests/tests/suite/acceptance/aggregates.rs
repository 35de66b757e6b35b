//! Counts, aggregates and groups: rows A42 to A48.

use piccolo_runtime::Error;
use piccolo_runtime::query::{count, count_distinct};
use piccolo_tests::on_both;

use crate::fixture::tables::{Band, Manager};
use crate::fixture::{d3, d3_again, d3_and_lone};

#[test]
fn a42_counts_leave_out_nulls_of_a_column() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        assert_eq!(Band::count().run(&engine).await.unwrap(), 4);
        assert_eq!(Band::count().where_(Band.manager.name.eq("Guido")).run(&engine).await.unwrap(), 1);
        assert_eq!(Band::count().of(Band.manager).run(&engine).await.unwrap(), 3);
    });
}

#[test]
fn a43_distinct_combinations_are_counted() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        Band::insert([Band::new("Lone")]).run(&engine).await.unwrap();
        assert_eq!(Band::count().distinct((Band.manager, Band.name)).run(&engine).await.unwrap(), 4);
        let both = Band::select((count(), count_distinct(Band.name), count_distinct((Band.manager, Band.name))));
        assert_eq!(both.run(&engine).await.unwrap(), [(5, 4, 4)]);
    });
}

#[test]
fn a44_exists_is_a_boolean() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert!(Band::exists().where_(Band.name.eq("Pythonistas")).run(&engine).await.unwrap());
        assert!(!Band::exists().where_(Band.name.eq("zz")).run(&engine).await.unwrap());
    });
}

#[test]
fn a45_aggregates() {
    on_both(async |db| {
        let engine = d3(db).await;
        let p = Band.popularity;
        let all = Band::select((p.avg(), p.sum(), p.min(), p.max())).run(&engine).await.unwrap();
        assert_eq!(all, [(Some(3010.0 / 3.0), Some(3010), Some(10), Some(2000))]);
        let some = Band::select((p.avg(), p.sum())).where_(p.gt(500)).run(&engine).await.unwrap();
        assert_eq!(some, [(Some(1500.0), Some(3000))]);
        let none = Band::select((p.avg(), p.sum(), p.min(), count())).where_(p.gt(5000)).run(&engine).await.unwrap();
        assert_eq!(none, [(None, None, None, 0)]);
    });
}

#[test]
fn a46_rows_are_grouped() {
    on_both(async |db| {
        let engine = d3(db).await;
        d3_again(&engine).await;
        let query = Band::select((Band.name, count().as_alias("total"))).group_by(Band.name).order_by(Band.name);
        let names = ["CSharps", "Pythonistas", "Rustaceans"].map(|name| (name.to_owned(), 2));
        assert_eq!(query.run(&engine).await.unwrap(), names);
    });
}

#[test]
fn a47_a_group_of_nulls_counts_its_rows() {
    on_both(async |db| {
        let engine = d3(db).await;
        d3_again(&engine).await;
        Band::insert([Band::new("Lone")]).run(&engine).await.unwrap();
        let query = Band::select((Band.manager.name, Band.manager.count(), count()))
            .group_by(Band.manager.name)
            .order_by(Band.manager.name);
        let expected = [(Some("Graydon"), 2, 2), (Some("Guido"), 2, 2), (Some("Mads"), 2, 2), (None, 0, 1)];
        let expected = expected.map(|(name, managers, rows)| (name.map(str::to_owned), managers, rows));
        assert_eq!(query.run(&engine).await.unwrap(), expected);
    });
}

#[test]
fn a48_groups_are_filtered() {
    on_both(async |db| {
        let engine = d3(db).await;
        Band::insert([Band::new("Pythonistas")]).run(&engine).await.unwrap();
        let query = Band::select(Band.name).group_by(Band.name).having(count().gte(2));
        assert_eq!(query.run(&engine).await.unwrap(), ["Pythonistas"]);
        let query = Band::select((Band.name, Band.popularity)).group_by(Band.name);
        assert!(matches!(query.run(&engine).await, Err(Error::Usage { .. })));
    });
}

#[test]
fn an_aggregate_in_a_condition_on_rows_is_refused_before_any_sql() {
    on_both(async |db| {
        let engine = d3(db).await;
        let refused = |error: Error| {
            assert!(matches!(&error, Error::Usage { .. }), "{error:?}");
            assert!(error.to_string().contains("`having`"), "{error}");
        };
        refused(Band::select(Band.name).where_(count().gt(1)).run(&engine).await.unwrap_err());
        refused(Band::objects().where_(Band.popularity.eq(Band.popularity.max())).run(&engine).await.unwrap_err());
        refused(Band::count().where_(Band.popularity.sum().gt(1)).run(&engine).await.unwrap_err());
        refused(Band::delete().where_(Band.popularity.max().gt(1)).run(&engine).await.unwrap_err());
        let update = Manager::update().set(Manager.name, "x").where_(Manager.id.max().gt(1));
        refused(update.run(&engine).await.unwrap_err());
        let most = Band::select(Band.name).where_(Band.popularity.eq(Band::select(Band.popularity.max())));
        assert_eq!(most.run(&engine).await.unwrap(), ["Rustaceans"]);
    });
}

//! Updates: rows B15 to B21. That only columns of the table itself are set (B17) is the compiler's word.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use piccolo_runtime::{Engine, Error};
use piccolo_tests::{TestDb, on_both};

use crate::fixture::tables::{Amount, Band};
use crate::fixture::{connect, d3, popularity};

#[test]
fn b15_an_update_changes_the_rows_of_its_condition_and_gives_them_back() {
    on_both(async |db| {
        let engine = d3(db).await;
        let rename = |from: &str, to: &str| Band::update().set(Band.name, to).where_(Band.name.eq(from));
        assert_eq!(rename("Pythonistas", "P2").run(&engine).await.unwrap(), 1);
        assert_eq!(rename("P2", "P3").returning(Band.name).run(&engine).await.unwrap(), ["P3"]);
        assert!(rename("zz", "x").returning(Band.name).run(&engine).await.unwrap().is_empty());
    });
}

#[test]
fn b16_an_update_of_everything_has_to_be_forced() {
    on_both(async |db| {
        let engine = d3(db).await;
        let update = || Band::update().set(Band.popularity, 1);
        let none: Option<piccolo_runtime::query::Predicate<Band>> = None;
        let error = update().where_(none).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::Deletion { operation: "update", .. }), "{error:?}");
        assert_eq!(Band::count().where_(Band.popularity.eq(1)).run(&engine).await, Ok(0));
        assert_eq!(update().force().run(&engine).await.unwrap(), 3);
        let empty = Band::update().force().run(&engine).await;
        assert!(matches!(empty, Err(Error::Usage { .. })), "{empty:?}");
    });
}

#[test]
fn b17_an_update_of_nothing_is_an_error() {
    on_both(async |db| {
        let engine = d3(db).await;
        let nothing = Band::update().where_(Band.id.eq(1)).run(&engine).await;
        assert!(matches!(nothing, Err(Error::Usage { .. })), "{nothing:?}");
    });
}

#[test]
fn b18_an_update_follows_keys_in_its_condition() {
    on_both(async |db| {
        let engine = d3(db).await;
        let mads = Band::update().set(Band.popularity, 5).where_(Band.manager.name.eq("Mads"));
        assert_eq!(mads.run(&engine).await.unwrap(), 1);
        let expected = [("CSharps", 5), ("Pythonistas", 1000), ("Rustaceans", 2000)];
        assert_eq!(popularity(&engine).await, expected.map(|(name, p)| (name.to_owned(), p)));
    });
}

/// One row of amounts.
async fn amounts(db: &TestDb, word: Option<&str>) -> Engine {
    let engine = connect(db).await;
    Amount::create_table().run(&engine).await.unwrap();
    let at = "2022-01-01T21:00:00".parse::<NaiveDateTime>().unwrap();
    let word = word.map(str::to_owned);
    Amount::insert([Amount::new().amount(1000).other(5).word(word).at(at)]).run(&engine).await.unwrap();
    engine
}

#[test]
fn b19_an_update_computes() {
    on_both(async |db| {
        let engine = amounts(db, Some("Pythonistas")).await;
        let a = Amount.amount;
        let sums =
            [(a + 10, 1010), (10 + a, 1010), (a - 10, 990), (2000 - a, 1000), (a * 2, 2000), (a - Amount.other, 995)];
        for (sum, expected) in sums {
            let update = Amount::update().set(a, sum).force().returning(a);
            assert_eq!(update.run(&engine).await.unwrap(), [expected]);
            Amount::update().set(a, 1000).force().run(&engine).await.unwrap();
        }
        let w = Amount.word;
        for (text, expected) in [(w + "!!!", "Pythonistas!!!"), ("!!!" + w, "!!!Pythonistas")] {
            let update = Amount::update().set(w, text).force().returning(w);
            assert_eq!(update.run(&engine).await.unwrap(), [Some(expected.to_owned())]);
            Amount::update().set(w, "Pythonistas").force().run(&engine).await.unwrap();
        }
        Amount::update().set(w, None).force().run(&engine).await.unwrap();
        assert_eq!(Amount::update().set(w, w + "!!!").force().returning(w).run(&engine).await.unwrap(), [None]);
    });
}

#[test]
fn b20_texts_are_put_around_a_column() {
    on_both(async |db| {
        let engine = amounts(db, Some("z")).await;
        let update = Amount::update().set(Amount.word, "<" + Amount.word + ">").force().returning(Amount.word);
        assert_eq!(update.run(&engine).await.unwrap(), [Some("<z>".to_owned())]);
    });
}

#[test]
fn b21_a_moment_is_moved_by_a_span_of_time() {
    on_both(async |db| {
        let engine = amounts(db, None).await;
        let span = TimeDelta::days(1) + TimeDelta::hours(1) + TimeDelta::minutes(1) + TimeDelta::milliseconds(30_001);
        let update = Amount::update().set(Amount.at, Amount.at + span).force().returning(Amount.at);
        let expected = NaiveDate::from_ymd_opt(2022, 1, 2).unwrap().and_hms_milli_opt(22, 1, 30, 1);
        assert_eq!(update.run(&engine).await.unwrap(), [expected]);
        let back = Amount::update().set(Amount.at, Amount.at - span).force().returning(Amount.at);
        assert_eq!(back.run(&engine).await.unwrap()[0].unwrap().to_string(), "2022-01-01 21:00:00");
    });
}

//! Numbers and dates at the ends of their types: both engines compute as far, and refuse the same.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use piccolo_runtime::query::{case, excluded};
use piccolo_runtime::{Engine, Error, Result};
use piccolo_tests::{TestDb, on_both};

use super::engine;
use super::tables::{Gauge, NewGauge};

/// An engine with one gauge, at the largest whole numbers.
async fn gauge(db: &TestDb) -> Engine {
    with(db, Gauge::new("g").small(i16::MAX).number(i32::MAX).big(i64::MAX)).await
}

/// An engine with this gauge in it.
async fn with(db: &TestDb, gauge: NewGauge) -> Engine {
    let engine = engine(db).await;
    Gauge::create_table().run(&engine).await.unwrap();
    Gauge::insert([gauge]).run(&engine).await.unwrap();
    engine
}

/// Asserts that a value was out of range.
fn refused<T: std::fmt::Debug>(result: Result<T>) {
    let reason = match &result {
        Err(Error::InvalidValue { reason, .. }) => reason.as_str(),
        _ => "",
    };
    // The last is what SQLite says of a column of whole numbers.
    let words = ["out of range", "out of the range", "cannot store REAL"];
    assert!(words.iter().any(|words| reason.contains(words)), "{result:?}");
}

#[test]
fn a_condition_computes_beyond_the_type_of_a_column() {
    on_both(async |db| {
        let engine = gauge(db).await;
        let large = Gauge.number + 1;
        let found = [
            Gauge::count().where_((Gauge.number + 1).gt(Gauge.number)).run(&engine).await,
            Gauge::count().where_((Gauge.small + 1).gt(Gauge.small)).run(&engine).await,
            Gauge::count().where_((Gauge.number * 2).gt(i32::MAX)).run(&engine).await,
            Gauge::count().where_((1 + Gauge.number - 1).eq(i32::MAX)).run(&engine).await,
            Gauge::count().where_((Gauge.number + 1).coalesce(0).gt(0)).run(&engine).await,
            Gauge::count().where_((Gauge.number + 1).is_in([1, 2])).run(&engine).await.map(|none| none + 1),
            Gauge::count().where_(Gauge.number.lt(Gauge::select((large * 2).max()))).run(&engine).await,
            Gauge::count().where_((Gauge.number + 1).is_in(Gauge::select(Gauge.number + 1))).run(&engine).await,
        ];
        assert_eq!(found, [const { Ok(1) }; 8]);
        assert_eq!(Gauge::select(Gauge.name).order_by(Gauge.number * -2).run(&engine).await.unwrap(), ["g"]);
    });
}

#[test]
fn a_result_that_comes_back_into_its_type_is_one() {
    on_both(async |db| {
        let engine = gauge(db).await;
        let back = (Gauge.number + 10) - 10;
        let yes = case(Gauge.number.gt(0), Gauge.number - 1).otherwise(0);
        let read = Gauge::select((back, (Gauge.small * 4) / 4, yes, (Gauge.number - 1).coalesce(1)));
        let expected = (Some(i32::MAX), Some(i16::MAX), Some(i32::MAX - 1), i32::MAX - 1);
        assert_eq!(read.run(&engine).await.unwrap(), [expected]);
        let sum = Gauge::select((Gauge.number * 2).sum()).run(&engine).await.unwrap();
        assert_eq!(sum, [Some(2 * i64::from(i32::MAX))]);
        Gauge::update().set(Gauge.number, (Gauge.number + 10) / 2).force().run(&engine).await.unwrap();
        assert_eq!(Gauge::select(Gauge.number).run(&engine).await.unwrap(), [Some(1_073_741_828)]);
    });
}

#[test]
fn what_a_query_groups_by_or_takes_once_has_its_own_type() {
    on_both(async |db| {
        let engine = with(db, Gauge::new("g").number(20)).await;
        let half = || (Gauge.number + 10) / 3;
        let grouped = Gauge::select((half().coalesce(0), half(), Gauge.name.count())).group_by(half());
        assert_eq!(grouped.run(&engine).await.unwrap(), [(10, Some(10), 1)]);
        let once = Gauge::select(half()).distinct().order_by(half());
        assert_eq!(once.run(&engine).await.unwrap(), [Some(10)]);
        let having = Gauge::select(half()).group_by(half()).having((half() + i32::MAX).gt(0));
        assert_eq!(having.run(&engine).await.unwrap(), [Some(10)]);
    });
}

#[test]
fn a_result_out_of_range_is_refused() {
    on_both(async |db| {
        let engine = gauge(db).await;
        refused(Gauge::select(Gauge.number + 1).run(&engine).await);
        refused(Gauge::select(Gauge.small + 1).run(&engine).await);
        refused(Gauge::select(Gauge.big + 1).run(&engine).await);
        refused(Gauge::select(case(Gauge.number.gt(0), Gauge.number + 1).otherwise(0)).run(&engine).await);
        refused(Gauge::select(Gauge.number + 1).first().run(&engine).await);
        refused(Gauge::select((Gauge.number + 1, Gauge.name)).rows().run(&engine).await);
        refused(Gauge::select(Gauge.number + 1).output_json().run(&engine).await);
    });
}

#[test]
fn a_value_out_of_range_is_not_stored() {
    on_both(async |db| {
        let engine = gauge(db).await;
        refused(Gauge::update().set(Gauge.number, Gauge.number + 1).force().run(&engine).await);
        refused(Gauge::update().set(Gauge.number, (Gauge.number + 1) * 2).force().run(&engine).await);
        refused(Gauge::update().set(Gauge.small, Gauge.small + 1).force().run(&engine).await);
        refused(Gauge::update().set(Gauge.big, Gauge.big + 1).force().run(&engine).await);
        let again = Gauge::insert([Gauge::new("g").number(1)]).on_conflict(Gauge.name);
        refused(again.do_set(Gauge.number, Gauge.number + excluded(Gauge.number)).run(&engine).await);
        let kept = Gauge::select((Gauge.small, Gauge.number, Gauge.big)).run(&engine).await.unwrap();
        assert_eq!(kept, [(Some(i16::MAX), Some(i32::MAX), Some(i64::MAX))]);
    });
}

#[test]
fn what_64_bits_do_not_hold_is_refused_wherever_it_stands() {
    on_both(async |db| {
        let engine = gauge(db).await;
        refused(Gauge::count().where_((Gauge.big + 1).gt(0)).run(&engine).await);
        refused(Gauge::count().where_((Gauge.big * Gauge.big).gt(0)).run(&engine).await);
        refused(Gauge::select(Gauge.big - 1 + 2).run(&engine).await);
        refused(Gauge::select(Gauge.name).order_by((Gauge.big + 1) / 2).run(&engine).await);
        refused(Gauge::count().where_((Gauge.number * Gauge.number * Gauge.number).gt(0)).run(&engine).await);
        assert_eq!(Gauge::count().where_((Gauge.big - 1).gt(0)).run(&engine).await, Ok(1));
        assert_eq!(Gauge::count().where_((Gauge.number * Gauge.number).gt(0)).run(&engine).await, Ok(1));
        Gauge::insert([Gauge::new("h").big(1)]).run(&engine).await.unwrap();
        refused(Gauge::select(Gauge.big.sum()).run(&engine).await);
    });
}

#[test]
fn a_real_is_computed_with_as_a_double_and_stored_as_a_real() {
    on_both(async |db| {
        let engine = with(db, Gauge::new("g").level(0.1_f32)).await;
        let sum = f64::from(0.1_f32) + f64::from(0.2_f32);
        assert_ne!(sum, f64::from(0.3_f32));
        assert_eq!(Gauge::count().where_((Gauge.level + 0.2).eq(0.3)).run(&engine).await, Ok(0));
        assert_eq!(Gauge::select(Gauge.level + 0.2).run(&engine).await.unwrap(), [Some(0.3)]);
        let back = ((Gauge.level + 1.0) * 3.0 - 3.0) / 3.0;
        #[expect(clippy::cast_possible_truncation, reason = "a result has the type of its column")]
        let expected = (((f64::from(0.1_f32) + 1.0) * 3.0 - 3.0) / 3.0) as f32;
        assert_eq!(Gauge::select(back).run(&engine).await.unwrap(), [Some(expected)]);
        Gauge::update().set(Gauge.level, Gauge.level * 3e38).force().run(&engine).await.unwrap();
        refused(Gauge::select(Gauge.level * 100.0).run(&engine).await);
        refused(Gauge::update().set(Gauge.level, Gauge.level * 100.0).force().run(&engine).await);
        assert_eq!(Gauge::count().where_((Gauge.level * 100.0).gt(Gauge.level)).run(&engine).await, Ok(1));
        assert_eq!(Gauge::select(Gauge.level).run(&engine).await.unwrap(), [Some(0.1 * 3e38)]);
    });
}

#[test]
fn a_span_of_time_that_grows_too_long_is_not_read() {
    on_both(async |db| {
        let engine = with(db, Gauge::new("g").span(TimeDelta::microseconds(i64::MAX))).await;
        refused(Gauge::select(Gauge.span + TimeDelta::days(1)).run(&engine).await);
        assert_eq!(
            Gauge::count().where_((Gauge.span - TimeDelta::days(1)).gt(TimeDelta::zero())).run(&engine).await,
            Ok(1)
        );
    });
}

#[test]
fn a_date_outside_of_the_years_1_to_9999_is_not_read() {
    on_both(async |db| {
        let (day, moment) =
            (NaiveDate::from_ymd_opt(9999, 12, 31), "9999-12-31T23:59:59.999999Z".parse::<DateTime<Utc>>());
        let engine = with(db, Gauge::new("g").day(day).moment(moment.unwrap())).await;
        refused(Gauge::select(Gauge.day + TimeDelta::days(1)).run(&engine).await);
        refused(Gauge::select(Gauge.moment + TimeDelta::microseconds(1)).run(&engine).await);
        let early = Gauge::select(Gauge.moment - TimeDelta::days(9999 * 366));
        refused(early.run(&engine).await);
        let day = Gauge::select(Gauge.day - TimeDelta::days(1)).run(&engine).await.unwrap();
        assert_eq!(day, [NaiveDate::from_ymd_opt(9999, 12, 30)]);
    });
}

#[test]
fn zero_has_one_sign() {
    on_both(async |db| {
        let engine = with(db, Gauge::new("g").ratio(-0.0).level(-0.0)).await;
        let read = Gauge::select((Gauge.ratio, Gauge.level, Gauge.ratio * -1.0)).run(&engine).await.unwrap();
        let [(Some(ratio), Some(level), Some(product))] = read.as_slice() else { panic!("{read:?}") };
        assert!(ratio.is_sign_positive() && level.is_sign_positive() && product.is_sign_positive(), "{read:?}");
        let json = Gauge::select(Gauge.ratio).output_json().run(&engine).await.unwrap();
        assert_eq!(json, r#"[{"ratio":0.0}]"#);
    });
}

//! One program, one answer: a test for each rule about what the engines would do differently by themselves.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use piccolo_runtime::query::{create_tables, excluded, now, raw_value};
use piccolo_runtime::schema::ElementType;
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Exec, Result, Table, Value};
use piccolo_tests::{TestDb, on_both};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;
use uuid::Uuid;

use super::tables::{Mood, NewThing, Owner, Thing};
use super::{engine, statement};

/// An engine with these things in it.
async fn things(db: &TestDb, things: Vec<NewThing>) -> Engine {
    let engine = engine(db).await;
    create_tables([Owner::META, Thing::META]).run(&engine).await.unwrap();
    Thing::insert(things).run(&engine).await.unwrap();
    engine
}

/// Things with these names.
fn named(names: &[&str]) -> Vec<NewThing> {
    names.iter().map(|name| Thing::new().name(*name)).collect()
}

/// The names of the things for which a condition holds, in the order of their insertion.
macro_rules! names {
    ($engine:expr, $condition:expr) => {
        Thing::select(Thing.name).where_($condition).order_by(Thing.id).run($engine).await.unwrap()
    };
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Asserts that a value was refused before the database saw it.
fn refused<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(Error::InvalidValue { .. })), "{result:?}");
}

#[test]
fn like_tells_upper_from_lower_case_and_knows_one_escape() {
    on_both(async |db| {
        let engine = things(db, named(&["Rust", "rust", "r%st", "r_st", "a\\b", "[r]", "*", "?"])).await;
        assert_eq!(names!(&engine, Thing.name.like("r%")), ["rust", "r%st", "r_st"]);
        assert_eq!(names!(&engine, Thing.name.like("r_st")), ["rust", "r%st", "r_st"]);
        assert_eq!(names!(&engine, Thing.name.like("r\\%st")), ["r%st"]);
        assert_eq!(names!(&engine, Thing.name.like("r\\_st")), ["r_st"]);
        assert_eq!(names!(&engine, Thing.name.like("a\\\\b")), ["a\\b"]);
        assert_eq!(names!(&engine, Thing.name.like("[r]")), ["[r]"]);
        assert_eq!(names!(&engine, Thing.name.like("*")), ["*"]);
        assert_eq!(names!(&engine, Thing.name.like("?")), ["?"]);
        assert_eq!(names!(&engine, Thing.name.not_like("%r%")), ["Rust", "a\\b", "*", "?"].map(str::to_owned));
    });
}

#[test]
fn ilike_folds_the_letters_of_ascii() {
    on_both(async |db| {
        let engine = things(db, named(&["Rust", "RUST", "rüst", "ru%t"])).await;
        assert_eq!(names!(&engine, Thing.name.ilike("rUST")), ["Rust", "RUST"]);
        assert_eq!(names!(&engine, Thing.name.ilike("RU\\%T")), ["ru%t"]);
        assert_eq!(names!(&engine, Thing.name.not_ilike("r_st")), ["ru%t"]);
    });
}

#[test]
fn text_sorts_and_compares_by_code_point() {
    on_both(async |db| {
        let sorted = ["", " ", "A", "Z", "_", "a", "z", "é", "\u{FFFD}", "\u{1F980}"];
        let mut mixed = sorted;
        mixed.reverse();
        let engine = things(db, named(&mixed)).await;
        assert_eq!(Thing::select(Thing.name).order_by(Thing.name).run(&engine).await.unwrap(), sorted);
        assert_eq!(Thing::select(Thing.name.max()).run(&engine).await.unwrap(), [Some("\u{1F980}".to_owned())]);
        let between = Thing::select(Thing.name).where_((Thing.name.gt("Z"), Thing.name.lt("a")));
        assert_eq!(between.run(&engine).await.unwrap(), ["_"]);
    });
}

#[test]
fn an_enum_sorts_and_compares_in_its_declared_order() {
    on_both(async |db| {
        let moods = [Mood::Happy, Mood::Sad, Mood::Fine];
        let rows = moods.iter().map(|mood| Thing::new().name(mood.as_str()).mood(*mood)).chain(named(&["none"]));
        let engine = things(db, rows.collect()).await;
        let sorted = Thing::select(Thing.name).order_by(Thing.mood).run(&engine).await.unwrap();
        assert_eq!(sorted, ["sad", "fine", "happy", "none"]);
        assert_eq!(names!(&engine, Thing.mood.gte(Mood::Fine)), ["happy", "fine"]);
        assert_eq!(names!(&engine, Thing.mood.is_in([Mood::Sad, Mood::Happy])), ["happy", "sad"]);
    });
}

#[test]
fn the_least_and_the_greatest_of_an_enum_are_those_of_its_declared_order() {
    on_both(async |db| {
        let moods = [Mood::Happy, Mood::Sad, Mood::Fine];
        let rows = moods.iter().map(|mood| Thing::new().mood(*mood).small(1)).chain(named(&["none"]));
        let engine = things(db, rows.collect()).await;
        let ends = Thing::select((Thing.mood.min(), Thing.mood.max())).run(&engine).await.unwrap();
        assert_eq!(ends, [(Some(Mood::Sad), Some(Mood::Happy))]);
        let none = Thing::select(Thing.mood.max()).where_(Thing.name.eq("none")).run(&engine).await.unwrap();
        assert_eq!(none, [None]);
        let groups = Thing::select((Thing.small, Thing.mood.max()))
            .group_by(Thing.small)
            .having(Thing.mood.min().lt(Mood::Fine))
            .order_by(Thing.mood.max().desc());
        assert_eq!(groups.run(&engine).await.unwrap(), [(Some(1), Some(Mood::Happy))]);
        assert_eq!(names!(&engine, Thing.mood.eq(Thing::select(Thing.mood.max()))).len(), 1);
    });
}

#[test]
fn a_computed_decimal_of_more_than_15_digits_is_exact_or_refused() {
    on_both(async |db| {
        let rows = ["99999999.99", "0.01"].map(|price| Thing::new().price(decimal(price)));
        let engine = things(db, rows.to_vec()).await;
        let square = || Thing.price * Thing.price;
        let largest = Thing::select(square()).where_(Thing.id.eq(1)).run(&engine).await;
        let sum = Thing::select(square().sum()).run(&engine).await;
        let row = Thing::select(square().as_alias("square")).where_(Thing.id.eq(1)).rows().run(&engine).await;
        let row = row.and_then(|rows| rows[0].get_named::<Decimal>("square"));
        if db.dialect() == Dialect::Postgres {
            assert_eq!(largest, Ok(vec![Some(decimal("9999999998000000.0001"))]));
            assert_eq!(sum, Ok(vec![Some(decimal("9999999998000000.0002"))]));
            assert_eq!(row, Ok(decimal("9999999998000000.0001")));
        } else {
            for error in [largest.unwrap_err(), sum.unwrap_err(), row.unwrap_err()] {
                assert!(matches!(&error, Error::Decode { .. }), "{error:?}");
                assert!(error.to_string().contains("more than the 15 digits that SQLite keeps exactly"), "{error}");
            }
        }
        // Fifteen are exact on both.
        let tens = Thing::select(Thing.price * decimal("10.0")).order_by(Thing.id).run(&engine).await.unwrap();
        assert_eq!(tens, [Some(decimal("999999999.900")), Some(decimal("0.100"))]);
        let square = Thing::select(square()).where_(Thing.id.eq(2)).run(&engine).await.unwrap();
        assert_eq!(square, [Some(decimal("0.0001"))]);
    });
}

#[test]
fn arrays_and_documents_have_no_order() {
    on_both(async |db| {
        let rows = vec![Thing::new().numbers(vec![9]).document(json!(9)), Thing::new().numbers(vec![10, 1])];
        let engine = things(db, rows).await;
        let words: Vec<String> = Vec::new();
        let select = || Thing::select(Thing.id);
        for (query, name) in [
            (select().order_by(Thing.numbers), "`Thing.numbers` is an array"),
            (select().order_by("-words"), "`Thing.words` is an array"),
            (select().order_by(Thing.document.desc()), "`Thing.document` is JSON"),
            (select().order_by(Thing.document.arrow("a")), "an expression is JSON"),
            (select().where_(Thing.numbers.gt(vec![1])), "`Thing.numbers` is an array"),
            (select().where_(Thing.words.lte(words)), "`Thing.words` is an array"),
            (select().where_(Thing.document.lt(json!(1))), "`Thing.document` is JSON"),
            (select().where_(Thing.owner.eq(1) & Thing.document.gte(json!(1))), "`Thing.document` is JSON"),
        ] {
            let error = query.run(&engine).await.unwrap_err();
            assert!(matches!(&error, Error::Usage { .. }), "{error:?}");
            assert!(error.to_string().starts_with(name), "{error}");
        }
        assert_eq!(select().where_(Thing.numbers.is_in([vec![9]])).run(&engine).await, Ok(vec![1]));
        assert_eq!(select().where_(Thing.numbers.ne(vec![9])).run(&engine).await, Ok(vec![2]));
        assert_eq!(select().where_(Thing.document.is_in([json!(9)])).run(&engine).await, Ok(vec![1]));
    });
}

#[test]
fn a_decimal_is_exact_and_sorts_as_a_number() {
    on_both(async |db| {
        let sorted = ["-10.50", "-2.00", "-0.01", "0.00", "1.10", "9.99", "10.00", "99999999.99"];
        let rows = sorted.iter().rev().map(|price| Thing::new().name(*price).price(decimal(price)));
        let engine = things(db, rows.collect()).await;
        let read = Thing::select(Thing.price).order_by(Thing.price).run(&engine).await.unwrap();
        let texts: Vec<String> = read.iter().flatten().map(ToString::to_string).collect();
        assert_eq!(texts, sorted);
        assert_eq!(names!(&engine, Thing.price.eq(decimal("1.1"))), ["1.10"]);
        assert_eq!(names!(&engine, Thing.price.gt(decimal("9.99"))), ["99999999.99", "10.00"]);
        assert_eq!(names!(&engine, Thing.price.is_in([decimal("0"), decimal("-0.01")])), ["0.00", "-0.01"]);
        let sum = Thing::select(Thing.price.sum()).run(&engine).await.unwrap();
        assert_eq!(sum, [Some(decimal("100000008.57"))]);
    });
}

#[test]
fn more_digits_than_a_decimal_has_are_refused() {
    on_both(async |db| {
        let engine = things(db, named(&["one"])).await;
        for price in ["1.234", "123456789.00", "0.001"] {
            refused(Thing::insert([Thing::new().price(decimal(price))]).run(&engine).await);
            refused(Thing::update().set(Thing.price, decimal(price)).force().run(&engine).await);
        }
        // Zeros at the end are no digits.
        let fits = Thing::update().set(Thing.price, decimal("1.5000")).force();
        assert_eq!(fits.run(&engine).await, Ok(1));
        // What an expression comes to only the database knows.
        let product = Thing::update().set(Thing.price, Thing.price * decimal("0.33")).force();
        assert_eq!(product.run(&engine).await, Ok(1));
        assert_eq!(Thing::select(Thing.price).run(&engine).await.unwrap(), [Some(decimal("0.50"))]);
        let error = Thing::update().set(Thing.price, Thing.price * decimal("9999999999")).force().run(&engine).await;
        refused(error);
    });
}

#[test]
fn instants_have_microseconds_and_years_from_1_to_9999() {
    on_both(async |db| {
        let fine = instant("2020-02-29T23:59:59.123456789Z");
        let (first, last) = (instant("0001-01-01T00:00:00Z"), instant("9999-12-31T23:59:59.999999Z"));
        let rows = [("fine", fine), ("last", last), ("first", first)];
        let engine = things(db, rows.map(|(name, at)| Thing::new().name(name).instant(at)).into()).await;
        let read = Thing::select((Thing.name, Thing.instant)).order_by(Thing.instant).run(&engine).await.unwrap();
        let cut = instant("2020-02-29T23:59:59.123456Z");
        assert_eq!(
            read,
            [("first", first), ("fine", cut), ("last", last)].map(|(name, at)| (name.to_owned(), Some(at)))
        );
        assert_eq!(names!(&engine, Thing.instant.eq(fine)), ["fine"]);
        let too_late = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
        let too_early = NaiveDate::from_ymd_opt(0, 12, 31).unwrap();
        for day in [too_late, too_early] {
            refused(Thing::insert([Thing::new().instant(NaiveDateTime::from(day).and_utc())]).run(&engine).await);
            refused(Thing::insert([Thing::new().moment(NaiveDateTime::from(day))]).run(&engine).await);
            refused(Thing::insert([Thing::new().day(day)]).run(&engine).await);
            refused(Thing::count().where_(Thing.day.eq(day)).run(&engine).await);
        }
    });
}

#[test]
fn dates_times_and_moments_sort_in_time() {
    on_both(async |db| {
        let days = ["0900-01-01", "1969-12-31", "2024-02-29"].map(|day| day.parse::<NaiveDate>().unwrap());
        let clocks = ["00:00:00.000001", "09:05:00", "23:59:59.999999"].map(|at| at.parse::<NaiveTime>().unwrap());
        let rows = days.iter().zip(clocks).rev();
        let rows = rows.map(|(day, at)| Thing::new().day(*day).clock(at).moment(day.and_time(at)));
        let engine = things(db, rows.collect()).await;
        assert_eq!(Thing::select(Thing.day).order_by(Thing.day).run(&engine).await.unwrap(), days.map(Some));
        assert_eq!(Thing::select(Thing.clock).order_by(Thing.clock).run(&engine).await.unwrap(), clocks.map(Some));
        let moments = [0, 1, 2].map(|at: usize| Some(days[at].and_time(clocks[at])));
        assert_eq!(Thing::select(Thing.moment).order_by(Thing.moment).run(&engine).await.unwrap(), moments);
    });
}

#[test]
fn a_span_of_time_is_exact_and_sorts_by_length() {
    on_both(async |db| {
        let spans = [
            TimeDelta::days(-400),
            TimeDelta::microseconds(-1),
            TimeDelta::zero(),
            TimeDelta::days(31),
            TimeDelta::days(31) + TimeDelta::microseconds(1),
            TimeDelta::days(365_000),
        ];
        let engine = things(db, spans.iter().rev().map(|span| Thing::new().span(*span)).collect()).await;
        assert_eq!(Thing::select(Thing.span).order_by(Thing.span).run(&engine).await.unwrap(), spans.map(Some));
        let longer = Thing::count().where_(Thing.span.gt(TimeDelta::days(31)));
        assert_eq!(longer.run(&engine).await, Ok(2));
        refused(Thing::insert([Thing::new().span(TimeDelta::MAX)]).run(&engine).await);
    });
}

#[test]
fn a_uuid_is_found_and_sorts_by_its_bytes() {
    on_both(async |db| {
        let uuids = [Uuid::nil(), Uuid::from_u128(0x7f00 << 100), Uuid::from_u128(0x80 << 120), Uuid::max()];
        let engine = things(db, uuids.iter().rev().map(|uuid| Thing::new().uuid(*uuid)).collect()).await;
        assert_eq!(Thing::select(Thing.uuid).order_by(Thing.uuid).run(&engine).await.unwrap(), uuids.map(Some));
        let found = Thing::count().where_(Thing.uuid.eq(uuids[1]) | Thing.uuid.is_in([uuids[2]]));
        assert_eq!(found.run(&engine).await, Ok(2));
    });
}

#[test]
fn an_array_holds_neither_nulls_nor_arrays() {
    on_both(async |db| {
        let words = vec!["it's".to_owned(), "a,b".to_owned(), "{}".to_owned(), "\\\"".to_owned(), String::new()];
        let rows = vec![
            Thing::new().name("full").words(words.clone()).numbers(vec![3, -1]),
            Thing::new().name("empty").words(Vec::new()).numbers(Vec::new()),
            Thing::new().name("null"),
        ];
        let engine = things(db, rows).await;
        let read = Thing::select((Thing.words, Thing.numbers)).order_by(Thing.id).run(&engine).await.unwrap();
        assert_eq!(read, [(Some(words.clone()), Some(vec![3, -1])), (Some(vec![]), Some(vec![])), (None, None)]);
        assert_eq!(names!(&engine, Thing.words.eq(words)), ["full"]);
        assert_eq!(names!(&engine, Thing.numbers.eq(Vec::new())), ["empty"]);
        let inner = Value::Array(ElementType::Integer, vec![Value::Integer(1)]);
        for element in [inner, Value::Text("\0".to_owned())] {
            let array = Value::Array(ElementType::Text, vec![element]);
            refused(Exec::from(&engine).execute(statement(&engine, "UPDATE nowhere SET a = ?", vec![array])).await);
        }
    });
}

#[test]
fn a_json_document_is_compared_as_a_whole_whatever_the_order_of_its_keys() {
    on_both(async |db| {
        let rows = [json!({"b": [1, 2.5, null], "a": {"d": 1, "c": "x"}}), json!([1, 2]), json!(null), json!("text")];
        let engine = things(db, rows.iter().map(|document| Thing::new().document(document.clone())).collect()).await;
        let same: serde_json::Value =
            serde_json::from_str(r#"{"a": {"c": "x", "d": 1}, "b": [1, 2.5, null]}"#).unwrap();
        let ids = async |condition| Thing::select(Thing.id).where_(condition).order_by(Thing.id).run(&engine).await;
        assert_eq!(ids(Thing.document.eq(same.clone())).await, Ok(vec![1]));
        assert_eq!(ids(Thing.document.ne(same)).await, Ok(vec![2, 3, 4]));
        assert_eq!(ids(Thing.document.is_in([json!([1, 2]), json!("text")])).await, Ok(vec![2, 4]));
        assert_eq!(ids(Thing.document.eq(json!([2, 1]))).await, Ok(vec![]));
        let read = Thing::select(Thing.document).order_by(Thing.id).run(&engine).await.unwrap();
        assert_eq!(read, rows.map(Some));
    });
}

#[test]
fn a_whole_number_in_a_json_document_is_one_number_however_it_is_written() {
    on_both(async |db| {
        let engine =
            things(db, vec![Thing::new().document(json!({"a": 1.0})), Thing::new().document(json!({"a": 1}))]).await;
        for one in [json!({"a": 1}), json!({"a": 1.0})] {
            assert_eq!(Thing::count().where_(Thing.document.eq(one)).run(&engine).await, Ok(2));
        }
        let read = Thing::select(Thing.document).distinct().run(&engine).await;
        assert_eq!(read, Ok(vec![Some(json!({"a": 1}))]));
    });
}

#[test]
fn nul_and_nan_are_refused_before_any_sql() {
    on_both(async |db| {
        // The table does not exist, so an error of the database would be another one.
        let engine = engine(db).await;
        refused(Thing::insert([Thing::new().name("a\0b")]).run(&engine).await);
        refused(Thing::insert([Thing::new().ratio(f64::NAN)]).run(&engine).await);
        refused(Thing::insert([Thing::new().document(json!({"a": ["\0"]}))]).run(&engine).await);
        refused(Thing::insert([Thing::new().words(vec!["\0".to_owned()])]).run(&engine).await);
        refused(Thing::update().set(Thing.name, "\0").force().run(&engine).await);
        refused(Thing::count().where_(Thing.name.eq("\0")).run(&engine).await);
        refused(Thing::count().where_(Thing.name.like("\0%")).run(&engine).await);
        refused(Thing::count().where_(Thing.name.is_in(["\0"])).run(&engine).await);
        refused(Thing::count().where_(Thing.ratio.gt(f64::NAN)).run(&engine).await);
        refused(Thing::raw("SELECT {}", ("\0",)).run(&engine).await);
    });
}

#[test]
fn dividing_by_zero_gives_null() {
    on_both(async |db| {
        let rows = vec![Thing::new().number(7).ratio(7.0).price(decimal("7"))];
        let engine = things(db, rows).await;
        let integers = Thing::select((Thing.number / 0, Thing.number % 0, Thing.number / 2, Thing.number % 4));
        assert_eq!(integers.run(&engine).await.unwrap(), [(None, None, Some(3), Some(3))]);
        let floats = Thing::select((Thing.ratio / 0.0, Thing.ratio / 2.0, Thing.price / decimal("0")));
        assert_eq!(floats.run(&engine).await.unwrap(), [(None, Some(3.5), None)]);
        let negative = Thing::select((Thing.number / -2, Thing.number % -4));
        assert_eq!(negative.run(&engine).await.unwrap(), [(Some(-3), Some(3))]);
    });
}

#[test]
fn a_half_behind_the_last_digit_of_a_quotient_is_rounded_away_from_zero() {
    on_both(async |db| {
        let halves: Vec<i64> = (-64..64).map(|half| 2 * half + 1).collect();
        let rows = halves.iter().map(|half| Thing::new().price(Decimal::from(*half))).collect();
        let engine = things(db, rows).await;
        let quotients = Thing::select(Thing.price / decimal("128")).order_by(Thing.id).run(&engine).await.unwrap();
        let away = RoundingStrategy::MidpointAwayFromZero;
        let expected: Vec<_> = halves
            .iter()
            .map(|half| Some((Decimal::from(*half) / decimal("128")).round_dp_with_strategy(6, away)))
            .collect();
        assert_eq!(quotients, expected);
    });
}

#[test]
fn equal_to_none_means_is_null() {
    on_both(async |db| {
        let engine = things(db, vec![Thing::new().name("one").number(1), Thing::new().name("none")]).await;
        let none: Option<i32> = None;
        assert_eq!(names!(&engine, Thing.number.eq(none)), ["none"]);
        assert_eq!(names!(&engine, Thing.number.ne(none)), ["one"]);
        assert_eq!(names!(&engine, Thing.number.eq(Some(1))), ["one"]);
        assert_eq!(names!(&engine, Thing.number.ne(1)), [""; 0]);
        assert_eq!(names!(&engine, !Thing.number.eq(1)), [""; 0]);
        assert_eq!(names!(&engine, Thing.number.ne(2)), ["one"]);
    });
}

#[test]
fn now_is_one_moment_in_a_statement() {
    on_both(async |db| {
        let before = Utc::now() - TimeDelta::seconds(5);
        let engine = things(db, named(&["a", "b", "c"])).await;
        Thing::update().set(Thing.instant, now()).force().run(&engine).await.unwrap();
        let moments = Thing::select((Thing.instant, now())).order_by(Thing.id).run(&engine).await.unwrap();
        assert!(moments.iter().all(|(set, asked)| *set == moments[0].0 && *asked == moments[0].1), "{moments:?}");
        assert!(moments[0].0.is_some_and(|set| set >= before && set <= moments[0].1), "{moments:?}");
        let both = Thing::count().where_((Thing.instant.lte(now()), Thing.instant.gt(now() - TimeDelta::hours(1))));
        assert_eq!(both.run(&engine).await, Ok(3));
    });
}

#[test]
fn nulls_sort_as_greater_than_everything_unless_asked() {
    on_both(async |db| {
        let rows =
            vec![Thing::new().name("none"), Thing::new().name("two").number(2), Thing::new().name("one").number(1)];
        let engine = things(db, rows).await;
        let sorted = async |order| Thing::select(Thing.name).order_by(order).run(&engine).await.unwrap();
        assert_eq!(sorted(Thing.number.asc()).await, ["one", "two", "none"]);
        assert_eq!(sorted(Thing.number.desc()).await, ["none", "two", "one"]);
        assert_eq!(sorted(Thing.number.asc().nulls_first()).await, ["none", "one", "two"]);
        assert_eq!(sorted(Thing.number.desc().nulls_last()).await, ["two", "one", "none"]);
    });
}

#[test]
fn nothing_is_in_an_empty_list_and_everything_is_not() {
    on_both(async |db| {
        let engine = things(db, vec![Thing::new().name("one").number(1), Thing::new().name("none")]).await;
        let none: [i32; 0] = [];
        assert_eq!(names!(&engine, Thing.number.is_in(none)), [""; 0]);
        assert_eq!(names!(&engine, Thing.number.not_in(none)), ["one", "none"]);
        assert_eq!(names!(&engine, !Thing.number.is_in(none)), ["one", "none"]);
        assert_eq!(names!(&engine, Thing.name.is_in([""; 0])), [""; 0]);
    });
}

#[test]
fn a_small_integer_has_16_bits() {
    on_both(async |db| {
        let engine = things(db, vec![Thing::new().small(i16::MIN), Thing::new().small(i16::MAX)]).await;
        let table = if engine.dialect() == Dialect::Sqlite { "thing" } else { "public.thing" };
        for number in ["32768", "-32769"] {
            let past_us = format!("UPDATE {table} SET small = {number}");
            refused(Exec::from(&engine).execute(past_us.into()).await);
        }
        let sum = Thing::select(Thing.small.sum()).run(&engine).await.unwrap();
        assert_eq!(sum, [Some(-1)]);
    });
}

#[test]
fn a_varchar_has_its_length_in_characters() {
    on_both(async |db| {
        let engine = things(db, vec![Thing::new().short("ééééé"), Thing::new().short("")]).await;
        refused(Thing::insert([Thing::new().short("123456")]).run(&engine).await);
        refused(Thing::update().set(Thing.short, "éééééé").force().run(&engine).await);
        refused(Exec::from(&engine).execute("UPDATE thing SET short = '123456'".into()).await);
        refused(Thing::update().set(Thing.short, Thing.short + "!").where_(Thing.short.ne("")).run(&engine).await);
        assert_eq!(Thing::select(Thing.short.length()).order_by(Thing.id).run(&engine).await.unwrap(), [5, 0]);
    });
}

#[test]
fn foreign_keys_are_always_enforced() {
    on_both(async |db| {
        let engine = things(db, Vec::new()).await;
        let owners = Owner::insert([Owner::new("one")]).run(&engine).await.unwrap();
        Thing::insert([Thing::new().owner(owners[0])]).run(&engine).await.unwrap();
        let violated = [
            Thing::insert([Thing::new().owner(99)]).run(&engine).await.map(drop),
            Thing::update().set(Thing.owner, 99).force().run(&engine).await.map(drop),
            Owner::delete().force().run(&engine).await.map(drop),
            Exec::from(&engine).execute("UPDATE thing SET owner = 99".into()).await.map(drop),
        ];
        assert!(violated.iter().all(|one| matches!(one, Err(Error::ForeignKeyViolation { .. }))), "{violated:?}");
        // On every connection, and not only on the first.
        let connection = engine.dedicated().await.unwrap();
        let violated = connection.exec().execute("UPDATE thing SET owner = 99".into()).await;
        assert!(matches!(violated, Err(Error::ForeignKeyViolation { .. })), "{violated:?}");
    });
}

#[test]
fn floats_sort_with_the_infinities_at_their_ends() {
    on_both(async |db| {
        let ratios = [f64::NEG_INFINITY, -1.5, 0.0, 5e-324, 0.1, 1e300, f64::INFINITY];
        let engine = things(db, ratios.iter().rev().map(|ratio| Thing::new().ratio(*ratio)).collect()).await;
        assert_eq!(Thing::select(Thing.ratio).order_by(Thing.ratio).run(&engine).await.unwrap(), ratios.map(Some));
        assert_eq!(Thing::count().where_(Thing.ratio.eq(0.1)).run(&engine).await, Ok(1));
    });
}

#[test]
fn an_aggregate_of_no_rows_is_null_and_a_count_is_zero() {
    on_both(async |db| {
        let engine = things(db, Vec::new()).await;
        let none =
            Thing::select((Thing.number.sum(), Thing.number.avg(), Thing.name.min())).run(&engine).await.unwrap();
        assert_eq!(none, [(None, None, None)]);
        assert_eq!(Thing::count().run(&engine).await, Ok(0));
    });
}

#[test]
fn an_upsert_reads_the_row_that_is_there_and_the_one_that_was_refused() {
    on_both(async |db| {
        let engine = things(db, Vec::new()).await;
        Owner::insert([Owner::new("one").rank(1)]).run(&engine).await.unwrap();
        let again = Owner::insert([Owner::new("one").rank(5)]);
        let upsert = again.on_conflict(Owner.name).do_set(Owner.rank, Owner.rank * 10 + excluded(Owner.rank));
        assert_eq!(upsert.run(&engine).await, Ok(vec![1]));
        assert_eq!(Owner::select(Owner.rank).run(&engine).await.unwrap(), [15]);
    });
}

#[test]
fn a_double_quoted_text_is_a_name_and_never_a_text() {
    on_both(async |db| {
        let engine = things(db, named(&["name"])).await;
        let wrong = Thing::select(raw_value::<Thing, String>("\"no such column\"", ())).run(&engine).await;
        assert!(matches!(wrong, Err(Error::Database { .. })), "{wrong:?}");
    });
}

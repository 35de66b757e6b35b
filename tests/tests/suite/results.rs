//! Results as types of the application: through `FromResult`, and through serde where it is turned on.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use piccolo_runtime::query::FromResult;
use piccolo_runtime::{Error, Result, Row};
use piccolo_tests::on_both;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::json;

use crate::fixture::tables::everything::Required;
use crate::fixture::tables::{Band, Everything, Letter, Manager};
use crate::fixture::{connect, d3_and_lone};

/// A row as an application would have it.
#[derive(Debug, PartialEq, Deserialize)]
struct Summary {
    name: String,
    #[serde(rename = "manager.name")]
    manager: Option<String>,
    popularity: u16,
}

impl FromResult<Row> for Summary {
    fn from_result(row: Row) -> Result<Self> {
        Ok(Self { name: row.get_named("name")?, manager: row.get_named("manager")?, popularity: 0 })
    }
}

#[test]
fn serde_makes_structs_of_rows_by_the_names_of_columns() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let query = Band::select((Band.name, Band.manager.name, Band.popularity, Band.id)).order_by(Band.id.desc());
        let rows: Vec<Summary> = query.clone().deserialize().limit(2).run(&engine).await.unwrap();
        let summary = |name: &str, manager: Option<&str>, popularity| Summary {
            name: name.to_owned(),
            manager: manager.map(str::to_owned),
            popularity,
        };
        assert_eq!(rows, [summary("Lone", None, 0), summary("CSharps", Some("Mads"), 10)]);
        let first: Option<(String, Option<String>, i64, i64)> = query.deserialize().first().run(&engine).await.unwrap();
        assert_eq!(first, Some(("Lone".to_owned(), None, 0, 4)));
        let maps: Vec<BTreeMap<String, serde_json::Value>> =
            Manager::select(..).order_by(Manager.id).limit(1).deserialize().run(&engine).await.unwrap();
        assert_eq!(serde_json::to_value(&maps).unwrap(), json!([{"id": 1, "name": "Guido"}]));

        // What does not fit is said of its column.
        Band::update().set(Band.popularity, -1).where_(Band.name.eq("Lone")).run(&engine).await.unwrap();
        let query = Band::select((Band.name, Band.manager.name, Band.popularity)).order_by(Band.id.desc());
        let error = query.deserialize::<Summary>().run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::Decode { column, .. } if column == "popularity"), "{error:?}");
        let error = Band::select(Band.name).deserialize::<Summary>().run(&engine).await.unwrap_err();
        assert_eq!(error.to_string(), "cannot read column `name` of `Band`: missing field `popularity`");
    });
}

/// Every type, as serde knows it.
#[derive(Debug, PartialEq, Deserialize)]
struct Typed {
    small: i16,
    big: i64,
    float: f64,
    short_float: f32,
    price: Decimal,
    yes: bool,
    day: NaiveDate,
    time: NaiveTime,
    moment: chrono::NaiveDateTime,
    instant: DateTime<Utc>,
    span: i64,
    uuid: uuid::Uuid,
    document: BTreeMap<String, Vec<i32>>,
    bytes: Vec<u8>,
    letter: Letter,
    words: Vec<String>,
    numbers: Vec<i32>,
    word: Option<String>,
}

/// A row of every type.
fn required() -> Required {
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let moment = day.and_hms_micro_opt(12, 30, 1, 250_000).unwrap();
    Required {
        small: -3,
        big: i64::MAX,
        float: 0.1,
        short_float: 1.5,
        price: "12.500".parse().unwrap(),
        yes: true,
        day,
        time: moment.time(),
        moment,
        instant: moment.and_utc(),
        span: TimeDelta::microseconds(-7),
        uuid: uuid::Uuid::from_u128(9),
        document: json!({"a": [1, 2]}),
        bytes: vec![0, 255],
        letter: Letter::B,
        words: vec!["x".to_owned(), "it's".to_owned()],
        numbers: vec![1, -2],
    }
}

/// The same row, read.
fn expected() -> Typed {
    let required = required();
    Typed {
        small: required.small,
        big: required.big,
        float: required.float,
        short_float: required.short_float,
        price: required.price,
        yes: required.yes,
        day: required.day,
        time: required.time,
        moment: required.moment,
        instant: required.instant,
        span: -7,
        uuid: required.uuid,
        document: BTreeMap::from([("a".to_owned(), vec![1, 2])]),
        bytes: required.bytes,
        letter: required.letter,
        words: required.words,
        numbers: required.numbers,
        word: None,
    }
}

impl FromResult<Row> for Typed {
    fn from_result(row: Row) -> Result<Self> {
        let document: serde_json::Value = row.get_named("document")?;
        Ok(Self {
            small: row.get_named("small")?,
            big: row.get_named("big")?,
            float: row.get_named("float")?,
            short_float: row.get_named("short_float")?,
            price: row.get_named("price")?,
            yes: row.get_named("yes")?,
            day: row.get_named("day")?,
            time: row.get_named("time")?,
            moment: row.get_named("moment")?,
            instant: row.get_named("instant")?,
            span: row.get_named::<TimeDelta>("span")?.num_microseconds().unwrap_or_default(),
            uuid: row.get_named("uuid")?,
            document: serde_json::from_value(document).unwrap(),
            bytes: row.get_named("bytes")?,
            letter: row.get_named("letter")?,
            words: row.get_named("words")?,
            numbers: row.get_named("numbers")?,
            word: row.get_named("word")?,
        })
    }
}

#[test]
fn the_values_of_raw_rows_are_read_as_every_type_on_both_engines() {
    on_both(async |db| {
        let engine = connect(db).await;
        Everything::create_table().run(&engine).await.unwrap();
        Everything::insert([Everything::new(required())]).run(&engine).await.unwrap();
        let sql = "select small, big, float, short_float, price, yes, day, time, moment, instant, span, uuid, document, bytes, letter, \
                   words, numbers, in_the_database as word from everything";
        let raw = Everything::raw(sql, ());
        assert_eq!(raw.clone().into::<Typed>().run(&engine).await.unwrap(), [expected()]);
        assert_eq!(raw.clone().deserialize::<Typed>().run(&engine).await.unwrap(), [expected()]);

        // By the columns, whose digits and lengths are known as well.
        let row = raw.first().run(&engine).await.unwrap().unwrap();
        let wanted = required();
        assert_eq!(row.get(Everything.small), Ok(wanted.small));
        assert_eq!(row.get(Everything.big), Ok(wanted.big));
        assert_eq!(row.get(Everything.float), Ok(wanted.float));
        assert_eq!(row.get(Everything.short_float), Ok(wanted.short_float));
        assert_eq!(row.get(Everything.price).unwrap().to_string(), "12.500");
        assert_eq!(row.get(Everything.yes), Ok(wanted.yes));
        assert_eq!(row.get(Everything.day), Ok(wanted.day));
        assert_eq!(row.get(Everything.time), Ok(wanted.time));
        assert_eq!(row.get(Everything.moment), Ok(wanted.moment));
        assert_eq!(row.get(Everything.instant), Ok(wanted.instant));
        assert_eq!(row.get(Everything.span), Ok(wanted.span));
        assert_eq!(row.get(Everything.uuid), Ok(wanted.uuid));
        assert_eq!(row.get(Everything.document), Ok(wanted.document));
        assert_eq!(row.get(Everything.bytes), Ok(wanted.bytes));
        assert_eq!(row.get(Everything.letter), Ok(wanted.letter));
        assert_eq!(row.get(Everything.words), Ok(wanted.words));
        assert_eq!(row.get(Everything.numbers), Ok(wanted.numbers));
        assert_eq!(row.get(Everything.word), Ok(None));
        assert_eq!(row.get_named::<Option<DateTime<Utc>>>("instant"), Ok(Some(wanted.instant)));
        // Whole numbers of any width, where they fit.
        assert_eq!(row.get_named::<i64>("small"), Ok(-3));
        assert_eq!(row.get_named::<i32>("small"), Ok(-3));

        // What a value is not it is on no engine.
        let refused = [
            row.get_named::<i32>("big").map(drop),
            row.get_named::<uuid::Uuid>("words").map(drop),
            row.get_named::<bool>("small").map(drop),
            row.get_named::<DateTime<Utc>>("letter").map(drop),
            row.get_named::<serde_json::Value>("letter").map(drop),
            row.get_named::<Vec<i64>>("words").map(drop),
            row.get_named::<Decimal>("letter").map(drop),
            row.get_named::<NaiveDate>("word").map(drop),
        ];
        for (at, error) in refused.iter().enumerate() {
            assert!(matches!(error, Err(Error::Decode { .. })), "{at}: {error:?}");
        }
        let error = row.get_named::<NaiveDate>("letter").unwrap_err().to_string();
        assert!(error.starts_with("cannot read column `letter`: expected Date, found "), "{error}");
    });
}

#[test]
fn a_mean_of_decimals_is_that_of_their_digits() {
    on_both(async |db| {
        let engine = connect(db).await;
        Everything::create_table().run(&engine).await.unwrap();
        assert_eq!(Everything::select(Everything.price.avg()).run(&engine).await.unwrap(), [None]);
        let price = |price: &str| Everything::new(Required { price: price.parse().unwrap(), ..required() });
        Everything::insert([price("0.10"), price("0.20")]).run(&engine).await.unwrap();
        assert_eq!(Everything::select(Everything.price.avg()).run(&engine).await.unwrap(), [Some(0.15)]);
    });
}

#[test]
fn serde_reads_every_type_and_writes_rows_as_their_json() {
    on_both(async |db| {
        let engine = connect(db).await;
        Everything::create_table().run(&engine).await.unwrap();
        Everything::insert([Everything::new(required())]).run(&engine).await.unwrap();
        let typed: Typed = Everything::select(..).deserialize().first().run(&engine).await.unwrap().unwrap();
        assert_eq!(typed, expected());

        // The generated row, the row by name and the result as JSON have one form, byte for byte on both engines.
        let text = concat!(
            r#"[{"id":1,"small":-3,"big":9223372036854775807,"float":0.1,"short_float":1.5,"price":"12.500","yes":true,"#,
            r#""day":"2024-02-29","time":"12:30:01.250000","moment":"2024-02-29T12:30:01.250000","#,
            r#""instant":"2024-02-29T12:30:01.250000Z","span":-7,"uuid":"00000000-0000-0000-0000-000000000009","#,
            r#""document":{"a":[1,2]},"bytes":"00ff","letter":"b","words":["x","it's"],"numbers":[1,-2],"word":null}]"#,
        );
        assert_eq!(Everything::select(..).output_json().run(&engine).await.unwrap(), text);
        assert_eq!(Everything::objects().output_json().run(&engine).await.unwrap(), text);
        assert_eq!(serde_json::to_string(&Everything::objects().run(&engine).await.unwrap()).unwrap(), text);
        assert_eq!(serde_json::to_string(&Everything::select(..).run(&engine).await.unwrap()).unwrap(), text);
        assert_eq!(serde_json::from_str::<Vec<Letter>>(r#"["a","b"]"#).unwrap(), [Letter::A, Letter::B]);
        assert!(serde_json::from_str::<Letter>(r#""c""#).is_err());
    });
}

#[test]
fn raw_rows_become_types_of_the_application() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let sql = "select b.name, m.name as {{}} from band b left join manager m on m.id = b.manager where b.name = {}";
        let sql = sql.replace("{{}}", "manager");
        let rows = Band::raw(&sql, ("CSharps",)).into::<Summary>().run(&engine).await.unwrap();
        let mads = Summary { name: "CSharps".to_owned(), manager: Some("Mads".to_owned()), popularity: 0 };
        assert_eq!(rows, [mads]);
        let sql = "select name, popularity, popularity > {} as \"known\" from band order by id";
        let rows = Band::raw(sql, (500,)).deserialize::<(String, i64, bool)>().run(&engine).await.unwrap();
        assert_eq!(rows[2], ("CSharps".to_owned(), 10, false));
        assert_eq!(
            Band::raw(sql, (5,)).first().run(&engine).await.unwrap().unwrap().text("name").unwrap(),
            Some("Pythonistas")
        );
        assert!(
            Band::raw("select name from band where name = {}", ("zz",)).first().run(&engine).await.unwrap().is_none()
        );
        let mut batches = Band::raw(sql, (5,)).deserialize::<(String, i64, bool)>().batch(3).run(&engine).unwrap();
        let mut sizes = Vec::new();
        while let Some(batch) = batches.next().await {
            sizes.push(batch.unwrap().len());
        }
        assert_eq!(sizes, [3, 1]);
    });
}

#[test]
fn an_object_of_json_loses_no_value_to_another_of_its_name() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let twice = Band::select((Band.name, Band.id.as_alias("name"))).output_json();
        let error = twice.run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::Usage { message } if message.contains("called `name`")), "{error:?}");
        let same = Band::select((Band.id, Band.id)).order_by(Band.id).limit(1).output_json();
        assert_eq!(same.run(&engine).await.unwrap(), r#"[{"id":1}]"#);
        let nested = Manager::select((Manager.id, Manager.name)).order_by(Manager.id).limit(1).output_json().nested();
        assert_eq!(nested.run(&engine).await.unwrap(), r#"[{"id":1,"name":"Guido"}]"#);
    });
}

//! What `Display` shows: pasted into the engine's own shell, it gives the same rows.

use std::io::Write;
use std::process::{Command, Stdio};

use chrono::{NaiveDate, TimeDelta};
use piccolo_runtime::query::{case, exists, named, outer, raw, value};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Table};
use piccolo_tests::{TestDb, on_both, psql};
use serde_json::json;

use crate::fixture::tables::everything::Required;
use crate::fixture::tables::{Band, Everything, Letter, Manager, NewEverything, Tag};
use crate::fixture::{connect, d3_and_lone};

/// A text with everything that is special to somebody.
const HOSTILE: &str = "it's \"quoted\" \\ \\' $1 ?1 {} %_ -- /* ; \u{1}\r\n\t日本 🎸 é";

/// A key that shells of older releases of SQLite find as well.
const KEY: &str = "$it's [1] 日本 é";

/// Types a text into the engine's shell, and gives the lines that it prints.
fn shell(db: &TestDb, text: &str) -> Vec<String> {
    let mut command = match db.dialect() {
        Dialect::Postgres => {
            let mut command = Command::new(psql());
            command.args([db.url(), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]);
            command
        }
        Dialect::Sqlite => {
            let mut command = Command::new("sqlite3");
            command.args(["-batch", "-bail", db.sqlite_file().unwrap()]);
            command
        }
    };
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{text};\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}\nin: {text}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Whether SQLite's shell is installed, and new enough to know what we write. The library stands in for it everywhere.
fn has_shell(dialect: Dialect) -> bool {
    if dialect == Dialect::Postgres {
        return true;
    }
    let Ok(output) = Command::new("sqlite3").arg("-version").output() else { return false };
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = version.split(['.', ' ']).map_while(|number| number.parse::<u32>().ok());
    (numbers.next(), numbers.next()) >= (Some(3), Some(40))
}

/// The rows of a text, from the engine's shell and from a connection of another program, which must agree.
async fn pasted(db: &TestDb, text: &str) -> Vec<String> {
    let rows = db.rows(text).await.into_iter();
    let rows: Vec<String> =
        rows.map(|row| row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join("|")).collect();
    if has_shell(db.dialect()) {
        assert_eq!(shell(db, text), rows, "{text}");
    }
    rows
}

/// A row with a value of every type.
fn everything(text: &str) -> NewEverything {
    let day = NaiveDate::from_ymd_opt(1969, 12, 31).unwrap();
    let moment = day.and_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    Everything::new(Required {
        small: -32_768,
        big: i64::MIN,
        float: 0.1 + 0.2,
        short_float: -1.5e-7,
        price: "-123456789.125".parse().unwrap(),
        yes: true,
        day,
        time: moment.time(),
        moment,
        instant: moment.and_utc(),
        span: TimeDelta::microseconds(-90_061_000_001),
        uuid: uuid::Uuid::from_u128(0x1234_5678_9abc_def0),
        document: json!({"a": [1, null, text], KEY: {"b": 1.5e300}, text: 1}),
        bytes: vec![0, 39, 92, 255, 0, 10],
        letter: Letter::B,
        words: vec![text.to_owned(), String::new(), "NULL".to_owned(), "{a,b}".to_owned()],
        numbers: vec![i32::MIN, 0, i32::MAX],
    })
    .word(text.to_owned())
}

/// A table with two rows: one with a hostile text, and a plain one.
async fn two_rows(db: &TestDb) -> (Engine, Everything) {
    let engine = connect(db).await;
    Everything::create_table().run(&engine).await.unwrap();
    let plain = everything("plain").small(1).big(2).float(3.5).price(rust_decimal::Decimal::ONE).yes(false);
    let plain = plain.bytes(vec![1]).letter(Letter::A).numbers(vec![1]).short_float(2.0).uuid(uuid::Uuid::nil());
    let next = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let plain = plain.day(next).moment(next.and_hms_opt(1, 2, 3).unwrap()).span(TimeDelta::seconds(1));
    let plain = plain.instant(next.and_hms_opt(1, 2, 3).unwrap().and_utc()).time(chrono::NaiveTime::MIN);
    let keys = Everything::insert([everything(HOSTILE), plain]).run(&engine).await.unwrap();
    let row = Everything::get(keys[0]).run(&engine).await.unwrap();
    (engine, row)
}

#[test]
fn a_pasted_condition_on_a_value_of_any_type_finds_its_row() {
    on_both(async |db| {
        let (engine, row) = two_rows(db).await;
        let e = Everything;
        let dialect = engine.dialect();
        let conditions = [
            e.small.eq(row.small),
            e.big.eq(row.big),
            e.float.eq(row.float),
            e.short_float.eq(row.short_float),
            e.price.eq(row.price),
            e.yes.eq(row.yes),
            e.day.eq(row.day),
            e.time.eq(row.time),
            e.moment.eq(row.moment),
            e.instant.eq(row.instant),
            e.span.eq(row.span),
            e.uuid.eq(row.uuid),
            e.document.eq(row.document.clone()),
            e.bytes.eq(row.bytes.clone()),
            e.letter.eq(row.letter),
            e.words.eq(row.words.clone()),
            e.numbers.eq(row.numbers.clone()),
            e.word.eq(row.word.clone()),
            e.small.is_in([row.small, 7]),
            e.big.is_in([row.big, 7]),
            e.float.is_in([row.float]),
            e.price.is_in([row.price]),
            e.day.is_in([row.day]),
            e.instant.is_in([row.instant]),
            e.uuid.is_in([row.uuid]),
            e.bytes.is_in([row.bytes.clone()]),
            e.letter.is_in([row.letter]),
            e.word.is_in([row.word.clone(), None]),
            e.word.not_in(["plain"]),
            e.word.like("it's \"quoted\" \\\\ %"),
            e.word.ilike("IT'S _QUOTED_%"),
            e.document.arrow(KEY).arrow("b").eq(json!(1.5e300)) & e.small.eq(row.small),
            e.document.arrow("a").arrow(2).eq(json!(HOSTILE)),
            e.moment.lt(row.moment + TimeDelta::seconds(1)),
            (e.moment + TimeDelta::microseconds(1)).eq(row.moment + TimeDelta::microseconds(1)),
            (e.word + "'").eq(format!("{HOSTILE}'")),
            e.word.coalesce("?").length().gt(10) & !e.word.is_null(),
            case(e.yes, HOSTILE).otherwise("no").eq(HOSTILE),
            raw("words = {} and yes", (row.words.clone(),)) & raw("'{{}}' = {}", ("{}",)),
            e.id.is_in(Everything::select(Everything.id).where_(Everything.word.eq(HOSTILE)).limit(1)),
            exists(Everything::objects().where_((Everything.id.gt(outer(Everything.id)), Everything.small.eq(1)))),
        ];
        for condition in conditions {
            let query = Everything::select(Everything.id).where_(condition);
            let text = query.display(dialect);
            assert_eq!(query.run(&engine).await.unwrap(), [row.id], "{text}");
            assert_eq!(pasted(db, &text).await, [row.id.to_string()], "{text}");
        }
    });
}

#[test]
fn a_pasted_insert_stores_the_same_row() {
    on_both(async |db| {
        let (engine, row) = two_rows(db).await;
        let insert = Everything::insert([everything(HOSTILE), everything("plain")]);
        assert_eq!(once(db, &insert.display(engine.dialect())).await, ["3", "4"]);
        let pasted = Everything::get(3).run(&engine).await.unwrap();
        assert_eq!(Everything { id: row.id, ..pasted }, row);
    });
}

#[test]
fn a_pasted_select_gives_its_values() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let dialect = engine.dialect();
        let query = Band::select((Band.name, Band.manager.name.as_alias("the \"boss\""), value("it's".to_owned())))
            .where_(Band.popularity.gte(10) | Band.manager.is_null())
            .order_by((Band.manager.name.desc().nulls_last(), Band.id))
            .limit(2)
            .offset(1);
        assert_eq!(pasted(db, &query.display(dialect)).await, ["Pythonistas|Guido|it's", "Rustaceans|Graydon|it's"]);
        let grouped = Band::select((Band.manager.name, Band.popularity.sum())).group_by(Band.manager.name);
        let grouped = grouped.having(Band.popularity.max().gt(10)).order_by(Band.manager.name);
        assert_eq!(pasted(db, &grouped.display(dialect)).await, ["Graydon|2000", "Guido|1000"]);
        let by_name = Band::select(["manager.name"]).where_(named::<Band, String>("name").eq("CSharps"));
        assert_eq!(pasted(db, &by_name.display(dialect)).await, ["Mads"]);
        assert_eq!(pasted(db, &Band::count().distinct((Band.manager, Band.name)).display(dialect)).await, ["4"]);
        let objects = Manager::objects().where_(Manager.name.eq("Guido"));
        assert_eq!(pasted(db, &objects.display(dialect)).await, ["1|Guido"]);
        assert_eq!(pasted(db, &Manager::get(2).display(dialect)).await, ["2|Graydon"]);
        let raw = Band::raw("select name from band where popularity > {} and name <> {}", (10_i32, "it's"));
        assert_eq!(pasted(db, &format!("{} order by id", raw.display(dialect))).await, ["Pythonistas", "Rustaceans"]);
    });
}

/// Pastes once what would not do the same a second time.
async fn once(db: &TestDb, text: &str) -> Vec<String> {
    if has_shell(db.dialect()) {
        return shell(db, text);
    }
    db.rows(text).await.into_iter().map(|row| row.into_iter().flatten().collect::<Vec<_>>().join("|")).collect()
}

#[test]
fn pasted_writes_do_the_same() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let dialect = engine.dialect();
        Tag::create_table().run(&engine).await.unwrap();
        let upsert = || Tag::insert([Tag::new("it's").p(2)]).on_conflict(Tag.name).do_set(Tag.p, Tag.p * 10);
        once(db, &upsert().build().display(dialect)).await;
        once(db, &upsert().build().display(dialect)).await;
        assert_eq!(Tag::select((Tag.name, Tag.p)).run(&engine).await.unwrap(), [("it's".to_owned(), 20)]);

        let rename =
            Band::update().set(Band.name, "\\ it's").where_(Band.manager.name.eq("Guido")).returning(Band.name);
        assert_eq!(once(db, &rename.display(dialect)).await, ["\\ it's"]);
        let guido = Manager::get(1).run(&engine).await.unwrap();
        once(db, &Manager { name: "G'uido".to_owned(), ..guido }.save().display(dialect)).await;
        assert_eq!(Manager::get(1).run(&engine).await.unwrap().name, "G'uido");
        let delete = Band::delete().where_(Band.name.eq("\\ it's") | Band.manager.is_null()).returning(Band.id);
        let mut deleted = once(db, &delete.display(dialect)).await;
        deleted.sort();
        assert_eq!(deleted, ["1", "4"]);
        assert_eq!(Band::count().run(&engine).await.unwrap(), 2);
        assert!(Band::META.table().column("name").is_some());
    });
}

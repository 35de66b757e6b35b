//! Reading, beyond the rows of the acceptance list: what a typed select gives on both engines.

use piccolo_runtime::query::{FromResult, case, create_tables, exists, now, outer, raw_value, value};
use piccolo_runtime::{Engine, Error, Result, Row, Table};
use piccolo_tests::{TestDb, on_both};

use crate::bands::{Band, Concert, Genre, Manager, Venue};

/// D3: three managers, each with a band.
async fn d3(db: &TestDb) -> Engine {
    let engine = Engine::connect(db.url()).await.unwrap();
    let tables = [Concert::META, Band::META, Manager::META, Venue::META];
    create_tables(tables).run(&engine).await.unwrap();
    let managers = Manager::insert([Manager::new("Guido"), Manager::new("Graydon"), Manager::new("Mads")]);
    let keys = managers.run(&engine).await.unwrap();
    assert_eq!(keys, [1, 2, 3]);
    let bands = Band::insert([
        Band::new("Pythonistas").manager(keys[0]).popularity(1000),
        Band::new("Rustaceans").manager(keys[1]).popularity(2000).genre(Genre::Folk),
        Band::new("CSharps").manager(keys[2]).popularity(10),
    ]);
    assert_eq!(bands.run(&engine).await.unwrap(), [1, 2, 3]);
    engine
}

/// D3 with a band that nobody manages.
async fn d3_and_lone(db: &TestDb) -> Engine {
    let engine = d3(db).await;
    Band::insert([Band::new("Lone")]).run(&engine).await.unwrap();
    engine
}

/// The names of the bands that a condition leaves, sorted.
macro_rules! names {
    ($engine:expr, $condition:expr) => {
        Band::select(Band.name).where_($condition).order_by(Band.name).run($engine).await.unwrap()
    };
}

#[test]
fn patterns_quote_what_is_special_to_either_engine() {
    on_both(async |db| {
        let engine = d3(db).await;
        for name in ["100%", "a_b", "what?*[x]", "back\\slash", "]["] {
            Band::insert([Band::new(name)]).run(&engine).await.unwrap();
            let pattern = name.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            assert_eq!(names!(&engine, Band.name.like(pattern.as_str())), [name]);
            assert_eq!(names!(&engine, Band.name.ilike(pattern.as_str())), [name]);
        }
        let error = Band::select(Band.id).where_(Band.name.like("x\\")).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::InvalidValue { .. }), "{error:?}");
    });
}

#[test]
fn a_sub_select_of_several_rows_is_no_value() {
    on_both(async |db| {
        let engine = d3(db).await;
        let refused = async |condition| {
            let found = Band::count().where_(condition).run(&engine).await;
            let several = |message: &str| message.starts_with("more than one row returned by a sub");
            assert!(matches!(&found, Err(Error::Database { message, .. }) if several(message)), "{found:?}");
        };
        let by_name = || Manager::select(Manager.name).where_(Manager.name.eq("Guido"));
        refused(Band.popularity.eq(Band::select(Band.popularity).where_(Band.popularity.gt(0) & Band.id.gt(1)))).await;
        refused(Band.popularity.lt(Band::select(Band.popularity.max()).group_by(Band.genre))).await;

        assert_eq!(names!(&engine, Band.name.ne(by_name()) & Band.id.eq(1)), ["Pythonistas"]);
        let nobody = Manager::select(Manager.name).where_(Manager.name.eq("Nobody"));
        assert_eq!(names!(&engine, Band.name.ne(nobody)), [""; 0]);
        let same = Band::select(Band.id).where_(Band.popularity.eq(outer(Band.popularity)));
        assert_eq!(names!(&engine, Band.id.eq(same)), ["CSharps", "Pythonistas", "Rustaceans"]);
        // By a limit, by an aggregate, by a key, and by the key of the query around it.
        assert_eq!(names!(&engine, Band.name.ne(by_name().limit(1)) & Band.id.eq(1)), ["Pythonistas"]);
        let most = Band::select(Band.popularity.max());
        assert_eq!(names!(&engine, Band.popularity.eq(most)), ["Rustaceans"]);
        let second = Band::select(Band.popularity).where_(Band.id.eq(2) & Band.popularity.gt(0));
        assert_eq!(names!(&engine, Band.popularity.eq(second)), ["Rustaceans"]);
        let theirs = Manager::select(Manager.name).where_(Manager.id.eq(outer(Band.manager)));
        assert_eq!(names!(&engine, Band.name.ne(theirs) & Band.popularity.lt(100)), ["CSharps"]);
    });
}

#[test]
fn a_sub_select_of_one_value_can_be_computed_with() {
    on_both(async |db| {
        let engine = d3(db).await;
        let most = || Band::select(Band.popularity.max()).scalar();
        assert_eq!(names!(&engine, (most() - Band.popularity).gt(1000)), ["CSharps"]);
        let nobody = Band::select(Band.popularity.max()).where_(Band.name.eq("nobody")).scalar();
        let distance = Band::select((Band.name, nobody.coalesce(7), most() - 1)).where_(Band.id.eq(1));
        assert_eq!(distance.run(&engine).await.unwrap(), [("Pythonistas".to_owned(), 7, Some(1999))]);
        let alone = Band::select(Band.popularity).scalar().gt(0);
        assert!(matches!(Band::count().where_(alone).run(&engine).await, Err(Error::Database { .. })));
    });
}

#[test]
fn an_order_names_what_is_selected_by_its_alias() {
    on_both(async |db| {
        let engine = d3(db).await;
        let fame = || (0 - Band.popularity).as_alias("fame");
        let sorted = async |name: &str| {
            let rows = Band::select((Band.name, fame())).order_by(name).run(&engine).await;
            rows.map(|rows| rows.into_iter().map(|(name, _)| name).collect::<Vec<_>>())
        };
        assert_eq!(sorted("fame").await.unwrap(), ["Rustaceans", "Pythonistas", "CSharps"]);
        assert_eq!(sorted("-fame").await.unwrap(), ["CSharps", "Pythonistas", "Rustaceans"]);
        // A column is meant before an alias.
        assert_eq!(sorted("name").await.unwrap(), ["CSharps", "Pythonistas", "Rustaceans"]);
        assert!(matches!(sorted("frame").await, Err(Error::UnknownColumn { .. })));
    });
}

#[test]
fn a_sub_select_names_columns_of_the_query_around_it() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        Manager::insert([Manager::new("Idle")]).run(&engine).await.unwrap();
        let has_band = || exists(Band::objects().where_(Band.manager.eq(outer(Manager.id))));
        let busy = Manager::select(Manager.name).where_(has_band()).order_by(Manager.name).run(&engine).await.unwrap();
        assert_eq!(busy, ["Graydon", "Guido", "Mads"]);
        let idle = Manager::select(Manager.name).where_(!has_band()).run(&engine).await.unwrap();
        assert_eq!(idle, ["Idle"]);
        // The same table inside and outside: bands that are more popular than another one.
        let less = Band::exists().where_(Band.popularity.lt(outer(Band.popularity)));
        assert_eq!(names!(&engine, exists(less)), ["CSharps", "Pythonistas", "Rustaceans"]);
        let stray = Band::select(Band.name).where_(Band.id.eq(outer(Manager.id))).run(&engine).await;
        assert!(matches!(stray, Err(Error::Usage { .. })));
    });
}

#[test]
fn every_row_makes_a_condition_true_false_or_null() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let p = || Band.manager.name.like("G%") & Band.popularity.gt(10);
        let mut parts = names!(&engine, p());
        parts.extend(names!(&engine, !p()));
        parts.extend(names!(&engine, p().is_null()));
        parts.sort();
        assert_eq!(parts, ["CSharps", "Lone", "Pythonistas", "Rustaceans"]);
    });
}

#[test]
fn expressions_are_computed_alike() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let p = Band.popularity;
        let python = || Band::select(p + 10).where_(Band.name.eq("Pythonistas"));
        assert_eq!(python().run(&engine).await.unwrap(), [1010]);
        let numbers = Band::select((10 + p, p - 10, 2000 - p, p * 2, p / 3, p % 7, p / (p - p), p + p))
            .where_(Band.name.eq("Pythonistas"));
        assert_eq!(numbers.run(&engine).await.unwrap(), [(1010, 990, 1000, 2000, Some(333), Some(6), None, 2000)]);
        let texts = Band::select((
            Band.name + "!",
            "<" + Band.name + ">",
            Band.manager.name + "!",
            Band.manager.name.coalesce("nobody"),
            Band.name.upper_case().lower_case(),
            Band.name.length(),
        ))
        .where_(Band.name.eq("Lone"));
        let text = str::to_owned;
        assert_eq!(
            texts.run(&engine).await.unwrap(),
            [(text("Lone!"), text("<Lone>"), None, text("nobody"), text("lone"), 4)]
        );
        let size = case(p.gte(1000), "big").when(p.gt(0), "small").otherwise("none");
        let sizes = Band::select(size).order_by(Band.id).run(&engine).await.unwrap();
        assert_eq!(sizes, ["big", "big", "small", "none"]);
        let constants =
            Band::select((value(5), value("x".to_owned()), value(Genre::Jazz), raw_value::<_, i32>("1 + {}", (2,))));
        assert_eq!(constants.limit(1).run(&engine).await.unwrap(), [(5, text("x"), Genre::Jazz, 3)]);
        let moment = Band::select((now(), now())).limit(1).run(&engine).await.unwrap();
        assert_eq!(moment[0].0, moment[0].1);
        let most = Band::select(Band.name).where_(p.eq(Band::select(p.max())));
        assert_eq!(most.run(&engine).await.unwrap(), ["Rustaceans"]);
    });
}

#[test]
fn a_joined_table_is_read_as_a_whole_row_of_it() {
    on_both(async |db| {
        let engine = d3(db).await;
        Band::insert([Band::new("Lone")]).run(&engine).await.unwrap();
        let query = Band::select((Band.name, Band.manager.all())).where_(Band.popularity.lt(1000)).order_by(Band.id);
        let mads = Manager { id: 3, name: "Mads".to_owned() };
        let rows = query.run(&engine).await.unwrap();
        assert_eq!(rows, [("CSharps".to_owned(), Some(mads)), ("Lone".to_owned(), None)]);
    });
}

#[test]
fn a_row_is_read_by_column_and_by_name() {
    on_both(async |db| {
        let engine = d3(db).await;
        let rows = Band::select(["name", "manager.name", "genre"]).order_by(Band.id).run(&engine).await.unwrap();
        assert_eq!(rows[1].get(Band.name).unwrap(), "Rustaceans");
        assert_eq!(rows[1].get(Band.manager.name).unwrap().as_deref(), Some("Graydon"));
        assert_eq!(rows[1].get(Band.genre).unwrap(), Genre::Folk);
        assert!(matches!(rows[1].get(Band.popularity), Err(Error::UnknownColumn { .. })));
        let json = serde_json::to_string(&rows[1]).unwrap();
        assert_eq!(json, r#"{"name":"Rustaceans","manager.name":"Graydon","genre":"folk"}"#);
    });
}

#[test]
fn an_enum_is_compared_and_sorted_in_declared_order() {
    on_both(async |db| {
        let engine = d3(db).await;
        let query = Band::select(Band.name).order_by((Band.genre.desc(), Band.name));
        assert_eq!(query.run(&engine).await.unwrap(), ["Rustaceans", "CSharps", "Pythonistas"]);
        let query = Band::select(Band.name).where_((Band.genre.gt(Genre::Rock), Band.genre.is_in([Genre::Folk])));
        assert_eq!(query.run(&engine).await.unwrap(), ["Rustaceans"]);
    });
}

#[test]
fn a_row_that_does_not_exist_is_not_found() {
    on_both(async |db| {
        let engine = d3(db).await;
        let error = Band::get(9).run(&engine).await.unwrap_err();
        assert_eq!(error.to_string(), "no row of `band` with id = 9 exists");
        assert_eq!(Band::get(9).optional().run(&engine).await.unwrap(), None);
    });
}

#[test]
fn blocking_calls_give_the_same() {
    on_both(async |db| {
        drop(d3(db).await);
        let url = db.url().to_owned();
        let names = std::thread::spawn(move || {
            let engine = Engine::connect_sync(url).unwrap();
            Band::insert([Band::new("Lone")]).run_sync(&engine).unwrap();
            let names = Band::select(Band.name).order_by(Band.id);
            let one_by_one = names.clone().stream_sync(&engine).unwrap().collect::<Result<Vec<_>>>().unwrap();
            let in_batches = names.clone().batch(3).run_sync(&engine).unwrap().collect::<Result<Vec<_>>>().unwrap();
            assert_eq!(in_batches.concat(), one_by_one);
            let first = Band::objects().order_by(Band.id).prefetch(Band.manager).first().run_sync(&engine).unwrap();
            assert_eq!(first.unwrap().related.unwrap().name, "Guido");
            assert_eq!(names.run_sync(&engine).unwrap(), one_by_one);
            one_by_one
        });
        assert_eq!(names.join().unwrap(), ["Pythonistas", "Rustaceans", "CSharps", "Lone"]);
    });
}

/// A row as an application would have it.
#[derive(Debug, PartialEq)]
struct Summary {
    text: String,
}

impl FromResult<(String, Option<String>)> for Summary {
    fn from_result((band, manager): (String, Option<String>)) -> Result<Self> {
        Ok(Self { text: format!("{band} of {}", manager.as_deref().unwrap_or("nobody")) })
    }
}

impl FromResult<Row> for Summary {
    fn from_result(row: Row) -> Result<Self> {
        Ok(Self { text: format!("{} of {:?}", row.get(Band.name)?, row.get(Band.manager.name)?) })
    }
}

#[test]
fn rows_become_the_types_of_an_application() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let query = Band::select((Band.name, Band.manager.name)).order_by(Band.id.desc()).limit(1);
        let lone = query.clone().into::<Summary>().run(&engine).await.unwrap();
        assert_eq!(lone, [Summary { text: "Lone of nobody".to_owned() }]);
        let lone = query.rows().into::<Summary>().first().run(&engine).await.unwrap();
        assert_eq!(lone, Some(Summary { text: "Lone of None".to_owned() }));
    });
}

#[test]
fn moments_are_moved_by_spans_of_time_alike() {
    use chrono::{DateTime, TimeDelta, Utc};
    on_both(async |db| {
        let engine = d3(db).await;
        let start: DateTime<Utc> = "2022-01-01T21:00:00Z".parse().unwrap();
        let starts = [start, "1969-12-31T23:59:59.999999Z".parse().unwrap(), "0001-01-01T00:00:00Z".parse().unwrap()];
        Concert::insert(starts.map(|start| Concert::new(1, 2, start))).run(&engine).await.unwrap();
        let span = TimeDelta::days(1) + TimeDelta::hours(1) + TimeDelta::minutes(1) + TimeDelta::milliseconds(30_001);
        let moved = Concert::select((Concert.starts + span, Concert.starts - TimeDelta::microseconds(-1)))
            .order_by(Concert.id)
            .run(&engine)
            .await
            .unwrap();
        assert_eq!(moved, starts.map(|start| (start + span, start + TimeDelta::microseconds(1))));
        assert_eq!(moved[0].0.to_rfc3339(), "2022-01-02T22:01:30.001+00:00");
        let sooner = Concert::count().where_(Concert.starts.lt(now() - TimeDelta::days(1)));
        assert_eq!(sooner.run(&engine).await.unwrap(), 3);
    });
}

#[test]
fn nested_json_follows_the_paths() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let names = Band::select(Band.name).order_by(Band.name).limit(2).output_json().run(&engine).await.unwrap();
        assert_eq!(names, r#"[{"name":"CSharps"},{"name":"Lone"}]"#);
        let both = || Band::select((Band.name, Band.manager.name)).order_by(Band.name).limit(2).output_json();
        let flat = both().run(&engine).await.unwrap();
        assert_eq!(flat, r#"[{"name":"CSharps","manager.name":"Mads"},{"name":"Lone","manager.name":null}]"#);
        let nested = both().nested().run(&engine).await.unwrap();
        assert_eq!(nested, r#"[{"name":"CSharps","manager":{"name":"Mads"}},{"name":"Lone","manager":null}]"#);
        Concert::insert([Concert::new(1, 4, chrono::Utc::now())]).run(&engine).await.unwrap();
        let deep = Concert::select((Concert.band_1.manager.name, Concert.band_1.name, Concert.band_2.manager.all()));
        let deep = deep.output_json().nested().run(&engine).await.unwrap();
        let expected = r#"[{"band_1":{"manager":{"name":"Guido"},"name":"Pythonistas"},"band_2":{"manager":null}}]"#;
        assert_eq!(deep, expected);
        let objects = Manager::objects().order_by(Manager.id).limit(1).output_json().run(&engine).await.unwrap();
        assert_eq!(objects, r#"[{"id":1,"name":"Guido"}]"#);
        let none = Manager::objects().where_(Manager.id.eq(9)).output_json().run(&engine).await.unwrap();
        assert_eq!(none, "[]");
    });
}

#[test]
fn tuples_have_up_to_sixteen_parts_and_tuples_in_them() {
    on_both(async |db| {
        let engine = d3(db).await;
        let b = Band;
        let query = Band::select((
            (b.id, (b.name, b.manager)),
            (b.manager.name, b.popularity),
            b.genre,
            (b.id, b.id, b.id, b.id, b.id, b.id, b.id, b.id, b.id, b.id, b.id, b.id, b.id, b.id, b.id, b.popularity),
        ));
        let (key, manager, genre, wide) = query.where_(b.id.eq(2)).first().run(&engine).await.unwrap().unwrap();
        assert_eq!(key, (2, ("Rustaceans".to_owned(), Some(2))));
        assert_eq!((manager, genre, wide.0, wide.15), ((Some("Graydon".to_owned()), 2000), Genre::Folk, 2, 2000));
    });
}

#[test]
fn the_traits_of_queries_leave_the_methods_of_a_list_alone() {
    use piccolo_runtime::query::{IndexKeys, Ordering, Selection};

    fn shown(names: impl IndexKeys<Band> + Ordering<Band> + Selection<Band> + Clone) -> String {
        Band::select(names.clone()).order_by(names).to_string()
    }

    let mut names = vec!["name"];
    names.push("popularity");
    let text = shown(names);
    assert!(text.ends_with("popularity\""), "{text}");
}

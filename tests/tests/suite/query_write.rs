//! Writing: the rows of the acceptance list that begin with B, beyond the first ones.

use chrono::{DateTime, Utc};
use piccolo_runtime::query::{Queue, count, excluded};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error};
use piccolo_tests::{TestDb, on, on_both};

use crate::fixture::tables::{Band, Concert, Manager, Node, Pair, Tag, Ticket};
use crate::fixture::{connect, d3, d3_and_lone, empty};

/// The names of all bands, sorted.
async fn band_names(engine: &Engine) -> Vec<String> {
    Band::select(Band.name).order_by(Band.name).run(engine).await.unwrap()
}

/// The popularity of the bands, by name.
async fn popularity(engine: &Engine) -> Vec<(String, i32)> {
    Band::select((Band.name, Band.popularity)).order_by(Band.name).run(engine).await.unwrap()
}

/// The band of this name.
async fn band(engine: &Engine, name: &str) -> Band {
    Band::objects().where_(Band.name.eq(name)).first().run(engine).await.unwrap().unwrap()
}

/// The table with a unique name, with one row in it.
async fn tagged(db: &TestDb, p: i32) -> Engine {
    let engine = connect(db).await;
    Tag::create_table().run(&engine).await.unwrap();
    Tag::insert([Tag::new("a").p(p)]).run(&engine).await.unwrap();
    engine
}

/// All tags.
async fn tags(engine: &Engine) -> Vec<(String, i32)> {
    Tag::select((Tag.name, Tag.p)).order_by(Tag.name).run(engine).await.unwrap()
}

#[test]
fn b06_an_insert_gives_columns_back() {
    on_both(async |db| {
        let engine = d3(db).await;
        let insert = || Manager::insert([Manager::new("Maz"), Manager::new("Amy")]);
        let rows = insert().returning((Manager.name.as_alias("manager_name"), Manager.id)).run(&engine).await.unwrap();
        assert_eq!(rows, [("Maz".to_owned(), 4), ("Amy".to_owned(), 5)]);
        let rows = insert().returning(..).run(&engine).await.unwrap();
        assert_eq!(rows[0].get(Manager.name).unwrap(), "Maz");
    });
}

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
fn b09_b10_b11_a_conflict_changes_the_row_that_is_there() {
    on_both(async |db| {
        let engine = tagged(db, 1).await;
        let insert = || Tag::insert([Tag::new("a").p(5)]).on_conflict(Tag.name);
        assert_eq!(insert().do_update(Tag.p).run(&engine).await.unwrap(), [1]);
        assert_eq!(tags(&engine).await, [("a".to_owned(), 5)]);
        insert().do_set(Tag.p, 105).run(&engine).await.unwrap();
        assert_eq!(tags(&engine).await, [("a".to_owned(), 105)]);
        insert().do_set(Tag.p, Tag.p + 100).run(&engine).await.unwrap();
        assert_eq!(tags(&engine).await, [("a".to_owned(), 205)]);
        insert().do_set(Tag.p, excluded(Tag.p) + 1).run(&engine).await.unwrap();
        assert_eq!(tags(&engine).await, [("a".to_owned(), 6)]);
        let keys = insert().do_update(Tag.p).where_(Tag.p.lt(0)).run(&engine).await.unwrap();
        assert!(keys.is_empty());
        assert_eq!(tags(&engine).await, [("a".to_owned(), 6)]);
    });
}

#[test]
fn rows_of_one_upsert_may_meet_each_other() {
    on_both(async |db| {
        let engine = tagged(db, 1).await;
        let rows = [Tag::new("a").p(2), Tag::new("b").p(3), Tag::new("a").p(4), Tag::new("b").p(5)];
        let keys = Tag::insert(rows).on_conflict(Tag.name).do_update(Tag.p).run(&engine).await.unwrap();
        assert_eq!(keys[0], keys[2]);
        assert_eq!(tags(&engine).await, [("a".to_owned(), 4), ("b".to_owned(), 5)]);
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

#[test]
fn b14_twelve_thousand_rows_go_in_at_once_or_not_at_all() {
    on_both(async |db| {
        let engine = empty(db).await;
        let keys =
            Band::insert((0..12_000).map(|n| Band::new(format!("b{n}")).popularity(n))).run(&engine).await.unwrap();
        assert_eq!(keys, (1..=12_000).collect::<Vec<i64>>());
        let rows = Band::select((Band.id, Band.name)).where_(Band.popularity.is_in([0, 11_999])).order_by(Band.id);
        let expected = [(1, "b0".to_owned()), (12_000, "b11999".to_owned())];
        assert_eq!(rows.run(&engine).await.unwrap(), expected);
        let bad = (0..2_000).map(|n| Band::new("x").manager((n == 1_999).then_some(7)));
        assert!(matches!(Band::insert(bad).run(&engine).await, Err(Error::ForeignKeyViolation { .. })));
        assert_eq!(Band::count().run(&engine).await.unwrap(), 12_000);
    });
}

#[test]
fn rows_that_name_different_columns_go_in_together() {
    on_both(async |db| {
        let engine = connect(db).await;
        Ticket::create_table().run(&engine).await.unwrap();
        let own = uuid::Uuid::from_u128(7);
        let rows = [Ticket::new("A1"), Ticket::new("A2").id(own), Ticket::new("A3")];
        let keys = Ticket::insert(rows).run(&engine).await.unwrap();
        assert_eq!(keys[1], own);
        for (key, seat) in keys.into_iter().zip(["A1", "A2", "A3"]) {
            assert_eq!(Ticket::get(key).run(&engine).await.unwrap().seat, seat);
        }
    });
}

#[test]
fn b15_b18_an_update_changes_the_rows_of_its_condition() {
    on_both(async |db| {
        let engine = d3(db).await;
        let rename = |from: &str, to: &str| Band::update().set(Band.name, to).where_(Band.name.eq(from));
        assert_eq!(rename("Pythonistas", "P2").run(&engine).await.unwrap(), 1);
        assert_eq!(rename("P2", "P3").returning(Band.name).run(&engine).await.unwrap(), ["P3"]);
        assert!(rename("zz", "x").returning(Band.name).run(&engine).await.unwrap().is_empty());
        let mads = Band::update().set(Band.popularity, 5).where_(Band.manager.name.eq("Mads"));
        assert_eq!(mads.run(&engine).await.unwrap(), 1);
        let expected = [("CSharps", 5), ("P3", 1000), ("Rustaceans", 2000)].map(|(name, p)| (name.to_owned(), p));
        assert_eq!(popularity(&engine).await, expected);
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
        assert_eq!(update().force().run(&engine).await.unwrap(), 3);
        let empty = Band::update().force().run(&engine).await;
        assert!(matches!(empty, Err(Error::Usage { .. })), "{empty:?}");
    });
}

#[test]
fn b19_b20_an_update_computes() {
    on_both(async |db| {
        let engine = d3(db).await;
        let lone = Band::insert([Band::new("z").popularity(1000)]).run(&engine).await.unwrap()[0];
        let p = Band.popularity;
        for (value, expected) in
            [(p + 10, 1010), (10 + p, 1020), (p - 20, 1000), (2000 - p, 1000), (p * 2, 2000), (p - p + 7, 7)]
        {
            let update = Band::update().set(p, value).where_(Band.id.eq(lone)).returning(p);
            assert_eq!(update.run(&engine).await.unwrap(), [expected]);
        }
        let brackets =
            Band::update().set(Band.name, "<" + Band.name + ">").where_(Band.id.eq(lone)).returning(Band.name);
        assert_eq!(brackets.run(&engine).await.unwrap(), ["<z>"]);
        let half = Band::update().set(p, (p / 0).coalesce(3)).where_(Band.id.eq(lone)).returning(p);
        assert_eq!(half.run(&engine).await.unwrap(), [3]);
        let owner = Band::update().set(Band.name, Band.manager.name.coalesce("nobody")).force().returning(Band.name);
        let mut names = owner.run(&engine).await.unwrap();
        names.sort();
        assert_eq!(names, ["Graydon", "Guido", "Mads", "nobody"]);
    });
}

#[test]
fn b22_b23_b24_a_delete_removes_the_rows_of_its_condition() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        assert_eq!(Band::delete().where_(Band.manager.name.is_null()).run(&engine).await.unwrap(), 1);
        let guido = Band::delete().where_(Band.manager.name.eq("Guido")).returning(Band.name);
        assert_eq!(guido.run(&engine).await.unwrap(), ["Pythonistas"]);
        assert_eq!(band_names(&engine).await, ["CSharps", "Rustaceans"]);
        assert_eq!(Band::delete().force().run(&engine).await.unwrap(), 2);
    });
}

#[test]
fn b25_a_row_is_saved_whole_or_in_part() {
    on_both(async |db| {
        let engine = d3(db).await;
        let mut python = band(&engine, "Pythonistas").await;
        python.popularity = 100_000;
        python.save().run(&engine).await.unwrap();
        assert_eq!(band(&engine, "Pythonistas").await, python);
        python.popularity = 7;
        python.name = "unsaved".to_owned();
        python.save().columns(Band.popularity).run(&engine).await.unwrap();
        assert_eq!(band(&engine, "Pythonistas").await.popularity, 7);
        python.name = "x".repeat(60);
        let error = python.save().run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::InvalidValue { .. }), "{error:?}");
    });
}

#[test]
fn b26_b27_a_removed_row_can_be_inserted_again() {
    on_both(async |db| {
        let engine = d3(db).await;
        let python = band(&engine, "Pythonistas").await;
        let gone = python.clone();
        let new = python.remove().run(&engine).await.unwrap();
        assert_eq!(band_names(&engine).await, ["CSharps", "Rustaceans"]);
        assert!(matches!(gone.save().run(&engine).await, Err(Error::NotFound { .. })));
        assert!(matches!(gone.remove().run(&engine).await, Err(Error::NotFound { .. })));
        assert_eq!(Band::insert([new]).run(&engine).await.unwrap(), [4]);
        assert_eq!(band(&engine, "Pythonistas").await.popularity, 1000);
    });
}

#[test]
fn b28_b29_b30_a_row_is_read_or_created() {
    on_both(async |db| {
        let engine = d3(db).await;
        let get = || Band::get_or_create((Band.name.eq("X"), Band.popularity.eq(5))).defaults(|band| band.manager(1));
        let (created, is_new) = get().run(&engine).await.unwrap();
        assert!(is_new);
        assert_eq!((created.popularity, created.manager), (5, Some(1)));
        assert_eq!(get().run(&engine).await.unwrap(), (created, false));
        let (row, is_new) = Band::get_or_create(Band.name.eq("Y") & Band.popularity.gt(10)).run(&engine).await.unwrap();
        assert!(is_new);
        assert_eq!(row.popularity, 0);
        let either = Band::get_or_create(Band.name.eq("a") | Band.name.eq("b")).run(&engine).await;
        assert!(matches!(either, Err(Error::Usage { .. })), "{either:?}");
    });
}

#[test]
fn b31_twenty_callers_create_one_row() {
    on_both(async |db| {
        let engine = connect(db).await;
        Tag::create_table().run(&engine).await.unwrap();
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let engine = engine.clone();
                tokio::spawn(async move { Tag::get_or_create(Tag.name.eq("X")).run(&engine).await })
            })
            .collect();
        let mut created = 0;
        for task in tasks {
            let (tag, is_new) = task.await.unwrap().unwrap();
            assert_eq!(tag.name, "X");
            created += i32::from(is_new);
        }
        assert_eq!(created, 1);
        assert_eq!(Tag::count().run(&engine).await.unwrap(), 1);
    });
}

#[test]
fn b32_keys_of_a_row_are_followed() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        Concert::create_table().run(&engine).await.unwrap();
        Concert::insert([Concert::new(1, 2)]).run(&engine).await.unwrap();
        let manager = band(&engine, "Pythonistas").await.get_related(Band.manager).run(&engine).await.unwrap();
        assert_eq!(manager.unwrap().name, "Guido");
        let concert = Concert::get(1).run(&engine).await.unwrap();
        assert_eq!(concert.get_related(Concert.band_2).run(&engine).await.unwrap().name, "Rustaceans");
        let guido = concert.get_related(Concert.band_1.manager).run(&engine).await.unwrap();
        assert_eq!(guido.unwrap().name, "Guido");
        assert_eq!(band(&engine, "Lone").await.get_related(Band.manager).run(&engine).await.unwrap(), None);
    });
}

#[test]
fn b33_b34_related_rows_come_along() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        Concert::create_table().run(&engine).await.unwrap();
        Concert::insert([Concert::new(1, 2), Concert::new(4, 1)]).run(&engine).await.unwrap();
        let bands = Band::objects().order_by(Band.id).prefetch(Band.manager).run(&engine).await.unwrap();
        let names: Vec<_> =
            bands.iter().map(|band| band.related.as_ref().map(|manager| manager.name.as_str())).collect();
        assert_eq!(names, [Some("Guido"), Some("Graydon"), Some("Mads"), None]);
        assert_eq!(bands[0].popularity, 1000);

        let both = Concert::objects()
            .order_by(Concert.id)
            .prefetch((Concert.band_1.manager, Concert.band_2))
            .run(&engine)
            .await
            .unwrap();
        let (first, second) = &both[0].related;
        assert_eq!(first.name, "Pythonistas");
        assert_eq!(first.related.as_ref().unwrap().name, "Guido");
        assert_eq!(second.name, "Rustaceans");
        assert_eq!(both[1].related.0.related, None);

        let managers =
            Manager::objects().order_by(Manager.id.desc()).prefetch(Band.manager.reverse()).run(&engine).await.unwrap();
        let names: Vec<_> = managers.iter().map(|manager| manager.related[0].name.as_str()).collect();
        assert_eq!(names, ["CSharps", "Rustaceans", "Pythonistas"]);

        let deep = Manager::objects()
            .where_(Manager.name.eq("Guido"))
            .prefetch(Band.manager.reverse().prefetch(Concert.band_2.reverse()))
            .first()
            .run(&engine)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(deep.related[0].name, "Pythonistas");
        assert_eq!(deep.related[0].related.len(), 1);
    });
}

#[test]
fn b35_a_row_is_read_anew() {
    on_both(async |db| {
        let engine = d3(db).await;
        let old = band(&engine, "Pythonistas").await;
        Band::update().set(Band.name, "new").where_(Band.id.eq(old.id)).run(&engine).await.unwrap();
        assert_eq!(old.refresh().run(&engine).await.unwrap().name, "new");
        Band::delete().where_(Band.id.eq(old.id)).run(&engine).await.unwrap();
        assert!(matches!(old.refresh().run(&engine).await, Err(Error::NotFound { .. })));
    });
}

#[test]
fn b36_a_row_is_changed_where_it_is() {
    on_both(async |db| {
        let engine = d3(db).await;
        let sharp = band(&engine, "CSharps").await;
        let changed = sharp.update_self().set(Band.popularity, Band.popularity + 6).run(&engine).await.unwrap();
        assert_eq!(changed.popularity, 16);
        assert_eq!(band(&engine, "CSharps").await, changed);
    });
}

#[test]
fn c07_a_queue_is_all_or_nothing() {
    on_both(async |db| {
        let engine = empty(db).await;
        let broken = Queue::new()
            .add(Manager::insert([Manager::new("Guido")]))
            .add(Manager::insert([Manager::new("x".repeat(60))]))
            .run(&engine)
            .await;
        assert!(matches!(broken, Err(Error::InvalidValue { .. })), "{broken:?}");
        assert_eq!(Manager::count().run(&engine).await.unwrap(), 0);
        let queue = Queue::new()
            .add(Node::create_table())
            .add(Node::insert([Node::new("n")]))
            .add(Node::delete().where_(Node.name.eq("n")));
        queue.run(&engine).await.unwrap();
        assert_eq!(Node::count().run(&engine).await.unwrap(), 0);
    });
}

#[test]
fn raw_statements_bind_their_parameters() {
    on_both(async |db| {
        let engine = d3(db).await;
        let rows = Band::raw("select name, popularity from band where name = {}", ("Pythonistas",));
        let rows = rows.run(&engine).await.unwrap();
        assert_eq!(rows[0].text("name").unwrap(), Some("Pythonistas"));
        let popular: i64 = match engine.dialect() {
            Dialect::Sqlite => rows[0].get_named("popularity").unwrap(),
            Dialect::Postgres => rows[0].get_named::<i32>("popularity").unwrap().into(),
        };
        assert_eq!(popular, 1000);
        let touched = Band::raw("update band set name = {} where name = {}", ("{{}}'; drop", "CSharps"));
        assert_eq!(touched.execute(&engine).await.unwrap(), 1);
        assert_eq!(band_names(&engine).await, ["Pythonistas", "Rustaceans", "{{}}'; drop"]);
        let braces = Band::raw("select '{{}}' as braces", ()).run(&engine).await.unwrap();
        assert_eq!(braces[0].text("braces").unwrap(), Some("{}"));
        let wrong = Band::raw("select {}", ()).run(&engine).await;
        assert!(matches!(wrong, Err(Error::Usage { .. })), "{wrong:?}");
    });
}

#[test]
fn a_unique_pair_conflicts_as_a_pair() {
    on_both(async |db| {
        let engine = connect(db).await;
        Pair::create_table().run(&engine).await.unwrap();
        Pair::insert([Pair::new("a", 1), Pair::new("a", 2)]).run(&engine).await.unwrap();
        let again = Pair::insert([Pair::new("a", 1)]).on_conflict((Pair.name, Pair.p)).do_nothing();
        assert!(again.run(&engine).await.unwrap().is_empty());
        let counted = Pair::select((Pair.name, count())).group_by(Pair.name).run(&engine).await.unwrap();
        assert_eq!(counted, [("a".to_owned(), 2)]);
    });
}

#[test]
fn writes_of_another_transaction_are_not_lost_on_postgres() {
    on(Dialect::Postgres, async |db| {
        let engine = d3(db).await;
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    let update = Band::update().set(Band.popularity, Band.popularity + 1);
                    update.where_(Band.manager.name.eq("Guido")).run(&engine).await
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap(), 1);
        }
        assert_eq!(band(&engine, "Pythonistas").await.popularity, 1010);
    });
}

#[test]
fn a_moment_is_the_same_in_all_rows_of_an_insert() {
    use crate::fixture::tables::Sample;
    on_both(async |db| {
        let engine = connect(db).await;
        Sample::create_table().run(&engine).await.unwrap();
        let moment: DateTime<Utc> = "2020-01-01T00:00:00.123456789Z".parse().unwrap();
        Sample::insert([Sample::new().moment(moment), Sample::new()]).run(&engine).await.unwrap();
        let read = Sample::select(Sample.moment).order_by(Sample.id).run(&engine).await.unwrap();
        assert_eq!(read[0].unwrap().to_rfc3339(), "2020-01-01T00:00:00.123456+00:00");
        assert_eq!(read[1], None);
        let found = Sample::count().where_(Sample.moment.eq(moment)).run(&engine).await.unwrap();
        assert_eq!(found, 1);
    });
}

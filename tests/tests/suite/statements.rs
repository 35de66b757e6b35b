//! How many statements a call sends: one where one does, and columns by their names.

use piccolo_runtime::{Engine, Table};
use piccolo_tests::{TestDb, on_both};

use crate::fixture::tables::{Account, Band, Concert, Entry, Manager, Tag};
use crate::fixture::{band, d3_and_concert};
use crate::reports::Reports;

/// One field of what this thread's engines report.
struct Sent {
    field: &'static str,
    reports: Reports,
}

impl Sent {
    /// The field in each statement since the last call.
    fn take(&self) -> Vec<String> {
        self.reports.take().iter().map(|report| report.field(self.field).to_owned()).collect()
    }
}

/// The data of the concert, an engine that reports its statements, and where they are kept.
async fn watched(db: &TestDb, field: &'static str) -> (Engine, Sent) {
    drop(d3_and_concert(db).await);
    let builder = Engine::builder(db.url()).log_queries(true).log_values(true);
    (builder.connect().await.unwrap(), Sent { field, reports: Reports::listen() })
}

#[test]
fn one_statement_does_where_one_can() {
    on_both(async |db| {
        let (engine, sent) = watched(db, "db.query.text").await;
        Entry::create_table().run(&engine).await.unwrap();
        Tag::create_table().run(&engine).await.unwrap();
        let python = band(&engine, "Pythonistas").await;
        let lone = band(&engine, "Lone").await;
        let concert = Concert::get(1).run(&engine).await.unwrap();
        sent.take();
        /// Runs a query and counts what it sends.
        macro_rules! sends {
            ($count:literal, $query:expr) => {
                $query.run(&engine).await.unwrap();
                let statements = sent.take();
                assert_eq!(statements.len(), $count, "{}: {statements:#?}", stringify!($query));
            };
        }
        sends!(1, Band::objects());
        sends!(1, Band::get(1));
        sends!(1, Band::select((Band.name, Band.manager.name)).where_(Band.manager.name.like("G%")).first());
        sends!(1, Band::select(Band.name).output_json());
        sends!(1, Band::objects().prefetch(Band.manager));
        sends!(1, Concert::objects().prefetch((Concert.band_1.manager, Concert.band_2.manager)));
        sends!(1, Entry::objects().prefetch(Entry.concert.band_1.manager));
        // One more for each level of the way back, however many rows there are.
        sends!(2, Manager::objects().prefetch(Manager.bands));
        sends!(3, Manager::objects().prefetch(Manager.bands.prefetch(Concert.band_1.reverse())));
        sends!(3, Manager::objects().prefetch(Manager.bands.prefetch((Concert.band_1.reverse(), Band.manager))));
        sends!(1, Manager::objects().where_(Manager.id.eq(99)).prefetch(Manager.bands));
        sends!(1, concert.get_related(Concert.band_1.manager));
        sends!(1, python.refresh());
        sends!(1, python.save());
        sends!(1, python.update_self().set(Band.popularity, Band.popularity + 1));
        sends!(1, Band::get_or_create(Band.name.eq("Pythonistas")));
        sends!(2, Band::get_or_create(Band.name.eq("New")));
        sends!(0, Band::insert(Vec::<crate::fixture::tables::NewBand>::new()));
        sends!(1, Band::insert([Band::new("one")]).returning(..));
        sends!(1, Band::insert((0..1000).map(|n| Band::new(format!("b{n}")))));
        sends!(1, Tag::insert([Tag::new("a"), Tag::new("b")]).on_conflict(Tag.name).do_update(Tag.p));
        sends!(1, Band::update().set(Band.popularity, 1).where_(Band.manager.name.eq("Guido")).returning(Band.name));
        sends!(1, Band::delete().where_(Band.manager.name.eq("Mads")).returning(Band.name));
        sends!(1, Band::count());
        sends!(1, Band::exists());
        sends!(1, lone.remove());
    });
}

#[test]
fn no_statement_selects_a_star() {
    on_both(async |db| {
        let (engine, sent) = watched(db, "db.query.text").await;
        Band::select(..).run(&engine).await.unwrap();
        Band::objects().run(&engine).await.unwrap();
        Band::select((Band.name, Band.manager.all())).run(&engine).await.unwrap();
        Band::objects().prefetch(Band.manager).run(&engine).await.unwrap();
        Manager::objects().prefetch(Manager.bands).run(&engine).await.unwrap();
        Band::insert([Band::new("x")]).returning(..).run(&engine).await.unwrap();
        Band::get_or_create(Band.name.eq("y")).run(&engine).await.unwrap();
        Band::count().distinct((Band.manager, Band.name)).run(&engine).await.unwrap();
        Band::exists().run(&engine).await.unwrap();
        let statements = sent.take();
        assert!(statements.len() >= 9, "{statements:#?}");
        for sql in statements {
            assert!(!sql.replace("count(*)", "").replace("COUNT(*)", "").contains('*'), "{sql}");
        }
        assert_eq!(Band::META.table().columns.len(), 4);
    });
}

#[test]
fn values_of_secret_columns_are_not_reported() {
    on_both(async |db| {
        let (engine, sent) = watched(db, "piccolo.query.parameters").await;
        Account::create_table().run(&engine).await.unwrap();
        let insert = |hash: &str| Account::insert([Account::new("bob", hash)]);
        insert("hush1").run(&engine).await.unwrap();
        insert("hush2").add(Account::new("eve", "hush3")).run(&engine).await.unwrap();
        Account::update().set(Account.password, "hush4").where_(Account.name.eq("bob")).run(&engine).await.unwrap();
        Account::select(Account.id).where_(Account.password.eq("hush5")).run(&engine).await.unwrap();
        Account::select(Account.id).where_(Account.password.is_in(["hush6"])).run(&engine).await.unwrap();
        Account::select(Account.id).where_(Account.password.lower_case().like("hush7%")).run(&engine).await.unwrap();
        let mut bob = Account::objects().where_(Account.name.eq("bob")).first().run(&engine).await.unwrap().unwrap();
        bob.password = "hush8".to_owned();
        bob.save().run(&engine).await.unwrap();
        Account::get_or_create(Account.name.eq("amy") & Account.password.eq("hush9")).run(&engine).await.unwrap();
        let reported = sent.take().join("\n");
        assert!(reported.contains("bob") && reported.contains("(secret)"), "{reported}");
        assert!(!reported.contains("hush"), "{reported}");
    });
}

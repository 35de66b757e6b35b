//! What is reported of statements, and what never is.

use piccolo_runtime::query::{create_tables, raw};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, EngineBuilder, Error, Exec, Table};
use piccolo_tests::{Scratch, TestDb, on, on_both};
use tracing::Level;

use super::tables::{Mood, Owner, Thing, Vault};
use crate::reports::Reports;

/// An engine that reports, with the tables.
async fn reporting(db: &TestDb, set: impl FnOnce(EngineBuilder) -> EngineBuilder) -> (Engine, Reports) {
    let engine = set(Engine::builder(db.url()).log_queries(true)).connect().await.unwrap();
    create_tables([Owner::META, Thing::META, Vault::META]).run(&engine).await.unwrap();
    (engine, Reports::listen())
}

#[test]
fn a_statement_is_reported_with_the_stable_names_of_its_attributes() {
    on_both(async |db| {
        let (engine, reports) = reporting(db, |builder| builder).await;
        let found = Thing::select(Thing.name).where_((Thing.name.eq("shown nowhere"), Thing.owner.name.eq("neither")));
        found.run(&engine).await.unwrap();
        let report = reports.one();
        assert_eq!(report.level, Level::INFO);
        let system = if db.dialect() == Dialect::Sqlite { "sqlite" } else { "postgresql" };
        assert_eq!(report.field("db.system.name"), system);
        assert!(
            db.url().contains(report.field("db.namespace")) && !report.field("db.namespace").is_empty(),
            "{report:?}"
        );
        assert_eq!(report.field("db.operation.name"), "SELECT");
        assert_eq!(report.field("db.collection.name"), "thing");
        assert_eq!(report.field("db.query.summary"), "SELECT thing");
        assert!(
            report.field("db.query.text").starts_with("SELECT ") && report.field("db.query.text").contains("LEFT JOIN")
        );
        let seconds: f64 = report.field("db.client.operation.duration").parse().unwrap();
        assert!(seconds > 0.0 && seconds < 60.0, "{seconds}");
        for absent in ["error.type", "db.response.status_code", "db.operation.batch.size", "piccolo.query.parameters"] {
            assert!(!report.fields.contains_key(absent), "{absent}: {report:?}");
        }
        assert!(!format!("{report:?}").contains("nowhere"), "{report:?}");
        match db.dialect() {
            Dialect::Sqlite => assert!(!report.fields.contains_key("server.address")),
            Dialect::Postgres => {
                assert!(db.url().ends_with(report.field("server.address")), "{report:?}");
                assert_eq!(report.field("server.port"), "5432");
            }
        }
        // None of the names is one that OpenTelemetry has not settled.
        let stable = [
            "db.system.name",
            "db.namespace",
            "db.operation.name",
            "db.collection.name",
            "db.query.summary",
            "db.query.text",
            "db.client.operation.duration",
            "server.address",
            "server.port",
        ];
        assert!(report.fields.keys().all(|name| stable.contains(&name.as_str())), "{report:?}");
    });
}

#[test]
fn every_way_of_running_a_statement_is_reported() {
    on_both(async |db| {
        let (engine, reports) = reporting(db, |builder| builder).await;
        Owner::insert([Owner::new("one"), Owner::new("two")]).run(&engine).await.unwrap();
        let inserts = reports.take();
        assert!(inserts.iter().any(|report| report.field("db.query.text").starts_with("INSERT INTO")), "{inserts:#?}");
        Owner::update().set(Owner.rank, 7).force().run(&engine).await.unwrap();
        assert_eq!(reports.one().field("db.query.summary"), "UPDATE owner");
        Owner::delete().where_(Owner.name.eq("y")).run(&engine).await.unwrap();
        assert_eq!(reports.one().field("db.query.summary"), "DELETE owner");
        // The second time the statement is not written anew.
        for _ in 0..2 {
            Owner::get(1).run(&engine).await.unwrap();
            assert_eq!(reports.one().field("db.query.summary"), "SELECT owner");
        }
        Owner::raw("select 1", ()).run(&engine).await.unwrap();
        let raw = reports.one();
        assert_eq!((raw.field("db.query.summary"), raw.field("db.query.text")), ("SELECT", "select 1"));
        // What the text alone says is no fact about it.
        assert!(!raw.fields.contains_key("db.operation.name"), "{raw:?}");
        let rows = vec![vec!["a".into()], vec!["b".into()], vec!["c".into()]];
        let sql = super::statement(&engine, "INSERT INTO owner (name) VALUES (?)", Vec::new()).sql;
        Exec::from(&engine).execute_each(sql, rows).await.unwrap();
        assert_eq!(reports.one().field("db.operation.batch.size"), "3");
        let tx = engine.begin().await.unwrap();
        Owner::count().run(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let summaries: Vec<String> =
            reports.take().iter().map(|one| one.field("db.query.summary").to_owned()).collect();
        assert!(summaries.ends_with(&["SELECT owner".to_owned(), "COMMIT".to_owned()]), "{summaries:?}");
        let mut batches = Exec::from(&engine).fetch_batches("SELECT id FROM owner".into(), 2, |row| row.get::<i64>(0));
        while let Some(batch) = batches.next().await {
            batch.unwrap();
        }
        assert!(!reports.take().is_empty());
    });
    for dialect in Dialect::ALL {
        let scratch = Scratch::new(dialect);
        let reports = Reports::listen();
        let engine = Engine::builder(scratch.url()).log_queries(true).connect_sync().unwrap();
        Exec::from(&engine).execute_sync("SELECT 1".into()).unwrap();
        assert_eq!(reports.one().field("db.query.text"), "SELECT 1");
    }
}

#[test]
fn nothing_is_reported_unless_asked() {
    on_both(async |db| {
        let engine = super::engine(db).await;
        let reports = Reports::listen();
        Exec::from(&engine).execute("SELECT 1".into()).await.unwrap();
        assert!(reports.take().is_empty());
    });
}

#[test]
fn an_error_is_reported_by_its_kind_and_code() {
    on_both(async |db| {
        let (engine, reports) = reporting(db, |builder| builder).await;
        Thing::insert([Thing::new().owner(9)]).run(&engine).await.unwrap_err();
        let failed = reports.take().into_iter().find(|report| !report.field("error.type").is_empty()).unwrap();
        assert_eq!(failed.field("error.type"), "ForeignKeyViolation");
        let code = if db.dialect() == Dialect::Sqlite { "787" } else { "23503" };
        assert_eq!(failed.field("db.response.status_code"), code);
        Exec::from(&engine).execute("SELECT * FROM nowhere".into()).await.unwrap_err();
        let code = if db.dialect() == Dialect::Sqlite { "1" } else { "42P01" };
        assert_eq!(reports.one().field("db.response.status_code"), code);
    });
}

#[test]
fn values_are_reported_when_asked_but_for_secrets() {
    const SECRETS: [&str; 3] = ["hunter2", "4711", "happy"];

    on_both(async |db| {
        let (engine, reports) = reporting(db, |builder| builder.log_values(true)).await;
        let vault = || Vault::new("Bob", "hunter2").pin(4711).mood(Mood::Happy);
        Vault::insert([vault()]).run(&engine).await.unwrap();
        Vault::insert([vault(), vault(), vault()]).run(&engine).await.unwrap();
        let change = Vault::update().set(Vault.name, "Alice").set(Vault.password, "hunter2").set(Vault.pin, 4711);
        change.where_(Vault.mood.eq(Mood::Happy)).run(&engine).await.unwrap();
        let conditions = [
            Vault.password.eq("hunter2") & Vault.name.eq("Alice"),
            Vault.name.eq("Alice") | !Vault.password.like("%hunter2%"),
            Vault.pin.is_in([4711, 1]) & Vault.name.is_in(["Alice"]),
            (Vault.pin + 4711).gt(1) & Vault.name.eq("Alice"),
            (Vault.password + "hunter2").ne("x") & Vault.name.eq("Alice"),
            Vault.id.is_in(Vault::select(Vault.id).where_(Vault.password.ne("hunter2"))) | Vault.name.eq("Alice"),
            raw("password = {}", ("hunter2",)) & Vault.name.eq("Alice"),
        ];
        for condition in conditions {
            Vault::count().where_(condition.clone()).run(&engine).await.unwrap();
            Vault::delete().where_(condition & Vault.name.eq("nobody")).run(&engine).await.unwrap();
        }
        let first = Vault::objects().order_by(Vault.id).first().run(&engine).await.unwrap().unwrap();
        first.save().run(&engine).await.unwrap();
        Vault::select((Vault.password, Vault.name)).where_(Vault.name.eq("Alice")).run(&engine).await.unwrap();
        Vault::raw("SELECT name FROM vault WHERE password = {}", ("hunter2",)).run(&engine).await.unwrap();
        let reports = reports.take();
        for report in &reports {
            let shown = format!("{report:?}");
            assert!(SECRETS.iter().all(|secret| !shown.contains(secret)), "{shown}");
        }
        let with = |name: &str| {
            reports.iter().filter(|report| report.field("piccolo.query.parameters").contains(name)).count()
        };
        assert!(with("Bob") > 0, "{reports:#?}");
        // Conditions on other columns keep their values although they stand beside a secret one.
        assert!(with("Alice") >= 14, "{}", with("Alice"));
        assert!(with("(secret)") >= 14, "{}", with("(secret)"));
        assert!(with("(Text)") >= 3, "{}", with("(Text)"));
    });
}

#[test]
fn secrets_are_in_no_error_and_in_no_debug_text() {
    on_both(async |db| {
        let (engine, _reports) = reporting(db, |builder| builder.log_values(true)).await;
        let hides = |text: String| assert!(!text.contains("hunter2") && !text.contains("47110000"), "{text}");
        let long = "hunter2".repeat(20);
        let refused: Vec<Error> = vec![
            Vault::insert([Vault::new("Bob", long.as_str())]).run(&engine).await.unwrap_err(),
            Vault::update().set(Vault.password, long.as_str()).force().run(&engine).await.unwrap_err(),
            Vault::count().where_(Vault.password.eq("hunter2\0")).run(&engine).await.unwrap_err(),
        ];
        for error in refused {
            assert!(matches!(error, Error::InvalidValue { .. }), "{error:?}");
            hides(format!("{error} {error:?}"));
        }
        Vault::insert([Vault::new("Bob", "hunter2").pin(47_110_000)]).run(&engine).await.unwrap();
        // A cell that is not what the schema says.
        if db.dialect() == Dialect::Sqlite {
            let file = db.open_sqlite().unwrap();
            file.execute_batch(
                "PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON; UPDATE vault SET mood = 'hunter2'",
            )
            .unwrap();
            let error = Vault::objects().run(&engine).await.unwrap_err();
            hides(format!("{error} {error:?}"));
            file.execute_batch("UPDATE vault SET mood = NULL").unwrap();
        }
        let vault = Vault::objects().first().run(&engine).await.unwrap().unwrap();
        let new = Vault::new("Bob", "hunter2").pin(47_110_000);
        for text in [
            format!("{vault:?}"),
            format!("{new:?}"),
            format!("{:?}", Vault::insert([new.clone()])),
            format!("{:?}", Vault::insert([new.clone()]).returning(Vault.id)),
            format!("{:?}", Vault::insert([new.clone()]).on_conflict(Vault.id).do_set(Vault.password, "hunter2")),
            format!("{:?}", Vault::update().set(Vault.password, "hunter2").where_(Vault.pin.eq(47_110_000))),
            format!("{:?}", Vault::delete().where_(Vault.password.like("hunter2%"))),
            format!("{:?}", Vault::objects().where_(Vault.password.is_in(["hunter2"]))),
            format!("{:?}", Vault::select(Vault.name + "hunter2").where_(Vault.password.eq("hunter2"))),
            format!("{:?}", Vault::objects().where_(Vault.password.eq("hunter2")).sql(engine.dialect()).unwrap()),
            format!("{:?}", Vault::get_or_create((Vault.password.eq("hunter2"), Vault.name.eq("Bob")))),
            format!("{:?}", Vault::raw("SELECT {}", ("hunter2",))),
            format!("{:?}", Vault.password.eq("hunter2")),
            format!("{:?}", vault.save()),
            format!("{:?}", vault.update_self().set(Vault.password, "hunter2")),
        ] {
            hides(text);
        }
    });
    on(Dialect::Postgres, async |db| {
        let (engine, _reports) = reporting(db, |builder| builder).await;
        // A trigger that tells.
        db.execute(
            "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'it is %', NEW.password; END $$; \
             CREATE TRIGGER tell BEFORE INSERT ON vault FOR EACH ROW EXECUTE FUNCTION tell()",
        )
        .await;
        let one = Vault::insert([Vault::new("Bob", "hunter2")]).run(&engine).await.unwrap_err();
        let many =
            Vault::insert([Vault::new("Bob", "hunter2"), Vault::new("Alice", "x")]).run(&engine).await.unwrap_err();
        for error in [one, many] {
            assert!(error.to_string().contains("it is (secret)"), "{error}");
        }
    });
}

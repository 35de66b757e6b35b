//! The application that is killed: its migrations, its rows, and what its database looks like after each step.

use std::path::{Path, PathBuf};
use std::process::Command;

use piccolo_codegen::migration::Manifest;
use piccolo_runtime::Engine;
use piccolo_runtime::introspect::{self, differences};
use piccolo_runtime::migrate::{Migration, Migrations, Scripts, run_steps};
use piccolo_runtime::sql::Dialect;
use piccolo_tests::{TestDb, block_on};

/// The migration that creates the tables.
pub(in crate::migrate) const FIRST: &str = "2026-11-01T10-00-00_bands";

/// The migration that is interrupted.
pub(in crate::migrate) const SECOND: &str = "2026-11-02T10-00-00_slugs";

/// Rows for the first migration's tables. Bands go with their managers, which a careless rebuild would make them do.
pub(in crate::migrate) const ROWS: &str = "INSERT INTO manager (name) VALUES ('Guido'), ('Graydon'), ('Mads'); \
     INSERT INTO band (name, manager, popularity) VALUES ('Pythonistas', 1, 1000), ('Rustaceans', 2, 500), ('CSharps', 3, 10), ('Solo', NULL, 0);";

/// What must be there once the second migration is applied, as one value.
pub(in crate::migrate) const AFTER: &str = "SELECT (SELECT count(*) FROM manager) || ' ' || (SELECT count(*) FROM band WHERE slug = lower(name)) || ' ' || \
     (SELECT count(*) FROM band JOIN manager ON manager.id = band.manager)";

/// The application's folder.
pub(in crate::migrate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/embedded")
}

/// Its migrations, as they stand in the folder.
pub(in crate::migrate) fn migrations() -> Migrations {
    let read = |id: &str, file: &str| std::fs::read_to_string(folder().join("migrations").join(id).join(file)).unwrap();
    let ids = std::fs::read_dir(folder().join("migrations")).unwrap().map(|entry| entry.unwrap());
    let ids = ids.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().into_string().unwrap());
    let list = ids.map(|id| {
        let manifest: Manifest = read(&id, "migration.toml").parse().unwrap();
        let scripts = |dialect: Dialect| {
            let [up, down] = ["up", "down"].map(|direction| read(&id, &format!("{direction}.{dialect}.sql")).into());
            Some(Scripts { up, down })
        };
        Migration {
            parents: manifest.parents.into_iter().map(Into::into).collect(),
            sqlite: scripts(Dialect::Sqlite),
            postgres: scripts(Dialect::Postgres),
            id: id.into(),
        }
    });
    Migrations::loaded(list.collect())
}

/// The command line in the application's folder.
pub(in crate::migrate) fn command_line(url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(piccolo_tests::program());
    command.arg("migration").args(arguments);
    in_folder(command, url)
}

/// The application itself.
pub(in crate::migrate) fn embedded(url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_embedded-under-test"));
    command.args(arguments);
    in_folder(command, url)
}

fn in_folder(mut command: Command, url: &str) -> Command {
    command.current_dir(folder()).env("DATABASE_URL", url).env_remove("PICCOLO_CONF").env_remove("RUST_BACKTRACE");
    command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
    command
}

/// A database with the first migration and its rows.
pub(super) fn prepare(db: &TestDb) {
    block_on(async {
        let engine = Engine::connect(db.url()).await.unwrap();
        migrations().forwards_to(&engine, 1).await.unwrap();
        engine.close().await;
        db.execute(ROWS).await;
    });
}

/// The shape of a database.
pub(super) async fn shape(url: &str) -> introspect::Shape {
    let engine = Engine::connect(url).await.unwrap();
    let shape = introspect::read(&engine, &introspect::Options::new()).await.unwrap();
    engine.close().await;
    shape
}

/// What the database looks like before the first step of the second migration, after it, and so on.
pub(super) fn shapes(dialect: Dialect) -> Vec<introspect::Shape> {
    let db = TestDb::new(dialect);
    prepare(&db);
    let migrations = migrations();
    let second = migrations.list().iter().find(|migration| migration.id == SECOND).unwrap();
    let up = &second.scripts(dialect).unwrap().up;
    // Everything above the first step is the header.
    let steps = up.split("-- piccolo: step").skip(1).map(|step| format!("-- piccolo: step{step}"));
    block_on(async {
        let mut shapes = vec![shape(db.url()).await];
        for step in steps {
            let engine = Engine::connect(db.url()).await.unwrap();
            run_steps(&engine, &step).await.unwrap();
            engine.close().await;
            shapes.push(shape(db.url()).await);
        }
        shapes
    })
}

/// Looks at what an interrupted run has left, lets another one run to its end, and looks again. `place` is where the run was
/// interrupted.
pub(super) fn check(db: &TestDb, shapes: &[introspect::Shape], place: &str) {
    block_on(async {
        let steps = |done: bool| {
            format!(
                "SELECT count(*) FROM piccolo_migration_step WHERE migration = '{SECOND}' AND {}",
                if done { "done" } else { "NOT done" }
            )
        };
        let done: usize = db.text(&steps(true)).await.parse().unwrap();
        let begun = db.text(&steps(false)).await != "0";
        let live = shape(db.url()).await;
        // A step without a transaction may be done although the journal only knows that it has begun.
        let same = |position: usize| shapes.get(position).is_some_and(|shape| differences(shape, &live).is_empty());
        let differ: Vec<String> = shapes
            .get(done)
            .map(|shape| differences(shape, &live))
            .into_iter()
            .flatten()
            .map(|one| one.describe("then", "now"))
            .collect();
        assert!(
            same(done) || begun && same(done + 1),
            "{place}: after {done} steps (another begun: {begun}): {differ:?}"
        );
        // Nobody has lost a row.
        assert_eq!(
            db.text("SELECT (SELECT count(*) FROM manager) || ' ' || (SELECT count(*) FROM band)").await,
            "3 4",
            "{place}"
        );
        let engine = Engine::connect(db.url()).await.unwrap();
        migrations().forwards(&engine).await.unwrap_or_else(|error| panic!("{place}: the next run fails: {error}"));
        // What was interrupted is not taken for a change by hand.
        let verified = migrations().verify(&engine).await.unwrap();
        assert!(verified.is_current(), "{place}: {verified}");
        engine.close().await;
        let last = shapes.last().unwrap();
        let differ: Vec<String> =
            differences(last, &shape(db.url()).await).into_iter().map(|one| one.describe("then", "now")).collect();
        assert!(differ.is_empty(), "{place}: {differ:?}");
        assert_eq!(db.text(AFTER).await, "3 4 3", "{place}");
        let open = "SELECT count(*) FROM piccolo_migration_step WHERE NOT done";
        assert_eq!(db.text(open).await, "0", "{place}");
    });
}

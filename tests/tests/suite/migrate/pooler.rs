//! Migrations behind PgBouncer in transaction mode.

use piccolo_runtime::Engine;
use piccolo_runtime::migrate::Migrations;
use piccolo_runtime::sql::Dialect;
use piccolo_tests::{PgBouncer, on};

use super::support::{IDS, migration};

/// jackc/tern#146, ariga/atlas#2447: a lock of a session is stranded behind a pooler.
#[test]
fn migrations_run_once_with_several_runners() {
    on(Dialect::Postgres, async |db| {
        // Each runner takes a connection for its lock and one for its work.
        let pooler = PgBouncer::before(db, 10);
        let migrations = || {
            let index = "-- piccolo: step no-transaction\nCREATE INDEX CONCURRENTLY one_name ON one (name);";
            let no_index = "-- piccolo: step no-transaction\nDROP INDEX CONCURRENTLY one_name;";
            Migrations::loaded(vec![
                migration(IDS[0], &[], "CREATE TABLE one (id bigint PRIMARY KEY, name text);", "DROP TABLE one;"),
                migration(IDS[1], &[IDS[0]], index, no_index),
                migration(IDS[2], &[IDS[1]], "INSERT INTO one VALUES (1, 'first');", "DELETE FROM one;"),
            ])
        };
        let runners: Vec<_> = (0..4)
            .map(|_| {
                let (url, migrations) = (pooler.url().to_owned(), migrations());
                tokio::spawn(async move {
                    let engine = Engine::connect(url).await.unwrap();
                    migrations.forwards(&engine).await.map(drop)
                })
            })
            .collect();
        for runner in runners {
            runner.await.unwrap().unwrap();
        }
        assert_eq!(db.text("SELECT count(*) FROM one").await, "1");
        assert_eq!(db.text("SELECT count(*) FROM piccolo_migration").await, "3");
        assert_eq!(db.text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_name'::regclass").await, "t");
        // The server is shared with other tests.
        let here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        let locks = format!("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {here}");
        assert_eq!(db.text(&locks).await, "0");
        let engine = Engine::connect(pooler.url()).await.unwrap();
        migrations().backwards(&engine, "all").await.unwrap();
        assert_eq!(db.text("SELECT to_regclass('one')").await, "NULL");
    });
}

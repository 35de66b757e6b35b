//! Disks that are full, and disks that fail.

use piccolo_runtime::migrate::{Migrations, State};
use piccolo_runtime::sql::Dialect;
use piccolo_tests::on;

use crate::migrate::support::{IDS, only, open};

#[cfg(target_os = "linux")]
#[test]
fn a_full_or_broken_disk_under_sqlite_is_told_and_loses_nothing() {
    let trial = super::sqlite::Trial::new();
    let mut failures = 0;
    for (call, file, error, said) in [
        ("pwrite64", "-wal", "ENOSPC", "full"),
        ("pwrite64", "-wal", "EIO", "disk I/O error"),
        ("pwrite64", "", "ENOSPC", "full"),
        ("pwrite64", "", "EIO", "disk I/O error"),
        // SQLite takes a page that cannot be read for one that is broken.
        ("pread64", "", "EIO", "disk"),
        ("pread64", "-wal", "EIO", "disk"),
        ("fsync", "", "EIO", "disk I/O error"),
        ("fsync", "-wal", "EIO", "disk I/O error"),
    ] {
        // From the first, third, … such call on, until none of them fails any more.
        for first in (1..).step_by(3) {
            let output = trial.run(call, file, &format!("error={error}:when={first}+"));
            if output.status.success() {
                break;
            }
            failures += 1;
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.code() == Some(1) && stderr.contains(said),
                "{call} {error} from {first} on: {output:?}"
            );
        }
    }
    assert!(failures > 5, "{failures} failures");
    println!("{failures} runs failed for the disk");
}

/// A full disk under Postgres, as far as a client can bring it about: the server may write no more temporary files.
#[test]
fn a_build_that_runs_out_of_space_on_postgres_leaves_an_index_that_is_built_anew() {
    on(Dialect::Postgres, async |db| {
        db.execute(
            "CREATE TABLE t (a text); INSERT INTO t SELECT repeat(md5(n::text), 10) FROM generate_series(1, 30000) n",
        )
        .await;
        let limit = |value: &str| {
            format!(
                "ALTER ROLE CURRENT_USER IN DATABASE {} SET temp_file_limit = '{value}'; \
                 ALTER ROLE CURRENT_USER IN DATABASE {} SET maintenance_work_mem = '1MB'",
                name(db.url()),
                name(db.url())
            )
        };
        db.execute(&limit("64kB")).await;
        let build = || -> Migrations {
            only(
                "-- piccolo: step\nCREATE TABLE u (a text);\n-- piccolo: step no-transaction\nCREATE INDEX CONCURRENTLY t_a_idx ON t (a);",
                "DROP INDEX t_a_idx; DROP TABLE u;",
            )
        };
        let engine = open(db).await;
        let error = build().forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("step 2 of 2") && error.contains("temp_file_limit"), "{error}");
        assert_eq!(build().status(&engine).await.unwrap().migrations[0], (IDS[0].to_owned(), State::HalfApplied(1)));
        let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = to_regclass('t_a_idx')";
        assert_eq!(db.text(valid).await, "false");
        db.execute(&limit("-1")).await;
        engine.close().await;
        let engine = open(db).await;
        build().forwards(&engine).await.unwrap();
        assert_eq!(db.text(valid).await, "true");
        assert_eq!(db.text("SELECT count(*) FROM pg_class WHERE relname LIKE 't_a_idx%'").await, "1");
    });
}

/// The name of the database in a url of the harness.
fn name(url: &str) -> &str {
    let path = url.split_once('?').map_or(url, |(path, _)| path);
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

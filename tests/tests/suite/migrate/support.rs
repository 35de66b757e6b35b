//! Migrations for tests, written as SQL that both engines read alike.

use piccolo_runtime::Engine;
use piccolo_runtime::migrate::{Migration, Migrations, Scripts};
use piccolo_tests::TestDb;

/// A migration that is the same on both engines.
pub(super) fn migration(id: &str, parents: &[&str], up: &str, down: &str) -> Migration {
    let scripts = Scripts { up: up.to_owned().into(), down: down.to_owned().into() };
    Migration {
        id: id.to_owned().into(),
        parents: parents.iter().map(|parent| (*parent).to_owned().into()).collect(),
        sqlite: Some(scripts.clone()),
        postgres: Some(scripts),
    }
}

/// The ids of [`three`].
pub(super) const IDS: [&str; 3] = ["2026-01-01T00-00-00_one", "2026-01-02T00-00-00_two", "2026-01-03T00-00-00_three"];

/// Three migrations, each of which creates a table.
pub(super) fn three() -> Migrations {
    let tables = ["one", "two", "three"];
    let list = tables.iter().enumerate().map(|(at, table)| {
        let parents = if at == 0 { vec![] } else { vec![IDS[at - 1]] };
        migration(
            IDS[at],
            &parents,
            &format!("CREATE TABLE \"{table}\" (id bigint PRIMARY KEY);"),
            &format!("DROP TABLE \"{table}\";"),
        )
    });
    Migrations::loaded(list.collect())
}

/// One migration made of these two files.
pub(super) fn only(up: &str, down: &str) -> Migrations {
    Migrations::loaded(vec![migration(IDS[0], &[], up, down)])
}

/// Opens the test's database.
pub(super) async fn open(db: &TestDb) -> Engine {
    Engine::connect(db.url()).await.expect("the scratch database")
}

/// The application's tables that exist, in alphabetical order, separated by commas.
pub(super) async fn tables(db: &TestDb) -> String {
    let query = match db.dialect() {
        piccolo_runtime::sql::Dialect::Sqlite => {
            "SELECT coalesce(group_concat(name), '') FROM (SELECT name FROM sqlite_schema \
             WHERE type = 'table' AND name NOT LIKE 'piccolo%' AND name NOT LIKE 'sqlite%' ORDER BY name)"
        }
        piccolo_runtime::sql::Dialect::Postgres => {
            "SELECT coalesce(string_agg(tablename, ',' ORDER BY tablename COLLATE \"C\"), '') FROM pg_tables \
             WHERE schemaname = 'public' AND tablename NOT LIKE 'piccolo%'"
        }
    };
    db.text(query).await
}

/// The ids in the journal, in alphabetical order, separated by commas.
pub(super) async fn journal(db: &TestDb) -> String {
    let ids: Vec<String> =
        db.rows("SELECT id FROM piccolo_migration ORDER BY id").await.into_iter().flatten().flatten().collect();
    ids.join(",")
}

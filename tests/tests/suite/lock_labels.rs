//! The lock labels are true: every Postgres statement of every case runs on its own, and what it locked and did is compared with the
//! comment above it.
//!
//! Locks are read from `pg_locks`, a rewrite is a new file node, a scan is rows read sequentially (`pg_stat_xact_user_tables`). A statement
//! that takes no transaction is watched from another connection while a third one, with a lock of a writer, keeps it waiting; whether
//! it scans cannot be seen there. Locks that disturb no writer, `ACCESS SHARE` and `ROW SHARE`, may be held without being named: an
//! expression of the user's may read any table, and a row that gets a foreign key's value looks its target up.
//!
//! The tables have rows, but for cases whose changes the generated ones refuse; there scans cannot be told.

mod rows;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use piccolo_codegen::schema_from_sources;
use piccolo_codegen::source::Sources;
use piccolo_runtime::ddl::create_schema;
use piccolo_runtime::migrate::file::{Mode, Script, Statement, Step};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;
use piccolo_tests::{TestDb, on};
use sqlx::{AssertSqlSafe, Executor, PgConnection, Row};

use rows::rows;

/// The locks by strength.
const LOCKS: [(&str, &str); 7] = [
    ("ACCESS SHARE", "AccessShareLock"),
    ("ROW SHARE", "RowShareLock"),
    ("ROW EXCLUSIVE", "RowExclusiveLock"),
    ("SHARE UPDATE EXCLUSIVE", "ShareUpdateExclusiveLock"),
    ("SHARE", "ShareLock"),
    ("SHARE ROW EXCLUSIVE", "ShareRowExclusiveLock"),
    ("ACCESS EXCLUSIVE", "AccessExclusiveLock"),
];

/// The strongest lock that may be held without being named, as a position in [`LOCKS`].
const QUIET: usize = 1;

#[test]
fn the_label_of_every_statement_on_postgres_says_what_it_does() {
    let wanted = std::env::var("PICCOLO_CASE").unwrap_or_default();
    let (mut wrong, mut seen) = (Vec::new(), BTreeMap::new());
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../piccolo-codegen/tests/cases/plan");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    for folder in cases.iter().filter(|case| case.to_string_lossy().contains(&wanted)) {
        let Some(case) = Case::read(folder) else { continue };
        let measured = measure_once(&case, true).or_else(|_| measure_once(&case, false));
        let measured = measured.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        wrong.extend(measured.wrong.into_iter().map(|wrong| format!("{}: {wrong}", case.name)));
        for kind in measured.right {
            *seen.entry(kind).or_insert(0) += 1;
        }
    }
    assert!(wrong.is_empty(), "{} labels are wrong:\n{}", wrong.len(), wrong.join("\n"));
    // Every kind of work and lock that a plan can name is among what was measured.
    if wanted.is_empty() {
        let said = format!("{seen:?}");
        let kinds = [
            "no rewrite, no scan",
            "scans",
            "updates",
            "rewrites the table\"",
            "SHARE UPDATE",
            "SHARE ROW",
            "concurrently",
        ];
        for kind in kinds {
            assert!(said.contains(kind), "no statement was measured that {kind}: {said}");
        }
    }
}

/// A golden case that has a migration: questions have none.
struct Case {
    name: String,
    before: Schema,
    /// The Postgres files, up and down.
    files: [String; 2],
    /// Rows that the case brings along.
    rows: Option<String>,
}

impl Case {
    fn read(folder: &Path) -> Option<Self> {
        let text = |file: &str| std::fs::read_to_string(folder.join(file));
        let expected = text("expected.txt").unwrap();
        let file = |name: &str| {
            let (_, rest) = expected.split_once(&format!("//// {name}\n"))?;
            Some(rest.split_once("\n//// ").map_or(rest, |(file, _)| file).to_owned())
        };
        // A case of SQLite alone has none.
        let files = [file("up.postgres.sql")?, file("down.postgres.sql")?];
        let mut sources = Sources::new();
        sources.add("before.piccolo", &text("before.piccolo").unwrap());
        let before = schema_from_sources(&sources, &[Dialect::Postgres]);
        Some(Self {
            name: folder.file_name()?.to_string_lossy().into_owned(),
            before: before.unwrap_or_else(|errors| panic!("{errors}")).schema,
            files,
            rows: text("rows.postgres.sql").or_else(|_| text("rows.sql")).ok(),
        })
    }
}

/// What came of a case.
#[derive(Default)]
struct Measured {
    /// The labels that are wrong.
    wrong: Vec<String>,
    /// What was measured where they are right.
    right: Vec<String>,
}

/// Measures a case on a database of its own. An error is a statement that failed.
fn measure_once(case: &Case, with_rows: bool) -> Result<Measured, String> {
    let result = std::cell::RefCell::new(Err(String::new()));
    on(Dialect::Postgres, async |db| *result.borrow_mut() = measure(case, db, with_rows).await);
    result.into_inner()
}

/// Runs a case's files statement by statement, forwards and backwards.
async fn measure(case: &Case, db: &TestDb, with_rows: bool) -> Result<Measured, String> {
    let mut measured = Measured::default();
    let create = create_schema(&case.before, Dialect::Postgres).unwrap();
    db.execute(&create.iter().map(|sql| format!("{sql};\n")).collect::<String>()).await;
    if with_rows {
        db.try_execute(&case.rows.clone().unwrap_or_else(|| rows(&case.before, Dialect::Postgres))).await?;
    }
    for text in &case.files {
        let script = Script::parse(text, Dialect::Postgres).unwrap();
        let mut connection = db.open_postgres().await.unwrap();
        // As the runner's own session; a conversion between the two kinds of timestamps depends on it.
        connection.execute("SET timezone = 'UTC'").await.unwrap();
        let old = relations(&mut connection).await;
        for step in &script.steps {
            for statement in &step.statements {
                let place = format!("line {}: {}", statement.line, statement.normal);
                let Some(label) = label(text, statement) else {
                    measured.wrong.push(format!("{place}\n  has no label"));
                    continue;
                };
                let facts = match step.mode {
                    Mode::Transaction => in_transaction(&mut connection, step, statement, &old).await?,
                    Mode::NoTransaction => from_outside(db, statement, &label, &old).await?,
                };
                let again = step.title.as_deref().is_some_and(|title| title.contains(" in rows that came since"));
                match facts.check(&label, again) {
                    Ok(()) => measured.right.push(facts.kind(&label)),
                    Err(differs) => measured.wrong.push(format!("{place}\n  label: {label}\n  but {differs}")),
                }
            }
        }
    }
    Ok(measured)
}

/// The comment that says what a statement locks.
fn label(text: &str, statement: &Statement) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let above = lines[..statement.line - 1].iter().rev().take_while(|line| line.starts_with("--"));
    above.filter_map(|line| line.strip_prefix("-- Lock: ")).next().map(|label| label.trim_end_matches('.').to_owned())
}

/// A table, and what has happened to it so far.
#[derive(Clone, Debug, PartialEq)]
struct Relation {
    name: String,
    file: i64,
    has_rows: bool,
    read: i64,
    updated: i64,
}

/// The tables of the application, by their oids. Whether a table has rows is looked up in a way that counts as no scan of it.
async fn relations(connection: &mut PgConnection) -> BTreeMap<i64, Relation> {
    let query = "SELECT c.oid::bigint, CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END, \
                 pg_relation_filenode(c.oid)::bigint, pg_relation_size(c.oid) > 0, \
                 coalesce(s.seq_tup_read, 0), coalesce(s.n_tup_upd, 0) \
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 LEFT JOIN pg_stat_xact_user_tables s ON s.relid = c.oid \
                 WHERE c.relkind = 'r' AND n.nspname IN ('public', 'music')";
    let rows = connection.fetch_all(sqlx::raw_sql(query)).await.unwrap();
    rows.iter()
        .map(|row| {
            let relation = Relation {
                name: row.get(1),
                file: row.get::<Option<i64>, _>(2).unwrap_or_default(),
                has_rows: row.get(3),
                read: row.get(4),
                updated: row.get(5),
            };
            (row.get(0), relation)
        })
        .collect()
}

/// The strongest lock of a backend on each table, by oid.
async fn locks(connection: &mut PgConnection, pid: &str) -> BTreeMap<i64, usize> {
    let query =
        format!("SELECT relation::bigint, mode FROM pg_locks WHERE pid = {pid} AND locktype = 'relation' AND granted");
    let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(query))).await.unwrap();
    let mut strongest = BTreeMap::new();
    for row in rows {
        let mode: String = row.get(1);
        let strength = LOCKS.iter().position(|(_, name)| *name == mode).unwrap_or(LOCKS.len());
        let found: &mut usize = strongest.entry(row.get(0)).or_default();
        *found = strength.max(*found);
    }
    strongest
}

/// The tables that a label names, with the strength of their locks, and the work. A table of the migration itself has no oid.
type Named<'l> = (Vec<(Option<i64>, usize)>, &'l str);

/// What a statement did.
struct Facts {
    /// The tables that were there before the migration, before and after the statement. One that is dropped is as it was.
    tables: BTreeMap<i64, (Relation, Relation)>,
    locks: BTreeMap<i64, usize>,
    /// Whether it was only watched, so that what it did to rows is not known.
    watched: bool,
}

async fn in_transaction(
    connection: &mut PgConnection,
    step: &Step,
    statement: &Statement,
    old: &BTreeMap<i64, Relation>,
) -> Result<Facts, String> {
    let sql = match &step.batches {
        None => statement.text.clone(),
        Some(batches) => {
            let bound = |order: &str| {
                format!("(SELECT {c} FROM {t} ORDER BY {c} {order} LIMIT 1)", c = batches.column, t = batches.table)
            };
            statement.between(&bound("ASC"), &bound("DESC"), Dialect::Postgres)
        }
    };
    connection.execute("BEGIN").await.unwrap();
    let before = relations(connection).await;
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(sql.clone())))
        .await
        .map_err(|error| format!("{error}\nin: {sql}"))?;
    let after = relations(connection).await;
    let locks = locks(connection, "pg_backend_pid()").await;
    connection.execute("COMMIT").await.unwrap();
    let tables = before.into_iter().filter(|(oid, _)| old.contains_key(oid)).map(|(oid, before)| {
        let after = after.get(&oid).cloned().unwrap_or_else(|| before.clone());
        (oid, (before, after))
    });
    Ok(Facts { tables: tables.collect(), locks, watched: false })
}

/// Watches a statement that is kept waiting by somebody who writes to its table.
async fn from_outside(
    db: &TestDb,
    statement: &Statement,
    label: &str,
    old: &BTreeMap<i64, Relation>,
) -> Result<Facts, String> {
    let mut writer = db.open_postgres().await.unwrap();
    let mut watcher = db.open_postgres().await.unwrap();
    let now = relations(&mut watcher).await;
    let (oid, _) = now
        .iter()
        .find(|(_, relation)| label.contains(&format!(" on {};", relation.name)))
        .unwrap_or_else(|| panic!("no table is named in {label}"));
    let name = format!("SELECT {oid}::oid::regclass::text");
    let name: String = watcher.fetch_one(sqlx::raw_sql(AssertSqlSafe(name))).await.unwrap().get(0);
    writer.execute("BEGIN").await.unwrap();
    let lock = format!("LOCK TABLE {name} IN ROW EXCLUSIVE MODE");
    writer.execute(sqlx::raw_sql(AssertSqlSafe(lock))).await.unwrap();
    let mut runner = db.open_postgres().await.unwrap();
    let pid: i32 = runner.fetch_one("SELECT pg_backend_pid()").await.unwrap().get(0);
    let sql = statement.text.clone();
    let run = tokio::spawn(async move { runner.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(|_| ()) });
    let waits = format!("SELECT count(*) FROM pg_locks WHERE pid = {pid} AND NOT granted");
    while watcher.fetch_one(sqlx::raw_sql(AssertSqlSafe(waits.clone()))).await.unwrap().get::<i64, _>(0) == 0 {
        assert!(!run.is_finished(), "it does not wait for a writer: {}", statement.text);
        tokio::task::yield_now().await;
    }
    let locks = locks(&mut watcher, &pid.to_string()).await;
    writer.execute("ROLLBACK").await.unwrap();
    run.await.unwrap().map_err(|error| error.to_string())?;
    let tables = now.into_iter().filter(|(oid, _)| old.contains_key(oid));
    Ok(Facts { tables: tables.map(|(oid, now)| (oid, (now.clone(), now))).collect(), locks, watched: true })
}

impl Facts {
    /// Compares with what the label says. `again` is a statement for rows that came since, of which there are none here.
    fn check(&self, label: &str, again: bool) -> Result<(), String> {
        if label == "none on a table that exists" {
            return self.all_named(&[]);
        }
        let (named, work) = self.read(label)?;
        self.all_named(&named)?;
        for (oid, lock) in named.iter().filter_map(|(oid, lock)| oid.map(|oid| (oid, lock))) {
            let held = self.locks.get(&oid).copied();
            if held != Some(*lock) {
                let held = held.map_or("no lock", |held| LOCKS.get(held).map_or("another lock", |(name, _)| *name));
                return Err(format!("it holds {held} on {}", self.name(oid)));
            }
        }
        self.check_work(named.first().and_then(|(oid, _)| *oid), work, again)
    }

    /// Whether every lock that disturbs somebody is named, and no other table was written anew.
    fn all_named(&self, named: &[(Option<i64>, usize)]) -> Result<(), String> {
        for (oid, (before, after)) in &self.tables {
            let lock = self.locks.get(oid).copied().filter(|lock| *lock > QUIET);
            let is_named = named.iter().any(|(named, _)| *named == Some(*oid));
            if let Some(lock) = lock.filter(|_| !is_named) {
                let name = LOCKS.get(lock).map_or("another lock", |(name, _)| *name);
                return Err(format!("it holds {name} on {}", before.name));
            }
            let is_first = named.first().is_some_and(|(named, _)| *named == Some(*oid));
            if before.file != after.file && !is_first {
                return Err(format!("it writes {} anew", before.name));
            }
        }
        Ok(())
    }

    fn check_work(&self, table: Option<i64>, work: &str, again: bool) -> Result<(), String> {
        // A table that the migration itself has made is empty.
        let Some((before, after)) = table.and_then(|oid| self.tables.get(&oid)).filter(|_| !self.watched) else {
            return Ok(());
        };
        let (rewrote, read) = (before.file != after.file, after.read - before.read);
        let updated = after.updated - before.updated;
        let facts = format!("rewrote: {rewrote}, rows read: {read}, rows updated: {updated}");
        let fits = match work {
            "no rewrite, no scan" => !rewrote && read == 0 && updated == 0,
            "scans the table" => !rewrote && updated == 0 && (read > 0 || !before.has_rows),
            // Perhaps there is none that has to be.
            "updates its rows" => !rewrote && (updated > 0 || read > 0 || again || !before.has_rows),
            "rewrites the table" => rewrote,
            "rewrites the table unless the default is the same for all rows" => true,
            _ => false,
        };
        if fits { Ok(()) } else { Err(facts) }
    }

    /// The locks that a label names, and the work. Names may hold anything, so the known ones are looked for.
    fn read<'l>(&self, label: &'l str) -> Result<Named<'l>, String> {
        let mut named = Vec::new();
        let mut rest = label;
        loop {
            let (strength, tail) = LOCKS
                .iter()
                .enumerate()
                .find_map(|(strength, (name, _))| Some((strength, rest.strip_prefix(name)?.strip_prefix(" on ")?)))
                .ok_or_else(|| format!("`{rest}` names no lock"))?;
            let tables =
                self.tables.iter().flat_map(|(oid, (before, after))| [(*oid, &before.name), (*oid, &after.name)]);
            let known = tables
                .filter_map(|(oid, name)| Some((oid, name.len(), tail.strip_prefix(name.as_str())?)))
                .filter(|(_, _, tail)| tail.starts_with(", ") || tail.starts_with("; "))
                .max_by_key(|(_, length, _)| *length);
            let tail = match known {
                Some((oid, _, tail)) => {
                    named.push((Some(oid), strength));
                    tail
                }
                // A table of this migration.
                None => {
                    named.push((None, strength));
                    tail.find([',', ';']).and_then(|end| tail.get(end..)).unwrap_or_default()
                }
            };
            match tail.strip_prefix(", ") {
                Some(next) => rest = next,
                None => return Ok((named, tail.trim_start_matches("; "))),
            }
        }
    }

    fn name(&self, oid: i64) -> &str {
        self.tables.get(&oid).map_or("a table", |(before, _)| before.name.as_str())
    }

    /// What was measured, in words.
    fn kind(&self, label: &str) -> String {
        let (named, work) = self.read(label).unwrap_or_default();
        let lock = named.first().and_then(|(_, lock)| LOCKS.get(*lock)).map_or("none", |(name, _)| *name);
        if self.watched { format!("{lock}, concurrently") } else { format!("{lock}; {work}") }
    }
}

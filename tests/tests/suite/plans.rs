//! The planned migrations on real databases: every case of `piccolo-codegen/tests/cases/plan` is proven as the product proves it, on both
//! engines: forwards, backwards and forwards again over rows, and each time the database is what a fresh one would be.
//!
//! A case may hold `extra.sql`, or `extra.<engine>.sql`: statements, one in a paragraph, that run once the rows are in: triggers, views, and
//! rows that the case is about. `# without rows` in its decisions says that some of its tables can have none.

use std::fs;
use std::path::{Path, PathBuf};

use piccolo_codegen::change::{Decisions, Renames};
use piccolo_codegen::migration::{DecisionsTaken, File, Migration as Written, files};
use piccolo_codegen::plan::{Authored, Options, author};
use piccolo_codegen::proof::{Grounds, Proof};
use piccolo_codegen::schema_from_sources;
use piccolo_codegen::source::Sources;
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;
use piccolo_tests::{block_on, scratch_url};

const CASE: &str = "2026-01-02T00-00-00_case";

#[test]
fn every_planned_change_is_proven_on_sqlite() {
    all_cases(Dialect::Sqlite);
}

#[test]
fn every_planned_change_is_proven_on_postgres() {
    all_cases(Dialect::Postgres);
}

/// Proves all cases, or those whose name holds `PICCOLO_CASE`.
fn all_cases(dialect: Dialect) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../piccolo-codegen/tests/cases/plan");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let wanted = std::env::var("PICCOLO_CASE").unwrap_or_default();
    let mut failures = Vec::new();
    block_on(async {
        let grounds = Grounds::open(&[dialect], Some(&scratch_url())).await;
        for folder in cases.iter().filter(|case| case.to_string_lossy().contains(&wanted)) {
            let Some(case) = Case::read(folder, dialect) else { continue };
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            failures.extend(case.prove(&grounds, dialect).await.err().map(|failure| format!("{name}: {failure}")));
        }
        grounds.close().await;
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A case that has a migration: questions have none.
struct Case {
    folder: PathBuf,
    before: Schema,
    after: Schema,
    decisions: Decisions,
    authored: Authored,
    files: Vec<File>,
    /// Whether the case is about tables that can have no rows.
    without_rows: bool,
}

impl Case {
    /// The case on this engine; `None` where it is one for the other engine alone.
    fn read(folder: &Path, dialect: Dialect) -> Option<Self> {
        let text = fs::read_to_string(folder.join("decisions.toml")).unwrap_or_default();
        let says = |word: &str| text.lines().any(|line| line.strip_prefix("# ") == Some(word));
        let engines = match Dialect::ALL.into_iter().find(|dialect| says(dialect.name())) {
            Some(only) if only != dialect => return None,
            Some(only) => vec![only],
            None => Dialect::ALL.to_vec(),
        };
        let schema = |file: &str| {
            let mut sources = Sources::new();
            sources.add(file, &fs::read_to_string(folder.join(file)).unwrap());
            schema_from_sources(&sources, &engines).unwrap_or_else(|errors| panic!("{errors}"))
        };
        let (before, after) = (schema("before.piccolo"), schema("after.piccolo"));
        let taken = DecisionsTaken::parse(&text).unwrap();
        let mut decisions = Decisions::try_from(&taken).unwrap();
        decisions.renames = Renames { hints: after.renames.hints, ..decisions.renames };
        let options = Options { online: says("online") };
        let authored = author(&before.schema, &after.schema, &decisions, &engines, options).unwrap().authored?;
        let written =
            Written { id: CASE, parents: &[], authored: &authored, decisions: &decisions, proven: &[], notes: &[] };
        let files = files(&written);
        let (folder, without_rows) = (folder.to_owned(), says("without rows"));
        Some(Self { folder, before: before.schema, after: after.schema, decisions, authored, files, without_rows })
    }

    /// Everything has to hold, and every table of the old schema has to have rows, unless the case says otherwise.
    async fn prove(&self, grounds: &Grounds, dialect: Dialect) -> Result<(), String> {
        let beside = self.beside(dialect);
        let proof = Proof {
            id: CASE,
            old: &self.before,
            new: &self.after,
            decisions: &self.decisions,
            authored: &self.authored,
            files: &self.files,
            beside: &beside,
        };
        let proven = proof.on(grounds, dialect).await.map_err(|refutation| refutation.to_string())?;
        // An expression of a case may well run over.
        let edges = proven.without_edges.is_none() || !self.decisions.backfills.is_empty();
        // The name of a case says that its rows cannot come back.
        let returns = proven.without_return.is_none() || self.folder.to_string_lossy().ends_with("cannot_come_back");
        if proven.without_rows.is_empty() != self.without_rows && edges && returns {
            Ok(())
        } else {
            Err(format!("{proven:?}"))
        }
    }

    fn beside(&self, dialect: Dialect) -> Vec<String> {
        let texts = ["extra.sql".to_owned(), format!("extra.{dialect}.sql")]
            .into_iter()
            .filter_map(|name| fs::read_to_string(self.folder.join(name)).ok());
        texts.flat_map(|text| text.split("\n\n").map(|one| one.trim().to_owned()).collect::<Vec<_>>()).collect()
    }
}

//! Plans as data: a folder per change, with the schema before and after it, the decisions, and all files of the migration that
//! follows.
//!
//! `tests/cases/plan/<name>/` holds `before.piccolo`, `after.piccolo`, perhaps `decisions.toml` (what `migration.toml` has under
//! `[decisions]`, with `# online`, `# sqlite` or `# postgres` where only that engine has the change), and `expected.txt`: every file under a heading, or the questions. After an intended change run
//! the tests with `PICCOLO_UPDATE=1`.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

use piccolo_codegen::change::{Decisions, Renames};
use piccolo_codegen::migration::{DecisionsTaken, Migration, files};
use piccolo_codegen::plan::{Options, Outcome, author};
use piccolo_codegen::schema_from_sources;
use piccolo_codegen::source::Sources;
use piccolo_runtime::sql::Dialect;

#[test]
fn every_change_is_planned_as_its_case_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/plan");
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// One case: what is planned is what is expected.
fn check(case: &Path) -> Result<(), String> {
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    let actual = plan(&name, case);
    let expected_file = case.join("expected.txt");
    if std::env::var_os("PICCOLO_UPDATE").is_some() {
        fs::write(&expected_file, &actual).unwrap();
        return Ok(());
    }
    let expected = fs::read_to_string(&expected_file).unwrap_or_default();
    if actual == expected { Ok(()) } else { Err(format!("{name} differs from {}:\n{actual}", expected_file.display())) }
}

/// The files of a case's migration under headings, or its questions.
fn plan(name: &str, case: &Path) -> String {
    let text = fs::read_to_string(case.join("decisions.toml")).unwrap_or_default();
    let says = |word: &str| text.lines().any(|line| line.strip_prefix("# ") == Some(word));
    let online = says("online");
    let mut engines: Vec<Dialect> = Dialect::ALL.into_iter().filter(|dialect| says(dialect.name())).collect();
    if engines.is_empty() {
        engines = Dialect::ALL.to_vec();
    }
    let schema = |file: &str| {
        let mut sources = Sources::new();
        sources.add(format!("{name}/{file}"), &fs::read_to_string(case.join(file)).unwrap_or_default());
        schema_from_sources(&sources, &engines).unwrap_or_else(|errors| panic!("{errors}"))
    };
    let (before, after) = (schema("before.piccolo"), schema("after.piccolo"));
    let taken = DecisionsTaken::parse(&text).unwrap();
    let mut decisions = Decisions::try_from(&taken).unwrap();
    decisions.renames = Renames { hints: after.renames.hints, ..decisions.renames };
    let outcome = author(&before.schema, &after.schema, &decisions, &engines, Options { online });
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => return format!("error: {error}\n"),
    };
    let Outcome { authored, questions, idle, unused } = outcome;
    let mut out = String::new();
    for question in questions {
        out.push_str(&format!("? {}: {}\n", question.subject, question.reason));
        for answer in question.answers {
            out.push_str(&format!("    {} -- {}\n", answer.flag.as_deref().unwrap_or("(schema)"), answer.meaning));
        }
    }
    out.extend(idle.iter().map(|hint| format!("idle: {hint}\n")));
    out.extend(unused.iter().map(|decision| format!("unused: {decision}\n")));
    if let Some(authored) = authored {
        let parents = ["2026-01-01T00-00-00_first".to_owned()];
        let migration = Migration {
            id: name,
            parents: &parents,
            authored: &authored,
            decisions: &decisions,
            proven: &[],
            notes: &[],
        };
        for file in files(&migration) {
            out.push_str(&format!("//// {}\n\n{}\n", file.name, file.text));
        }
    }
    if out.is_empty() { "no changes\n".to_owned() } else { out }
}

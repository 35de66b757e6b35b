//! The schema, the snapshot, generated code, what was committed before, and how findings are shown.

use super::support::{Findings, SCHEMA, begun, begun_on_both, ids, replace};
use crate::merging::Repo;
use piccolo_tests::{Outcome, Project};

#[test]
fn a_schema_that_is_ahead_is_found_and_so_is_the_way_to_catch_up() {
    let project = begun(SCHEMA);
    project.write("schema.piccolo", SCHEMA.replace("length = 50)\n    manager", "length = 60)\n    manager"));
    let findings = Findings::of(&project, &[]);
    let (place, message) = findings.one("M0201");
    assert_eq!((place.as_str(), findings.status), ("schema.piccolo:1", 1));
    assert!(message.contains("band.name"), "{message}");
    project.run(&["diff", "--name", "longer"]).exits(0);
    Findings::of(&project, &[]).pass();
}

#[test]
fn a_schema_without_migrations_is_ahead_unless_it_is_empty() {
    let project = Project::with_schema(SCHEMA);
    project.write("piccolo.toml", "engines = [\"sqlite\"]\n");
    Findings::of(&project, &[]).one("M0201");
    project.write("schema.piccolo", "// nothing yet\n");
    Findings::of(&project, &[]).pass();
}

#[test]
fn a_decision_that_is_needed_is_status_3_with_the_flags() {
    let project = begun(SCHEMA);
    project.write("schema.piccolo", SCHEMA.replace("    manager:", "    members: Integer\n    manager:"));
    let findings = Findings::of(&project, &[]);
    assert_eq!((findings.status, findings.at("error")), (3, vec!["M0208"]));
    let outcome = project.run(&["check"]).exits(3);
    assert!(
        outcome.stdout.contains("piccolo-codegen diff --backfill 'band.members=<expression>'")
            || outcome.stdout.contains("--backfill"),
        "{outcome}"
    );
    // With something else to find it is a finding like any other.
    std::fs::remove_file(project.file(&format!("migrations/{}/down.sqlite.sql", ids(&project)[0]))).unwrap();
    assert_eq!(Findings::of(&project, &[]).status, 1);
}

#[test]
fn a_schema_that_cannot_be_read_is_status_2() {
    let project = begun(SCHEMA);
    project.write("schema.piccolo", "table Band {\n    name: Intger\n}\n");
    let outcome = project.run(&["check"]).exits(2);
    outcome.says("P0201").says("schema.piccolo:2");
}

#[test]
fn a_snapshot_that_is_missing_broken_or_edited_is_found() {
    let project = begun(SCHEMA);
    let text = project.read("migrations/schema.piccolo");
    for (changed, code, line) in [
        (text.replace("table Band", "<<<<<<< HEAD\ntable Band"), "M0204", 8),
        (SCHEMA.to_owned(), "M0203", 1),
        (text.replace("piccolo snapshot 1", "piccolo snapshot 9"), "M0203", 1),
        (text.replace("BigSerial", "BigSreial"), "M0203", 4),
        (text.replace("    name", "  name"), "M0205", 5),
    ] {
        assert_ne!(changed, text, "{code}");
        project.write("migrations/schema.piccolo", &changed);
        let report = Findings::of(&project, &[]);
        assert_eq!(report.status, 1, "{report:?}");
        let codes = report.at("error");
        assert!(codes.contains(&code), "{codes:?}");
        if code != "M0203" || line == 1 {
            assert_eq!(report.one(code).0, format!("migrations/schema.piccolo:{line}"));
        }
    }
    std::fs::remove_file(project.file("migrations/schema.piccolo")).unwrap();
    Findings::of(&project, &[]).one("M0202");
    // The way out that the finding names.
    project.run(&["diff", "--resolve"]).exits(0).says("is written anew");
    assert_eq!(project.read("migrations/schema.piccolo"), text);
    Findings::of(&project, &[]).pass();
}

#[test]
fn hints_and_warnings_of_the_schema_do_not_fail_the_check() {
    let project = begun(SCHEMA);
    let schema = SCHEMA
        .replace("name: Varchar(length = 50)\n    manager", "name: Varchar(length = 50, was = \"title\")\n    manager");
    project.write("schema.piccolo", format!("{schema}\nmixin Unused {{\n    a: Text\n}}\n"));
    let findings = Findings::of(&project, &[]);
    assert_eq!((findings.status, findings.at("warning"), findings.at("note")), (0, vec!["M0207"], vec!["M0206"]));
    let (place, message) = findings.one("M0207");
    assert!(place.starts_with("schema.piccolo:10") && message.contains("P0503"), "{place}: {message}");
}

#[test]
fn generated_modules_that_are_checked_in_are_current() {
    let project = begun(SCHEMA);
    project.run(&["generate", "--out", "src/tables"]).exits(0);
    Findings::of(&project, &[]).pass();
    replace(&project, "src/tables/band.rs", "name", "nane");
    let findings = Findings::of(&project, &[]);
    assert_eq!(findings.one("M0301").0, "src/tables/band.rs:1");
    project.run(&["generate", "--out", "src/tables"]).exits(0);
    Findings::of(&project, &[]).pass();
    project.write("elsewhere/mod.rs", "");
    assert_eq!(Findings::of(&project, &["--generated", "elsewhere"]).status, 1);
}

#[test]
fn a_migration_that_was_committed_is_not_edited() {
    let repo = Repo::begun(SCHEMA);
    let (project, first) = (&repo.project, ids(&repo.project)[0].clone());
    Findings::of(project, &[]).pass();
    let up = format!("migrations/{first}/up.sqlite.sql");
    let text = project.read(&up);
    // Comments, line ends and the way back may change.
    project.write(&up, format!("-- A word more.\n{}", text.replace('\n', "\r\n")));
    project.write(
        &format!("migrations/{first}/down.sqlite.sql"),
        format!("{}-- and here\n", project.read(&format!("migrations/{first}/down.sqlite.sql"))),
    );
    Findings::of(project, &[]).pass();
    project.write(&up, text.replace("<= 50", "<= 55"));
    let findings = Findings::of(project, &[]);
    let (place, message) = findings.one("M0401");
    assert!(place.starts_with(&up) && !place.ends_with(":1"), "{place}");
    assert!(message.contains("was:") && message.contains("<= 55"), "{message}");
    repo.git(&["checkout", "-q", "--", "migrations"]);
    replace(project, &format!("migrations/{first}/migration.toml"), "parents = []", "parents = [\"x\"]");
    assert!(Findings::of(project, &[]).at("warning").contains(&"M0403"));
    repo.git(&["checkout", "-q", "--", "migrations"]);
    std::fs::remove_dir_all(project.file(&format!("migrations/{first}"))).unwrap();
    let findings = Findings::of(project, &[]);
    assert!(findings.at("warning").contains(&"M0402"), "{findings:#?}");
    // Here nothing says what others have; where something does, it is an error.
    assert!(Findings::of(project, &["--base", "main"]).at("error").contains(&"M0402"));
}

#[test]
fn what_a_branch_brings_is_compared_with_what_it_is_merged_into() {
    let repo = Repo::begun(SCHEMA);
    let project = &repo.project;
    repo.git(&["checkout", "-q", "-b", "branch"]);
    project.write("schema.piccolo", SCHEMA.replace("length = 50)\n    manager", "length = 60)\n    manager"));
    project.run(&["diff", "--name", "second"]).exits(0);
    repo.commit("second");
    let second = ids(project)[1].clone();
    // What only the branch has may be mended until it is merged: `main` does not have it.
    let up = format!("migrations/{second}/up.sqlite.sql");
    project.write(&up, format!("{}\nSELECT 1;\n", project.read(&up)));
    repo.commit("mended");
    Findings::of(project, &["--base", "main"]).pass();
    let first = format!("migrations/{}/up.sqlite.sql", ids(project)[0]);
    project.write(&first, format!("{}\nSELECT 1;\n", project.read(&first)));
    repo.commit("edited");
    // Committed on the branch, it is no change against HEAD, and a change against `main`.
    Findings::of(project, &[]).pass();
    Findings::of(project, &["--base", "main"]).one("M0401");
    let mut command = project.command();
    let ci = Outcome::of(command.env("GITHUB_BASE_REF", "main").args(["--format", "json", "check"]));
    Findings::from(ci).one("M0401");
    let unknown = Findings::of(project, &["--base", "nowhere"]);
    assert_eq!((unknown.status, unknown.one("M0404").1.contains("nowhere")), (0, true));
}

#[test]
fn risks_and_losses_of_new_migrations_are_listed() {
    let repo = Repo::begun(SCHEMA);
    let project = &repo.project;
    project.write("schema.piccolo", SCHEMA.replace("    manager: ForeignKey(Manager, null)\n", ""));
    project.run(&["diff", "--name", "second", "--allow", "drop-column:band.manager"]).exits(0);
    let findings = Findings::of(project, &[]);
    assert_eq!(findings.status, 0);
    assert!(findings.at("note").contains(&"M0601") && findings.at("note").contains(&"M0602"), "{findings:?}");
    repo.commit("second");
    assert_eq!(Findings::of(project, &[]).at("note"), [""; 0]);
}

#[test]
fn every_code_has_a_page() {
    let project = Project::empty();
    let codes = |text: &str| -> Vec<String> {
        text.split(|character: char| !character.is_ascii_alphanumeric())
            .filter(|word| {
                word.len() == 5 && word.starts_with(['M', 'P']) && word[1..].bytes().all(|byte| byte.is_ascii_digit())
            })
            .map(str::to_owned)
            .collect()
    };
    let all = codes(&project.run(&["check", "--explain", "nonsense"]).exits(2).stderr);
    assert!(all.len() > 80, "{all:?}");
    for code in &all {
        let page = project.run(&["check", "--explain", code]).exits(0).stdout;
        assert!(page.starts_with(&format!("{code} (")) && page.lines().count() >= 3, "{page}");
        assert!(code.starts_with('P') || page.contains("What to do:"), "{page}");
    }
    let page = project.run(&["check", "--explain", "p0201"]).exits(0).stdout;
    assert!(page.contains("Wrong:") && page.contains("Right:"), "{page}");
    project.run(&["check", "--explain", "M0105x"]).exits(2).says("did you mean M0105?");
    let json = project.run(&["--format", "json", "check", "--explain", "M0506"]).exits(0).stdout;
    assert!(json.contains("\"remedy\""), "{json}");
}

#[test]
fn findings_annotate_a_pull_request() {
    let project = begun(SCHEMA);
    replace(&project, "migrations/schema.piccolo", "    name", "  name");
    let outcome = project.run(&["--format", "github", "check"]).exits(1);
    let expected =
        "::error file=migrations/schema.piccolo,line=5,title=M0205::the snapshot is not as Piccolo prints it%0A";
    assert!(outcome.stdout.contains(expected), "{outcome}");
    let outcome = project.run(&["--color", "never", "check"]).exits(1).says("check failed: 1 error, ");
    assert!(outcome.stdout.starts_with("error[M0205]: the snapshot is not"), "{outcome}");
    assert!(outcome.stdout.contains("  --> migrations/schema.piccolo:5\n  = help: run "), "{outcome}");
}

#[test]
fn a_database_is_looked_at_where_one_is_named() {
    piccolo_tests::on_both(async |db| {
        let project = begun_on_both(SCHEMA);
        let look = || Findings::of(&project, &["--no-replay", "--url", db.url()]);
        if db.dialect() == piccolo_runtime::sql::Dialect::Sqlite {
            // Nothing creates a database only to look at it.
            let outcome = Outcome::of(project.command().args(["check", "--no-replay", "--url", db.url()]));
            outcome.exits(1).says("does not exist");
            db.execute("SELECT 1").await;
        }
        assert_eq!(look().at("note"), ["M0704"]);
        let forwards = ["migration", "forwards", "--url", db.url()];
        project.run(&forwards).exits(0);
        look().pass();
        db.execute("CREATE VIEW names AS SELECT name FROM band").await;
        db.execute("ALTER TABLE band ADD COLUMN by_hand integer").await;
        let findings = look();
        assert_eq!(findings.status, 0);
        assert!(findings.one("M0703").1.contains("view names"), "{findings:?}");
        assert!(findings.at("warning").contains(&"M0702"), "{findings:?}");
        db.execute("UPDATE piccolo_migration SET id = 'another'; DELETE FROM piccolo_migration_step").await;
        let findings = look();
        let (_, message) = findings.one("M0701");
        assert!(findings.status == 1 && message.contains("another application"), "{message}");
    });
}

#[test]
fn a_migration_that_was_recorded_but_not_done_is_found_on_the_database() {
    piccolo_tests::on_both(async |db| {
        let project = begun_on_both(SCHEMA);
        db.execute("SELECT 1").await;
        project.run(&["migration", "forwards", "--url", db.url()]).exits(0);
        replace(&project, "schema.piccolo", "    manager:", "    members: BigInt(null)\n    manager:");
        project.run(&["diff", "--name", "second"]).exits(0);
        let look = || Findings::of(&project, &["--no-replay", "--url", db.url()]);
        // What has not run is pending, and no more is missing.
        assert_eq!((look().at("warning"), look().at("note")), (vec![], vec!["M0704"]));
        project.run(&["migration", "forwards", "--fake", "--yes", "--url", db.url()]).exits(0);
        let findings = look();
        assert_eq!((findings.status, findings.at("warning")), (0, vec!["M0705"]));
        let (_, message) = findings.one("M0705");
        assert!(message.contains("column `members`") && message.contains("only in the snapshot"), "{message}");
        if db.dialect() == piccolo_runtime::sql::Dialect::Postgres {
            // Where there is nothing to compare with, that is said.
            let mut command = project.command();
            command.env("PICCOLO_SCRATCH_URL", "postgres://nobody@localhost:1/nowhere");
            command.args(["--format", "json", "check", "--no-replay", "--url", db.url()]);
            let findings = Findings::from(Outcome::of(&mut command));
            assert_eq!((findings.at("warning"), findings.at("note")), (vec![], vec!["M0705"]), "{findings:#?}");
            // Once the work is done by hand, nothing is missing; what only a database knows is none of the snapshot's business.
            db.execute("ALTER TABLE band ADD COLUMN members bigint").await;
            db.execute("CREATE VIEW names AS SELECT name FROM band").await;
            assert!(!look().at("warning").contains(&"M0705"), "{:#?}", look());
        }
    });
}

#[test]
fn a_hint_that_says_nothing_is_told_from_one_that_did_its_work() {
    let project = begun(SCHEMA);
    replace(&project, "schema.piccolo", "    manager:", "    title: Text(null, was = \"nmae\")\n    manager:");
    let findings = Findings::of(&project, &[]);
    assert_eq!((findings.at("warning"), findings.at("note")), (vec!["M0209"], vec![]));
    let (_, message) = findings.one("M0209");
    assert!(message.contains("nothing in the snapshot is called `nmae`; did you mean `name`?"), "{message}");
    let outcome = project.run(&["diff", "--dry-run"]).exits(0).says("did you mean `name`?");
    assert!(!outcome.stderr.contains("has done its work"), "{outcome}");
    // Once its name is right, it decides, although that name is used again.
    replace(&project, "schema.piccolo", "nmae", "name");
    replace(&project, "schema.piccolo", "title: Text(null", "title: Varchar(length = 50");
    replace(&project, "schema.piccolo", "    name: Varchar(length = 50)\n    title", "    name: Text(null)\n    title");
    let outcome = project.run(&["diff", "--name", "second"]).exits(0);
    assert!(!outcome.stderr.contains("hint"), "{outcome}");
    let script = project.read(&format!("migrations/{}/up.sqlite.sql", ids(&project)[1]));
    assert!(script.contains("RENAME COLUMN \"name\" TO \"title\""), "{script}");
    let findings = Findings::of(&project, &[]);
    assert_eq!((findings.at("warning"), findings.at("note")), (vec![], vec!["M0206"]));
}

#[test]
fn elements_that_do_not_fit_stop_the_migration_on_both_engines() {
    piccolo_tests::on_both(async |db| {
        let project = begun_on_both(
            "table Thing {\n    numbers: Array(BigInt)\n    words: Array(Text)\n    x: DoublePrecision\n}\n",
        );
        db.execute("SELECT 1").await;
        let forwards = ["migration", "forwards", "--url", db.url()];
        project.run(&forwards).exits(0);
        let is_sqlite = db.dialect() == piccolo_runtime::sql::Dialect::Sqlite;
        let rows = if is_sqlite {
            ["'[1]', '[\"abc\"]', 0.5", "'[5000000000]', '[]', 0.5", "'[]', '[\"abcdefgh\"]', 0.5", "'[]', '[]', 0.1"]
        } else {
            ["'{1}', '{abc}', 0.5", "'{5000000000}', '{}', 0.5", "'{}', '{abcdefgh}', 0.5", "'{}', '{}', 0.1"]
        };
        project.write(
            "schema.piccolo",
            "table Thing {\n    numbers: Array(Integer)\n    words: Array(Varchar(length = 3))\n    x: Real\n}\n",
        );
        let allow = ["narrow:thing.numbers", "narrow:thing.words", "narrow:thing.x"];
        let mut diff = vec!["diff", "--name", "second"];
        allow.iter().for_each(|what| diff.extend(["--allow", what]));
        project.run(&diff).exits(0);
        db.execute(&format!("INSERT INTO thing (numbers, words, x) VALUES ({})", rows[0])).await;
        for row in &rows[1..] {
            db.execute(&format!("INSERT INTO thing (numbers, words, x) VALUES ({row})")).await;
            let outcome = project.run(&forwards).exits(1);
            if is_sqlite {
                assert!(outcome.stderr.contains("does not fit"), "{outcome}");
            }
            db.execute("DELETE FROM thing WHERE id > 1").await;
        }
        project.run(&forwards).exits(0);
    });
}

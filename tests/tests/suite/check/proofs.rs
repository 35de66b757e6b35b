//! What only a replay finds, on both engines.

use piccolo_tests::Outcome;

use super::support::{Findings, SCHEMA, begun, begun_on_both, ids, replace};

/// The finding on either engine, when the same is broken on both.
#[track_caller]
fn broken_on_both(change: impl Fn(&piccolo_tests::Project, &str, &str), code: &str, words: &[&str]) {
    let project = begun_on_both(SCHEMA);
    Findings::of(&project, &[]).pass();
    let id = ids(&project)[0].clone();
    for engine in ["sqlite", "postgres"] {
        change(&project, &id, engine);
    }
    let findings = Findings::of(&project, &[]);
    assert_eq!((findings.status, findings.at("error")), (1, vec![code, code]), "{findings:#?}");
    let outcome = project.run(&["check"]);
    for word in words {
        assert!(outcome.stdout.matches(word).count() >= 2, "{word}: {outcome}");
    }
}

#[test]
fn a_migration_that_fails_is_found_with_its_statement() {
    broken_on_both(
        |project, id, engine| {
            let file = format!("migrations/{id}/up.{engine}.sql");
            project.write(&file, format!("{}\nINSERT INTO nowhere VALUES (1);\n", project.read(&file)));
        },
        "M0501",
        &["nowhere"],
    );
}

#[test]
fn a_replay_that_does_not_give_the_snapshot_is_found_with_the_differences() {
    broken_on_both(
        |project, id, engine| {
            let file = format!("migrations/{id}/up.{engine}.sql");
            project.write(&file, format!("{}\nALTER TABLE band ADD COLUMN surprise integer;\n", project.read(&file)));
        },
        "M0502",
        &["column `surprise`", "only in the replayed database"],
    );
}

#[test]
fn a_way_back_that_fails_or_leaves_something_behind_is_found() {
    broken_on_both(
        |project, id, engine| {
            let file = format!("migrations/{id}/down.{engine}.sql");
            project.write(&file, "-- piccolo: lossless\nDROP TABLE nowhere;\n");
        },
        "M0503",
        &["nowhere"],
    );
    broken_on_both(
        |project, id, engine| {
            project.write(&format!("migrations/{id}/down.{engine}.sql"), "-- piccolo: lossless\nDROP TABLE band;\n")
        },
        "M0504",
        &["table `manager`"],
    );
}

#[test]
fn a_migration_that_cannot_run_twice_is_found() {
    broken_on_both(
        |project, id, engine| {
            // The way back leaves a trace in a table of another migration, on which the second way forwards stumbles.
            let up = format!("migrations/{id}/up.{engine}.sql");
            let before = "2020-01-01T00-00-00_before";
            let manifest = project.read(&format!("migrations/{id}/migration.toml"));
            project.write(&format!("migrations/{before}/migration.toml"), manifest.split("changes").next().unwrap());
            project.write(
                &format!("migrations/{before}/up.{engine}.sql"),
                "CREATE TABLE trace (id integer PRIMARY KEY);\n",
            );
            project.write(&format!("migrations/{before}/down.{engine}.sql"), "DROP TABLE trace;\n");
            if engine == "postgres" {
                replace(
                    project,
                    &format!("migrations/{id}/migration.toml"),
                    "parents = []",
                    &format!("parents = [\"{before}\"]"),
                );
            }
            project.write(&up, format!("{}\nINSERT INTO trace VALUES (1);\n", project.read(&up)));
        },
        "M0505",
        &["forwards again"],
    );
}

#[test]
fn objects_that_the_language_cannot_say_are_no_difference() {
    let project = begun_on_both(SCHEMA);
    let outcome = project.run(&["migration", "new", "--name", "a view"]).exits(0);
    let folder = outcome.stdout.trim().to_owned();
    for engine in ["sqlite", "postgres"] {
        project.write(&format!("{folder}/up.{engine}.sql"), "CREATE VIEW names AS SELECT name FROM band;\n");
        project.write(&format!("{folder}/down.{engine}.sql"), "DROP VIEW names;\n");
    }
    project.write(&format!("{folder}/up.postgres.sql"), "CREATE VIEW names AS SELECT name FROM band;\nALTER TABLE band ADD CONSTRAINT one_name EXCLUDE (name WITH =);\n");
    project.write(
        &format!("{folder}/down.postgres.sql"),
        "ALTER TABLE band DROP CONSTRAINT one_name;\nDROP VIEW names;\n",
    );
    let findings = Findings::of(&project, &[]).pass();
    assert_eq!(findings.proven, ["sqlite", "postgres"]);
}

#[test]
fn what_was_not_proven_is_a_warning_here_and_an_error_in_ci() {
    let project = begun(SCHEMA);
    let up = format!("migrations/{}/up.sqlite.sql", ids(&project)[0]);
    replace(&project, &up, "-- piccolo: lossless\n", "-- piccolo: lossless\n-- piccolo: not proven on sqlite\n");
    let here = Findings::of(&project, &[]);
    assert_eq!((here.status, here.at("warning")), (0, vec!["M0507"]));
    let ci = Findings::in_ci(&project, &[]);
    assert_eq!((ci.status, ci.one("M0507").0), (1, format!("{up}:3")));
}

#[test]
fn an_engine_that_cannot_be_reached_is_a_warning_here_and_an_error_in_ci() {
    let project = begun_on_both(SCHEMA);
    let check = |ci: &str| {
        let mut command = project.command();
        command.env("PICCOLO_SCRATCH_URL", "postgres://nobody@localhost:1/nowhere").env("CI", ci);
        Findings::from(Outcome::of(command.args(["--format", "json", "check"])))
    };
    let here = check("");
    assert_eq!((here.status, here.at("warning"), here.proven.clone()), (0, vec!["M0508"], vec!["sqlite".to_owned()]));
    assert_eq!(check("1").status, 1);
}

//! Siblings that do not commute, and planning one of them anew.

use piccolo_tests::{Outcome, Scratch};

use super::Repo;
use crate::check::support::{Findings, begun_on_both};

/// What is apart in the file merges without a conflict.
const SCHEMA: &str = "\
table Band {
    name: Varchar(length = 50)
    // Where they come from.
    // The town, not the country.
    town: Text(null)
    // How many they are.
    // With the drummer.
    members: Integer
}
";

/// A repository whose `main` holds a rename of the table and a longer name: in one order they work, in the other not.
fn not_commuting() -> Repo {
    let project = begun_on_both(SCHEMA);
    let repo = Repo::of(project);
    repo.branch("longer", &SCHEMA.replace("members: Integer", "members: BigInt"), &[]);
    repo.branch("renamed", &SCHEMA.replace("table Band {", "table Group (was = \"Band\") {"), &[]);
    repo
}

#[test]
fn siblings_that_do_not_commute_are_named_and_one_is_planned_anew() {
    let repo = not_commuting();
    let project = &repo.project;
    let conflicts = repo.merge(&["longer", "renamed"]);
    if !conflicts.is_empty() {
        assert_eq!(conflicts, ["migrations/schema.piccolo"]);
        project.run(&["diff", "--resolve"]).exits(0);
    }
    repo.commit_merge();
    let (longer, renamed) = (repo.id("longer"), repo.id("renamed"));
    let findings = Findings::of(project, &[]);
    // On SQLite the way back of the second does not know of the first either.
    assert_eq!((findings.status, findings.at("error")), (1, vec!["M0504", "M0506", "M0506"]), "{findings:#?}");
    let report = project.run(&["check"]).stdout;
    assert!(
        report.contains(&longer) && report.contains(&renamed) && report.contains("do not commute on postgres"),
        "{report}"
    );
    // It has not been applied, and nobody but its author can know.
    project.run(&["diff", "--rebase", &longer]).exits(3).says("--not-applied");
    let name = longer.split_once('_').unwrap().1;
    project.run(&["diff", "--rebase", name, "--not-applied"]).exits(0).says(&format!("removed migrations/{longer}"));
    let new = repo.id("longer");
    assert_ne!(new, longer);
    let up = project.read(&format!("migrations/{new}/up.postgres.sql"));
    assert!(up.contains("\"group\"") && !up.contains("\"band\""), "{up}");
    let manifest = project.read(&format!("migrations/{new}/migration.toml"));
    assert!(manifest.contains(&format!("\"{renamed}\"")), "{manifest}");
    repo.commit("planned anew");
    let findings = Findings::in_ci(project, &[]);
    assert_eq!((findings.status, findings.at("note")), (0, vec!["M0206"]), "{findings:#?}");
}

#[test]
fn a_migration_that_has_been_applied_is_not_planned_anew() {
    let repo = not_commuting();
    let project = &repo.project;
    let url = format!("sqlite://{}", project.file("app.sqlite").display());
    let longer = {
        repo.git(&["checkout", "-q", "longer"]);
        project.run(&["migration", "forwards", "--url", &url]).exits(0);
        repo.id("longer")
    };
    repo.git(&["checkout", "-q", "-b", "mine"]);
    let before = project.files();
    let rebase = || Outcome::of(project.command().env("DATABASE_URL", &url).args(["diff", "--rebase", &longer]));
    rebase().exits(1).says("is applied on sqlite://").says("migration backwards");
    assert!(before == project.files());
    project.run(&["migration", "backwards", &longer, "--url", &url]).exits(0);
    rebase().exits(0);
    // A database that cannot be asked knows nothing.
    let nowhere = Outcome::of(project.command().env("DATABASE_URL", "postgres://localhost:1/x").args([
        "diff",
        "--rebase",
        &repo.id("longer"),
    ]));
    nowhere.exits(3).says("it cannot be told whether");
}

#[test]
fn a_migration_with_decisions_takes_them_along() {
    let project = begun_on_both(SCHEMA);
    let repo = Repo::of(project);
    let project = &repo.project;
    let with_genre = SCHEMA.replace("members: Integer\n", "members: Integer\n    genre: Text\n");
    repo.branch("genre", &with_genre, &["--backfill", "band.genre='rock'"]);
    repo.branch("renamed", &SCHEMA.replace("name: Varchar", "title: Varchar"), &["--rename", "band.name=title"]);
    let conflicts = repo.merge(&["genre", "renamed"]);
    assert_eq!(conflicts, [""; 0]);
    let genre = repo.id("genre");
    project.run(&["diff", "--rebase", &genre[..11], "--not-applied"]).exits(2).says("could be");
    project.run(&["diff", "--rebase", &genre, "--not-applied"]).exits(0);
    let manifest = project.read(&format!("migrations/{}/migration.toml", repo.id("genre")));
    assert!(manifest.contains("\"band.genre\" = \"'rock'\"") && manifest.contains(&repo.id("renamed")), "{manifest}");
    repo.commit("planned anew");
    Findings::of(project, &[]).pass();
}

/// What somebody else has done in the meantime needs no decision any more.
#[test]
fn a_decision_that_the_others_have_made_unnecessary_is_left_out() {
    let repo = Repo::begun(SCHEMA);
    let project = &repo.project;
    let with_genre = SCHEMA.replace("table Band {\n", "table Band {\n    genre: Text\n");
    let mine = with_genre.replace("members: Integer", "members: BigInt");
    repo.branch("mine", &mine, &["--backfill", "band.genre='it''s ' || name"]);
    repo.branch("theirs", &with_genre, &["--backfill", "band.genre='folk'"]);
    let conflicts = repo.merge(&["mine", "theirs"]);
    assert!(conflicts.iter().all(|file| file == "migrations/schema.piccolo"), "{conflicts:?}");
    project.run(&["diff", "--rebase", "mine", "--not-applied"]).exits(0);
    let manifest = project.read(&format!("migrations/{}/migration.toml", repo.id("mine")));
    assert!(manifest.contains("change column band.members") && !manifest.contains("genre"), "{manifest}");
    repo.commit("planned anew");
    Findings::in_ci(project, &[]).pass();
}

#[test]
fn what_builds_on_it_is_planned_anew_together_with_it() {
    let repo = Repo::begun(SCHEMA);
    let project = &repo.project;
    let one = SCHEMA.replace("members: Integer\n", "members: BigInt\n");
    repo.branch("one", &one, &[]);
    repo.migration("two", &one.replace("members: BigInt\n", "members: BigInt(null)\n"), &[]);
    repo.branch("renamed", &SCHEMA.replace("table Band {", "table Group (was = \"Band\") {"), &[]);
    let conflicts = repo.merge(&["one", "renamed"]);
    assert!(conflicts.iter().all(|file| file == "migrations/schema.piccolo"), "{conflicts:?}");
    let (one, two) = (repo.id("one"), repo.id("two"));
    let outcome = project.run(&["diff", "--rebase", &one, "--not-applied"]).exits(0);
    outcome.says(&format!("removed migrations/{one}")).says(&format!("removed migrations/{two}"));
    repo.commit("merged");
    Findings::in_ci(project, &[]).pass();
    assert_eq!(crate::check::support::ids(project).len(), 3);
}

#[test]
fn a_migration_by_hand_keeps_its_sql() {
    let repo = Repo::begun(SCHEMA);
    let project = &repo.project;
    repo.git(&["checkout", "-q", "-b", "hand", "main"]);
    let folder = project.run(&["migration", "new", "--name", "hand"]).exits(0).stdout.trim().to_owned();
    project.write(&format!("{folder}/up.sqlite.sql"), "CREATE VIEW towns AS SELECT town FROM band;\n");
    project.write(&format!("{folder}/down.sqlite.sql"), "DROP VIEW towns;\n");
    repo.commit("hand");
    repo.branch("longer", &SCHEMA.replace("length = 50", "length = 60"), &[]);
    assert_eq!(repo.merge(&["longer", "hand"]), [""; 0]);
    let hand = repo.id("hand");
    project.run(&["diff", "--rebase", &hand, "--not-applied"]).exits(0).says("its SQL is as it was");
    let new = repo.id("hand");
    assert!(project.read(&format!("migrations/{new}/up.sqlite.sql")).contains("CREATE VIEW towns"));
    assert!(project.read(&format!("migrations/{new}/migration.toml")).contains(&repo.id("longer")));
    repo.commit("moved");
    Findings::of(project, &[]).pass();
    project.run(&["diff", "--rebase", "2001", "--not-applied"]).exits(2).says("no migration has the id 2001");
}

/// SQLite makes the table anew for the longer number, out of the columns that its author knew.
#[test]
fn a_column_of_another_branch_is_not_dropped_by_a_rebuild() {
    let project = begun_on_both(SCHEMA);
    let repo = Repo::of(project);
    let label = "town: Text(null)\n    label: Varchar(length = 20, default = \"none\")\n";
    repo.branch("labelled", &SCHEMA.replace("town: Text(null)\n", label), &[]);
    repo.branch("longer", &SCHEMA.replace("members: Integer", "members: BigInt"), &[]);
    let project = &repo.project;
    repo.git(&["checkout", "-q", "labelled"]);
    let database = Scratch::sqlite();
    let forwards = || project.run(&["migration", "forwards", "--url", database.url()]);
    forwards().exits(0);
    let file = database.open_sqlite().unwrap();
    file.execute_batch("INSERT INTO band (name, members, label) VALUES ('Pythonistas', 4, 'precious')").unwrap();
    if !repo.merge(&["labelled", "longer"]).is_empty() {
        project.run(&["diff", "--resolve"]).exits(1).says("`label`").says("diff --rebase");
    }
    forwards()
        .exits(1)
        .says("table band has the column `label`, of which this step knows nothing")
        .says("diff --rebase");
    let labels = || -> String { file.query_row("SELECT label FROM band", [], |row| row.get(0)).unwrap() };
    assert_eq!(labels(), "precious");
    project.run(&["diff", "--rebase", &repo.id("longer"), "--not-applied"]).exits(0);
    repo.commit_merge();
    forwards().exits(0);
    assert_eq!(labels(), "precious");
}

//! Conflicts in the snapshot, merges that look clean, and merge nodes.

use super::Repo;
use crate::check::support::{Findings, SCHEMA, begun_on_both};

const VENUE: &str = "\ntable Venue {\n    name: Varchar(length = 50)\n}\n";
const LABEL: &str = "\ntable Label {\n    name: Varchar(length = 50)\n}\n";

/// httrack#1037, 0xMiden/node#1101: a merge that needs a driver of its own does not happen on a server. rails#44363: lists with an end merge badly.
#[test]
fn branches_in_different_places_merge_without_a_word_and_are_proven_in_both_orders() {
    let project = begun_on_both(SCHEMA);
    let repo = Repo::of(project);
    repo.branch("one", &SCHEMA.replacen("length = 50", "length = 60", 1), &[]);
    repo.branch("two", &format!("{SCHEMA}{VENUE}"), &[]);
    assert_eq!(repo.merge(&["one", "two"]), [""; 0]);
    let findings = Findings::in_ci(&repo.project, &[]).pass();
    assert_eq!(findings.proven, ["sqlite", "postgres"]);
    // Whatever comes next builds on both.
    let schema = repo.project.read("schema.piccolo");
    repo.migration("three", &format!("{schema}{LABEL}"), &[]);
    let manifest = repo.project.read(&format!("migrations/{}/migration.toml", repo.id("three")));
    assert!(manifest.contains(&repo.id("one")) && manifest.contains(&repo.id("two")), "{manifest}");
    Findings::in_ci(&repo.project, &[]).pass();
}

/// drizzle-orm#2132, #3935: a snapshot in conflict has to be mended by hand.
#[test]
fn a_conflict_in_the_snapshot_is_settled_once_the_schema_is() {
    let project = begun_on_both(SCHEMA);
    let repo = Repo::of(project);
    repo.branch("one", &format!("{SCHEMA}{VENUE}"), &[]);
    repo.branch("two", &format!("{SCHEMA}{LABEL}"), &[]);
    assert_eq!(repo.merge(&["one", "two"]), ["migrations/schema.piccolo", "schema.piccolo"]);
    // Nothing is made of a schema with a conflict in it.
    for command in [&["check"][..], &["diff"], &["diff", "--resolve"], &["generate", "--out", "tables"]] {
        repo.project.run(command).exits(2).says("P0011").says("git could not merge these lines");
    }
    // A table that got lost in the merge is noticed: both migrations create one.
    repo.project.write("schema.piccolo", format!("{SCHEMA}{LABEL}"));
    assert!(Findings::of(&repo.project, &["--no-replay"]).at("error").contains(&"M0204"));
    repo.project.run(&["diff"]).exits(2).says("diff --resolve");
    repo.project.run(&["diff", "--resolve"]).exits(1).says("table `venue`").says("only in the replayed database");
    assert!(repo.project.read("migrations/schema.piccolo").contains("<<<<<<<"));
    // With both it is settled.
    repo.project.write("schema.piccolo", format!("{SCHEMA}{VENUE}{LABEL}"));
    repo.project.run(&["diff", "--resolve"]).exits(0).says("replaying 3 migrations gives this schema");
    repo.commit("merged");
    Findings::in_ci(&repo.project, &[]).pass();
    repo.project.run(&["diff", "--resolve"]).exits(0).says("nothing to resolve");
    repo.project.run(&["diff"]).exits(0).says("no changes");
}

#[test]
fn a_clean_merge_that_makes_no_schema_is_broken_input() {
    let repo = Repo::begun(SCHEMA);
    // git sees two lines that two people added in two places; a table cannot have both.
    repo.branch("one", &SCHEMA.replace("table Band {\n", "table Band {\n    founded: Date(null)\n"), &[]);
    repo.branch("two", &SCHEMA.replace("null)\n}", "null)\n    founded: Date(null)\n}"), &[]);
    assert_eq!(repo.merge(&["one", "two"]), [""; 0]);
    repo.project.run(&["check"]).exits(2).says("P0102");
}

#[test]
fn the_same_change_on_two_branches_is_there_twice() {
    let repo = Repo::begun(SCHEMA);
    let schema = format!("{SCHEMA}{VENUE}");
    repo.branch("one", &schema, &[]);
    repo.branch("two", &schema, &[]);
    assert_eq!(repo.merge(&["one", "two"]), [""; 0]);
    let findings = Findings::of(&repo.project, &[]);
    assert!(findings.one("M0111").1.contains("once more"), "{findings:?}");
    std::fs::remove_dir_all(repo.project.file(&format!("migrations/{}", repo.id("two")))).unwrap();
    repo.commit("once is enough");
    Findings::in_ci(&repo.project, &[]).pass();
}

/// curie#1627, preloop#163: git merges two heads without a word, and two people close the fork.
#[test]
fn two_merge_nodes_are_siblings_like_any_others() {
    let repo = Repo::begun(SCHEMA);
    repo.branch("one", &SCHEMA.replacen("length = 50", "length = 60", 1), &[]);
    repo.branch("two", &format!("{SCHEMA}{VENUE}"), &[]);
    assert_eq!(repo.merge(&["one", "two"]), [""; 0]);
    // Two people go on from there, and each of their migrations closes the fork.
    let schema = repo.project.read("schema.piccolo");
    repo.branch(
        "three",
        &schema.replace(
            "manager: ForeignKey(Manager, null)",
            "manager: ForeignKey(Manager, null)\n    founded: Date(null)",
        ),
        &[],
    );
    repo.git(&["checkout", "-q", "-b", "four", "main"]);
    repo.project.run(&["migration", "new", "--name", "four"]).exits(0);
    repo.commit("four");
    assert_eq!(repo.merge(&["three", "four"]), [""; 0]);
    Findings::in_ci(&repo.project, &[]).pass();
    let schema = repo.project.read("schema.piccolo");
    repo.migration("five", &format!("{schema}{LABEL}"), &[]);
    let manifest = repo.project.read(&format!("migrations/{}/migration.toml", repo.id("five")));
    assert!(manifest.contains(&repo.id("three")) && manifest.contains(&repo.id("four")), "{manifest}");
    assert!(!manifest.contains(&repo.id("one")), "{manifest}");
    Findings::in_ci(&repo.project, &[]).pass();
}

/// drizzle-orm#6310: a migration by hand where two branches met took over the snapshot of one of them, and the tables of the other were gone.
#[test]
fn a_migration_by_hand_where_branches_met_has_the_tables_of_both() {
    let repo = Repo::begun(SCHEMA);
    repo.branch("one", &SCHEMA.replacen("length = 50", "length = 60", 1), &[]);
    repo.branch("two", &format!("{SCHEMA}{VENUE}"), &[]);
    assert_eq!(repo.merge(&["one", "two"]), [""; 0]);
    repo.project.run(&["migration", "new", "--name", "three"]).exits(0);
    let manifest = repo.project.read(&format!("migrations/{}/migration.toml", repo.id("three")));
    assert!(manifest.contains(&repo.id("one")) && manifest.contains(&repo.id("two")), "{manifest}");
    let snapshot = repo.project.read("migrations/schema.piccolo");
    assert!(snapshot.contains("table Venue") && snapshot.contains("length = 60"), "{snapshot}");
    repo.commit("three");
    Findings::in_ci(&repo.project, &[]).pass();
    repo.project.run(&["diff"]).exits(0).says("no changes");
}

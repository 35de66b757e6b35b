//! Every two of some changes on two branches: whatever git merges, `check` proves it or refuses it, and a rebase settles what it refuses.

use piccolo_runtime::Engine;
use piccolo_runtime::introspect::{self, Shape};
use piccolo_tests::{Scratch, block_on};

use super::Repo;
use crate::check::support::{Findings, begun_on_both};

/// What is apart in the file merges without a conflict; in the snapshot, which has no comments, it often does not.
const SCHEMA: &str = "\
table Manager {
    name: Varchar(length = 50)
}

// Those who play.
// There are many.
table Band {
    // What they are called.
    // On posters.
    name: Varchar(length = 50)
    // Who looks after them.
    // If anybody does.
    manager: ForeignKey(Manager, null)
    // What is left when the drummer has been counted.
    // It may be none.
    members: Integer(default = 4)
    // How loud they are.
    // In decibels.
    loudness: Integer(null)
}
";

/// A change: its name, what it replaces by what, and the flags that `diff` needs.
type Edit = (&'static str, &'static str, &'static str, &'static [&'static str]);

const EDITS: [Edit; 8] = [
    ("longer", "name: Varchar(length = 50)\n    // Who", "name: Varchar(length = 80)\n    // Who", &[]),
    (
        "retitled",
        "name: Varchar(length = 50)\n    // Who",
        "title: Varchar(length = 50)\n    // Who",
        &["--rename", "band.name=title"],
    ),
    ("regrouped", "table Band {", "table Group (was = \"Band\") {", &[]),
    ("counted", "members: Integer(default = 4)", "members: BigInt(default = 5)", &[]),
    ("quiet", "    loudness: Integer(null)\n", "    loudness: Integer(null)\n    index(loudness)\n", &[]),
    ("muted", "    loudness: Integer(null)\n", "", &["--allow", "drop-column:band.loudness"]),
    ("unmanaged", "manager: ForeignKey(Manager, null)", "manager: ForeignKey(Manager, null, on_delete = cascade)", &[]),
    ("venues", "table Manager {", "table Venue {\n    name: Text\n}\n\ntable Manager {", &[]),
];

/// All pairs, in order.
fn pairs() -> impl Iterator<Item = (Edit, Edit)> {
    EDITS.iter().enumerate().flat_map(|(at, one)| EDITS[at + 1..].iter().map(move |other| (*one, *other)))
}

#[test]
fn whatever_git_merges_is_proven_or_refused_and_settled_on_sqlite() {
    let (mut proven, mut refused) = (0, 0);
    for (one, other) in pairs() {
        match settled(&Repo::begun(SCHEMA), one, other, &Scratch::sqlite) {
            Some(true) => proven += 1,
            Some(false) => refused += 1,
            None => {}
        }
    }
    assert!(proven >= 10 && refused >= 5, "{proven} pairs were proven, {refused} refused");
}

#[test]
fn whatever_git_merges_is_proven_or_refused_and_settled_on_postgres() {
    let interesting =
        [("longer", "retitled"), ("longer", "venues"), ("regrouped", "counted"), ("retitled", "unmanaged")];
    for (one, other) in pairs().filter(|(one, other)| interesting.contains(&(one.0, other.0))) {
        let project = begun_on_both(SCHEMA);
        settled(&Repo::of(project), one, other, &Scratch::postgres);
    }
}

/// Merges two changes. `Some(true)` if they were proven as they are, `Some(false)` if one had to be planned anew, `None` where git or
/// the schema itself is in the way.
fn settled(repo: &Repo, one: Edit, other: Edit, scratch: &dyn Fn() -> Scratch) -> Option<bool> {
    let pair = format!("{} and {}", one.0, other.0);
    let project = &repo.project;
    for (name, from, to, flags) in [one, other] {
        assert!(SCHEMA.contains(from), "{name}");
        repo.branch(name, &SCHEMA.replace(from, to), flags);
    }
    // A database of either branch, before the merge.
    let databases = [one.0, other.0].map(|branch| {
        repo.git(&["checkout", "-q", branch]);
        let database = scratch();
        project.run(&["migration", "forwards", "--url", database.url()]).exits(0);
        database
    });
    let conflicts = repo.merge(&[one.0, other.0]);
    if conflicts.iter().any(|file| file == "schema.piccolo") {
        return None;
    }
    if project.run(&["fmt", "--check"]).status == 2
        || piccolo_codegen::schema_from_str("x", &project.read("schema.piccolo")).is_err()
    {
        project.run(&["check"]).exits(2);
        return None;
    }
    if !conflicts.is_empty() {
        // Where the two fit together this settles it; where not, the rebase below does.
        let status = project.run(&["diff", "--resolve"]).status;
        assert!(status == 0 || status == 1, "{pair}: {status}");
    }
    let findings = Findings::of(project, &[]);
    if findings.status == 0 {
        repo.commit_merge();
        let shapes: Vec<Shape> = databases
            .iter()
            .chain([&scratch()])
            .map(|database| {
                project.run(&["migration", "forwards", "--url", database.url()]).exits(0);
                shape(database.url())
            })
            .collect();
        for other in &shapes[1..] {
            let differences = introspect::differences(&shapes[0], other);
            assert!(differences.is_empty(), "{pair} were said to commute: {differences:?}");
        }
        return Some(true);
    }
    assert!(
        findings
            .at("error")
            .iter()
            .all(|code| ["M0201", "M0204", "M0205", "M0208", "M0501", "M0502", "M0503", "M0504", "M0505", "M0506"]
                .contains(code)),
        "{pair}: {findings:#?}"
    );
    let id = repo.id(other.0);
    let rebase = |flags: &[&str]| project.run(&[&["diff", "--rebase", &id, "--not-applied"], flags].concat());
    let mut outcome = rebase(&[]);
    if outcome.status == 3 {
        // On top of the other the loss has another name, and a consent is exact.
        let report = outcome.stderr.clone();
        let flags = report.lines().filter_map(|line| line.trim().strip_prefix("--allow ")?.split_whitespace().next());
        let flags: Vec<&str> = flags.flat_map(|flag| ["--allow", flag]).collect();
        outcome = rebase(&flags);
    }
    assert_eq!(outcome.status, 0, "{pair}: {outcome}");
    repo.commit_merge();
    let findings = Findings::of(project, &[]);
    assert_eq!(findings.status, 0, "{pair}: {findings:#?}");
    Some(false)
}

fn shape(url: &str) -> Shape {
    block_on(async {
        let engine = Engine::connect(url).await.unwrap();
        let shape = introspect::read(&engine, &introspect::Options::new()).await.unwrap();
        engine.close().await;
        shape
    })
}

//! What is pending, and what is wrong, without a database.

use super::*;
use crate::sql::Dialect;

fn script(text: &str) -> Script {
    Script::parse(text, Dialect::Sqlite).expect("a script")
}

fn entry(id: &str, up: &str) -> Entry {
    Entry { id: id.to_owned(), up: script(up), down: script("select 0;") }
}

/// Three migrations; the second has two steps.
fn history() -> Vec<Entry> {
    vec![
        entry("2026-01-01T00-00-00_one", "select 1;"),
        entry("2026-01-02T00-00-00_two", "-- piccolo: step\nselect 2;\n-- piccolo: step\nselect 22; select 222;"),
        entry("2026-01-03T00-00-00_three", "select 3;"),
    ]
}

fn step(entry: &Entry, direction: Direction, number: u32) -> StepRecord {
    let steps = match direction {
        Direction::Forwards => &entry.up.steps,
        Direction::Backwards => &entry.down.steps,
    };
    let step = &steps[number as usize - 1];
    StepRecord {
        migration: entry.id.clone(),
        direction,
        number,
        checksum: step.checksum().to_string(),
        sql: step.recorded_sql(),
        done: true,
        in_batches: false,
    }
}

fn journal(applied: &[&Entry]) -> Journal {
    let mut journal = Journal::default();
    for entry in applied {
        journal.migrations.push(Record {
            id: entry.id.clone(),
            checksum: entry.up.checksum().to_string(),
            applied_at: "then".into(),
            faked: false,
        });
        journal.steps.extend(entry.up.steps.iter().map(|s| step(entry, Direction::Forwards, s.number)));
    }
    journal
}

#[test]
fn e03_targets_are_numbers_ids_and_beginnings() {
    let history = history();
    let none = Standing::of(&history, &Journal::default());
    assert_eq!(none.forwards(&"all".into()), Ok(vec![0, 1, 2]));
    assert_eq!(none.forwards(&"1".into()), Ok(vec![0]));
    assert_eq!(none.forwards(&"2".into()), Ok(vec![0, 1]), "a digit is a number, though every id begins with it");
    assert_eq!(none.forwards(&"2026-01-02".into()), Ok(vec![0, 1]));
    assert_eq!(none.forwards(&"two".into()), Ok(vec![0, 1]));
    let all = Standing::of(&history, &journal(&[&history[0], &history[1], &history[2]]));
    assert_eq!(all.forwards(&Target::All), Ok(vec![]));
    assert_eq!(all.backwards(&"two".into()), Ok(vec![2, 1]));
    assert_eq!(all.backwards(&Target::All), Ok(vec![2, 1, 0]));
    assert!(all.is_current() && !none.is_current());
}

#[test]
fn e04_an_unknown_or_ambiguous_id_is_refused() {
    let standing = Standing::of(&history(), &Journal::default());
    assert!(standing.forwards(&"four".into()).unwrap_err().to_string().starts_with("no migration has the id four"));
    assert!(standing.backwards(&"2026-01".into()).unwrap_err().to_string().contains("write more of the id"));
}

/// A year was once taken for a number of migrations, and undid every one.
#[test]
fn a_year_is_the_beginning_of_an_id_and_never_a_number() {
    let mut history = history();
    history[0].id = "2025-12-31T00-00-00_one".into();
    let all = Standing::of(&history, &journal(&[&history[0], &history[1], &history[2]]));
    let none = Standing::of(&history, &Journal::default());
    let candidates = vec![history[1].id.clone(), history[2].id.clone()];
    let ambiguous = Err(Problem::Ambiguous { wanted: "2026".into(), candidates });
    assert_eq!((all.backwards(&"2026".into()), none.forwards(&"2026".into())), (ambiguous.clone(), ambiguous));
    assert_eq!(all.backwards(&"2025".into()), Ok(vec![2, 1, 0]));
    assert_eq!(none.forwards(&"2025".into()), Ok(vec![0]));
    let told = |answer: Result<Vec<usize>, Problem>| answer.unwrap_err().to_string();
    assert_eq!(
        told(all.backwards(&"2024".into())),
        "only 3 migrations are applied, not 2024: give a number up to 3, the beginning of an id, or `all`"
    );
    assert!(told(none.forwards(&"2027".into())).starts_with("only 3 migrations are pending, not 2027: "));
    assert!(told(none.forwards(&"0002026".into())).starts_with("no migration has the id 0002026"));
}

#[test]
fn a_number_larger_than_what_there_is_is_refused() {
    let history = history();
    let standing = Standing::of(&history, &journal(&[&history[0]]));
    let too_many = |wanted, available, direction| Err(Problem::TooMany { wanted, available, direction });
    assert_eq!(standing.backwards(&"2".into()), too_many(2, 1, Direction::Backwards));
    assert_eq!(standing.backwards(&1.into()), Ok(vec![0]));
    assert_eq!(standing.forwards(&3.into()), too_many(3, 2, Direction::Forwards));
    assert_eq!(standing.forwards(&"2".into()), Ok(vec![1, 2]));
    let problem = standing.backwards(&2.into()).unwrap_err().to_string();
    assert!(problem.starts_with("only 1 migration is applied, not 2: "), "{problem}");
}

#[test]
fn a_late_migration_is_pending_however_old_its_id() {
    let history = history();
    let standing = Standing::of(&history, &journal(&[&history[0], &history[2]]));
    assert_eq!(standing.forwards(&Target::All), Ok(vec![1]));
    assert_eq!(standing.backwards(&"two".into()), Err(Problem::NotApplied { id: history[1].id.clone() }));
}

#[test]
fn a_half_applied_migration_resumes_even_if_its_rest_was_corrected() {
    let mut history = history();
    let mut journal = journal(&[&history[0]]);
    journal.steps.push(step(&history[1], Direction::Forwards, 1));
    history[1].up = script("-- piccolo: step\nselect 2;\n-- piccolo: step\nselect 23;");
    let standing = Standing::of(&history, &journal);
    assert_eq!(standing.states[1].1, State::HalfApplied(1));
    assert_eq!(standing.forwards(&Target::All), Ok(vec![1, 2]));
    assert!(matches!(standing.backwards(&Target::All), Err(Problem::HalfApplied { .. })));
}

#[test]
fn a_step_between_two_of_its_batches_is_half_applied_and_may_not_be_edited_but_for_their_size() {
    let file = |size: u32, sql: &str| {
        vec![entry(
            "a",
            &format!(
                "-- piccolo: step batches of {size} over t (id)\nupdate t set {sql} where id between :first and :last;"
            ),
        )]
    };
    let begun = file(10, "a = 1");
    let mut record = step(&begun[0], Direction::Forwards, 1);
    (record.done, record.in_batches) = (false, true);
    let journal = Journal { migrations: vec![], steps: vec![record] };
    let standing = Standing::of(&file(500, "a = 1"), &journal);
    assert_eq!((&standing.states[0].1, standing.forwards(&Target::All)), (&State::HalfApplied(0), Ok(vec![0])));
    let edited = Standing::of(&file(10, "a = 2"), &journal);
    assert!(matches!(&edited.problems[..], [Problem::Edited { line: Some(2), .. }]), "{:?}", edited.problems);
}

#[test]
fn a_half_undone_migration_must_be_finished() {
    let history = history();
    let mut journal = journal(&[&history[0]]);
    journal.steps.push(step(&history[0], Direction::Backwards, 1));
    let standing = Standing::of(&history, &journal);
    assert!(matches!(standing.forwards(&Target::All), Err(Problem::HalfUndone { .. })));
    assert_eq!(standing.backwards(&Target::All), Ok(vec![0]));
}

#[test]
fn an_edited_migration_is_reported_with_the_statement() {
    let mut history = history();
    let journal = journal(&[&history[0], &history[1]]);
    history[1].up =
        script("-- piccolo: step\r\nselect 2; -- a comment\r\n-- piccolo: step\r\nselect  22;\r\nselect 223;");
    let standing = Standing::of(&history, &journal);
    assert_eq!(
        standing.problems,
        [Problem::Edited {
            id: history[1].id.clone(),
            applied: Some("select 222".into()),
            file: Some("select 223".into()),
            line: Some(5)
        }]
    );
    history[1].up = script("-- piccolo: step\nselect 2;");
    let Some(Problem::Edited { applied, file, .. }) = Standing::of(&history, &journal).problems.pop() else {
        panic!("a removed step is an edit");
    };
    assert_eq!((applied.as_deref(), file), (Some("select 22"), None));
}

#[test]
fn a_database_of_another_application_and_one_that_is_ahead_are_told_apart() {
    let history = history();
    let ahead = Standing::of(&history[..1], &journal(&[&history[0], &history[1]]));
    assert!(ahead.forwards(&Target::All).unwrap_err().to_string().contains("ahead of this program"));
    let foreign = Standing::of(&history[..1], &journal(&[&history[1]]));
    assert!(foreign.forwards(&Target::All).unwrap_err().to_string().contains("another application"));
}

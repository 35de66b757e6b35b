//! Postgres: killed between every pair of messages.

use std::os::unix::process::ExitStatusExt;
use std::process::Child;
use std::sync::{Arc, Mutex};

use piccolo_runtime::sql::Dialect;
use piccolo_tests::{TestDb, block_on};

use super::application::{check, command_line, prepare, shapes};
use super::proxy::{Moment, Proxy};

#[test]
fn killed_before_any_statement_reaches_postgres_a_migration_loses_nothing() {
    kill_everywhere(Moment::Before);
}

#[test]
fn killed_while_postgres_works_on_any_statement_a_migration_loses_nothing() {
    kill_everywhere(Moment::After);
}

/// Kills the command line at its first question to the server, at its second, and so on, until it comes to its end. That is almost two
/// hundred runs: unless `PICCOLO_ALL_FAULTS` is set, each test leaves most of them out, and others than the other test does.
fn kill_everywhere(moment: Moment) {
    let shapes = shapes(Dialect::Postgres);
    let (stride, first) = match (std::env::var_os("PICCOLO_ALL_FAULTS"), moment) {
        (Some(_), _) => (1, 1),
        (None, Moment::Before) => (7, 1),
        (None, Moment::After) => (7, 4),
    };
    let mut kills = 0;
    for at in (first..).step_by(stride) {
        let db = TestDb::new(Dialect::Postgres);
        prepare(&db);
        let child: Arc<Mutex<Option<Child>>> = Arc::default();
        let victim = Arc::clone(&child);
        let proxy = Proxy::start(db.url(), at, moment, move || {
            if let Some(child) = &mut *victim.lock().unwrap() {
                child.kill().unwrap();
            }
        });
        let status = {
            let mut slot = child.lock().unwrap();
            let mut command = command_line(&proxy.url(db.url()), &["forwards"]);
            *slot = Some(command.stderr(std::process::Stdio::null()).spawn().unwrap());
            drop(slot);
            end_of(&child)
        };
        if status.success() {
            assert!(proxy.asked() < at, "it was not killed at question {at} of {}", proxy.asked());
            break;
        }
        assert_eq!(status.signal(), Some(9), "question {at} of {}", proxy.asked());
        kills += 1;
        let place = format!("{moment:?} question {at}");
        block_on(wait_for_the_server(&db));
        check(&db, &shapes, &place);
    }
    assert!(kills > 10, "{kills} kills");
    println!("killed {kills} times");
}

/// Waits for the child's end; in between it can be killed.
fn end_of(child: &Mutex<Option<Child>>) -> std::process::ExitStatus {
    loop {
        if let Some(status) = child.lock().unwrap().as_mut().unwrap().try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// Waits until the server has noticed that the client is gone.
async fn wait_for_the_server(db: &TestDb) {
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while db.text(others).await != "0" {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

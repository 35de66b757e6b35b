//! The harness itself: what the other suites rely on.

use std::io::BufRead;

use piccolo_runtime::sql::Dialect;
use piccolo_tests::{Scratch, TestDb, block_on, on, on_both};

#[test]
fn a_body_runs_on_both_engines_each_on_an_empty_database() {
    let seen = std::cell::RefCell::new(Vec::new());
    on_both(async |db| {
        db.execute("CREATE TABLE band (name text); INSERT INTO band VALUES ('Pythonistas'), (null)").await;
        let rows = db.rows("SELECT name FROM band ORDER BY name IS NULL").await;
        assert_eq!(rows, [[Some("Pythonistas".to_owned())], [None]]);
        seen.borrow_mut().push(db.dialect());
    });
    assert_eq!(seen.into_inner(), Dialect::ALL);
}

#[test]
fn a_failure_names_the_engine_and_both_engines_run() {
    let outcome = std::panic::catch_unwind(|| on_both(async |db| assert_eq!(db.text("SELECT 1").await, "2")));
    let panic = outcome.unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("on sqlite: "), "{message}");
    assert!(message.contains("on postgres: "), "{message}");
}

#[test]
fn two_databases_of_one_engine_are_apart() {
    for dialect in Dialect::ALL {
        let (one, other) = (TestDb::new(dialect), TestDb::new(dialect));
        block_on(async {
            one.execute("CREATE TABLE only_here (id integer)").await;
            assert!(other.try_rows("SELECT * FROM only_here").await.is_err());
        });
    }
}

#[test]
fn the_cluster_sorts_text_by_a_language_so_that_a_forgotten_collation_is_noticed() {
    on(Dialect::Postgres, async |db| {
        assert_eq!(db.text("SELECT 'a' < 'B'").await, "t", "this Postgres has neither ICU nor a locale en_US");
        assert_eq!(db.text("SELECT 'a' < 'B' COLLATE \"C\"").await, "f");
    });
}

#[test]
fn the_cluster_listens_on_no_port_and_trusts_the_disk() {
    on(Dialect::Postgres, async |db| {
        assert_eq!(db.text("SHOW listen_addresses").await, "");
        assert_eq!(db.text("SHOW fsync").await, "off");
        let socket = db.text("SHOW unix_socket_directories").await;
        assert!(socket.len() < 90, "{socket} is too long for a socket on some platforms");
    });
}

/// Set in the process that the next test starts and kills: this test binary, asked for the helper below it.
const VICTIM: &str = "PICCOLO_TESTS_VICTIM";

#[test]
fn a_killed_test_process_leaves_no_server_and_no_folder_behind() {
    let mut victim = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "harness::a_process_that_waits_to_be_killed", "--nocapture"])
        .env(VICTIM, "1")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufReader::new(victim.stdout.take().unwrap()).lines();
    let url = lines.map(Result::unwrap).find(|line| line.contains("?host=")).expect("the victim says its url");
    let folder = std::path::PathBuf::from(url.split_once("?host=").unwrap().1);
    assert!(folder.join("data").is_dir());
    victim.kill().unwrap();
    victim.wait().unwrap();
    let started = std::time::Instant::now();
    while folder.exists() {
        assert!(started.elapsed().as_secs() < 20, "{} is still there", folder.display());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// Does nothing in a usual run.
#[test]
fn a_process_that_waits_to_be_killed() {
    if std::env::var_os(VICTIM).is_some() {
        let scratch = Scratch::postgres();
        println!("\n{}", scratch.url());
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
}

//! Databases and folders that are not as they should be.

use piccolo_runtime::migrate::Migrations;
use piccolo_tests::on_both;

use super::support::{IDS, journal, migration, open, three};

#[test]
fn a_database_that_is_ahead_of_the_program_is_named_so() {
    on_both(async |db| {
        let engine = open(db).await;
        three().forwards(&engine).await.unwrap();
        let older = Migrations::loaded(three().list()[..2].to_vec());
        let error = older.forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains(IDS[2]) && error.contains("ahead of this program"), "{error}");
        let status = older.status(&engine).await.unwrap();
        assert_eq!(status.problems.len(), 1);
        assert_eq!(journal(db).await, IDS.join(","));
    });
}

#[test]
fn a_database_of_another_application_is_left_alone() {
    on_both(async |db| {
        let engine = open(db).await;
        three().forwards(&engine).await.unwrap();
        let other = Migrations::loaded(vec![migration(
            "2026-05-05T00-00-00_x",
            &[],
            "CREATE TABLE x (id bigint);",
            "DROP TABLE x;",
        )]);
        let error = other.forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("belongs to another application"), "{error}");
        assert_eq!(journal(db).await, IDS.join(","));
    });
}

#[test]
fn missing_duplicate_and_half_written_migrations_are_named() {
    on_both(async |db| {
        let engine = open(db).await;
        let list = three().list().to_vec();
        let missing = Migrations::loaded(list[1..].to_vec()).forwards(&engine).await.unwrap_err().to_string();
        assert!(missing.contains(&format!("{} comes after {}, which is missing", IDS[1], IDS[0])), "{missing}");
        let twice =
            Migrations::loaded(vec![list[0].clone(), list[0].clone()]).forwards(&engine).await.unwrap_err().to_string();
        assert!(twice.contains("two migrations have the id"), "{twice}");
        let half = migration(IDS[0], &[], "CREATE TABLE one (id bigint);\nCREATE TABLE two (", "DROP TABLE one;");
        let half = Migrations::loaded(vec![half]).forwards(&engine).await.unwrap_err().to_string();
        assert!(half.contains("sql, line 2: this statement has no `;` at its end: is the file complete?"), "{half}");
    });
}

#[test]
fn a_database_that_was_changed_by_hand_is_told_by_verify() {
    on_both(async |db| {
        let engine = open(db).await;
        let empty = three().verify(&engine).await.unwrap();
        assert!(!empty.is_current() && empty.drift.is_none());
        three().forwards(&engine).await.unwrap();
        let verified = three().verify(&engine).await.unwrap();
        assert!(verified.is_current(), "{verified}");
        assert_eq!(verified.to_string(), "the database is as this program expects it");
        db.execute("ALTER TABLE two ADD COLUMN by_hand integer").await;
        let drifted = three().verify(&engine).await.unwrap();
        assert!(drifted.status.is_current() && !drifted.is_current());
        assert!(drifted.to_string().contains("by_hand"), "{drifted}");
        // The shape moves with the migrations, backwards as well.
        db.execute("ALTER TABLE two DROP COLUMN by_hand").await;
        three().backwards(&engine, 1).await.unwrap();
        let verified = three().verify(&engine).await.unwrap();
        assert_eq!(verified.drift, Some(vec![]));
    });
}

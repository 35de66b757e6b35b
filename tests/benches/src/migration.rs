//! The migration between two schemas: written, and proven.

use piccolo_codegen::change::Decisions;
use piccolo_codegen::migration::{File, Migration, files};
use piccolo_codegen::plan::{Authored, Options, author};
use piccolo_codegen::proof::{Grounds, Proof, Proven};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

const ID: &str = "2026-01-02T00-00-00_change";

/// The plans and files of the migration.
pub fn written(old: &Schema, new: &Schema) -> (Authored, Vec<File>) {
    let decisions = Decisions::default();
    let outcome = author(old, new, &decisions, &Dialect::ALL, Options::default()).expect("it is planned");
    let authored = outcome.authored.expect("nothing has to be decided");
    let migration =
        Migration { id: ID, parents: &[], authored: &authored, decisions: &decisions, proven: &[], notes: &[] };
    let files = files(&migration);
    (authored, files)
}

/// The proof of the migration on SQLite, as `diff` runs it.
pub fn proven(old: &Schema, new: &Schema) -> Proven {
    let decisions = Decisions::default();
    let (authored, files) = written(old, new);
    let proof = Proof { id: ID, old, new, decisions: &decisions, authored: &authored, files: &files, beside: &[] };
    piccolo_tests::block_on(async {
        let grounds = Grounds::open(&[Dialect::Sqlite], None).await;
        let proven = proof.on(&grounds, Dialect::Sqlite).await;
        grounds.close().await;
        proven.expect("the plan is right")
    })
}

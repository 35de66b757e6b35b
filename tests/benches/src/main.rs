//! Figures that the project wants to see move, printed in one run and asserted nowhere:
//!
//!     cargo run --release --manifest-path tests/benches/Cargo.toml [generator] [check] [migrations] [sqlite] [postgres]
//!
//! Without a word all parts run. Times of a shared machine are noisy: compare ratios, and runs of one day.

mod check_cost;
mod generator;
mod measure;
mod migration;
mod migrations;
mod plain;
mod queries;
mod report;
mod schemas;
mod statements;

piccolo_runtime::include_tables!(mod tables);

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let wants = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
    if wants("generator") {
        generator::run();
    }
    if wants("check") {
        check_cost::run();
    }
    if wants("migrations") {
        migrations::run();
    }
    if wants("sqlite") {
        piccolo_tests::block_on(statements::sqlite());
        piccolo_tests::block_on(queries::sqlite());
    }
    if wants("postgres") {
        piccolo_tests::block_on(statements::postgres());
        piccolo_tests::block_on(queries::postgres());
    }
}

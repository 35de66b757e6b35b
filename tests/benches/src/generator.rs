//! The generator, and `diff`, on schemas of 10, 100 and 1000 tables, in processor time.

use std::path::Path;
use std::time::Duration;

use piccolo_codegen::change::Decisions;
use piccolo_codegen::config::Settings;
use piccolo_codegen::plan::{Options, author};
use piccolo_codegen::project::Mode;
use piccolo_codegen::source::Sources;
use piccolo_codegen::{Config, generate, schema_from_str, snapshot_from_sources};
use piccolo_runtime::sql::Dialect;

use crate::measure::cpu;
use crate::migration;
use crate::report;
use crate::schemas;

/// The sizes of the schemas.
const SIZES: [usize; 3] = [10, 100, 1000];

/// How often a phase is measured; the least time counts, and on a shared machine it takes some runs to meet a quiet moment.
const RUNS: usize = 15;

/// Prints what each phase takes.
pub fn run() {
    // A file system that has just removed a thousand files creates the next ones slowly: all folders stay until the end.
    let folders = SIZES.map(|_| tempfile::tempdir().expect("a temporary folder"));
    for (tables, folder) in SIZES.into_iter().zip(&folders) {
        report::heading(&format!("Generator, {tables} tables x 10 columns (processor time)"));
        // The goals are for 1000 tables; a smaller schema is simply printed.
        let line = |what: &str, time: Duration, goal: u64| match tables {
            1000 => report::goal(what, time, Duration::from_millis(goal)),
            _ => report::line(what, time),
        };
        let (text, changed) = (schemas::text(tables, false), schemas::text(tables, true));

        let parse = |text: &str| schema_from_str("schema.piccolo", text).expect("it is right").schema;
        report::line("parse and lower", cpu(RUNS, || parse(&text)));
        let (old, new) = (parse(&text), parse(&changed));
        let plan =
            || author(&old, &new, &Decisions::default(), &Dialect::ALL, Options::default()).expect("it is planned");
        assert!(plan().authored.is_some(), "one column has changed");
        line("compare and plan, one column changed", cpu(RUNS, plan), 50);
        report::line("write the snapshot", cpu(RUNS, || piccolo_codegen::print::schema(&new)));

        // All that `diff --no-verify` does but for the disk; before the generator, whose files would leave memory in pieces.
        let mut snapshot = Sources::new();
        snapshot.add("schema.piccolo", &piccolo_codegen::print::snapshot(&old));
        let whole = || {
            let new = parse(&changed);
            let old = snapshot_from_sources(&snapshot, &new, &Dialect::ALL).expect("it is right");
            (migration::written(&old, &new), piccolo_codegen::print::schema(&new))
        };
        line("diff without the proof", cpu(RUNS, whole), 100);

        let settings = settings(folder.path());
        let schema = folder.path().join("schema.piccolo");
        let out = folder.path().join("out");
        let write = |text: &str| std::fs::write(&schema, text).expect("the folder is writable");
        let generate = || generate(&settings, &out, Mode::Write).expect("it is right");

        write(&text);
        let mut fresh = (0..).map(|run| folder.path().join(format!("fresh-{run}")));
        let mut from_nothing = || {
            fresh.next().map(|fresh| piccolo_codegen::generate(&settings, &fresh, Mode::Write).expect("it is right"))
        };
        line("generate, from nothing", cpu(5, &mut from_nothing), 1000);
        generate();
        line("generate, nothing changed", cpu(RUNS, generate), 50);
        let mut flip = false;
        let one = cpu(RUNS, || {
            flip = !flip;
            write(if flip { &changed } else { &text });
            generate();
        });
        line("generate, one table changed", one, 100);

        // After the others, whose memory it would leave in pieces.
        line("its proof on sqlite", cpu(1, || migration::proven(&old, &new)), 5000);
    }
}

/// The settings of a project in `folder` without migrations.
pub fn settings(folder: &Path) -> Settings {
    std::fs::write(folder.join("piccolo.toml"), "schema = \"schema.piccolo\"\n").expect("the folder is writable");
    let config = Config::new().file(folder.join("piccolo.toml")).without_migrations();
    config.settings().expect("the file is right")
}

//! The engine that `piccolo.toml` and the environment name, found by a process of its own.

use std::path::Path;
use std::process::Command;

use piccolo_tests::{Outcome, Project, Scratch};

/// A run of the application in a folder, with these variables set.
fn run(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_engine-finder-under-test"));
    command.current_dir(folder).args(arguments).env_remove("DATABASE_URL").env_remove("PICCOLO_CONF");
    command.envs(variables.iter().copied());
    Outcome::of(&mut command)
}

#[test]
fn the_file_is_found_from_a_folder_below_it_and_its_database_lies_beside_it() {
    let project = Project::empty();
    project.write("piccolo.toml", "[database]\nurl = \"sqlite://bands.sqlite\"\nmax_connections = 2\n");
    project.write("src/deep/main.rs", "");
    let told = "sqlite answers\nsqlite Connection\n";
    assert_eq!(run(&project.file("src/deep"), &[], &["async"]).exits(0).stdout, told);
    assert!(project.file("bands.sqlite").exists());
    assert!(!project.file("src/deep/bands.sqlite").exists());
    assert_eq!(run(project.path(), &[], &["sync", "SELECT 'row'"]).exits(0).stdout, "sqlite answers\nrow\n");
}

#[test]
fn the_environment_names_another_file_or_the_database_itself() {
    let (project, postgres) = (Project::empty(), Scratch::postgres());
    project.write("piccolo.toml", "[database]\nurl = \"sqlite://main.sqlite\"\n");
    let settings = "query_timeout = 7.5\napplication_name = \"till\"\nlog_queries = true\n";
    project.write("conf/test.toml", format!("[database]\nurl = \"{}\"\n{settings}", postgres.url()));
    let asked = ["sync", "SELECT current_setting('application_name') || ' ' || current_setting('statement_timeout')"];
    let whole = project.file("conf/test");
    for name in ["conf/test", "conf/test.toml", whole.to_str().unwrap()] {
        let outcome = run(project.path(), &[("PICCOLO_CONF", name)], &asked).exits(0);
        assert_eq!(outcome.stdout, "postgres answers\ntill 7500ms\n", "{name}");
    }
    // The url of the environment wins; the settings of the file hold for it too.
    let other = Scratch::postgres();
    let asked = ["async", "SELECT current_database() || ' ' || current_setting('application_name')"];
    let variables = [("PICCOLO_CONF", "conf/test"), ("DATABASE_URL", other.url())];
    let outcome = run(project.path(), &variables, &asked).exits(0);
    assert!(outcome.stdout.contains(" till\n"), "{outcome}");
    assert!(other.url().contains(outcome.stdout.lines().nth(1).unwrap().split(' ').next().unwrap()), "{outcome}");
    let url = [("DATABASE_URL", "sqlite::memory:")];
    assert_eq!(run(project.path(), &url, &["sync"]).exits(0).stdout, "sqlite Usage\n");
}

#[test]
fn what_is_not_found_says_where_it_was_looked_for() {
    let project = Project::empty();
    let folder = project.path().to_str().unwrap();
    for form in ["sync", "async"] {
        run(project.path(), &[], &[form])
            .exits(1)
            .says("Config: no database is named: DATABASE_URL is not set")
            .says(folder);
        run(project.path(), &[("DATABASE_URL", "")], &[form]).exits(1).says("no piccolo.toml in");
        let named = [("PICCOLO_CONF", "production")];
        run(project.path(), &named, &[form])
            .exits(1)
            .says("PICCOLO_CONF names production")
            .says("production.toml")
            .says(folder);
    }
    project.write("piccolo.toml", "schema = \"schema.piccolo\"\n");
    run(project.path(), &[], &["sync"]).exits(1).says("piccolo.toml has no `url` under `[database]`");
    project.write("piccolo.toml", "[database]\nurl = \"sqlite://a\"\nquery_timout = 3\npooler = \"yes\"\n");
    run(project.path(), &[], &["sync"])
        .exits(1)
        .says("piccolo.toml:3: [database] `query_timout` is not a key: did you mean `query_timeout`?")
        .says("piccolo.toml:4: `pooler` must be one of \"detect\", \"none\", \"transaction\"");
    run(project.path(), &[("DATABASE_URL", "mysql://host/db")], &["sync"]).exits(1);
    project.write("piccolo.toml", "");
    run(project.path(), &[("DATABASE_URL", "mysql://host/db")], &["sync"])
        .exits(1)
        .says("`sqlite:` nor with `postgres:`");
}

#[test]
fn the_command_line_looks_in_the_same_places() {
    let project = Project::with_schema("table Band { name: Text }");
    project.write("conf/test.toml", "schema = \"../schema.piccolo\"\n[database]\nurl = \"sqlite://test.sqlite\"\n");
    let forwards = |project: &Project| {
        let mut command = project.command();
        Outcome::of(command.env("PICCOLO_CONF", "conf/test").args(["migration", "forwards"]))
    };
    forwards(&project).exits(0);
    assert!(project.file("conf/test.sqlite").exists());
    project.write("conf/test.toml", "[database]\nurl = \"sqlite://test.sqlite\"\nmax_connections = \"many\"\n");
    forwards(&project).exits(2).says("test.toml:3: `max_connections` must be a whole number of at least 1");
    project.write("conf/test.toml", "schema = \"../schema.piccolo\"\n");
    forwards(&project).exits(2).says("test.toml has no `url` under `[database]`");
}

//! Broken input at the command line: each case is a clear error with its exit status, or plain success, and nothing
//! is ever written by half.

use std::process::{Child, Command, Stdio};

use piccolo_runtime::sql::Dialect;
use piccolo_tests::{Outcome, Project, Scratch, block_on};

/// A schema with an enum, a default, a foreign key, an index and a check.
const SCHEMA: &str = r#"/// Looks after bands.
table Manager {
    name: Varchar(length = 100)
}

/// A band, and the people who look after it.
table Band {
    name: Varchar(length = 100)
    manager: ForeignKey(Manager, null, on_delete = set_null)
    popularity: Integer(default = 0)
    genre: Genre(default = rock)

    index(popularity desc, name)
    check("popularity >= 0")
}

enum Genre { rock, jazz, folk }
"#;

/// Runs a command that must be refused with this status, say these words, and change no file.
#[track_caller]
fn refused(project: &Project, arguments: &[&str], status: i32, words: &[&str]) -> Outcome {
    let before = project.files();
    let mut outcome = project.run(arguments).exits(status);
    for word in words {
        outcome = outcome.says(word);
    }
    assert!(before == project.files(), "files changed though the command was refused\n{outcome}");
    assert!(!outcome.stderr.contains("panicked"), "{outcome}");
    outcome
}

/// Refuses a schema as broken input, in every command that reads one.
#[track_caller]
fn refused_schema(schema: impl AsRef<[u8]>, words: &[&str]) -> Outcome {
    let project = Project::empty();
    project.write("schema.piccolo", schema);
    refused(&project, &["diff", "--name", "first"], 2, words);
    let outcome = refused(&project, &["generate", "--out", "tables"], 2, words);
    // The layout of a file can be put right before its meaning is, so `fmt` refuses less.
    let formatted = project.run(&["fmt"]);
    assert!(!formatted.stderr.contains("panicked"), "{formatted}");
    outcome
}

/// The generated files of a schema, which must be right.
#[track_caller]
fn generated(schema: impl AsRef<[u8]>) -> Vec<(String, Vec<u8>)> {
    let project = Project::empty();
    project.write("schema.piccolo", schema);
    project.run(&["generate", "--out", "tables"]).exits(0);
    project.files().into_iter().filter(|(name, _)| name.starts_with("tables") && name.ends_with(".rs")).collect()
}

#[test]
fn wrong_use_is_told_apart_from_a_failure() {
    let project = Project::with_schema(SCHEMA);
    refused(&project, &["frobnicate"], 2, &["frobnicate"]);
    refused(&project, &["generate", "--frobnicate"], 2, &["--frobnicate"]);
    refused(&project, &[], 2, &["Usage"]);
    let help = project.run(&["--help"]).exits(0);
    assert!(help.stdout.contains("migration"), "{help}");
    let version = project.run(&["--version"]).exits(0);
    assert!(version.stdout.contains(env!("CARGO_PKG_VERSION")), "{version}");
}

#[test]
fn a_configuration_that_is_not_there_is_named() {
    let project = Project::with_schema(SCHEMA);
    refused(&project, &["--config", "elsewhere.toml", "generate", "--out", "tables"], 2, &["elsewhere.toml"]);
    let outcome =
        Outcome::of(project.command().env("PICCOLO_CONF", "moved.toml").args(["generate", "--out", "tables"]));
    outcome.exits(2).says("moved.toml");
}

#[test]
fn a_broken_configuration_is_refused_with_its_line() {
    for (text, words) in [
        ("schema = ", vec!["piccolo.toml:1"]),
        ("schema = \"schema.piccolo\"\nshema = \"x\"", vec!["piccolo.toml:2", "shema", "schema"]),
        ("schema = 3", vec!["piccolo.toml:1", "schema"]),
        ("engines = [\"oracle\"]", vec!["piccolo.toml:1", "oracle", "sqlite"]),
        ("engines = []", vec!["piccolo.toml:1", "engines"]),
        ("[database]\nurrl = \"x\"", vec!["piccolo.toml:2", "urrl"]),
    ] {
        let project = Project::with_schema(SCHEMA);
        project.write("piccolo.toml", text);
        refused(&project, &["generate", "--out", "tables"], 2, &words);
    }
    let project = Project::with_schema(SCHEMA);
    project.write("piccolo.toml", b"schema = \"caf\xe9.piccolo\"");
    refused(&project, &["generate", "--out", "tables"], 2, &["piccolo.toml", "UTF-8"]);
}

#[test]
fn a_schema_that_is_not_there_is_named() {
    let project = Project::empty();
    refused(&project, &["generate", "--out", "tables"], 2, &["schema.piccolo"]);
    refused(&project, &["diff", "--name", "first"], 2, &["schema.piccolo"]);
    project.write("piccolo.toml", "schema = \"no/such/folder\"");
    refused(&project, &["fmt"], 2, &["no/such/folder"]);
}

#[test]
fn a_schema_with_several_mistakes_shows_them_all_at_once() {
    let schema =
        SCHEMA.replace("Integer(default = 0)", "Intger").replace("name, manager", "nam").replace("jazz", "rock");
    let outcome = refused_schema(schema, &["Intger", "Integer", "schema.piccolo"]);
    assert!(outcome.stderr.matches("error").count() >= 2, "{outcome}");
}

#[test]
fn half_typed_input_never_panics_wherever_it_ends() {
    let mut refusals = 0;
    for end in (0..=SCHEMA.len()).filter(|end| SCHEMA.is_char_boundary(*end)) {
        let half = &SCHEMA[..end];
        if let Err(diagnostics) = piccolo_codegen::schema_from_str("schema.piccolo", half) {
            refusals += 1;
            assert!(diagnostics.to_string().contains("schema.piccolo"), "{half}\n{diagnostics}");
        }
    }
    assert!(refusals > 100, "only {refusals} prefixes were refused");
    refused_schema("table Band {\n    name: Varchar(length = ", &["schema.piccolo:2"]);
}

#[test]
fn any_missing_or_doubled_character_is_survived() {
    for (at, character) in SCHEMA.char_indices() {
        let rest = &SCHEMA[at + character.len_utf8()..];
        for changed in [format!("{}{rest}", &SCHEMA[..at]), format!("{}{character}{character}{rest}", &SCHEMA[..at])] {
            if let Err(diagnostics) = piccolo_codegen::schema_from_str("schema.piccolo", &changed) {
                assert!(!diagnostics.to_string().is_empty());
            }
        }
    }
}

#[test]
fn a_schema_in_another_encoding_is_refused_and_named() {
    refused_schema(b"table Caf\xe9 { name: Text }", &["schema.piccolo", "UTF-8"]);
    let utf16: Vec<u8> = "table Band { name: Text }".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused_schema([b"\xff\xfe".to_vec(), utf16].concat(), &["schema.piccolo", "UTF-8"]);
    refused_schema(b"table Band { name: Text }\0", &["schema.piccolo"]);
}

#[test]
fn line_ends_and_a_byte_order_mark_make_no_difference() {
    let plain = generated(SCHEMA);
    assert!(plain == generated(SCHEMA.replace('\n', "\r\n")), "CRLF changes the generated code");
    assert!(plain == generated(format!("\u{feff}{SCHEMA}")), "a byte order mark changes the generated code");
}

#[test]
fn the_canonical_layout_of_a_file_with_crlf_is_stable() {
    let project = Project::empty();
    project.write("schema.piccolo", SCHEMA.replace('\n', "\r\n"));
    project.run(&["fmt"]).exits(0);
    let once = project.read("schema.piccolo");
    project.run(&["fmt", "--check"]).exits(0);
    assert_eq!(once, project.read("schema.piccolo"));
}

#[test]
fn a_schema_of_ten_thousand_lines_is_no_problem() {
    let mut schema = String::new();
    for table in 0..1_000 {
        schema.push_str(&format!("/// Table {table}.\ntable Table{table} {{\n"));
        for column in 0..7 {
            schema.push_str(&format!("    column_{column}: Integer\n"));
        }
        schema.push_str("}\n\n");
    }
    assert!(schema.lines().count() > 10_000);
    assert!(generated(schema).len() > 1_000);
}

#[test]
fn a_line_of_a_megabyte_is_survived_and_not_printed_whole() {
    let long = "x".repeat(1_000_000);
    // A comment of any length is just a comment.
    assert!(!generated(format!("// {long}\n{SCHEMA}")).is_empty());
    assert!(!generated(format!("/// {long}\n{SCHEMA}")).is_empty());
    for schema in [
        long.clone(),
        format!("table {long} {{ name: Text }}"),
        format!("table Band {{ {long}: Text }}"),
        format!("table Band {{ name: {long} }}"),
        format!("table Band {{ name: Varchar(length = {}) }}", "9".repeat(1_000_000)),
        format!("table Band {{ name: Text(default = \"{long}) }}"),
    ] {
        let outcome = refused_schema(schema, &["schema.piccolo"]);
        assert!(outcome.stderr.len() < 20_000, "{} bytes of diagnostics", outcome.stderr.len());
    }
}

#[test]
fn ten_thousand_brackets_overflow_nothing() {
    for (open, close) in
        [("(", ")"), ("{", "}"), ("[", "]"), ("Array(", ")"), ("\"", ""), ("/*", "*/"), ("table A {", "}")]
    {
        for closed in [true, false] {
            let nest = format!("{}{}", open.repeat(10_000), if closed { close.repeat(10_000) } else { String::new() });
            refused_schema(format!("table Band {{\n    name: {nest}\n}}\n"), &["schema.piccolo"]);
            refused_schema(format!("table Band {{\n    name: Text(default = {nest})\n}}\n"), &["schema.piccolo"]);
        }
    }
}

#[test]
fn a_broken_url_is_refused_without_its_password() {
    let project = Project::with_schema(SCHEMA);
    project.run(&["diff", "--name", "first"]).exits(0);
    for url in ["mysql://me:hunter2@localhost/bands", "bands", "postgres://me:hunter2@[oops/bands", ""] {
        let outcome = Outcome::of(project.command().env("DATABASE_URL", url).args(["migration", "forwards"])).exits(2);
        assert!(!outcome.stderr.contains("hunter2"), "{outcome}");
        assert!(!outcome.stderr.is_empty(), "{url}");
    }
}

#[test]
fn a_command_that_needs_a_database_says_where_it_looked_for_one() {
    let project = Project::with_schema(SCHEMA);
    project.run(&["diff", "--name", "first"]).exits(0);
    refused(&project, &["migration", "forwards"], 2, &["DATABASE_URL", "piccolo.toml"]);
}

#[test]
fn a_database_that_is_not_there_is_named() {
    let project = Project::with_schema(SCHEMA);
    project.run(&["diff", "--name", "first"]).exits(0);
    let scratch = Scratch::postgres();
    let missing = scratch.url().replace("/test_", "/nowhere_").replace("piccolo@", "piccolo:hunter2@");
    for (url, word) in [
        (missing.as_str(), "nowhere_"),
        ("postgres://me:hunter2@localhost:1/bands", "localhost"),
        ("sqlite:///no/such/folder/bands.sqlite", "/no/such/folder"),
    ] {
        let outcome = Outcome::of(project.command().env("DATABASE_URL", url).args(["migration", "forwards"])).exits(1);
        let outcome = outcome.says(word);
        assert!(!outcome.stderr.contains("hunter2"), "{outcome}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let project = Project::with_schema(SCHEMA);
    project.run(&["diff", "--name", "first"]).exits(0);
    project.write(
        "bands.sqlite",
        "This is a text, and not a short one, so that nobody takes it for an empty database.".repeat(50),
    );
    let before = project.read("bands.sqlite");
    let url = format!("sqlite://{}", project.file("bands.sqlite").display());
    let outcome = Outcome::of(project.command().env("DATABASE_URL", url).args(["migration", "forwards"]));
    outcome.exits(1).says("bands.sqlite");
    assert_eq!(before, project.read("bands.sqlite"));
}

#[test]
fn a_database_that_may_not_be_written_to_stays_as_it_was() {
    let project = Project::with_schema(SCHEMA);
    project.write("piccolo.toml", "[database]\nurl = \"sqlite://bands.sqlite\"\n");
    project.run(&["diff", "--name", "first"]).exits(0);
    rusqlite::Connection::open(project.file("bands.sqlite")).unwrap().execute_batch("CREATE TABLE other (id)").unwrap();
    project.hand_over(0o555, 0o444);
    let before = project.files();
    project.run_unprivileged(&["migration", "forwards"]).exits(1).says("bands.sqlite");
    assert!(before == project.files());
}

#[test]
fn a_postgres_user_without_rights_changes_nothing() {
    let project = Project::with_schema(SCHEMA);
    project.run(&["diff", "--name", "first"]).exits(0);
    let scratch = Scratch::new(Dialect::Postgres);
    let database = scratch.url().split(['/', '?']).nth(3).unwrap().to_owned();
    let role = format!("reader_of_{database}");
    block_on(scratch.try_execute(&format!("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE {role} LOGIN")))
        .unwrap();
    let url = scratch.url().replace("piccolo@", &format!("{role}@"));
    let outcome = Outcome::of(project.command().env("DATABASE_URL", url).args(["migration", "forwards"]));
    outcome.exits(1).says("permission denied");
    let tables = block_on(scratch.try_rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).unwrap();
    assert!(tables.is_empty(), "{tables:?}");
}

#[test]
fn a_read_only_source_tree_serves_what_only_reads() {
    let project = Project::with_schema(SCHEMA);
    project.run(&["fmt"]).exits(0);
    project.run(&["diff", "--name", "first"]).exits(0);
    project.run(&["generate", "--out", "tables"]).exits(0);
    project.hand_over(0o555, 0o444);
    let before = project.files();
    for command in [&["fmt", "--check"][..], &["generate", "--out", "tables", "--check"], &["diff", "--check"]] {
        project.run_unprivileged(command).exits(0);
    }
    // What has nothing to write is no failure either.
    project.run_unprivileged(&["generate", "--out", "tables"]).exits(0);
    assert!(before == project.files());
}

#[test]
fn a_read_only_source_tree_is_named_by_what_would_write() {
    let project = Project::with_schema(&SCHEMA.replace("    ", "  "));
    project.hand_over(0o555, 0o444);
    let before = project.files();
    for (command, word) in [
        (&["fmt"][..], "schema.piccolo"),
        (&["generate", "--out", "tables"], "tables"),
        (&["diff", "--name", "first"], "migrations"),
    ] {
        project.run_unprivileged(command).exits(1).says(word);
    }
    assert!(before == project.files());
}

/// Starts the command line and does not wait for it.
fn start(project: &Project, arguments: &[&str]) -> Child {
    let mut command: Command = project.command();
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn two_builds_at_once_give_what_one_gives() {
    let alone = generated(SCHEMA);
    let project = Project::with_schema(SCHEMA);
    for _ in 0..5 {
        let builds: Vec<Child> = (0..4).map(|_| start(&project, &["generate", "--out", "tables"])).collect();
        for build in builds {
            Outcome::from(build.wait_with_output().unwrap()).exits(0);
        }
        let together: Vec<_> = project
            .files()
            .into_iter()
            .filter(|(name, _)| name.starts_with("tables") && name.ends_with(".rs"))
            .collect();
        assert!(alone == together, "{:?}", together.iter().map(|(name, _)| name).collect::<Vec<_>>());
        std::fs::remove_dir_all(project.file("tables")).unwrap();
    }
}

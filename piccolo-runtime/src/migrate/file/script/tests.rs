//! What the reader makes of files, good and bad.

use super::*;

#[track_caller]
fn read(text: &str, dialect: Dialect) -> Script {
    Script::parse(text, dialect).expect("a file that can be read")
}

#[track_caller]
fn refused(text: &str, dialect: Dialect) -> String {
    Script::parse(text, dialect).expect_err("a file that cannot be read").to_string()
}

fn normal(script: &Script) -> Vec<Vec<&str>> {
    script.steps.iter().map(|step| step.normal_statements().collect()).collect()
}

#[test]
fn a_file_without_a_step_line_is_one_step() {
    let script = read("-- By hand.\ncreate table a (b int); insert into a\n  values (';');\n", Dialect::Sqlite);
    assert_eq!(normal(&script), [["create table a (b int)", "insert into a values (';')"]]);
    assert_eq!(script.steps[0].statements[1].line, 2);
}

#[test]
fn header_steps_and_titles_are_told_apart() {
    let text = "-- piccolo: loses the values of band.popularity\n-- piccolo: not proven on postgres\n\n\
                -- piccolo: step\n-- Add column.\n-- Takes a lock.\nalter table a add b int;\n\n\
                -- piccolo: step no-transaction\ncreate index concurrently i on a (b);\n";
    let script = read(text, Dialect::Postgres);
    assert_eq!(script.header, ["loses the values of band.popularity", "not proven on postgres"]);
    assert_eq!(script.losses().collect::<Vec<_>>(), ["the values of band.popularity"]);
    assert_eq!(script.steps.len(), 2);
    assert_eq!(script.steps[0].title.as_deref(), Some("Add column."));
    assert_eq!((script.steps[1].number, script.steps[1].mode), (2, Mode::NoTransaction));
}

#[test]
fn a_rebuild_suspends_foreign_keys() {
    let script = read("-- piccolo: step rebuild \"my \"\"band\"\"\"\nselect 1;", Dialect::Sqlite);
    let rebuilt = |table: &str, columns: &[&str]| Rebuilt {
        table: table.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
    };
    assert_eq!(script.steps[0].rebuilds, [rebuilt("my \"band\"", &[])]);
    assert!(script.steps[0].foreign_keys_suspended);
    let plain =
        read("-- piccolo: step rebuild band rebuild concert foreign-keys=suspended\nselect 1;", Dialect::Sqlite);
    assert_eq!(plain.steps[0].rebuilds, [rebuilt("band", &[]), rebuilt("concert", &[])]);
    let columns = r#"-- piccolo: step rebuild "band" ("id", "a, ""b"")") rebuild concert ( "id" ) foreign-keys=suspended
        select 1;"#;
    let known = read(columns, Dialect::Sqlite);
    assert_eq!(known.steps[0].rebuilds, [rebuilt("band", &["id", "a, \"b\")"]), rebuilt("concert", &["id"])]);
    assert_ne!(known.steps[0].checksum(), plain.steps[0].checksum());
}

#[test]
fn a_step_in_batches_says_how_and_where_its_bounds_stand() {
    let text = "-- piccolo: step batches of 1000 over \"my\" . \"band\"(\"i)d\")\n\
                update my.band set a = b::text || ':first' where id >= :first and id <= :last;";
    for dialect in Dialect::ALL {
        let script = read(text, dialect);
        let batches = script.steps[0].batches.as_ref().expect("batches");
        assert_eq!((batches.size, &*batches.table, &*batches.column), (1000, "\"my\".\"band\"", "\"i)d\""));
        let sql = script.steps[0].statements[0].between("'1'", "'2'", dialect);
        assert_eq!(sql, "update my.band set a = b::text || ':first' where id >= '1' and id <= '2'");
    }
    let step = |words: &str, sql: &str| refused(&format!("-- piccolo: step {words}\n{sql};"), Dialect::Postgres);
    for words in ["batches", "batches of 0 over a (b)", "batches of ten over a (b)", "batches of 10 over a"] {
        assert!(step(words, "select 1").contains("needs a size, a table and a column"));
    }
    for sql in ["update a set b = 1", "update a set b::first = 1 where :last = 1", "select :first; select :last"] {
        assert!(step("batches of 10 over a (b)", sql).contains("exactly one statement, in which"));
    }
    assert!(step("batches of 10 over a (b) no-transaction", "select 1").contains("no other word"));
}

#[test]
fn a_trigger_is_one_statement_on_sqlite() {
    let text = "create trigger t after insert on a begin\n update a set b = case when 1 then 2 end;\n delete from c;\nend;\nselect 1;";
    assert_eq!(normal(&read(text, Dialect::Sqlite))[0].len(), 2);
}

#[test]
fn a_function_is_one_statement_on_postgres() {
    let atomic =
        "create or replace function f() returns int begin atomic; select case when true then 1 end; end; select 1;";
    assert_eq!(normal(&read(atomic, Dialect::Postgres))[0].len(), 2);
    let quoted = "create function f() returns int language sql as $$ select 1; $$; select 1;";
    assert_eq!(normal(&read(quoted, Dialect::Postgres))[0].len(), 2);
    let rule = "create rule r as on insert to a do (delete from b; delete from c); select 1;";
    assert_eq!(normal(&read(rule, Dialect::Postgres))[0].len(), 2);
}

#[test]
fn the_checksum_sees_what_runs_and_nothing_else() {
    let one = "-- piccolo: step\n-- A comment.\ncreate table a (b int);\n";
    let same = "\u{feff}-- piccolo: step\r\ncreate  table a -- why\r\n (b int) ;\r\n";
    let other = "-- piccolo: step\ncreate table a (b bigint);\n";
    let marked = "-- piccolo: step no-transaction\ncreate table a (b int);\n";
    let sum = |text| read(text, Dialect::Sqlite).checksum();
    assert_eq!(sum(one), sum(same));
    assert_ne!(sum(one), sum(other));
    assert_ne!(sum(one), sum(marked));
    assert_eq!(Checksum::of(["a"]).to_string().len(), 16);
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    assert_eq!(
        refused("create table a (b int);\ncreate table b (", Dialect::Sqlite),
        "line 2: this statement has no `;` at its end: is the file complete?"
    );
    assert!(refused("insert into a values ('x", Dialect::Sqlite).contains("is never closed"));
}

#[test]
fn a_file_with_nothing_in_it_is_refused_and_one_that_says_nothing_is_to_be_done_is_not() {
    for dialect in Dialect::ALL {
        for empty in ["", " \n\t\r\n", "\u{feff}", ";\n"] {
            assert!(refused(empty, dialect).contains("a file that is to do nothing says so in a comment"), "{empty:?}");
        }
        for said in ["-- Nothing is to be undone.", "/* nothing */", "-- piccolo: lossless", "-- piccolo: step\n"] {
            assert_eq!(normal(&read(said, dialect)).concat(), [""; 0], "{said}");
        }
    }
}

#[test]
fn a_comment_that_looks_like_a_directive_and_is_none_is_refused() {
    for (text, line, words) in [
        ("-- piccolo: stepp\nselect 1;", 1, "unknown directive `stepp`: is `step` meant?"),
        ("select 1;\n-- piccolo: stepp no-transaction\nselect 1;", 2, "is `step` meant?"),
        ("-- One.\n-- piccolo: losless\nselect 1;", 2, "is `lossless` meant?"),
        ("-- piccolo: Step\nselect 1;", 1, "is `step` meant?"),
        ("-- piccolo: hello\nselect 1;", 1, "known are step, lossless, loses, undoing, not, proven."),
        ("-- piccolo:\nselect 1;", 1, "unknown directive ``"),
        ("\n-- Piccolo: step\nselect 1;", 2, "write `-- piccolo: step`"),
        ("-- PICCOLO: stpe\nselect 1;", 1, "is `step` meant?"),
        ("--piccolo: step rebuild \"a\"\nselect 1;", 1, "write `-- piccolo: step rebuild \"a\"`"),
        ("--  piccolo:lossless\nselect 1;", 1, "write `-- piccolo: lossless`"),
        ("/* piccolo: step */ select 1;", 1, "a directive begins with `-- piccolo:`"),
        ("select 1 -- Piccolo: step\n;", 1, "a directive begins with `-- piccolo:`"),
    ] {
        for dialect in Dialect::ALL {
            let error = refused(text, dialect);
            assert!(error.starts_with(&format!("line {line}: ")) && error.contains(words), "{text}: {error}");
        }
    }
    for text in [
        "-- piccolo: loses x\n-- piccolo: undoing it loses y\n-- piccolo: undoing it can fail: z\n-- piccolo: not proven on sqlite\n\
         -- piccolo: proven without rows in band: none were found\n",
        "-- What piccolo: step means.\n-- - piccolo: x\n-- Piccolo made this.\n-- piccolö: x\nselect '-- piccolo: x';",
    ] {
        read(text, Dialect::Sqlite);
    }
}

#[test]
fn foreign_keys_are_not_switched_off_by_a_pragma_that_does_nothing() {
    for pragma in [
        "PRAGMA foreign_keys = OFF",
        "pragma foreign_keys",
        "PRAGMA Foreign_Keys(0)",
        "PRAGMA main.foreign_keys=0",
        "PRAGMA \"foreign_keys\" = OFF",
        "PRAGMA [main] . [FOREIGN_KEYS] = OFF",
        "PRAGMA `foreign_keys` = OFF",
        "PRAGMA 'foreign_keys' = OFF",
        "pragma/* so */foreign_keys -- or\n= off",
    ] {
        for step in ["", "-- piccolo: step foreign-keys=suspended\n", "-- piccolo: step no-transaction\n"] {
            let error = refused(&format!("{step}\n{pragma};\n"), Dialect::Sqlite);
            let line = step.matches('\n').count() + 2;
            assert!(error.starts_with(&format!("line {line}: ")), "{pragma}: {error}");
            assert!(error.contains("-- piccolo: step foreign-keys=suspended"), "{pragma}: {error}");
        }
    }
    for other in
        ["PRAGMA defer_foreign_keys = ON", "PRAGMA foreign_key_check", "SELECT foreign_keys FROM pragma_foreign_keys"]
    {
        read(&format!("{other};"), Dialect::Sqlite);
    }
}

#[test]
fn what_the_runner_does_itself_is_refused() {
    for statement in ["begin;", "COMMIT;", "rollback to x;"] {
        assert!(refused(statement, Dialect::Sqlite).contains("cannot stand in a migration"), "{statement}");
    }
    assert!(refused("vacuum;", Dialect::Sqlite).contains("no-transaction"));
    assert!(
        refused("-- piccolo: step no-transaction\nselect 1; select 2;", Dialect::Postgres).contains("this one has 2")
    );
    assert!(refused("-- piccolo: step fast\nselect 1;", Dialect::Postgres).contains("unknown word `fast`"));
    assert!(
        refused("-- piccolo: step\n-- piccolo: lossless\nselect 1;", Dialect::Postgres).contains("unknown directive")
    );
    assert!(refused("select 1\n-- piccolo: step\nselect 1;", Dialect::Postgres).contains("has no `;`"));
}

#[test]
fn no_input_panics() {
    for text in [
        "",
        ";",
        ";;",
        "'",
        "\"",
        "$",
        "$$",
        "[",
        "`",
        "/*",
        "--",
        "-- piccolo:",
        "-- piccolo: step rebuild",
        "-- piccolo: step rebuild band (",
        "-- piccolo: step rebuild band (\"id\"",
        "-- piccolo: step rebuild band (id)",
        "-- piccolo: step rebuild band (\"id\",)",
        "é'ü",
        "E'\\",
    ] {
        for dialect in Dialect::ALL {
            let _ = Script::parse(text, dialect);
        }
    }
}

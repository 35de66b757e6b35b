use super::*;

/// The definition as the lines of a shape's text, without the table's own.
fn lines(sql: &str) -> String {
    let definition = definition(sql);
    let mut table = crate::introspect::TableShape::new(QualifiedName::plain("t"));
    table.primary_key = definition.primary_key;
    table.uniques = definition.uniques;
    table.checks = definition.checks;
    table.foreign_keys = definition.foreign_keys;
    table.other_constraints = definition.others;
    let mut shape = crate::introspect::Shape::empty(crate::sql::Dialect::Sqlite);
    shape.tables.push(table);
    let text = shape.to_text();
    text.lines().skip(2).map(str::trim).collect::<Vec<_>>().join("\n")
}

#[test]
fn constraints_are_the_same_wherever_they_stand() {
    let on_columns = "CREATE TABLE t (
        a INTEGER NOT NULL CONSTRAINT k PRIMARY KEY,
        b TEXT DEFAULT ('x') CONSTRAINT u UNIQUE CONSTRAINT c CHECK (length(b) < 9),
        d INT CONSTRAINT f REFERENCES o (id) ON DELETE SET NULL ON UPDATE CASCADE
    )";
    let on_table = "CREATE TABLE t (a INTEGER NOT NULL, b TEXT DEFAULT 'x', d INT,
        CONSTRAINT k PRIMARY KEY (a), CONSTRAINT u UNIQUE (b) CONSTRAINT c CHECK (length(b) < 9),
        CONSTRAINT f FOREIGN KEY (d) REFERENCES o (id) ON UPDATE CASCADE ON DELETE SET NULL)";
    assert_eq!(lines(on_columns), lines(on_table));
    assert_eq!(
        lines(on_table),
        "primary-key k columns=a\nunique u columns=b\ncheck c expression=\"length(b) < 9\"\n\
         foreign-key f columns=d target=o target-columns=id on-delete=set-null on-update=cascade"
    );
}

#[test]
fn quotes_brackets_and_comments_do_not_confuse() {
    let sql = "CREATE TABLE [t (odd] ( -- a, b)
        \"a,\"\"b\" VARCHAR(10, 2) /* , CHECK (1) */ CHECK (\"a,\"\"b\" <> 'it''s ), (' and \"c\" is not null),
        `c d` decimal(4,2) default -1.5e-3 not null,
        CHECK ((  ([c d]>0)  ) )
    )";
    assert_eq!(
        lines(sql),
        "check expression=\"\\\"a,\\\"\\\"b\\\" <> 'it''s ), (' AND c IS NOT NULL\"\ncheck expression=\"\\\"c d\\\">0\""
    );
}

#[test]
fn what_the_language_cannot_say_is_kept() {
    assert_eq!(
        lines(
            "CREATE TABLE t (a INT PRIMARY KEY DESC ON CONFLICT REPLACE, b, UNIQUE (a, b COLLATE nocase) ON CONFLICT IGNORE)"
        ),
        "primary-key columns=a options=\"DESC ON CONFLICT REPLACE\"\n\
         unique columns=a,b options=\"b COLLATE nocase ON CONFLICT IGNORE\""
    );
    assert_eq!(
        lines(
            "CREATE TABLE t (a REFERENCES o MATCH full DEFERRABLE INITIALLY DEFERRED NOT NULL, b REFERENCES o NOT DEFERRABLE)"
        ),
        "foreign-key columns=a target=o deferrable=initially-deferred options=\"MATCH FULL\"\n\
         foreign-key columns=b target=o"
    );
}

#[test]
fn what_cannot_be_followed_takes_part_whole() {
    assert_eq!(
        lines("CREATE TABLE t (a INT, EXCLUDE_SOON a, CONSTRAINT x FUTURE (a))"),
        "constraint definition=\"CONSTRAINT x FUTURE (a)\""
    );
}

#[test]
fn columns_tell_what_no_pragma_does() {
    let columns = definition(
        "CREATE TABLE t (id INTEGER CONSTRAINT p PRIMARY KEY AUTOINCREMENT, n TEXT COLLATE \"NOCASE\" DEFAULT (1 + (2)),
        d AS (id + 1) STORED, e TEXT GENERATED ALWAYS AS (upper(n)) VIRTUAL NOT NULL ON CONFLICT FAIL)",
    )
    .columns;
    let seen: Vec<_> = columns
        .iter()
        .map(|column| {
            let ColumnWords { name, autoincrement, collation, generated, options } = column;
            (name.as_str(), *autoincrement, collation.as_deref(), generated.as_deref(), options.as_deref())
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("id", true, None, None, None),
            ("n", false, Some("NOCASE"), None, None),
            ("d", false, None, Some("id + 1"), None),
            ("e", false, None, Some("upper(n)"), Some("ON CONFLICT FAIL")),
        ]
    );
    assert!(definition("CREATE TABLE t (a, b, PRIMARY KEY (b AUTOINCREMENT))").columns[1].autoincrement);
}

#[test]
fn a_definition_that_is_cut_off_gives_what_it_has() {
    for sql in
        ["", "CREATE", "CREATE TABLE t", "CREATE TABLE t (", "CREATE TABLE t (a INT", "CREATE TABLE t (a CHECK ("]
    {
        assert!(definition(sql).checks.is_empty());
    }
}

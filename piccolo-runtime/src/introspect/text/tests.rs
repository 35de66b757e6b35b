use super::*;
use crate::introspect::*;
use crate::schema::{ForeignKeyAction, QualifiedName};
use crate::sql::Dialect;

/// A shape in which every property is set once.
fn everything() -> Shape {
    let odd = QualifiedName { schema: Some("a.b\\".into()), name: "c = \"d\", e".into() };
    let mut table = TableShape::new(odd.clone());
    table.comment = Some("two\nlines, \"quoted\" \\n".to_owned());
    table.strict = true;
    table.without_rowid = true;
    table.options = Some("UNLOGGED".to_owned());
    let identities = [
        None,
        Some(Identity::Autoincrement),
        Some(Identity::ByDefault(odd.clone())),
        Some(Identity::Always(odd.clone())),
    ];
    for (identity, number) in identities.into_iter().zip(0..) {
        table.columns.push(ColumnShape {
            name: format!("c {number}"),
            ty: "character varying(100)".to_owned(),
            null: number % 2 == 0,
            default: (number == 1).then(|| "''::text".to_owned()),
            identity,
            collation: Some("C".to_owned()),
            generated: (number > 1).then(|| Generated { expression: "1 + 1".to_owned(), stored: number == 2 }),
            options: (number == 1).then(|| "ON CONFLICT FAIL".to_owned()),
            comment: Some(String::new()),
        });
    }
    let key = |name: Option<&str>| KeyShape {
        name: name.map(str::to_owned),
        columns: vec!["c 0".to_owned(), "c,1".to_owned()],
        deferral: Deferral::InitiallyImmediate,
        options: Some("INCLUDE (x)".to_owned()),
    };
    table.primary_key = Some(key(Some("p")));
    table.uniques = vec![key(None), key(Some("u"))];
    let (expression, options) = ("a > 'x'".to_owned(), Some("NO INHERIT".to_owned()));
    table.checks = vec![CheckShape { name: Some("ch".to_owned()), expression, valid: false, options: options.clone() }];
    table.foreign_keys = vec![ForeignKeyShape {
        name: Some("f".to_owned()),
        columns: vec!["c 0".to_owned()],
        target: odd.clone(),
        target_columns: vec!["id".to_owned()],
        on_delete: ForeignKeyAction::SetNull,
        on_update: ForeignKeyAction::SetDefault,
        deferral: Deferral::InitiallyDeferred,
        valid: false,
        options: options.clone(),
    }];
    table.other_constraints = vec![OtherConstraint { name: None, definition: "EXCLUDE (a WITH =)".to_owned() }];
    let keys = [Sorted::Column("a".to_owned()), Sorted::Expression("lower(b)".to_owned())]
        .map(|sorted| IndexKeyShape { sorted, descending: true, options: options.clone() });
    table.indexes = vec![IndexShape {
        name: "i".to_owned(),
        unique: true,
        method: Some("gin".to_owned()),
        keys: keys.to_vec(),
        include: vec!["z".to_owned()],
        predicate: Some("a > 0".to_owned()),
        valid: false,
        options,
    }];
    Shape {
        dialect: Dialect::Postgres,
        tables: vec![table],
        enums: vec![EnumShape { name: odd.clone(), values: vec![String::new(), "b".to_owned()], comment: None }],
        sequences: vec![SequenceShape { name: odd.clone(), owner: Some("t.c".to_owned()) }],
        objects: vec![ObjectShape {
            kind: ObjectKind::Trigger,
            name: QualifiedName::plain("trigger"),
            table: Some(odd),
            definition: "CREATE TRIGGER …".to_owned(),
        }],
    }
}

#[test]
fn a_text_reads_back_as_the_same_shape() {
    for shape in [everything(), Shape::empty(Dialect::Sqlite)] {
        let text = shape.to_text();
        assert_eq!(Shape::parse(&text), Ok(shape), "{text}");
    }
}

#[test]
fn words_stand_in_quotes_only_where_they_need_them() {
    for (text, expected) in
        [("band", "band"), ("a b", "\"a b\""), ("", "\"\""), ("a\"\\\n", "\"a\\\"\\\\\\n\""), ("größe", "größe")]
    {
        assert_eq!(word(text), expected);
    }
}

#[test]
fn a_text_that_is_none_is_refused_with_its_line() {
    for (text, line) in [
        ("", 1),
        ("shape", 1),
        ("shape mysql\n", 1),
        ("shape sqlite\n    table band\n", 2),
        ("shape sqlite\n  table \"band\n", 2),
        ("shape sqlite\n  table band strict=\n", 2),
        ("shape sqlite\n  table band strict=yes x\n", 2),
        ("shape sqlite\nshape sqlite\n", 2),
        ("  shape sqlite\n", 1),
        ("shape sqlite\n  table\n", 1),
    ] {
        assert_eq!(Shape::parse(text).map_err(|error| error.line), Err(line), "{text}");
    }
}

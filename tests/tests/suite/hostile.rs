//! A value never stands in the SQL text, whatever it holds and wherever it is given, and a name only as a quoted identifier.

use piccolo_runtime::query::{Queue, case, excluded, named, raw, raw_value, value};
use piccolo_runtime::sql::{Dialect, identifier};
use piccolo_runtime::{Engine, Error, Statement};
use piccolo_tests::on_both;
use proptest::prelude::*;
use serde_json::json;

use crate::fixture::connect;
use crate::fixture::tables::{Band, Document, Manager, Node, Tag};

/// What no SQL of ours has in it, so that a value is found wherever it leaks.
const MARK: &str = "zq9";

/// Texts made of what is special to a parser, a driver or a formatter, with the mark in them.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("'"),
        Just("''"),
        Just("\""),
        Just("\"\""),
        Just("`"),
        Just("["),
        Just("]"),
        Just("\\"),
        Just("\\'"),
        Just(";"),
        Just("--"),
        Just("/*"),
        Just("*/"),
        Just("$1"),
        Just("$$"),
        Just("?"),
        Just("?1"),
        Just(":a"),
        Just("@a"),
        Just("{}"),
        Just("{{"),
        Just("}}"),
        Just("{0}"),
        Just("%s"),
        Just("%"),
        Just("_"),
        Just("*"),
        Just("("),
        Just(")"),
        Just("\n"),
        Just("\r\n"),
        Just("\t"),
        Just(" "),
        Just("\u{202e}"),
        Just("é"),
        Just("🎸"),
        Just("E'"),
        Just("x'00'"),
        Just("::text"),
        Just("drop table band"),
        Just(" or 1=1"),
        Just("null"),
        Just("name"),
        Just("."),
        Just("manager.name"),
    ];
    (prop::collection::vec(piece.clone(), 0..6), prop::collection::vec(piece, 0..6))
        .prop_map(|(before, after)| format!("{}{MARK}{}", before.concat(), after.concat()))
}

/// Every place where a value can be given, as the statements that come of it.
fn statements(text: &str, dialect: Dialect) -> Vec<Statement> {
    let t = || text.to_owned();
    let pattern = t().replace('\\', "\\\\");
    let selects = [
        Band::select(Band.id).where_(Band.name.eq(t())),
        Band::select(Band.id).where_(Band.name.ne(t()) | Band.name.gt(t())),
        Band::select(Band.id).where_(Band.manager.name.is_in([t(), t()])),
        Band::select(Band.id).where_(Band.name.not_in([t()])),
        Band::select(Band.id).where_(Band.name.like(&pattern)),
        Band::select(Band.id).where_(Band.name.not_ilike(&pattern)),
        Band::select(Band.id).where_(raw("name = {} or name = {}", (t(), t()))),
        Band::select(Band.id).where_((Band.name + t()).eq(Band.name.coalesce(t()))),
        Band::select(Band.id).where_(Band.manager.is_in(Manager::select(Manager.id).where_(Manager.name.eq(t())))),
        Band::select(Band.id).where_(named::<Band, String>("manager.name").eq(t())),
        Band::select(Band.id).having(Band.name.max().eq(t())).group_by(Band.id),
        Band::select(Band.id).order_by(case(Band.name.eq(t()), t()).otherwise(t())),
    ];
    let values = Band::select((value(t()), raw_value::<_, String>("{}", (t(),)), case(Band.name.eq(t()), t()).end()));
    let documents = Document::select(Document.body.arrow(text)).where_(Document.body.eq(json!({ text: text })));
    let upsert = Tag::insert([Tag::new("a")]).on_conflict(Tag.name).do_set(Tag.name, excluded(Tag.name) + t());
    let mut statements: Vec<_> = selects.iter().map(|select| select.sql(dialect)).collect();
    statements.extend([
        values.sql(dialect),
        documents.sql(dialect),
        Node::insert([Node::new(t()), Node::new(t())]).sql(dialect),
        upsert.where_(Tag.name.ne(t())).build().sql(dialect),
        Node::update().set(Node.name, t()).where_(Node.name.eq(t())).returning(Node.name).sql(dialect),
        Node::update().set(Node.name, text + Node.name).where_(Node.parent.name.eq(t())).sql(dialect),
        Node::delete().where_(Node.parent.name.eq(t())).sql(dialect),
        Node { id: 1, name: t(), parent: None }.save().sql(dialect),
        Band::count().where_(Band.name.eq(t())).sql(dialect),
        Band::exists().where_(Band.name.eq(t())).sql(dialect),
        Band::raw("select {} where {} = {}", (t(), t(), t())).sql(dialect),
    ]);
    statements.into_iter().map(Result::unwrap).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_value_is_never_in_the_text_and_never_changes_it(text in hostile()) {
        for dialect in Dialect::ALL {
            let hostile = statements(&text, dialect);
            for (statement, plain) in hostile.iter().zip(statements("plain", dialect)) {
                prop_assert!(!statement.sql.contains(MARK), "{}", statement.sql);
                prop_assert_eq!(&statement.sql, &plain.sql);
                let args = format!("{:?}", statement.args);
                prop_assert!(args.contains(MARK), "{}", args);
            }
        }
    }

    #[test]
    fn an_alias_is_a_quoted_identifier(text in hostile()) {
        for dialect in Dialect::ALL {
            let query = Band::select((Band.id, Band.name.as_alias(text.as_str()))).rows();
            let sql = query.sql(dialect).unwrap().sql.into_owned();
            let quoted = identifier(&text);
            prop_assert!(!sql.replace(&quoted, "").contains(MARK), "{}", sql);
            prop_assert!(quoted.starts_with('"') && quoted.ends_with('"'));
            // Inside of the quotes every quote is doubled, so the identifier ends where it should.
            let inner = quoted.get(1..quoted.len() - 1).unwrap();
            prop_assert_eq!(inner.replace("\"\"", ""), text.replace('"', ""));
        }
    }

    #[test]
    fn a_savepoint_has_a_plain_name_or_none(text in hostile()) {
        let engine = Engine::connect_sync("sqlite::memory:").unwrap();
        let tx = engine.begin_sync().unwrap();
        match tx.savepoint_sync(&text) {
            Ok(()) => {
                prop_assert!(text.chars().all(|letter| letter.is_alphanumeric() || letter == '_'), "{}", text);
                tx.rollback_to_sync(&text).unwrap();
            }
            Err(error) => prop_assert!(matches!(error, Error::Usage { .. }), "{:?}", error),
        }
        tx.commit_sync().unwrap();
    }

    #[test]
    fn a_name_of_the_string_syntax_is_a_column_or_an_error(text in hostile()) {
        for dialect in Dialect::ALL {
            let tried = [
                Band::select([text.as_str()]).sql(dialect),
                Band::select(Band.id).order_by(text.as_str()).sql(dialect),
                Band::select(named::<Band, String>(&text)).sql(dialect),
                Band::select(Band.id).where_(named::<Band, String>(&format!("manager.{text}")).eq("x")).sql(dialect),
            ];
            for statement in tried {
                prop_assert!(matches!(statement, Err(Error::UnknownColumn { .. })), "{:?}", statement);
            }
        }
    }
}

/// Texts that have broken somebody before.
const KNOWN: [&str; 12] = [
    "'; drop table band; --",
    "\"; drop table band; --",
    "\\'; drop table band; --",
    "{} {{}} {0}",
    "$1 $2 $$ $a$",
    "?1 ? :a @a",
    "%_\\%\\_",
    "*?[a-z]]",
    "/* */ -- \n;",
    "日本 🎸 é \u{202e}",
    "null",
    "\u{1}\u{7f}\r\n\t",
];

#[test]
fn hostile_texts_are_stored_found_and_named_as_they_are() {
    on_both(async |db| {
        let engine = connect(db).await;
        Node::create_table().run(&engine).await.unwrap();
        Document::create_table().run(&engine).await.unwrap();
        for text in KNOWN {
            let key = Node::insert([Node::new(text)]).run(&engine).await.unwrap()[0];
            let pattern = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            for condition in [
                Node.name.eq(text),
                Node.name.is_in([text]),
                Node.name.like(pattern.as_str()),
                raw("\"node\".name = {}", (text,)),
            ] {
                let rows =
                    Node::select((Node.id, Node.name.as_alias(text))).where_(condition).rows().run(&engine).await;
                let rows = rows.unwrap();
                assert_eq!(rows.len(), 1, "{text:?}");
                assert_eq!(rows[0].names().nth(1), Some(text));
                assert_eq!(rows[0].text(text).unwrap(), Some(text));
                assert_eq!(rows[0].get(Node.id).unwrap(), key);
            }
            let json = Node::select(Node.name.as_alias(text)).where_(Node.id.eq(key)).output_json();
            assert_eq!(json.run(&engine).await.unwrap(), serde_json::to_string(&json!([{ text: text }])).unwrap());
            let body = json!({ text: [text] });
            Document::insert([Document::new(body)]).run(&engine).await.unwrap();
            let found = Document::count().where_(Document.body.arrow(text).arrow(0).eq(json!(text)));
            assert_eq!(found.run(&engine).await.unwrap(), 1, "{text:?}");
            let raw = Node::raw("select {} as a, '{{' as b", (text,)).run(&engine).await.unwrap();
            assert_eq!((raw[0].text("a").unwrap(), raw[0].text("b").unwrap()), (Some(text), Some("{")));

            let tx = engine.begin().await.unwrap();
            let refused = tx.savepoint(text).await;
            assert!(refused.is_err() || text == "null", "{text:?}");
            tx.rollback().await.unwrap();
        }
        let queue = Queue::new().add(Node::delete().where_(Node.name.is_in(KNOWN)));
        queue.run(&engine).await.unwrap();
        assert_eq!(Node::count().run(&engine).await.unwrap(), 0);
    });
}

#[test]
fn a_nul_is_refused_wherever_it_is_given() {
    on_both(async |db| {
        let engine = connect(db).await;
        Node::create_table().run(&engine).await.unwrap();
        let nul = "a\0b";
        let values = [
            Node::select(Node.id).where_(Node.name.eq(nul)).run(&engine).await,
            Node::select(Node.id).where_(Node.name.is_in([nul])).run(&engine).await,
            Node::insert([Node::new(nul)]).run(&engine).await,
            Node::insert([Node::new(nul), Node::new("b")]).run(&engine).await,
        ];
        for refused in values {
            assert!(matches!(refused, Err(Error::InvalidValue { .. })), "{refused:?}");
        }
        assert!(Node::select(Node.name.as_alias(nul)).run(&engine).await.is_err());
        assert!(Node::raw("select 1 as \"a\0b\"", ()).run(&engine).await.is_err());
        assert_eq!(Node::count().run(&engine).await.unwrap(), 0);
    });
}

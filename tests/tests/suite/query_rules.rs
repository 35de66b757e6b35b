//! What every query keeps to, whatever it is made of: refusals before any SQL, and secrets that nobody has asked for.

use piccolo_runtime::query::{case, create_tables, named, outer};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Error, Result, Table};
use piccolo_tests::on_both;

use crate::engine::engine;
use crate::engine::tables::{Vault, Visit};
use crate::fixture::tables::{Amount, Band, Manager, Node, Tag};
use crate::fixture::{connect, d3, d3_and_lone, tagged, tags};

/// Asserts that a query was refused as it was built, and gives what was said.
fn usage<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::Usage { message }) => message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_whole_table_brings_no_secret_into_rows_json_or_structs() {
    on_both(async |db| {
        let engine = engine(db).await;
        create_tables([Vault::META, Visit::META]).run(&engine).await.unwrap();
        let vaults = Vault::insert([Vault::new("one", "hunter2").pin(1234)]).run(&engine).await.unwrap();
        Visit::insert([Visit::new(vaults[0])]).run(&engine).await.unwrap();

        let whole = || Visit::select((Visit.note, Visit.vault.all()));
        assert_eq!(whole().run(&engine).await.unwrap()[0].1.password, "hunter2");
        let rows = whole().rows().run(&engine).await.unwrap();
        assert_eq!(rows[0].names().collect::<Vec<_>>(), ["note", "vault.id", "vault.name"]);
        let json = whole().output_json().run(&engine).await.unwrap();
        assert_eq!(json, r#"[{"note":"","vault.id":1,"vault.name":"one"}]"#);
        let nested = whole().output_json().nested().run(&engine).await.unwrap();
        assert_eq!(nested, r#"[{"note":"","vault":{"id":1,"name":"one"}}]"#);
        let maps: Vec<std::collections::BTreeMap<String, serde_json::Value>> =
            whole().deserialize().run(&engine).await.unwrap();
        assert_eq!(maps[0].keys().collect::<Vec<_>>(), ["note", "vault.id", "vault.name"]);
        // Named, it is wanted.
        let rows = Visit::select((Visit.note, Visit.vault.password)).rows().run(&engine).await.unwrap();
        assert_eq!(rows[0].text("vault.password").unwrap(), Some("hunter2"));
    });
}

#[test]
fn a_column_is_set_once() {
    on_both(async |db| {
        let engine = tagged(db, 1).await;
        let twice = Tag::update().set(Tag.p, 1).set(Tag.p, 2).force().run(&engine).await;
        assert!(usage(twice).starts_with("`p` is set twice"));
        let upsert = Tag::insert([Tag::new("a")]).on_conflict(Tag.name).do_update((Tag.p, Tag.p)).run(&engine).await;
        assert!(usage(upsert).starts_with("`p` is set twice"));
        assert_eq!(tags(&engine).await, [("a".to_owned(), 1)]);
    });
}

#[test]
fn what_is_written_is_not_read_from_other_rows_of_the_same_table() {
    on_both(async |db| {
        let engine = connect(db).await;
        Node::create_table().run(&engine).await.unwrap();
        let top = Node::insert(Node::new("a")).run(&engine).await.unwrap()[0];
        Node::insert(Node::new("b").parent(top)).run(&engine).await.unwrap();

        let parents = Node::update().set(Node.name, Node.parent.name.coalesce("x")).force().run(&engine).await;
        assert!(usage(parents).contains("read them with a select first"));
        let given = Node::delete().where_(Node.id.gt(top)).returning(Node.parent.name).run(&engine).await;
        assert!(usage(given).contains("other rows of `Node`"));
        let same = || Node::select(Node.name).where_(Node.id.eq(outer(Node.parent)));
        usage(Node::update().set(Node.name, same().scalar().coalesce("x")).force().run(&engine).await);
        let most = || Node::select(Node.name.max()).scalar().coalesce("none");
        let late = case(Node.id.gt(top), most()).otherwise("first");
        usage(Node::update().set(Node.name, late).force().run(&engine).await);

        // A key is the row's own, and what does not depend on the row is read before any is changed.
        Node::update().set(Node.parent, Node.parent.id).force().run(&engine).await.unwrap();
        Node::update().set(Node.name, most()).where_(Node.parent.name.eq("a")).run(&engine).await.unwrap();
        Node::update().set(Node.name, most()).force().run(&engine).await.unwrap();
        assert_eq!(Node::select(Node.name).order_by(Node.id).run(&engine).await.unwrap(), ["b", "b"]);
    });
}

#[test]
fn columns_of_other_tables_are_set_and_given_back() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let by_manager = Band::update().set(Band.name, Band.manager.name.coalesce("nobody")).force();
        let mut given = by_manager.returning((Band.name, Band.manager.name)).run(&engine).await.unwrap();
        given.sort();
        let row = |name: &str, manager: Option<&str>| (name.to_owned(), manager.map(str::to_owned));
        let expected =
            [row("Graydon", Some("Graydon")), row("Guido", Some("Guido")), row("Mads", Some("Mads")), row("nobody", None)];
        assert_eq!(given, expected);
        let inserted = Band::insert([Band::new("new").manager(2)]).returning(Band.manager.name).run(&engine).await;
        assert_eq!(inserted.unwrap(), [Some("Graydon".to_owned())]);
        let deleted = Band::delete().where_(Band.name.eq("new")).returning(Band.manager.name).run(&engine).await;
        assert_eq!(deleted.unwrap(), [Some("Graydon".to_owned())]);
    });
}

#[test]
fn columns_compare_with_columns_of_the_row_and_of_other_tables() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        Manager::update().set(Manager.name, "Rustaceans").where_(Manager.id.eq(2)).run(&engine).await.unwrap();
        let named = Band::select(Band.name).where_(Band.name.eq(Band.manager.name)).run(&engine).await.unwrap();
        assert_eq!(named, ["Rustaceans"]);
        let others = Band::select(Band.name).where_(Band.name.ne(Band.manager.name)).order_by(Band.id);
        assert_eq!(others.run(&engine).await.unwrap(), ["Pythonistas", "CSharps"]);
        Amount::create_table().run(&engine).await.unwrap();
        Amount::insert([Amount::new().amount(1).other(2), Amount::new().amount(3).other(3)]).run(&engine).await.unwrap();
        assert_eq!(Amount::count().where_(Amount.amount.lt(Amount.other)).run(&engine).await, Ok(1));
        assert_eq!(Amount::count().where_(Amount.amount.gte(Amount.other)).run(&engine).await, Ok(1));
    });
}

#[test]
fn a_name_alone_and_a_row_alone_will_do() {
    on_both(async |db| {
        let engine = d3(db).await;
        Band::insert(Band::new("Solo").popularity(5)).run(&engine).await.unwrap();
        let rows = Band::select("manager.name").where_(Band.name.eq("Solo")).run(&engine).await.unwrap();
        assert_eq!(rows[0].text("manager.name").unwrap(), None);
        let fame = (Band.popularity * 2).as_alias("fame");
        let once = Band::select(fame).distinct().order_by("-fame").limit(2).run(&engine).await.unwrap();
        assert_eq!(once, [4000, 2000]);
        let unknown = Band::select(["foo"]).run(&engine).await.unwrap_err();
        assert_eq!(unknown.to_string(), "`foo` is not a column of `Band`; did you mean `id` or `name` or `manager`?");
        let unknown = Band::select(named::<Band, i32>("manager.foo")).run(&engine).await.unwrap_err();
        assert!(unknown.to_string().contains("`manager.id` or `manager.name`"), "{unknown}");
    });
}

#[test]
fn rows_with_what_belongs_to_them_take_every_clause_afterwards() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let bands = Band::objects().prefetch(Band.manager).where_(Band.popularity.gt(5)).order_by(Band.name.desc());
        let bands = bands.limit(2).offset(1).run(&engine).await.unwrap();
        let names: Vec<_> = bands.iter().map(|band| band.name.as_str()).collect();
        assert_eq!(names, ["Pythonistas", "CSharps"]);
    });
}

#[test]
fn every_query_shows_its_sql() {
    let upsert = Tag::insert([Tag::new("a")]).on_conflict(Tag.name).do_update(Tag.p);
    assert_eq!(upsert.to_string(), upsert.build().to_string());
    let first = Band::objects().prefetch(Band.manager).first();
    assert!(first.display(Dialect::Postgres).ends_with("LIMIT 1"), "{first}");
    assert_eq!(Band::objects().batch(10).to_string(), Band::objects().to_string());
    let made = Band::get_or_create(Band.name.eq("x")).to_string();
    assert!(made.starts_with("SELECT ") && made.contains(";\nINSERT INTO \"band\""), "{made}");
    let nothing = Band::select(Band.name).where_(Band.name.is_in(Vec::<String>::new()));
    assert!(Dialect::ALL.iter().all(|dialect| !nothing.display(*dialect).contains("IN ()")), "{nothing}");
}

//! JSON, in and out, and what output leaves out: rows A50, A51, B49 and B50.

use piccolo_tests::on_both;
use serde_json::json;

use crate::fixture::tables::{Account, Band, Document};
use crate::fixture::{connect, d3, d3_and_lone};

#[test]
fn a50_json_is_an_array_of_objects_equal_to_the_rows() {
    on_both(async |db| {
        let engine = d3(db).await;
        let query = Band::select(Band.name).order_by(Band.name);
        let text = query.clone().output_json().run(&engine).await.unwrap();
        assert_eq!(text, r#"[{"name":"CSharps"},{"name":"Pythonistas"},{"name":"Rustaceans"}]"#);
        assert_eq!(text, serde_json::to_string(&query.rows().run(&engine).await.unwrap()).unwrap());
    });
}

#[test]
fn a51_nested_json_has_objects_and_null_for_none() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let query = Band::select((Band.name, Band.manager.name)).where_(Band.name.is_in(["Pythonistas", "Lone"]));
        let text = query.order_by(Band.id).output_json().nested().run(&engine).await.unwrap();
        assert_eq!(text, r#"[{"name":"Pythonistas","manager":{"name":"Guido"}},{"name":"Lone","manager":null}]"#);
    });
}

#[test]
fn b49_a_document_is_stepped_into() {
    on_both(async |db| {
        let engine = connect(db).await;
        Document::create_table().run(&engine).await.unwrap();
        Document::insert([Document::new(json!({"a": [1, 2]}))]).run(&engine).await.unwrap();
        let steps = Document::select((Document.body.arrow("a"), Document.body.arrow("a").arrow(0)));
        assert_eq!(steps.run(&engine).await.unwrap(), [(Some(json!([1, 2])), Some(json!(1)))]);
        let none = Document::select((Document.body.arrow("b"), Document.body.arrow("a").arrow(2)));
        assert_eq!(none.run(&engine).await.unwrap(), [(None, None)]);
        let found = Document::count().where_(Document.body.arrow("a").arrow(1).eq(json!(2)));
        assert_eq!(found.run(&engine).await.unwrap(), 1);
    });
}

#[test]
fn b50_a_secret_comes_when_it_is_named_or_asked_for() {
    on_both(async |db| {
        let engine = connect(db).await;
        Account::create_table().run(&engine).await.unwrap();
        Account::insert([Account::new("bob", "hash")]).run(&engine).await.unwrap();
        let names = |row: &piccolo_runtime::Row| row.names().map(str::to_owned).collect::<Vec<_>>();
        let rows = Account::select(..).run(&engine).await.unwrap();
        assert_eq!(names(&rows[0]), ["id", "name"]);
        assert_eq!(Account::select(Account.password).run(&engine).await.unwrap(), ["hash"]);
        let rows = Account::select(..).with_secrets().run(&engine).await.unwrap();
        assert_eq!(names(&rows[0]), ["id", "name", "password"]);
        assert_eq!(rows[0].get(Account.password).unwrap(), "hash");
        // A whole row has its secret, and shows it nowhere.
        let row = Account::objects().first().run(&engine).await.unwrap().unwrap();
        assert_eq!(row.password, "hash");
        let shown = [
            format!("{row:?}"),
            format!("{:?}", Account::new("bob", "hash")),
            serde_json::to_string(&row).unwrap(),
            Account::objects().output_json().run(&engine).await.unwrap(),
            Account::select(..).output_json().run(&engine).await.unwrap(),
        ];
        for text in shown {
            assert!(text.contains("bob") && !text.contains("hash"), "{text}");
        }
    });
}

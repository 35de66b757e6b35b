//! What is selected: rows A01 to A05, A35 to A41 and A49.

use piccolo_runtime::{Error, Table};
use piccolo_tests::on_both;

use crate::fixture::tables::{Band, Chicken, Concert, Egg, MixedCase, Node};
use crate::fixture::{connect, d3, d3_again, d3_and_concert, d3_and_lone};

#[test]
fn a01_a_row_has_all_columns_of_the_table() {
    on_both(async |db| {
        let engine = d3(db).await;
        let rows = Band::select(..).where_(Band.name.eq("Pythonistas")).run(&engine).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].names().collect::<Vec<_>>(), ["id", "name", "manager", "popularity"]);
        assert_eq!(rows[0].get(Band.id).unwrap(), 1);
        assert_eq!(rows[0].get(Band.name).unwrap(), "Pythonistas");
        assert_eq!(rows[0].get(Band.manager).unwrap(), Some(1));
        assert_eq!(rows[0].get(Band.popularity).unwrap(), 1000);
    });
}

#[test]
fn a02_a_select_of_one_column_has_that_column_only() {
    on_both(async |db| {
        let engine = d3(db).await;
        let rows = Band::select(Band.name).rows().run(&engine).await.unwrap();
        assert_eq!(rows.len(), 3);
        for row in &rows {
            assert_eq!(row.names().collect::<Vec<_>>(), ["name"]);
        }
    });
}

#[test]
fn a03_columns_are_added() {
    on_both(async |db| {
        let engine = d3(db).await;
        let query = Band::select(..).columns(Band.id).columns(Band.name).where_(Band.name.eq("Pythonistas")).first();
        let row = query.run(&engine).await.unwrap().unwrap();
        assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"id":1,"name":"Pythonistas"}"#);
        let typed = Band::select(Band.name).columns(Band.manager).columns((Band.id, Band.popularity)).order_by(Band.id);
        let rows: Vec<(String, Option<i64>, (i64, i32))> = typed.run(&engine).await.unwrap();
        assert_eq!(rows[0], ("Pythonistas".to_owned(), Some(1), (1, 1000)));
    });
}

#[test]
fn a04_duplicates_are_kept_unless_distinct() {
    on_both(async |db| {
        let engine = d3(db).await;
        d3_again(&engine).await;
        let query = Band::select(Band.name).where_(Band.name.eq("Pythonistas"));
        assert_eq!(query.clone().run(&engine).await.unwrap().len(), 2);
        assert_eq!(query.distinct().run(&engine).await.unwrap(), ["Pythonistas"]);
    });
}

#[test]
fn a05_an_unknown_column_in_the_string_syntax_is_named() {
    on_both(async |db| {
        let engine = d3(db).await;
        let error = Band::select(["foo"]).run(&engine).await.unwrap_err();
        assert_eq!(error.to_string(), "`foo` is not a column of `Band`; did you mean `id` or `name` or `manager`?");
        let error = Band::select(["nam"]).run(&engine).await.unwrap_err();
        let Error::UnknownColumn { name, nearest, .. } = error else { panic!("{error:?}") };
        assert_eq!(name, "nam");
        assert!(nearest.contains(&"name".to_owned()), "{nearest:?}");
    });
}

#[test]
fn a05_an_unknown_name_in_an_order_is_an_error() {
    on_both(async |db| {
        let engine = d3(db).await;
        let error = Band::select(Band.name).order_by("foo").run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::UnknownColumn { name, .. } if name == "foo"), "{error:?}");
        let error = Band::select(Band.name).order_by("nmae").run(&engine).await.unwrap_err();
        assert_eq!(error.to_string(), "`nmae` is not a column of `Band`; did you mean `name`?");
        let names = Band::select(Band.name).order_by("-manager.name").run(&engine).await.unwrap();
        assert_eq!(names, ["CSharps", "Pythonistas", "Rustaceans"]);
    });
}

#[test]
fn a35_one_table_is_joined_along_two_paths() {
    on_both(async |db| {
        let engine = d3_and_concert(db).await;
        let query = Concert::select((Concert.band_1.manager.name, Concert.band_2.manager.name));
        let names = query.clone().run(&engine).await.unwrap();
        assert_eq!(names, [(Some("Guido".to_owned()), Some("Graydon".to_owned()))]);
        let rows = query.rows().run(&engine).await.unwrap();
        assert_eq!(rows[0].names().collect::<Vec<_>>(), ["band_1.manager.name", "band_2.manager.name"]);
    });
}

#[test]
fn a36_a_row_without_a_target_is_kept() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let rows = Band::select((Band.name, Band.manager.name)).order_by(Band.id.asc()).run(&engine).await.unwrap();
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[0], ("Pythonistas".to_owned(), Some("Guido".to_owned())));
        assert_eq!(rows[3], ("Lone".to_owned(), None));
    });
}

#[test]
fn a37_all_columns_of_a_joined_table_but_some() {
    on_both(async |db| {
        let engine = d3(db).await;
        let query = Band::select((Band.name, Band.manager.all())).rows().order_by(Band.id);
        let rows = query.clone().run(&engine).await.unwrap();
        let json = |row| serde_json::to_string(row).unwrap();
        assert_eq!(json(&rows[0]), r#"{"name":"Pythonistas","manager.id":1,"manager.name":"Guido"}"#);
        let rows = query.without(Band.manager.id).run(&engine).await.unwrap();
        assert_eq!(json(&rows[0]), r#"{"name":"Pythonistas","manager.name":"Guido"}"#);
    });
}

#[test]
fn a38_mixed_case_and_a_key_to_the_own_table_join() {
    on_both(async |db| {
        let engine = connect(db).await;
        MixedCase::create_table().run(&engine).await.unwrap();
        let top = MixedCase::insert([MixedCase::new("Ada")]).run(&engine).await.unwrap()[0];
        let middle = MixedCase::insert([MixedCase::new("Grace").boss(top)]).run(&engine).await.unwrap()[0];
        MixedCase::insert([MixedCase::new("Linus").boss(middle)]).run(&engine).await.unwrap();
        let rows = MixedCase::select(MixedCase.boss.boss.Name).order_by(MixedCase.id.asc()).run(&engine).await.unwrap();
        assert_eq!(rows, [None, None, Some("Ada".to_owned())]);
    });
}

#[test]
fn a39_a_row_sees_its_parent_in_the_same_table() {
    on_both(async |db| {
        let engine = connect(db).await;
        Node::create_table().run(&engine).await.unwrap();
        let root = Node::insert([Node::new("root")]).run(&engine).await.unwrap()[0];
        Node::insert([Node::new("c").parent(root)]).run(&engine).await.unwrap();
        let rows = Node::select((Node.name, Node.parent.name)).order_by(Node.id.asc()).run(&engine).await.unwrap();
        assert_eq!(rows, [("root".to_owned(), None), ("c".to_owned(), Some("root".to_owned()))]);
    });
}

#[test]
fn a40_a_path_of_twelve_joins_runs() {
    on_both(async |db| {
        let engine = connect(db).await;
        piccolo_runtime::query::create_tables([Chicken::META, Egg::META]).run(&engine).await.unwrap();
        let hen = Chicken::insert([Chicken::new("hen")]).run(&engine).await.unwrap()[0];
        let egg = Egg::insert([Egg::new("egg").chicken(hen)]).run(&engine).await.unwrap()[0];
        Chicken::update().set(Chicken.egg, egg).where_(Chicken.id.eq(hen)).run(&engine).await.unwrap();
        let c = Chicken;
        let typed = c.egg.chicken.egg.chicken.egg.chicken.egg.chicken.egg.chicken.egg.chicken.name;
        assert_eq!(Chicken::select(typed).run(&engine).await.unwrap(), [Some("hen".to_owned())]);
        let path = format!("{}name", "egg.chicken.".repeat(6));
        let rows = Chicken::select([path.as_str()]).run(&engine).await.unwrap();
        assert_eq!(rows[0].text(&path).unwrap(), Some("hen"));
    });
}

#[test]
fn a41_columns_get_other_names() {
    on_both(async |db| {
        let engine = d3(db).await;
        let rows = Band::select((Band.name.as_alias("title"), Band.manager.name.as_alias("manager_name")))
            .where_(Band.manager.name.eq("Guido"))
            .rows()
            .run(&engine)
            .await
            .unwrap();
        let json = serde_json::to_string(&rows).unwrap();
        assert_eq!(json, r#"[{"title":"Pythonistas","manager_name":"Guido"}]"#);
    });
}

#[test]
fn a39_a_row_sees_its_parent_in_the_string_syntax() {
    on_both(async |db| {
        let engine = connect(db).await;
        Node::create_table().run(&engine).await.unwrap();
        let root = Node::insert([Node::new("root")]).run(&engine).await.unwrap()[0];
        Node::insert([Node::new("c").parent(root)]).run(&engine).await.unwrap();
        let rows = Node::select(["name", "parent.name"]).order_by("id").run(&engine).await.unwrap();
        let rows: Vec<_> =
            rows.iter().map(|row| (row.text("name").unwrap(), row.text("parent.name").unwrap())).collect();
        assert_eq!(rows, [(Some("root"), None), (Some("c"), Some("root"))]);
    });
}

#[test]
fn a49_one_column_comes_as_a_list_of_plain_values() {
    on_both(async |db| {
        let engine = d3(db).await;
        let names: Vec<String> = Band::select(Band.name).order_by(Band.name).run(&engine).await.unwrap();
        assert_eq!(names, ["CSharps", "Pythonistas", "Rustaceans"]);
        // Two columns are pairs, which no list of plain values takes.
        let pairs: Vec<(String, i64)> =
            Band::select((Band.name, Band.id)).order_by(Band.id).run(&engine).await.unwrap();
        assert_eq!(pairs[0], ("Pythonistas".to_owned(), 1));
        let none: Vec<String> = Band::select(Band.name).where_(Band.name.eq("zz")).run(&engine).await.unwrap();
        assert!(none.is_empty());
    });
}

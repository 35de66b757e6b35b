//! Reading: the rows of the acceptance list that begin with A.

use piccolo_runtime::{Engine, Error, Table};
use piccolo_tests::on_both;

use crate::fixture::tables::{Band, Chicken, Concert, Egg, Manager, MixedCase, Node};
use crate::fixture::{connect, d3, d3_again, d3_and_lone, d4};

/// The names that a condition leaves, in order of name.
macro_rules! names {
    ($engine:expr, $condition:expr) => {
        Band::select(Band.name).where_($condition).order_by(Band.name.asc()).run($engine).await.unwrap()
    };
}

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
fn a05_an_unknown_column_in_the_string_syntax_is_named() {
    on_both(async |db| {
        let engine = d3(db).await;
        let error = Band::select(["nam"]).run(&engine).await.unwrap_err();
        let Error::UnknownColumn { name, nearest, .. } = error else { panic!("{error:?}") };
        assert_eq!(name, "nam");
        assert!(nearest.contains(&"name".to_owned()), "{nearest:?}");
    });
}

#[test]
fn a06_a_condition_follows_a_foreign_key() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(names!(&engine, Band.manager.name.eq("Guido")), ["Pythonistas"]);
    });
}

#[test]
fn a07_a_foreign_key_is_compared_with_a_key_or_with_a_row() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(names!(&engine, Band.manager.eq(1)), ["Pythonistas"]);
        assert_eq!(names!(&engine, Band.manager.id.eq(1)), ["Pythonistas"]);
        let guido = Manager::objects().where_(Manager.name.eq("Guido")).first().run(&engine).await.unwrap().unwrap();
        assert_eq!(names!(&engine, Band.manager.eq(&guido)), ["Pythonistas"]);
    });
}

#[test]
fn a08_two_predicates_must_both_hold() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert!(names!(&engine, (Band.manager.id.eq(1), Band.popularity.eq(500))).is_empty());
    });
}

#[test]
fn a09_an_empty_condition_keeps_every_row() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(names!(&engine, ()).len(), 3);
    });
}

#[test]
fn a13_numbers_compare() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(names!(&engine, Band.popularity.gt(1000)), ["Rustaceans"]);
        assert_eq!(names!(&engine, Band.popularity.gte(1000)), ["Pythonistas", "Rustaceans"]);
        assert_eq!(names!(&engine, Band.popularity.lt(1000)), ["CSharps"]);
        assert_eq!(names!(&engine, Band.popularity.lte(1000)), ["CSharps", "Pythonistas"]);
    });
}

#[test]
fn a18_null_is_found_and_left_out() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let others = ["CSharps", "Pythonistas", "Rustaceans"];
        assert_eq!(names!(&engine, Band.manager.eq(None)), ["Lone"]);
        assert_eq!(names!(&engine, Band.manager.is_null()), ["Lone"]);
        assert_eq!(names!(&engine, Band.manager.ne(None)), others);
        assert_eq!(names!(&engine, Band.manager.is_not_null()), others);
    });
}

#[test]
fn a19_unequal_leaves_nulls_out() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        assert_eq!(names!(&engine, Band.manager.ne(1)), ["CSharps", "Rustaceans"]);
    });
}

#[test]
fn a22_and_binds_before_or() {
    on_both(async |db| {
        let engine = d3(db).await;
        let condition = (Band.popularity.gte(100) & Band.manager.name.eq("Guido")) | Band.popularity.gt(1000);
        assert_eq!(names!(&engine, condition), ["Pythonistas", "Rustaceans"]);
    });
}

#[test]
fn a23_brackets_are_kept() {
    on_both(async |db| {
        let engine = d3(db).await;
        let right = Band.popularity.eq(10) | (Band.popularity.eq(1000) & Band.name.eq("x"));
        assert_eq!(names!(&engine, right), ["CSharps"]);
        let left = (Band.popularity.eq(10) | Band.popularity.eq(1000)) & Band.name.eq("x");
        assert!(names!(&engine, left).is_empty());
    });
}

#[test]
fn a24_chained_conditions_are_joined_by_and() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let rows = Band::select(Band.name)
            .where_(Band.popularity.eq(10))
            .where_(Band.name.eq("CSharps") | Band.name.eq("Lone"))
            .run(&engine)
            .await
            .unwrap();
        assert_eq!(rows, ["CSharps"]);
    });
}

#[test]
fn a26_rows_are_ordered_up_and_down() {
    on_both(async |db| {
        let engine = d3(db).await;
        let up = Band::select(Band.name).order_by(Band.name.asc()).run(&engine).await.unwrap();
        assert_eq!(up, ["CSharps", "Pythonistas", "Rustaceans"]);
        let down = Band::select(Band.name).order_by(Band.name.desc()).run(&engine).await.unwrap();
        assert_eq!(down, ["Rustaceans", "Pythonistas", "CSharps"]);
    });
}

#[test]
fn a27_a_second_order_adds_to_the_first() {
    on_both(async |db| {
        let engine = d4(db).await;
        let both = Band::select(Band.name).order_by((Band.popularity.asc(), Band.name.asc()));
        assert_eq!(both.run(&engine).await.unwrap(), ["C-Sharps", "Rustaceans", "Rubyists", "Pythonistas"]);
        let chained = Band::select(Band.name).order_by(Band.popularity.asc()).order_by(Band.name.desc());
        assert_eq!(chained.run(&engine).await.unwrap(), ["Rustaceans", "C-Sharps", "Rubyists", "Pythonistas"]);
    });
}

#[test]
fn a28_rows_are_ordered_by_a_joined_column_that_is_not_selected() {
    on_both(async |db| {
        let engine = d4(db).await;
        let rows = Band::select(Band.name).order_by(Band.manager.name.asc()).run(&engine).await.unwrap();
        assert_eq!(rows, ["C-Sharps", "Rustaceans", "Pythonistas", "Rubyists"]);
    });
}

/// The names in their order, as `limit` and `offset` leave them.
async fn window(engine: &Engine, limit: Option<u64>, offset: Option<u64>) -> Vec<String> {
    let mut query = Band::select(Band.name).order_by(Band.name.asc());
    if let Some(limit) = limit {
        query = query.limit(limit);
    }
    if let Some(offset) = offset {
        query = query.offset(offset);
    }
    query.run(engine).await.unwrap()
}

#[test]
fn a31_a_limit_cuts_the_rows() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(window(&engine, Some(1), None).await, ["CSharps"]);
        assert!(window(&engine, Some(0), None).await.is_empty());
    });
}

#[test]
fn a32_an_offset_skips_rows() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(window(&engine, Some(5), Some(1)).await, ["Pythonistas", "Rustaceans"]);
    });
}

#[test]
fn a33_an_offset_needs_no_limit() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert_eq!(window(&engine, None, Some(1)).await, ["Pythonistas", "Rustaceans"]);
    });
}

#[test]
fn a34_first_gives_one_row_or_none() {
    on_both(async |db| {
        let engine = d3(db).await;
        let by_name = || Band::select(Band.name).order_by(Band.name.asc());
        assert_eq!(by_name().first().run(&engine).await.unwrap().as_deref(), Some("CSharps"));
        assert_eq!(by_name().where_(Band.name.eq("zz")).first().run(&engine).await.unwrap(), None);
        assert_eq!(by_name().limit(3).first().run(&engine).await.unwrap().as_deref(), Some("CSharps"));
    });
}

#[test]
fn a35_one_table_is_joined_along_two_paths() {
    on_both(async |db| {
        let engine = d3(db).await;
        Concert::create_table().run(&engine).await.unwrap();
        Concert::insert([Concert::new(1, 2)]).run(&engine).await.unwrap();
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
fn a44_exists_is_a_boolean() {
    on_both(async |db| {
        let engine = d3(db).await;
        assert!(Band::exists().where_(Band.name.eq("Pythonistas")).run(&engine).await.unwrap());
        assert!(!Band::exists().where_(Band.name.eq("zz")).run(&engine).await.unwrap());
        d3_again(&engine).await;
        assert_eq!(Band::count().run(&engine).await.unwrap(), 6);
    });
}

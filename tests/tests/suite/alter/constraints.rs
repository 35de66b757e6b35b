//! Constraints over rows that break them, and constraints that cannot be.

use piccolo_runtime::Error;
use piccolo_runtime::schema::{Check, ForeignKey, Unique};
use piccolo_tests::on_both;

use super::{refused, shape, table};
use crate::fixture;
use crate::fixture::tables::{Band, Manager, Pair, Tag};

#[test]
fn rows_that_break_a_new_constraint_keep_it_away() {
    on_both(async |db| {
        let engine = fixture::d3(db).await;
        Band::insert([Band::new("Pythonistas").popularity(-1), Band::new("Lone")]).run(&engine).await.unwrap();
        let before = shape(&engine).await;

        let error = Band::alter().set_unique(Band.name, true).run(&engine).await.unwrap_err();
        let Error::UniqueViolation { table: Some(table), columns, .. } = &error else { panic!("{error:?}") };
        assert_eq!((table.as_str(), columns.as_slice()), ("band", ["name".to_owned()].as_slice()));

        let error = Band::alter().set_null(Band.manager, false).run(&engine).await.unwrap_err();
        let Error::NotNullViolation { table: Some(table), column } = &error else { panic!("{error:?}") };
        assert_eq!((table.as_str(), column.as_str()), ("band", "manager"));

        let check = Check::new("popularity >= 0").named("liked");
        let error = Band::alter().add_constraint(check).run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::CheckViolation { constraint: Some(name), .. } if name == "liked"), "{error:?}");

        let key = ForeignKey::new(["popularity"], "manager", ["id"]);
        let error = Band::alter().add_constraint(key).run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::ForeignKeyViolation { .. }), "{error:?}");

        assert_eq!(shape(&engine).await, before);
    });
}

#[test]
fn a_constraint_that_cannot_be_is_refused_before_any_change() {
    on_both(async |db| {
        let engine = fixture::d3(db).await;
        Pair::create_table().run(&engine).await.unwrap();
        let before = shape(&engine).await;
        let add = async |key: ForeignKey| refused(Band::alter().add_constraint(key).run(&engine).await.unwrap_err());
        let message = add(ForeignKey::new(["manager"], "nowhere", ["id"])).await;
        assert!(message.ends_with("points to a table that does not exist"), "{message}");
        let message = add(ForeignKey::new(["manager"], "manager", ["key"])).await;
        assert!(message.ends_with("points to `key`, which is no column of it"), "{message}");
        let message = add(ForeignKey::new(["name"], "manager", ["name"])).await;
        assert!(message.contains("must point to its primary key or to unique columns"), "{message}");
        let message = add(ForeignKey::new(["manager", "name"], "manager", ["id"])).await;
        assert!(message.ends_with("has 2 columns and points to 1"), "{message}");
        let message = add(ForeignKey::new(["manager"], "manager", ["id"])).await;
        assert!(message.contains("`band_manager_fkey`, because that name exists already"), "{message}");
        let columns: [&str; 0] = [];
        let message = refused(Band::alter().add_constraint(Unique::on(columns)).run(&engine).await.unwrap_err());
        assert_eq!(message, "a constraint of `band` needs a column");

        let drop = async |name: &str| refused(Pair::alter().drop_constraint(name).run(&engine).await.unwrap_err());
        assert_eq!(
            drop("pair_name_p_kye").await,
            "`pair_name_p_kye` is not a constraint of `pair`; did you mean `pair_name_p_key` or `pair_pkey`?"
        );
        assert!(drop("pair_pkey").await.contains("is the primary key"));
        assert_eq!(shape(&engine).await, before);
    });
}

#[test]
fn the_key_that_a_foreign_key_needs_is_kept() {
    on_both(async |db| {
        let engine = fixture::connect(db).await;
        Tag::create_table().run(&engine).await.unwrap();
        Manager::create_table().run(&engine).await.unwrap();
        let key = ForeignKey::new(["name"], "tag", ["name"]);
        Manager::alter().add_constraint(key).run(&engine).await.unwrap();
        let before = shape(&engine).await;
        for (alter, words) in [
            (Tag::alter().set_unique(Tag.name, false), "`name` of `tag` must stay unique"),
            (Tag::alter().drop_constraint("tag_name_key"), "`tag_name_key` of `tag` must stay"),
            (Tag::alter().drop_column(Tag.name), "`name` of `tag` cannot be dropped"),
        ] {
            let message = refused(alter.run(&engine).await.unwrap_err());
            assert!(message.starts_with(words), "{message}");
            assert!(message.contains("the foreign key `manager_name_fkey` of `manager` points to it"), "{message}");
        }
        assert_eq!(shape(&engine).await, before);
        Manager::alter().drop_constraint("manager_name_fkey").run(&engine).await.unwrap();
        Tag::alter().set_unique(Tag.name, false).set_unique(Tag.name, false).run(&engine).await.unwrap();
        assert!(table(&engine, "tag").await.uniques.is_empty());
    });
}

//! What goes: columns with what hangs on them, and tables.

use piccolo_runtime::query::{create_tables, drop_tables};
use piccolo_runtime::schema::{Check, Column, ColumnType, Unique};
use piccolo_runtime::{Error, Table};
use piccolo_tests::on_both;

use super::{lively, refused, shape, surroundings, table};
use crate::fixture;
use crate::fixture::tables::{Band, Chicken, Concert, Egg, Manager, Node, Pair};

#[test]
fn a_dropped_column_takes_along_its_indexes_and_the_constraints_that_mention_it() {
    on_both(async |db| {
        let engine = lively(db).await;
        Band::alter()
            .add_constraint(Unique::on(["manager", "popularity"]).named("both"))
            .add_constraint(Check::new("popularity > 0 OR manager IS NULL").named("check_of_both"))
            .add_constraint(Check::new("length(name) > 1").named("check_of_name"))
            .run(&engine)
            .await
            .unwrap();
        db.execute("CREATE INDEX partial ON band (name) WHERE popularity > 5").await;
        if db.dialect() == piccolo_runtime::sql::Dialect::Sqlite {
            db.execute("DROP VIEW keys_of_keys; DROP VIEW band_keys").await;
        }
        let children = surroundings(db).await.into_iter().take(6).collect::<Vec<_>>();
        Band::alter().drop_column(Band.manager).run(&engine).await.unwrap();
        let band = table(&engine, "band").await;
        let names: Vec<&str> = band.indexes.iter().map(|index| index.name.as_str()).collect();
        assert_eq!(names, ["by_lower_name", "partial"]);
        assert!(band.uniques.is_empty() && band.foreign_keys.is_empty());
        let checks: Vec<_> = band
            .checks
            .iter()
            .filter_map(|check| check.name.as_deref())
            .filter(|name| !name.starts_with("piccolo:"))
            .collect();
        assert_eq!(checks, ["check_of_name"]);
        Band::alter().drop_column(Band.popularity).run(&engine).await.unwrap();
        assert_eq!(table(&engine, "band").await.indexes.len(), 1);
        assert_eq!(surroundings(db).await.into_iter().take(6).collect::<Vec<_>>(), children);
    });
}

/// SQLite 3.54 adds and drops no column in place that has the name of the number of every row.
#[test]
fn a_column_called_as_sqlite_calls_the_number_of_a_row_comes_and_goes() {
    on_both(async |db| {
        let engine = lively(db).await;
        let before = (shape(&engine).await, surroundings(db).await);
        Band::alter().add_column(Column::new("rowid", ColumnType::Text).null()).run(&engine).await.unwrap();
        assert!(table(&engine, "band").await.column("rowid").is_some());
        Band::alter().drop_column("rowid").run(&engine).await.unwrap();
        assert_eq!((shape(&engine).await, surroundings(db).await), before);
    });
}

#[test]
fn keys_and_the_last_column_cannot_be_dropped() {
    on_both(async |db| {
        let engine = fixture::connect(db).await;
        Pair::create_table().run(&engine).await.unwrap();
        let message = refused(Pair::alter().drop_column(Pair.id).run(&engine).await.unwrap_err());
        assert_eq!(message, "`id` is part of the primary key of `pair`, and cannot be dropped");
        let message = refused(Pair::alter().set_null(Pair.id, true).run(&engine).await.unwrap_err());
        assert_eq!(message, "`id` is part of the primary key of `pair`, which takes no nulls");
        db.execute("DROP TABLE pair; CREATE TABLE pair (name text)").await;
        let message = refused(Pair::alter().drop_column(Pair.name).run(&engine).await.unwrap_err());
        assert!(message.starts_with("`name` is the only column of `pair`; drop the table instead"), "{message}");
        assert_eq!(table(&engine, "pair").await.columns.len(), 1);
    });
}

#[test]
fn a_table_that_others_point_to_is_not_dropped_and_its_children_stay() {
    on_both(async |db| {
        let engine = lively(db).await;
        let before = (shape(&engine).await, surroundings(db).await);
        for drop in [Band::drop_table(), Band::drop_table().if_exists(), drop_tables([Band::META, Manager::META])] {
            let error = drop.run(&engine).await.unwrap_err();
            assert!(matches!(&error, Error::ForeignKeyViolation { table: Some(_), .. }), "{error:?}");
        }
        let error = Manager::alter().drop_table().run(&engine).await.unwrap_err();
        let Error::ForeignKeyViolation { table: Some(table), constraint: Some(key), .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!((table.as_str(), key.as_str()), ("band", "band_manager_fkey"));
        assert_eq!(
            error.to_string(),
            "a foreign key in table `band` still points to the table `manager`, which was to be dropped (constraint `band_manager_fkey`); drop the \
             key first (`alter().drop_constraint(..)`), or both tables at once (`drop_tables`)"
        );
        assert_eq!((shape(&engine).await, surroundings(db).await), before);
        db.execute("DROP TABLE fan; DROP TABLE poster; DROP TABLE contract").await;
        if db.dialect() == piccolo_runtime::sql::Dialect::Sqlite {
            db.execute("DROP VIEW keys_of_keys; DROP VIEW band_keys; DROP TRIGGER log_band").await;
        }
        Band::alter().drop_table().run(&engine).await.unwrap();
        assert!(Band::alter().drop_table().run(&engine).await.is_err());
        Band::alter().drop_table_if_exists().run(&engine).await.unwrap();
        let message = refused(Band::alter().drop_table().set_null(Band.name, true).run(&engine).await.unwrap_err());
        assert_eq!(message, "`band` is dropped, so nothing else of it can be altered; `drop_table` stands alone");
    });
}

/// Row D02, with rows that point to each other.
#[test]
fn d02_tables_on_a_circle_of_keys_are_dropped_with_their_rows_and_created_twice() {
    on_both(async |db| {
        let engine = fixture::connect(db).await;
        let all = || [Egg::META, Chicken::META, Node::META];
        let fill = "INSERT INTO chicken (id, name) VALUES (1, 'a'); INSERT INTO egg (id, name, chicken) VALUES (1, 'b', 1); \
                    UPDATE chicken SET egg = 1; INSERT INTO node (id, name, parent) VALUES (1, 'c', 1)";
        for in_transaction in [false, true] {
            create_tables(all()).run(&engine).await.unwrap();
            create_tables(all()).if_not_exists().run(&engine).await.unwrap();
            assert_eq!(table(&engine, "chicken").await.foreign_keys.len(), 1);
            db.execute(fill).await;
            if in_transaction {
                let tx = engine.begin().await.unwrap();
                drop_tables(all()).run(&tx).await.unwrap();
                tx.commit().await.unwrap();
            } else {
                drop_tables(all()).run(&engine).await.unwrap();
            }
            assert!(shape(&engine).await.is_empty());
        }
        create_tables(all()).if_not_exists().run(&engine).await.unwrap();
        drop_tables(all()).if_exists().run(&engine).await.unwrap();
        drop_tables(all()).if_exists().run(&engine).await.unwrap();
        assert!(shape(&engine).await.is_empty());
    });
}

#[test]
fn a_table_without_columns_has_its_key_and_grows() {
    on_both(async |db| {
        let engine = fixture::connect(db).await;
        Manager::create_table_without_columns().run(&engine).await.unwrap();
        Manager::create_table_without_columns().if_not_exists().run(&engine).await.unwrap();
        assert_eq!(table(&engine, "manager").await.columns.len(), 1);
        Manager::alter()
            .add_column(Column::new("name", ColumnType::Varchar { length: 50 }))
            .run(&engine)
            .await
            .unwrap();
        let bare = shape(&engine).await;
        Manager::insert([Manager::new("Guido")]).run(&engine).await.unwrap();
        Manager::drop_table().run(&engine).await.unwrap();
        Manager::create_table().run(&engine).await.unwrap();
        let difference = piccolo_runtime::introspect::differences(&bare, &shape(&engine).await);
        let words: Vec<String> =
            difference.iter().map(ToString::to_string).filter(|words| !words.contains("comment")).collect();
        assert!(words.is_empty(), "{words:?}");
        assert!(create_tables([Concert::META, Manager::META]).run(&engine).await.is_err());
    });
}

//! Writing, beyond the rows of the acceptance list.

use chrono::{DateTime, Utc};
use piccolo_runtime::Error;
use piccolo_runtime::query::count;
use piccolo_runtime::sql::Dialect;
use piccolo_tests::{on, on_both};

use crate::fixture::tables::{Band, Manager, Pair, RestrictChild, Tag, Ticket};
use crate::fixture::{band, band_names, connect, d3, tagged, tags};

#[test]
fn rows_of_one_upsert_may_meet_each_other() {
    on_both(async |db| {
        let engine = tagged(db, 1).await;
        let rows = [Tag::new("a").p(2), Tag::new("b").p(3), Tag::new("a").p(4), Tag::new("b").p(5)];
        let keys = Tag::insert(rows).on_conflict(Tag.name).do_update(Tag.p).run(&engine).await.unwrap();
        assert_eq!(keys[0], keys[2]);
        assert_eq!(tags(&engine).await, [("a".to_owned(), 4), ("b".to_owned(), 5)]);
    });
}

#[test]
fn rows_that_name_different_columns_go_in_together() {
    on_both(async |db| {
        let engine = connect(db).await;
        Ticket::create_table().run(&engine).await.unwrap();
        let own = uuid::Uuid::from_u128(7);
        let rows = [Ticket::new("A1"), Ticket::new("A2").id(own), Ticket::new("A3")];
        let keys = Ticket::insert(rows).run(&engine).await.unwrap();
        assert_eq!(keys[1], own);
        for (key, seat) in keys.into_iter().zip(["A1", "A2", "A3"]) {
            assert_eq!(Ticket::get(key).run(&engine).await.unwrap().seat, seat);
        }
    });
}

#[test]
fn raw_statements_bind_their_parameters() {
    on_both(async |db| {
        let engine = d3(db).await;
        let rows = Band::raw("select name, popularity from band where name = {}", ("Pythonistas",));
        let rows = rows.run(&engine).await.unwrap();
        assert_eq!(rows[0].text("name").unwrap(), Some("Pythonistas"));
        let popular: i64 = match engine.dialect() {
            Dialect::Sqlite => rows[0].get_named("popularity").unwrap(),
            Dialect::Postgres => rows[0].get_named::<i32>("popularity").unwrap().into(),
        };
        assert_eq!(popular, 1000);
        let touched = Band::raw("update band set name = {} where name = {}", ("{{}}'; drop", "CSharps"));
        assert_eq!(touched.execute(&engine).await.unwrap(), 1);
        assert_eq!(band_names(&engine).await, ["Pythonistas", "Rustaceans", "{{}}'; drop"]);
        let braces = Band::raw("select '{{}}' as braces", ()).run(&engine).await.unwrap();
        assert_eq!(braces[0].text("braces").unwrap(), Some("{}"));
        let wrong = Band::raw("select {}", ()).run(&engine).await;
        assert!(matches!(wrong, Err(Error::Usage { .. })), "{wrong:?}");
    });
}

#[test]
fn a_unique_pair_conflicts_as_a_pair() {
    on_both(async |db| {
        let engine = connect(db).await;
        Pair::create_table().run(&engine).await.unwrap();
        Pair::insert([Pair::new("a", 1), Pair::new("a", 2)]).run(&engine).await.unwrap();
        let again = Pair::insert([Pair::new("a", 1)]).on_conflict((Pair.name, Pair.p)).do_nothing();
        assert!(again.run(&engine).await.unwrap().is_empty());
        let counted = Pair::select((Pair.name, count())).group_by(Pair.name).run(&engine).await.unwrap();
        assert_eq!(counted, [("a".to_owned(), 2)]);
    });
}

#[test]
fn writes_of_another_transaction_are_not_lost_on_postgres() {
    on(Dialect::Postgres, async |db| {
        let engine = d3(db).await;
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    let update = Band::update().set(Band.popularity, Band.popularity + 1);
                    update.where_(Band.manager.name.eq("Guido")).run(&engine).await
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap(), 1);
        }
        assert_eq!(band(&engine, "Pythonistas").await.popularity, 1010);
    });
}

#[test]
fn a_moment_is_the_same_in_all_rows_of_an_insert() {
    use crate::fixture::tables::Sample;
    on_both(async |db| {
        let engine = connect(db).await;
        Sample::create_table().run(&engine).await.unwrap();
        let moment: DateTime<Utc> = "2020-01-01T00:00:00.123456789Z".parse().unwrap();
        Sample::insert([Sample::new().moment(moment), Sample::new()]).run(&engine).await.unwrap();
        let read = Sample::select(Sample.moment).order_by(Sample.id).run(&engine).await.unwrap();
        assert_eq!(read[0].unwrap().to_rfc3339(), "2020-01-01T00:00:00.123456+00:00");
        assert_eq!(read[1], None);
        let found = Sample::count().where_(Sample.moment.eq(moment)).run(&engine).await.unwrap();
        assert_eq!(found, 1);
    });
}

#[test]
fn rows_with_keys_of_their_own_leave_the_counter_past_them() {
    on_both(async |db| {
        let engine = d3(db).await;
        let rows = [(100, Band::new("C")), (7, Band::new("D"))];
        assert_eq!(Band::insert_with_keys(rows).run(&engine).await.unwrap(), [100, 7]);
        assert_eq!(Band::get(7).run(&engine).await.unwrap().name, "D");
        assert_eq!(Band::insert([Band::new("E")]).run(&engine).await.unwrap(), [101]);
        // A smaller key than the last one does not set it back.
        let low = Band::insert_with_keys([(50, Band::new("F"))]).returning(Band.name).run(&engine).await.unwrap();
        assert_eq!(low, ["F"]);
        assert_eq!(Band::insert([Band::new("G")]).run(&engine).await.unwrap().len(), 1);
        assert!(Band::select(Band.id).where_(Band.name.eq("G")).run(&engine).await.unwrap()[0] > 101);
        // The last number there is leaves nothing to count on to.
        let last = Band::insert_with_keys([(i64::MAX, Band::new("Z"))]).run(&engine).await;
        assert_eq!(last, Ok(vec![i64::MAX]));
        let taken = Band::insert_with_keys([(200, Band::new("H")), (7, Band::new("I"))]).run(&engine).await;
        assert!(matches!(taken, Err(Error::UniqueViolation { .. })), "{taken:?}");
        assert_eq!(Band::count().where_(Band.id.eq(200)).run(&engine).await.unwrap(), 0);
        assert_eq!(Band::insert_with_keys([(-3, Band::new("J"))]).run(&engine).await, Ok(vec![-3]));
    });
}

#[test]
fn a_delete_of_a_row_that_others_point_to_names_its_table_and_the_ways_out() {
    on_both(async |db| {
        let engine = connect(db).await;
        Manager::create_table().run(&engine).await.unwrap();
        RestrictChild::create_table().run(&engine).await.unwrap();
        let key = Manager::insert([Manager::new("m")]).run(&engine).await.unwrap()[0];
        RestrictChild::insert([RestrictChild::new("c", key)]).run(&engine).await.unwrap();
        let error = Manager::delete().where_(Manager.id.eq(key)).run(&engine).await.unwrap_err();
        assert!(
            matches!(&error, Error::ForeignKeyViolation { pointed_to: Some(table), .. } if table == "manager"),
            "{error:?}"
        );
        let message = error.to_string();
        assert!(message.contains("still point to a row of `manager`") && message.contains("`on_delete`"), "{message}");
        let error = RestrictChild::insert([RestrictChild::new("d", key + 1)]).run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::ForeignKeyViolation { pointed_to: None, .. }), "{error:?}");
        assert!(
            error.to_string().starts_with("a foreign key would point to a row that does not exist in table `"),
            "{error}"
        );
    });
}

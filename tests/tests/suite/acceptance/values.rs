//! Values, constraints and defaults: rows B37 to B45.

use chrono::{DateTime, NaiveDate, Utc};
use piccolo_runtime::Error;
use piccolo_tests::on_both;
use rust_decimal::Decimal;

use crate::fixture::tables::{Band, CascadeChild, Manager, RestrictChild, Sample, SetNullChild, Tag, Ticket};
use crate::fixture::{connect, d3, empty};

#[test]
fn b37_a_key_to_nothing_is_refused() {
    on_both(async |db| {
        let engine = d3(db).await;
        let error = Band::insert([Band::new("Nobody's").manager(999)]).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::ForeignKeyViolation { .. }), "{error:?}");
        assert_eq!(Band::count().run(&engine).await.unwrap(), 3);
    });
}

#[test]
fn b38_a_delete_does_to_children_what_their_key_says() {
    on_both(async |db| {
        let engine = d3(db).await;
        CascadeChild::create_table().run(&engine).await.unwrap();
        RestrictChild::create_table().run(&engine).await.unwrap();
        SetNullChild::create_table().run(&engine).await.unwrap();
        let keys = Manager::insert(["x", "y", "z"].map(Manager::new)).run(&engine).await.unwrap();
        CascadeChild::insert([CascadeChild::new("child", keys[0])]).run(&engine).await.unwrap();
        RestrictChild::insert([RestrictChild::new("child", keys[1])]).run(&engine).await.unwrap();
        SetNullChild::insert([SetNullChild::new("child").owner(keys[2])]).run(&engine).await.unwrap();

        Manager::delete().where_(Manager.id.eq(keys[0])).run(&engine).await.unwrap();
        assert_eq!(CascadeChild::count().run(&engine).await.unwrap(), 0);
        let error = Manager::delete().where_(Manager.id.eq(keys[1])).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::ForeignKeyViolation { .. }), "{error:?}");
        Manager::delete().where_(Manager.id.eq(keys[2])).run(&engine).await.unwrap();
        assert_eq!(SetNullChild::select(SetNullChild.owner).run(&engine).await.unwrap(), [None]);
    });
}

#[test]
fn b39_a_duplicate_is_one_kind_of_error() {
    on_both(async |db| {
        let engine = connect(db).await;
        Tag::create_table().run(&engine).await.unwrap();
        Tag::insert([Tag::new("a")]).run(&engine).await.unwrap();
        let error = Tag::insert([Tag::new("a")]).run(&engine).await.unwrap_err();
        let Error::UniqueViolation { columns, .. } = error else { panic!("{error:?}") };
        assert_eq!(columns, ["name"]);
    });
}

#[test]
fn b40_a_text_that_is_too_long_is_refused_before_any_sql() {
    on_both(async |db| {
        // No table exists, so any SQL would fail in another way.
        let engine = connect(db).await;
        let error = Manager::insert([Manager::new("x".repeat(60))]).run(&engine).await.unwrap_err();
        assert!(matches!(&error, Error::InvalidValue { target, .. } if target == "manager.name"), "{error:?}");
        // The limit counts characters, not bytes.
        let engine = empty(db).await;
        Manager::insert([Manager::new("é".repeat(50))]).run(&engine).await.unwrap();
    });
}

#[test]
fn b41_a_decimal_is_exact() {
    on_both(async |db| {
        let engine = connect(db).await;
        Sample::create_table().run(&engine).await.unwrap();
        let price = Decimal::new(110, 2);
        Sample::insert([Sample::new().price(price)]).run(&engine).await.unwrap();
        let read = Sample::select(Sample.price).run(&engine).await.unwrap();
        assert_eq!(read[0].to_string(), "1.10");
        for wrong in ["12345.678", "1.234", "1000.00"] {
            let row = Sample::new().price(wrong.parse::<Decimal>().unwrap());
            let error = Sample::insert([row]).run(&engine).await.unwrap_err();
            assert!(matches!(error, Error::InvalidValue { .. }), "{wrong}: {error:?}");
        }
    });
}

#[test]
fn b42_an_instant_reads_back_in_utc() {
    on_both(async |db| {
        let engine = connect(db).await;
        Sample::create_table().run(&engine).await.unwrap();
        let moment = DateTime::parse_from_rfc3339("2020-01-01T00:00:00+05:00").unwrap().with_timezone(&Utc);
        Sample::insert([Sample::new().moment(moment)]).run(&engine).await.unwrap();
        let read = Sample::select(Sample.moment).run(&engine).await.unwrap();
        assert_eq!(read[0].unwrap().to_rfc3339(), "2019-12-31T19:00:00+00:00");
    });
}

#[test]
fn b43_the_database_refuses_what_is_no_variant() {
    on_both(async |db| {
        let engine = connect(db).await;
        Sample::create_table().run(&engine).await.unwrap();
        assert!(db.try_execute("INSERT INTO sample (letter) VALUES ('zzz')").await.is_err());
        db.execute("INSERT INTO sample (letter) VALUES ('b')").await;
    });
}

#[test]
fn b44_defaults_of_the_schema_are_inserted() {
    on_both(async |db| {
        let engine = connect(db).await;
        Sample::create_table().run(&engine).await.unwrap();
        Sample::insert([Sample::new()]).run(&engine).await.unwrap();
        let row = Sample::objects().first().run(&engine).await.unwrap().unwrap();
        assert_eq!(row.day, NaiveDate::from_ymd_opt(2020, 5, 17).unwrap());
        assert_eq!(row.words, "it's");
        // They stand in the DDL as well, for whoever writes past the product.
        db.execute("INSERT INTO sample (price) VALUES (1)").await;
        let rows = Sample::select((Sample.day, Sample.words)).run(&engine).await.unwrap();
        assert_eq!(rows[0], rows[1]);
    });
}

#[test]
fn b45_a_uuid_key_is_typed_and_returned() {
    on_both(async |db| {
        let engine = connect(db).await;
        Ticket::create_table().run(&engine).await.unwrap();
        let keys: Vec<uuid::Uuid> = Ticket::insert([Ticket::new("A1"), Ticket::new("A2")]).run(&engine).await.unwrap();
        assert_ne!(keys[0], keys[1]);
        assert_eq!(Ticket::get(keys[1]).run(&engine).await.unwrap().seat, "A2");
    });
}

//! The SQL that queries become, in both dialects.

mod support;

use piccolo_runtime::query::{case, count, value};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Error, Value};
use support::bands::{Band, Concert, Genre, Manager};

/// Checks the text of a query in both dialects; one text alone stands for both, with `?` for the mark of parameters.
macro_rules! check {
    ($query:expr, $both:expr $(,)?) => {
        check!($query, sqlite: $both, postgres: $both.replace('?', "$"))
    };
    ($query:expr, sqlite: $sqlite:expr, postgres: $postgres:expr $(,)?) => {{
        let query = $query;
        assert_eq!(query.sql(Dialect::Sqlite).unwrap().sql, $sqlite);
        assert_eq!(query.sql(Dialect::Postgres).unwrap().sql, $postgres);
    }};
}

#[test]
fn a_select_names_its_columns() {
    check!(Band::select(Band.name), r#"SELECT "band"."name" FROM "band""#);
    check!(
        Band::select(..),
        r#"SELECT "band"."id", "band"."name", "band"."manager", "band"."popularity", "band"."genre" FROM "band""#
    );
}

#[test]
fn a_nullable_key_is_joined_left_and_once() {
    check!(
        Band::select((Band.name, Band.manager.name)).where_(Band.manager.name.eq("Guido")).order_by(Band.manager.name.desc()),
        sqlite: r#"SELECT "band"."name", "band$manager"."name" AS "manager.name" FROM "band" LEFT JOIN "manager" AS "band$manager" ON "band$manager"."id" = "band"."manager" WHERE "band$manager"."name" = ?1 ORDER BY "band$manager"."name" DESC NULLS FIRST"#,
        postgres: r#"SELECT "band"."name", "band$manager"."name" AS "manager.name" FROM "band" LEFT JOIN "manager" AS "band$manager" ON "band$manager"."id" = "band"."manager" WHERE "band$manager"."name" = $1 ORDER BY "band$manager"."name" DESC"#,
    );
}

#[test]
fn each_path_has_an_alias_of_its_own() {
    check!(
        Concert::select((Concert.band_1.manager.name, Concert.band_2.manager.name)),
        r#"SELECT "concert$band_1$manager"."name" AS "band_1.manager.name", "concert$band_2$manager"."name" AS "band_2.manager.name" FROM "concert" INNER JOIN "band" AS "concert$band_1" ON "concert$band_1"."id" = "concert"."band_1" LEFT JOIN "manager" AS "concert$band_1$manager" ON "concert$band_1$manager"."id" = "concert$band_1"."manager" INNER JOIN "band" AS "concert$band_2" ON "concert$band_2"."id" = "concert"."band_2" LEFT JOIN "manager" AS "concert$band_2$manager" ON "concert$band_2$manager"."id" = "concert$band_2"."manager""#
    );
}

#[test]
fn the_key_of_a_target_is_read_without_a_join() {
    check!(
        Band::select(Band.id).where_(Band.manager.id.eq(1)),
        r#"SELECT "band"."id" FROM "band" WHERE "band"."manager" = ?1"#
    );
}

#[test]
fn brackets_are_kept_where_they_matter() {
    let p = || Band.popularity.gte(100);
    let m = || Band.name.eq("x");
    let start = r#"SELECT "band"."id" FROM "band" WHERE "#;
    for (query, condition) in [
        (
            Band::select(Band.id).where_((p() & m()) | p()),
            r#"("band"."popularity" >= ?1 AND "band"."name" = ?2) OR "band"."popularity" >= ?3"#,
        ),
        (
            Band::select(Band.id).where_(p() & (m() | p())),
            r#""band"."popularity" >= ?1 AND ("band"."name" = ?2 OR "band"."popularity" >= ?3)"#,
        ),
        (
            Band::select(Band.id).where_(p()).where_(m() | p()),
            r#""band"."popularity" >= ?1 AND ("band"."name" = ?2 OR "band"."popularity" >= ?3)"#,
        ),
        (Band::select(Band.id).where_((p(), m())), r#""band"."popularity" >= ?1 AND "band"."name" = ?2"#),
        (Band::select(Band.id).where_(!(p() | m())), r#"NOT ("band"."popularity" >= ?1 OR "band"."name" = ?2)"#),
        (
            Band::select(Band.id).where_((p() & m()).is_null()),
            r#"("band"."popularity" >= ?1 AND "band"."name" = ?2) IS NULL"#,
        ),
    ] {
        check!(query, format!("{start}{condition}"));
    }
}

#[test]
fn no_condition_leaves_no_trace() {
    for query in [
        Band::select(Band.id).where_(()),
        Band::select(Band.id).where_(None::<piccolo_runtime::query::Predicate<Band>>),
        Band::select(Band.id).where_(Vec::<piccolo_runtime::query::Predicate<Band>>::new()),
    ] {
        check!(query, r#"SELECT "band"."id" FROM "band""#);
    }
}

#[test]
fn null_is_asked_for_by_its_name() {
    check!(
        Band::select(Band.id).where_((Band.manager.eq(None), Band.manager.ne(None))),
        r#"SELECT "band"."id" FROM "band" WHERE "band"."manager" IS NULL AND "band"."manager" IS NOT NULL"#
    );
}

#[test]
fn a_list_is_one_parameter_whatever_its_length() {
    for list in [vec![], vec![1], vec![1, 2, 3]] {
        check!(
            Band::select(Band.id).where_((Band.id.is_in(list.clone()), Band.manager.not_in(list))),
            sqlite: r#"SELECT "band"."id" FROM "band" WHERE "band"."id" IN (SELECT value FROM json_each(?1)) AND "band"."manager" NOT IN (SELECT value FROM json_each(?2))"#,
            postgres: r#"SELECT "band"."id" FROM "band" WHERE "band"."id" = ANY($1) AND "band"."manager" <> ALL($2)"#,
        );
    }
    check!(
        Band::select(Band.id).where_(Band.genre.is_in([Genre::Rock])),
        sqlite: r#"SELECT "band"."id" FROM "band" WHERE "band"."genre" IN (SELECT value FROM json_each(?1))"#,
        postgres: r#"SELECT "band"."id" FROM "band" WHERE "band"."genre" = ANY($1::text[]::"genre"[])"#,
    );
}

#[test]
fn a_null_in_a_list_makes_no_into_null() {
    check!(
        Band::select(Band.id).where_(Band.manager.not_in([Some(1), None])),
        sqlite: r#"SELECT "band"."id" FROM "band" WHERE ("band"."manager" NOT IN (SELECT value FROM json_each(?1)) AND NULL)"#,
        postgres: r#"SELECT "band"."id" FROM "band" WHERE ("band"."manager" <> ALL($1) AND NULL::boolean)"#,
    );
}

#[test]
fn patterns_mean_the_same_on_both_engines() {
    let query = Band::select(Band.id).where_((Band.name.like("Py%_[x"), Band.name.not_ilike("a\\%")));
    check!(
        query.clone(),
        sqlite: r#"SELECT "band"."id" FROM "band" WHERE "band"."name" GLOB ?1 AND "band"."name" NOT LIKE ?2 ESCAPE '\'"#,
        postgres: r#"SELECT "band"."id" FROM "band" WHERE "band"."name" LIKE $1 AND "band"."name" NOT ILIKE $2"#,
    );
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(query.sql(Dialect::Sqlite).unwrap().args, [text("Py*?[[]x"), text("a\\%")]);
    assert_eq!(query.sql(Dialect::Postgres).unwrap().args, [text("Py%_[x"), text("a\\%")]);
}

#[test]
fn the_limit_is_a_literal_and_the_offset_a_parameter() {
    check!(
        Band::select(Band.id).order_by(Band.name).limit(5).offset(1),
        r#"SELECT "band"."id" FROM "band" ORDER BY "band"."name" LIMIT 5 OFFSET ?1"#
    );
    check!(
        Band::select(Band.id).offset(1),
        sqlite: r#"SELECT "band"."id" FROM "band" LIMIT -1 OFFSET ?1"#,
        postgres: r#"SELECT "band"."id" FROM "band" OFFSET $1"#,
    );
}

#[test]
fn nulls_sort_as_the_greatest_unless_the_query_says_otherwise() {
    check!(
        Band::select(Band.id).order_by((Band.manager, Band.manager.desc(), Band.manager.asc().nulls_first(), Band.name)),
        sqlite: r#"SELECT "band"."id" FROM "band" ORDER BY "band"."manager" NULLS LAST, "band"."manager" DESC NULLS FIRST, "band"."manager" NULLS FIRST, "band"."name""#,
        postgres: r#"SELECT "band"."id" FROM "band" ORDER BY "band"."manager", "band"."manager" DESC, "band"."manager" NULLS FIRST, "band"."name""#,
    );
}

#[test]
fn an_enum_sorts_in_declared_order() {
    check!(
        Band::select(Band.id).where_(Band.genre.gt(Genre::Rock)).order_by(Band.genre),
        sqlite: r#"SELECT "band"."id" FROM "band" WHERE CASE "band"."genre" WHEN 'rock' THEN 0 WHEN 'jazz' THEN 1 WHEN 'folk' THEN 2 END > ?1 ORDER BY CASE "band"."genre" WHEN 'rock' THEN 0 WHEN 'jazz' THEN 1 WHEN 'folk' THEN 2 END"#,
        postgres: r#"SELECT "band"."id" FROM "band" WHERE "band"."genre" > $1 ORDER BY "band"."genre""#,
    );
}

#[test]
fn a_delete_joins_inside_a_sub_select_of_keys() {
    check!(
        Band::delete().where_(Band.manager.name.eq("Guido")),
        r#"DELETE FROM "band" WHERE "band"."id" IN (SELECT "band$1"."id" FROM "band" AS "band$1" LEFT JOIN "manager" AS "band$1$manager" ON "band$1$manager"."id" = "band$1"."manager" WHERE "band$1$manager"."name" = ?1)"#
    );
    check!(Manager::delete().force(), r#"DELETE FROM "manager""#);
}

#[test]
fn an_empty_condition_does_not_unlock_a_delete() {
    let delete = Band::delete().where_(None::<piccolo_runtime::query::Predicate<Band>>);
    assert!(matches!(delete.sql(Dialect::Sqlite), Err(Error::Deletion { operation: "delete", .. })));
}

#[test]
fn an_update_gives_back_columns_of_other_tables() {
    check!(
        Band::update().set(Band.popularity, 5).where_(Band.id.eq(1)).returning((Band.name, Band.manager.name)),
        r#"UPDATE "band" SET "popularity" = ?1 WHERE "band"."id" = ?2 RETURNING "band"."name", (SELECT "manager$1"."name" FROM "manager" AS "manager$1" WHERE "manager$1"."id" = "band"."manager") AS "manager.name""#
    );
}

#[test]
fn a_value_that_does_not_fit_is_refused_before_any_sql() {
    let long = "x".repeat(101);
    let update = Band::update().set(Band.name, long.as_str()).where_(Band.id.eq(1));
    assert!(matches!(update.sql(Dialect::Sqlite), Err(Error::InvalidValue { target, .. }) if target == "band.name"));
    let insert = Band::insert([Band::new(long)]);
    assert!(matches!(insert.sql(Dialect::Postgres), Err(Error::InvalidValue { target, .. }) if target == "band.name"));
}

#[test]
fn an_unknown_name_brings_the_nearest_ones() {
    let error = Band::select(["name", "manager.nam"]).sql(Dialect::Sqlite).unwrap_err();
    assert_eq!(error.to_string(), "`manager.nam` is not a column of `Band`; did you mean `manager.name`?");
}

#[test]
fn display_shows_values_as_literals() {
    let query =
        Band::select(Band.id).where_((Band.name.eq("it's"), Band.genre.is_in([Genre::Rock]), Band.id.is_in([1, 2])));
    assert_eq!(
        query.to_string(),
        r#"SELECT "band"."id" FROM "band" WHERE "band"."name" = 'it''s' AND "band"."genre" IN ('rock') AND "band"."id" IN (1, 2)"#
    );
    assert_eq!(
        query.display(Dialect::Postgres),
        r#"SELECT "band"."id" FROM "band" WHERE "band"."name" = 'it''s' AND "band"."genre" = ANY(ARRAY['rock']::"genre"[]) AND "band"."id" = ANY(ARRAY[1, 2]::bigint[])"#
    );
    assert_eq!(
        Manager::insert([Manager::new("a"), Manager::new("b")]).to_string(),
        r#"INSERT INTO "manager" ("name") VALUES ('a'), ('b') RETURNING "manager"."id""#
    );
}

#[test]
fn what_a_query_groups_by_has_the_same_parameter_wherever_it_is_named() {
    check!(
        Band::select((Band.popularity + 100, count())).group_by(Band.popularity + 100),
        sqlite: r#"SELECT "band"."popularity" + ?1 AS "column_1", count(*) AS "column_2" FROM "band" GROUP BY "band"."popularity" + ?1"#,
        postgres: r#"SELECT CAST(CAST("band"."popularity" AS bigint) + $1 AS integer) AS "column_1", count(*) AS "column_2" FROM "band" GROUP BY CAST("band"."popularity" AS bigint) + $1"#,
    );
    check!(
        Band::select(Band.popularity + 100).distinct().order_by(Band.popularity + 100),
        sqlite: r#"SELECT DISTINCT "band"."popularity" + ?1 AS "column_1" FROM "band" ORDER BY ("band"."popularity" + ?1) NULLS LAST"#,
        postgres: r#"SELECT DISTINCT ("band"."popularity" + $1) AS "column_1" FROM "band" ORDER BY ("band"."popularity" + $1)"#,
    );
}

#[test]
fn a_decimal_alone_keeps_its_digits() {
    let price: rust_decimal::Decimal = "1.25".parse().unwrap();
    check!(
        Band::select(value::<Band, _>(price)),
        sqlite: r#"SELECT ?1 AS "column_1" FROM "band""#,
        postgres: r#"SELECT CAST($1 AS numeric(28,2)) AS "column_1" FROM "band""#,
    );
}

#[test]
fn a_text_that_no_column_has_a_part_in_sorts_by_code_point() {
    let known = case::<Band, String, _>(Band.popularity.gt(100), "known").otherwise("Unknown");
    check!(
        Band::select(Band.id).order_by(known),
        sqlite: r#"SELECT "band"."id" FROM "band" ORDER BY CASE WHEN "band"."popularity" > ?1 THEN ?2 ELSE ?3 END NULLS LAST"#,
        postgres: r#"SELECT "band"."id" FROM "band" ORDER BY CASE WHEN "band"."popularity" > $1 THEN $2 ELSE $3 END COLLATE "C""#,
    );
}

#[test]
fn a_null_among_the_values_of_a_case_says_what_it_is_a_null_of() {
    let nobody = case::<Band, i32, _>(Band.popularity.gt(100), None).end();
    check!(
        Band::select(nobody),
        sqlite: r#"SELECT CASE WHEN "band"."popularity" > ?1 THEN ?2 END AS "column_1" FROM "band""#,
        postgres: r#"SELECT CASE WHEN "band"."popularity" > $1 THEN CAST($2 AS integer) END AS "column_1" FROM "band""#,
    );
}

#[test]
fn an_empty_list_is_a_constant_where_postgres_would_misplan_it() {
    let none: [i64; 0] = [];
    check!(
        Band::select(Band.id).where_(Band.id.is_in(none).is_null()),
        sqlite: r#"SELECT "band"."id" FROM "band" WHERE ("band"."id" IN (SELECT value FROM json_each(?1))) IS NULL"#,
        postgres: r#"SELECT "band"."id" FROM "band" WHERE (FALSE) IS NULL"#,
    );
}

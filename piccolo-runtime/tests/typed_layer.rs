//! The types of columns, paths and operators, as far as the compiler tells.

mod support;

use piccolo_runtime::query::Select;
use support::bands::{Band, Concert, Genre, Manager};

/// The type of a query is the type of its rows.
fn rows<R, O>(_query: &Select<R, O>) -> std::any::TypeId
where
    O: 'static,
{
    std::any::TypeId::of::<O>()
}

#[test]
fn a_column_behind_a_nullable_key_is_an_option_and_never_two() {
    let plain: Select<Band, (String, Option<String>)> = Band::select((Band.name, Band.manager.name));
    let deep: Select<Concert, (i64, Option<String>, Option<i64>)> =
        Concert::select((Concert.id, Concert.band_1.manager.name, Concert.band_1.manager));
    assert_ne!(rows(&plain), rows(&deep));
}

#[test]
fn operators_take_literals_options_rows_and_columns() {
    let b = Band;
    let guido = Manager { id: 1, name: "Guido".to_owned() };
    let _ = Band::select(b.name)
        .where_(b.popularity.gte(100) & b.manager.name.eq("Guido") | b.popularity.gt(1000))
        .where_((b.manager.eq(1), b.manager.eq(&guido), b.manager.eq(Some(1)), b.manager.eq(None)))
        .where_(b.manager.name.eq(b.name))
        .where_(b.manager.eq(b.id))
        .where_(b.genre.eq(Genre::Rock))
        .where_(b.id.is_in([1, 2, 3]))
        .where_(b.manager.is_in([Some(1), None]))
        .where_(b.manager.is_in([&guido]))
        .where_(b.name.is_in(["a", "b"]))
        .where_(!b.name.like("Py%"))
        .where_(Some(b.name.is_null()))
        .order_by((b.name, b.popularity.desc(), b.manager.name.asc().nulls_first()));
    let new = Band::new("Pythonistas").manager(&guido).popularity(1000).genre(Genre::Jazz);
    assert_ne!(new, Band::new("Pythonistas").manager(1));
    assert_eq!(new, Band::new("Pythonistas").manager(Some(1)).popularity(1000).genre(Genre::Jazz));
}

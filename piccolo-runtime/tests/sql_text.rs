//! The SQL that queries become, in both dialects.

mod support;

use piccolo_runtime::sql::Dialect;
use support::bands::{Band, Concert, Genre};

/// Checks the text and the parameters of a query in both dialects.
macro_rules! check {
    ($query:expr, sqlite: $sqlite:expr, postgres: $postgres:expr $(,)?) => {{
        let query = $query;
        assert_eq!(query.sql(Dialect::Sqlite).unwrap().sql, $sqlite);
        assert_eq!(query.sql(Dialect::Postgres).unwrap().sql, $postgres);
    }};
}

#[test]
fn x() {
    let b = Band;
    for q in [
        Band::select(b.name).to_string(),
        Band::select((b.name, b.manager.name)).where_((b.popularity.gte(100) & b.manager.name.eq("Guido")) | b.popularity.gt(1000)).order_by((b.manager.name.asc(), b.name.desc())).limit(3).offset(2).to_string(),
        Concert::select((Concert.band_1.manager.name, Concert.band_2.manager.name, Concert.band_1.manager.id)).where_(Concert.band_1.name.eq("x") & Concert.band_1.id.eq(3)).to_string(),
        Band::select(b.id).where_((b.name.like("Py%"), b.name.ilike("a_b"), b.id.is_in([1,2]), b.genre.is_in([Genre::Rock]), b.genre.gt(Genre::Rock))).order_by(b.genre.desc()).to_string(),
        Band::select(["name", "manager.nam"]).to_string(),
        Band::select(["name", "manager.name"]).to_string(),
        Band::select(..).where_(!(b.name.eq("a") & b.name.ne(None)) | b.manager.not_in([Some(1), None])).to_string(),
    ] { println!("{q}"); }
    println!("{:?}", Band::select((b.name, b.manager.name)).where_(b.id.is_in([1,2]) & b.genre.is_in([Genre::Rock])).offset(2).sql(Dialect::Postgres));
    println!("{:?}", Band::select((b.name, b.manager.name)).where_(b.id.is_in([1,2]) & b.genre.is_in([Genre::Rock])).offset(2).sql(Dialect::Sqlite));
}

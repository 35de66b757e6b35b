//! The tables and the data sets of the acceptance list.

use piccolo_runtime::Engine;
use piccolo_tests::TestDb;

piccolo_runtime::include_tables!(pub(crate) mod tables);

use tables::{Band, Concert, Manager, Tag};

/// An engine on the test's database.
pub(crate) async fn connect(db: &TestDb) -> Engine {
    Engine::connect(db.url()).await.unwrap()
}

/// The manager and band tables, empty.
pub(crate) async fn empty(db: &TestDb) -> Engine {
    let engine = connect(db).await;
    Manager::create_table().run(&engine).await.unwrap();
    Band::create_table().run(&engine).await.unwrap();
    engine
}

/// D3 in a database that does not have its tables.
pub(crate) async fn d3_in(engine: &Engine) {
    Manager::create_table().run(engine).await.unwrap();
    Band::create_table().run(engine).await.unwrap();
    d3_again(engine).await;
}

/// D3: three managers, each with a band.
pub(crate) async fn d3(db: &TestDb) -> Engine {
    let engine = empty(db).await;
    d3_again(&engine).await;
    engine
}

/// The rows of D3 once more, in tables that exist.
pub(crate) async fn d3_again(engine: &Engine) {
    let managers = Manager::insert([Manager::new("Guido"), Manager::new("Graydon"), Manager::new("Mads")]);
    let keys = managers.run(engine).await.unwrap();
    Band::insert([
        Band::new("Pythonistas").manager(keys[0]).popularity(1000),
        Band::new("Rustaceans").manager(keys[1]).popularity(2000),
        Band::new("CSharps").manager(keys[2]).popularity(10),
    ])
    .run(engine)
    .await
    .unwrap();
}

/// D3 with a band that nobody manages.
pub(crate) async fn d3_and_lone(db: &TestDb) -> Engine {
    let engine = d3(db).await;
    Band::insert([Band::new("Lone")]).run(&engine).await.unwrap();
    engine
}

/// D4: four bands, two of them equally popular.
pub(crate) async fn d4(db: &TestDb) -> Engine {
    let engine = empty(db).await;
    let names = ["Guido", "Graydon", "Anders", "Matz"];
    let keys = Manager::insert(names.map(Manager::new)).run(&engine).await.unwrap();
    let bands = [("Pythonistas", 1000), ("Rustaceans", 800), ("C-Sharps", 800), ("Rubyists", 820)];
    let rows =
        bands.iter().zip(&keys).map(|((name, popularity), key)| Band::new(*name).manager(*key).popularity(*popularity));
    Band::insert(rows).run(&engine).await.unwrap();
    engine
}

/// D3 with a concert of the first two bands.
pub(crate) async fn d3_and_concert(db: &TestDb) -> Engine {
    let engine = d3_and_lone(db).await;
    Concert::create_table().run(&engine).await.unwrap();
    Concert::insert([Concert::new(1, 2)]).run(&engine).await.unwrap();
    engine
}

/// The names of all bands, sorted.
pub(crate) async fn band_names(engine: &Engine) -> Vec<String> {
    Band::select(Band.name).order_by(Band.name).run(engine).await.unwrap()
}

/// The popularity of the bands, by name.
pub(crate) async fn popularity(engine: &Engine) -> Vec<(String, i32)> {
    Band::select((Band.name, Band.popularity)).order_by(Band.name).run(engine).await.unwrap()
}

/// The band of this name.
pub(crate) async fn band(engine: &Engine, name: &str) -> Band {
    Band::objects().where_(Band.name.eq(name)).first().run(engine).await.unwrap().unwrap()
}

/// The table with a unique name, with one row in it.
pub(crate) async fn tagged(db: &TestDb, p: i32) -> Engine {
    let engine = connect(db).await;
    Tag::create_table().run(&engine).await.unwrap();
    Tag::insert([Tag::new("a").p(p)]).run(&engine).await.unwrap();
    engine
}

/// All tags.
pub(crate) async fn tags(engine: &Engine) -> Vec<(String, i32)> {
    Tag::select((Tag.name, Tag.p)).order_by(Tag.name).run(engine).await.unwrap()
}

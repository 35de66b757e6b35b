//! An upsert names the columns of its constraint and what it sets, and a conflict that does nothing has no condition.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn mistake() {
    let insert = || Band::insert([Band::new("Pythonistas")]);
    let _ = insert().do_update(Band.name);
    let _ = insert().on_conflict(Band.id).do_update(());
    let _ = insert().on_conflict(Band.id).do_nothing().where_(Band.id.gt(0));
}

fn main() {}

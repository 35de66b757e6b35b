//! An insert of bands takes bands, from the start and later.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::{Band, Manager};

fn main() {
    let _ = Band::insert([Manager::new("Guido")]);
    let _ = Band::insert([Band::new("Pythonistas")]).add(Manager::new("Guido"));
}

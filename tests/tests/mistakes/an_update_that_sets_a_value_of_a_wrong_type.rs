//! An update gives a column a value of its type.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn main() {
    let _ = Band::update().set(Band.popularity, "famous").where_(Band.name.eq("Pythonistas"));
}

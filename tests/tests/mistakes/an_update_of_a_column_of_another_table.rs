//! An update sets columns of its own table.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn mistake() {
    let _ = Band::update().set(Band.manager.name, "Guido");
}

fn main() {}

//! A column that is not null takes no null.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn mistake() {
    let _ = Band::new("Pythonistas").popularity(None);
    let _ = Band::update().set(Band.name, Band.manager.name);
}

fn main() {}

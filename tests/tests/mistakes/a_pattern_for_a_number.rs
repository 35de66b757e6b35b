//! Patterns are for texts.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn mistake() {
    let _ = Band::select(Band.name).where_(Band.popularity.like("1%"));
}

fn main() {}

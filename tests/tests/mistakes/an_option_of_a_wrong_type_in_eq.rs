//! An `Option` does not hide that the type within it is wrong.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn main() {
    let _ = Band::select(Band.name).where_(Band.popularity.eq(Some("famous".to_owned())));
}

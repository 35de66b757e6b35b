//! A number is not compared with a text.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn main() {
    let _ = Band::select(Band.name).where_(Band.popularity.eq("famous"));
}

//! A condition of a select of bands is about bands.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::{Band, Manager};

fn main() {
    let _ = Band::select(Band.name).where_(Manager.name.eq("Guido"));
}

//! Bands are sorted by what is reached from a band.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::{Band, Manager};

fn main() {
    let _ = Band::select(Band.name).order_by(Manager.name);
}

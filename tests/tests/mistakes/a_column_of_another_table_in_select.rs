//! A manager is reached along the foreign key of the band: `Band.manager.name`.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::{Band, Manager};

fn main() {
    let _ = Band::select((Band.name, Manager.name));
}

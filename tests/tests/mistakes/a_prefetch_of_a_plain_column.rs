//! What is fetched together with a row is at the end of a foreign key.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn mistake() {
    let _ = Band::objects().prefetch(Band.name);
}

fn main() {}

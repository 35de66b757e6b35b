//! A band has a name, which has no default.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn main() {
    let _ = Band::insert([Band::new().popularity(1000)]);
}

//! The popularity of a new row is a number.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn main() {
    let _ = Band::new("Pythonistas").popularity("famous");
}

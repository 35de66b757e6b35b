//! A delete says which rows are meant.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn mistake(db: &piccolo_runtime::Engine) -> piccolo_runtime::Result<()> {
    Band::delete().run_sync(db)?;
    Ok(())
}

fn main() {}

//! A band without a manager has no name of one, so the name is an `Option`.

#[allow(dead_code, unused_imports)]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use bands::Band;

fn mistake(db: &piccolo_runtime::Engine) -> piccolo_runtime::Result<()> {
    let _names: Vec<String> = Band::select(Band.manager.name).run_sync(db)?;
    Ok(())
}

fn main() {}

//! Generated modules that are checked in.

use std::path::PathBuf;

use super::Check;
use super::code::Code;
use super::finding::{Finding, Place};
use crate::project::{self, Mode, shown};

/// Lists the files that the schema would give otherwise.
pub(super) fn check(check: &mut Check<'_>, named: &[PathBuf]) {
    let folders = if named.is_empty() { project::generated_folders(check.settings) } else { named.to_vec() };
    for folder in folders {
        let out = shown(&folder).display().to_string();
        let help = format!("run `piccolo-codegen generate --out {out}`, and commit what it writes");
        match crate::generate(check.settings, &folder, Mode::Check) {
            Ok(generated) => {
                for path in &generated.written {
                    let found = Finding::new(Code::StaleCode, format!("{} is stale", shown(path).display()));
                    check.found(found.at(Place::of(path)).help(&help));
                }
                for path in &generated.removed {
                    let shown = shown(path);
                    let found = Finding::new(Code::StaleCode, format!("{} belongs to nothing", shown.display()));
                    check.found(found.at(Place::of(path)).help(&help));
                }
            }
            Err(error) => check.found(Finding::new(Code::StaleCode, error.to_string()).at(Place::of(&folder))),
        }
    }
}

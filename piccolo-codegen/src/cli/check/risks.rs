//! What a reviewer should see of the migrations that a branch brings, and what was never proven of any.

use std::collections::BTreeSet;

use piccolo_runtime::migrate::file::Script;
use piccolo_runtime::sql::Dialect;

use super::code::Code;
use super::finding::{Finding, Place};
use super::{Check, error_in_ci};
use crate::migration::{MANIFEST_FILE, not_proven, script_name};
use crate::plan::Direction;

/// Lists risks and losses of the new migrations, and the headers that admit that nothing was proven.
pub(super) fn check(check: &mut Check<'_>, new: &BTreeSet<String>) {
    for folder in &check.folder.migrations {
        if new.contains(&folder.id)
            && let Ok(manifest) = folder.manifest()
        {
            for risk in &manifest.risks {
                let line = folder.manifest_line(risk).or_else(|| folder.manifest_line("risks")).unwrap_or(1);
                let found = Finding::new(Code::Risk, format!("{}: {risk}", folder.id));
                check.found(found.at(Place::line(&folder.path.join(MANIFEST_FILE), line)));
            }
        }
        let mut losses = BTreeSet::new();
        for dialect in Dialect::ALL {
            let file = script_name(Direction::Up, dialect);
            let Some(text) = folder.texts.get(&file) else { continue };
            let Ok(script) = Script::parse(text, dialect) else { continue };
            let place = |words: &str| {
                let line = text.lines().position(|line| line.contains(words)).unwrap_or_default();
                Place::line(&folder.path.join(&file), line + 1)
            };
            for loss in script.losses().filter(|_| new.contains(&folder.id)) {
                // Both engines say the same.
                if losses.insert(loss.to_owned()) {
                    let message = format!("{}: undoing it cannot bring back {loss}", folder.id);
                    check.found(Finding::new(Code::Loss, message).at(place(loss)));
                }
            }
            for header in script.header.iter().filter(|line| **line == not_proven(dialect)) {
                let found = Finding::new(Code::NotProven, format!("{} was not proven on {dialect}", folder.id));
                let found = found.level(error_in_ci()).at(place(header));
                check.found(found.help(
                    "where the engine can be reached, `piccolo-codegen diff --rebase <id>` plans it anew and proves it",
                ));
            }
        }
    }
}

//! The schema against the snapshot.

use piccolo_runtime::schema::Schema;

use super::Check;
use super::code::{Code, Level};
use super::finding::{Finding, Place};
use crate::change::Decisions;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::diff::Idleness;
use crate::lower::Lowered;
use crate::plan::{self, Options};
use crate::project::{self, shown};
use crate::source::Sources;
use crate::{print, schema_from_sources, syntax};

/// Lists what is wrong with the snapshot and how the schema differs from it, and gives what the snapshot says.
pub(super) fn check(check: &mut Check<'_>, schema: &Lowered) -> Option<Schema> {
    schema_warnings(check, &schema.warnings);
    let path = check.settings.snapshot()?;
    let text = match project::read_text_if_there(&path) {
        Ok(Some(text)) => text,
        Ok(None) if check.folder.migrations.is_empty() => {
            if !(schema.schema.tables.is_empty() && schema.schema.enums.is_empty()) {
                let found = Finding::new(Code::Ahead, "the schema has no migrations yet")
                    .help("run `piccolo-codegen diff --name initial`");
                check.found(found.at(Place::of(&check.settings.schema)));
            }
            return Some(Schema::EMPTY);
        }
        Ok(None) => {
            let found = Finding::new(Code::MissingSnapshot, "there are migrations but no snapshot beside them")
                .help("bring it back from version control, or run `piccolo-codegen diff --resolve`");
            check.found(found.at(Place::of(&path)));
            return None;
        }
        Err(error) => {
            check.found(Finding::new(Code::BrokenSnapshot, error.to_string()).at(Place::of(&path)));
            return None;
        }
    };
    if syntax::has_markers(&text) {
        let line = text.lines().position(|line| line.starts_with("<<<<<<<")).unwrap_or_default() + 1;
        let found = Finding::new(Code::Conflict, "git could not merge the snapshot by itself")
            .help("merge schema.piccolo, then run `piccolo-codegen diff --resolve`");
        check.found(found.at(Place::line(&path, line)));
        return None;
    }
    if print::snapshot_format(&text) != Some(1) {
        let found = Finding::new(Code::BrokenSnapshot, "the snapshot does not begin with `// piccolo snapshot 1: `")
            .help("bring it back from version control, or run `piccolo-codegen diff --resolve`");
        check.found(found.at(Place::of(&path)));
        return None;
    }
    let mut sources = Sources::new();
    sources.add(shown(&path).display().to_string(), &text);
    let snapshot = match schema_from_sources(&sources, &check.settings.engines) {
        Ok(lowered) => lowered.schema,
        Err(diagnostics) => {
            for diagnostic in &diagnostics {
                let found = Finding::new(Code::BrokenSnapshot, &diagnostic.message);
                let found = found.at(Place::line(&path, line(diagnostic, &diagnostics)));
                check.found(found.help("bring it back from version control, or run `piccolo-codegen diff --resolve`"));
            }
            return None;
        }
    };
    let printed = print::snapshot(&snapshot);
    let text = sources.iter().map(|file| file.text.as_str()).collect::<String>();
    if printed != text {
        let line = printed.lines().zip(text.lines()).take_while(|(printed, text)| printed == text).count() + 1;
        let found = Finding::new(Code::EditedSnapshot, "the snapshot is not as Piccolo prints it")
            .help("run `piccolo-codegen diff --resolve`");
        check.found(found.at(Place::line(&path, line)));
    }
    ahead(check, &snapshot, schema);
    Some(snapshot)
}

/// Says how the schema differs, and what would have to be decided.
fn ahead(check: &mut Check<'_>, snapshot: &Schema, schema: &Lowered) {
    let decisions = Decisions { renames: schema.renames.clone(), ..Decisions::default() };
    let place = Place::of(&check.settings.schema);
    let outcome = match plan::author(snapshot, &schema.schema, &decisions, &check.settings.engines, Options::default())
    {
        Ok(outcome) => outcome,
        Err(unsupported) => {
            check.found(Finding::new(Code::Ahead, unsupported.to_string()).at(place));
            return;
        }
    };
    for hint in &outcome.idle {
        let (code, help) = match hint.reason {
            Idleness::Done => (Code::StaleHint, "remove it from the schema"),
            Idleness::Unknown { .. } | Idleness::Ring | Idleness::Taken => {
                (Code::IdleHint, "correct it, or remove it from the schema")
            }
        };
        check.found(Finding::new(code, hint.to_string()).at(place.clone()).help(help));
    }
    for question in &outcome.questions {
        let mut found =
            Finding::new(Code::DecisionNeeded, format!("{}: {}", question.subject, question.reason)).at(place.clone());
        for answer in &question.answers {
            found = found.help(match &answer.flag {
                Some(flag) => format!("piccolo-codegen diff {flag}   ({})", answer.meaning),
                None => format!("in the schema: {}", answer.meaning),
            });
        }
        check.found(found);
    }
    if let Some(authored) = &outcome.authored {
        let changes = authored.changes.join("\n");
        let found = Finding::new(Code::Ahead, format!("the schema is ahead of the snapshot:\n{changes}"));
        check.found(found.at(place).help("run `piccolo-codegen diff`, and commit what it writes"));
    }
}

fn schema_warnings(check: &mut Check<'_>, warnings: &Diagnostics) {
    for warning in warnings {
        let file = warnings.sources().get(warning.span().file).map(|file| file.name.clone()).unwrap_or_default();
        let level = match warning.code.severity() {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
        };
        let mut found = Finding::new(Code::SchemaWarning, format!("{} ({})", warning.message, warning.code))
            .level(level)
            .at(Place { file, line: line(warning, warnings) });
        for help in &warning.help {
            found = found.help(help);
        }
        check.found(found);
    }
}

/// The line of a diagnostic.
pub(super) fn line(diagnostic: &Diagnostic, all: &Diagnostics) -> usize {
    let span = diagnostic.span();
    let before = all.sources().get(span.file).and_then(|file| file.text.get(..span.start));
    before.unwrap_or_default().matches('\n').count() + 1
}

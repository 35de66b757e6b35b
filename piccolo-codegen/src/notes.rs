//! What the author of a schema should know although nothing is wrong with it, in one line each.

use crate::config::Settings;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lower::Lowered;
use crate::project::{Input, Snapshot};
use crate::{diff, print, schema_from_sources};

/// How many changes a note lists before it only counts them.
const LISTED: usize = 3;

/// The warnings of the schema, and whether it is ahead of its migrations.
pub(crate) fn about(lowered: &Lowered, input: &Input, settings: &Settings) -> Vec<String> {
    let mut notes: Vec<String> =
        lowered.warnings.iter().map(|warning| in_one_line(warning, &lowered.warnings)).collect();
    match &input.snapshot {
        None => {}
        Some(Snapshot::Missing) if lowered.schema.tables.is_empty() => {}
        Some(Snapshot::Missing) => notes.push(
            "the schema has no migrations yet: `piccolo-codegen diff --name initial` writes the first one".to_owned(),
        ),
        Some(Snapshot::Text(sources)) => notes.extend(ahead(lowered, sources, settings)),
    }
    notes
}

/// Says so if the schema differs from the snapshot.
fn ahead(lowered: &Lowered, snapshot: &crate::source::Sources, settings: &Settings) -> Option<String> {
    // Nearly always the two are equal, and then their texts are as well: nothing needs to be parsed.
    let printed = print::schema(&lowered.schema);
    if snapshot.iter().any(|file| file.text.ends_with(&printed)) {
        return None;
    }
    let Ok(before) = schema_from_sources(snapshot, &settings.engines) else {
        return Some("the snapshot beside the migrations cannot be read: `piccolo-codegen check` says why".to_owned());
    };
    let difference = diff::diff(&before.schema, &lowered.schema, &lowered.renames);
    let changes = difference.changes.describe();
    if changes.is_empty() {
        return None;
    }
    let listed = changes.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    let more = match changes.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("the schema is ahead of its migrations ({listed}{more}): `piccolo-codegen diff` writes the next one"))
}

/// A finding with its place in front, as compilers write it where there is one line only.
fn in_one_line(diagnostic: &Diagnostic, all: &Diagnostics) -> String {
    let span = diagnostic.span();
    let place = all.sources().get(span.file).map(|file| {
        let line = file.text.get(..span.start).unwrap_or_default().matches('\n').count() + 1;
        format!("{}:{line}: ", file.name)
    });
    format!("{}{}", place.unwrap_or_default(), diagnostic.message)
}

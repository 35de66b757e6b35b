//! The laws of two versions of a schema and the migration between them.

use piccolo_codegen::change::{Decisions, Renames};
use piccolo_codegen::diff::diff;
use piccolo_codegen::proof::{Grounds, Proof};
use piccolo_codegen::{print, schema_from_str};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

use super::case::{Change, golden};
use super::run::Kind;

/// Two versions of a schema, and what was decided.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) before: Schema,
    pub(super) after: Schema,
    pub(super) decisions: Decisions,
}

impl Pair {
    pub(super) async fn holds(&self, grounds: &Grounds, dialect: Dialect) -> Result<Kind, String> {
        let Self { before, after, decisions } = self;
        differs_from_itself(before)?;
        let Some(change) = Change::plan("case", (before, after), decisions, &Dialect::ALL)? else {
            return Ok("nothing to change");
        };
        let proof = Proof {
            id: "case",
            old: before,
            new: after,
            decisions,
            authored: &change.authored,
            files: &change.files,
            beside: &[],
        };
        let proven = proof.on(grounds, dialect).await.map_err(|refutation| refutation.to_string())?;
        if proven.without_return.is_some() {
            return Ok("with losses that rows do not come back from, as the files say");
        }
        Ok(match (proven.without_rows.is_empty(), change.authored.losses.is_empty()) {
            (false, _) => "some table without rows",
            (true, true) => "lossless, with rows",
            (true, false) => "with losses and rows",
        })
    }

    pub(super) fn as_case(&self) -> String {
        golden(&self.before, &self.after, &self.decisions)
    }
}

/// A schema is no change of itself, and neither is what is printed of it.
fn differs_from_itself(schema: &Schema) -> Result<(), String> {
    let printed = schema_from_str("schema.piccolo", &print::schema(schema)).map_err(|error| error.to_string())?;
    for other in [schema, &printed.schema] {
        let changes = diff(other, schema, &Renames::default()).changes.describe();
        if !changes.is_empty() {
            return Err(format!("a schema differs from itself: {changes:?}"));
        }
    }
    Ok(())
}

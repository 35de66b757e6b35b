//! The laws of the differ and the planner, over arbitrary pairs of schemas.

#![cfg(test)]

mod model;

use piccolo_codegen::arbitrary::{self, Options};
use piccolo_codegen::change::Renames;
use piccolo_codegen::diff::diff;
use piccolo_codegen::migration::{Migration, files};
use piccolo_codegen::plan::{self, author};
use piccolo_codegen::{print, schema_from_str};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;
use proptest::prelude::*;

use model::{apply, in_order};

/// Pairs of schemas that have parts in common, and a coin for each rename that could be meant.
fn pairs() -> impl Strategy<Value = (Schema, Schema, Vec<bool>)> {
    let pair = arbitrary::pair(Options { runnable: true, ..Options::default() });
    (pair, prop::collection::vec(any::<bool>(), 8)).prop_map(|((before, after), coins)| (before, after, coins))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_schema_does_not_differ_from_itself(schema in arbitrary::schema(Options::default())) {
        let same = diff(&schema, &schema, &Renames::default());
        prop_assert!(same.changes.is_empty(), "{:?}", same.changes.describe());
        let printed = schema_from_str("schema.piccolo", &print::schema(&schema)).unwrap().schema;
        let same = diff(&printed, &schema, &Renames::default());
        prop_assert!(same.changes.is_empty(), "{:?}", same.changes.describe());
    }

    #[test]
    fn the_changes_lead_from_one_schema_to_the_other((before, after, coins) in pairs()) {
        let renames = arbitrary::renames(&before, &after, &coins);
        let changes = diff(&before, &after, &renames).changes;
        prop_assert_eq!(in_order(&apply(&before, &changes)), in_order(&after), "{:#?}", changes.describe());
    }

    #[test]
    fn the_inverse_changes_lead_back((before, after, coins) in pairs()) {
        let renames = arbitrary::renames(&before, &after, &coins);
        let forwards = diff(&before, &after, &renames);
        let backwards = diff(&after, &before, &forwards.inverse);
        prop_assert!(backwards.unknown.is_empty(), "{:?}", backwards.unknown);
        prop_assert_eq!(backwards.inverse.decided.len(), forwards.renames.len());
        prop_assert_eq!(in_order(&apply(&after, &backwards.changes)), in_order(&before));
        prop_assert_eq!(forwards.changes.is_empty(), backwards.changes.is_empty());
    }

    #[test]
    fn once_every_question_is_answered_there_is_a_plan_and_always_the_same((before, after, coins) in pairs()) {
        let decisions = arbitrary::decisions(&before, &after, &coins);
        let outcome = match author(&before, &after, &decisions, &Dialect::ALL, plan::Options::default()) {
            Ok(outcome) => outcome,
            // The one change without a plan: SQLite keeps the names of a row's number to itself.
            Err(refused) => {
                prop_assert!(refused.feature.starts_with("renaming the column"), "{}", refused);
                return Ok(());
            }
        };
        prop_assert!(outcome.questions.is_empty(), "{:#?}", outcome.questions);
        prop_assert!(outcome.unused.is_empty(), "{:?}", outcome.unused);
        let Some(authored) = outcome.authored else { return Ok(()) };
        let again = author(&before, &after, &decisions, &Dialect::ALL, plan::Options::default()).unwrap();
        prop_assert_eq!(again.authored.as_ref(), Some(&authored));
        let migration =
            Migration { id: "id", parents: &[], authored: &authored, decisions: &decisions, proven: &[], notes: &[] };
        for file in files(&migration) {
            let cascades = |line: &str| line.contains("DROP ") && line.contains("CASCADE");
            prop_assert!(!file.text.lines().any(cascades), "{}", file.text);
        }
    }
}

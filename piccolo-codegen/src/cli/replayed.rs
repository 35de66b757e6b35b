//! What migrations give on an empty database, against what a schema says.

use piccolo_runtime::introspect::{Change, Difference, Shape, differences};
use piccolo_runtime::migrate::{Migration, history};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

use super::exit::Failure;
use crate::proof::{self, Grounds, Refutation};

/// What differs between a replayed database and one that this schema creates. What the language cannot say is in migrations
/// alone, and is no difference.
pub(super) async fn against(
    grounds: &Grounds,
    dialect: Dialect,
    replayed: &Shape,
    schema: &Schema,
) -> Result<Vec<Difference>, Refutation> {
    let mut fresh = proof::fresh(grounds, dialect, schema).await?;
    fresh.objects.clone_from(&replayed.objects);
    Ok(differences(replayed, &fresh).into_iter().filter(|difference| !is_unsaid(difference)).collect())
}

/// What these migrations give, on every engine that can be reached.
pub(super) async fn shapes(grounds: &Grounds, migrations: &[Migration]) -> Result<Vec<Shape>, Failure> {
    let ordered = history::order(migrations).map_err(Failure::bad_input)?;
    let mut shapes = Vec::new();
    for dialect in grounds.reached() {
        let replayed = proof::in_order(grounds, dialect, &ordered).await;
        shapes.push(replayed.map_err(|refutation| {
            Failure::new(format!(
                "replaying the migrations failed, so nothing is known of what they give:\n{refutation}"
            ))
        })?);
    }
    Ok(shapes)
}

/// Whether a thing is only in the replayed database and cannot be said: a constraint of a kind of its own, a generated column, a sequence.
fn is_unsaid(difference: &Difference) -> bool {
    let Change::OnlyFirst(properties) = &difference.change else { return false };
    match difference.place.last().map(|(kind, _)| kind.as_str()) {
        Some("constraint") => true,
        Some("sequence") => !properties.contains("owner"),
        Some("column") => properties.contains("generated"),
        _ => false,
    }
}

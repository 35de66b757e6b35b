//! What the migrations have left, which the database is compared with to tell what was changed by hand.

use super::session::Session;
use crate::ask::run;
use crate::introspect::{self, Shape, carried};
use crate::migrate::journal;
use crate::{Error, Result};

/// What the database was before a run, and what the migrations before it had left.
pub(super) struct Baseline {
    expected: Shape,
    before: Shape,
}

impl Baseline {
    /// Reads it before a run; `None` where no run has recorded what it left after the last migration that is applied. The record is taken away
    /// until this run has come to its end: what one that is killed has left is not known.
    ///
    /// A migration does not fail because the journal says something that cannot be read.
    pub(super) async fn take(session: &Session, last: Option<&str>) -> Option<Self> {
        let take = async || {
            let Some(expected) = recorded(session, last).await? else { return Ok(None) };
            let transaction = session.begin().await?;
            let before = introspect::read(&transaction, &introspect::Options::new()).await?;
            if let Some(last) = last {
                run(&transaction, journal::forget_shape(last)).await?;
            }
            transaction.commit().await?;
            Ok::<_, Error>(Some(Self { expected, before }))
        };
        take().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what was changed by hand before this run is not known");
            None
        })
    }

    /// What this run would have left if nobody had changed anything by hand.
    pub(super) fn after(&self, after: &Shape) -> Shape {
        carried(&self.expected, &self.before, after)
    }
}

/// What was recorded with the last migration that is applied.
pub(super) async fn recorded(session: &Session, last: Option<&str>) -> Result<Option<Shape>> {
    let Some(last) = last else { return Ok(None) };
    let Some(text) = session.value::<Option<String>>(journal::shape(last)).await?.flatten() else { return Ok(None) };
    let shape = Shape::parse(&text).map_err(|error| Error::Migration {
        id: None,
        message: format!("the journal's shape of the database cannot be read: {error}"),
        cause: None,
    })?;
    Ok(Some(shape))
}

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
    /// until this run has come to its end: what one that is killed has left is not known. What was changed by hand before it is kept for the
    /// run that takes it up, which finds here what the killed one found.
    ///
    /// A migration does not fail because the journal says something that cannot be read.
    pub(super) async fn take(session: &Session, last: Option<&str>) -> Option<Self> {
        let take = async || {
            let Some(last) = last else { return Ok(None) };
            let Some(expected) = recorded(session, Some(last)).await? else { return interrupted(session).await };
            let transaction = session.begin().await?;
            let before = introspect::read(&transaction, &introspect::Options::new()).await?;
            let baseline = Self { expected, before };
            run(&transaction, journal::forget_shape(last)).await?;
            run(&transaction, journal::record_run(&baseline.to_text())).await?;
            transaction.commit().await?;
            Ok::<_, Error>(Some(baseline))
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

    /// As the journal keeps it during a run: a line with the length of the first shape, then both.
    fn to_text(&self) -> String {
        let (expected, before) = (self.expected.to_text(), self.before.to_text());
        format!("{} {}\n{expected}{before}", journal::RUN, expected.len())
    }

    fn parse(text: &str) -> Result<Self> {
        let (line, shapes) = text.split_once('\n').unwrap_or_default();
        let length = line.strip_prefix(journal::RUN).and_then(|length| length.trim().parse().ok()).unwrap_or_default();
        let (expected, before) = shapes.split_at_checked(length).unwrap_or_default();
        Ok(Self { expected: shape(expected)?, before: shape(before)? })
    }
}

/// What a run that did not come to its end had found.
async fn interrupted(session: &Session) -> Result<Option<Baseline>> {
    let text = session.value::<Option<String>>(journal::run_record()).await?.flatten();
    text.map(|text| Baseline::parse(&text)).transpose()
}

/// What was recorded with the last migration that is applied.
pub(super) async fn recorded(session: &Session, last: Option<&str>) -> Result<Option<Shape>> {
    let Some(last) = last else { return Ok(None) };
    let text = session.value::<Option<String>>(journal::shape(last)).await?.flatten();
    text.map(|text| shape(&text)).transpose()
}

fn shape(text: &str) -> Result<Shape> {
    Shape::parse(text).map_err(|error| Error::Migration {
        id: None,
        message: format!("the journal's shape of the database cannot be read: {error}"),
        cause: None,
    })
}

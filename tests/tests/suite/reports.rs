//! What this thread's engines report of their statements through `tracing`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// A report: its level, and its fields as text.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) level: Level,
    pub(crate) fields: BTreeMap<String, String>,
}

impl Report {
    /// A field, and an empty text where the report has none of this name.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

thread_local! {
    /// The reports of this thread, while somebody listens to them.
    static HEARD: RefCell<Option<Vec<Report>>> = const { RefCell::new(None) };
}

/// The reports of this thread from its creation until it is dropped.
///
/// One subscriber serves all threads of the process. A subscriber for each thread would lose reports: `tracing` asks the first thread that
/// comes to a place in the code whether its reports are wanted and remembers the answer for the others, too.
pub(crate) struct Reports;

impl Reports {
    /// Begins to listen.
    pub(crate) fn listen() -> Self {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(|| tracing::subscriber::set_global_default(Listener).unwrap());
        HEARD.set(Some(Vec::new()));
        Self
    }

    /// The reports since the last call.
    pub(crate) fn take(&self) -> Vec<Report> {
        HEARD.with_borrow_mut(|heard| heard.as_mut().map(std::mem::take).unwrap())
    }

    /// The one report since the last call.
    pub(crate) fn one(&self) -> Report {
        let reports = self.take();
        assert_eq!(reports.len(), 1, "{reports:#?}");
        reports[0].clone()
    }
}

impl Drop for Reports {
    fn drop(&mut self) {
        HEARD.set(None);
    }
}

/// Hands each report about a statement to the thread that made it.
struct Listener;

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "piccolo::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(BTreeMap::new());
        event.record(&mut fields);
        let report = Report { level: *event.metadata().level(), fields: fields.0 };
        HEARD.with_borrow_mut(|heard| heard.iter_mut().for_each(|heard| heard.push(report.clone())));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

//! Hints (`was`) that had no effect, and why.

use piccolo_runtime::schema::{QualifiedName, Schema, Text};

use super::pairing::{Named, Pairing, are_called_alike};
use super::resolve::Pairs;
use crate::change::Rename;
use crate::diagnostic::nearest;

/// A hint that had no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleHint {
    /// What the hint says.
    pub rename: Rename,
    /// Why it had no effect.
    pub reason: Idleness,
}

/// Why a hint had no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idleness {
    /// The new name is there already: an earlier migration has done what the hint says.
    Done,
    /// Nothing had the old name, nor has anything the new one.
    Unknown {
        /// The name that is most like it, where one is like enough.
        nearest: Option<Text>,
    },
    /// It is one of several that give each other's names away, all of which are there before and after.
    Ring,
    /// What it names on one of its sides is something else by a decision or by another hint.
    Taken,
}

impl IdleHint {
    /// Whether the hint was of use once, and nothing is wrong with it.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.reason == Idleness::Done
    }
}

impl std::fmt::Display for IdleHint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rename, reason } = self;
        write!(f, "`was` for {rename} ")?;
        match reason {
            Idleness::Done => f.write_str("has done its work"),
            Idleness::Unknown { nearest } => {
                write!(f, "does nothing: nothing in the snapshot is called `{}`", rename.from)?;
                nearest.as_ref().map_or(Ok(()), |near| write!(f, "; did you mean `{near}`?"))
            }
            Idleness::Ring => write!(
                f,
                "does nothing: both names are in the snapshot and in the schema; what swaps its names is decided by `--rename {rename}`"
            ),
            Idleness::Taken => {
                write!(f, "does nothing: what `{}` or `{}` is was settled otherwise", rename.from, rename.to)
            }
        }
    }
}

/// Says of each of these hints why it had no effect; nothing of one that says what was decided as well.
pub(super) fn explain(
    unused: Vec<Rename>,
    hints: &[Rename],
    (old, new): (&Schema, &Schema),
    pairs: &Pairs<'_>,
) -> Vec<IdleHint> {
    let reason = |hint: &Rename| match &hint.parent {
        None if calls(&new.tables, &hint.to) => among(hint, hints, &old.tables, &pairs.tables),
        None => among(hint, hints, &old.enums, &pairs.enums),
        Some(parent) => {
            let column = child(parent, &pairs.tables, |from, to| {
                let columns = pairs.columns.get(&from.sql_name)?;
                calls(&to.columns, &hint.to).then(|| among(hint, hints, &from.columns, columns))
            });
            let value = || {
                child(parent, &pairs.enums, |from, to| {
                    let values = pairs.values.get(&from.sql_name)?;
                    calls(&to.values, &hint.to).then(|| among(hint, hints, &from.values, values))
                })
            };
            // What is in a new table or enum was nothing before.
            column.or_else(value).unwrap_or(Some(Idleness::Unknown { nearest: None }))
        }
    };
    unused.into_iter().filter_map(|rename| Some(IdleHint { reason: reason(&rename)?, rename })).collect()
}

/// What a function says of the two sides of this parent, by its new name.
fn child<'a, P: Named<Key = QualifiedName>, R>(
    parent: &str,
    parents: &Pairing<'a, P>,
    of: impl Fn(&'a P, &'a P) -> Option<R>,
) -> Option<R> {
    parents.kept().filter(|(_, to)| to.is_called(parent)).find_map(|(from, to)| of(from, to))
}

fn calls<T: Named>(things: &[T], name: &str) -> bool {
    things.iter().any(|thing| thing.is_called(name))
}

/// Why a hint had no effect among these; `None` where it agrees with what was decided.
fn among<T: Named>(hint: &Rename, hints: &[Rename], old: &[T], pairing: &Pairing<'_, T>) -> Option<Idleness> {
    let Some((was, is)) = pairing.new.iter().find(|(_, new)| new.is_called(&hint.to)) else {
        return Some(Idleness::Unknown { nearest: None });
    };
    let renamed = was.filter(|was| was.key() != is.key());
    if renamed.is_some_and(|was| was.is_called(&hint.from)) {
        return None;
    }
    Some(if old.iter().any(|thing| are_called_alike(thing, is)) {
        if is_in_ring(hint, hints, pairing) { Idleness::Ring } else { Idleness::Done }
    } else if calls(old, &hint.from) {
        Idleness::Taken
    } else {
        let names = old.iter().flat_map(|thing| [thing.name(), thing.text()]);
        Idleness::Unknown { nearest: nearest(&hint.from, names).map(|name| name.to_owned().into()) }
    })
}

/// Whether following the hints of one list from name to name leads back to this one.
fn is_in_ring<T: Named>(hint: &Rename, hints: &[Rename], pairing: &Pairing<'_, T>) -> bool {
    let called = |name: &str| pairing.new.iter().position(|(_, new)| new.is_called(name));
    let Some(start) = called(&hint.to) else { return false };
    let mut next = called(&hint.from);
    // A thing has one hint at most, so that more steps lead to nothing new.
    for _ in 0..hints.len() {
        let Some(here) = next.filter(|here| *here != start) else { break };
        let of_here = hints.iter().find(|other| other.parent == hint.parent && called(&other.to) == Some(here));
        next = of_here.and_then(|other| called(&other.from));
    }
    next == Some(start)
}

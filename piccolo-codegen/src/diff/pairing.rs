//! Which thing of the old schema is which thing of the new one.

use std::collections::HashMap;
use std::hash::Hash;

use piccolo_runtime::schema::{Column, Enum, EnumValue, QualifiedName, Table, Text};

use crate::change::Rename;

/// What has a name in the database and one in the schema language.
pub(super) trait Named {
    /// The name in the database.
    type Key: Eq + Hash;

    /// The name in the database.
    fn key(&self) -> &Self::Key;

    /// The name in the database, without its schema.
    fn text(&self) -> &str;

    /// The name in the schema language.
    fn name(&self) -> &str;

    /// Whether a person may call it so.
    fn is_called(&self, name: &str) -> bool;
}

impl Named for Table {
    type Key = QualifiedName;

    fn key(&self) -> &QualifiedName {
        &self.sql_name
    }

    fn text(&self) -> &str {
        &self.sql_name.name
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || is_qualified_as(&self.sql_name, name)
    }
}

impl Named for Enum {
    type Key = QualifiedName;

    fn key(&self) -> &QualifiedName {
        &self.sql_name
    }

    fn text(&self) -> &str {
        &self.sql_name.name
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || is_qualified_as(&self.sql_name, name)
    }
}

impl Named for Column {
    type Key = Text;

    fn key(&self) -> &Text {
        &self.sql_name
    }

    fn text(&self) -> &str {
        &self.sql_name
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || self.sql_name == name
    }
}

impl Named for EnumValue {
    type Key = Text;

    fn key(&self) -> &Text {
        &self.text
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || self.text == name
    }
}

/// Whether the text is this name, with or without its schema.
fn is_qualified_as(qualified: &QualifiedName, text: &str) -> bool {
    qualified.name == text || qualified.schema.is_some() && qualified.to_string() == text
}

/// Two lists, matched.
#[derive(Debug)]
pub(super) struct Pairing<'a, T> {
    /// The new things in their order, each with the old one that it is.
    pub(super) new: Vec<(Option<&'a T>, &'a T)>,
    /// The old things that are no new one, in their order.
    pub(super) dropped: Vec<&'a T>,
}

impl<'a, T> Pairing<'a, T> {
    /// What exists on both sides, in the new order.
    pub(super) fn kept(&self) -> impl Iterator<Item = (&'a T, &'a T)> {
        self.new.iter().filter_map(|(old, new)| old.map(|old| (old, *new)))
    }

    /// What exists on the new side alone, in its order.
    pub(super) fn added(&self) -> impl Iterator<Item = &'a T> {
        self.new.iter().filter(|(old, _)| old.is_none()).map(|(_, new)| *new)
    }
}

impl<'a, T: Named<Key = Text>> Pairing<'a, T> {
    /// The new name in the database of what has this old one; `None` where it goes.
    pub(super) fn new_key(&self, old: &str) -> Option<&'a Text> {
        self.kept().find(|(from, _)| **from.key() == *old).map(|(_, to)| to.key())
    }
}

/// The renames that may apply to one list, each with its position in the caller's list.
pub(super) type Applicable<'r> = [(usize, &'r Rename)];

/// Matches two lists: decisions first, then hints of which the new name is new, then equal database names, then all other hints, then
/// equal names in the language. Gives the pairing and the positions of the decisions and hints that took effect.
///
/// A hint whose new name is new cannot have done its work in an earlier migration, so that it decides even where its old name is used again.
/// All others may have, and must do no harm.
pub(super) fn pair<'a, T: Named>(
    old: &'a [T],
    new: &'a [T],
    decisions: &Applicable<'_>,
    hints: &Applicable<'_>,
) -> (Pairing<'a, T>, Vec<usize>, Vec<usize>) {
    let mut matching = Matching { old, new, old_of: vec![None; new.len()], taken: vec![false; old.len()] };
    let used_decisions = matching.apply(decisions);
    let mut used_hints = Vec::new();
    loop {
        // What a hint takes away is a new name for another one.
        let news: Vec<_> = hints.iter().copied().filter(|(_, hint)| matching.is_new(&hint.to)).collect();
        let used = matching.apply(&news);
        if used.is_empty() {
            break;
        }
        used_hints.extend(used);
    }
    matching.by_key();
    used_hints.extend(matching.apply(hints));
    matching.by_name();
    (matching.finish(), used_decisions, used_hints)
}

/// Whether both have the same name, be it the one in the database or the one in the schema language.
pub(super) fn are_called_alike<T: Named>(one: &T, other: &T) -> bool {
    one.key() == other.key() || one.name() == other.name()
}

/// A matching in the making, by positions.
struct Matching<'a, T> {
    old: &'a [T],
    new: &'a [T],
    /// For each new thing, the position of the old one.
    old_of: Vec<Option<usize>>,
    /// For each old thing, whether it has been matched.
    taken: Vec<bool>,
}

impl<'a, T: Named> Matching<'a, T> {
    /// Matches what the renames name, where both sides are free, and gives the positions of those that took effect.
    fn apply(&mut self, renames: &Applicable<'_>) -> Vec<usize> {
        let mut used = Vec::new();
        for (position, rename) in renames {
            let from = self.old.iter().position(|thing| thing.is_called(&rename.from));
            let to = self.new.iter().position(|thing| thing.is_called(&rename.to));
            if let (Some(from), Some(to)) = (from, to)
                && self.connect(from, to)
            {
                used.push(*position);
            }
        }
        used
    }

    /// Whether the new side has something of this name, and nothing on the old side that is called like it is free.
    fn is_new(&self, name: &str) -> bool {
        let mut free = self.old.iter().zip(&self.taken).filter(|(_, taken)| !**taken);
        let called = self.new.iter().find(|thing| thing.is_called(name));
        called.is_some_and(|thing| !free.any(|(known, _)| are_called_alike(known, thing)))
    }

    fn by_key(&mut self) {
        // Most things are where they were.
        for position in 0..self.new.len().min(self.old.len()) {
            if self.old.get(position).map(Named::key) == self.new.get(position).map(Named::key) {
                self.connect(position, position);
            }
        }
        if self.is_complete() {
            return;
        }
        let positions: HashMap<&T::Key, usize> =
            self.old.iter().enumerate().map(|(position, thing)| (thing.key(), position)).collect();
        for to in 0..self.new.len() {
            if let Some(from) = self.new.get(to).and_then(|thing| positions.get(thing.key())) {
                self.connect(*from, to);
            }
        }
    }

    fn by_name(&mut self) {
        if self.is_complete() {
            return;
        }
        let positions: HashMap<&str, usize> =
            self.old.iter().enumerate().map(|(position, thing)| (thing.name(), position)).collect();
        for to in 0..self.new.len() {
            if let Some(from) = self.new.get(to).and_then(|thing| positions.get(thing.name())) {
                self.connect(*from, to);
            }
        }
    }

    /// Whether one side has nothing left to match.
    fn is_complete(&self) -> bool {
        self.old_of.iter().all(Option::is_some) || self.taken.iter().all(|taken| *taken)
    }

    /// Matches two positions if both are free.
    fn connect(&mut self, from: usize, to: usize) -> bool {
        match (self.taken.get_mut(from), self.old_of.get_mut(to)) {
            (Some(taken @ false), Some(old_of @ None)) => {
                *taken = true;
                *old_of = Some(from);
                true
            }
            (Some(_) | None, Some(_) | None) => false,
        }
    }

    fn finish(self) -> Pairing<'a, T> {
        let Self { old, new, old_of, taken } = self;
        let kept = new.iter().zip(old_of).map(|(new, from)| (from.and_then(|from| old.get(from)), new)).collect();
        let dropped = old.iter().zip(taken).filter(|(_, taken)| !taken).map(|(old, _)| old).collect();
        Pairing { new: kept, dropped }
    }
}

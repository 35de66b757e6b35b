//! Two schemas to the changes between them: pure, deterministic, in declared order, and never guessing.
//!
//! What has the same name in the database on both sides is the same thing; so is what keeps its name in the schema language
//! while its database name changes (`tablename = "…"`). Any other rename is an input ([`Renames`]), and decides. What could be a rename but was
//! not decided comes back as ranked [`Candidate`]s beside the changes that follow if it is none.
//!
//! Renames are settled first and attributes compared after, through the renames: a foreign key whose target was
//! merely renamed has not changed.

mod candidate;
mod columns;
mod constraints;
mod enums;
mod idle;
mod pairing;
mod resolve;
mod tables;

use piccolo_runtime::schema::{QualifiedName, Schema};

pub use candidate::Candidate;
pub use idle::{IdleHint, Idleness};

use crate::change::{Changes, Rename, Renames};

/// What a comparison of two schemas gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Diff<'a> {
    /// The changes that lead from the old schema to the new one.
    pub changes: Changes<'a>,
    /// Every rename that the changes contain, by database names.
    pub renames: Vec<Rename>,
    /// The same renames backwards: the decisions for `diff(new, old, …)`.
    pub inverse: Renames,
    /// Renames that were not decided but could be meant, the likeliest first for each thing that goes.
    pub candidates: Vec<Candidate>,
    /// The tables of the new schema whose columns stand in another order than before, which is no change to what is stored.
    pub reordered: Vec<&'a QualifiedName>,
    /// Hints (`was`) that had no effect, and why. All but those that say what was decided as well.
    pub idle: Vec<IdleHint>,
    /// Decisions that fit neither schema: mistyped, or made for another change.
    pub unknown: Vec<Rename>,
}

/// Compares two schemas.
#[must_use]
pub fn diff<'a>(old: &'a Schema, new: &'a Schema, renames: &Renames) -> Diff<'a> {
    let mut pairs = resolve::resolve(old, new, renames);
    let changes = Changes { enums: enums::changes(&pairs), tables: tables::changes(&pairs) };
    let candidates = candidate::candidates(&changes);
    let reordered = tables::reordered(&pairs);
    let inverse = Renames { hints: Vec::new(), decided: std::mem::take(&mut pairs.inverse) };
    let unused = std::mem::take(&mut pairs.idle);
    let idle = idle::explain(unused, &renames.hints, (old, new), &pairs);
    Diff { changes, renames: pairs.renames, inverse, candidates, reordered, idle, unknown: pairs.unknown }
}

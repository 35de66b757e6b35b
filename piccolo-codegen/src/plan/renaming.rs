//! Renames in an order that works.

use std::collections::HashSet;
use std::hash::Hash;

/// Orders renames that are meant to happen at once so that no new name is taken when its turn comes. A ring (`a` to `b`, `b` to
/// `a`) is opened with a name that `helper` makes.
pub(super) fn sequence<N: Clone + Eq + Hash>(renames: Vec<(N, N)>, helper: impl Fn(&N) -> N) -> Vec<(N, N)> {
    let mut waiting = renames;
    let mut taken: HashSet<N> = waiting.iter().map(|(from, _)| from.clone()).collect();
    let mut out = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let before = waiting.len();
        waiting.retain(|(from, to)| {
            if taken.contains(to) {
                return true;
            }
            taken.remove(from);
            out.push((from.clone(), to.clone()));
            false
        });
        if waiting.len() == before
            && let Some((from, _)) = waiting.first_mut()
        {
            let parked = helper(from);
            taken.remove(from);
            out.push((from.clone(), parked.clone()));
            *from = parked;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::sequence;

    #[test]
    fn a_chain_is_walked_from_its_free_end_and_a_ring_is_opened() {
        let helper = |name: &&'static str| if *name == "a" { "_a" } else { "_other" };
        assert_eq!(sequence(vec![("a", "b"), ("b", "c")], helper), [("b", "c"), ("a", "b")]);
        assert_eq!(sequence(vec![("a", "b"), ("b", "a")], helper), [("a", "_a"), ("b", "a"), ("_a", "b")]);
    }
}

//! The names that come closest to one that does not exist.

/// At most this many are shown.
pub(crate) const MOST: usize = 3;

/// The candidates that come closest to `name`, best first; those that differ in more than half of it are left out.
pub(crate) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<String> {
    let limit = name.chars().count().max(3) / 2;
    let mut close: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(candidate, name), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    close.sort_by_key(|(distance, _)| *distance);
    close.into_iter().take(MOST).map(|(_, candidate)| candidate.to_owned()).collect()
}

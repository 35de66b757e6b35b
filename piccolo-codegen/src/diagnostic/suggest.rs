//! Near-miss suggestions: what the author may have meant.

/// A longer name is nobody's slip, and comparing it would take long.
const LONGEST: usize = 128;

/// The candidate that is most like `wrong`, where one is near enough to be worth saying.
pub(crate) fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.len() > LONGEST {
        return None;
    }
    let lower = wrong.to_ascii_lowercase();
    // A third of the letters may be wrong, and one letter in the shortest names.
    let length = wrong.chars().count();
    let limit = (length / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != wrong && candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The help line for an unknown name: the nearest candidate, or nothing.
pub(crate) fn did_you_mean<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wrong, candidates).map(|name| format!("did you mean `{name}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_a_stranger_is_not() {
        let candidates = ["Varchar", "Text", "Integer"];
        assert_eq!(nearest("Varhcar", candidates), Some("Varchar"));
        assert_eq!(nearest("varchar", candidates), Some("Varchar"));
        assert_eq!(nearest("Colour", candidates), None);
        assert_eq!(did_you_mean("Intger", candidates), "did you mean `Integer`?");
    }
}

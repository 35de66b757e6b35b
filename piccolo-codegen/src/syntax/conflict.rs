//! git's conflict markers.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The line that begins a conflict, without what git writes behind it.
const OURS: &str = "<<<<<<<";
/// The line above the common ancestor's version, where git was told to show it.
#[cfg(feature = "cli")]
const BASE: &str = "|||||||";
/// The line between the two versions.
#[cfg(feature = "cli")]
const BETWEEN: &str = "=======";
/// The line that ends a conflict.
#[cfg(feature = "cli")]
const THEIRS: &str = ">>>>>>>";

/// Whether git left a conflict in a text.
#[cfg(feature = "cli")]
#[must_use]
pub(crate) fn has_markers(text: &str) -> bool {
    text.lines().any(|line| line.starts_with(OURS) || line.starts_with(THEIRS))
}

/// A finding for each conflict.
pub(super) fn markers(text: &str, file: usize) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(OURS) {
            let span = Span { file, start, end: start + line.trim_end().len() };
            found.push(
                Diagnostic::new(Code::ConflictMarker, "git could not merge these lines")
                    .label(span, "a conflict begins here")
                    .help("keep what is right of both versions, and remove the three lines that begin with `<`, `=` and `>`"),
            );
        }
        start += line.len();
    }
    found
}

/// The two files that a text with conflicts holds: ours and theirs.
#[cfg(feature = "cli")]
#[must_use]
pub(crate) fn sides(text: &str) -> [String; 2] {
    #[derive(Clone, Copy, PartialEq)]
    enum Part {
        Both,
        Ours,
        Base,
        Theirs,
    }
    let mut part = Part::Both;
    let [mut ours, mut theirs] = [String::new(), String::new()];
    for line in text.split_inclusive('\n') {
        let next = match part {
            Part::Both if line.starts_with(OURS) => Some(Part::Ours),
            Part::Ours if line.starts_with(BASE) => Some(Part::Base),
            Part::Ours | Part::Base if line.starts_with(BETWEEN) => Some(Part::Theirs),
            Part::Theirs if line.starts_with(THEIRS) => Some(Part::Both),
            Part::Both | Part::Ours | Part::Base | Part::Theirs => None,
        };
        if let Some(next) = next {
            part = next;
            continue;
        }
        if matches!(part, Part::Both | Part::Ours) {
            ours.push_str(line);
        }
        if matches!(part, Part::Both | Part::Theirs) {
            theirs.push_str(line);
        }
    }
    [ours, theirs]
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::{has_markers, sides};

    #[test]
    fn both_versions_are_read_out_of_a_conflict() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> theirs\nd\n";
        assert!(has_markers(text));
        assert_eq!(sides(text), ["a\nb\nd\n", "a\nc\nd\n"]);
        assert!(!has_markers("// <<<<<<< in a comment\n"));
    }
}

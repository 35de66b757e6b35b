//! What a branch changed of migrations that others may have applied. git knows what they were.
//!
//! A checksum in `migration.toml` would know only what the last run of `diff` wrote, and would forbid the author to mend a migration that
//! nobody has seen yet. What counts is what others may have run, and that is what was committed before.

use std::collections::BTreeSet;

use piccolo_runtime::migrate::file::Script;
use piccolo_runtime::sql::Dialect;

use super::Check;
use super::code::{Code, Level};
use super::finding::{Finding, Place};
use crate::cli::git::{Change, Git};
use crate::migration::{MANIFEST_FILE, Manifest, script_name};
use crate::plan::Direction;
use crate::project::shown;

/// The variables in which CI systems name the branch that a request will be merged into.
const TARGETS: [&str; 4] =
    ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CHANGE_TARGET", "BITBUCKET_PR_DESTINATION_BRANCH"];

/// Lists what was edited, and gives the ids of the migrations that are new; all of them where nothing is known.
pub(super) fn check(check: &mut Check<'_>, named: Option<&str>) -> BTreeSet<String> {
    let all: BTreeSet<String> = check.folder.migrations.iter().map(|folder| folder.id.clone()).collect();
    let settings = check.settings;
    let Some(folder) = settings.migrations.as_deref().filter(|folder| folder.is_dir()) else { return all };
    let Some(git) = Git::at(folder) else {
        if let Some(named) = named {
            let found = Finding::new(Code::NoBase, format!("{named} is not known: there is no git repository here"));
            check.found(found.at(Place::of(folder)));
        }
        return all;
    };
    let (base, level) = match base(&git, named) {
        Ok(base) => base,
        Err(unknown) => {
            let found = Finding::new(Code::NoBase, format!("{unknown} is no commit that git knows here"))
                .help("fetch it (`fetch-depth: 0` for GitHub's checkout action), or name another with `--base`");
            check.found(found.at(Place::of(folder)));
            return all;
        }
    };
    check.terminal.detail(format_args!("compared with the commit {base}"));
    let before: BTreeSet<String> =
        git.files(&base).iter().filter_map(|path| Some(path.split_once('/')?.0.to_owned())).collect();
    let mut removed = BTreeSet::new();
    for (change, path) in git.changes_since(&base) {
        let Some((id, file)) = path.split_once('/') else { continue };
        if !all.contains(id) {
            if removed.insert(id.to_owned()) && !id.starts_with('.') && id != crate::migration::DRAFT_FOLDER {
                let found = Finding::new(Code::Removed, format!("{id} was removed"));
                let help = format!("bring it back: git checkout {base} -- {}", shown(&folder.join(id)).display());
                check.found(found.level(level).at(Place::of(&folder.join(id))).help(help));
            }
            continue;
        }
        if change == Change::Modified
            && let Some(old) = git.show(&base, &path)
        {
            let new = check.folder.migrations.iter().find(|folder| folder.id == id);
            let new = new.and_then(|folder| folder.texts.get(file)).cloned().unwrap_or_default();
            let place = Place::of(&folder.join(&path));
            if let Some(found) = edited(id, file, &old, &new, place) {
                check.found(found.level(level));
            }
        }
    }
    all.difference(&before).cloned().collect()
}

/// The commit to compare with and how bad a difference is, or what was named and is not known.
fn base(git: &Git<'_>, named: Option<&str>) -> Result<(String, Level), String> {
    let variable = |name| std::env::var(name).ok().filter(|branch: &String| !branch.is_empty());
    let target = TARGETS.into_iter().find_map(variable);
    let candidates: Vec<String> = match (named, &target) {
        (Some(named), _) => vec![named.to_owned()],
        (None, Some(branch)) => vec![format!("origin/{branch}"), branch.clone()],
        (None, None) => vec!["origin/HEAD".to_owned(), "HEAD".to_owned()],
    };
    let found = candidates.iter().find(|candidate| git.revision(candidate).is_some());
    let found = found.ok_or_else(|| named.map(str::to_owned).or(target).unwrap_or_else(|| "HEAD".to_owned()))?;
    let base = git.merge_base(found, "HEAD").ok_or_else(|| found.clone())?;
    // What is only committed here may be one's own work of this morning.
    let level = if named.is_none() && found == "HEAD" { Level::Warning } else { Level::Error };
    Ok((base, level))
}

/// What differs between two versions of one file, where it counts.
fn edited(id: &str, file: &str, old: &str, new: &str, place: Place) -> Option<Finding> {
    if file == MANIFEST_FILE {
        let (old, new) = (old.parse::<Manifest>().ok()?, new.parse::<Manifest>().ok()?);
        let found = Finding::new(Code::MovedParents, format!("the parents of {id} were changed"));
        return (old.parents != new.parents).then(|| found.at(place).help("bring migration.toml back as it was"));
    }
    // How a migration is undone may be mended at any time.
    let dialect = Dialect::ALL.into_iter().find(|dialect| file == script_name(Direction::Up, *dialect))?;
    let (old, new) = (Script::parse(old, dialect).ok()?, Script::parse(new, dialect).ok()?);
    if old.checksum() == new.checksum() {
        return None;
    }
    let statements = |script: &Script| -> Vec<(usize, String)> {
        let steps = script.steps.iter().flat_map(|step| &step.statements);
        steps.map(|statement| (statement.line, statement.normal.clone())).collect()
    };
    let (old, new) = (statements(&old), statements(&new));
    let same = old.iter().zip(&new).take_while(|((_, old), (_, new))| old == new).count();
    let mut message = format!("{id} was edited in {file}");
    if let Some((_, old)) = old.get(same) {
        message.push_str(&format!("\nwas: {old}"));
    }
    if let Some((_, new)) = new.get(same) {
        message.push_str(&format!("\nis:  {new}"));
    }
    let line = new.get(same).map_or(place.line, |(line, _)| *line);
    let found = Finding::new(Code::Edited, message).at(Place { line, ..place });
    Some(found.help("bring the file back as it was, and put the change into a new migration"))
}

//! The proof of a migration before it is written.

use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

use super::database::block_on;
use super::exit::Failure;
use super::refused;
use super::terminal::Terminal;
use crate::change::Decisions;
use crate::config::Settings;
use crate::migration::{self, Migration, not_proven};
use crate::plan::shell_word;
use crate::proof::{Grounds, Proof, Proven, Refutation};
use crate::source::Sources;

/// The environment variable that wins over `scratch_url` in `piccolo.toml`.
const URL_VARIABLE: &str = "PICCOLO_SCRATCH_URL";

/// What a proof came to that refuted nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The engines on which the migration is proven.
    pub(super) proven: Vec<Dialect>,
    /// What the files of an engine have to say about it.
    pub(super) notes: Vec<(Dialect, String)>,
    /// What is for this one reader alone, because it depends on the machine.
    asides: Vec<String>,
}

impl Verdict {
    /// The verdict where nothing was tried.
    pub(super) fn nothing(engines: &[Dialect]) -> Self {
        let notes = engines.iter().map(|dialect| (*dialect, not_proven(*dialect))).collect();
        Self { notes, ..Self::default() }
    }

    /// Says it.
    pub(super) fn tell(&self, terminal: &Terminal) {
        if !self.proven.is_empty() {
            let names: Vec<&str> = self.proven.iter().map(|dialect| dialect.name()).collect();
            terminal.say(format_args!("proven on {}", names.join(" and ")));
        }
        for (_, note) in &self.notes {
            terminal.warn(note);
        }
        for aside in &self.asides {
            terminal.say(format_args!("  {aside}"));
        }
    }

    fn add(&mut self, dialect: Dialect, proven: Proven) {
        let Proven { without_rows, without_edges, without_return } = proven;
        self.proven.push(dialect);
        let rows = without_rows
            .iter()
            .map(|table| format!("proven without rows in {table}: none were found that its checks allow"));
        self.notes.extend(rows.map(|note| (dialect, note)));
        if let Some(message) = without_edges {
            let note = "proven without values at the edges of their types, for which the migration fails";
            self.notes.push((dialect, note.to_owned()));
            self.asides.push(message);
        }
        if let Some(message) = without_return {
            let note = "proven on the way back without rows: some lose what they point to, and then it fails and changes nothing";
            self.notes.push((dialect, note.to_owned()));
            self.asides.push(message);
        }
    }
}

/// Where proofs may run: the environment says, or `piccolo.toml`.
pub(super) fn scratch_url(settings: &Settings) -> Option<String> {
    std::env::var(URL_VARIABLE).ok().filter(|url| !url.is_empty()).or_else(|| settings.scratch_url.clone())
}

/// Proves a migration between two schemas on every engine that can be reached.
///
/// A refutation is a failure: then nothing is to be written. `sources` are the texts of the new schema, into which its mistakes point.
pub(super) fn prove(
    planned: &Migration<'_>,
    (old, new, sources): (&Schema, &Schema, &Sources),
    settings: &Settings,
    terminal: &Terminal,
) -> Result<Verdict, Failure> {
    let files = migration::files(planned);
    let Migration { id, authored, decisions, .. } = *planned;
    let proof = Proof { id, old, new, decisions, authored, files: &files, beside: &[] };
    let url = scratch_url(settings);
    block_on(async {
        let grounds = Grounds::open(&settings.engines, url.as_deref()).await;
        let mut verdict = Verdict::default();
        for (dialect, reason) in grounds.unreached() {
            verdict.notes.push((dialect, not_proven(dialect)));
            verdict.asides.push(reason.to_owned());
        }
        let reached: Vec<Dialect> = grounds.reached().collect();
        let mut refuted = None;
        for dialect in reached {
            terminal.detail(format_args!("proving {id} on {dialect}"));
            match proof.on(&grounds, dialect).await {
                Ok(proven) => verdict.add(dialect, proven),
                Err(refutation) => {
                    refuted = Some(refutation);
                    break;
                }
            }
        }
        grounds.close().await;
        match refuted {
            Some(Refutation::Checks { dialect, refused }) => {
                Err(refused::diagnostics(&refused, dialect, sources).into())
            }
            Some(refutation) => Err(Failure::new(format!(
                "the migration was tried on scratch databases and is not written: {refutation}\n{}",
                way_out(&refutation, decisions)
            ))),
            None => Ok(verdict),
        }
    })
}

/// What to do about a migration that was refuted.
fn way_out(refutation: &Refutation, decisions: &Decisions) -> String {
    let unread = unread(refutation, decisions);
    if unread.is_empty() {
        return "`--no-verify` writes it all the same, and says so in its files".to_owned();
    }
    format!("the database cannot read what it was given for rows: mend {}", unread.join(" and "))
}

/// The flags of the expressions that a database cannot read, where that is why a statement failed: no rows would help it.
fn unread(refutation: &Refutation, decisions: &Decisions) -> Vec<String> {
    let Refutation::Step { dialect, message, whatever_rows: true, .. } = refutation else { return Vec::new() };
    // The message shows the statement, in which space and comments are not as they were written.
    let without_space = |text: &str| text.split_whitespace().collect::<String>();
    let said = without_space(message);
    let is_in_it = |expression: &str| said.contains(&without_space(expression));
    let candidates = decisions.backfills.iter().filter(|(key, _)| key.dialect.is_none_or(|one| one == *dialect));
    let found: Vec<_> = candidates.filter(|(_, expression)| is_in_it(expression)).collect();
    // What the database names is in the expression that is wrong, as a rule.
    let error = message.split_once("failed: ").map_or(message.as_str(), |(_, error)| error);
    let error = error.split(", at `").next().unwrap_or(error).lines().next().unwrap_or_default();
    let named: Vec<&str> = words(error).collect();
    let is_named = |expression: &str| words(expression).any(|word| named.contains(&word));
    let mut blamed: Vec<_> = found.iter().filter(|(_, expression)| is_named(expression)).collect();
    if blamed.is_empty() {
        blamed = found.iter().collect();
    }
    blamed
        .iter()
        .map(|(key, expression)| format!("`--backfill {}`", shell_word(&format!("{key}={expression}"))))
        .collect()
}

/// The names and keywords in a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|word| word.starts_with(|first: char| first.is_alphabetic() || first == '_'))
}

//! Values of the file, each with the sentence about a wrong one.

use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use crate::nearest::nearest;

/// A value with its place in the text.
pub(super) type Value<'v> = Spanned<DeValue<'v>>;

/// A mistake in the file: the line, counted from 1, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) line: usize,
    pub(super) message: String,
}

/// Reads values and gathers what is wrong with them.
pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) mistakes: Vec<Mistake>,
}

/// The greatest time that can be asked for, in seconds; more is a slip.
const LONGEST: f64 = 1e9;

impl<'t> Reader<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, mistakes: Vec::new() }
    }

    /// What stands in the text.
    pub(super) fn written(&self, at: Range<usize>) -> &'t str {
        self.text.get(at).unwrap_or_default()
    }

    /// A text that is not empty.
    pub(super) fn text_of(&mut self, key: &str, value: &Value<'_>) -> Option<String> {
        match value.get_ref().as_str() {
            Some("") => self.mistake(value.span(), format!("`{key}` is empty")),
            Some(text) => return Some(text.to_owned()),
            None => self.mistake(value.span(), format!("`{key}` must be a text in quotes")),
        }
        None
    }

    /// A text that is one of these.
    pub(super) fn one_of<T: Copy>(&mut self, key: &str, value: &Value<'_>, choices: &[(&str, T)]) -> Option<T> {
        let given = value.get_ref().as_str().unwrap_or_default();
        let found = choices.iter().find(|(name, _)| *name == given).map(|(_, choice)| *choice);
        if found.is_none() {
            let names: Vec<String> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            self.mistake(value.span(), format!("`{key}` must be one of {}", names.join(", ")));
        }
        found
    }

    /// `true` or `false`.
    pub(super) fn switch(&mut self, key: &str, value: &Value<'_>) -> Option<bool> {
        let switch = value.get_ref().as_bool();
        if switch.is_none() {
            self.mistake(value.span(), format!("`{key}` must be true or false, without quotes"));
        }
        switch
    }

    /// A whole number of at least `least`.
    pub(super) fn count(&mut self, key: &str, value: &Value<'_>, least: usize) -> Option<usize> {
        let count =
            whole(value.get_ref()).and_then(|number| usize::try_from(number).ok()).filter(|count| *count >= least);
        if count.is_none() {
            self.mistake(value.span(), format!("`{key}` must be a whole number of at least {least}"));
        }
        count
    }

    /// A time in seconds, of which 0 is one only where `zero` says so.
    pub(super) fn seconds(&mut self, key: &str, value: &Value<'_>, zero: bool) -> Option<Duration> {
        #[expect(clippy::cast_precision_loss, reason = "far above the greatest time that is taken")]
        let number = match whole(value.get_ref()) {
            Some(number) => Some(number as f64),
            None => value.get_ref().as_float().and_then(|number| number.as_str().replace('_', "").parse::<f64>().ok()),
        };
        let fits = |number: &f64| number.is_finite() && *number <= LONGEST && (*number > 0.0 || zero && *number == 0.0);
        let time = number.filter(fits).and_then(|number| Duration::try_from_secs_f64(number).ok());
        if time.is_none() {
            let least = if zero { "" } else { " above 0" };
            self.mistake(value.span(), format!("`{key}` must be a number of seconds{least}, such as 30 or 0.5"));
        }
        time
    }

    /// Says that a key is none, and what was meant.
    pub(super) fn unknown_key(&mut self, at: Range<usize>, key: &str, table: &str, known: &[&str]) {
        let help = match nearest(key, known.iter().copied()).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys are `{}`", known.join("`, `")),
        };
        self.mistake(at, format!("{table}`{key}` is not a key: {help}"));
    }

    /// Adds a mistake at a place.
    pub(super) fn mistake(&mut self, at: Range<usize>, message: impl Into<String>) {
        let before = self.text.as_bytes().get(..at.start).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        self.mistakes.push(Mistake { line, message: message.into() });
    }
}

/// A whole number.
fn whole(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

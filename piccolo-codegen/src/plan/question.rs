//! What has to be decided before a migration can be written.

/// Something that only a person can decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it is about, such as `drop-column:band.popularity`; unique among the questions of one comparison.
    pub subject: String,
    /// Why it is asked, in one sentence.
    pub reason: String,
    /// What can be answered, the likeliest first.
    pub answers: Vec<Answer>,
}

/// One way to answer a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What to add to the command line, ready to paste but for what stands in angle brackets; `None` where the schema has to be
    /// changed instead.
    pub flag: Option<String>,
    /// What it means.
    pub meaning: String,
}

impl Answer {
    /// An answer by a flag.
    pub(super) fn flag(flag: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self { flag: Some(flag.into()), meaning: meaning.into() }
    }

    /// An answer by changing the schema.
    pub(super) fn schema(meaning: impl Into<String>) -> Self {
        Self { flag: None, meaning: meaning.into() }
    }
}

/// A value as a word of a POSIX shell: as it is where nothing in it is special, in single quotes otherwise.
pub(crate) fn shell_word(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-.:=/@%+,".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

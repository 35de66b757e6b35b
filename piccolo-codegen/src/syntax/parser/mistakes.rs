//! What the grammar could not read, said in words: the catch-alls of a body, and what was expected where.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rules' enum is generated, and most rules have no words of their own"
)]

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use super::{Builder, Grammar, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::expected::{not_a_declaration, stray_doc, unexpected};

impl Builder<'_> {
    /// Reports a chunk that has no body, or does not begin like a declaration.
    pub(super) fn headless(&mut self, source: &str) {
        let record = expectation(Rule::strict_record_header, source);
        let enumeration = expectation(Rule::strict_enum_header, source);
        let furthest = match (record, enumeration) {
            (Some(record), Some(enumeration)) if enumeration.0 > record.0 => Some(enumeration),
            (record, _) => record,
        };
        let diagnostic = match furthest {
            Some((position, expected)) if !expected.contains(&"a declaration") => {
                unexpected(self.text, self.file, self.base + position, self.end, &expected)
            }
            _ => not_a_declaration(self.text, self.file, self.base, self.end),
        };
        self.report(diagnostic, Span { file: self.file, start: self.base, end: self.end });
    }

    /// Reports what stands in a body and is neither column nor statement.
    pub(super) fn junk(&mut self, pair: &Pair<'_, Rule>, behind: Option<Span>) {
        let span = self.span(pair);
        let same_line = behind.filter(|behind| {
            let between = self.text.get(behind.end..span.start).unwrap_or("\n");
            !between.contains('\n')
        });
        if same_line.is_some() {
            let diagnostic = unexpected(self.text, self.file, span.start, span.end, &["the end of the line"]);
            let word = pair.as_str().starts_with(|first: char| first.is_ascii_alphabetic());
            let help = if word { "arguments stand in parentheses, as in `Varchar(length = 100, null)`" } else { "" };
            self.report(diagnostic.help(help), span);
        } else {
            self.explain(Rule::strict_item, pair);
        }
    }

    /// Reports what is wrong with a part, by parsing it again with the rule that has no catch-alls.
    pub(super) fn explain(&mut self, rule: Rule, pair: &Pair<'_, Rule>) {
        let span = self.span(pair);
        let diagnostic = match expectation(rule, pair.as_str()) {
            _ if pair.as_str().lines().all(|line| line.trim_start().starts_with("///")) => {
                let first = pair.as_str().lines().next().unwrap_or_default();
                stray_doc(Span { end: span.start + first.len(), ..span })
            }
            Some((position, mut expected)) => {
                let typed = pair.as_str().get(..position).is_some_and(|before| before.trim_end().ends_with(':'));
                for word in &mut expected {
                    match *word {
                        "a name" if typed => *word = "a column type, such as `Varchar`",
                        "the end of the line" if rule == Rule::strict_variant => *word = "`}`",
                        _ => {}
                    }
                }
                unexpected(self.text, self.file, span.start + position, span.end, &expected)
            }
            // The part is fine by itself: what is wrong is what follows it.
            None => unexpected(self.text, self.file, span.end, self.end, &[]),
        };
        self.report(diagnostic, span);
    }

    pub(super) fn separator(&mut self, pair: &Pair<'_, Rule>) {
        let span = self.span(pair);
        let found = pair.as_str();
        let diagnostic = Diagnostic::new(Code::Separator, format!("`{found}` does not belong here"))
            .label(span, "remove it")
            .help("the lines of a table stand without separators, the values of an enum with one comma between two");
        self.report(diagnostic, span);
    }

    pub(super) fn unclosed(&mut self, open: usize) {
        let span = Span { file: self.file, start: open, end: open + 1 };
        let diagnostic =
            Diagnostic::new(Code::Unclosed, "this brace is never closed").label(span, "").help("close it with `}`");
        self.report(diagnostic, span);
    }
}

/// Where the rule stops matching, and the words for what it would take there; `None` where it matches.
pub(super) fn expectation(rule: Rule, text: &str) -> Option<(usize, Vec<&'static str>)> {
    let error = Grammar::parse(rule, text).err()?;
    let position = match error.location {
        InputLocation::Pos(position) | InputLocation::Span((position, _)) => position,
    };
    let positives = match error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    let mut words: Vec<&'static str> = Vec::new();
    for word in positives.into_iter().map(words_for) {
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    Some((position, words))
}

/// What a rule is called in a sentence.
fn words_for(rule: Rule) -> &'static str {
    match rule {
        Rule::record_keyword | Rule::enum_keyword | Rule::strict_record_header | Rule::strict_enum_header => {
            "a declaration"
        }
        Rule::item | Rule::column | Rule::statement => "a column or a table statement",
        Rule::column_type => "a column type, such as `Varchar`",
        Rule::variant => "a value of the enum",
        Rule::name | Rule::target => "a name",
        Rule::arguments | Rule::open => "`(`",
        Rule::argument => "an argument",
        Rule::value | Rule::word | Rule::list | Rule::number => "a value",
        Rule::text => "a text in double quotes",
        Rule::colon => "`:`",
        Rule::comma => "`,`",
        Rule::equals => "`=`",
        Rule::close => "`)`",
        Rule::open_bracket => "`[`",
        Rule::close_bracket => "`]`",
        Rule::open_brace => "`{`",
        Rule::close_brace => "`}`",
        Rule::EOI => "the end of the line",
        _ => "",
    }
}

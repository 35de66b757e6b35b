//! Arguments: which of those written are known, each at most once, each of the kind that is asked for.

use std::fmt;

use super::context::Context;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::source::Span;
use crate::syntax::ast::{Argument, Value, ValueKind};

/// What has arguments, as a sentence names it.
#[derive(Clone, Copy)]
pub(super) enum Owner<'s> {
    /// Words of their own: "an enum".
    Words(&'s str),
    /// A name of the language: "`Varchar`".
    Named(&'s str),
    /// A type inside an array: "`Varchar` inside an array".
    Element(&'s str),
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(words),
            Self::Named(name) => write!(f, "`{name}`"),
            Self::Element(name) => write!(f, "`{name}` inside an array"),
        }
    }
}

/// What a type, a header or a statement takes.
#[derive(Clone, Copy)]
pub(super) struct Spec<'s> {
    /// Whose arguments they are, for messages.
    pub(super) owner: Owner<'s>,
    /// The values that need no name, in order; they can be named as well.
    pub(super) parameters: &'static [&'static str],
    /// The words that stand alone.
    pub(super) flags: &'static [&'static str],
    /// The values that need a name.
    pub(super) named: &'static [&'static str],
}

/// The arguments that were understood.
#[derive(Default)]
pub(super) struct Read<'a> {
    given: Vec<(&'a str, Option<&'a Value>, Span)>,
}

/// Reads arguments; those that the spec does not know are reported.
pub(super) fn read<'a>(
    context: &mut Context<'_>,
    arguments: impl IntoIterator<Item = &'a Argument>,
    spec: Spec<'_>,
) -> Read<'a> {
    let mut read = Read::default();
    let mut parameters = spec.parameters.iter();
    let arguments = arguments.into_iter();
    read.given.reserve_exact(arguments.size_hint().1.unwrap_or_default());
    for argument in arguments {
        if let Some(direction) = &argument.direction {
            context.error(
                Code::WrongArgument,
                direction.span,
                "only the keys of an index have a direction",
                "remove it",
            );
        }
        let (name, value) = match &argument.name {
            Some(name) => {
                if spec.flags.contains(&name.text.as_str()) {
                    let help = format!("write `{}` alone, or leave it out", name.text);
                    context.error(Code::WrongArgument, argument.span, format!("`{}` takes no value", name.text), help);
                    continue;
                }
                if !spec.named.contains(&name.text.as_str()) && !spec.parameters.contains(&name.text.as_str()) {
                    unknown(context, &name.text, name.span, spec);
                    continue;
                }
                (name.text.as_str(), Some(&argument.value))
            }
            None => match argument.value.word() {
                Some(word) if spec.flags.contains(&word) && !names_declaration(context, word, spec, &read) => {
                    (word, None)
                }
                word => {
                    let free = parameters.by_ref().find(|parameter| !read.has(parameter));
                    match (free, word) {
                        // A word where a number or a text is meant is a flag with a slip in it.
                        (Some(_), Some(word)) if context.symbols.get(word).is_none() && near_flag(word, spec) => {
                            unknown(context, word, argument.value.span, spec);
                            continue;
                        }
                        (Some(parameter), _) => (*parameter, Some(&argument.value)),
                        (None, Some(word)) => {
                            unknown(context, word, argument.value.span, spec);
                            continue;
                        }
                        (None, None) => {
                            let message = format!("{} takes no value without a name here", spec.owner);
                            context.error(Code::UnknownArgument, argument.value.span, message, known(spec));
                            continue;
                        }
                    }
                }
            },
        };
        if let Some((_, _, first)) = read.given.iter().find(|(given, _, _)| *given == name) {
            let diagnostic = Diagnostic::new(Code::DuplicateArgument, format!("`{name}` is given twice"))
                .label(argument.span, "")
                .label(*first, "first here")
                .help("remove one");
            context.report(diagnostic);
        } else {
            read.given.push((name, value, argument.span));
        }
    }
    read
}

impl<'a> Read<'a> {
    pub(super) fn has(&self, name: &str) -> bool {
        self.span(name).is_some()
    }

    /// Where an argument stands.
    pub(super) fn span(&self, name: &str) -> Option<Span> {
        self.given.iter().find(|(given, _, _)| *given == name).map(|(_, _, span)| *span)
    }

    /// The value of an argument.
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.given.iter().find(|(given, _, _)| *given == name).and_then(|(_, value, _)| *value)
    }

    /// The text of an argument, and where it stands; anything else than a text is reported.
    pub(super) fn text(&self, context: &mut Context<'_>, name: &str) -> Option<(&'a str, Span)> {
        let value = self.value(name)?;
        if let ValueKind::Text(text) = &value.kind {
            return Some((text, value.span));
        }
        let help = value.word().map_or_else(String::new, |word| format!("write `{name} = \"{word}\"`"));
        context.error(Code::WrongArgument, value.span, format!("`{name}` takes a text in double quotes"), help);
        None
    }

    /// The whole number of an argument within a range, and where it stands; anything else is reported.
    pub(super) fn number(
        &self,
        context: &mut Context<'_>,
        name: &str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<(u32, Span)> {
        let value = self.value(name)?;
        let number = match &value.kind {
            ValueKind::Number(text) => text.replace('_', "").parse::<i128>().ok(),
            ValueKind::Word(_) | ValueKind::Text(_) | ValueKind::Call(_) | ValueKind::List(_) => None,
        };
        let Some(number) = number else {
            context.error(Code::WrongArgument, value.span, format!("`{name}` takes a whole number"), "");
            return None;
        };
        match u32::try_from(number).ok().filter(|number| range.contains(number)) {
            Some(number) => Some((number, value.span)),
            None => {
                let message = format!("`{name}` is a number from {} to {}", range.start(), range.end());
                context.error(Code::OutOfRange, value.span, message, "");
                None
            }
        }
    }
}

/// Whether a word that could be a flag is what the type is about: a table may be called `null`.
fn names_declaration(context: &Context<'_>, word: &str, spec: Spec<'_>, read: &Read<'_>) -> bool {
    let wanted =
        spec.parameters.first().is_some_and(|first| matches!(*first, "target" | "element") && !read.has(first));
    wanted && context.symbols.get(word).is_some()
}

/// Whether a word is all but a flag.
fn near_flag(word: &str, spec: Spec<'_>) -> bool {
    nearest(word, spec.flags.iter().copied()).is_some()
}

/// Reports an argument that nobody knows.
fn unknown(context: &mut Context<'_>, name: &str, span: Span, spec: Spec<'_>) {
    if name == "rust_type" {
        context.error(Code::UnknownArgument, span, "`rust_type` is reserved for later", "remove it");
        return;
    }
    let candidates = spec.flags.iter().chain(spec.named).chain(spec.parameters).copied();
    let help = match synonym(name)
        .filter(|synonym| {
            spec.flags.contains(synonym) || spec.named.contains(synonym) || spec.parameters.contains(synonym)
        })
        .or_else(|| nearest(name, candidates))
    {
        Some(near) => format!("did you mean `{near}`?"),
        None => known(spec),
    };
    context.error(Code::UnknownArgument, span, format!("{} takes no argument `{name}`", spec.owner), help);
}

/// What other tools call an argument of ours.
fn synonym(name: &str) -> Option<&'static str> {
    Some(match name {
        "max_length" | "size" | "len" => "length",
        "nullable" | "optional" => "null",
        "pk" | "primary" | "id" => "primary_key",
        "db_column" | "db_column_name" | "sql_name" | "name" | "column_name" => "column",
        "digits" => "precision",
        "ondelete" => "on_delete",
        "onupdate" => "on_update",
        "related_name" | "back_populates" => "reverse",
        "target_column" | "references" => "to",
        "table" | "table_name" | "db_table" => "tablename",
        "using" | "type" => "method",
        "condition" | "predicate" => "where",
        "renamed_from" | "old" | "old_name" => "was",
        "default_value" => "default",
        _ => return None,
    })
}

/// The line that lists what can be written.
fn known(spec: Spec<'_>) -> String {
    let all: Vec<String> =
        spec.parameters.iter().chain(spec.flags).chain(spec.named).map(|name| format!("`{name}`")).collect();
    if all.is_empty() { format!("{} takes no arguments", spec.owner) } else { format!("it takes {}", all.join(", ")) }
}

//! One declaration's text to its part of the tree. It and `mistakes` are all that knows the parser generator.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rules' enum is generated, and each function meets the few that its rule holds"
)]

mod mistakes;

use pest::Parser as _;
use pest::iterators::Pair;

use self::mistakes::expectation;
use super::ast::{
    Argument, Body, Call, Column, Declaration, Doc, Ident, Item, ItemKind, Record, Statement, Trivia, Value, ValueKind,
    Variant,
};
use super::expected::{stray_doc, unexpected};
use super::literal::unquote;
use super::scan::Chunk;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// What pest makes of the grammar.
#[derive(pest_derive::Parser)]
#[grammar = "syntax/grammar.pest"]
struct Grammar;

/// Reads a chunk. What is no declaration at all gives only a diagnostic.
pub(super) fn declaration(
    text: &str,
    file: usize,
    chunk: &Chunk,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Declaration> {
    let mut builder = Builder {
        text,
        file,
        base: chunk.start,
        end: chunk.end,
        reported: &chunk.reported,
        diagnostics,
        damaged: false,
    };
    builder.declaration(chunk.too_deep)
}

/// The name in a chunk that could not be read, where it begins like a declaration at all: `tabel Band {`.
pub(super) fn lost_name(text: &str, chunk: &Chunk) -> Option<String> {
    let mut words =
        text.get(chunk.start..chunk.end)?.lines().find(|line| !line.trim_start().starts_with("//"))?.split_whitespace();
    let name = Grammar::parse(Rule::name, words.nth(1)?).ok()?.next()?;
    Some(name.as_str().to_owned())
}

/// Turns pest's pairs into the tree.
struct Builder<'a> {
    text: &'a str,
    file: usize,
    /// Where the parsed text begins in the file.
    base: usize,
    end: usize,
    /// What the scanner has already reported here.
    reported: &'a [Span],
    diagnostics: &'a mut Vec<Diagnostic>,
    damaged: bool,
}

impl Builder<'_> {
    fn declaration(&mut self, too_deep: bool) -> Option<Declaration> {
        let source = self.text.get(self.base..self.end).unwrap_or_default();
        // What nests too deep keeps its name, so that others may refer to it, and loses its body.
        let head =
            source.find('{').filter(|_| too_deep).map(|open| format!("{}{{}}", source.get(..open).unwrap_or_default()));
        let parsed = match Grammar::parse(Rule::declaration, head.as_deref().unwrap_or(source)) {
            Ok(mut pairs) => pairs.next()?,
            Err(_) if too_deep => return None,
            Err(_) => {
                self.headless(source);
                return None;
            }
        };
        self.damaged = too_deep;
        let mut doc = Doc::new();
        for pair in parsed.into_inner() {
            match pair.as_rule() {
                Rule::doc => doc.push(doc_line(pair.as_str())),
                Rule::record | Rule::enumeration => {
                    let end = if too_deep { self.end } else { self.span(&pair).end };
                    let span = Span { file: self.file, start: self.base, end };
                    return self.body(pair, doc, span);
                }
                _ => {}
            }
        }
        None
    }

    fn body(&mut self, pair: Pair<'_, Rule>, doc: Doc, span: Span) -> Option<Declaration> {
        let mut name = None;
        let mut arguments = Vec::new();
        let mut mixins = Vec::new();
        let mut items: Vec<Item> = Vec::new();
        let mut variants: Vec<Variant> = Vec::new();
        let mut keyword = "";
        let mut open = span.start;
        let parts = pair.into_inner();
        let count = parts.len();
        for part in parts {
            match part.as_rule() {
                Rule::record_keyword | Rule::enum_keyword => keyword = part.as_str(),
                Rule::record_header | Rule::enum_header => {
                    for part in part.into_inner() {
                        match part.as_rule() {
                            Rule::name if name.is_none() => name = Some(self.ident(&part)),
                            Rule::name => mixins.push(self.ident(&part)),
                            Rule::arguments => arguments = self.arguments(part),
                            _ => {}
                        }
                    }
                }
                Rule::broken_header => name = self.broken_header(&part, keyword),
                Rule::open_brace => {
                    open = self.span(&part).start;
                    if keyword != "enum" {
                        // A record's parts are all but its keyword, header and braces lines.
                        items.reserve_exact(count.saturating_sub(4));
                    }
                }
                Rule::item => items.extend(self.item(part)),
                Rule::variant => variants.push(self.variant(part)),
                Rule::separator => self.separator(&part),
                Rule::junk => {
                    let behind = items.last().map(|item| item.span);
                    self.junk(&part, behind);
                }
                Rule::enum_junk => self.explain(Rule::strict_variant, &part),
                Rule::unclosed => self.unclosed(open),
                _ => {}
            }
        }
        let body = match keyword {
            "enum" => Body::Enum(variants),
            "mixin" => Body::Mixin(Record { mixins, items }),
            _ => Body::Table(Record { mixins, items }),
        };
        Some(Declaration {
            trivia: Trivia::default(),
            doc,
            name: name?,
            arguments,
            body,
            open,
            open_comment: None,
            dangling: Vec::new(),
            damaged: self.damaged,
            span,
        })
    }

    /// Reports a header that cannot be read, and gives the name that stands in it all the same.
    fn broken_header(&mut self, pair: &Pair<'_, Rule>, keyword: &str) -> Option<Ident> {
        let rule = if keyword == "enum" { Rule::strict_enum_header } else { Rule::strict_record_header };
        let header = self.span(pair);
        let source = self.text.get(self.base..self.end).unwrap_or_default();
        let (position, expected) = expectation(rule, source).unwrap_or((header.start - self.base, Vec::new()));
        let diagnostic = unexpected(self.text, self.file, self.base + position, self.end, &expected);
        self.report(diagnostic, header);
        let name = Grammar::parse(Rule::name, pair.as_str()).ok()?.next()?;
        let start = header.start + name.as_span().start();
        Some(Ident {
            text: name.as_str().to_owned(),
            span: Span { file: self.file, start, end: start + name.as_str().len() },
        })
    }

    fn item(&mut self, pair: Pair<'_, Rule>) -> Option<Item> {
        let start = self.span(&pair);
        let mut doc = Doc::new();
        let mut doc_span = None;
        for part in pair.into_inner() {
            let kind = match part.as_rule() {
                Rule::doc => {
                    doc.push(doc_line(part.as_str()));
                    doc_span.get_or_insert(self.span(&part));
                    continue;
                }
                Rule::column => ItemKind::Column(self.column(part)?),
                Rule::statement => {
                    if let Some(span) = doc_span {
                        self.report(stray_doc(span), span);
                    }
                    ItemKind::Statement(self.statement(part)?)
                }
                _ => continue,
            };
            let end = match &kind {
                ItemKind::Column(column) => column.ty.span,
                ItemKind::Statement(statement) => statement.span,
            };
            return Some(Item { trivia: Trivia::default(), doc, kind, span: start.to(end) });
        }
        None
    }

    fn column(&mut self, pair: Pair<'_, Rule>) -> Option<Column> {
        let mut name = None;
        let mut ty = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(self.ident(&part)),
                Rule::column_type => ty = self.call(part),
                _ => {}
            }
        }
        Some(Column { name: name?, ty: ty? })
    }

    fn statement(&mut self, pair: Pair<'_, Rule>) -> Option<Statement> {
        let mut span = self.span(&pair);
        let mut keyword = None;
        let mut arguments = Vec::new();
        let mut target = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => keyword = Some(self.ident(&part)),
                Rule::arguments => {
                    span = span.to(self.span(&part));
                    arguments = self.arguments(part);
                }
                Rule::target => target = self.call(part),
                _ => {}
            }
        }
        let span = target.as_ref().map_or(span, |target| span.to(target.span));
        Some(Statement { keyword: keyword?, arguments, target, span })
    }

    fn variant(&mut self, pair: Pair<'_, Rule>) -> Variant {
        let span = self.span(&pair);
        let mut variant = Variant {
            trivia: Trivia::default(),
            doc: Doc::new(),
            name: Ident::default(),
            text: None,
            arguments: Vec::new(),
            span,
        };
        for part in pair.into_inner() {
            variant.span = span.to(self.span(&part));
            match part.as_rule() {
                Rule::doc => variant.doc.push(doc_line(part.as_str())),
                Rule::name => variant.name = self.ident(&part),
                Rule::text => variant.text = Some(self.text(&part)),
                Rule::arguments => variant.arguments = self.arguments(part),
                _ => {}
            }
        }
        variant
    }

    fn call(&mut self, pair: Pair<'_, Rule>) -> Option<Call> {
        let mut parts = pair.into_inner();
        let name = self.ident(&parts.next()?);
        let Some(list) = parts.next() else {
            return Some(Call { span: name.span, name, arguments: Vec::new() });
        };
        let span = name.span.to(self.span(&list));
        Some(Call { name, arguments: self.arguments(list), span })
    }

    fn arguments(&mut self, pair: Pair<'_, Rule>) -> Vec<Argument> {
        let parts = pair.into_inner();
        // Two parentheses, and a comma between any two arguments.
        let mut arguments = Vec::with_capacity(parts.len() / 2);
        arguments.extend(parts.filter(|part| part.as_rule() == Rule::argument).filter_map(|part| self.argument(part)));
        arguments
    }

    fn argument(&mut self, pair: Pair<'_, Rule>) -> Option<Argument> {
        let mut parts = pair.into_inner();
        let first = self.word_or_constant(parts.next()?)?;
        let Some(next) = parts.next() else {
            return Some(Argument { name: None, span: first.span, value: first, direction: None });
        };
        if next.as_rule() == Rule::direction {
            let direction = self.ident(&next);
            return Some(Argument {
                name: None,
                span: first.span.to(direction.span),
                value: first,
                direction: Some(direction),
            });
        }
        let value = self.value(parts.next()?)?;
        let span = first.span.to(value.span);
        let ValueKind::Word(name) = first.kind else {
            let equals = self.span(&next);
            self.report(unexpected(self.text, self.file, equals.start, equals.end, &["`,`", "`)`"]), equals);
            return None;
        };
        Some(Argument { name: Some(Ident { text: name, span: first.span }), value, direction: None, span })
    }

    fn value(&mut self, pair: Pair<'_, Rule>) -> Option<Value> {
        self.word_or_constant(pair.into_inner().next()?)
    }

    fn word_or_constant(&mut self, part: Pair<'_, Rule>) -> Option<Value> {
        let mut span = self.span(&part);
        let kind = match part.as_rule() {
            Rule::text => return Some(self.text(&part)),
            Rule::number => ValueKind::Number(part.as_str().to_owned()),
            Rule::word => {
                let mut parts = part.into_inner();
                let name = self.ident(&parts.next()?);
                span = name.span;
                match parts.next() {
                    Some(list) => {
                        span = span.to(self.span(&list));
                        ValueKind::Call(Box::new(Call { name, arguments: self.arguments(list), span }))
                    }
                    None => ValueKind::Word(name.text),
                }
            }
            Rule::list => {
                let values = part.into_inner().filter(|part| part.as_rule() == Rule::value);
                ValueKind::List(values.filter_map(|part| self.value(part)).collect())
            }
            _ => return None,
        };
        Some(Value { kind, span })
    }

    fn text(&mut self, pair: &Pair<'_, Rule>) -> Value {
        let span = self.span(pair);
        let before = self.diagnostics.len();
        let text = unquote(pair.as_str(), span, self.diagnostics);
        self.damaged |= self.diagnostics.len() > before;
        Value { kind: ValueKind::Text(text), span }
    }

    fn ident(&self, pair: &Pair<'_, Rule>) -> Ident {
        Ident { text: pair.as_str().to_owned(), span: self.span(pair) }
    }

    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        Span { file: self.file, start: self.base + span.start(), end: self.base + span.end() }
    }

    /// Keeps a diagnostic, unless the scanner has already said what is wrong in that stretch.
    fn report(&mut self, diagnostic: Diagnostic, stretch: Span) {
        self.damaged = true;
        if !self.reported.iter().any(|reported| reported.overlaps(stretch)) {
            self.diagnostics.push(diagnostic);
        }
    }
}

/// A doc comment's line without its slashes and the blank behind them.
fn doc_line(text: &str) -> String {
    let line = text.strip_prefix("///").unwrap_or(text);
    line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()
}

//! A tree to text, in the one layout there is.

use crate::syntax::ast::{
    Argument, Ast, Body, Call, Comment, Declaration, Ident, Item, ItemKind, Record, Trivia, Value, ValueKind, Variant,
};
use crate::syntax::quote;

/// The longest line that is not broken.
const WIDTH: usize = 100;
const INDENT: &str = "    ";

/// Prints a file.
pub(super) fn print(ast: &Ast) -> String {
    let mut printer = Printer::default();
    ast.declarations.iter().for_each(|declaration| printer.declaration(declaration));
    if !ast.trailing.is_empty() && !ast.declarations.is_empty() {
        printer.out.push('\n');
    }
    printer.comments(&ast.trailing, "");
    printer.finish()
}

/// A file in the making.
#[derive(Default)]
pub(super) struct Printer {
    out: String,
}

impl Printer {
    /// The text.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Prints the next declaration, behind an empty line.
    pub(super) fn declaration(&mut self, declaration: &Declaration) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.lead(&declaration.trivia, "");
        self.doc(&declaration.doc, "");
        let (keyword, mixins): (&str, &[Ident]) = match &declaration.body {
            Body::Table(record) => ("table ", &record.mixins),
            Body::Mixin(record) => ("mixin ", &record.mixins),
            Body::Enum(_) => ("enum ", &[]),
        };
        let begin = self.out.len();
        self.write(&[keyword, &declaration.name.text]);
        let separators = std::iter::once(": ").chain(std::iter::repeat(", "));
        for (separator, mixin) in separators.zip(mixins) {
            self.write(&[separator, &mixin.text]);
        }
        if !declaration.arguments.is_empty() {
            self.out.push(' ');
        }
        self.call(begin, &declaration.arguments, "", " {");
        match &declaration.body {
            Body::Table(record) | Body::Mixin(record) => self.record(declaration, record),
            Body::Enum(variants) => self.variants(declaration, variants),
        }
        self.out.push('}');
        self.trail(&declaration.trivia);
    }

    fn record(&mut self, declaration: &Declaration, record: &Record) {
        if record.items.is_empty() && declaration.open_comment.is_none() && declaration.dangling.is_empty() {
            return;
        }
        self.open_line(declaration);
        let mut previous: Option<&Item> = None;
        for item in &record.items {
            let kinds_differ = |previous: &Item| {
                matches!(previous.kind, ItemKind::Column(_)) != matches!(item.kind, ItemKind::Column(_))
            };
            if previous.is_some_and(|previous| kinds_differ(previous) || begins_with_blank(&item.trivia)) {
                self.out.push('\n');
            }
            self.lead(&item.trivia, INDENT);
            self.doc(&item.doc, INDENT);
            self.item(item);
            self.trail(&item.trivia);
            previous = Some(item);
        }
        self.dangling(&declaration.dangling, previous.is_some());
    }

    fn item(&mut self, item: &Item) {
        let begin = self.out.len();
        match &item.kind {
            ItemKind::Column(column) => {
                self.write(&[INDENT, &column.name.text, ": ", &column.ty.name.text]);
                self.call(begin, &column.ty.arguments, INDENT, "");
            }
            ItemKind::Statement(statement) => {
                self.write(&[INDENT, &statement.keyword.text]);
                let mut tail = String::new();
                if let Some(target) = &statement.target {
                    tail.push_str(" = ");
                    call(&mut tail, target);
                }
                if statement.arguments.is_empty() {
                    self.write(&["()", &tail]);
                } else {
                    self.call(begin, &statement.arguments, INDENT, &tail);
                }
            }
        }
    }

    /// `(arguments)tail` behind the head of a line that begins at `begin`: on that line where it is short enough, else with a line
    /// for each argument. Without arguments the parentheses go.
    fn call(&mut self, begin: usize, list: &[Argument], indent: &str, tail: &str) {
        if !list.is_empty() {
            let open = self.out.len();
            self.out.push('(');
            arguments(&mut self.out, list);
            self.out.push(')');
            if self.width(begin) + tail.chars().count() > WIDTH {
                self.out.truncate(open);
                self.out.push_str("(\n");
                for each in list {
                    self.write(&[indent, INDENT]);
                    argument(&mut self.out, each);
                    self.out.push_str(",\n");
                }
                self.write(&[indent, ")"]);
            }
        }
        self.out.push_str(tail);
    }

    /// The characters behind a place in the text.
    fn width(&self, begin: usize) -> usize {
        self.out.get(begin..).unwrap_or_default().chars().count()
    }

    fn write(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.out.push_str(part));
    }

    fn variants(&mut self, declaration: &Declaration, variants: &[Variant]) {
        let bare = declaration.open_comment.is_none() && declaration.dangling.is_empty();
        if variants.is_empty() && bare {
            return;
        }
        let plain = |variant: &Variant| {
            variant.doc.is_empty() && variant.trivia.leading.is_empty() && variant.trivia.trailing.is_none()
        };
        if bare && variants.iter().all(plain) {
            let end = self.out.len();
            let begin = self.out.rfind('\n').map_or(0, |line_end| line_end + 1);
            self.out.push(' ');
            separated(&mut self.out, variants, variant);
            self.out.push(' ');
            // The closing brace stands there as well.
            if self.width(begin) < WIDTH {
                return;
            }
            self.out.truncate(end);
        }
        self.open_line(declaration);
        for (position, each) in variants.iter().enumerate() {
            if position > 0 && begins_with_blank(&each.trivia) {
                self.out.push('\n');
            }
            self.lead(&each.trivia, INDENT);
            self.doc(&each.doc, INDENT);
            self.out.push_str(INDENT);
            variant(&mut self.out, each);
            self.out.push(',');
            self.trail(&each.trivia);
        }
        self.dangling(&declaration.dangling, !variants.is_empty());
    }

    /// What follows the opening brace on its line.
    fn open_line(&mut self, declaration: &Declaration) {
        if let Some(comment) = &declaration.open_comment {
            self.out.push(' ');
            self.out.push_str(&comment.text);
        }
        self.out.push('\n');
    }

    /// The comments before the closing brace.
    fn dangling(&mut self, comments: &[Comment], follows: bool) {
        if follows && comments.first().is_some_and(|comment| comment.blank_before) {
            self.out.push('\n');
        }
        self.comments(comments, INDENT);
    }

    /// The comments above something, and the empty line that sets them apart from it.
    fn lead(&mut self, trivia: &Trivia, indent: &str) {
        self.comments(&trivia.leading, indent);
        if !trivia.leading.is_empty() && trivia.blank_before {
            self.out.push('\n');
        }
    }

    fn comments(&mut self, comments: &[Comment], indent: &str) {
        for (position, comment) in comments.iter().enumerate() {
            if position > 0 && comment.blank_before {
                self.out.push('\n');
            }
            self.write(&[indent, &comment.text, "\n"]);
        }
    }

    /// The comment behind something, and the end of the line.
    fn trail(&mut self, trivia: &Trivia) {
        if let Some(comment) = &trivia.trailing {
            self.out.push(' ');
            self.out.push_str(&comment.text);
        }
        self.out.push('\n');
    }

    fn doc(&mut self, lines: &[String], indent: &str) {
        for line in lines {
            let line = line.trim_end();
            self.write(&[indent, "///", if line.is_empty() { "" } else { " " }, line, "\n"]);
        }
    }
}

/// Whether an empty line stands before a part of a body or the comments above it.
fn begins_with_blank(trivia: &Trivia) -> bool {
    trivia.leading.first().map_or(trivia.blank_before, |comment| comment.blank_before)
}

fn variant(out: &mut String, variant: &Variant) {
    out.push_str(&variant.name.text);
    if let Some(text) = &variant.text {
        out.push_str(" = ");
        value(out, text);
    }
    if !variant.arguments.is_empty() {
        out.push_str(if variant.text.is_some() { " (" } else { "(" });
        arguments(out, &variant.arguments);
        out.push(')');
    }
}

fn call(out: &mut String, call: &Call) {
    out.push_str(&call.name.text);
    out.push('(');
    arguments(out, &call.arguments);
    out.push(')');
}

fn arguments(out: &mut String, list: &[Argument]) {
    separated(out, list, argument);
}

/// The elements of a list with commas between them.
fn separated<T>(out: &mut String, list: &[T], print: fn(&mut String, &T)) {
    for (position, each) in list.iter().enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        print(out, each);
    }
}

fn argument(out: &mut String, argument: &Argument) {
    if let Some(name) = &argument.name {
        out.push_str(&name.text);
        out.push_str(" = ");
    }
    value(out, &argument.value);
    if let Some(direction) = &argument.direction {
        out.push(' ');
        out.push_str(&direction.text);
    }
}

fn value(out: &mut String, value: &Value) {
    match &value.kind {
        ValueKind::Word(plain) | ValueKind::Number(plain) => out.push_str(plain),
        ValueKind::Text(text) => out.push_str(&quote(text)),
        ValueKind::Call(inner) => call(out, inner),
        ValueKind::List(values) => {
            out.push('[');
            separated(out, values, self::value);
            out.push(']');
        }
    }
}

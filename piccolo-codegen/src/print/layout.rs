//! A tree to text, in the one layout there is.

use crate::syntax::ast::{
    Argument, Ast, Body, Call, Comment, Declaration, Item, ItemKind, Record, Trivia, Value, ValueKind, Variant,
};
use crate::syntax::quote;

/// The longest line that is not broken.
const WIDTH: usize = 100;
const INDENT: &str = "    ";

/// Prints a file.
pub(super) fn print(ast: &Ast) -> String {
    let mut printer = Printer { out: String::new() };
    for (position, declaration) in ast.declarations.iter().enumerate() {
        if position > 0 {
            printer.out.push('\n');
        }
        printer.declaration(declaration);
    }
    if !ast.trailing.is_empty() && !ast.declarations.is_empty() {
        printer.out.push('\n');
    }
    printer.comments(&ast.trailing, "");
    printer.out
}

struct Printer {
    out: String,
}

impl Printer {
    fn declaration(&mut self, declaration: &Declaration) {
        self.lead(&declaration.trivia, "");
        self.doc(&declaration.doc, "");
        let (keyword, mixins): (&str, Vec<&str>) = match &declaration.body {
            Body::Table(record) => ("table", names(record)),
            Body::Mixin(record) => ("mixin", names(record)),
            Body::Enum(_) => ("enum", Vec::new()),
        };
        let mut head = format!("{keyword} {}", declaration.name.text);
        if !mixins.is_empty() {
            head.push_str(": ");
            head.push_str(&mixins.join(", "));
        }
        if !declaration.arguments.is_empty() {
            head.push(' ');
        }
        self.call(&head, &declaration.arguments, "", " {");
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
            self.out.push_str(INDENT);
            self.item(item);
            self.trail(&item.trivia);
            previous = Some(item);
        }
        self.dangling(&declaration.dangling, previous.is_some());
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Column(column) => {
                let head = format!("{}: {}", column.name.text, column.ty.name.text);
                self.call(&head, &column.ty.arguments, INDENT, "");
            }
            ItemKind::Statement(statement) => {
                let tail = statement.target.as_ref().map(|target| format!(" = {}", call(target))).unwrap_or_default();
                if statement.arguments.is_empty() {
                    self.out.push_str(&format!("{}(){tail}", statement.keyword.text));
                } else {
                    self.call(&statement.keyword.text, &statement.arguments, INDENT, &tail);
                }
            }
        }
    }

    /// `head(arguments)tail`, on one line where that is short enough, else with a line for each argument. Without arguments the
    /// parentheses go.
    fn call(&mut self, head: &str, list: &[Argument], indent: &str, tail: &str) {
        self.out.push_str(head);
        if !list.is_empty() {
            let line = arguments(list);
            let width = [indent, head, &line, tail].iter().map(|part| part.chars().count()).sum::<usize>() + 2;
            if width <= WIDTH {
                self.out.push_str(&format!("({line})"));
            } else {
                self.out.push_str("(\n");
                for each in list {
                    self.out.push_str(&format!("{indent}{INDENT}{},\n", argument(each)));
                }
                self.out.push_str(indent);
                self.out.push(')');
            }
        }
        self.out.push_str(tail);
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
            let line = variants.iter().map(variant).collect::<Vec<_>>().join(", ");
            let begun = self.out.rsplit('\n').next().unwrap_or_default().chars().count();
            if begun + line.chars().count() + 3 <= WIDTH {
                self.out.push_str(&format!(" {line} "));
                return;
            }
        }
        self.open_line(declaration);
        for (position, each) in variants.iter().enumerate() {
            if position > 0 && begins_with_blank(&each.trivia) {
                self.out.push('\n');
            }
            self.lead(&each.trivia, INDENT);
            self.doc(&each.doc, INDENT);
            self.out.push_str(&format!("{INDENT}{},", variant(each)));
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
            self.out.push_str(&format!("{indent}{}\n", comment.text));
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
            self.out.push_str(format!("{indent}/// {line}").trim_end());
            self.out.push('\n');
        }
    }
}

/// Whether an empty line stands before a part of a body or the comments above it.
fn begins_with_blank(trivia: &Trivia) -> bool {
    trivia.leading.first().map_or(trivia.blank_before, |comment| comment.blank_before)
}

fn names(record: &Record) -> Vec<&str> {
    record.mixins.iter().map(|name| name.text.as_str()).collect()
}

fn variant(variant: &Variant) -> String {
    let mut out = variant.name.text.clone();
    if let Some(text) = &variant.text {
        out.push_str(&format!(" = {}", value(text)));
    }
    if !variant.arguments.is_empty() {
        let blank = if variant.text.is_some() { " " } else { "" };
        out.push_str(&format!("{blank}({})", arguments(&variant.arguments)));
    }
    out
}

fn call(call: &Call) -> String {
    format!("{}({})", call.name.text, arguments(&call.arguments))
}

fn arguments(list: &[Argument]) -> String {
    list.iter().map(argument).collect::<Vec<_>>().join(", ")
}

fn argument(argument: &Argument) -> String {
    let mut out = argument.name.as_ref().map(|name| format!("{} = ", name.text)).unwrap_or_default();
    out.push_str(&value(&argument.value));
    if let Some(direction) = &argument.direction {
        out.push(' ');
        out.push_str(&direction.text);
    }
    out
}

fn value(value: &Value) -> String {
    match &value.kind {
        ValueKind::Word(word) => word.clone(),
        ValueKind::Number(number) => number.clone(),
        ValueKind::Text(text) => quote(text),
        ValueKind::Call(inner) => call(inner),
        ValueKind::List(values) => format!("[{}]", values.iter().map(self::value).collect::<Vec<_>>().join(", ")),
    }
}

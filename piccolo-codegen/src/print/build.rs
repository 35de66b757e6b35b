//! Parts of a tree that stand in no file.

use crate::source::Span;
use crate::syntax::ast::{Argument, Call, Ident, Value, ValueKind};

pub(super) fn ident(name: &str) -> Ident {
    Ident { text: name.to_owned(), span: Span::default() }
}

fn value(kind: ValueKind) -> Value {
    Value { kind, span: Span::default() }
}

pub(super) fn word(word: &str) -> Value {
    value(ValueKind::Word(word.to_owned()))
}

pub(super) fn text(text: &str) -> Value {
    value(ValueKind::Text(text.to_owned()))
}

pub(super) fn number(number: String) -> Value {
    value(ValueKind::Number(number))
}

pub(super) fn list(values: Vec<Value>) -> Value {
    value(ValueKind::List(values))
}

pub(super) fn call(name: &str, arguments: Vec<Argument>) -> Call {
    Call { name: ident(name), arguments, span: Span::default() }
}

pub(super) fn argument(value: Value) -> Argument {
    Argument { name: None, value, direction: None, span: Span::default() }
}

pub(super) fn flag(name: &str) -> Argument {
    argument(word(name))
}

pub(super) fn named(name: &str, value: Value) -> Argument {
    Argument { name: Some(ident(name)), ..argument(value) }
}

//! `index(…)`, and a `unique(…)` that only an index can say.

use piccolo_runtime::schema::{Index, IndexKey, IndexKeyKind, IndexMethod, naming};
use piccolo_runtime::sql::Dialect;

use super::Builder;
use super::read::{check_count, explicit_name, expression, split, sql_name};
use crate::diagnostic::{Code, nearest};
use crate::lower::{defaults, keys};
use crate::syntax::ast::{Argument, Statement, Value, ValueKind};

/// The index methods by their names in the language. The B-tree is what an index is without one.
const METHODS: [(&str, Option<IndexMethod>); 6] = [
    ("btree", None),
    ("hash", Some(IndexMethod::Hash)),
    ("gin", Some(IndexMethod::Gin)),
    ("gist", Some(IndexMethod::Gist)),
    ("spgist", Some(IndexMethod::SpGist)),
    ("brin", Some(IndexMethod::Brin)),
];

impl Builder<'_, '_, '_> {
    pub(super) fn index(&mut self, statement: &Statement, unique: bool) {
        let (positional, read) = split(self.context, statement, &["where", "method", "name"]);
        let explicit = explicit_name(self.context, &read);
        let predicate = expression(self.context, &read, "where");
        let method = read.value("method").and_then(|value| self.method(value, unique));
        let mut parts: Vec<String> = Vec::new();
        let mut keys = Vec::new();
        for argument in positional {
            let Some((kind, part)) = self.index_key(argument) else { continue };
            let descending = argument.direction.as_ref().is_some_and(|direction| direction.text == "desc");
            parts.push(part);
            keys.push(IndexKey { kind, descending });
        }
        if !check_count(self.context, statement, keys.len()) {
            return;
        }
        let table = self.draft.sql_name.name.as_ref();
        let default = || if unique { naming::unique(table, &parts) } else { naming::index(table, &parts) };
        let (name, span) = self.name(explicit, statement, default);
        if self.take(&name, span) {
            let predicate = predicate.map(Into::into);
            self.indexes.push(Index { name: name.into(), unique, keys: keys.into(), method, predicate });
        }
    }

    /// One key of an index and its part of the default name.
    fn index_key(&mut self, argument: &Argument) -> Option<(IndexKeyKind, String)> {
        match &argument.value.kind {
            ValueKind::Word(name) => match self.draft.column(name) {
                Some(column) => Some((IndexKeyKind::Column(sql_name(column)), column.sql_name.to_owned())),
                None => {
                    if !self.draft.damaged {
                        keys::unknown_column(self.context, self.draft, name, argument.value.span);
                    }
                    None
                }
            },
            ValueKind::Call(call) if call.name.text == "sql" => {
                let text = defaults::sql(self.context, call)?;
                let part = naming::expression_part(&text);
                Some((IndexKeyKind::Sql(text.into()), part))
            }
            ValueKind::Text(text) => {
                let help = if self.draft.by_name.contains_key(text.as_str()) {
                    format!("a column stands without quotes: `{text}`")
                } else {
                    "an expression is written `sql(\"…\")`".to_owned()
                };
                self.context.error(
                    Code::WrongArgument,
                    argument.value.span,
                    "an index sorts by columns and expressions",
                    help,
                );
                None
            }
            ValueKind::Call(_) | ValueKind::Number(_) | ValueKind::List(_) => {
                let help = "an expression is written `sql(\"…\")`";
                self.context.error(
                    Code::WrongArgument,
                    argument.value.span,
                    "an index sorts by columns and expressions",
                    help,
                );
                None
            }
        }
    }

    fn method(&mut self, value: &Value, unique: bool) -> Option<IndexMethod> {
        let word = value.word().unwrap_or_default();
        let Some((_, method)) = METHODS.iter().find(|(name, _)| *name == word) else {
            let words = METHODS.iter().map(|(name, _)| *name);
            let help = match nearest(word, words.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    format!("the methods are {}", words.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
                }
            };
            self.context.error(Code::WrongArgument, value.span, "this is no index method", help);
            return None;
        };
        if method.is_some() {
            self.context.not_on(
                Dialect::Sqlite,
                value.span,
                &format!("`{word}` indexes"),
                "remove `method`: what is left is a B-tree",
            );
            if unique {
                self.context.error(Code::WrongArgument, value.span, "only a B-tree can be unique", "remove `method`");
            }
        }
        *method
    }
}

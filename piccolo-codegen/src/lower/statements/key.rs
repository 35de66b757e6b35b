//! `foreign_key(a, b) = Table(x, y)`.

use piccolo_runtime::schema::{ForeignKey, ForeignKeyRole, Text, naming};

use super::read::{column_names, explicit_name, names_in, split, sql_name};
use super::{Builder, plain_unique};
use crate::diagnostic::{Code, Diagnostic};
use crate::lower::columns::{self, ColumnDraft};
use crate::lower::context::Context;
use crate::lower::keys;
use crate::lower::tables::TableDraft;
use crate::source::Span;
use crate::syntax::ast::{Argument, Statement};

impl Builder<'_, '_, '_> {
    pub(super) fn foreign_key(&mut self, statement: &Statement) {
        let (positional, read) = split(self.context, statement, &["on_delete", "on_update", "name"]);
        let explicit = explicit_name(self.context, &read);
        let Some(call) = &statement.target else {
            let help = "say what it points to: `foreign_key(a, b) = Table(x, y)`";
            self.context.error(Code::MissingArgument, statement.span, "this key points to nothing", help);
            return;
        };
        let columns = column_names(self.context, self.draft, statement, &positional);
        let on_delete = columns::action(self.context, &read, "on_delete", statement.span);
        let on_update = columns::action(self.context, &read, "on_update", statement.span);
        let Some(target) = keys::target_table(self.context, self.position, &call.name.text, call.name.span) else {
            return;
        };
        let Some(target) = self.drafts.get(target) else { return };
        for argument in &call.arguments {
            if let Some(name) = &argument.name {
                let help = format!("`{}` stands on the left: `foreign_key(…, {} = …) = …`", name.text, name.text);
                self.context.error(Code::UnknownArgument, argument.span, "a target takes only columns", help);
            }
        }
        let written: Vec<&Argument> = call.arguments.iter().filter(|argument| argument.name.is_none()).collect();
        let targets = names_in(self.context, target, &written);
        if columns.len() < positional.len() || targets.len() < written.len() || columns.is_empty() {
            return;
        }
        let columns: Vec<&ColumnDraft<'_>> = columns.iter().filter_map(|name| self.draft.column(name)).collect();
        let targets: Vec<&ColumnDraft<'_>> = targets.iter().filter_map(|name| target.column(name)).collect();
        if !matches(self.context, statement, call.span, (&columns, self.draft.name), (&targets, target)) {
            return;
        }
        for column in &columns {
            if let (Some(ty), None) = (&column.resolved, column.target) {
                keys::check_compared(self.context, ty, column.type_span);
            }
        }
        for (action, span) in [on_delete, on_update] {
            let null = columns.iter().all(|column| column.null.is_some());
            let default = columns.iter().all(|column| column.null.is_some() || column.default.is_some());
            keys::possible(self.context, action, span, null, default);
        }
        let columns: Vec<Text> = columns.into_iter().map(sql_name).collect();
        let (name, span) = self.name(explicit, statement, || naming::foreign_key(&self.draft.sql_name.name, &columns));
        if self.take(&name, span) {
            self.keys.push(ForeignKey {
                name: name.into(),
                columns: columns.into(),
                target: target.sql_name.clone(),
                target_columns: targets.into_iter().map(sql_name).collect(),
                on_delete: on_delete.0,
                on_update: on_update.0,
                role: ForeignKeyRole::Constraint,
            });
        }
    }
}

/// Whether the two sides of a key of several columns fit; if not it is reported.
fn matches(
    context: &mut Context<'_>,
    statement: &Statement,
    target_span: Span,
    (columns, table): (&[&ColumnDraft<'_>], &str),
    (targets, target): (&[&ColumnDraft<'_>], &TableDraft<'_>),
) -> bool {
    if columns.len() != targets.len() {
        let message = format!(
            "{} of `{table}` cannot point to {} of `{}`",
            counted(columns.len()),
            counted(targets.len()),
            target.name
        );
        let help = "name as many columns on the right as on the left";
        context.report(Diagnostic::new(Code::KeyMismatch, message).label(statement.span, "").help(help));
        return false;
    }
    for (column, other) in columns.iter().zip(targets) {
        if let (Some(left), Some(right)) = (&column.resolved, &other.resolved)
            && left.referenced() != right.referenced()
        {
            let message = format!("`{}` and `{}.{}` differ in type", column.name, target.name, other.name);
            let diagnostic = Diagnostic::new(Code::KeyMismatch, message)
                .label(column.type_span, "")
                .label(other.type_span, "it would have to be this type");
            context.report(diagnostic);
            return false;
        }
    }
    let mut wanted: Vec<&str> = targets.iter().map(|column| column.name).collect();
    wanted.sort_unstable();
    let sorted = |mut names: Vec<&str>| {
        names.sort_unstable();
        names == wanted
    };
    let primary =
        target.primary.iter().filter_map(|position| target.columns.get(*position)).map(|column| column.name).collect();
    let unique = target.statements.iter().filter_map(|statement| plain_unique(statement)).any(sorted);
    let single = matches!(targets, [only] if only.unique.is_some());
    if sorted(primary) || unique || single || target.damaged {
        return true;
    }
    let message = format!("these columns of `{}` are neither its primary key nor unique", target.name);
    context.error(
        Code::NotUniqueTarget,
        target_span,
        message,
        format!("add `unique({})` to `{}`", wanted.join(", "), target.name),
    );
    false
}

/// `1 column`, `2 columns`.
fn counted(number: usize) -> String {
    format!("{number} column{}", if number == 1 { "" } else { "s" })
}

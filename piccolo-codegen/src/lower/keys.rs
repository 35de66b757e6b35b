//! Primary keys, and foreign keys with the types that they take from what they point to.

use std::collections::{HashMap, HashSet};

use piccolo_runtime::schema::{ColumnType, ElementType, ForeignKeyAction};
use piccolo_runtime::sql::Dialect;

use super::columns::{DraftType, KeyDraft};
use super::context::{Context, excused};
use super::names::lowercase;
use super::statements;
use super::tables::{TableDraft, add_implicit_id};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Span;

/// Decides the primary key of every table.
pub(super) fn choose_primary(context: &mut Context<'_>, drafts: &mut [TableDraft<'_>]) {
    for draft in drafts {
        primary(context, draft);
        check_serials(context, draft);
    }
}

fn primary(context: &mut Context<'_>, draft: &mut TableDraft<'_>) {
    let flagged: Vec<(usize, Span)> = draft
        .columns
        .iter()
        .enumerate()
        .filter_map(|(position, column)| column.primary_key.map(|span| (position, span)))
        .collect();
    let written: Vec<_> =
        draft.statements.iter().copied().filter(|statement| statement.keyword.text == "primary_key").collect();
    let mut places =
        flagged.iter().map(|(_, span)| *span).chain(written.iter().map(|statement| statement.keyword.span));
    let (first, second) = (places.next(), places.next());
    if let (Some(first), Some(second)) = (first, second) {
        let names: Vec<&str> =
            flagged.iter().filter_map(|(position, _)| draft.columns.get(*position)).map(|column| column.name).collect();
        let help = if written.is_empty() {
            format!("a key of several columns is one statement: `primary_key({})`", names.join(", "))
        } else {
            "keep one of them".to_owned()
        };
        let message = format!("the table `{}` has more than one primary key", draft.name);
        let diagnostic = Diagnostic::new(Code::SeveralPrimaryKeys, message)
            .label(second, "")
            .label(first, "the first is here")
            .help(help);
        context.report(diagnostic);
    }
    draft.primary_span = flagged.first().map_or(draft.primary_span, |(_, span)| *span);
    if let Some(statement) = written.first() {
        draft.primary_span = statement.span;
        let key = statements::primary_key(context, draft, statement);
        draft.primary = key.columns.iter().filter_map(|name| draft.by_name.get(name).copied()).collect();
        if let Some((name, span)) = key.name {
            draft.primary_name = name.to_owned();
            draft.name_spans.insert(lowercase(name).into_owned(), span);
        }
    } else if let Some((position, _)) = flagged.first() {
        draft.primary = vec![*position];
    } else if let Some(position) =
        draft.columns.iter().position(|column| column.name == "id" || column.sql_name.eq_ignore_ascii_case("id"))
    {
        let span = draft.columns.get(position).map(|column| column.name_span).unwrap_or_default();
        let message = format!("the table `{}` has a column `id` and no primary key", draft.name);
        context.error(
            Code::ImplicitId,
            span,
            message,
            "make it the key with `primary_key`, or rename it: a table without a key gets `id: BigSerial`",
        );
        draft.primary = vec![position];
    } else if !draft.columns.is_empty() || !draft.damaged {
        add_implicit_id(draft);
    }
    let nullable: Vec<(&str, Span)> = draft
        .primary
        .iter()
        .filter_map(|position| draft.columns.get(*position))
        .filter_map(|column| column.null.map(|span| (column.name, span)))
        .collect();
    for (name, span) in nullable {
        let message = format!("`{name}` is a primary key and cannot be null");
        context.error(Code::NullPrimaryKey, span, message, "remove `null`");
    }
}

/// Refuses serial columns that are not the whole key.
fn check_serials(context: &mut Context<'_>, draft: &TableDraft<'_>) {
    for (position, column) in draft.columns.iter().enumerate() {
        if column.resolved.as_ref().is_some_and(ColumnType::is_serial) && draft.primary != [position] {
            context.error(
                Code::MisplacedSerial,
                column.type_span,
                format!("`{}` counts up, which only a table's whole primary key can", column.name),
                "use `Integer` or `BigInt`, or make it the `primary_key` alone",
            );
        }
    }
}

/// Finds what each foreign key points to, and its type.
pub(super) fn resolve(context: &mut Context<'_>, drafts: &mut [TableDraft<'_>]) {
    let mut found: HashMap<(usize, usize), (usize, usize)> = HashMap::new();
    let mut places = Vec::new();
    for (table, draft) in drafts.iter().enumerate() {
        for (column, candidate) in draft.columns.iter().enumerate() {
            if let DraftType::Key(key) = &candidate.ty {
                check_actions(context, key, candidate.null.is_some(), candidate.default.is_some());
                if let Some(target) = target(context, drafts, table, key) {
                    found.insert((table, column), target);
                    places.push((table, column));
                }
            }
        }
    }
    let mut broken = HashSet::new();
    for place in places {
        resolve_type(context, drafts, &found, place, &mut broken);
    }
}

/// The table and the column that a key points to.
fn target(
    context: &mut Context<'_>,
    drafts: &[TableDraft<'_>],
    table: usize,
    key: &KeyDraft<'_>,
) -> Option<(usize, usize)> {
    let position = target_table(context, table, key.target, key.target_span)?;
    let draft = drafts.get(position)?;
    let column = match key.to {
        Some((name, span)) => {
            let column = draft.by_name.get(name).copied();
            if column.is_none() && !excused(&[draft.declaration]) && !draft.damaged {
                unknown_column(context, draft, name, span);
            }
            column?
        }
        None => match draft.primary.as_slice() {
            [only] => *only,
            [] => return None,
            [_, _, ..] => {
                let message = format!("the primary key of `{}` has {} columns", draft.name, draft.primary.len());
                context.error(
                    Code::CompositeTarget,
                    key.target_span,
                    message,
                    format!(
                        "use `foreign_key(…) = {}(…)` with a column for each, or `to = …` for a unique one",
                        key.target
                    ),
                );
                return None;
            }
        },
    };
    if draft.primary != [column] && !statements::is_unique(draft, column) && !draft.damaged {
        let (name, span) = key.to.unwrap_or((key.target, key.target_span));
        let diagnostic = Diagnostic::new(Code::NotUniqueTarget, format!("`{}.{name}` is not unique", draft.name))
            .label(span, "a foreign key could mean several rows")
            .label(draft.columns.get(column)?.name_span, "")
            .help("make it `unique`, or point to the primary key");
        context.report(diagnostic);
        return None;
    }
    Some((position, column))
}

/// The position of the table that a key names; `self` is its own.
pub(super) fn target_table(context: &mut Context<'_>, table: usize, name: &str, span: Span) -> Option<usize> {
    if name == "self" {
        return Some(table);
    }
    let position = context.symbols.table(name);
    if position.is_none() && !context.symbols.is_lost(name) {
        let diagnostic = match context.symbols.get(name) {
            Some(other) => {
                let message = format!("`{name}` is no table but {}", super::symbols::kind(other));
                Diagnostic::new(Code::UnknownReference, message).label(span, "").label(other.name.span, "declared here")
            }
            None => {
                let tables = context.symbols.tables().map(|table| table.name.text.as_str());
                let help = did_you_mean(name, tables.chain(["self"]));
                Diagnostic::new(Code::UnknownReference, format!("there is no table `{name}`"))
                    .label(span, "")
                    .help(help)
            }
        };
        context.report(diagnostic);
    }
    position
}

/// Reports a column that a table does not have.
pub(super) fn unknown_column(context: &mut Context<'_>, draft: &TableDraft<'_>, name: &str, span: Span) {
    let columns = draft.columns.iter().map(|column| column.name);
    let by_sql_name = draft.columns.iter().find(|column| column.sql_name == name);
    let help = match by_sql_name {
        Some(column) => format!("here it is called `{}`", column.name),
        None => did_you_mean(name, columns),
    };
    context.error(Code::UnknownColumn, span, format!("the table `{}` has no column `{name}`", draft.name), help);
}

/// Follows a chain of keys to the column that has a type of its own, and gives that type to all on the way.
fn resolve_type(
    context: &mut Context<'_>,
    drafts: &mut [TableDraft<'_>],
    found: &HashMap<(usize, usize), (usize, usize)>,
    place: (usize, usize),
    broken: &mut HashSet<(usize, usize)>,
) {
    let mut chain = Vec::new();
    let mut on_chain = HashSet::new();
    let mut here = place;
    let base = loop {
        let column = drafts.get(here.0).and_then(|draft| draft.columns.get(here.1));
        if let Some(ty) = column.and_then(|column| column.resolved.clone()) {
            break Some(ty);
        }
        // What is broken was reported when it was first met.
        if broken.contains(&here) {
            break None;
        }
        // One step behind, because most chains are a key and the column with a type, which needs no set.
        on_chain.extend(chain.last().copied());
        if on_chain.contains(&here) {
            report_cycle(context, drafts, &chain, here);
            break None;
        }
        chain.push(here);
        match found.get(&here) {
            Some(next) => here = *next,
            None => break None,
        }
    };
    let Some(base) = base else {
        broken.extend(chain);
        return;
    };
    for place in chain {
        let target = found.get(&place).copied();
        if let Some(column) = drafts.get_mut(place.0).and_then(|draft| draft.columns.get_mut(place.1)) {
            column.resolved = Some(base.referenced());
            column.target = target;
            check_compared(context, &base, column.type_span);
        }
    }
}

/// Reports keys that point to each other, at the place where the cycle begins.
fn report_cycle(context: &mut Context<'_>, drafts: &[TableDraft<'_>], chain: &[(usize, usize)], entry: (usize, usize)) {
    // The first few keys tell enough of a long cycle.
    let cycle = chain.iter().skip_while(|place| **place != entry).take(8);
    let mut diagnostic = Diagnostic::new(Code::KeyCycle, "these keys point to each other, so none of them has a type");
    for column in cycle.filter_map(|place| drafts.get(place.0)?.columns.get(place.1)) {
        diagnostic = diagnostic.label(column.type_span, "");
    }
    context.report(diagnostic.help("give one of the columns a type of its own"));
}

/// Refuses a type whose values Postgres cannot compare in a foreign key: it takes such a key, and then no row.
pub(super) fn check_compared(context: &mut Context<'_>, ty: &ColumnType, span: Span) {
    if let ColumnType::Array(ElementType::Varchar { .. } | ElementType::Numeric { .. }) = ty {
        context.not_on(
            Dialect::Postgres,
            span,
            "foreign keys of lists whose values have a length or a precision",
            "point to a column of another type, such as `Array(Text)`, or to the primary key of a table of its own",
        );
    }
}

/// Refuses actions that the column cannot take.
fn check_actions(context: &mut Context<'_>, key: &KeyDraft<'_>, null: bool, default: bool) {
    for (action, span) in [key.on_delete, key.on_update] {
        possible(context, action, span, null, default);
    }
}

/// Refuses an action that columns cannot take which are (all) nullable or not and have a default or not.
pub(super) fn possible(context: &mut Context<'_>, action: ForeignKeyAction, span: Span, null: bool, default: bool) {
    match action {
        ForeignKeyAction::SetNull if !null => {
            context.error(
                Code::ImpossibleAction,
                span,
                "`set_null` on a column that takes no null",
                "add `null`, or use another action",
            );
        }
        ForeignKeyAction::SetDefault if !null && !default => {
            context.error(
                Code::ImpossibleAction,
                span,
                "`set_default` on a column that has neither a default nor null",
                "add `default = …`, or use another action",
            );
        }
        ForeignKeyAction::SetNull
        | ForeignKeyAction::SetDefault
        | ForeignKeyAction::NoAction
        | ForeignKeyAction::Restrict
        | ForeignKeyAction::Cascade => {}
    }
}

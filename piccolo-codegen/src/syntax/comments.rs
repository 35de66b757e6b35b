//! Gives each comment to the part of the tree that it stands at, so that the printer can give it back.
//!
//! A comment on a line of its own belongs to what follows; behind something on the same line, to that. One
//! in the middle of an item moves above the item: it is kept, in a place where every layout has room for it.

use std::collections::VecDeque;

use super::ast::{Ast, Body, Comment, Declaration, Trivia};
use super::scan::blank_before;

/// Hands the comments, which are in order, to the tree.
pub(super) fn attach(ast: &mut Ast, comments: Vec<Comment>, text: &str) {
    let mut queue = Queue { comments: comments.into(), text };
    let mut previous: Option<&mut Trivia> = None;
    for declaration in &mut ast.declarations {
        queue.around(&mut declaration.trivia, previous, declaration.span.start);
        inside(declaration, &mut queue);
        previous = Some(&mut declaration.trivia);
    }
    let mut rest = Trivia::default();
    queue.around(&mut rest, previous, usize::MAX);
    ast.trailing = rest.leading;
}

/// The comments between a declaration's first and last byte.
fn inside(declaration: &mut Declaration, queue: &mut Queue<'_>) {
    queue.moved(&mut declaration.trivia, declaration.open);
    declaration.open_comment = queue.same_line();
    let mut parts: Vec<(&mut Trivia, usize, usize)> = match &mut declaration.body {
        Body::Table(record) | Body::Mixin(record) => {
            record.items.iter_mut().map(|item| (&mut item.trivia, item.span.start, item.span.end)).collect()
        }
        Body::Enum(variants) => {
            variants.iter_mut().map(|variant| (&mut variant.trivia, variant.span.start, variant.span.end)).collect()
        }
    };
    let mut previous: Option<&mut Trivia> = None;
    for (trivia, start, end) in parts.drain(..) {
        queue.around(trivia, previous, start);
        queue.moved(trivia, end);
        previous = Some(trivia);
    }
    let mut rest = Trivia::default();
    queue.around(&mut rest, previous, declaration.span.end);
    declaration.dangling = rest.leading;
}

/// The comments that no part of the tree has taken yet.
struct Queue<'a> {
    comments: VecDeque<Comment>,
    text: &'a str,
}

impl Queue<'_> {
    /// The comments before a part that begins at `start`: one on the line of the part before is that one's, the others lead.
    fn around(&mut self, trivia: &mut Trivia, previous: Option<&mut Trivia>, start: usize) {
        if let Some(previous) = previous
            && previous.trailing.is_none()
            && self.comments.front().is_some_and(|comment| comment.span.start < start)
        {
            previous.trailing = self.same_line();
        }
        while let Some(comment) = self.comments.pop_front_if(|comment| comment.span.start < start) {
            trivia.leading.push(Comment { own_line: true, ..comment });
        }
        trivia.blank_before = start != usize::MAX && blank_before(self.text, start);
    }

    /// The comments before `end` inside a part: they lead it from now on.
    fn moved(&mut self, trivia: &mut Trivia, end: usize) {
        while let Some(comment) = self.comments.pop_front_if(|comment| comment.span.start < end) {
            trivia.leading.push(Comment { own_line: true, blank_before: false, ..comment });
        }
    }

    /// The next comment, where something stands before it on its line.
    fn same_line(&mut self) -> Option<Comment> {
        self.comments.pop_front_if(|comment| !comment.own_line)
    }
}

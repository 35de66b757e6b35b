//! Changes in the pure model, where no database knows better.

#[expect(clippy::wildcard_enum_match_arm, reason = "each function applies the few alterations of one kind")]
mod apply;

pub(crate) use apply::{apply, in_order};

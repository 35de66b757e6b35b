//! What can differ between the two sides of a column.

use piccolo_runtime::schema::Column;

/// What differs between the two sides of a column that stays, its name apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ColumnDifference {
    /// The type, a mere rename of its enum apart.
    pub ty: bool,
    /// Whether it takes nulls.
    pub null: bool,
    /// The default, a mere rename of an enum's value apart.
    pub default: bool,
    /// The collation.
    pub collation: bool,
    /// The doc comment.
    pub doc: bool,
}

impl ColumnDifference {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// Whether more than the comment differs.
    #[must_use]
    pub fn is_storage(self) -> bool {
        self.ty || self.null || self.default || self.collation
    }

    /// What differs, in words.
    pub(super) fn describe(self, from: &Column, to: &Column) -> String {
        let mut words = Vec::new();
        if self.ty {
            words.push("the type".to_owned());
        }
        if self.null {
            words.push(if to.null { "to take nulls".to_owned() } else { "to take no nulls".to_owned() });
        }
        if self.default {
            words.push(match (&from.default, &to.default) {
                (_, None) => "to have no default".to_owned(),
                (None, Some(_)) => "to have a default".to_owned(),
                (Some(_), Some(_)) => "the default".to_owned(),
            });
        }
        if self.collation {
            words.push("the collation".to_owned());
        }
        if self.doc {
            words.push("the comment".to_owned());
        }
        words.join(", ")
    }
}

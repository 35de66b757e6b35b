//! A select, without Rust types.

use super::Expr;
use crate::table::TableMeta;

/// A select from one root table; the joins follow from the paths of the columns in it.
#[derive(Clone, Debug)]
pub struct Select {
    /// The table that the paths begin at.
    pub root: &'static TableMeta,
    /// What is selected.
    pub items: Vec<Item>,
    /// Whether equal rows are taken once.
    pub distinct: Distinct,
    /// The condition.
    pub filter: Option<Expr>,
    /// What the rows are grouped by.
    pub group_by: Vec<Expr>,
    /// The condition on groups.
    pub having: Option<Expr>,
    /// The order.
    pub order_by: Vec<Order>,
    /// At most so many rows.
    pub limit: Option<u64>,
    /// Without the first so many rows.
    pub offset: Option<u64>,
    /// Which locks the rows get (Postgres).
    pub lock: Option<Lock>,
}

/// One selected expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The expression.
    pub expr: Expr,
    /// Its name in the result: `name`, `manager.name`, or what the user called it.
    pub name: String,
}

/// Whether equal rows are taken once.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Distinct {
    /// All rows.
    #[default]
    No,
    /// Equal rows once.
    Rows,
    /// The first row of those that are equal in these expressions (Postgres).
    On(Vec<Expr>),
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What is sorted by.
    pub expr: Expr,
    /// Whether downwards.
    pub descending: bool,
    /// Where nulls go; without it they count as greater than everything, on both engines.
    pub nulls: Option<Nulls>,
}

/// Where nulls go in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nulls {
    /// Before everything.
    First,
    /// After everything.
    Last,
}

/// A lock on the selected rows (Postgres).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// How strong.
    pub strength: LockStrength,
    /// What to do about rows that another transaction has locked.
    pub wait: LockWait,
    /// Only the rows of the tables at the end of these paths; empty for all.
    pub of: Vec<Vec<u16>>,
}

/// How strong a row lock is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the clause of that name in Postgres' manual, chapter 13.3.2")]
pub enum LockStrength {
    #[default]
    Update,
    NoKeyUpdate,
    Share,
    KeyShare,
}

/// What a query does about rows that another transaction has locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LockWait {
    /// It waits.
    #[default]
    Wait,
    /// It leaves them out.
    SkipLocked,
    /// It fails.
    NoWait,
}

impl Select {
    /// A select of nothing yet, from this table.
    #[must_use]
    pub const fn from(root: &'static TableMeta) -> Self {
        Self {
            root,
            items: Vec::new(),
            distinct: Distinct::No,
            filter: None,
            group_by: Vec::new(),
            having: None,
            order_by: Vec::new(),
            limit: None,
            offset: None,
            lock: None,
        }
    }

    /// Adds a condition, which must hold besides those that are there.
    pub fn filter(&mut self, condition: Expr) {
        add_condition(&mut self.filter, condition);
    }
}

/// Adds a condition to one that may be there.
pub fn add_condition(filter: &mut Option<Expr>, condition: Expr) {
    *filter = Some(match filter.take() {
        None => condition,
        Some(before) => before.and(condition),
    });
}

impl PartialEq for Select {
    /// Two selects are equal if they say the same about the same table.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.root, other.root)
            && self.items == other.items
            && self.distinct == other.distinct
            && self.filter == other.filter
            && self.group_by == other.group_by
            && self.having == other.having
            && self.order_by == other.order_by
            && self.limit == other.limit
            && self.offset == other.offset
            && self.lock == other.lock
    }
}

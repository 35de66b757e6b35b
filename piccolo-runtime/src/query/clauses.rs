//! The clauses that several builders have.

/// Writes `where_` for a builder with a field `tree` that has a `filter`.
macro_rules! where_clause {
    () => {
        /// Only rows for which the condition holds. A second one must hold as well.
        pub fn where_<C: $crate::query::Condition<R>>(mut self, condition: C) -> Self {
            if let Some(condition) = condition.into_condition() {
                self.tree.filter(condition);
            }
            self
        }
    };
}
pub(super) use where_clause;

/// Writes `order_by`, `limit` and `offset` for a builder with a field `tree` that is a select.
macro_rules! window_clauses {
    () => {
        /// Sorted so. A second order sorts what the first leaves equal. Without any, the order of rows is not defined.
        pub fn order_by<K: $crate::query::Ordering<R>>(mut self, order: K) -> Self {
            order.add_to(&mut self.tree.order_by);
            self
        }

        /// At most so many rows.
        pub const fn limit(mut self, rows: u64) -> Self {
            self.tree.limit = Some(rows);
            self
        }

        /// Without the first so many rows. Sort as well, or which they are is not defined.
        pub const fn offset(mut self, rows: u64) -> Self {
            self.tree.offset = Some(rows);
            self
        }
    };
}
pub(super) use window_clauses;

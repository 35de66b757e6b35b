//! The guard of deletes and updates: without a condition they do not run, unless that is asked for.

/// Nothing says yet which rows are meant.
#[derive(Clone, Copy, Debug)]
pub struct Unguarded;

/// A condition says which rows are meant, or `force` that all of them are.
#[derive(Clone, Copy, Debug)]
pub struct Guarded;

/// Whether a delete or an update may run.
#[diagnostic::on_unimplemented(
    message = "this delete or update has no `where_` and would touch every row",
    label = "no `where_` before this",
    note = "say which rows are meant with `where_(…)`, or that all of them are with `force()`"
)]
pub trait Guard {}

impl Guard for Guarded {}

/// Writes what a guarded builder consists of besides its `new`: the state in its type, `where_` and `force`, `returning`, and running
/// and showing it. The builder has a tree with a filter, and is named in errors as the operation.
macro_rules! guarded {
    ($builder:ident, $render:ident, $operation:literal, $returning:literal) => {
        impl<R: Table> Default for $builder<R> {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<R: Table, G> $builder<R, G> {
            /// Only rows for which the condition holds. A second one must hold as well. It may name columns of other tables.
            pub fn where_<C: $crate::query::Condition<R>>(mut self, condition: C) -> $builder<R, Guarded> {
                if let Some(condition) = condition.into_condition() {
                    self.tree.filter(condition);
                }
                self.guarded()
            }

            /// All rows, if no condition says otherwise.
            pub fn force(mut self) -> $builder<R, Guarded> {
                self.forced = true;
                self.guarded()
            }

            #[doc = $returning]
            pub fn returning<S: $crate::query::Selection<R>>(
                mut self,
                selection: S,
            ) -> $crate::query::Returning<Self, S::Output> {
                let mut list = $crate::query::SelectList::new(R::META);
                selection.add_to(&mut list);
                let (items, layout) = list.into_parts();
                self.tree.returning = items;
                $crate::query::Returning { query: self, layout, read: S::read }
            }

            /// Runs the query on an engine or in a transaction.
            ///
            /// # Errors
            ///
            /// Those of the database, [`Error::Deletion`](crate::Error::Deletion) if the condition says nothing, and whatever is wrong
            /// with the query as built.
            pub fn run<'e>(
                self,
                db: impl Into<$crate::Exec<'e>>,
            ) -> impl Future<Output = $crate::Result<u64>> + Send
            where
                G: Guard,
            {
                Runner::run(self.guarded(), db.into())
            }

            /// The same on a thread that may block.
            ///
            /// # Errors
            ///
            /// As [`Self::run`], and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
            pub fn run_sync<'e>(self, db: impl Into<$crate::Exec<'e>>) -> $crate::Result<u64>
            where
                G: Guard,
            {
                Runner::run_sync(self.guarded(), db.into())
            }

            /// The same query in its guarded state.
            fn guarded(self) -> $builder<R, Guarded> {
                $builder { tree: self.tree, forced: self.forced, marker: PhantomData }
            }
        }

        impl<R, G> Clone for $builder<R, G> {
            fn clone(&self) -> Self {
                Self { tree: self.tree.clone(), forced: self.forced, marker: PhantomData }
            }
        }

        impl<R, G> std::fmt::Debug for $builder<R, G> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple(stringify!($builder)).field(&self.tree).finish()
            }
        }

        impl<R: Table, G> Render for $builder<R, G> {
            fn render(&self, renderer: &mut Renderer) -> $crate::Result<()> {
                if self.tree.filter.is_none() && !self.forced && !renderer.is_shown() {
                    let table = R::META.table().sql_name.to_string();
                    return Err($crate::Error::Deletion { operation: $operation, table });
                }
                renderer.$render(&self.tree)
            }
        }

        impl<R: Table> Query for $builder<R, Guarded> {
            type Output = u64;

            async fn execute(self, runner: Runner<'_>) -> $crate::Result<u64> {
                runner.execute(self.statement(runner.dialect())?).await
            }
        }

        shows_sql!([R: Table, G] $builder<R, G>);
        runs!([R: Table, O: Send + 'static] $crate::query::Returning<$builder<R, Guarded>, O> => Vec<O>);
        shows_sql!([R: Table, G, O] $crate::query::Returning<$builder<R, G>, O>);
    };
}
pub(super) use guarded;

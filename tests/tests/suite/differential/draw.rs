//! Choices: a case is a list of numbers, and whatever is made of it asks for the next one.
//!
//! So proptest shrinks every case alike, by leaving numbers out and by making them smaller. When the list has ended, every choice is
//! the first, which must therefore be the simplest.

/// The choices that are left.
pub(super) struct Draw<'c>(std::slice::Iter<'c, u16>);

impl<'c> Draw<'c> {
    /// All of these.
    pub(super) fn new(choices: &'c [u16]) -> Self {
        Self(choices.iter())
    }

    /// A number below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0.next().map_or(0, |choice| usize::from(*choice) % n.max(1))
    }

    /// One of these.
    pub(super) fn one_of<'t, T>(&mut self, options: &'t [T]) -> &'t T {
        &options[self.below(options.len())]
    }

    /// True once in `n` times.
    pub(super) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) + 1 == n
    }
}

//! The checksum by which an applied migration is recognised.

use crate::hash::fnv1a;

/// FNV-1a of 64 bits over the normal form of some statements, shown as 16 hexadecimal digits.
///
/// It guards against accidents: an applied file that was edited later. It is no defence against an attacker, who could as well edit
/// the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Checksum(u64);

impl Checksum {
    /// The checksum of some texts in order. Where one ends and the next begins is part of it.
    pub fn of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self(fnv1a(texts))
    }
}

impl std::fmt::Display for Checksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

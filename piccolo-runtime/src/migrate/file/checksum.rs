//! The checksum by which an applied migration is recognised.

/// FNV-1a of 64 bits over the normal form of some statements, shown as 16 hexadecimal digits.
///
/// It guards against accidents: an applied file that was edited later. It is no defence against an attacker, who could as well edit
/// the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Checksum(u64);

impl Checksum {
    /// The checksum of some texts in order. Where one ends and the next begins is part of it.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        // No SQL text holds a NUL, so it separates.
        let hash = texts.into_iter().fold(OFFSET, |hash, text| step(text.bytes().fold(hash, step), 0));
        Self(hash)
    }
}

impl std::fmt::Display for Checksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

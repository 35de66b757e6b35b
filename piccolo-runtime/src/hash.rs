//! The one hash of the crate: FNV-1a of 64 bits, for names and checksums that databases keep.
//!
//! It is written out here because what is stored in databases must never change with a dependency.

/// The hash of some texts in order. Where one ends and the next begins is part of it.
pub(crate) fn fnv1a<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> u64 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for text in texts {
        let text = text.as_ref();
        // The length first, so that the border between two texts counts.
        for byte in (text.len() as u64).to_le_bytes().iter().chain(text.as_bytes()) {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    state
}

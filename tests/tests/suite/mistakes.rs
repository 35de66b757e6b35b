//! Mistakes that the compiler must refuse, with what it says about them.

/// Every file of `tests/mistakes` is one mistake, and the file beside it holds the compiler's words.
#[test]
fn mistakes_are_refused_in_words_that_help() {
    trybuild::TestCases::new().compile_fail("tests/mistakes/*.rs");
}

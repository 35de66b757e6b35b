//! Postgres' `numeric` to a decimal.

use rust_decimal::Decimal;

/// The sign of a negative number in the binary form; the sign of a positive one is 0.
const NEGATIVE: u16 = 0x4000;

/// Reads the binary form: the number of digits, the weight of the first, the sign, the scale, and digits to the base 10 000.
/// `None` for what a decimal cannot hold: NaN, the infinities, more than 28 digits.
pub(super) fn read(bytes: &[u8]) -> Option<Decimal> {
    let mut words = bytes.chunks(2).map(|word| word.try_into().map(u16::from_be_bytes).ok());
    let count = words.next()??;
    let weight = words.next()??.cast_signed();
    let sign = words.next()??;
    let scale = words.next()??;
    if sign != 0 && sign != NEGATIVE {
        return None;
    }
    let mut mantissa: i128 = 0;
    for _ in 0..count {
        mantissa = mantissa.checked_mul(10_000)?.checked_add(i128::from(words.next()??))?;
    }
    // The last digit stands for 10 000 to this power.
    let exponent = 4 * (i32::from(weight) + 1 - i32::from(count)) + i32::from(scale);
    let shift = 10_i128.checked_pow(exponent.unsigned_abs())?;
    mantissa = if exponent >= 0 { mantissa.checked_mul(shift)? } else { mantissa / shift };
    Decimal::try_from_i128_with_scale(if sign == NEGATIVE { -mantissa } else { mantissa }, u32::from(scale)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(words: &[u16]) -> Option<String> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        read(&bytes).map(|number| number.to_string())
    }

    #[test]
    fn the_binary_form_keeps_every_digit_and_the_scale() {
        assert_eq!(number(&[0, 0, 0, 0]).as_deref(), Some("0"));
        assert_eq!(number(&[0, 0, 0, 2]).as_deref(), Some("0.00"));
        assert_eq!(number(&[2, 0, 0, 2, 1, 1000]).as_deref(), Some("1.10"));
        assert_eq!(number(&[1, 0xffff, NEGATIVE, 4, 1]).as_deref(), Some("-0.0001"));
        assert_eq!(number(&[1, 1, 0, 0, 12]).as_deref(), Some("120000"));
    }

    #[test]
    fn what_a_decimal_cannot_hold_is_refused() {
        assert_eq!(number(&[0, 0, 0xc000, 0]), None);
        assert_eq!(number(&[1, 20, 0, 0, 1]), None);
        assert_eq!(number(&[2, 0, 0, 0, 1]), None);
        assert_eq!(number(&[]), None);
    }
}

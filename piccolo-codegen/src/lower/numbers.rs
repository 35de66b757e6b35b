//! Numbers as defaults, each in the one text of its value.

use piccolo_runtime::schema::Default;

use super::defaults::Misfit;

/// A whole number within a range.
pub(super) fn integer(text: &str, least: i64, most: i64) -> Result<Default, Misfit> {
    let text = text.replace('_', "");
    if text.contains(['.', 'e', 'E']) {
        return Err(Misfit::wrong("a whole number is expected", "write it without a point"));
    }
    match text.parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(Default::Integer(number)),
        _ => {
            let larger = if most == i64::MAX { "`Numeric` takes larger ones" } else { "choose a larger type" };
            Err(Misfit::range(format!("this column takes numbers from {least} to {most}"), larger))
        }
    }
}

/// A number that a 32-bit float holds.
pub(super) fn real(text: &str) -> Result<Default, Misfit> {
    let number: f32 = text.replace('_', "").parse().unwrap_or(f32::INFINITY);
    float(number.is_finite(), number == 0.0, || format!("{number:?}"))
}

/// A number that a 64-bit float holds.
pub(super) fn double(text: &str) -> Result<Default, Misfit> {
    let number: f64 = text.replace('_', "").parse().unwrap_or(f64::INFINITY);
    float(number.is_finite(), number == 0.0, || format!("{number:?}"))
}

/// The shortest text that gives a float back, without a fraction that is zero. Zero has one text, whatever its sign.
fn float(finite: bool, zero: bool, text: impl FnOnce() -> String) -> Result<Default, Misfit> {
    if !finite {
        return Err(Misfit::range("this number is too large for the column", "choose `DoublePrecision` or `Numeric`"));
    }
    if zero {
        return Ok(Default::Decimal("0".into()));
    }
    let text = text();
    Ok(Default::Decimal(text.strip_suffix(".0").unwrap_or(&text).to_owned().into()))
}

/// A decimal that fits its column exactly: without an exponent and without zeros that say nothing.
pub(super) fn numeric(text: &str, precision: u8, scale: u8) -> Result<Default, Misfit> {
    let plain = text.replace('_', "");
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all: String = format!("{whole}{fraction}");
    // Where the point stands in `all`; far outside of what any column takes, the exact place does not matter.
    let exponent = exponent.parse::<i64>().unwrap_or(i64::from(i32::MAX)).clamp(-100_000, 100_000);
    let leading = all.len() - all.trim_start_matches('0').len();
    let significant = all.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Ok(Default::Decimal("0".into()));
    }
    let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let point = length(whole).saturating_add(exponent).saturating_sub(i64::try_from(leading).unwrap_or(i64::MAX));
    let behind = length(significant).saturating_sub(point);
    if behind > i64::from(scale) {
        let message = format!("this column keeps {scale} digits behind the point");
        return Err(Misfit::range(message, "round it, or raise `scale`"));
    }
    if point > i64::from(precision) - i64::from(scale) {
        let message = format!("this column keeps {} digits before the point", i64::from(precision) - i64::from(scale));
        return Err(Misfit::range(message, "raise `precision`"));
    }
    let mut out = String::from(sign);
    let before = usize::try_from(point).unwrap_or(0);
    if before == 0 {
        out.push_str("0.");
        out.push_str(&"0".repeat(usize::try_from(point.saturating_neg()).unwrap_or(0)));
        out.push_str(significant);
    } else if let (Some(head), Some(tail)) = (significant.get(..before), significant.get(before..)) {
        out.push_str(head);
        if !tail.is_empty() {
            out.push('.');
            out.push_str(tail);
        }
    } else {
        out.push_str(significant);
        out.push_str(&"0".repeat(before.saturating_sub(significant.len())));
    }
    Ok(Default::Decimal(out.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(default: Result<Default, Misfit>) -> Option<String> {
        match default {
            Ok(Default::Decimal(text)) => Some(text.into_owned()),
            _ => None,
        }
    }

    #[test]
    fn equal_decimals_have_one_text() {
        for (written, expected) in [
            ("1.10", "1.1"),
            ("001.1", "1.1"),
            ("11e-1", "1.1"),
            ("0", "0"),
            ("-0.00", "0"),
            ("1e3", "1000"),
            ("1_000.50", "1000.5"),
            ("-0.05", "-0.05"),
            ("5e-2", "0.05"),
            ("0.001e3", "1"),
            ("99999999.99", "99999999.99"),
        ] {
            assert_eq!(text(numeric(written, 10, 2)).as_deref(), Some(expected), "{written}");
        }
    }

    #[test]
    fn a_decimal_that_does_not_fit_is_refused() {
        for written in ["0.001", "1e8", "123456789", "1e-99999999999", "1e99999999999"] {
            assert!(numeric(written, 10, 2).is_err(), "{written}");
        }
    }

    #[test]
    fn floats_have_their_shortest_text() {
        assert_eq!(text(double("0.10")).as_deref(), Some("0.1"));
        assert_eq!(text(double("100")).as_deref(), Some("100"));
        assert_eq!(text(double("-0.0")).as_deref(), Some("0"));
        assert_eq!(text(double("1e300")).as_deref(), Some("1e300"));
        assert_eq!(text(real("0.1")).as_deref(), Some("0.1"));
        assert!(real("1e39").is_err() && double("1e309").is_err());
    }

    #[test]
    fn integers_keep_their_range() {
        assert!(integer("32767", i16::MIN.into(), i16::MAX.into()).is_ok());
        assert!(integer("32768", i16::MIN.into(), i16::MAX.into()).is_err());
        assert!(integer("-9223372036854775808", i64::MIN, i64::MAX).is_ok());
        assert!(integer("1.0", i64::MIN, i64::MAX).is_err());
    }
}

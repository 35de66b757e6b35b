//! Spans of time as text: `1 day 2 hours 30 minutes 1.5 seconds`, both ways.

use piccolo_runtime::schema::Default;

use super::defaults::Misfit;

/// The units, the largest first, with their microseconds. Months and years are none: they have no fixed length.
const UNITS: [(&str, &[&str], i64); 7] = [
    ("week", &["weeks", "w"], 604_800_000_000),
    ("day", &["days", "d"], 86_400_000_000),
    ("hour", &["hours", "h", "hr", "hrs"], 3_600_000_000),
    ("minute", &["minutes", "min", "mins", "m"], 60_000_000),
    ("second", &["seconds", "s", "sec", "secs"], 1_000_000),
    ("millisecond", &["milliseconds", "ms"], 1_000),
    ("microsecond", &["microseconds", "us"], 1),
];

/// The units that [`show`] writes.
const SHOWN: [&str; 4] = ["day", "hour", "minute", "second"];

/// A span of time from pairs of a number and a unit.
pub(super) fn interval(text: &str) -> Result<Default, Misfit> {
    let wrong = || Misfit::wrong("this is no span of time", "as in `\"1 day 2 hours 30 minutes\"`");
    let mut total: i128 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let end = rest
            .find(|character: char| !character.is_ascii_digit() && !matches!(character, '.' | '-' | '+'))
            .ok_or_else(wrong)?;
        let (number, after) = rest.split_at(end);
        let after = after.trim_start();
        let end = after.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let unit = unit.to_ascii_lowercase();
        if matches!(unit.as_str(), "month" | "months" | "year" | "years" | "mon" | "mons" | "y") {
            return Err(Misfit::wrong("a month has no fixed length", "say it in days"));
        }
        let (_, _, micros) = UNITS
            .iter()
            .find(|(name, others, _)| *name == unit || others.contains(&unit.as_str()))
            .ok_or_else(wrong)?;
        total = total.saturating_add(scaled(number, *micros).ok_or_else(wrong)?);
        rest = after.trim_start_matches([' ', ',']);
    }
    let micros = i64::try_from(total)
        .map_err(|_| Misfit::range("this span is too long", "at most 292 271 years of it can be stored"))?;
    Ok(Default::Interval(micros))
}

/// A decimal number times a unit, where that is a whole number of microseconds.
fn scaled(number: &str, unit: i64) -> Option<i128> {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || whole.len() > 19 || fraction.len() > 12 {
        return None;
    }
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let value = format!("{whole}{fraction}").parse::<i128>().ok()?.checked_mul(i128::from(unit))?;
    (value % scale == 0).then_some(sign * (value / scale))
}

/// The text of a span, from which [`interval`] gives it back.
pub(crate) fn show(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let mut rest = micros.unsigned_abs();
    let mut parts = Vec::new();
    for (name, _, unit) in UNITS.iter().filter(|(name, _, _)| SHOWN.contains(name)) {
        let unit = unit.unsigned_abs();
        let count = rest / unit;
        rest %= unit;
        let number = if *name == "second" && rest > 0 {
            let fraction = format!("{rest:06}");
            format!("{count}.{}", fraction.trim_end_matches('0'))
        } else if count > 0 {
            count.to_string()
        } else {
            continue;
        };
        let plural = if number == "1" { "" } else { "s" };
        parts.push(format!("{sign}{number} {name}{plural}"));
    }
    if parts.is_empty() { "0 seconds".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> Option<i64> {
        match interval(text) {
            Ok(Default::Interval(micros)) => Some(micros),
            _ => None,
        }
    }

    #[test]
    fn a_span_comes_back_from_its_text() {
        for span in [0, 1, -1, 1_500_000, 86_400_000_000, -90_061_000_001, i64::MAX, i64::MIN] {
            assert_eq!(micros(&show(span)), Some(span), "{}", show(span));
        }
        assert_eq!(show(95_400_500_000), "1 day 2 hours 30 minutes 0.5 seconds");
    }

    #[test]
    fn spans_are_written_in_many_ways() {
        assert_eq!(micros("90 min"), micros("1h 30m"));
        assert_eq!(micros("1.5 days"), micros("36 hours"));
        assert_eq!(micros("1 week, -1 day"), micros("6 days"));
        for wrong in [
            "",
            "1",
            "day",
            "1 month",
            "1 fortnight",
            "1.2.3 days",
            "0.0000001 seconds",
            "99999999999999999999 days",
            "1 -",
        ] {
            assert_eq!(micros(wrong), None, "{wrong}");
        }
    }
}

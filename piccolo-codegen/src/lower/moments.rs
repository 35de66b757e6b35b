//! Dates and times as defaults, each in the one text that the model has for it.

use piccolo_runtime::schema::Default;

use super::defaults::Misfit;

/// A calendar date.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Date {
    year: i64,
    month: i64,
    day: i64,
}

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Result<Default, Misfit> {
    let date = read_date(text)
        .ok_or_else(|| Misfit::wrong("this is no date", "as in `\"2026-01-31\"`; years go from 1 to 9999"))?;
    Ok(Default::DateTime(show_date(date).into()))
}

/// `HH:MM:SS[.ffffff]`.
pub(super) fn time(text: &str) -> Result<Default, Misfit> {
    let micros = read_time(text).ok_or_else(|| Misfit::wrong("this is no time of day", "as in `\"12:30:00\"`"))?;
    Ok(Default::DateTime(show_time(micros).into()))
}

/// `YYYY-MM-DD HH:MM:SS[.ffffff]`.
pub(super) fn timestamp(text: &str) -> Result<Default, Misfit> {
    let wrong = || Misfit::wrong("this is no date and time", "as in `\"2026-01-31 12:30:00\"`");
    let (date, rest) = text.split_once([' ', 'T']).ok_or_else(wrong)?;
    let date = read_date(date).ok_or_else(wrong)?;
    let micros = read_time(rest).ok_or_else(wrong)?;
    Ok(Default::DateTime(format!("{} {}", show_date(date), show_time(micros)).into()))
}

/// The same with `Z` or an offset from UTC, which the normal form is in.
pub(super) fn timestamptz(text: &str) -> Result<Default, Misfit> {
    let wrong =
        || Misfit::wrong("this is no instant", "as in `\"2026-01-31 12:30:00Z\"` or `\"2026-01-31 12:30:00+01:00\"`");
    let (date, rest) = text.split_once([' ', 'T']).ok_or_else(wrong)?;
    let date = read_date(date).ok_or_else(wrong)?;
    let (time, offset) = match rest.strip_suffix(['Z', 'z']) {
        Some(time) => (time, 0),
        None => {
            let sign = rest.rfind(['+', '-']).ok_or_else(|| {
                Misfit::wrong(
                    "an instant says how far it is from UTC",
                    format!("add `Z` for UTC itself: `\"{text}Z\"`"),
                )
            })?;
            let (time, offset) = rest.split_at(sign);
            (time, read_offset(offset).ok_or_else(wrong)?)
        }
    };
    let micros = read_time(time).ok_or_else(wrong)?.saturating_sub(offset);
    let date = shift(date, micros.div_euclid(MICROS_PER_DAY))
        .ok_or_else(|| Misfit::range("this instant lies outside of the years 1 to 9999 in UTC", ""))?;
    let micros = micros.rem_euclid(MICROS_PER_DAY);
    Ok(Default::DateTime(format!("{} {}", show_date(date), show_time(micros)).into()))
}

/// A number of exactly so many digits.
fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn read_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let date = Date { year: digits(year, 4)?, month: digits(month, 2)?, day: digits(day, 2)? };
    (date.year >= 1 && (1..=days_in(date.year, date.month)?).contains(&date.day)).then_some(date)
}

fn days_in(year: i64, month: i64) -> Option<i64> {
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => return None,
    })
}

/// The microseconds since midnight.
fn read_time(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("00"));
    if parts.next().is_some() {
        return None;
    }
    let (second, fraction) =
        second.split_once('.').map_or((second, None), |(second, fraction)| (second, Some(fraction)));
    let fraction = match fraction {
        Some(fraction) if (1..=6).contains(&fraction.len()) => digits(&format!("{fraction:0<6}"), 6)?,
        Some(_) => return None,
        None => 0,
    };
    let (hour, minute, second) = (digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?);
    let seconds = (hour * 60 + minute) * 60 + second;
    (hour < 24 && minute < 60 && second < 60).then_some(seconds * MICROS_PER_SECOND + fraction)
}

/// The microseconds of `+HH:MM`, `+HHMM` or `+HH`.
fn read_offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let plain = rest.replacen(':', "", 1);
    let (hours, minutes) = match plain.len() {
        2 => (digits(&plain, 2)?, 0),
        4 => (digits(plain.get(..2)?, 2)?, digits(plain.get(2..)?, 2)?),
        _ => return None,
    };
    (hours < 16 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60 * MICROS_PER_SECOND)
}

/// The date some days later or earlier; an offset moves it by one day at most.
fn shift(date: Date, days: i64) -> Option<Date> {
    let mut date = Date { day: date.day + days, ..date };
    if date.day < 1 {
        date.month -= 1;
        if date.month < 1 {
            date.month = 12;
            date.year -= 1;
        }
        date.day += days_in(date.year, date.month)?;
    } else if date.day > days_in(date.year, date.month)? {
        date.day -= days_in(date.year, date.month)?;
        date.month += 1;
        if date.month > 12 {
            date.month = 1;
            date.year += 1;
        }
    }
    (1..=9999).contains(&date.year).then_some(date)
}

fn show_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

fn show_time(micros: i64) -> String {
    let (seconds, fraction) = (micros / MICROS_PER_SECOND, micros % MICROS_PER_SECOND);
    let time = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 { time } else { format!("{time}.{fraction:06}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(default: Result<Default, Misfit>) -> Option<String> {
        match default {
            Ok(Default::DateTime(text)) => Some(text.into_owned()),
            _ => None,
        }
    }

    #[test]
    fn moments_have_one_text() {
        assert_eq!(text(date("2024-02-29")).as_deref(), Some("2024-02-29"));
        assert_eq!(text(time("09:05")).as_deref(), Some("09:05:00"));
        assert_eq!(text(time("09:05:06.5")).as_deref(), Some("09:05:06.500000"));
        assert_eq!(text(timestamp("2024-02-29T23:59:59")).as_deref(), Some("2024-02-29 23:59:59"));
        assert_eq!(text(timestamptz("2020-01-01T00:00:00+05:00")).as_deref(), Some("2019-12-31 19:00:00"));
        assert_eq!(text(timestamptz("2020-02-28 23:30:00-0100")).as_deref(), Some("2020-02-29 00:30:00"));
        assert_eq!(text(timestamptz("2019-12-31 23:30:00-01")).as_deref(), Some("2020-01-01 00:30:00"));
        assert_eq!(text(timestamptz("2020-01-01 12:00:00Z")).as_deref(), Some("2020-01-01 12:00:00"));
    }

    #[test]
    fn what_no_calendar_has_is_refused() {
        for wrong in [
            "2023-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "24-01-01",
            "2024-1-1",
            "0000-01-01",
            "2024-01-01x",
            "",
        ] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
        for wrong in ["24:00:00", "12:60:00", "12:00:60", "12", "12:00:00.", "12:00:00.1234567", "1:2:3", "-1:00"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
        for wrong in ["2020-01-01 12:00:00", "2020-01-01 12:00:00+16:00", "0001-01-01 00:00:00+01:00", "2020-01-01"] {
            assert!(timestamptz(wrong).is_err(), "{wrong}");
        }
    }
}

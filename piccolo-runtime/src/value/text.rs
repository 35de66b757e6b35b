//! Dates and times as fixed-width text, which sorts like what it means. SQLite stores them so.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

/// `YYYY-MM-DD`.
pub(crate) fn write_date(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `HH:MM:SS.ffffff`; what is finer than a microsecond is cut off, as Postgres' driver does.
pub(crate) fn write_time(time: NaiveTime) -> String {
    format!("{:02}:{:02}:{:02}.{:06}", time.hour(), time.minute(), time.second(), time.nanosecond() / 1_000)
}

/// `YYYY-MM-DD HH:MM:SS.ffffff`.
pub(crate) fn write_timestamp(timestamp: NaiveDateTime) -> String {
    format!("{} {}", write_date(timestamp.date()), write_time(timestamp.time()))
}

/// The inverse of [`write_date`].
pub(crate) fn read_date(text: &[u8]) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
}

/// The inverse of [`write_time`].
pub(crate) fn read_time(text: &[u8]) -> Option<NaiveTime> {
    let [h1, h2, b':', m1, m2, b':', s1, s2, b'.', fraction @ ..] = text else { return None };
    if fraction.len() != 6 {
        return None;
    }
    NaiveTime::from_hms_micro_opt(number(&[*h1, *h2])?, number(&[*m1, *m2])?, number(&[*s1, *s2])?, number(fraction)?)
}

/// The inverse of [`write_timestamp`].
pub(crate) fn read_timestamp(text: &[u8]) -> Option<NaiveDateTime> {
    let (date, rest) = text.split_at_checked(10)?;
    let time = rest.strip_prefix(b" ")?;
    Some(NaiveDateTime::new(read_date(date)?, read_time(time)?))
}

/// An instant is written as a timestamp in UTC.
pub(crate) fn write_instant(instant: DateTime<Utc>) -> String {
    write_timestamp(instant.naive_utc())
}

/// The inverse of [`write_instant`].
pub(crate) fn read_instant(text: &[u8]) -> Option<DateTime<Utc>> {
    read_timestamp(text).map(|timestamp| timestamp.and_utc())
}

/// A number of ASCII digits only.
fn number(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |number: u32, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_have_a_fixed_width_and_read_back() {
        let date = NaiveDate::from_ymd_opt(1, 2, 3).unwrap();
        let time = NaiveTime::from_hms_nano_opt(4, 5, 6, 7_000_999).unwrap();
        let timestamp = date.and_time(time);
        assert_eq!(write_timestamp(timestamp), "0001-02-03 04:05:06.007000");
        assert_eq!(read_date(b"0001-02-03"), Some(date));
        assert_eq!(read_time(b"04:05:06.007000"), NaiveTime::from_hms_micro_opt(4, 5, 6, 7_000));
        assert_eq!(
            read_timestamp(write_timestamp(timestamp).as_bytes()).map(write_timestamp).as_deref(),
            Some("0001-02-03 04:05:06.007000")
        );
    }

    #[test]
    fn other_text_is_no_date() {
        for text in ["", "2020-02-30", "2020-1-01", "2020-01-01 ", "+020-01-01", "2020-01-0\u{661}"] {
            assert_eq!(read_date(text.as_bytes()), None, "{text}");
        }
        for text in ["24:00:00.000000", "23:59:60.000000", "00:00:00", "00:00:00.00000", "00:00:00.0000000"] {
            assert_eq!(read_time(text.as_bytes()), None, "{text}");
        }
        assert_eq!(read_timestamp(b"2020-01-01T00:00:00.000000"), None);
    }
}

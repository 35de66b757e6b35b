//! The default of a column, read out of the expression that the database keeps.

use piccolo_runtime::ddl::default_expression;
use piccolo_runtime::schema::{ColumnType, Default};
use piccolo_runtime::sql::Dialect;

/// The default that an expression means for a column of this type. What is neither a literal nor one of the language's functions stays SQL.
pub(super) fn default(expression: &str, ty: &ColumnType, dialect: Dialect) -> Option<Default> {
    let expression = without_brackets(expression.trim());
    if expression.eq_ignore_ascii_case("null") || expression.to_ascii_lowercase().starts_with("null::") {
        return None;
    }
    Some(
        function(expression, ty, dialect)
            .or_else(|| literal(expression, ty, dialect))
            .unwrap_or_else(|| Default::Sql(expression.to_owned().into())),
    )
}

/// One of the functions that the language has, however the database spells it.
fn function(expression: &str, ty: &ColumnType, dialect: Dialect) -> Option<Default> {
    let candidates: &[Default] = if *ty == ColumnType::Date {
        &[Default::Today]
    } else if *ty == ColumnType::Uuid {
        &[Default::Uuid4, Default::Uuid7]
    } else if matches!(ty, ColumnType::Time | ColumnType::Timestamp | ColumnType::Timestamptz) {
        &[Default::Now]
    } else {
        &[]
    };
    let spelled = |candidate: &&Default| {
        default_expression(candidate, ty, dialect).is_ok_and(|spelled| bare(&spelled) == bare(expression))
    };
    candidates.iter().find(spelled).cloned()
}

/// An expression without what a server adds or takes away: brackets, blanks, quotes around names, the case of keywords, and casts.
fn bare(expression: &str) -> String {
    let mut bare = String::new();
    let mut rest = expression;
    while let Some(character) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("::") {
            // A cast to a type of one word or two; the words of `timestamp with time zone` are all letters.
            rest = after.trim_start_matches(|character: char| character.is_ascii_alphabetic() || character == ' ');
            continue;
        }
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        if !matches!(character, '(' | ')' | '"' | ' ' | '\n') {
            bare.extend(character.to_lowercase());
        }
    }
    bare
}

/// A literal of the column's type.
fn literal(expression: &str, ty: &ColumnType, dialect: Dialect) -> Option<Default> {
    if let Some(text) = text_literal(expression) {
        return of_text(&text, ty, dialect);
    }
    if dialect == Dialect::Sqlite
        && let Some(digits) = expression.strip_prefix("X'").or_else(|| expression.strip_prefix("x'"))
    {
        let digits = digits.strip_suffix('\'')?;
        return if *ty == ColumnType::Uuid { uuid(digits) } else { bytes(digits) };
    }
    if let Some(elements) = expression.strip_prefix("ARRAY[").and_then(|rest| rest.split_once(']')) {
        let ColumnType::Array(element) = ty else { return None };
        let element = element.column_type();
        let parts = elements.0.split(", ").filter(|part| !part.is_empty());
        let values: Option<Vec<Default>> = parts.map(|part| literal(part, &element, dialect)).collect();
        return values.map(|values| Default::Array(values.into()));
    }
    let plain = expression.split_once("::").map_or(expression, |(plain, _)| plain);
    of_number(without_brackets(plain), ty)
}

/// The text of a literal, with or without a cast behind it.
fn text_literal(expression: &str) -> Option<String> {
    let (text, rest) = quoted(expression.strip_prefix('\'')?);
    let cast = rest.strip_prefix("::").is_some_and(|ty| !ty.contains(['|', '+', '*', '/', '\'']));
    (rest.is_empty() || cast).then_some(text)
}

/// What stands in quotes behind their first one, and the rest behind their last one.
pub(super) fn quoted(after: &str) -> (String, &str) {
    let mut text = String::new();
    let mut rest = after;
    loop {
        let Some((part, after)) = rest.split_once('\'') else { return (text + rest, "") };
        text.push_str(part);
        match after.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                rest = more;
            }
            None => return (text, after),
        }
    }
}

/// A text as a value of a type.
fn of_text(text: &str, ty: &ColumnType, dialect: Dialect) -> Option<Default> {
    let owned = || text.to_owned().into();
    match ty {
        ColumnType::Varchar { .. } | ColumnType::Text => Some(Default::Text(owned())),
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Serial
        | ColumnType::BigSerial
        | ColumnType::Real
        | ColumnType::DoublePrecision
        | ColumnType::Numeric { .. }
        | ColumnType::Boolean => of_number(text, ty),
        ColumnType::Date | ColumnType::Time | ColumnType::Timestamp => Some(Default::DateTime(moment(text).into())),
        ColumnType::Timestamptz => {
            let utc = text.strip_suffix("+00").or_else(|| text.strip_suffix('Z')).unwrap_or(text);
            (dialect == Dialect::Sqlite || utc != text).then(|| Default::DateTime(moment(utc).into()))
        }
        ColumnType::Interval => clock(text).map(Default::Interval),
        ColumnType::Uuid => uuid(&text.replace('-', "")),
        ColumnType::Json => Some(Default::Json(owned())),
        ColumnType::Bytea => bytes(text.strip_prefix("\\x")?),
        ColumnType::Enum(_) => Some(Default::Variant(owned())),
        ColumnType::Array(element) => elements(text, &element.column_type(), dialect),
    }
}

/// A number as a value of a type.
fn of_number(text: &str, ty: &ColumnType) -> Option<Default> {
    let decimal = || text.parse::<f64>().ok().filter(|_| text.chars().all(|digit| "-.0123456789".contains(digit)));
    match ty {
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Serial
        | ColumnType::BigSerial => text.parse().ok().map(Default::Integer),
        ColumnType::Interval => text.parse().ok().map(Default::Interval),
        ColumnType::Real | ColumnType::DoublePrecision | ColumnType::Numeric { .. } => {
            decimal().map(|_| Default::Decimal(text.to_owned().into()))
        }
        ColumnType::Boolean => match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "t" => Some(Default::Boolean(true)),
            "0" | "false" | "f" => Some(Default::Boolean(false)),
            _ => None,
        },
        ColumnType::Varchar { .. }
        | ColumnType::Text
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Uuid
        | ColumnType::Json
        | ColumnType::Bytea
        | ColumnType::Enum(_)
        | ColumnType::Array(_) => None,
    }
}

/// A moment without the zeros that a fixed width adds.
fn moment(text: &str) -> String {
    match text.split_once('.') {
        Some((seconds, fraction)) => match fraction.trim_end_matches('0') {
            "" => seconds.to_owned(),
            fraction => format!("{seconds}.{fraction}"),
        },
        None => text.to_owned(),
    }
}

/// The microseconds of a time on the clock, which is how Postgres writes an interval without days: `-26:00:00.5`.
fn clock(text: &str) -> Option<i64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut parts = text.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let fraction: i64 = format!("{fraction:0<6}").parse().ok()?;
    let whole = |text: &str| text.parse::<i64>().ok();
    let seconds =
        whole(hours)?.checked_mul(60)?.checked_add(whole(minutes)?)?.checked_mul(60)?.checked_add(whole(seconds)?)?;
    let microseconds = seconds.checked_mul(1_000_000)?.checked_add(fraction)?;
    parts.next().is_none().then_some(if negative { -microseconds } else { microseconds })
}

/// A UUID out of its 32 digits.
fn uuid(digits: &str) -> Option<Default> {
    let digits = digits.to_ascii_lowercase();
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| digits.get(part));
    let parts: Vec<&str> = parts.into_iter().collect::<Option<_>>()?;
    (digits.len() == 32).then(|| Default::Uuid(parts.join("-").into()))
}

/// Bytes out of their digits.
fn bytes(digits: &str) -> Option<Default> {
    let byte = |at: usize| digits.get(at..at.saturating_add(2)).and_then(|byte| u8::from_str_radix(byte, 16).ok());
    let bytes: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(byte).collect();
    bytes.map(|bytes| Default::Bytes(bytes.into()))
}

/// The elements of an array: JSON on SQLite, `{1,2}` on Postgres, where quotes and backslashes inside are left to SQL.
fn elements(text: &str, element: &ColumnType, dialect: Dialect) -> Option<Default> {
    let values: Option<Vec<Default>> = match dialect {
        Dialect::Sqlite => {
            let list: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
            let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            list.iter().map(|value| of_text(&text(value), element, dialect)).collect()
        }
        Dialect::Postgres => {
            let inside = text.strip_prefix('{')?.strip_suffix('}')?;
            if inside.contains(['"', '\\', '{']) {
                return None;
            }
            inside.split(',').filter(|part| !part.is_empty()).map(|part| of_text(part, element, dialect)).collect()
        }
    };
    values.map(|values| Default::Array(values.into()))
}

/// Without the brackets around the whole of it.
pub(super) fn without_brackets(expression: &str) -> &str {
    let mut expression = expression;
    while let Some(inside) = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut depth: i64 = 0;
        let mut text = false;
        let encloses = inside.chars().all(|character| {
            match character {
                '\'' => text = !text,
                '(' if !text => depth += 1,
                ')' if !text => depth -= 1,
                _ => {}
            }
            depth >= 0
        });
        if !encloses {
            break;
        }
        expression = inside;
    }
    expression
}

#[cfg(test)]
mod tests {
    use piccolo_runtime::schema::{ColumnType, Default, ElementType};
    use piccolo_runtime::sql::Dialect;

    use super::default;

    #[test]
    fn literals_and_functions_are_recognised_in_the_servers_own_words() {
        let text = |text: &'static str| Some(Default::Text(text.into()));
        for (expression, ty, dialect, expected) in [
            ("'it''s'::character varying", ColumnType::Varchar { length: 9 }, Dialect::Postgres, text("it's")),
            ("'-5'::integer", ColumnType::Integer, Dialect::Postgres, Some(Default::Integer(-5))),
            ("(-5)", ColumnType::Integer, Dialect::Sqlite, Some(Default::Integer(-5))),
            (
                "(0)::numeric",
                ColumnType::Numeric { precision: 5, scale: 2 },
                Dialect::Postgres,
                Some(Default::Decimal("0".into())),
            ),
            ("NULL::text", ColumnType::Text, Dialect::Postgres, None),
            ("'26:00:00'::interval", ColumnType::Interval, Dialect::Postgres, Some(Default::Interval(93_600_000_000))),
            ("(now() AT TIME ZONE 'UTC'::text)", ColumnType::Timestamp, Dialect::Postgres, Some(Default::Now)),
            ("((now() AT TIME ZONE 'UTC'::text))::date", ColumnType::Date, Dialect::Postgres, Some(Default::Today)),
            ("gen_random_uuid()", ColumnType::Uuid, Dialect::Postgres, Some(Default::Uuid4)),
            ("date('now')", ColumnType::Date, Dialect::Sqlite, Some(Default::Today)),
            ("1", ColumnType::Boolean, Dialect::Sqlite, Some(Default::Boolean(true))),
            ("'a' || 'b'", ColumnType::Text, Dialect::Sqlite, Some(Default::Sql("'a' || 'b'".into()))),
            (
                "ARRAY[1, 2]",
                ColumnType::Array(ElementType::Integer),
                Dialect::Postgres,
                Some(Default::Array(vec![Default::Integer(1), Default::Integer(2)].into())),
            ),
        ] {
            assert_eq!(default(expression, &ty, dialect), expected, "{expression}");
        }
    }
}

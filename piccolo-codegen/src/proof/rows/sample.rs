//! Values of every type: plain ones, those at the edges, and odd ones.

use piccolo_runtime::schema::{ColumnType, Default, Schema};

/// How far values go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::proof) enum Reach {
    /// To the edges of their types.
    Edges,
    /// Nowhere near them, for expressions of the user's that would run over.
    Middle,
    /// No rows at all.
    Nowhere,
}

/// Values of a type, all different: a plain one, then the greatest and the least where there are such, then others.
pub(super) fn samples(ty: &ColumnType, schema: &Schema, reach: Reach) -> Vec<Default> {
    let edges = reach == Reach::Edges;
    let values = match ty {
        ColumnType::Varchar { length } => texts(edges, usize::try_from(*length).unwrap_or(usize::MAX)),
        ColumnType::Text => texts(edges, usize::MAX),
        ColumnType::SmallInt => whole(edges, i16::MIN.into(), i16::MAX.into()),
        ColumnType::Integer => whole(edges, i32::MIN.into(), i32::MAX.into()),
        ColumnType::BigInt => whole(edges, i64::MIN, i64::MAX),
        // The keys that a database counts up, with gaps where rows were deleted.
        ColumnType::Serial | ColumnType::BigSerial => [1, 2, 3, 5, 8, 13, 21].map(Default::Integer).into(),
        ColumnType::Real => decimals(edges, &["1.5", "1267650600228229401496703205376.0", "-0.25"]),
        ColumnType::DoublePrecision => decimals(edges, &["2.5", "1234567890123.125", "-0.0009765625"]),
        ColumnType::Numeric { precision, scale } => numerics(edges, *precision, *scale),
        ColumnType::Boolean => [true, false].map(Default::Boolean).into(),
        ColumnType::Date => {
            moments(edges, &["2021-03-14"], &["9999-12-31", "0001-01-01"], &["2024-02-29", "1999-12-31"])
        }
        ColumnType::Time => {
            moments(edges, &["10:30:00"], &["23:59:59.999999", "00:00:00"], &["00:00:00.000001", "12:00:00.5"])
        }
        ColumnType::Timestamp | ColumnType::Timestamptz => moments(
            edges,
            &["2021-03-14 15:09:26"],
            &["9999-12-31 23:59:59.999999", "0001-01-01 00:00:00"],
            &["2024-02-29 00:00:00", "1999-12-31 23:59:59.5", "1970-01-01 00:00:00.000001"],
        ),
        ColumnType::Interval => {
            let far = if edges { [1_000_000_000_000_001, -1_000_000_000_000_001] } else { [7_000_000, -7_000_000] };
            [90_000_000, far[0], far[1], 0, 1].map(Default::Interval).into()
        }
        ColumnType::Uuid => {
            let mut all = vec!["00000000-0000-4000-8000-000000000001".to_owned()];
            all.extend(
                ["ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-0000-0000-000000000000"].map(str::to_owned),
            );
            all.extend((2..6).map(|number| format!("0a1b2c3d-4e5f-4a6b-8c7d-00000000000{number}")));
            all.into_iter().map(|text| Default::Uuid(text.into())).collect()
        }
        ColumnType::Json => [
            "{\"name\":\"it's\",\"tags\":[1,2.5,null]}",
            "[]",
            "{}",
            "\"a \\\"text\\\"\"",
            "12345678901234567890",
            "true",
            "{\"name\":\"other\"}",
        ]
        .map(|text| Default::Json(text.into()))
        .into(),
        ColumnType::Bytea => {
            let all: [&[u8]; 5] = [&[1, 2, 3], &[0, 255, 0], &[], &[39, 34, 92], &[128]];
            all.map(|bytes| Default::Bytes(bytes.to_vec().into())).into()
        }
        ColumnType::Enum(name) => {
            let values = schema.enumeration(name).map(|found| found.values.iter()).into_iter().flatten();
            values.map(|value| Default::Variant(value.text.clone())).collect()
        }
        ColumnType::Array(element) => {
            let elements = samples(&element.column_type(), schema, reach);
            let lists =
                [elements.get(..1), Some([].as_slice()), elements.get(..), elements.get(1..2), elements.get(1..)];
            lists.into_iter().flatten().map(|list| Default::Array(list.to_vec().into())).collect()
        }
    };
    distinct(values)
}

/// The first of equal values.
fn distinct(values: Vec<Default>) -> Vec<Default> {
    let mut kept: Vec<Default> = Vec::with_capacity(values.len());
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// Texts of at most so many characters.
fn texts(edges: bool, length: usize) -> Vec<Default> {
    let longest = "An edge, with 日本語 and é: ".chars().cycle().take(length.min(400)).collect::<String>();
    let plain = ["Pythonistas", "Rustaceans", "it's a \"test\"", "7", "Zoë", "b", "c", "x", ""];
    let mut all: Vec<String> = vec!["Guido".to_owned()];
    if edges {
        all.extend([longest, String::new(), "two\nlines\t\\ 50% _".to_owned()]);
    }
    all.extend(plain.map(str::to_owned));
    all.into_iter().map(|text| Default::Text(text.chars().take(length).collect::<String>().into())).collect()
}

fn whole(edges: bool, least: i64, greatest: i64) -> Vec<Default> {
    let ends = if edges { vec![greatest, least] } else { Vec::new() };
    [1].into_iter().chain(ends).chain([0, 100, -1, 7, 12, 1000, 2, 3]).map(Default::Integer).collect()
}

/// Numbers that a float holds exactly.
fn decimals(edges: bool, far: &[&'static str]) -> Vec<Default> {
    let far = if edges { far } else { &[] };
    let others = ["0.5", "0.0", "-1.0", "100.0", "3.0", "12.75"];
    far.iter().copied().chain(others).map(|text| Default::Decimal(text.into())).collect()
}

fn numerics(edges: bool, precision: u8, scale: u8) -> Vec<Default> {
    let whole = "9".repeat(usize::from(precision.saturating_sub(scale)));
    let whole = if whole.is_empty() { "0" } else { &whole };
    let fraction = |digit: &str, count: u8| {
        let digits = digit.repeat(usize::from(count));
        if digits.is_empty() { String::new() } else { format!(".{digits}") }
    };
    let smallest =
        format!("0{}", if scale == 0 { String::new() } else { format!(".{}1", "0".repeat(usize::from(scale) - 1)) });
    let mut all = vec![format!("0{}", fraction("5", scale.min(1)))];
    if edges {
        let greatest = format!("{whole}{}", fraction("9", scale));
        all.extend([greatest.clone(), format!("-{greatest}")]);
    }
    all.extend([smallest, "0".to_owned()]);
    if precision > scale {
        all.extend(["1", "7", "-1", "3"].map(str::to_owned));
    }
    if precision > scale.saturating_add(2) {
        all.extend(["100", "12"].map(str::to_owned));
    }
    all.into_iter().map(|text| Default::Decimal(text.into())).collect()
}

fn moments(edges: bool, plain: &[&'static str], far: &[&'static str], others: &[&'static str]) -> Vec<Default> {
    let far = if edges { far } else { &[] };
    let more = plain.iter().chain(far).chain(others);
    more.map(|text| Default::DateTime((*text).into())).collect()
}

//! Defaults in their normal forms, whatever the type.

use piccolo_runtime::schema::{ColumnType, Default, EnumValue};

use super::plan::DefaultPlan;

/// A default of the type; `None` where it has none.
pub(super) fn default(plan: &DefaultPlan, ty: &ColumnType, values: &[EnumValue], runnable: bool) -> Option<Default> {
    if ty.is_serial() {
        return None;
    }
    if plan.function {
        match ty {
            ColumnType::Timestamp | ColumnType::Timestamptz | ColumnType::Time => return Some(Default::Now),
            ColumnType::Date => return Some(Default::Today),
            ColumnType::Uuid if plan.seed.is_multiple_of(2) => return Some(Default::Uuid4),
            ColumnType::Uuid => return Some(Default::Uuid7),
            ColumnType::Integer | ColumnType::BigInt => return Some(Default::Sql("1 + 1".into())),
            ColumnType::Text if !runnable && !plan.text.trim().is_empty() => {
                return Some(Default::Sql(plan.text.clone().into()));
            }
            ColumnType::Text => return Some(Default::Sql("lower('ABC')".into())),
            ColumnType::Varchar { .. }
            | ColumnType::SmallInt
            | ColumnType::Serial
            | ColumnType::BigSerial
            | ColumnType::Real
            | ColumnType::DoublePrecision
            | ColumnType::Numeric { .. }
            | ColumnType::Boolean
            | ColumnType::Interval
            | ColumnType::Json
            | ColumnType::Bytea
            | ColumnType::Enum(_)
            | ColumnType::Array(_) => {}
        }
    }
    if let ColumnType::Array(element) = ty {
        let element = element.column_type();
        let plans = (0..plan.seed % 3).map(|step| DefaultPlan {
            seed: plan.seed.rotate_left(7 * u32::try_from(step).unwrap_or(0)),
            ..plan.clone()
        });
        let elements: Option<Vec<Default>> = plans.map(|plan| literal(&plan, &element, values)).collect();
        return elements.map(|elements| Default::Array(elements.into()));
    }
    literal(plan, ty, values)
}

/// A literal of a plain type.
fn literal(plan: &DefaultPlan, ty: &ColumnType, values: &[EnumValue]) -> Option<Default> {
    let seed = plan.seed;
    let signed = seed.cast_signed();
    let small = |bits: u32| signed >> (64 - bits);
    Some(match ty {
        ColumnType::Varchar { length } => {
            let length = usize::try_from(*length).unwrap_or(usize::MAX);
            Default::Text(plan.text.chars().take(length).collect::<String>().into())
        }
        ColumnType::Text => Default::Text(plan.text.clone().into()),
        ColumnType::SmallInt => Default::Integer(small(16)),
        ColumnType::Integer => Default::Integer(small(32)),
        ColumnType::BigInt => Default::Integer(signed),
        ColumnType::Real => Default::Decimal(decimal(small(20), 3).into()),
        ColumnType::DoublePrecision => Default::Decimal(decimal(small(50), 4).into()),
        ColumnType::Numeric { precision, scale } => {
            let limit = 10_i64.saturating_pow(u32::from(*precision));
            Default::Decimal(decimal(signed.checked_rem(limit).unwrap_or(signed), usize::from(*scale)).into())
        }
        ColumnType::Boolean => Default::Boolean(seed.is_multiple_of(2)),
        ColumnType::Date => Default::DateTime(date(seed).into()),
        ColumnType::Time => Default::DateTime(time(seed).into()),
        ColumnType::Timestamp | ColumnType::Timestamptz => {
            Default::DateTime(format!("{} {}", date(seed), time(seed)).into())
        }
        ColumnType::Interval => Default::Interval(small(50)),
        ColumnType::Uuid => {
            let digits = format!("{seed:016x}{:016x}", seed.rotate_left(23));
            let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
            Default::Uuid(
                format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)).into(),
            )
        }
        ColumnType::Json => Default::Json(
            ["{}", "[]", "null", "{\"a\":[1,2.5],\"b\":\"it's\"}", "\"é\\n\"", "-1.5e-10"]
                .get(usize::try_from(seed % 6).unwrap_or(0))
                .copied()?
                .into(),
        ),
        ColumnType::Bytea => Default::Bytes(
            seed.to_be_bytes().get(..usize::try_from(seed % 9).unwrap_or(0)).unwrap_or_default().to_vec().into(),
        ),
        ColumnType::Enum(_) => {
            let count = u64::try_from(values.len()).ok()?;
            Default::Variant(values.get(usize::try_from(seed.checked_rem(count)?).ok()?)?.text.clone())
        }
        ColumnType::Serial | ColumnType::BigSerial | ColumnType::Array(_) => return None,
    })
}

/// A number of so many units of the last place, in its shortest text.
fn decimal(units: i64, scale: usize) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - scale).unwrap_or((&digits, ""));
    let fraction = fraction.trim_end_matches('0');
    if units == 0 {
        "0".to_owned()
    } else if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

fn date(seed: u64) -> String {
    format!("{:04}-{:02}-{:02}", 1 + seed % 9999, 1 + seed / 7 % 12, 1 + seed / 11 % 28)
}

fn time(seed: u64) -> String {
    let time = format!("{:02}:{:02}:{:02}", seed % 24, seed / 3 % 60, seed / 5 % 60);
    match seed / 13 % 1_000_000 {
        fraction if seed.is_multiple_of(2) && fraction > 0 => format!("{time}.{fraction:06}"),
        _ => time,
    }
}

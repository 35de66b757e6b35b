//! The literals that stand in conditions: what satisfies a condition is often one of them, or near.

use piccolo_runtime::schema::{ColumnType, Default};

/// The longest text that is made to have a length.
const LONGEST: usize = 64;

/// The literals of some conditions, and values near them.
#[derive(Default)]
pub(super) struct Written {
    whole: Vec<i64>,
    decimals: Vec<String>,
    texts: Vec<String>,
}

impl Written {
    /// Reads what these conditions say.
    pub(super) fn of<'s>(conditions: impl IntoIterator<Item = &'s str>) -> Self {
        let mut written = Self::default();
        let mut lengths = Vec::new();
        for condition in conditions {
            for (position, part) in condition.split('\'').enumerate() {
                if position % 2 == 1 {
                    written.text(part);
                } else {
                    written.numbers(part, &mut lengths);
                }
            }
        }
        // A number may be a length, of a text that looks like another one.
        let bases = written.texts.clone();
        for length in lengths {
            written.texts.push("x".repeat(length));
            let short = bases.iter().filter(|text| text.chars().count() < length);
            for text in short {
                let room = length.saturating_sub(text.chars().count());
                written.texts.extend([format!("{text}{}", "x".repeat(room)), format!("{}{text}", "x".repeat(room))]);
            }
        }
        let mut known = std::collections::HashSet::new();
        written.texts.retain(|text| known.insert(text.clone()));
        written
    }

    /// A pattern without its wild cards is a text that it takes.
    fn text(&mut self, text: &str) {
        let plain = text.replace(['%', '^', '$', '*'], "");
        let filled = text.replace('%', "a").replace('_', "x");
        self.texts.extend([
            text.to_owned(),
            plain.replace('_', "x"),
            filled,
            format!("a{plain}b"),
            plain.to_lowercase(),
            plain.to_uppercase(),
            plain,
        ]);
    }

    fn numbers(&mut self, part: &str, lengths: &mut Vec<usize>) {
        let tokens = part.split(|character: char| !character.is_ascii_digit() && character != '.');
        for token in tokens.map(|token| token.trim_matches('.')).filter(|token| !token.is_empty()) {
            if let Ok(number) = token.parse::<i64>() {
                let near = [number, number.saturating_add(1), number.saturating_sub(1), number.saturating_neg()];
                self.whole.extend(near.into_iter().filter(|number| !self.whole.contains(number)).collect::<Vec<_>>());
                lengths.extend(
                    usize::try_from(number)
                        .into_iter()
                        .flat_map(|length| [length, length.saturating_add(1), length.saturating_sub(1)])
                        .filter(|length| *length <= LONGEST),
                );
            } else if token.parse::<f64>().is_ok() {
                self.decimals.push(token.to_owned());
            }
        }
    }

    /// Those that a column of this type takes.
    pub(super) fn values(&self, ty: &ColumnType) -> Vec<Default> {
        let decimal = |number: &i64| Default::Decimal(number.to_string().into());
        let text = |text: &String| Default::Text(text.clone().into());
        let between = |least: i64, greatest: i64| {
            let fits = self.whole.iter().filter(move |number| (least..=greatest).contains(*number));
            fits.map(|number| Default::Integer(*number)).collect()
        };
        let written = self.decimals.iter().map(|text| Default::Decimal(text.clone().into()));
        if *ty == ColumnType::SmallInt {
            between(i16::MIN.into(), i16::MAX.into())
        } else if matches!(ty, ColumnType::Integer | ColumnType::Serial) {
            between(i32::MIN.into(), i32::MAX.into())
        } else if matches!(ty, ColumnType::BigInt | ColumnType::BigSerial) {
            between(i64::MIN, i64::MAX)
        } else if matches!(ty, ColumnType::Real | ColumnType::DoublePrecision) {
            self.whole.iter().map(|number| Default::Decimal(format!("{number}.0").into())).chain(written).collect()
        } else if let ColumnType::Numeric { precision, scale } = ty {
            let room = u32::from(precision.saturating_sub(*scale));
            let fits = |number: &&i64| number.unsigned_abs() < 10_u64.saturating_pow(room);
            let exact = |value: &Default| {
                let Default::Decimal(text) = value else { return false };
                let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
                whole.len() <= usize::from(precision.saturating_sub(*scale)) && fraction.len() <= usize::from(*scale)
            };
            self.whole.iter().filter(fits).map(decimal).chain(written.filter(exact)).collect()
        } else if let ColumnType::Varchar { length } = ty {
            let fits = |text: &&String| text.chars().count() <= usize::try_from(*length).unwrap_or(usize::MAX);
            self.texts.iter().filter(fits).map(text).collect()
        } else if *ty == ColumnType::Text {
            self.texts.iter().map(text).collect()
        } else if *ty == ColumnType::Date {
            self.dates().map(|text| Default::DateTime(text.to_owned().into())).collect()
        } else if matches!(ty, ColumnType::Timestamp | ColumnType::Timestamptz) {
            self.dates().map(|text| Default::DateTime(format!("{text} 12:00:00").into())).collect()
        } else {
            Vec::new()
        }
    }

    /// The texts that begin with a date: those dates.
    fn dates(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().filter_map(|text| text.get(..10)).filter(|text| {
            let shape = text.chars().enumerate().all(|(place, character)| match place {
                4 | 7 => character == '-',
                _ => character.is_ascii_digit(),
            });
            let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok());
            shape
                && part(5, 7).is_some_and(|month| (1..=12).contains(&month))
                && part(8, 10).is_some_and(|day| (1..=28).contains(&day))
        })
    }
}

#[cfg(test)]
mod tests {
    use piccolo_runtime::schema::{ColumnType, Default};

    use super::Written;

    fn values(condition: &str, ty: &ColumnType) -> Vec<Default> {
        Written::of([condition]).values(ty)
    }

    #[test]
    fn values_near_literals_are_found() {
        let years = values("year between 1990 and 1999", &ColumnType::Integer);
        assert!(years.contains(&Default::Integer(1990)) && years.contains(&Default::Integer(1991)));
        assert!(
            values("price > 0.5", &ColumnType::Numeric { precision: 4, scale: 2 })
                .contains(&Default::Decimal("0.5".into()))
        );
        assert!(values("since >= '2020-02-03'", &ColumnType::Date).contains(&Default::DateTime("2020-02-03".into())));
        assert!(values("n > 70000", &ColumnType::SmallInt).is_empty());
    }

    #[test]
    fn texts_have_the_pattern_and_the_length() {
        let texts = values("code like 'AB%' and length(code) = 6", &ColumnType::Text);
        assert!(texts.contains(&Default::Text("ABxxxx".into())), "{texts:?}");
        assert!(values("code like 'A_%'", &ColumnType::Varchar { length: 3 }).contains(&Default::Text("Axa".into())));
    }
}

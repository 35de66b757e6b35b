//! Values of enums that go.

use piccolo_runtime::schema::{EnumValue, Text};

use super::{Asking, Direction};
use crate::change::ModifyEnum;
use crate::plan::question::{Answer, Question, shell_word};
use crate::plan::risk::Risk;

impl Asking<'_> {
    pub(super) fn enumeration(&mut self, change: &ModifyEnum<'_>) {
        for value in &change.dropped {
            match self.map(change, value) {
                Some(other) => {
                    let name = &change.to.sql_name;
                    self.answers.losses.push(format!("which {name} were {}", value.text));
                    self.answers.maps.insert((name.clone(), value.text.clone()), other);
                }
                None if self.direction == Direction::Up => self.ask_for_map(change, value),
                // On the way back rows that use the value refuse the change: nothing is lost without a word.
                None => {
                    self.risk(Risk::EnumValue { enumeration: change.from.sql_name.clone(), value: value.text.clone() })
                }
            }
        }
    }

    /// What was decided about an enum's value that goes.
    fn map(&mut self, change: &ModifyEnum<'_>, value: &EnumValue) -> Option<Text> {
        let names = [&change.to.sql_name.name, &change.to.name, &change.from.sql_name.name, &change.from.name];
        let keys: Vec<String> = names
            .iter()
            .flat_map(|name| [&value.text, &value.name].map(|value| format!("{name}.{value}")))
            .chain([format!("{}.{}", change.to.sql_name, value.text)])
            .collect();
        let (key, other) = keys.iter().find_map(|key| Some((key, self.decisions.maps.get(key)?)))?;
        let other = change.to.values.iter().find(|kept| kept.text == *other || kept.name == *other)?;
        self.used.insert(format!("--map {key}"));
        Some(other.text.clone())
    }

    fn ask_for_map(&mut self, change: &ModifyEnum<'_>, value: &EnumValue) {
        let name = &change.to.sql_name;
        let mut answers = self.rename_answers(Some(&name.to_string()), &value.text);
        let others: Vec<&str> = change.to.values.iter().map(|value| value.text.as_ref()).collect();
        answers.push(Answer::flag(
            format!("--map {}=<value>", shell_word(&format!("{name}.{}", value.text))),
            format!("rows that have it get another value: one of {}", others.join(", ")),
        ));
        self.questions.push(Question {
            subject: format!("drop-value:{name}.{}", value.text),
            reason: format!("the value `{}` of the enum `{name}` goes, and rows may have it", value.text),
            answers,
        });
    }
}

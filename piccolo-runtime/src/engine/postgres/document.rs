//! JSON documents as parameters: in the form in which SQLite has them as text.

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::value::json::whole;

/// The document with its whole numbers written without a point, so that both engines say the same of all numbers.
pub(super) fn normal(document: &Json) -> Cow<'_, Json> {
    if !holds_pointed(document) {
        return Cow::Borrowed(document);
    }
    let mut document = document.clone();
    remove_points(&mut document);
    Cow::Owned(document)
}

fn holds_pointed(document: &Json) -> bool {
    match document {
        Json::Number(number) => whole(number).is_some(),
        Json::Array(items) => items.iter().any(holds_pointed),
        Json::Object(entries) => entries.values().any(holds_pointed),
        Json::Null | Json::Bool(_) | Json::String(_) => false,
    }
}

fn remove_points(document: &mut Json) {
    match document {
        Json::Number(number) => {
            if let Some(whole) = whole(number) {
                *number = whole;
            }
        }
        Json::Array(items) => items.iter_mut().for_each(remove_points),
        Json::Object(entries) => entries.values_mut().for_each(remove_points),
        Json::Null | Json::Bool(_) | Json::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_numbers_lose_their_point_wherever_they_stand() {
        let document = json!({"a": [1.0, {"b": -2.0}], "c": 0.5, "d": "1.0"});
        assert_eq!(*normal(&document), json!({"a": [1, {"b": -2}], "c": 0.5, "d": "1.0"}));
        assert!(matches!(normal(&json!({"a": [1, 0.5, "x", null]})), Cow::Borrowed(_)));
    }
}

use super::cases::Expected;
use super::{Answer, cases, has_error_shape};
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn there_are_enough_cases_and_each_has_a_name_of_its_own() {
    let cases = cases();
    assert!(cases.len() >= 120, "{}", cases.len());
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len());
}

#[test]
fn the_error_shape_has_roots_a_type_and_the_status() {
    let error = |status: u16| json!({"error": {"root_cause": [{"type": "a", "reason": "b"}], "type": "a", "reason": "b"}, "status": status});
    assert!(has_error_shape(&error(400), 400));
    assert!(!has_error_shape(&error(400), 404));
    assert!(!has_error_shape(
        &json!({"error": "text", "status": 400}),
        400
    ));
    assert!(!has_error_shape(
        &json!({"error": {"root_cause": [], "type": "a", "reason": "b"}, "status": 400}),
        400
    ));
    assert!(!has_error_shape(
        &json!({"error": {"type": "a", "reason": "b"}, "status": 400}),
        400
    ));
}

#[test]
fn items_are_held_against_their_statuses() {
    let body =
        json!({"errors": true, "items": [{"index": {"status": 201}}, {"index": {"status": 400}}]});
    let answer = Answer {
        status: 200,
        body: body.to_string().into_bytes(),
        closes: false,
    };
    assert_eq!(Expected::Items(vec![201, 400]).wrong(&answer), None);
    for wrong in [
        vec![201, 201],
        vec![201],
        vec![400, 201],
        vec![201, 400, 200],
    ] {
        assert!(Expected::Items(wrong).wrong(&answer).is_some());
    }
    assert!(Expected::Refused.wrong(&answer).is_some());
    assert!(Expected::RefusedByHttp.wrong(&answer).is_some());
}

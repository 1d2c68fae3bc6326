use super::*;

#[test]
fn doubles_print_as_java_prints_them() {
    for (number, printed) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (0.001, "0.001"),
        (0.0009, "9.0E-4"),
        (9_999_999.0, "9999999.0"),
        (10_000_000.0, "1.0E7"),
        (123.456, "123.456"),
        (-1.25e-7, "-1.25E-7"),
        (1e21, "1.0E21"),
        (0.1 + 0.2, "0.30000000000000004"),
        (100.0, "100.0"),
        (f64::INFINITY, "Infinity"),
        (f64::NAN, "NaN"),
    ] {
        assert_eq!(java_double(number), printed);
    }
    assert_eq!(java_float(0.1), "0.1");
    assert_eq!(java_float(3.402_823_5e38), "3.4028235E38");
}

#[test]
fn maps_keep_their_order_through_removals() {
    let map = Map::new();
    for number in 0..100 {
        map.insert(Value::Int(number), Value::Int(number * 2));
    }
    for number in 0..95 {
        assert!(map.remove(&Value::Int(number)).is_some());
    }
    map.insert(Value::Int(3), Value::Null);
    let keys: Vec<String> = map
        .entries()
        .iter()
        .map(|(key, _)| key.to_string())
        .collect();
    assert_eq!(keys, ["95", "96", "97", "98", "99", "3"]);
    assert_eq!(
        map.get(&Value::Int(97)).and_then(|value| value.as_i64()),
        Some(194)
    );
    assert!(map.get(&Value::Long(97)).is_none(), "an int is no long");
}

#[test]
fn json_goes_through_unchanged_and_a_circle_is_refused() {
    let json: serde_json::Value =
        serde_json::from_str(r#"{"a":[1,2.5,"x",null,true,12345678901],"b":{}}"#).unwrap();
    assert_eq!(Value::from_json(&json).to_json().unwrap(), json);
    let list = List::default();
    list.push(Value::List(list.clone()));
    assert!(Value::List(list.clone()).to_json().is_err());
    assert!(!Value::List(list.clone()).equals(&Value::List(List::new(vec![]))));
    assert_eq!(list.len(), 1);
    list.replace(Vec::new());
}

use super::*;

fn shown(operator: Operator, left: Value, right: Value) -> String {
    match binary(operator, &left, &right) {
        Ok(value) => format!("{} {value}", value.class_name()),
        Err(cause) => cause.to_string(),
    }
}

#[test]
fn numbers_wrap_divide_and_promote_as_java_has_it() {
    use Operator::{Add, Divide, Multiply, Remainder};
    let cases = [
        (
            Add,
            Value::Int(i32::MAX),
            Value::Int(1),
            "java.lang.Integer -2147483648",
        ),
        (
            Divide,
            Value::Int(i32::MIN),
            Value::Int(-1),
            "java.lang.Integer -2147483648",
        ),
        (
            Remainder,
            Value::Long(i64::MIN),
            Value::Int(-1),
            "java.lang.Long 0",
        ),
        (
            Divide,
            Value::Int(-7),
            Value::Int(2),
            "java.lang.Integer -3",
        ),
        (
            Remainder,
            Value::Int(-7),
            Value::Int(3),
            "java.lang.Integer -1",
        ),
        (
            Divide,
            Value::Int(1),
            Value::Int(0),
            "arithmetic_exception: / by zero",
        ),
        (
            Divide,
            Value::Double(1.0),
            Value::Int(0),
            "java.lang.Double Infinity",
        ),
        (
            Multiply,
            Value::Float(0.1),
            Value::Float(3.0),
            "java.lang.Float 0.3",
        ),
        (
            Multiply,
            Value::Float(0.1),
            Value::Double(3.0),
            "java.lang.Double 0.30000000447034836",
        ),
        (
            Add,
            Value::Byte(100),
            Value::Byte(100),
            "java.lang.Integer 200",
        ),
        (Add, Value::Char(97), Value::Int(1), "java.lang.Integer 98"),
        (Add, Value::Null, Value::text("a"), "java.lang.String nulla"),
    ];
    for (operator, left, right, wanted) in cases {
        assert_eq!(shown(operator, left, right), wanted);
    }
}

#[test]
fn shifts_take_the_lowest_bits_of_the_distance() {
    use Operator::{ShiftLeft, ShiftRight, ShiftRightUnsigned};
    let cases = [
        (
            ShiftLeft,
            Value::Int(1),
            Value::Int(33),
            "java.lang.Integer 2",
        ),
        (
            ShiftLeft,
            Value::Long(1),
            Value::Int(33),
            "java.lang.Long 8589934592",
        ),
        (
            ShiftRight,
            Value::Int(-16),
            Value::Long(2),
            "java.lang.Integer -4",
        ),
        (
            ShiftRightUnsigned,
            Value::Int(-1),
            Value::Int(28),
            "java.lang.Integer 15",
        ),
    ];
    for (operator, left, right, wanted) in cases {
        assert_eq!(shown(operator, left, right), wanted);
    }
}

#[test]
fn equality_is_by_value_for_numbers_and_by_content_for_others() {
    assert!(equal(&Value::Int(5), &Value::Double(5.0)));
    assert!(!equal(&Value::Double(f64::NAN), &Value::Double(f64::NAN)));
    assert!(!equal(&Value::text("1"), &Value::Int(1)));
    assert!(equal(&Value::Null, &Value::Null));
    assert!(!equal(&Value::Null, &Value::Int(0)));
}

use super::*;

#[test]
fn every_method_can_be_found_and_no_two_are_the_same() {
    let all: Vec<_> = methods().collect();
    assert!(all.len() > 150, "{}", all.len());
    for (at, method) in all.iter().enumerate() {
        let same = all.iter().skip(at + 1).any(|other| {
            other.class == method.class
                && other.has(method.name, method.parameters.len())
                && other.is_instance() == method.is_instance()
        });
        assert!(!same, "{}.{}", method.class.full_name(), method.name);
        let found = if method.is_instance() {
            member_method(method.class, method.name, method.parameters.len())
        } else {
            static_method(method.class, method.name, method.parameters.len())
        };
        assert!(found.is_some(), "{}", method.name);
    }
}

#[test]
fn the_nearest_class_decides() {
    let method = member_method(Class::ZonedDateTime, "toString", 0).unwrap();
    assert_eq!(method.class, Class::ZonedDateTime);
    let method = member_method(Class::ArrayList, "remove", 1).unwrap();
    assert_eq!(method.class, Class::List);
    let candidates = methods_named("toString", 0);
    assert_eq!(candidates.last().unwrap().class, Class::Object);
    assert_eq!(getter(Class::HashMap, "empty").unwrap().name, "isEmpty");
}

#[test]
fn mathematics_has_javas_edges() {
    let one = |name: &str, x: f64| match static_method(Class::Math, name, 1).unwrap().body {
        Body::Math1(run) => run(x),
        _ => panic!("{name} takes one double"),
    };
    let two = |name: &str, x: f64, y: f64| match static_method(Class::Math, name, 2).unwrap().body {
        Body::Math2(run) => run(x, y),
        _ => panic!("{name} takes two doubles"),
    };
    assert!(two("max", f64::NAN, 1.0).is_nan());
    assert!(two("max", -0.0, 0.0).is_sign_positive());
    assert!(two("min", -0.0, 0.0).is_sign_negative());
    assert!(two("pow", 1.0, f64::NAN).is_nan());
    assert_eq!(one("rint", 2.5), 2.0);
    assert_eq!(one("rint", -2.5), -2.0);
    assert_eq!(one("signum", -3.0), -1.0);
    assert_eq!(one("ulp", 1.0), f64::EPSILON);
    for (number, divisor, left) in [
        (5.0, 3.0, -1.0),
        (4.5, 3.0, -1.5),
        (1.5, 3.0, 1.5),
        (-5.0, 3.0, 1.0),
    ] {
        assert_eq!(
            two("IEEEremainder", number, divisor),
            left,
            "{number} {divisor}"
        );
    }
}

//! `java.lang.Math`.

use super::{Body, Method, double, int};
use crate::types::{Class, Type};
use crate::value::Value;

const D: Type = Type::Double;

const fn one(name: &'static str, run: fn(f64) -> f64) -> Method {
    Method {
        class: Class::Math,
        name,
        parameters: &[D],
        returns: D,
        body: Body::Math1(run),
    }
}

const fn two(name: &'static str, run: fn(f64, f64) -> f64) -> Method {
    Method {
        class: Class::Math,
        name,
        parameters: &[D, D],
        returns: D,
        body: Body::Math2(run),
    }
}

pub(super) const METHODS: &[Method] = &[
    one("abs", f64::abs),
    one("acos", f64::acos),
    one("asin", f64::asin),
    one("atan", f64::atan),
    two("atan2", f64::atan2),
    one("cbrt", f64::cbrt),
    one("ceil", f64::ceil),
    two("copySign", f64::copysign),
    one("cos", f64::cos),
    one("cosh", f64::cosh),
    one("exp", f64::exp),
    one("expm1", f64::exp_m1),
    one("floor", f64::floor),
    two("hypot", f64::hypot),
    two("IEEEremainder", ieee_remainder),
    one("log", f64::ln),
    one("log10", f64::log10),
    one("log1p", f64::ln_1p),
    two("max", max),
    two("min", min),
    two("nextAfter", next_after),
    one("nextDown", f64::next_down),
    one("nextUp", f64::next_up),
    two("pow", pow),
    Method::fixed(Class::Math, "random", &[], D, |calls, _| {
        Ok(Value::Double(calls.random()))
    }),
    one("rint", f64::round_ties_even),
    Method::fixed(Class::Math, "round", &[D], Type::Long, |_, arguments| {
        Ok(Value::Long(round(double(arguments, 0))))
    }),
    Method::fixed(Class::Math, "scalb", &[D, Type::Int], D, |_, arguments| {
        let (number, by) = (double(arguments, 0), int(arguments, 1));
        Ok(Value::Double(scalb(number, by)))
    }),
    one("signum", signum),
    one("sin", f64::sin),
    one("sinh", f64::sinh),
    one("sqrt", f64::sqrt),
    one("tan", f64::tan),
    one("tanh", f64::tanh),
    one("toDegrees", f64::to_degrees),
    one("toRadians", f64::to_radians),
    one("ulp", ulp),
];

/// NaN if either is; 0.0 is greater than -0.0.
fn max(left: f64, right: f64) -> f64 {
    if left.is_nan() || right.is_nan() {
        f64::NAN
    } else if left == right {
        if left.is_sign_positive() { left } else { right }
    } else if left > right {
        left
    } else {
        right
    }
}

fn min(left: f64, right: f64) -> f64 {
    -max(-left, -right)
}

/// As C's, but for 1 to the power of NaN and -1 to an infinite one, which are NaN in Java.
fn pow(base: f64, exponent: f64) -> f64 {
    if exponent.is_nan() || (base.abs() == 1.0 && exponent.is_infinite()) {
        return f64::NAN;
    }
    base.powf(exponent)
}

/// The nearest whole number, halves up; limits where it does not fit.
fn round(number: f64) -> i64 {
    let down = number.floor();
    let rounded = if number - down >= 0.5 {
        down + 1.0
    } else {
        down
    };
    rounded as i64
}

fn signum(number: f64) -> f64 {
    if number == 0.0 || number.is_nan() {
        number
    } else {
        number.signum()
    }
}

fn next_after(start: f64, toward: f64) -> f64 {
    if start.is_nan() || toward.is_nan() {
        f64::NAN
    } else if start < toward {
        start.next_up()
    } else if start > toward {
        start.next_down()
    } else {
        toward
    }
}

fn ulp(number: f64) -> f64 {
    let magnitude = number.abs();
    if !magnitude.is_finite() {
        return magnitude;
    }
    if magnitude == f64::MAX {
        return magnitude - magnitude.next_down();
    }
    magnitude.next_up() - magnitude
}

/// `number` times 2 to the power of `by`; in steps, so that nothing overflows on the way.
fn scalb(number: f64, by: i32) -> f64 {
    let mut left = by.clamp(-2200, 2200);
    let mut scaled = number;
    while left != 0 {
        let step = left.clamp(-500, 500);
        scaled *= f64::powi(2.0, step);
        left -= step;
    }
    scaled
}

/// What is left after the nearest multiple is taken away, halves to the even one.
fn ieee_remainder(number: f64, divisor: f64) -> f64 {
    if number.is_nan() || divisor.is_nan() || number.is_infinite() || divisor == 0.0 {
        return f64::NAN;
    }
    if divisor.is_infinite() {
        return number;
    }
    let divisor = divisor.abs();
    // Twice the divisor keeps the quotient's last bit, which halves need.
    let doubled = divisor * 2.0;
    let mut rest = if doubled.is_finite() {
        number.abs() % doubled
    } else {
        number.abs()
    };
    let half = divisor * 0.5;
    if rest > half {
        rest -= divisor;
        if rest >= half {
            rest -= divisor;
        }
    }
    if number.is_sign_negative() {
        -rest
    } else {
        rest
    }
}

use super::*;
use crate::float32::{Probe, dot, l1};
use crate::{Element, Isa, Metric};

/// What the bits of a half stand for, by the definition.
fn by_definition(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[test]
fn every_half_is_the_number_that_its_bits_say_and_comes_back() {
    for bits in 0..=u16::MAX {
        let number = F16::from_bits(bits).to_f32();
        let expected = by_definition(bits);
        if expected.is_nan() {
            assert!(number.is_nan() && F16::from_f32(number).to_f32().is_nan());
            continue;
        }
        assert_eq!(f64::from(number), expected, "{bits:04x}");
        assert_eq!(number.is_sign_negative(), bits >> 15 == 1);
        assert_eq!(F16::from_f32(number).to_bits(), bits);
    }
}

#[test]
fn every_bfloat_comes_back() {
    for bits in 0..=u16::MAX {
        let number = Bf16::from_bits(bits).to_f32();
        assert_eq!(number.to_bits() >> 16, u32::from(bits));
        let back = Bf16::from_f32(number);
        match number.is_nan() {
            true => assert!(back.to_f32().is_nan()),
            false => assert_eq!(back.to_bits(), bits),
        }
    }
}

/// Checks that a number between two neighbours is rounded to the nearer, or to the even one of two as near.
fn check_between(bits: u16, of: fn(u16) -> f32, rounded: fn(f32) -> u16) {
    let (low, high) = (of(bits), of(bits + 1));
    let middle = ((f64::from(low) + f64::from(high)) / 2.0) as f32;
    let even = bits + (bits & 1);
    assert_eq!(rounded(middle), even, "between {low} and {high}");
    assert_eq!(rounded(-middle), even | 0x8000);
    assert_eq!(rounded(middle.next_down()), bits, "below {middle}");
    assert_eq!(rounded(middle.next_up()), bits + 1, "above {middle}");
}

#[test]
fn numbers_are_rounded_to_the_nearest() {
    for bits in 0..0x7bff {
        check_between(
            bits,
            |bits| F16::from_bits(bits).to_f32(),
            |number| F16::from_f32(number).to_bits(),
        );
    }
    // The smallest have no neighbours in 32 bits to come from.
    for bits in 0x0080..0x7f7f {
        check_between(
            bits,
            |bits| Bf16::from_bits(bits).to_f32(),
            |number| Bf16::from_f32(number).to_bits(),
        );
    }
    for (number, expected) in [
        (65519.9, 65504.0),
        (65520.0, f32::INFINITY),
        (1e30, f32::INFINITY),
    ] {
        assert_eq!(F16::from_f32(number).to_f32(), expected);
        assert_eq!(F16::from_f32(-number).to_f32(), -expected);
    }
    assert_eq!(F16::from_f32(f32::INFINITY).to_f32(), f32::INFINITY);
    assert_eq!(Bf16::from_f32(f32::MAX).to_f32(), f32::INFINITY);
    assert_eq!(
        Bf16::from_f32(f32::NEG_INFINITY).to_f32(),
        f32::NEG_INFINITY
    );
}

/// Checks each float by the dot product with a vector that has a 1 at its place and zeros elsewhere.
fn check_widened<E: Element>(isa: Isa, floats: &[E], widened: fn(&E) -> f32) {
    // Whole registers and what is left of one, each place in turn.
    for length in [1, 2, 3, 5, 8, 13, 16, 31, 64, 70] {
        for (number, chunk) in floats.chunks_exact(length).enumerate() {
            if chunk.iter().map(widened).all(f32::is_finite) {
                let place = number % length;
                let mut query = vec![0.0; length];
                query[place] = 1.0;
                let got = dot(isa, &query, chunk);
                assert_eq!(got, widened(&chunk[place]), "{}", isa.name());
            }
        }
    }
    for float in floats {
        let own = [widened(float)];
        if own[0].is_finite() {
            assert_eq!(l1(isa, &own, &[*float]), 0.0);
        } else {
            assert!(!dot(isa, &[1.0], &[*float]).is_finite());
        }
    }
}

#[test]
fn every_instruction_set_widens_every_float_exactly() {
    let halves: Vec<F16> = (0..=u16::MAX).map(F16::from_bits).collect();
    let bfloats: Vec<Bf16> = (0..=u16::MAX).map(Bf16::from_bits).collect();
    for isa in Isa::available() {
        check_widened(isa, &halves, |half| half.to_f32());
        check_widened(isa, &bfloats, |float| float.to_f32());
    }
}

#[test]
fn rows_of_16_bits_are_compared_as_what_they_are_widened_to() {
    let number = |seed: usize| ((seed * 7919) % 2003) as f32 / 500.0 - 2.0;
    for dims in [1, 2, 7, 16, 33, 64, 100, 513] {
        let query: Vec<f32> = (0..dims).map(number).collect();
        let numbers: Vec<f32> = (dims..6 * dims).map(number).collect();
        let halves: Vec<F16> = numbers.iter().copied().map(F16::from_f32).collect();
        let bfloats: Vec<Bf16> = numbers.iter().copied().map(Bf16::from_f32).collect();
        let widened: Vec<f32> = halves.iter().map(|half| half.to_f32()).collect();
        let from_bfloats: Vec<f32> = bfloats.iter().map(|float| float.to_f32()).collect();
        for isa in Isa::available() {
            for metric in Metric::ALL {
                let probe = Probe::new(isa, metric, &query);
                let (mut got, mut expected) = ([f32::NAN; 5], [f32::NAN; 5]);
                probe.one_to_many(&halves, &mut got);
                probe.one_to_many(&widened, &mut expected);
                assert_eq!(got, expected, "{metric:?} on {}", isa.name());
                probe.one_to_many(&bfloats, &mut got);
                probe.one_to_many(&from_bfloats, &mut expected);
                assert_eq!(got, expected, "{metric:?} on {}", isa.name());
                let rows: Vec<&[F16]> = halves.chunks_exact(dims).collect();
                probe.one_to_scattered(&rows, &mut got);
                assert_eq!(got[4], probe.one_to_one(rows[4]));
            }
        }
    }
}

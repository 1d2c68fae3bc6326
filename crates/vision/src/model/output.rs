//! From a network's numbers to what they say.

/// Scales a vector to Euclidean length 1; one without length stays as it is.
pub(super) fn to_unit(vector: &mut [f32]) {
    let squares = vector.iter().map(|x| f64::from(*x).powi(2));
    let norm = squares.sum::<f64>().sqrt();
    if norm > 0.0 {
        vector
            .iter_mut()
            .for_each(|x| *x = (f64::from(*x) / norm) as f32);
    }
}

/// Makes probabilities of logits; a temperature above 1 makes them more even (Guo et al., "On calibration of modern neural
/// networks", ICML 2017).
pub(super) fn softmax(logits: &mut [f32], temperature: f32) {
    let greatest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for logit in logits.iter_mut() {
        *logit = ((*logit - greatest) / temperature).exp();
        sum += f64::from(*logit);
    }
    // The greatest one gives 1, so that the sum is never 0.
    logits
        .iter_mut()
        .for_each(|share| *share = (f64::from(*share) / sum) as f32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_add_up_to_one_however_large_the_logits() {
        let mut shares = [1000.0, 1000.0 + 3.0_f32.ln(), -1e30];
        softmax(&mut shares, 1.0);
        assert!((shares[0] - 0.25).abs() < 1e-4 && (shares[1] - 0.75).abs() < 1e-4);
        assert_eq!(shares[2], 0.0);
        let mut even = [0.0, 4.0];
        softmax(&mut even, 2.0);
        assert!((even[1] - 1.0 / (1.0 + (-2.0_f32).exp())).abs() < 1e-6);
    }
}

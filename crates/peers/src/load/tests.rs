use super::bodies::Bodies;
use super::measure::{Sample, ticks};
use super::{Engine, Load};
use std::time::Duration;

fn options(engine: Engine) -> Load {
    Load {
        url: String::new(),
        engine,
        documents: 700,
        dims: 8,
        clients: vec![1],
        requests: 1,
        pid: None,
        seed: 3,
    }
}

#[test]
fn quantiles_are_of_the_slowest_that_share_did_not_exceed() {
    let times = (1..=100).rev().map(Duration::from_millis).collect();
    let sample = Sample::new(times, Duration::from_secs(2), None);
    assert_eq!(
        (
            sample.quantile_ms(0.5),
            sample.quantile_ms(0.99),
            sample.per_second()
        ),
        (50.0, 99.0, 50.0)
    );
}

#[test]
fn processor_time_is_read_whatever_the_program_is_called() {
    assert_eq!(
        ticks("7 (a ) b) S 1 2 3 4 5 6 7 8 9 10 100 20 5 5 5"),
        Some(120)
    );
    assert_eq!(ticks("7 (a) S 1"), None);
}

#[test]
fn engines_get_the_same_documents_and_their_own_spelling() {
    let [es, os, own] = [Engine::Elasticsearch, Engine::Opensearch, Engine::Eidetic]
        .map(|engine| Bodies::new(&options(engine), "i"));
    assert_eq!((es.batches.len(), &es.batches), (2, &os.batches));
    assert_eq!(os.nearest, own.nearest);
    assert!(es.nearest.iter().all(|nearest| nearest.len() == 10));
    let kinds = |bodies: &Bodies| {
        bodies
            .searches
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds(&es), ["knn", "match", "terms"]);
    assert_eq!(kinds(&own), ["script_score", "knn", "match", "terms"]);
    assert!(
        os.index.to_string().contains("knn_vector")
            && own.index.to_string().contains("dense_vector")
    );
}

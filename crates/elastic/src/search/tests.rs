use super::*;
use crate::UrlParams;

#[test]
fn a_search_of_many_parts_is_read() {
    let body = br#"{"query":{"bool":{"must":[{"match":{"t":"quick"}}],"filter":{"range":{"n":{"gte":1}}}}},
        "knn":{"field":"v","query_vector":[1,2,3],"k":3},
        "sort":["_score",{"n":{"order":"desc","missing":"_first"}}],"from":2,"size":3,
        "aggs":{"a":{"terms":{"field":"k"},"aggs":{"b":{"max":{"field":"n"}}}}}}"#;
    let params = UrlParams::new("/a/_search", Vec::new());
    let search = SearchBody::parse(body, &params, 0).unwrap();
    assert_eq!(search.request.from, 2);
    assert_eq!(search.request.sort.len(), 2);
    assert_eq!(search.request.aggregations.len(), 1);
    assert!(search.check(10_000).is_ok());
    assert!(search.check(4).is_err());
}

//! Documents by their ids.

use super::{Asker, Request};
use serde_json::{Value, json};

impl Asker<'_> {
    pub(super) fn mget(&mut self) -> Request {
        if self.numbers.chance(40) {
            let ids: Vec<String> = (0..self.numbers.between(1, 6)).map(|_| self.id()).collect();
            return Self::json("POST", "/{index}/_mget", json!({ "ids": ids }));
        }
        let docs: Vec<Value> = (0..self.numbers.between(1, 5))
            .map(|_| {
                let mut target = json!({"_id": self.id()});
                self.option(30, &mut target, "_source", |asker| asker.source_filter());
                self.option(30, &mut target, "_index", |asker| {
                    json!(asker.one(&["{index}", "{index}", "nowhere-at-all"]))
                });
                target
            })
            .collect();
        Self::json("GET", "/{index}/_mget", json!({ "docs": docs }))
    }

    pub(super) fn get(&mut self) -> Request {
        let (kind, id) = (self.one(&["_doc", "_doc", "_source"]), self.id());
        let options = self.one(&[
            "",
            "",
            "?_source=false",
            "?_source_includes=title,camera.*",
            "?_source_excludes=parts,v_*",
            "?realtime=false",
            "?version=1",
        ]);
        let options = if kind == "_source" && options == "?_source=false" {
            ""
        } else {
            options
        };
        let method = if self.numbers.chance(10) {
            "HEAD"
        } else {
            "GET"
        };
        Self::json(
            method,
            format!("/{{index}}/{kind}/{id}{options}"),
            Value::Null,
        )
    }
}

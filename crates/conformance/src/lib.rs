//! Plays requests to a search engine and compares its answers with what scenarios say of them.
//!
//! The scenarios are YAML files (`tests/wire`). Each holds a list of scenarios, and each of these stands for itself: it
//! names what it shows, makes the indices that it needs, sends requests and says what matters of the answers.
//!
//! ```yaml
//! - name: a document that was written can be read
//!   steps:
//!     - request: PUT /$i/_doc/1?refresh=true
//!       body: { title: a lighthouse }
//!       status: 201
//!       match:
//!         result: created
//!         _shards.failed: 0
//!     - request: GET /$i/_doc/1
//!       status: 200
//!       match: { found: true, _source.title: a lighthouse }
//! ```
//!
//! # A scenario
//!
//! - `name`: what it shows; no two are alike.
//! - `engines`: on which engines it holds: `elasticsearch-8`, `opensearch-3`, `eidetic`. Left out: on `elasticsearch-8` and
//!   `eidetic`.
//! - `why`: why it does not hold on the reference; demanded where `engines` leaves out `elasticsearch-8`.
//! - `setup`: steps that only prepare. They are steps like others.
//! - `steps`: what is shown.
//!
//! # A step
//!
//! - `request`: method and address, such as `GET /$i/_search?size=1`.
//! - `headers`: sent with it. A body gets `content-type: application/json`, and `application/x-ndjson` when it is a list,
//!   unless the header is given here; `null` sends none.
//! - `body`: an object is sent as JSON, a list as one JSON line per item, a text as it is.
//! - `bytes`: a body that is no text, as base64.
//! - `gzip`: `true` compresses the body and says so in a header.
//! - `status`: the status that must come. Left out: any below 300.
//! - `match`: places in the answer, and what must be there.
//! - `answer_headers`: headers of the answer, and what must be in them.
//! - `save`: names for values of the answer, by place; later steps write `$name`.
//!
//! # Places
//!
//! `hits.hits.0._id` goes through objects by key and through lists by position. `*` stands for all items of a list, or all
//! values of an object, and finds the list of what is there, `null` where an item has nothing: `hits.hits.*._id`. Keys that
//! contain dots need no quoting: the shortest key that leads to something is taken. `.` is the whole answer: a text
//! unless the answer is JSON.
//!
//! # What must be there
//!
//! | written | means |
//! |---|---|
//! | `text`, `5`, `[1, 2]`, `{ a: 1 }` | exactly this; `5` and `5.0` are the same number; order counts in lists, not in objects |
//! | `~2.5` | this number, with a relative error of at most 1e-5 |
//! | `<exists>`, `<absent>` | anything but nothing; nothing |
//! | `<length 3>` | a list, an object or a text of this length |
//! | `<has some words>` | a text that contains this |
//! | `/^[0-9]+$/` | a text or a number, as text, that the pattern is found in |
//! | `{ <unordered>: [1, 2] }` | a list of these, in any order |
//! | `{ <exactly>: ~1 }` | this value, even though it looks like one of the above |
//!
//! They may stand within lists and objects too.
//!
//! # Names
//!
//! `$i` is an index of the scenario's own, with another name in every run; `$i-other` is one more. Whatever begins with `$i`
//! in a scenario is deleted before and after it. Anything else that begins with `$` and a letter is a saved value.
//! `<vector 3>` as a field's mapping is the engine's own type for vectors of three numbers.

mod answer;
mod error;
mod exchange;
mod matching;
mod names;
mod place;
mod play;
mod report;
mod scenario;

pub use error::Error;
pub use play::{Options, play};
pub use report::{Failure, Report};
pub use scenario::Engine;

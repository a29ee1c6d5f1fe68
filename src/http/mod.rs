//! The API over HTTP: extractors, problem documents, and the resources under `/api/v1`.
//!
//! A handler parses, makes one service call and shows the result. Status codes of failures are known only to
//! [`problem`]; the order of checks (401, 404, stored answer, 428/412, 403, 422, 409) is why bodies and versions are
//! extracted raw ([`json::Body`], [`etag::IfMatch`]) and judged only when the handler asks.

pub mod actor;
pub mod download;
pub mod edge;
pub mod etag;
pub mod idempotency;
pub mod json;
pub mod openapi;
pub mod ops;
pub mod page;
pub mod pages;
pub mod problem;
pub mod query;
pub mod upload;
pub mod v1;

//! Who makes the requests, and what comes back.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderMap, Request};

/// Someone who talks to the service over HTTP; clones are the same person.
#[derive(Clone)]
pub struct Actor {
    base_url: String,
    agent: ureq::Agent,
    headers: Vec<(String, String)>,
    server_errors: Arc<Mutex<Vec<String>>>,
}

/// An answer; `json` is null when the body is not JSON.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
    pub json: Value,
}

impl Response {
    /// A header, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a readable header"))
    }

    /// Fails with the whole answer when the status is another one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The pointers of the impossible fields.
    pub fn pointers(&self) -> Vec<&str> {
        self.json["errors"]
            .as_array()
            .map(|errors| errors.iter().filter_map(|error| error["pointer"].as_str()).collect())
            .unwrap_or_default()
    }

    /// The code of a problem.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }
}

impl Actor {
    pub fn new(base_url: &str, server_errors: Arc<Mutex<Vec<String>>>) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self {
            base_url: base_url.to_owned(),
            agent: config.into(),
            headers: Vec::new(),
            server_errors,
        }
    }

    /// The same person, sending this header too.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        other.headers.push((name.to_owned(), value.to_owned()));
        other
    }

    /// The same person with an access token.
    pub fn with_token(&self, token: &str) -> Self {
        self.with("Authorization", &format!("Bearer {token}"))
    }

    /// The same person naming the version they saw.
    pub fn if_match(&self, version: i64) -> Self {
        self.with("If-Match", &format!("\"{version}\""))
    }

    pub fn get(&self, path: &str) -> Response {
        self.send("GET", path, None)
    }

    pub fn head(&self, path: &str) -> Response {
        self.send("HEAD", path, None)
    }

    pub fn delete(&self, path: &str) -> Response {
        self.send("DELETE", path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Response {
        self.send_json("POST", path, body)
    }

    pub fn put(&self, path: &str, body: &Value) -> Response {
        self.send_json("PUT", path, body)
    }

    pub fn patch(&self, path: &str, body: &Value) -> Response {
        self.send_json("PATCH", path, body)
    }

    fn send_json(&self, method: &str, path: &str, body: &Value) -> Response {
        self.send(method, path, Some(("application/json", body.to_string().as_bytes())))
    }

    /// Any request; the body is its media type and its bytes.
    pub fn send(&self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Response {
        self.try_send(method, path, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// As [`Actor::send`], for a service that may go away meanwhile.
    pub fn try_send(&self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Result<Response, String> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base_url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answer = match body {
            Some((media_type, bytes)) => {
                let request = request
                    .header("Content-Type", media_type)
                    .body(bytes.to_vec())
                    .expect("a request");
                self.agent.run(request)
            }
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut answer = answer.map_err(|error| error.to_string())?;
        let read = answer.body_mut().with_config().limit(200 << 20).read_to_vec();
        let bytes = read.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = answer.status().as_u16();
        if status >= 500 {
            let mut errors = self.server_errors.lock().expect("not poisoned");
            errors.push(format!("{method} {path}: {status} {text}"));
        }
        Ok(Response {
            status,
            headers: answer.headers().clone(),
            json: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
            bytes,
        })
    }
}

//! Documents over HTTP: up, down, into a case, who reads them, and what is left after a crash.

mod access;
mod attach;
mod cleanup;
mod many;
mod papers;
mod s3;
pub mod samples;
mod sniff;
mod transfer;
mod types;

use serde_json::Value;

use crate::harness::{Actor, Response};

const BOUNDARY: &str = "----boundary7Ma4YWxk";

/// A part of a form: name, file name as it stands in the header, content.
pub type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// A form as a browser sends it: its media type and its bytes.
pub fn form(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, file_name, content) in parts {
        let file = file_name.map_or(String::new(), |file_name| {
            format!("; {file_name}\r\nContent-Type: application/octet-stream")
        });
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

pub fn post_form(actor: &Actor, parts: &[Part<'_>]) -> Response {
    let (media_type, body) = form(parts);
    actor.send("POST", "/api/v1/documents", Some((&media_type, &body)))
}

/// Someone uploads a file.
pub fn upload(actor: &Actor, name: &str, purpose: &str, content: &[u8]) -> Response {
    let file_name = format!("filename=\"{name}\"");
    post_form(
        actor,
        &[
            ("purpose", None, purpose.as_bytes()),
            ("file", Some(&file_name), content),
        ],
    )
}

/// The id of a file that is taken.
#[track_caller]
pub fn uploaded(actor: &Actor, name: &str, purpose: &str, content: &[u8]) -> String {
    id(&upload(actor, name, purpose, content).expect(201).json)
}

pub fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

pub fn content_path(id: &str) -> String {
    format!("/api/v1/documents/{id}/content")
}

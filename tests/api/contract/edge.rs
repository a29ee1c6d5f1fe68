//! The extractors and the edge, with handlers that do nothing else.

use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, HttpResponse, web};
use chrono::NaiveDate;
use gongkai::app::App as Service;
use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::error::Error;
use gongkai::http::edge::edge;
use gongkai::http::etag::IfMatch;
use gongkai::http::idempotency::{Answer, IdempotencyKey};
use gongkai::http::json::{Body, Json};
use gongkai::http::query::Query;
use gongkai::site::Site;
use gongkai::store::counters::counter_next;
use gongkai::telemetry::RequestSpan;
use serde::Deserialize;
use serde_json::{Value, json};
use tracing_actix_web::TracingLogger;

use crate::harness::{Database, both};

const LIMIT: usize = 2048;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Fact {
    on: NaiveDate,
    count: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Facts {
    facts: Vec<Fact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Filter {
    limit: Option<u32>,
}

async fn accept(_: Json<Facts>) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

async fn filter(_: Query<Filter>) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

async fn named(_: web::Path<String>) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

async fn panics() -> HttpResponse {
    panic!("a secret reason")
}

async fn panics_in_a_transaction(state: web::Data<Site>) -> Result<HttpResponse, Error> {
    state
        .write(|tx| -> Result<(), Error> {
            counter_next(tx, "panic")?;
            panic!("a secret reason")
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn version(seen: IfMatch) -> Result<HttpResponse, Error> {
    seen.check(7)?;
    Ok(HttpResponse::NoContent().finish())
}

/// Numbers what it is sent; a body `{"fail":true}` fails after the work.
async fn number(state: web::Data<Site>, key: IdempotencyKey, body: Body) -> Result<Answer, Error> {
    let keyed = key.bind("somebody", &body)?;
    let now = state.clock.now();
    let value = body.value()?;
    state
        .write(move |tx| {
            keyed.run(tx, now, |tx| {
                let number = counter_next(tx, "test")?;
                if value["fail"] == json!(true) {
                    return Err(Error::NotFound);
                }
                Answer::created(&json!({ "number": number }), Some(1), format!("/numbers/{number}"))
            })
        })
        .await
}

/// The answer of one request: status, the headers that matter, body.
struct Answered {
    status: StatusCode,
    headers: actix_web::http::header::HeaderMap,
    json: Value,
    text: String,
}

impl Answered {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

fn state_on(db: &Database) -> Site {
    let mut config = Config::from_layers(None, &[]).unwrap();
    config.database.url = db.url.clone();
    config.data.dir = db.directory.path().to_owned();
    config.server.max_body_bytes = LIMIT;
    let clock = Clock::manual("2026-03-10T01:00:00Z".parse().unwrap());
    Service::build(config, clock).unwrap().site().clone()
}

/// Sends requests one after the other to the handlers above.
fn ask(db: &Database, requests: Vec<TestRequest>) -> Vec<Answered> {
    let state = state_on(db);
    actix_web::rt::System::new().block_on(async move {
        let service = init_service(
            App::new()
                .app_data(web::PayloadConfig::new(LIMIT))
                .app_data(web::Data::new(state))
                .route("/accept", web::post().to(accept))
                .route("/filter", web::get().to(filter))
                .route("/named/{id}", web::get().to(named))
                .route("/panics", web::get().to(panics))
                .route("/panics/transaction", web::get().to(panics_in_a_transaction))
                .route("/version", web::put().to(version))
                .route("/numbers", web::post().to(number))
                .route("/others", web::post().to(number))
                .wrap(from_fn(edge))
                .wrap(TracingLogger::<RequestSpan>::new()),
        )
        .await;
        let mut answers = Vec::new();
        for request in requests {
            let response = match actix_web::dev::Service::call(&service, request.to_request()).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            let (head, body) = (response.status(), response.headers().clone());
            let bytes = actix_web::body::to_bytes(response.into_body()).await.unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            answers.push(Answered {
                status: head,
                headers: body,
                json: serde_json::from_str(&text).unwrap_or(Value::Null),
                text,
            });
        }
        answers
    })
}

fn post(path: &str, body: &str) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header(("Content-Type", "application/json; charset=utf-8"))
        .set_payload(body.to_owned())
}

#[test]
fn a_body_is_400_only_when_it_is_not_json() {
    let cases = [
        ("", 400, ""),
        ("{", 400, ""),
        ("{\"facts\":[]} x", 400, ""),
        ("[]", 422, ""),
        ("{}", 422, "/facts"),
        (r#"{"facts":{}}"#, 422, "/facts"),
        (r#"{"facts":[{"on":"2026-02-30","count":1}]}"#, 422, "/facts/0/on"),
        (r#"{"facts":[{"on":"2026-02-28","count":-1}]}"#, 422, "/facts/0/count"),
        (r#"{"facts":[{"on":"2026-02-28","count":"1"}]}"#, 422, "/facts/0/count"),
        (r#"{"facts":[{"on":"2026-02-28"}]}"#, 422, "/facts/0/count"),
        (r#"{"facts":[],"fatcs":[]}"#, 422, "/fatcs"),
        (r#"{"facts":[],"facts":[]}"#, 422, "/facts"),
        (r#"{"facts":[]}"#, 204, ""),
    ];
    let answers = ask(
        &Database::sqlite(),
        cases.iter().map(|(body, _, _)| post("/accept", body)).collect(),
    );
    for ((body, status, pointer), answer) in cases.into_iter().zip(answers) {
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        if status == 422 {
            assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{body}");
            assert!(!answer.json["errors"][0]["detail"].as_str().unwrap().is_empty());
            assert_eq!(answer.json["instance"], "/accept");
        }
    }
}

#[test]
fn other_media_types_long_bodies_and_unknown_parameters_are_named() {
    let long = format!("{{\"facts\":[],\"x\":\"{}\"}}", "x".repeat(LIMIT));
    let answers = ask(
        &Database::sqlite(),
        vec![
            TestRequest::post().uri("/accept").set_payload("{\"facts\":[]}"),
            TestRequest::post()
                .uri("/accept")
                .insert_header(("Content-Type", "text/plain"))
                .set_payload("{\"facts\":[]}"),
            post("/accept", &long),
            TestRequest::get().uri("/filter?limit=2"),
            TestRequest::get().uri("/filter?limit=two"),
            TestRequest::get().uri("/filter?limt=2"),
            TestRequest::get().uri("/named/a%01b"),
            TestRequest::get().uri("/named/a%00b"),
        ],
    );
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses, [415, 415, 413, 204, 422, 422, 204, 404]);
    assert!(answers[2].json["detail"].as_str().unwrap().contains("2048"));
    assert_eq!(answers[4].json["errors"][0]["pointer"], "?limit");
    assert_eq!(answers[5].json["errors"][0]["pointer"], "?limt");
}

both! {
    fn a_panic_is_a_500_without_its_reason_and_leaves_nothing_behind(db) {
        let mut requests = vec![TestRequest::get().uri("/panics").insert_header(("X-Request-Id", "p-1"))];
        // More often than the pool has connections.
        requests.extend((0..12).map(|_| TestRequest::get().uri("/panics/transaction")));
        requests.push(post("/numbers", "{}"));
        let answers = ask(&db, requests);
        for answer in &answers[..13] {
            assert_eq!(answer.status, 500);
            assert_eq!(answer.json["code"], "internal");
            assert!(!answer.text.contains("secret"), "{}", answer.text);
        }
        assert_eq!(answers[0].header("x-request-id"), "p-1");
        assert_eq!(answers[13].json, json!({ "number": 1 }));
        let next: i64 = db.store().write(|tx| counter_next(tx, "panic")).unwrap();
        assert_eq!(next, 1);
    }

    fn a_key_does_the_work_once_and_only_success_is_kept(db) {
        let keyed = |path: &str, key: &str, body: &str| post(path, body).insert_header(("Idempotency-Key", key));
        let answers = ask(
            &db,
            vec![
                keyed("/numbers", "a", "{}"),
                keyed("/numbers", "a", "{}"),
                keyed("/numbers", "a", "{ }"),
                keyed("/others", "a", "{}"),
                keyed("/numbers", "b", "{\"fail\":true}"),
                keyed("/numbers", "b", "{\"fail\":false}"),
                post("/numbers", "{}"),
                keyed("/numbers", "with space", "{}"),
                keyed("/numbers", &"k".repeat(201), "{}"),
            ],
        );
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses, [201, 201, 422, 422, 404, 201, 201, 422, 422]);
        assert_eq!(answers[0].json, answers[1].json);
        for name in ["etag", "location", "content-type"] {
            assert_eq!(answers[0].header(name), answers[1].header(name));
        }
        assert_eq!(answers[1].header("location"), "/numbers/1");
        assert_eq!(answers[1].header("idempotency-replayed"), "true");
        assert_eq!(answers[0].header("idempotency-replayed"), "");
        assert_eq!(answers[2].json["code"], "idempotency_key_reused");
        assert_eq!(answers[5].json, json!({ "number": 2 }));
        assert_eq!(answers[6].json, json!({ "number": 3 }));
        assert_eq!(answers[7].json["errors"][0]["pointer"], "Idempotency-Key");
    }
}

#[test]
fn only_the_current_version_in_one_strong_tag_passes() {
    let put = |tag: Option<&str>| {
        let request = TestRequest::put().uri("/version");
        match tag {
            Some(tag) => request.insert_header(("If-Match", tag.to_owned())),
            None => request,
        }
    };
    let tags = [
        None,
        Some("*"),
        Some("W/\"7\""),
        Some("7"),
        Some("\"6\""),
        Some("\"7\""),
    ];
    let answers = ask(&Database::sqlite(), tags.into_iter().map(put).collect());
    let found: Vec<(u16, &str)> = answers
        .iter()
        .map(|answer| (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        found,
        [
            (428, "version_required"),
            (412, "version_malformed"),
            (412, "version_malformed"),
            (412, "version_malformed"),
            (412, "stale_version"),
            (204, ""),
        ]
    );
    assert_eq!(answers[4].json["current_version"], 7);
}

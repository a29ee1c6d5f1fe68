//! Health, metrics, problem documents, configuration, the contract: what every resource relies on.

use std::path::Path;
use std::process::Command;

use gongkai::config::{Config, ConfigError};
use gongkai::http::{openapi, problem};
use serde_json::Value;

use crate::harness::{TestApp, both};

both! {
    fn the_service_says_how_it_is(db) {
        let app = TestApp::start(db);
        let anon = app.anon();
        assert_eq!(anon.get("/healthz").expect(200).json["status"], "ok");

        let ready = anon.get("/readyz").expect(200);
        assert_eq!(ready.json["status"], "ready");
        assert_eq!(ready.json["database"]["pending_migrations"], 0);

        let began = app.clock.now();
        app.clock.set("2026-09-03T01:00:00Z".parse().unwrap());
        let ready = anon.get("/readyz").expect(200);
        assert_eq!(ready.json["calendar"]["covered_through"], "2026-12-31");
        assert!(ready.json["calendar"]["warning"].as_str().unwrap().contains("2026-12-31"));
        app.clock.set(began);
        assert!(anon.get("/readyz").expect(200).json["calendar"]["warning"].is_null());

        anon.get("/no/such/thing?code=SECRETCODE");
        let metrics = anon.get("/metrics").expect(200);
        for line in [
            "gongkai_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1",
            "gongkai_http_requests_total{method=\"GET\",route=\"unmatched\",status=\"404\"} 1",
            "gongkai_calendar_covered_days 296",
            "gongkai_http_request_duration_seconds_count{method=\"GET\",route=\"/readyz\"} 3",
        ] {
            assert!(metrics.text.contains(line), "{line} in\n{}", metrics.text);
        }
        assert!(!metrics.text.contains("SECRETCODE"));
    }

    fn a_database_that_is_not_migrated_is_not_ready(db) {
        let mut app = TestApp::start(db);
        app.allow_server_errors();
        app.app.site().store.revert_all_migrations().unwrap();
        let ready = app.anon().get("/readyz").expect(503);
        assert_eq!(ready.json["status"], "not_ready");
        assert!(ready.json["database"]["pending_migrations"].as_u64().unwrap() > 0);
        app.anon().get("/healthz").expect(200);
    }
}

fn sqlite_app() -> TestApp {
    TestApp::start(crate::harness::Database::sqlite())
}

#[test]
fn what_is_not_there_is_a_problem_document_in_the_persons_language() {
    let app = sqlite_app();
    let chinese = app.anon().get("/api/v1/nothing?code=SECRETCODE").expect(404);
    assert_eq!(chinese.header("content-type"), "application/problem+json");
    assert_eq!(chinese.header("content-language"), "zh-CN");
    assert_eq!(chinese.header("x-content-type-options"), "nosniff");
    assert!(!chinese.text.contains("SECRETCODE"));
    insta::assert_json_snapshot!(chinese.json, @r##"
    {
      "code": "not_found",
      "detail": "没有这个地址或对象，或者它不对您公开，请核对编号。",
      "instance": "/api/v1/nothing",
      "status": 404,
      "title": "未找到",
      "type": "/api/v1/problems#not_found"
    }
    "##);

    let english = app
        .anon()
        .with("Accept-Language", "en-GB, zh;q=0.5")
        .get("/nothing")
        .expect(404);
    assert_eq!(english.header("content-language"), "en");
    assert_eq!(english.json["title"], "Not found");
}

#[test]
fn a_known_address_with_another_method_is_405_and_head_is_get_without_a_body() {
    let app = sqlite_app();
    for (method, path) in [
        ("POST", "/healthz"),
        ("DELETE", "/api/v1/problems"),
        ("BREW", "/api/v1/problems"),
    ] {
        let answer = app.anon().send(method, path, None).expect(405);
        assert_eq!(answer.header("allow"), "GET, HEAD");
        assert_eq!(answer.code(), "method_not_allowed");
    }
    let head = app.anon().head("/api/v1/problems").expect(200);
    assert_eq!(head.text, "");
    assert_ne!(head.header("content-length"), "0");
    app.anon().head("/nothing").expect(404);
}

/// `/cases/actions` is no case of that id: whatever the method, an address without parameters answers for itself.
#[test]
fn an_address_without_parameters_takes_its_own_methods_only() {
    let app = sqlite_app();
    let contract = app.anon().get("/api/v1/openapi.json").expect(200).json;
    let fixed = contract["paths"].as_object().unwrap().iter();
    for (path, item) in fixed.filter(|(path, _)| !path.contains('{')) {
        let taken = |method: &str| item.get(method.to_lowercase()).is_some();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            if taken(method) {
                continue;
            }
            let answer = app.anon().send(method, path, None).expect(405);
            let mut allowed: Vec<String> = answer.header("allow").split(", ").map(str::to_owned).collect();
            allowed.retain(|method| method != "HEAD");
            assert!(
                !allowed.is_empty() && allowed.iter().all(|method| taken(method)),
                "{method} {path}: {allowed:?}"
            );
        }
    }
}

#[test]
fn the_request_id_comes_back_if_it_is_well_formed() {
    let app = sqlite_app();
    let known = app
        .anon()
        .with("X-Request-Id", "abc-123.x_Y")
        .get("/healthz")
        .expect(200);
    assert_eq!(known.header("x-request-id"), "abc-123.x_Y");
    for bad in ["a b", "<script>", &"x".repeat(129)] {
        let answer = app.anon().with("X-Request-Id", bad).get("/nothing").expect(404);
        assert_eq!(answer.header("x-request-id").len(), 36, "{bad}");
    }
}

#[test]
fn the_api_page_is_served_from_inside_the_program() {
    let app = sqlite_app();
    let root = app.anon().get("/").expect(302);
    assert_eq!(root.header("location"), "/docs/");
    assert!(app.anon().get("/docs/").expect(200).text.contains("swagger-ui"));
    let initializer = app.anon().get("/docs/swagger-initializer.js").expect(200).text;
    assert!(initializer.contains("/api/v1/openapi.json"), "{initializer}");
    assert!(initializer.contains("\"validatorUrl\": \"none\""), "{initializer}");
    assert!(!initializer.contains("https://"), "{initializer}");
    let served = app.anon().get("/api/v1/openapi.json").expect(200).json;
    assert_eq!(
        served,
        serde_json::from_str::<Value>(&openapi::committed().unwrap()).unwrap()
    );
    assert_eq!(app.anon().get("/docs/nothing.js").expect(404).code(), "not_found");
}

/// Compares a generated file with the committed one; `GONGKAI_UPDATE=1` writes it instead.
pub fn assert_committed(name: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi").join(name);
    if std::env::var("GONGKAI_UPDATE").is_ok_and(|update| update == "1") {
        std::fs::write(&path, generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "openapi/{name} is not what the program generates; run the test again with GONGKAI_UPDATE=1 and look at the difference"
    );
}

#[test]
fn the_committed_contract_is_what_the_program_generates() {
    assert_committed("openapi.json", &openapi::committed().unwrap());
    assert_committed("problems.json", &problem::committed().unwrap());
}

#[test]
fn every_operation_is_described() {
    let document: Value = serde_json::from_str(&openapi::committed().unwrap()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = Vec::new();
    let mut wrong = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
            if id.is_empty() || ids.contains(&id) {
                wrong.push(format!("{name}: operationId missing or not unique"));
            }
            ids.push(id);
            if operation["summary"].as_str().unwrap_or_default().is_empty() {
                wrong.push(format!("{name}: no summary"));
            }
            if operation["tags"].as_array().is_none_or(Vec::is_empty) {
                wrong.push(format!("{name}: no tag"));
            }
            let responses = operation["responses"].as_object().unwrap();
            if !responses.keys().any(|status| status.starts_with('2')) {
                wrong.push(format!("{name}: no successful response"));
            }
            if !responses
                .keys()
                .any(|status| status.starts_with('4') || status.starts_with('5'))
            {
                wrong.push(format!("{name}: no problem response"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_kinds_of_problem_can_be_read() {
    let app = sqlite_app();
    let listed = app.anon().get("/api/v1/problems").expect(200);
    let committed: Value = serde_json::from_str(&problem::committed().unwrap()).unwrap();
    assert_eq!(listed.json["items"], committed);
}

fn load(file: Option<&str>, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment: Vec<(String, String)> = environment
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    Config::from_layers(file.map(|text| ("site.toml", text)), &environment)
}

#[test]
fn the_environment_lies_over_the_file_and_the_file_over_the_defaults() {
    let config = load(
        Some("[server]\nworkers = 3\nbind = \"127.0.0.1:1\"\n[data]\ncalendars = \"c\""),
        &[
            ("GONGKAI__SERVER__BIND", "127.0.0.1:2"),
            ("GONGKAI__DATABASE__POOL_SIZE", "7"),
            ("GONGKAI__DATA__RULES", "r"),
            ("GONGKAI_TEST_POSTGRES_URL", "not ours"),
        ],
    )
    .unwrap();
    assert_eq!(config.server.workers, 3);
    assert_eq!(config.server.bind.port(), 2);
    assert_eq!(config.database.pool_size, 7);
    assert_eq!(config.data.calendars.unwrap(), Path::new("c"));
    assert_eq!(config.data.rules.unwrap(), Path::new("r"));
    assert_eq!(config.auth.access_token_minutes, 15);
}

#[test]
fn without_a_url_the_database_lies_in_the_data_directory() {
    let url = |environment| load(None, environment).unwrap().database.url.to_string();
    assert_eq!(url(&[]), "sqlite://data/gongkai.sqlite3");
    assert_eq!(
        url(&[("GONGKAI__DATA__DIR", "/srv/g")]),
        "sqlite:///srv/g/gongkai.sqlite3"
    );
    let given = [
        ("GONGKAI__DATA__DIR", "/srv/g"),
        ("GONGKAI__DATABASE__URL", "sqlite://x.db"),
    ];
    assert_eq!(load(None, &given).unwrap().database.url.to_string(), "sqlite://x.db");
}

#[test]
fn unknown_and_impossible_keys_are_refused_by_name() {
    type Case<'a> = (Option<&'a str>, &'a [(&'a str, &'a str)], &'a str, &'a str);
    let cases: [Case<'_>; 13] = [
        (Some("[server]\nbnid = \"x\""), &[], "site.toml", "`server.bnid`"),
        (Some("[sever]\nbind = \"x\""), &[], "site.toml", "`sever`"),
        (Some("demo = true"), &[], "site.toml", "`demo`"),
        (
            Some("[server]\nworkers = \"two\""),
            &[],
            "site.toml",
            "`server.workers`",
        ),
        (Some("a = 1\nurl = \"hunter2"), &[], "site.toml, line 2", "basic string"),
        (
            None,
            &[("GONGKAI__SERVER__BNID", "x")],
            "GONGKAI__SERVER__BNID",
            "`server.bnid`",
        ),
        (
            None,
            &[("GONGKAI__SEVER__BIND", "x")],
            "GONGKAI__SEVER__BIND",
            "`sever`",
        ),
        (
            None,
            &[("GONGKAI__SERVER", "x")],
            "GONGKAI__SERVER",
            "GONGKAI__SECTION__KEY",
        ),
        (
            None,
            &[("GONGKAI__DATABASE__POOL_SIZE", "many")],
            "GONGKAI__DATABASE__POOL_SIZE",
            "database.pool_size",
        ),
        (
            None,
            &[("GONGKAI__DATABASE__URL", "mysql://h/d")],
            "GONGKAI__DATABASE__URL",
            "sqlite:// or postgres://",
        ),
        (
            None,
            &[("GONGKAI__DATABASE__POOL_SIZE", "0")],
            "database.pool_size",
            "between 1 and 500",
        ),
        (None, &[("GONGKAI__DATA__DIR", "")], "data.dir", "must not be empty"),
        (
            None,
            &[("GONGKAI__SERVER__BODY_TIMEOUT_SECONDS", "0")],
            "server.body_timeout_seconds",
            "between 1 and 3600",
        ),
    ];
    for (file, environment, origin, name) in cases {
        let error = load(file, environment).unwrap_err().to_string();
        assert!(error.contains(origin) && error.contains(name), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn the_example_for_production_is_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/production.example.toml");
    let config = load(Some(&std::fs::read_to_string(path).unwrap()), &[]).unwrap();
    assert!(config.server.public_url.starts_with("https://"));
}

/// Runs the program in an empty directory: whether it succeeded, what it said, and what it complained about.
pub fn gongkai(arguments: &[&str], environment: &[(&str, &str)]) -> (bool, String, String) {
    let directory = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(&directory)
        .output()
        .unwrap();
    (
        output.status.success(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn config_check_names_the_mistake_and_never_prints_a_password() {
    let url = (
        "GONGKAI__DATABASE__URL",
        "postgres://gongkai:hunter2@db.example/gongkai",
    );
    let (ok, shown, _) = gongkai(&["config", "check"], &[url]);
    assert!(ok);
    assert!(shown.contains("postgres://gongkai:***@db.example/gongkai"), "{shown}");
    assert!(!shown.contains("hunter2"));

    let (ok, shown, error) = gongkai(&["config", "check"], &[url, ("GONGKAI__SERVER__BNID", "x")]);
    assert!(!ok && shown.is_empty());
    assert!(
        error.contains("GONGKAI__SERVER__BNID") && !error.contains("hunter2"),
        "{error}"
    );
    assert!(!error.contains("backtrace") && error.lines().count() == 1, "{error}");

    let (ok, _, error) = gongkai(&["serve", "--config", "missing.toml"], &[]);
    assert!(!ok && error.contains("missing.toml"), "{error}");
}

#[test]
fn the_demo_only_starts_on_loopback() {
    let (ok, _, error) = gongkai(&["serve", "--demo"], &[("GONGKAI__SERVER__BIND", "0.0.0.0:0")]);
    assert!(!ok && error.contains("loopback"), "{error}");
}

#[test]
fn a_database_that_cannot_be_opened_is_said_in_one_line() {
    let unreachable = ("GONGKAI__DATABASE__URL", "postgres://u:hunter2@127.0.0.1:1/none");
    let (ok, _, error) = gongkai(&["migrate"], &[unreachable]);
    assert!(
        !ok && error.contains("cannot open the database postgres://u:***@127.0.0.1:1/none"),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
}

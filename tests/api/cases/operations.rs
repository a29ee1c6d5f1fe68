//! The running program: nothing personal in its log, requests finished before it stops, metrics by route pattern.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gongkai::auth::passwords::DEMO_PASSWORD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::case::{applicant, body, description, ordinary};
use crate::harness::{Actor, Office, both};

const PATIENCE: Duration = Duration::from_secs(120);

/// The program as `serve --demo` starts it, with its log as JSON lines.
struct Program {
    process: Child,
    address: String,
    log: Option<JoinHandle<String>>,
    _directory: TempDir,
}

impl Program {
    fn start(filter: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .args(["serve", "--demo"])
            .env("GONGKAI__SERVER__BIND", free.to_string())
            .env("GONGKAI__DATA__DIR", directory.path())
            .env("GONGKAI__LOG__FORMAT", "json")
            .env("GONGKAI__LOG__FILTER", filter)
            .current_dir(&directory)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = process.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let program = Self {
            process,
            address: free.to_string(),
            log: Some(log),
            _directory: directory,
        };
        let began = Instant::now();
        while !program.is_ready() {
            assert!(began.elapsed() < PATIENCE, "the program does not get ready");
            std::thread::sleep(Duration::from_millis(50));
        }
        program
    }

    fn is_ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(&self.address) else {
            return false;
        };
        let request = "GET /readyz HTTP/1.1\r\nHost: gongkai\r\nConnection: close\r\n\r\n";
        let mut answer = String::new();
        stream.write_all(request.as_bytes()).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }

    fn anon(&self) -> Actor {
        Actor::new(&format!("http://{}", self.address), Arc::new(Mutex::new(Vec::new())))
    }

    fn terminate(&self) {
        let sent = Command::new("/bin/sh")
            .args(["-c", "kill -TERM \"$1\"", "kill", &self.process.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Waits for the end; whether it was a good one, and the log.
    fn ended(mut self) -> (bool, String) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "the program does not stop");
            std::thread::sleep(Duration::from_millis(20));
        };
        let log = self.log.take().expect("it ended once");
        (status.success(), log.join().unwrap())
    }
}

impl Drop for Program {
    /// A test that failed leaves no program behind; one that ended takes no harm.
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

#[test]
fn nothing_personal_and_no_secret_stands_in_the_log_of_a_whole_procedure() {
    let program = Program::start("info,gongkai=trace,actix_web=debug,tracing_actix_web=trace");
    let anon = program.anon();
    let mut secrets = vec![
        DEMO_PASSWORD.to_owned(),
        "wrong password".to_owned(),
        "not-a-token".to_owned(),
    ];
    let mut sign_in = |who: &str| {
        let login = anon
            .post(
                "/api/v1/auth/login",
                &json!({"username": who, "password": DEMO_PASSWORD}),
            )
            .expect(200);
        secrets.extend([text(&login.json["access_token"]), text(&login.json["refresh_token"])]);
        anon.with_token(&text(&login.json["access_token"]))
    };
    let clerk = sign_in("clerk");
    let officer = sign_in("officer");
    let secrecy = sign_in("secrecy");
    let approver = sign_in("approver");
    let own = sign_in("applicant");
    let agency = text(&officer.get("/api/v1/me").expect(200).json["agency_id"]);
    anon.post(
        "/api/v1/auth/login",
        &json!({"username": "林晓月", "password": "wrong password"}),
    )
    .expect(401);
    anon.with_token("not-a-token").get("/api/v1/cases").expect(401);
    let today = gongkai::clock::Clock::system().today();
    let mut entry = json!({
        "kind": "disclosure", "channel": "in_person", "arrived_on": today, "applicant": applicant(),
        "description": description(), "form": "paper", "route": "mail", "document_ids": [],
    });
    let submitted = clerk.post("/api/v1/cases", &entry).expect(201);
    entry["applicant"]["id_document"]["number"] = json!("440524188001010014".repeat(3));
    clerk.post("/api/v1/cases", &entry).expect(422);
    let online = own.post(
        "/api/v1/requests",
        &json!({
            "kind": "disclosure", "agency_id": agency, "description": description(), "form": "electronic",
            "route": "online", "document_ids": [],
        }),
    );
    let codes = [
        text(&submitted.json["query_code"]),
        text(&online.expect(201).json["query_code"]),
    ];
    let (id, mut version) = (text(&submitted.json["id"]), 1);
    let mut act = |who: &Actor, action: &str, fields: Value| {
        let path = format!("/api/v1/cases/{id}/actions");
        let answer = who.if_match(version).post(&path, &body(action, fields)).expect(200);
        version = answer.json["version"].as_i64().unwrap();
        answer.json
    };
    let mut secret_texts = vec!["三次未接听的电话", "公开更重要的理由", "商业秘密的理由", "附件在三楼"];
    act(
        &clerk,
        "record_contact_attempt",
        json!({"on": today, "means": "phone", "result": secret_texts[0]}),
    );
    let number = text(&act(&clerk, "confirm_receipt", json!({"received_on": today}))["number"]);
    for action in ["review_formally", "review_substantively"] {
        act(&officer, action, ordinary(action, &today.to_string()).1);
    }
    let party = json!({"name": "澄溪某评估有限公司", "phone": "0799-6288888", "address": "澄溪县工业路8号"});
    let consulted = act(
        &officer,
        "consult_third_party",
        json!({
            "party": party, "concerning": "报价", "sent_on": today, "delivered_on": today,
        }),
    );
    let consultation = text(&consulted["sub_processes"][0]["id"]);
    act(
        &officer,
        "record_opinion",
        json!({
            "consultation_id": consultation, "received_on": today, "opinion": "object", "reason": secret_texts[2],
        }),
    );
    act(
        &officer,
        "draft_reply",
        json!({"items": [{"description": "方案", "outcome": "granted", "where": secret_texts[3]}]}),
    );
    act(
        &secrecy,
        "review_secrecy",
        json!({"verdicts": [{"item": 0, "verdict": "release"}]}),
    );
    act(&officer, "submit_for_approval", json!({}));
    act(&approver, "approve_reply", json!({}));
    let told = json!({"consultation_id": consultation, "reason": secret_texts[1], "sent_on": today});
    act(&officer, "notify_third_party", told);
    act(&officer, "issue_reply", json!({"method": "mail", "replied_on": today}));
    act(
        &clerk,
        "record_delivery",
        json!({"result": "signed", "delivered_on": today}),
    );
    act(&officer, "archive", json!({"retention": "10y"}));
    officer
        .if_match(1)
        .post(&format!("/api/v1/cases/{id}/actions"), &body("take", json!({})))
        .expect(412);
    officer
        .get("/api/v1/cases?q=%E5%BE%81%E6%94%B6%E8%A1%A5%E5%81%BF")
        .expect(200);
    anon.get(&format!("/api/v1/track?number={number}&code={}", codes[0]))
        .expect(200);
    anon.get(&format!("/api/v1/track?number={number}&code={}", codes[1]))
        .expect(404);
    anon.get(&format!("/api/v1/nothing?code={}", codes[0])).expect(404);
    let metrics = anon.get("/metrics").expect(200).text;
    assert!(
        metrics.contains("route=\"/api/v1/cases/{id}/actions\"") && !metrics.contains(&id),
        "{metrics}"
    );
    program.terminate();
    let (well, log) = program.ended();
    assert!(well);

    let person = applicant();
    secrets.extend(codes);
    secrets.extend(["name", "phone", "email", "address"].map(|field| text(&person[field])));
    secrets.extend([text(&person["id_document"]["number"]), "440524188001010015".to_owned()]);
    secrets.extend([text(&description()["title"]), text(&description()["features"])]);
    secrets.extend(
        [
            "陈明远",
            "13800000000",
            "361199199003070217",
            "澄溪某评估有限公司",
            "0799-6288888",
            "工业路8号",
            "征收",
        ]
        .map(str::to_owned),
    );
    secret_texts.push("%E5%BE%81");
    secrets.extend(secret_texts.into_iter().map(str::to_owned));
    assert!(
        log.contains(&id) && log.contains("/api/v1/cases/{id}/actions"),
        "the requests are in the log:\n{log}"
    );
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} stands in the log:\n{log}");
    }
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
    }
}

#[test]
fn a_request_that_is_being_answered_is_finished_before_the_program_stops() {
    let program = Program::start("info");
    let login = json!({"username": "officer", "password": DEMO_PASSWORD}).to_string();
    let (first, rest) = login.split_at(20);
    let mut stream = TcpStream::connect(&program.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: gongkai\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        login.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(first.as_bytes()).unwrap();
    // Until the server has the beginning of the request, it is no request that is being answered.
    std::thread::sleep(Duration::from_millis(300));
    program.terminate();
    let began = Instant::now();
    while TcpStream::connect(&program.address).is_ok() {
        assert!(began.elapsed() < PATIENCE, "new connections are still taken");
        std::thread::sleep(Duration::from_millis(20));
    }
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = BufReader::new(&stream);
    let mut status = String::new();
    answer.read_line(&mut status).unwrap();
    assert_eq!(status.trim(), "HTTP/1.1 200 OK");
    drop(stream);
    let (well, log) = program.ended();
    assert!(well && log.contains("stopping"), "{log}");
}

both! {
    fn metrics_name_route_patterns_and_never_what_was_asked_for(db) {
        let office = Office::open(db);
        let case = office.enter("in_person").through("confirm_receipt");
        case.view("officer");
        case.events("officer");
        case.clock("?explain=true");
        let code = &case.query_code;
        office.app.anon().get(&format!("/api/v1/track?number=CXFB-2026-00001&code={code}")).expect(200);
        office.user("officer2").get(&case.path("officer2")).expect(404);
        let metrics = office.app.anon().get("/metrics").expect(200).text;
        for line in [
            "gongkai_http_requests_total{method=\"POST\",route=\"/api/v1/cases\",status=\"201\"} 1",
            "gongkai_http_requests_total{method=\"GET\",route=\"/api/v1/cases/{id}\",status=\"404\"} 1",
            "gongkai_http_requests_total{method=\"POST\",route=\"/api/v1/cases/{id}/actions\",status=\"200\"} 1",
            "gongkai_http_requests_total{method=\"GET\",route=\"/api/v1/track\",status=\"200\"} 1",
        ] {
            assert!(metrics.contains(line), "{line} in\n{metrics}");
        }
        for secret in [&case.id, code, "CXFB-2026"] {
            assert!(!metrics.contains(secret), "{secret} in\n{metrics}");
        }
    }
}

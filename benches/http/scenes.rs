//! What is asked: each line of the table, over many cases, agencies, people and words.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use super::client::{Client, Request, encoded, get, post};

const PASSWORD: &str = "gongkai-demo";

/// One call on a connection; calls are numbered.
type Work = Box<dyn Fn(&mut Client, usize) + Sync>;

/// One line of the table.
pub struct Scene {
    pub name: &'static str,
    pub work: Work,
}

/// Who supervises the whole city of the larger sizes, a hundred agencies.
const OF_THE_CITY: &str = "jlfb.supervisor";

/// A person who is signed in.
struct Person {
    username: String,
    token: String,
}

/// The lines of the table, in their order.
pub const LINES: [&str; 13] = [
    STATIC,
    "reference table",
    "bare row by id",
    "case view",
    "queue page of 50",
    "open work of a person",
    "search",
    "search, full page of 50",
    "queue page, whole city",
    "search, whole city",
    "clock preview",
    SUBMIT,
    "submit to receipt",
];

/// The line every other is compared with.
pub const STATIC: &str = "static JSON";
pub const SUBMIT: &str = "submit";

/// Signs people in, looks around, and tells what can be asked of a database of this size. Lines that write come last.
pub fn scenes(address: SocketAddr, cases: u32) -> Vec<Scene> {
    let mut client = Client::connect(address);
    let mut names = vec![
        "clerk",
        "officer",
        "supervisor",
        "approver",
        "clerk2",
        "officer2",
        "cxzj.clerk",
        "cxsj.clerk",
    ];
    if cases > 1000 {
        names.extend([
            OF_THE_CITY,
            "jlzr.officer",
            "jlga.officer",
            "jlsj.officer2",
            "jlzj.clerk",
        ]);
    }
    let people: Vec<Person> = names.into_iter().map(|name| sign_in(&mut client, name)).collect();
    let found = look_around(&mut client, &people);
    let today = today(&mut client);
    let preview = json!({
        "received_on": "2025-09-22", "as_of": "2025-10-16",
        "facts": [
            {"fact": "consultation_sent", "id": "a", "kind": "third_party", "on": "2025-09-26"},
            {"fact": "consultation_delivered", "id": "a", "on": "2025-09-26"},
            {"fact": "opinion_received", "id": "a", "on": "2025-10-15"}
        ]
    });
    let anyone = people.first().map(|person| person.token.as_str());
    let mut scenes = vec![
        reading(STATIC, vec![get("/healthz", None)]),
        reading("reference table", vec![get("/api/v1/reference/outcomes", None)]),
        reading("bare row by id", found.agencies),
        reading("case view", found.views),
        reading("queue page of 50", found.pages),
        reading("open work of a person", found.queues),
        reading("search", found.searches),
        reading("search, full page of 50", found.full_searches),
    ];
    if !found.pages_of_the_city.is_empty() {
        scenes.push(reading("queue page, whole city", found.pages_of_the_city));
        scenes.push(reading("search, whole city", found.searches_of_the_city));
    }
    scenes.extend([reading(
        "clock preview",
        vec![post("/api/v1/clock/preview", anyone, "", &preview)],
    )]);
    let clerks: Vec<String> = people
        .iter()
        .filter(|person| person.username.contains("clerk"))
        .map(|person| person.token.clone())
        .collect();
    scenes.extend(writing(clerks, &today));
    scenes
}

fn reading(name: &'static str, requests: Vec<Request>) -> Scene {
    assert!(!requests.is_empty(), "nothing to ask for {name}");
    Scene {
        name,
        work: Box::new(move |client, number| {
            client.ask(&requests[number % requests.len()], 200);
        }),
    }
}

fn writing(clerks: Vec<String>, today: &str) -> [Scene; 2] {
    // Told apart from what earlier runs wrote.
    let base = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_micros() as u64);
    let submissions = move |today: String| {
        let next = AtomicU64::new(base);
        move |client: &mut Client, number: usize, clerks: &[String]| -> (Value, usize) {
            let clerk = number % clerks.len();
            let body = submission(&today, next.fetch_add(1, Ordering::Relaxed));
            let request = post("/api/v1/cases", Some(&clerks[clerk]), "", &body);
            (client.ask_json(&request, 201), clerk)
        }
    };
    let (submit, first) = (submissions(today.to_owned()), submissions(today.to_owned()));
    let (today, also) = (today.to_owned(), clerks.clone());
    [
        Scene {
            name: SUBMIT,
            work: Box::new(move |client, number| drop(submit(client, number, &clerks))),
        },
        Scene {
            name: "submit to receipt",
            work: Box::new(move |client, number| {
                let (case, clerk) = first(client, number, &also);
                let path = format!("/api/v1/cases/{}/actions", case["id"].as_str().expect("an id"));
                let body = json!({"action": "confirm_receipt", "received_on": today});
                client.ask(&post(&path, Some(&also[clerk]), "If-Match: \"1\"\r\n", &body), 200);
            }),
        },
    ]
}

fn submission(today: &str, number: u64) -> Value {
    let (village, matter) = (number % 97, number % 89);
    json!({
        "kind": "disclosure", "channel": "in_person", "arrived_on": today,
        "applicant": {
            "kind": "natural_person", "name": format!("申请人{}", number % 9973),
            "id_document": {"kind": "passport", "number": format!("E{:08}", number % 100_000_000)},
            "phone": "13800000000", "address": "江临市澄溪县城关镇文昌路1号"
        },
        "description": {
            "title": format!("第{village}村第{matter}组征地补偿安置方案"),
            "features": format!("第{village}村第{matter}组{}年征地补偿安置方案、勘测定界图及批复文件", 2005 + number % 20)
        },
        "form": "paper", "route": "mail"
    })
}

fn sign_in(client: &mut Client, username: &str) -> Person {
    let body = json!({"username": username, "password": PASSWORD});
    let answer = client.ask_json(&post("/api/v1/auth/login", None, "", &body), 200);
    Person {
        username: username.to_owned(),
        token: answer["access_token"].as_str().expect("a token").to_owned(),
    }
}

fn today(client: &mut Client) -> String {
    let answer = client.ask_json(&get("/api/v1/reference/outcomes", None), 200);
    answer["as_of"].as_str().expect("a date").to_owned()
}

/// What the people see: requests over as much of it as a start can look at.
#[derive(Default)]
struct Found {
    agencies: Vec<Request>,
    views: Vec<Request>,
    pages: Vec<Request>,
    queues: Vec<Request>,
    searches: Vec<Request>,
    full_searches: Vec<Request>,
    pages_of_the_city: Vec<Request>,
    searches_of_the_city: Vec<Request>,
}

fn look_around(client: &mut Client, people: &[Person]) -> Found {
    let mut found = Found::default();
    let agencies = client.ask_json(&get("/api/v1/agencies?limit=200", None), 200);
    for agency in agencies["items"].as_array().expect("items") {
        found.agencies.push(get(
            &format!("/api/v1/agencies/{}", agency["id"].as_str().expect("an id")),
            None,
        ));
    }
    for (index, person) in people.iter().enumerate() {
        let token = Some(person.token.as_str());
        let (pages, searches) = match person.username.as_str() {
            OF_THE_CITY => (&mut found.pages_of_the_city, &mut found.searches_of_the_city),
            _ => (&mut found.pages, &mut found.searches),
        };
        let mut titles = Vec::new();
        for year in 2019..=2026 {
            let path = format!(
                "/api/v1/cases?limit=200&received_from={year}-{:02}-11",
                1 + (year + index as i32) % 11
            );
            let page = client.ask_json(&get(&path, token), 200);
            for case in page["items"].as_array().expect("items") {
                let id = case["id"].as_str().expect("an id");
                found.views.push(get(&format!("/api/v1/cases/{id}"), token));
                titles.push(case["title"].as_str().unwrap_or_default().to_owned());
            }
        }
        for start in ["/api/v1/cases?limit=50", "/api/v1/cases?limit=50&state=archived"] {
            let mut path = start.to_owned();
            for _ in 0..4 {
                let page = client.ask_json(&get(&path, token), 200);
                if page["items"].as_array().is_some_and(|items| items.len() == 50) {
                    pages.push(get(&path, token));
                }
                let Some(cursor) = page["next_cursor"].as_str() else {
                    break;
                };
                path = format!("{start}&cursor={cursor}");
            }
        }
        let queues: &[&str] = match person.username.trim_end_matches(|c: char| c.is_ascii_digit()) {
            name if name.ends_with("clerk") => &["intake", "unconfirmed", "to_deliver", "to_archive"],
            name if name.ends_with("officer") => &["mine", "due_soon", "overdue", "suspended", "awaiting"],
            name if name.ends_with("approver") => &["to_approve"],
            _ => &["overdue", "late_entries", "due_soon"],
        };
        for queue in queues {
            found.queues.push(get(&format!("/api/v1/cases?queue={queue}"), token));
        }
        for (at, title) in titles.iter().step_by((titles.len() / 24).max(1)).enumerate() {
            let letters: Vec<char> = title.chars().collect();
            let length = 2 + at % 5;
            let from = (at * 3) % letters.len().saturating_sub(length).max(1);
            let word: String = letters.iter().skip(from).take(length).collect();
            let search = get(&format!("/api/v1/cases?q={}", encoded(word.trim())), token);
            // What can be compared between sizes: in a larger database the same words give longer answers.
            let page = client.ask_json(&search, 200);
            if person.username != OF_THE_CITY && page["items"].as_array().is_some_and(|items| items.len() == 50) {
                found.full_searches.push(search.clone());
            }
            searches.push(search);
        }
    }
    // Neighbours in the list are neighbours in the files; requests come in no such order.
    let count = found.views.len().max(1);
    let mixed = (0..count)
        .map(|index| found.views[(index * 7_919) % count].clone())
        .collect();
    found.views = mixed;
    found
}

//! Who reaches what: every operation of the contract by every person on the own and on another agency's cases, compared
//! with the workflow table and `domain::access`.

use std::collections::{BTreeMap, BTreeSet};

use gongkai::domain::case::Action;
use gongkai::domain::case::table::rules_of;
use gongkai::domain::people::access::{
    Actor as Person, ArchiveAccess, CaseAccess, ReportAccess, Role, Visibility, archive_access, report_access,
    visibility,
};
use gongkai::domain::report::ReportScope;
use gongkai::error::Error;
use gongkai::http::openapi::committed;
use gongkai::store::agencies::agency_fetch;
use gongkai::store::cases::{case_row, case_units};
use gongkai::store::users::{actor_of, user_fetch};
use serde_json::{Value, json};

use crate::harness::case::{applicant, body};
use crate::harness::{Actor, Office, Walk, both};

const PEOPLE: [&str; 13] = [
    "clerk",
    "officer",
    "handler",
    "secrecy",
    "legal",
    "approver",
    "supervisor",
    "admin",
    "applicant",
    "clerk2",
    "officer2",
    "stranger",
    "anonymous",
];

/// What an operation asks of a person. The statuses are those of the harmless request that the matrix sends: nothing of
/// it may change anything, so whoever may write is told what is wrong with the request.
enum Needs {
    /// Nothing, not even a session.
    Nothing(u16),
    Session(u16),
    Administrator(u16),
    /// The same for a change of something that is there, which asks for its version first.
    AdministratorWithVersion,
    /// To work in the agency of the office, to supervise it, or to administer the installation.
    Office(u16),
    /// Any role that sees cases.
    AnyCase(u16),
    ClerkAnywhere(u16),
    /// Any role that sees cases, or to administer the installation.
    Staff(u16),
    /// To be legal adviser of the own agency.
    Adviser(u16),
    ApplicantProfile(u16),
    /// A profile as an applicant, or any role that sees cases.
    AppliesOrWorks(u16),
    /// A case in sight as staff.
    Case,
    /// The own request.
    OwnRequest,
    /// The same, and its query code.
    CaseWithCode,
    OwnRequestWithCode,
    ActOnCase,
    ActOnRequest,
    /// To read the annual figures of an agency.
    Report,
    /// To take out what an agency filed.
    Archive,
    /// To be clerk or officer of the own agency.
    MailRoom(u16),
}

use Needs::*;

/// What each operation needs, and how it is asked: method and path with `{id}` of an agency, a unit, a user or a case.
fn needs(operation: &str) -> Option<Needs> {
    Some(match operation {
        "health" | "ready" | "metrics" | "problem_list" | "agency_list" | "agency_show" => Nothing(200),
        "calendar_show" | "outcome_list" | "defect_list" | "rule_pack_list" | "instrument_list" | "workflow_show"
        | "workflow_diagram" => Nothing(200),
        "login" | "logout" | "refresh" | "register" => Nothing(422),
        // Without number and code there is nothing to find.
        "track" => Nothing(404),
        "me" => Session(200),
        "my_applicant_put" | "my_password_set" => Session(428),
        "clock_preview" => Session(422),
        "agency_units" => Office(200),
        "admin_agency_show" | "admin_unit_show" | "admin_user_show" => Administrator(200),
        "admin_user_list" | "admin_log" | "admin_key_list" => Administrator(200),
        "admin_agency_create" | "admin_unit_create" | "admin_user_create" => Administrator(422),
        "admin_agency_put" | "admin_unit_put" | "admin_user_put" => AdministratorWithVersion,
        "admin_grant_put" | "admin_grant_delete" | "admin_user_password_set" => AdministratorWithVersion,
        "admin_key_rotate" => Administrator(201),
        // Without a form there is nothing to take.
        "document_upload" => AppliesOrWorks(415),
        // An agency's id is no document's.
        "document_show" | "document_content" | "document_discard" => Session(404),
        "case_list" => AnyCase(200),
        "case_submit" => ClerkAnywhere(422),
        "request_list" => ApplicantProfile(200),
        "request_submit" => ApplicantProfile(422),
        "case_show" | "case_events" | "case_clock" | "case_similar" => Case,
        "case_receipt" | "case_people" | "case_instruments" | "case_dossier" => Case,
        // No letter has the id of the agency.
        "instrument_versions" | "instrument_compare" | "instrument_draft_bring" => Session(404),
        "posting_list" => MailRoom(200),
        "posting_content" => Session(422),
        "case_receipt_with_code" | "instrument_preview" => CaseWithCode,
        "request_instruments" => OwnRequest,
        // An agency's id is no instrument's.
        "case_instrument_content" | "request_instrument_content" => Session(404),
        "template_list" | "template_show" | "template_context" | "instrument_register" => Staff(200),
        "template_version_preview" => Staff(422),
        "template_version_create" => Adviser(422),
        // The agency has no version yet.
        "template_version_publish" => Adviser(404),
        "request_receipt_with_code" => OwnRequestWithCode,
        "track_page" | "track_script" | "track_style" => Nothing(200),
        "request_show" | "request_receipt" => OwnRequest,
        "case_act" => ActOnCase,
        "case_act_on_many" => Session(422),
        "request_act" => ActOnRequest,
        "annual_report" | "annual_report_cases" => Report,
        "archive_export" => Archive,
        _ => return None,
    })
}

/// The cases of the matrix, and what decides about sight of each.
struct Targets<'a> {
    cases: BTreeMap<&'static str, Walk<'a>>,
    people: BTreeMap<&'static str, Option<Person>>,
}

fn stranger(office: &Office) -> Actor {
    let mut person = applicant();
    person["id_document"]["number"] = json!("11010519491231002X");
    let account = json!({"username": "stranger", "password": "a long passphrase", "applicant": person});
    office.app.anon().post("/api/v1/auth/register", &account).expect(201);
    let login = office.app.login("stranger", "a long passphrase").expect(200);
    office
        .app
        .anon()
        .with_token(login.json["access_token"].as_str().unwrap())
}

impl<'a> Targets<'a> {
    fn new(office: &'a Office) -> Self {
        office.sign_in("stranger", stranger(office));
        let mut cases = BTreeMap::new();
        cases.insert("the applicant's, just submitted", office.apply());
        cases.insert("drafted", office.enter("in_person").through("draft_reply"));
        let unit = office.app.region().office_units[0].to_string();
        let mut assigned = office.enter("in_person").through("review_substantively");
        assigned.act("officer", "assign", json!({"unit_id": unit, "due_on": "2026-03-20"}));
        cases.insert("assigned", assigned);
        let mut legal = office.apply().through("review_secrecy");
        legal.act("officer", "submit_for_legal_review", json!({}));
        legal.act(
            "legal",
            "review_legally",
            json!({"opinion": "return", "note": "请修改"}),
        );
        legal.act("officer", "assign", json!({"unit_id": unit, "due_on": "2026-03-20"}));
        cases.insert("the applicant's, seen by all", legal);
        cases.insert(
            "another agency's",
            office.enter_as("clerk2", &office.entry("in_person")),
        );
        let people = PEOPLE.map(|name| {
            let person = (name != "anonymous").then(|| {
                let me = office.user(name).get("/api/v1/me").expect(200);
                let id = me.json["id"].as_str().unwrap().parse().unwrap();
                let store = &office.app.app.site().store;
                store
                    .read(|db| {
                        let user = user_fetch(db, id)?;
                        Ok::<_, Error>(actor_of(db, &user)?)
                    })
                    .unwrap()
            });
            (name, person)
        });
        Self {
            cases,
            people: people.into(),
        }
    }

    /// What a case is to a signed-in person, by `domain::access`.
    fn visibility(&self, office: &Office, person: &Person, case: &Walk<'_>) -> Visibility {
        let id = case.id.parse().unwrap();
        let found = office.app.app.site().store.read(|db| {
            let row = case_row(db, id)?;
            let agency = agency_fetch(db, row.agency_id())?;
            let assigned_units = case_units(db, id)?;
            Ok::<_, Error>(visibility(
                person,
                &CaseAccess {
                    agency_id: row.agency_id(),
                    agency_path: &agency.path,
                    applicant_user_id: row.applicant_user_id(),
                    assigned_units: &assigned_units,
                    reached_draft: row.reached_draft(),
                    reached_legal: row.reached_legal(),
                },
            ))
        });
        found.unwrap()
    }
}

fn has_action(roles: &BTreeSet<Role>, action: Action) -> bool {
    rules_of(action)
        .iter()
        .any(|rule| rule.roles.iter().any(|role| roles.contains(role)))
}

/// The status for acting: every action on a case in sight, with a field that no action has.
fn acting(visibility: &Visibility, as_applicant: bool, action: Action) -> u16 {
    match (visibility, as_applicant) {
        (Visibility::None, _) | (Visibility::Staff { .. }, true) => 404,
        (Visibility::Applicant, false) => 403,
        // Submitting has addresses of its own; it is no action on a case that is there.
        _ if action == Action::Submit => 422,
        _ if has_action(&visibility.roles(), action) => 422,
        _ => 403,
    }
}

/// Every operation of the contract: its id, its method and its path.
fn operations() -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_str(&committed().unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| {
                (
                    operation["operationId"].as_str().unwrap().to_owned(),
                    method.to_uppercase(),
                    path.clone(),
                )
            })
        })
        .collect()
}

/// The path with something that is there in place of each parameter.
fn concrete(office: &Office, operation: &str, path: &str) -> String {
    let region = office.app.region();
    let id = match operation {
        "admin_unit_show" | "admin_unit_put" => region.office_units[0].to_string(),
        name if name.starts_with("admin_user") || name.starts_with("admin_grant") => region.users[0].id.to_string(),
        _ => region.office.to_string(),
    };
    path.replace("{id}", &id)
        .replace("{agency_id}", &region.office.to_string())
        .replace("{iid}", &id)
        .replace("{code}", "D04")
        .replace("{n}", "1")
        .replace("{role}", "legal")
        .replace("{year}", "2026")
        .replace("{row}", "r02")
        .replace("{column}", "total")
}

fn send(actor: &Actor, method: &str, path: &str) -> crate::harness::Response {
    match method {
        "GET" | "DELETE" => actor.send(method, path, None),
        _ => actor.send(method, path, Some(("application/json", b"{}"))),
    }
}

both! {
    fn every_operation_answers_every_person_as_the_tables_say(db) {
        let office = Office::open(db);
        let targets = Targets::new(&office);
        let before = office.written();
        let mut wrong = Vec::new();
        let mut check = |what: String, status: u16, expected: u16| {
            if status != expected {
                wrong.push(format!("{what}: {status}, expected {expected}"));
            }
        };
        for (operation, method, path) in operations() {
            let Some(needs) = needs(&operation) else {
                panic!("{operation} is missing from the matrix: say in `needs` who may use it");
            };
            for (name, person) in &targets.people {
                let actor = office.user(name);
                let mut plain = |expected: u16| {
                    let status = send(&actor, &method, &concrete(&office, &operation, &path)).status;
                    check(format!("{operation} by {name}"), status, expected);
                };
                let Some(person) = person else {
                    match needs {
                        Nothing(status) => plain(status),
                        _ => plain(401),
                    }
                    continue;
                };
                let holds = |wanted: bool, status: u16| if wanted { status } else { 403 };
                match needs {
                    Nothing(status) | Session(status) => plain(status),
                    Administrator(status) => plain(holds(person.administrator, status)),
                    AdministratorWithVersion => {
                        plain(428);
                        if !person.administrator {
                            let path = concrete(&office, &operation, &path);
                            let of = path.split("/grants/").next().unwrap().trim_end_matches("/password");
                            let tag = office.user("admin").get(of).expect(200).header("etag").to_owned();
                            let status = send(&actor.with("If-Match", &tag), &method, &path).status;
                            check(format!("{operation} by {name}, with the version"), status, 403);
                        }
                    }
                    ApplicantProfile(status) => plain(holds(person.applicant, status)),
                    AppliesOrWorks(status) => plain(holds(person.applicant || person.is_staff(), status)),
                    Staff(status) => plain(holds(person.is_staff() || person.administrator, status)),
                    Adviser(status) => plain(holds(person.holds(Role::Legal), status)),
                    MailRoom(status) => {
                        let may = person.holds(Role::Clerk) || person.holds(Role::Officer);
                        plain(holds(may, status));
                    }
                    ClerkAnywhere(status) => plain(holds(person.holds(Role::Clerk), status)),
                    AnyCase(status) => plain(holds(person.is_staff(), status)),
                    Office(status) => {
                        let office = office.app.region().office;
                        let grants = person.grants.get(&office).is_some_and(|grant| !grant.roles.is_empty());
                        let foreign = if person.is_staff() { 404 } else { 403 };
                        plain(if person.administrator || grants { status } else { foreign });
                    }
                    Report => {
                        let path = concrete(&office, &operation, &path);
                        let region = office.app.region();
                        for (of, agency) in [("office", region.office), ("department", region.department)] {
                            for scope in [ReportScope::Own, ReportScope::Tree] {
                                let scoped = json!(scope);
                                let query = format!("?agency_id={agency}&scope={}", scoped.as_str().unwrap());
                                let tree = office.app.app.site().store
                                    .read(|db| Ok::<_, Error>(agency_fetch(db, agency)?.path)).unwrap();
                                let expected = match report_access(person, agency, &tree, scope) {
                                    ReportAccess::Allowed => 200,
                                    ReportAccess::Hidden => 404,
                                    ReportAccess::OwnOnly | ReportAccess::Forbidden => 403,
                                };
                                let what = format!("{operation} by {name} of the {of}, {scoped}");
                                check(what, actor.get(&format!("{path}{query}")).status, expected);
                            }
                        }
                    }
                    Archive => {
                        let path = concrete(&office, &operation, &path);
                        let region = office.app.region();
                        for (of, agency) in [("office", region.office), ("department", region.department)] {
                            let tree = office.app.app.site().store
                                .read(|db| Ok::<_, Error>(agency_fetch(db, agency)?.path)).unwrap();
                            let expected = match archive_access(person, agency, &tree) {
                                ArchiveAccess::Allowed => 200,
                                ArchiveAccess::Hidden => 404,
                                ArchiveAccess::Forbidden => 403,
                            };
                            let status = actor.get(&format!("{path}?agency_id={agency}")).status;
                            check(format!("{operation} by {name} of the {of}"), status, expected);
                        }
                    }
                    Case | OwnRequest | CaseWithCode | OwnRequestWithCode | ActOnCase | ActOnRequest => {
                        for (which, case) in &targets.cases {
                            let seen = targets.visibility(&office, person, case);
                            let path = path.replace("{id}", &case.id);
                            let mut act = |as_applicant: bool| {
                                // What is not there is not there for any action.
                                let hidden = acting(&seen, as_applicant, Action::Take) == 404;
                                for action in Action::ALL.iter().take(if hidden { 2 } else { usize::MAX }) {
                                    let fields = body(action.code(), json!({"nonsense": 1}));
                                    let status = actor.if_match(case.version).post(&path, &fields).status;
                                    let expected = acting(&seen, as_applicant, *action);
                                    check(format!("{} by {name} on {which}", action.code()), status, expected);
                                }
                            };
                            let read = match (&needs, &seen) {
                                (ActOnCase, _) => { act(false); continue }
                                (ActOnRequest, _) => { act(true); continue }
                                (_, Visibility::None)
                                | (OwnRequest | OwnRequestWithCode, Visibility::Staff { .. }) => 404,
                                (Case | CaseWithCode, Visibility::Applicant) => 403,
                                // The harmless request holds no code.
                                (CaseWithCode | OwnRequestWithCode, _) => 422,
                                _ => 200,
                            };
                            let status = send(&actor, &method, &path).status;
                            check(format!("{operation} by {name} on {which}"), status, read);
                        }
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(office.written(), before);
    }

    fn a_list_holds_what_can_be_opened_and_nothing_else(db) {
        let office = Office::open(db);
        let targets = Targets::new(&office);
        for (name, person) in &targets.people {
            let Some(person) = person.as_ref().filter(|person| person.is_staff()) else { continue };
            let list = office.user(name).get("/api/v1/cases?limit=200").expect(200);
            let listed: BTreeSet<&str> =
                list.json["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
            let visible: BTreeSet<&str> = targets.cases.values()
                .filter(|case| matches!(targets.visibility(&office, person, case), Visibility::Staff { .. }))
                .map(|case| case.id.as_str())
                .collect();
            assert_eq!(listed, visible, "{name}");
        }
        for (who, count) in [("applicant", 2), ("stranger", 0)] {
            let own = office.user(who).get("/api/v1/requests").expect(200);
            assert_eq!(own.json["items"].as_array().unwrap().len(), count);
        }
    }

    fn annual_figures_are_for_supervisors_and_for_the_agency_s_own_office(db) {
        let office = Office::open(db);
        let region = office.app.region();
        let report = "/api/v1/reports/annual/2026";
        let all = [
            "supervisor", "clerk", "officer", "legal", "approver", "clerk2", "handler", "secrecy", "admin", "applicant",
            "anonymous",
        ];
        let statuses = |query: &str| all.map(|who| office.user(who).get(&format!("{report}{query}")).status);
        assert_eq!(statuses(""), [200, 200, 200, 200, 200, 200, 403, 403, 403, 403, 401]);
        assert_eq!(statuses("?scope=tree"), [200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 401]);
        let below = format!("?agency_id={}", region.department);
        assert_eq!(statuses(&below), [200, 404, 404, 404, 404, 200, 404, 404, 403, 403, 401]);
        let forged = office.app.anon().with_token("e30.e30.e30");
        forged.get(&format!("{report}?scope=all")).expect(401);
        forged.get(&format!("{report}/cells/r25/total/cases?limit=0")).expect(401);
    }

    /// The rules in words, without the tables: each reviewer sees a case from the step on that needs the reviewer.
    fn reviewers_and_handlers_see_a_case_once_it_comes_to_them(db) {
        let office = Office::open(db);
        let unit = office.app.region().office_units[0].to_string();
        let seen_by = |case: &Walk<'_>| -> Vec<&str> {
            let reads = |who: &&str| match office.user(who).get(&format!("/api/v1/cases/{}", case.id)).status {
                200 => true,
                404 => false,
                other => panic!("{who}: {other}"),
            };
            let staff = |who: &&str| !matches!(*who, "applicant" | "stranger" | "anonymous");
            PEOPLE.into_iter().filter(staff).filter(reads).collect()
        };
        let always = ["clerk", "officer", "approver", "supervisor"];
        let mut case = office.apply().through("review_substantively");
        assert_eq!(seen_by(&case), always);
        case = case.through("draft_reply");
        assert_eq!(seen_by(&case), ["clerk", "officer", "secrecy", "approver", "supervisor"]);
        case = case.through("review_secrecy");
        case.act("officer", "submit_for_legal_review", json!({}));
        assert_eq!(seen_by(&case), ["clerk", "officer", "secrecy", "legal", "approver", "supervisor"]);
        case.act("legal", "review_legally", json!({"opinion": "return", "note": "请修改"}));
        case.act("officer", "assign", json!({"unit_id": unit, "due_on": "2026-03-20"}));
        assert_eq!(seen_by(&case).len(), 7);
        assert!(seen_by(&case).contains(&"handler") && seen_by(&case).contains(&"legal"));

        let below = office.enter_as("clerk2", &office.entry("in_person"));
        assert_eq!(seen_by(&below), ["supervisor", "clerk2", "officer2"]);
        // A supervisor hands a case over and does nothing else with it.
        let view = office.user("supervisor").get(&below.path("supervisor")).expect(200);
        let actions: Vec<&str> =
            view.json["actions"].as_array().unwrap().iter().map(|action| action["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["hand_over"]);
    }

    fn the_person_who_drafted_neither_clears_nor_signs(db) {
        let office = Office::open(db);
        let grants = |role: &str| {
            let users = &office.app.region().users;
            let user = users.iter().find(|user| user.username == "officer").unwrap().id;
            let admin = office.user("admin");
            let path = format!("/api/v1/admin/users/{user}");
            let version = admin.get(&path).expect(200).json["version"].as_i64().unwrap();
            let agency = office.app.region().office;
            admin.if_match(version).put(&format!("{path}/grants/{agency}/{role}"), &json!({})).expect(200);
        };
        grants("approver");
        grants("secrecy");
        let mut case = office.enter("in_person").through("draft_reply");
        let verdict = json!({"verdicts": [{"item": 0, "verdict": "release"}]});
        assert_eq!(case.refused("officer", "review_secrecy", verdict, 409).code(), "same_person_as_drafter");
        case = case.through("submit_for_approval");
        assert_eq!(case.refused("officer", "approve_reply", json!({}), 409).code(), "same_person_as_drafter");
        let option = case.option("officer", "approve_reply");
        assert_eq!((&option["allowed"], &option["refusal"]["code"]), (&json!(false), &json!("same_person_as_drafter")));
        let mut other = office.enter("in_person").through("review_substantively");
        other.act("officer", "propose_extension", json!({"working_days": 5, "reason": "档案较多"}));
        let refusal = other.refused("officer", "approve_extension", json!({"notified_on": "2026-03-10"}), 409);
        assert_eq!(refusal.code(), "same_person_as_proposer");
        other.act("officer", "correct_fact", json!({"seq": 2, "field": "evidence", "value": null, "reason": "误填"}));
        let refusal = other.refused("officer", "confirm_correction", json!({"seq": 2}), 409);
        assert_eq!(refusal.code(), "same_person_as_proposer");
    }

    fn contact_data_is_clear_to_clerk_and_officer_only_and_numbers_to_nobody(db) {
        let office = Office::open(db);
        let unit = office.app.region().office_units[0].to_string();
        let mut case = office.enter("in_person").through("review_substantively");
        case.act("officer", "assign", json!({"unit_id": unit, "due_on": "2026-03-20"}));
        case.act("officer", "consult_third_party", json!({
            "party": {"name": "某公司", "phone": "0799-6288888", "address": "澄溪县工业路8号"},
            "concerning": "报价", "sent_on": "2026-03-10",
        }));
        case = case.through("review_secrecy");
        case.act("officer", "submit_for_legal_review", json!({}));
        let contact = ["13911112222", "lin.xiaoyue@example.cn", "桃花巷9号", "0799-6288888", "工业路8号"];
        for who in ["clerk", "officer", "handler", "secrecy", "legal", "approver", "supervisor"] {
            let clear = matches!(who, "clerk" | "officer");
            let view = case.view(who).to_string();
            let events = json!(case.events(who)).to_string();
            for text in [&view, &events] {
                for secret in contact {
                    assert_eq!(text.contains(secret), clear, "{who}: {secret} in {text}");
                }
                assert!(!text.contains("440524188001010014") && text.contains("4405**********0014"), "{who}");
                assert!(text.contains("林晓月"));
            }
            let list = office.user(who).get("/api/v1/cases?limit=200").expect(200).text;
            assert!(!contact.iter().any(|secret| list.contains(secret)) && !list.contains("440524"), "{who}: {list}");
        }
        // An applicant reads the own data in clear, but never a whole number, and nothing of a third party.
        let mut own = office.apply().through("review_substantively");
        own.act("officer", "consult_third_party", json!({
            "party": {"name": "某公司"}, "concerning": "报价的商业秘密", "sent_on": "2026-03-10",
        }));
        let text = own.view("applicant").to_string();
        assert!(text.contains("13800000000") && !text.contains("361199199003070217"), "{text}");
        assert!(!text.contains("某公司") && !text.contains("商业秘密") && !text.contains("沈志远"), "{text}");
    }

    fn nothing_tells_that_another_agency_s_case_is_there(db) {
        let office = Office::open(db);
        let own = office.enter("in_person").through("confirm_receipt");
        let mut theirs = office.enter_as("clerk2", &office.entry("in_person"));
        theirs.act("clerk2", "confirm_receipt", json!({"received_on": "2026-03-10"}));
        let nowhere = "01997000-0000-7000-8000-000000000001";
        let officer = office.user("officer").if_match(2);
        let same = |there: crate::harness::Response, not: crate::harness::Response| {
            assert_eq!((there.status, there.text.replace(&theirs.id, nowhere)), (not.status, not.text));
        };
        for of in ["", "/events", "/clock", "/events?limit=0", "/clock?as_of=never"] {
            let get = |id: &str| officer.get(&format!("/api/v1/cases/{id}{of}"));
            same(get(&theirs.id), get(nowhere));
        }
        for fields in [json!({"action": "take"}), json!({"action": "none"}), json!([])] {
            let post = |id: &str| officer.post(&format!("/api/v1/cases/{id}/actions"), &fields);
            same(post(&theirs.id), post(nowhere));
        }
        // Ids inside a body tell no more than ids in an address.
        let region = office.app.region();
        let colleague = region.users.iter().find(|user| user.username == "officer2").unwrap().id.to_string();
        let unit = region.department_units[0].to_string();
        for (action, field, there, rest) in [
            ("merge", "into_case_id", &theirs.id, json!({"reason": "同一事项"})),
            ("hand_over", "user_id", &colleague, json!({"reason": "岗位调整"})),
            ("assign", "unit_id", &unit, json!({"due_on": "2026-03-20"})),
        ] {
            let ask = |id: &str| {
                let mut fields = rest.clone();
                fields[field] = json!(id);
                own.refused("officer", action, fields, 422).text
            };
            assert_eq!(ask(there), ask(nowhere), "{action}");
        }
        for query in [
            format!("agency_id={}", region.department),
            format!("unit_id={unit}"),
            format!("owner_id={}", region.users.iter().find(|user| user.username == "clerk2").unwrap().id),
            format!("q={}", theirs.last["number"].as_str().unwrap()),
        ] {
            let list = office.user("officer").get(&format!("/api/v1/cases?{query}")).expect(200);
            assert_eq!(list.json, json!({"items": [], "next_cursor": null}), "{query}");
        }
        // Somebody else's request is not there for an applicant, by whatever address.
        let request = office.apply();
        let stranger = stranger(&office);
        let (as_request, as_case) = (request.path("applicant"), request.path("officer"));
        for path in [as_request.clone(), as_case.clone(), format!("{as_case}/events")] {
            stranger.get(&path).expect(404);
        }
        let withdraw = json!({"action": "withdraw"});
        stranger.if_match(1).post(&format!("{as_request}/actions"), &withdraw).expect(404);
        // A refusal names no person and nothing of the content.
        let forbidden = own.refused("clerk", "review_formally", json!({}), 403).text;
        let refused = own.refused("officer", "archive", json!({"retention": "10y"}), 409).text;
        for text in [forbidden, refused] {
            assert!(!["林晓月", "城北", "沈志远", "1391111"].iter().any(|secret| text.contains(secret)), "{text}");
        }
    }
}

//! A letter that arrived can always be entered (Arts 29–31): what it leaves out or has wrong is kept and named, its clock
//! runs, and everything that reads an applicant works without it. The form online stays strict.

use serde_json::{Value, json};

use crate::documents::samples::PDF;
use crate::documents::uploaded;
use crate::harness::{Office, Walk, both};

/// The codes and places of what a case lacks.
fn defects(view: &Value) -> Vec<(String, String)> {
    let defects = view["defects"].as_array().expect("defects");
    let text = |defect: &Value, field: &str| defect[field].as_str().expect("a text").to_owned();
    defects
        .iter()
        .map(|defect| {
            assert!(text(defect, "article").contains("条"), "{defect}");
            assert!(
                !text(defect, "zh").is_empty() && !text(defect, "en").is_empty(),
                "{defect}"
            );
            (text(defect, "code"), text(defect, "field"))
        })
        .collect()
}

fn codes(view: &Value) -> Vec<String> {
    defects(view).into_iter().map(|(code, _)| code).collect()
}

/// The letter of the harness with other words about its applicant.
fn from_whom(office: &Office, channel: &str, change: &Value) -> Value {
    let mut entry = office.entry(channel);
    for (field, value) in change.as_object().expect("fields") {
        entry["applicant"][field] = value.clone();
    }
    entry
}

/// Nothing but what is needed.
fn bare(office: &Office, channel: &str) -> Value {
    json!({
        "channel": channel, "arrived_on": office.today(),
        "description": {"title": "柳塘镇危房改造补助名单", "features": "2025年度补助的户数、名单和金额"},
    })
}

fn scan(office: &Office) -> String {
    uploaded(&office.user("clerk"), "申请书.pdf", "application", PDF)
}

fn encoded(q: &str) -> String {
    q.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn found(office: &Office, q: &str) -> usize {
    let list = office
        .user("officer")
        .get(&format!("/api/v1/cases?q={}", encoded(q)))
        .expect(200)
        .json;
    list["items"].as_array().expect("items").len()
}

/// The line of a case in the list of its agency.
fn line(office: &Office, case: &Walk<'_>) -> Value {
    let list = office.user("clerk").get("/api/v1/cases?limit=200").expect(200).json;
    let lines = list["items"].as_array().expect("items");
    lines
        .iter()
        .find(|line| line["id"] == case.id.as_str())
        .expect("the case")
        .clone()
}

/// In person and by registered mail the clock starts on the day of arrival.
#[track_caller]
fn received(case: &mut Walk<'_>) {
    let day = case.office.today();
    let view = case.act("clerk", "confirm_receipt", json!({ "received_on": day }));
    assert_eq!(
        (&view["state"], &view["clock"]["status"]),
        (&json!("registered"), &json!("running"))
    );
    assert_eq!(
        (&view["received_on"], &view["clock"]["due_on"]),
        (&json!("2026-03-10"), &json!("2026-04-08"))
    );
}

both! {
    fn what_a_letter_leaves_out_or_has_wrong_is_named_and_its_clock_starts(db) {
        let office = Office::open(db);
        let document = json!({"kind": "resident_id", "number": "11010519491231002X"});
        let none: &[(&str, &str)] = &[];
        let rows: &[(Value, &[(&str, &str)])] = &[
            // No identity document.
            (json!({"id_document": null}), &[("id_missing", "/applicant/id_document")]),
            // Its number one digit wrong, as the applicant wrote it.
            (
                json!({"id_document": {"kind": "resident_id", "number": "440524188001010015"}}),
                &[("id_number_check", "/applicant/id_document/number")],
            ),
            // Neither telephone nor address nor e-mail.
            (
                json!({"phone": null, "email": null, "address": null}),
                &[("contact_missing", "/applicant/address")],
            ),
            (json!({"phone": "不详", "email": null}), none),
            (json!({"email": "写不清楚"}), none),
            // An agent without authorisation; a guardian, who needs none.
            (
                json!({"agent": {"name": "赵律师", "id_document": document}}),
                &[("authorisation_missing", "/applicant/agent/authorisation_document_id")],
            ),
            (json!({"guardian": {"name": "林母", "id_document": document, "relation": "母亲", "phone": "13900000000"}}), none),
            // Those who have no credit code.
            (json!({"kind": "other_organisation", "name": "南坡村第三村民小组", "id_document": null}), &[("id_missing", "/applicant/id_document")]),
            (json!({"kind": "other_organisation", "name": "康宁小区业主委员会", "id_document": document}), none),
            (
                json!({"kind": "business", "name": "香港青禾贸易有限公司",
                       "id_document": {"kind": "other", "name": "公司注册证明书", "number": "1234567"}}),
                none,
            ),
            // Documents that no form lists.
            (json!({"id_document": {"kind": "other", "name": "香港居民身份证", "number": "A123456(3)"}}), none),
            (json!({"id_document": {"kind": "other", "name": "军官证", "number": "南字第1234567号"}}), none),
            (json!({"id_document": {"kind": "other", "name": "户口簿", "number": "361125-0007"}}), none),
            // Residents of Hong Kong and Macao who are not Chinese citizens, and a series to come.
            (json!({"id_document": {"kind": "hk_macao_permit", "number": "HA1234567"}}), none),
            (json!({"id_document": {"kind": "hk_macao_permit", "number": "MA7654321"}}), none),
            (
                json!({"id_document": {"kind": "hk_macao_permit", "number": "HB1234567"}}),
                &[("id_number_check", "/applicant/id_document/number")],
            ),
            // An office behind a switchboard.
            (json!({"phone": "0799-6210001转12"}), none),
            (json!({"name": null}), &[("name_missing", "/applicant/name")]),
            (json!({"kind": null}), &[("kind_missing", "/applicant/kind")]),
        ];
        for (change, expected) in rows {
            let mut case = office.enter_as("clerk", &from_whom(&office, "registered_mail", change));
            let expected: Vec<_> = expected.iter().map(|(code, field)| ((*code).to_owned(), (*field).to_owned())).collect();
            assert_eq!(defects(&case.last), expected, "{change}");
            for (field, stated) in change.as_object().unwrap() {
                if !matches!(field.as_str(), "id_document" | "agent" | "guardian") {
                    assert_eq!(case.last["applicant"][field], *stated, "kept as it is stated");
                }
            }
            received(&mut case);
            assert_eq!(defects(&case.view("officer")), expected, "{change}");
        }
        let mut unasked = office.entry("in_person");
        (unasked["form"], unasked["route"]) = (json!(null), json!(null));
        let mut case = office.enter_as("clerk", &unasked);
        assert_eq!(codes(&case.last), ["form_missing", "route_missing"]);
        received(&mut case);
    }

    fn a_letter_of_which_only_the_scan_is_there_is_entered(db) {
        let office = Office::open(db);
        let clerk = office.user("clerk");
        let mut neither = bare(&office, "in_person");
        neither.as_object_mut().unwrap().remove("description");
        assert_eq!(clerk.post("/api/v1/cases", &neither).expect(422).pointers(), ["/description"]);
        let only_scan = |id: &str| json!({"channel": "registered_mail", "arrived_on": office.today(), "document_ids": [id]});
        let mut case = office.enter_as("clerk", &only_scan(&scan(&office)));
        let other = office.enter_as("clerk", &only_scan(&scan(&office)));
        assert_eq!(
            codes(&case.last),
            ["name_missing", "id_missing", "contact_missing", "kind_missing", "content_missing", "form_missing", "route_missing"]
        );
        assert_eq!((&case.last["description"], &case.last["documents"][0]["name"]), (&json!(null), &json!("申请书.pdf")));
        let listed = line(&office, &case);
        assert_eq!((&listed["title"], &listed["applicant_name"]), (&json!("见扫描件"), &json!(null)));
        assert_eq!(listed["applicant_kind"], "other_organisation");
        received(&mut case);
        // Two scans are not alike, and whoever is not named is nobody's other application.
        let similar = office.user("officer").get(&format!("/api/v1/cases/{}/similar", other.id)).expect(200).json;
        assert_eq!(similar, json!({"same_applicant": [], "look_alikes": [], "near_identical": []}));
        assert_eq!(found(&office, "扫描件"), 0);
        let receipt = office.user("clerk").get(&format!("/api/v1/cases/{}/receipt", case.id)).expect(200).text;
        for words in ["见扫描件", "<td>未写明<br>\n身份证明：未写明", "未写明，未写明"] {
            assert!(receipt.contains(words), "{words}: {receipt}");
        }
        // What the scan says is entered by a correction of the record, which another person confirms.
        let typed = json!({"title": "补偿方案", "features": "城北地块补偿安置方案全文"});
        let proposal = json!({"seq": 1, "field": "description", "value": typed, "reason": "据扫描件录入"});
        case.act("officer", "correct_fact", proposal);
        case.act("approver", "confirm_correction", json!({"seq": 1}));
        assert!(!codes(&case.last).contains(&"content_missing".to_owned()));
        assert_eq!((&case.last["description"]["title"], found(&office, "城北地块")), (&json!("补偿方案"), 1));
        // A letter without a heading is called by its beginning.
        let mut untitled = bare(&office, "in_person");
        untitled["description"] = json!({"features": "请公开我村修路的文件\n占了我家的地"});
        let untitled = office.enter_as("clerk", &untitled);
        assert_eq!(line(&office, &untitled)["title"], "请公开我村修路的文件");
        assert!(!codes(&untitled.last).contains(&"content_missing".to_owned()));
    }

    fn sixty_villagers_sign_one_letter(db) {
        let office = Office::open(db);
        let villagers = |count: usize| -> Vec<Value> {
            (0..count).map(|index| json!({"name": format!("村民{index}"), "id_document": null})).collect()
        };
        let mut entry = office.entry("in_person");
        entry["applicant"]["co_applicants"] = json!(villagers(59));
        entry["applicant"]["agent"] = json!({"name": "赵律师"});
        entry["applicant"]["guardian"] = json!({"name": "林母", "relation": "母亲"});
        let mut case = office.enter_as("clerk", &entry);
        let applicant = case.last["applicant"].clone();
        assert_eq!((applicant["co_applicants"].as_array().unwrap().len(), &applicant["co_applicant_count"]), (20, &json!(59)));
        let lacking = defects(&case.last);
        assert!(lacking.contains(&("id_missing".to_owned(), "/applicant/co_applicants".to_owned())), "{lacking:?}");
        assert_eq!(lacking.len(), 3, "all of them in one defect, the agent's two: {lacking:?}");
        received(&mut case);
        let event = &case.events("officer")[0];
        assert_eq!(event["data"]["applicant"]["co_applicants"].as_array().unwrap().len(), 20);

        let officer = office.user("officer");
        let path = format!("/api/v1/cases/{}/people", case.id);
        let (mut people, mut cursor) = (Vec::new(), String::new());
        let mut pages = 0;
        loop {
            let page = officer.get(&format!("{path}?limit=25{cursor}")).expect(200).json;
            people.extend(page["items"].as_array().unwrap().clone());
            pages += 1;
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!((people.len(), pages), (62, 3));
        let role = |index: usize| (people[index]["role"].as_str().unwrap(), people[index]["name"].as_str().unwrap());
        assert_eq!(role(0), ("applicant", "林晓月"));
        assert_eq!(role(1), ("co_applicant", "村民0"));
        assert_eq!(role(59), ("co_applicant", "村民58"));
        assert_eq!((role(60), role(61)), (("agent", "赵律师"), ("guardian", "林母")));
        let mut ids = std::collections::BTreeSet::new();
        for (index, person) in people.iter().enumerate() {
            assert_eq!(person["index"], index);
            assert_eq!((&person["verified"], &person["candidates"]), (&json!(null), &json!([])));
            assert!(ids.insert(person["person_id"].as_str().unwrap().to_owned()), "nobody is taken for another");
        }
        assert_eq!(officer.get(&format!("{path}?limit=0")).expect(422).pointers(), ["?limit"]);
        office.user("applicant").get(&path).expect(404);
        let receipt = officer.get(&format!("/api/v1/cases/{}/receipt", case.id)).expect(200).text;
        assert!(receipt.contains("村民19等59人") && receipt.contains("法定代理人：林母（母亲）"), "{receipt}");

        entry["applicant"]["co_applicants"] = json!(villagers(999));
        let most = office.enter_as("clerk", &entry);
        assert_eq!(most.last["applicant"]["co_applicant_count"], 999);
        let last = officer.get(&format!("/api/v1/cases/{}/people?limit=200", most.id)).expect(200).json;
        assert_eq!(last["items"].as_array().unwrap().len(), 200);
        entry["applicant"]["co_applicants"] = json!(villagers(1000));
        let refused = office.user("clerk").post("/api/v1/cases", &entry).expect(422);
        assert_eq!(refused.pointers(), ["/applicant/co_applicants"]);
    }

    fn everything_works_without_an_applicant(db) {
        let office = Office::open(db);
        let mut case = office.enter_as("clerk", &bare(&office, "in_person"));
        let applicant = case.last["applicant"].clone();
        assert_eq!(
            (&case.last["kind"], &applicant["kind"], &applicant["name"], &applicant["id_document"]),
            (&json!("disclosure"), &json!(null), &json!(null), &json!(null))
        );
        let twin = office.enter_as("clerk", &bare(&office, "in_person")).through("confirm_receipt");
        received(&mut case);
        // Alike in words, but nobody knows whether they are of one person: neither merged nor counted together.
        let similar = office.user("officer").get(&format!("/api/v1/cases/{}/similar", case.id)).expect(200).json;
        assert_eq!(similar["same_applicant"], json!([]));
        assert_eq!(similar["near_identical"][0]["id"], twin.id.as_str());
        case.skip_to("review_formally");
        case = case.through("review_substantively");
        let merge = json!({"into_case_id": twin.id, "reason": "同一事项"});
        assert_eq!(case.refused("officer", "merge", merge, 409).code(), "merge_target_unfit");
        assert_eq!(found(&office, "危房改造"), 2);

        // Counted as another organisation until it is known, which it has to be before the reply.
        let report = office.user("officer").get("/api/v1/reports/annual/2026").expect(200).json;
        assert_eq!(report["requests"]["r01"], json!([0, 0, 0, 0, 0, 2, 2]));
        case = case.through("review_secrecy");
        let option = case.option("officer", "submit_for_approval");
        assert_eq!((&option["allowed"], &option["refusal"]["code"]), (&json!(false), &json!("kind_missing")));
        let refusal = case.refused("officer", "submit_for_approval", json!({}), 409);
        assert_eq!((refusal.code(), &refusal.json["article"]), ("kind_missing", &json!("《条例》第五十条")));
        let known = json!({
            "kind": "natural_person", "name": "何建军", "id_document": {"kind": "resident_id", "number": "440524188001010014"},
            "address": "柳塘镇下湾村7号",
        });
        let proposal = json!({"seq": 1, "field": "applicant", "value": known, "reason": "申请人电话补充"});
        case.act("officer", "correct_fact", proposal);
        let shown = case.events("approver").pop().unwrap();
        assert_eq!(
            (&shown["data"]["value"]["id_document"]["number"], &shown["data"]["old_value"]["name"]),
            (&json!("4405**********0014"), &json!(null))
        );
        assert_eq!(shown["data"]["value"]["address"], "柳塘****");
        case.act("approver", "confirm_correction", json!({"seq": 1}));
        assert_eq!(codes(&case.last), ["form_missing", "route_missing"]);
        let report = office.user("officer").get("/api/v1/reports/annual/2026").expect(200).json;
        assert_eq!(report["requests"]["r01"], json!([1, 0, 0, 0, 0, 1, 2]));
        assert_eq!((line(&office, &case)["applicant_name"].as_str(), found(&office, "何建军")), (Some("何建军"), 1));
        case.through("archive");
        // Of a case that goes another way nothing is asked: its parts, its fee and its end do without.
        let mut other = office.enter_as("clerk", &bare(&office, "in_person"));
        received(&mut other);
        let parts = json!({"parts": [{"title": "名单", "features": "2025年"}, {"title": "金额", "features": "2025年"}]});
        other.act("officer", "split", parts);
        other.skip_to("review_formally");
        other = other.through("review_substantively");
        // The eleventh of nobody in a month is not the eleventh of somebody (国办函〔2020〕109号 Art 4).
        for _ in 0..10 {
            let mut one = office.enter_as("clerk", &bare(&office, "in_person"));
            received(&mut one);
        }
        let fee = json!({"scheme": "per_request", "count": 1, "issued_on": "2026-03-10"});
        assert_eq!(other.refused("officer", "issue_fee_notice", fee, 409).code(), "nothing_to_charge");
    }

    fn without_any_contact_a_letter_by_ordinary_mail_waits_with_its_alarm(db) {
        let office = Office::open(db);
        for channel in ["ordinary_mail", "fax", "online"] {
            let case = office.enter_as("clerk", &bare(&office, channel));
            let refusal = case.refused("clerk", "confirm_receipt", json!({"received_on": "2026-03-10"}), 422);
            assert_eq!(refusal.pointers(), ["/evidence"], "{channel}");
            assert_eq!((&case.last["state"], &case.last["clock"]["status"]), (&json!("submitted"), &json!("not_started")));
            let due = if channel == "ordinary_mail" { "2026-03-10" } else { "2026-03-12" };
            let queue = office.user("clerk").get("/api/v1/cases?queue=unconfirmed").expect(200).json;
            let waiting = queue["items"].as_array().unwrap().iter().find(|line| line["id"] == case.id.as_str());
            assert_eq!(waiting.expect("in the queue")["act_by"], due, "{channel}");
        }
    }

    fn the_review_and_the_request_to_amend_begin_with_the_defects(db) {
        let office = Office::open(db);
        let change = json!({"id_document": null, "phone": null, "email": null, "address": null});
        let mut entry = from_whom(&office, "registered_mail", &change);
        (entry["route"], entry["description"]) = (json!(null), json!(null));
        entry["document_ids"] = json!([scan(&office)]);
        let mut case = office.enter_as("clerk", &entry);
        received(&mut case);
        assert_eq!(codes(&case.last), ["id_missing", "contact_missing", "content_missing", "route_missing"]);
        let suggested = case.option("officer", "review_formally")["suggested"].clone();
        let checks = json!({"name": true, "contact": false, "content": false, "form": false, "identity": false});
        assert_eq!(suggested, json!({ "checks": checks }));
        case.act("officer", "review_formally", suggested);
        let suggested = case.option("officer", "request_amendment")["suggested"].clone();
        let told: Vec<&str> = suggested["defects"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
        assert_eq!(
            told,
            [
                "申请人未提供身份证明（证件种类和号码），请补充。",
                "未提供有效的联系方式（电话、电子邮箱或者通信地址），请至少补充一项。",
                "未写明所需政府信息的名称、文号或者便于查询的其他特征性描述，请补充。",
                "未写明获取信息的途径（邮寄、电子邮件、网上获取或者自行领取），请补充。",
            ]
        );
        case.act("officer", "request_amendment", suggested.clone());
        assert_eq!(case.sub("amendment_notice")["defects"], json!(told));
        assert!(case.option("officer", "review_formally").get("suggested").is_none(), "not while it is awaited");
        let described = json!({"title": "补偿方案", "features": "城北地块"});
        case.act("clerk", "receive_amendment", json!({"received_on": "2026-03-10", "description": described}));
        assert_eq!(codes(&case.last), ["id_missing", "contact_missing", "route_missing"]);
        // Nothing is suggested for a letter that lacks nothing, and nothing to the applicant.
        let whole = office.enter("in_person").through("confirm_receipt");
        assert!(whole.option("officer", "request_amendment").get("suggested").is_none());
        let checks = json!({"name": true, "contact": true, "content": true, "form": true, "identity": true});
        assert_eq!(whole.option("officer", "review_formally")["suggested"], json!({ "checks": checks }));
    }

    fn papers_of_agents_and_guardians_belong_to_the_case(db) {
        let office = Office::open(db);
        let unknown = "01997000-0000-7000-8000-000000000001";
        let agent = |id: &str| json!({"agent": {"name": "赵律师", "authorisation_document_id": id}});
        let guardian = |id: &str| json!({"guardian": {"name": "林母", "relation": "母亲", "document_id": id}});
        for (change, pointer) in [
            (agent(unknown), "/applicant/agent/authorisation_document_id"),
            (guardian(unknown), "/applicant/guardian/document_id"),
        ] {
            let refused = office.user("clerk").post("/api/v1/cases", &from_whom(&office, "in_person", &change)).expect(422);
            assert_eq!(refused.pointers(), [pointer]);
        }
        let register = uploaded(&office.user("clerk"), "户口簿.pdf", "identity", PDF);
        let case = office.enter_as("clerk", &from_whom(&office, "in_person", &guardian(&register)));
        assert_eq!(case.last["documents"][0]["id"], register.as_str());
        assert_eq!(case.last["applicant"]["guardian"]["document_id"], register.as_str());
        // The authorisation comes later, with a correction of the record.
        let mut case = office.enter_as("clerk", &from_whom(&office, "in_person", &json!({"agent": {"name": "赵律师"}})));
        assert_eq!(codes(&case.last), ["id_missing", "authorisation_missing"]);
        received(&mut case);
    }

    fn the_form_online_stays_strict(db) {
        let office = Office::open(db);
        let anyone = office.app.anon();
        let complete = crate::harness::case::applicant();
        let changed = |field: &str, value: Value| { let mut person = complete.clone(); person[field] = value; person };
        let other = json!({"kind": "other", "name": "军官证", "number": "南字第1234567号"});
        let wrong = json!({"kind": "resident_id", "number": "440524188001010015"});
        let agent = json!({"name": "赵律师", "id_document": {"kind": "passport", "number": "EA1234567"}});
        for (person, pointer) in [
            (changed("name", json!(null)), "/applicant/name"),
            (changed("kind", json!(null)), "/applicant/kind"),
            (changed("id_document", json!(null)), "/applicant/id_document"),
            (changed("id_document", wrong), "/applicant/id_document/number"),
            (changed("id_document", other), "/applicant/id_document/kind"),
            (changed("phone", json!("不详")), "/applicant/phone"),
            (changed("guardian", json!({"name": "林母", "relation": "母亲"})), "/applicant/guardian"),
            (changed("agent", agent), "/applicant/agent/authorisation_document_id"),
        ] {
            let body = json!({"username": "lin.xiaoyue", "password": "a long passphrase", "applicant": person});
            let refused = anyone.post("/api/v1/auth/register", &body).expect(422);
            assert!(refused.pointers().contains(&pointer), "{pointer}: {}", refused.text);
        }
        let permit = json!({"kind": "hk_macao_permit", "number": "HA1234567"});
        let person = changed("id_document", permit);
        let body = json!({"username": "lin.xiaoyue", "password": "a long passphrase", "applicant": person});
        anyone.post("/api/v1/auth/register", &body).expect(201);
        for field in ["description", "form", "route"] {
            for value in [Some(json!(null)), None] {
                let mut request = office.request();
                match value {
                    Some(null) => request[field] = null,
                    None => drop(request.as_object_mut().unwrap().remove(field)),
                }
                let refused = office.user("applicant").post("/api/v1/requests", &request).expect(422);
                assert_eq!(refused.pointers(), [format!("/{field}")]);
            }
        }
        let untitled = json!({"features": "2025年批准的方案"});
        let mut request = office.request();
        request["description"] = untitled;
        let refused = office.user("applicant").post("/api/v1/requests", &request).expect(422);
        assert_eq!(refused.pointers(), ["/description/title"]);
        let mut case = office.apply();
        let nobody = json!({"name": "陈明远"});
        let proposal = json!({"seq": 1, "field": "applicant", "value": nobody, "reason": "录错"});
        case = case.through("confirm_receipt");
        let refused = case.refused("officer", "correct_fact", proposal, 422);
        assert_eq!(refused.pointers(), ["/value/kind", "/value/id_document", "/value/phone"]);
    }

    fn marks_of_direction_are_left_out_of_what_comes_in(db) {
        let office = Office::open(db);
        let name = "ئابدۇرېھىم ئابدۇللا";
        let marked = |text: &str| format!("\u{202B}{text}\u{202C}\u{200F}");
        let mut entry = office.entry("in_person");
        entry["applicant"]["name"] = json!(marked(name));
        entry["description"]["title"] = json!("倒\u{202E}转\u{2066}的\u{2069}标题");
        let mut case = office.enter_as("clerk", &entry);
        assert_eq!((&case.last["applicant"]["name"], &case.last["description"]["title"]), (&json!(name), &json!("倒转的标题")));
        assert_eq!(line(&office, &case)["applicant_name"], name);
        for q in [name, &marked(name), "倒\u{202A}转", "\u{200E}倒转的标题"] {
            assert_eq!(found(&office, q), 1, "{q:?}");
        }
        case.act("clerk", "record_contact_attempt",
            json!({"on": "2026-03-10", "means": "phone", "result": marked("无人接听")}));
        assert_eq!(case.events("officer").pop().unwrap()["data"]["result"], "无人接听");
        office.user("admin").get(&format!("/api/v1/admin/users?q={}", encoded("\u{202A}officer"))).expect(200);
        // A password is what was typed.
        let account = |password: &str| json!({
            "username": marked("lin.xiaoyue"), "password": password, "applicant": crate::harness::case::applicant(),
        });
        office.app.anon().post("/api/v1/auth/register", &account("a long \u{200F}passphrase")).expect(201);
        office.app.login("lin.xiaoyue", "a long \u{200F}passphrase").expect(200);
        office.app.login("lin.xiaoyue", "a long passphrase").expect(401);
    }

    fn a_private_use_character_is_kept_and_told_with_its_place(db) {
        let office = Office::open(db);
        let mut entry = office.entry("in_person");
        entry["applicant"]["name"] = json!("欧\u{F0001}");
        entry["description"]["features"] = json!("关于\u{10FFFD}村的土地");
        let mut case = office.enter_as("clerk", &entry);
        assert_eq!(case.last["applicant"]["name"], "欧\u{F0001}");
        let told: Vec<(&Value, &Value)> = case.last["defects"].as_array().unwrap().iter()
            .map(|defect| (&defect["field"], &defect["position"])).collect();
        assert_eq!(told, [(&json!("/applicant/name"), &json!(1)), (&json!("/description/features"), &json!(2))]);
        assert_eq!(codes(&case.last), ["private_use_character", "private_use_character"]);
        received(&mut case);
        assert_eq!(case.option("officer", "review_formally")["suggested"]["checks"]["name"], true);
    }

    fn the_defects_are_listed_for_everybody(db) {
        let office = Office::open(db);
        let listed = office.user("anonymous").get("/api/v1/reference/defects").expect(200).json;
        let codes: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect();
        assert_eq!(codes.len(), 10);
        assert_eq!(listed["items"][0], json!({
            "code": "name_missing", "label": "缺少姓名或者名称", "label_en": "Name missing",
            "article": "《条例》第二十九条第二款第（一）项、第三十条", "check": "name",
        }));
    }
}

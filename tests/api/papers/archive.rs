//! What an agency filed in a year: catalogue, folders, checksums, and for whom.

use gongkai::config::DatabaseUrl;
use serde_json::{Value, json};

use super::dossier::{Entries, hash, manifest_holds, opened, our_text, parsed};
use super::instruments::text as instrument_text;
use crate::harness::{Office, Walk, both};

const FORMULA: &str = "=HYPERLINK(\"x\",\"点击\")";

fn archive(office: &Office, who: &str, year: i32) -> Vec<u8> {
    office
        .user(who)
        .get(&format!("/api/v1/archive/{year}"))
        .expect(200)
        .bytes
}

/// Changes the settings of the office.
fn settings(office: &Office, settings: Value, status: u16) -> Vec<String> {
    let (_, answer) = office.change_agency("settings", settings);
    let answer = answer.expect(status);
    answer.pointers().into_iter().map(str::to_owned).collect()
}

fn delivered<'a>(office: &'a Office, title: &str) -> Walk<'a> {
    let mut entry = office.entry("in_person");
    entry["description"]["title"] = json!(title);
    office.enter_as("clerk", &entry).through("record_delivery")
}

fn filed<'a>(office: &'a Office, title: &str, retention: &str) -> Walk<'a> {
    let mut case = delivered(office, title);
    case.act("officer", "archive", json!({"retention": retention}));
    case
}

fn lines(entries: &Entries) -> Vec<Value> {
    parsed(entries, "catalogue.json").as_array().unwrap().clone()
}

/// `sha256sum` finds every file as it was.
#[track_caller]
fn checksums_hold(entries: &Entries) {
    let text = String::from_utf8(entries["checksums.sha256"].clone()).unwrap();
    let mut count = 0;
    for line in text.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(hash(&entries[name]), sum, "{name}");
        count += 1;
    }
    assert_eq!(count, entries.len() - 1);
}

both! {
    fn a_year_is_taken_out_with_its_catalogue(db) {
        let office = Office::open(db);
        let own = json!([{"code": "15y", "label": "15 年", "years": 15}]);
        settings(&office, json!({"fonds": "J012", "retentions": own}), 200);
        let first = filed(&office, "关于城北地块的信息", "10y");
        let second = filed(&office, FORMULA, "15y");
        let third = filed(&office, "关于预算的信息", "10y");
        let mut taken_out = filed(&office, "关于决算的信息", "10y");
        taken_out.act("approver", "revoke_ending", json!({"reason": "误归档，附件未齐"}));
        let open = delivered(&office, "关于采购的信息");
        let ever = filed(&office, "关于规划的信息", "permanent");
        office.on("2027-01-05");
        let next = filed(&office, "关于明年的信息", "10y");

        let bytes = archive(&office, "officer", 2026);
        let entries = opened(&bytes);
        manifest_holds(&entries, &["manifest.json", "checksums.sha256"]);
        checksums_hold(&entries);
        let lines = lines(&entries);
        let told: Vec<_> = lines
            .iter()
            .map(|line| {
                let text = |name: &str| line[name].as_str().unwrap().to_owned();
                (line["place"].as_u64().unwrap(), text("archival_number"), text("retention"), text("case_number"))
            })
            .collect();
        let number = |case: &Walk<'_>| case.last["number"].as_str().unwrap().to_owned();
        assert_eq!(told, [
            (1, "J012-WS·2026-Y-0001".to_owned(), "永久".to_owned(), number(&ever)),
            (2, "J012-WS·2026-D15-0001".to_owned(), "15 年".to_owned(), number(&second)),
            (3, "J012-WS·2026-D10-0001".to_owned(), "10 年".to_owned(), number(&first)),
            (4, "J012-WS·2026-D10-0002".to_owned(), "10 年".to_owned(), number(&third)),
        ]);
        let line = &lines[2];
        assert_eq!(line["title"], "林晓月的政府信息公开申请：关于城北地块的信息");
        assert_eq!((&line["number"], &line["on"]), (&json!("澄政办公开〔2026〕1号"), &json!("2026-03-10")));
        assert_eq!((&line["fonds"], &line["category"], &line["year"]), (&json!("J012"), &json!("文书档案"), &json!(2026)));
        for case in [&taken_out, &open, &next] {
            assert!(entries.keys().all(|name| !name.contains(&number(case))));
        }
        // Each folder is the dossier of its case, and its log ends with the hash that the catalogue names.
        for line in &lines {
            let folder = line["folder"].as_str().unwrap();
            let events = parsed(&entries, &format!("{folder}/数据/events.json"));
            let last = events.as_array().unwrap().last().unwrap();
            assert_eq!((&last["event"], &last["hash"]), (&json!("archived"), &line["head_hash"]));
            assert!(entries.contains_key(&format!("{folder}/index.html")));
            let case = parsed(&entries, &format!("{folder}/数据/case.json"));
            for file in case["pieces"].as_array().unwrap().iter().flat_map(|piece| piece["files"].as_array().unwrap()) {
                let path = format!("{folder}/{}", file["path"].as_str().unwrap());
                assert_eq!(file["sha256"], hash(&entries[&path]));
            }
        }
        assert!(!our_text(&entries).contains("440524188001010014"));

        // The table opens in a spreadsheet, and nothing in it is computed.
        let table = String::from_utf8(entries["catalogue.csv"].clone()).unwrap();
        let table = table.strip_prefix('\u{FEFF}').unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[0].iter().take(14).collect::<Vec<_>>(), [
            "序号", "全宗号", "门类", "年度", "保管期限", "件号", "题名", "责任者", "文号", "日期", "密级", "页数", "备注", "档号",
        ]);
        for (row, line) in rows.iter().skip(1).zip(&lines) {
            assert_eq!(&row[14], line["case_number"].as_str().unwrap());
        }
        assert_eq!(table.matches("\r\n").count(), 5);
        // The same year, the same bytes.
        assert!(archive(&office, "officer", 2026) == bytes);
        // And the next one begins anew; the file of a case lies in the year in which it was closed.
        let next_year = opened(&archive(&office, "officer", 2027));
        assert_eq!(parsed(&next_year, "catalogue.json")[0]["archival_number"], "J012-WS·2027-D10-0001");

        // From the command line it is the same archive.
        let out = office.app.database.directory.path().join("out.zip");
        let url = match &office.app.database.url {
            DatabaseUrl::Postgres(url) => url.expose().to_owned(),
            sqlite => sqlite.to_string(),
        };
        let directory = office.app.database.directory.path().to_string_lossy();
        let environment = [
            ("GONGKAI__DATABASE__URL", url.as_str()), ("GONGKAI__DATA__DIR", &directory), ("GONGKAI__FONTS__SYSTEM", "false"),
        ];
        let arguments = |agency| ["archive", "export", "2026", "--agency", agency, "-o", out.to_str().unwrap()];
        let (done, _, told) = crate::contract::platform::gongkai(&arguments("NONE"), &environment);
        assert!(!done && told.contains("NONE") && !out.exists(), "{told}");
        let (done, _, told) = crate::contract::platform::gongkai(&arguments("CXFB"), &environment);
        assert!(done, "{told}");
        assert!(told.contains("4 cases"), "{told}");
        assert_eq!(opened(&std::fs::read(&out).unwrap()), entries);
        let (done, _, told) = crate::contract::platform::gongkai(&arguments("CXFB"), &environment);
        assert!(!done, "nothing is overwritten: {told}");
    }

    fn a_catalogue_cell_is_never_a_formula(db) {
        let office = Office::open(db);
        let mut entry = office.entry("in_person");
        entry["applicant"]["name"] = json!(FORMULA);
        let mut case = office.enter_as("clerk", &entry).through("record_delivery");
        case.act("officer", "archive", json!({"retention": "30y"}));
        let entries = opened(&archive(&office, "clerk", 2026));
        let line = &lines(&entries)[0];
        assert!(line["title"].as_str().unwrap().starts_with(FORMULA));
        // Without a fonds there is no number of the archive; the case is known all the same.
        assert_eq!((&line["fonds"], &line["archival_number"]), (&Value::Null, &Value::Null));
        let table = String::from_utf8(entries["catalogue.csv"].clone()).unwrap();
        let mut reader = csv::ReaderBuilder::new().from_reader(table.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert!(row[6].starts_with("'=HYPERLINK(\"x\""), "{row:?}");
    }

    fn archives_are_for_those_who_file_and_for_supervisors(db) {
        let office = Office::open(db);
        filed(&office, "关于城北地块的信息", "10y");
        let all = [
            "supervisor", "clerk", "officer", "approver", "clerk2", "legal", "handler", "secrecy", "admin", "applicant",
            "anonymous",
        ];
        let statuses = |path: &str| all.map(|who| office.user(who).get(path).status);
        let office_id = office.app.region().office;
        let path = format!("/api/v1/archive/2026?agency_id={office_id}");
        assert_eq!(statuses(&path), [200, 200, 200, 200, 404, 403, 403, 403, 403, 403, 401]);
        // Nothing was filed elsewhere, or in another year: the catalogue is empty. What cannot be is not there.
        let other = opened(&archive(&office, "clerk2", 2026));
        assert_eq!(parsed(&other, "catalogue.json"), json!([]));
        assert_eq!(parsed(&opened(&archive(&office, "clerk", 2025)), "catalogue.json"), json!([]));
        for year in ["2027", "2007", "x"] {
            office.user("clerk").get(&format!("/api/v1/archive/{year}")).expect(404);
        }
        office.user("clerk").get("/api/v1/archive/2026?year=1").expect(422);
    }

    fn an_own_application_is_taken_out_by_somebody_else(db) {
        let office = Office::open(db);
        let clerk = office.user("clerk");
        let me = clerk.get("/api/v1/me").expect(200);
        let profile = json!({
            "kind": "natural_person", "name": "林晓月", "phone": "13911112222", "address": "江临市澄溪县城关镇桃花巷9号",
            "id_document": {"kind": "resident_id", "number": "440524188001010014"},
        });
        let tag = me.header("etag").to_owned();
        clerk.with("If-Match", &tag).put("/api/v1/me/applicant", &profile).expect(200);
        let own = Walk::begin(&office, clerk.post("/api/v1/requests", &office.request()));
        let mut own = own.through("issue_reply");
        own.act("officer", "record_delivery", json!({"result": "opened", "delivered_on": "2026-03-10"}));
        own.act("officer", "archive", json!({"retention": "10y"}));
        let refused = clerk.get("/api/v1/archive/2026").expect(403);
        assert!(refused.text.contains("本人的申请"), "{}", refused.text);
        assert_eq!(lines(&opened(&archive(&office, "officer", 2026))).len(), 1);
    }

    fn an_agency_has_its_own_table_of_retention(db) {
        let office = Office::open(db);
        let wrong = json!({"retentions": [
            {"code": "10y", "label": "10 年", "years": 10}, {"code": "短", "label": "", "years": 0},
            {"code": "x", "label": "无"}, {"code": "y", "label": "永", "years": 5, "permanent": true},
        ], "fonds": "J-1"});
        assert_eq!(settings(&office, wrong, 422), [
            "/settings/retentions/0/code", "/settings/retentions/1/code", "/settings/retentions/1/label",
            "/settings/retentions/1/years", "/settings/retentions/2/years", "/settings/retentions/3/years", "/settings/fonds",
        ]);
        let mut case = delivered(&office, "关于城北地块的信息");
        let unknown = case.refused("officer", "archive", json!({"retention": "15y"}), 422);
        assert_eq!(unknown.pointers(), ["/retention"]);
        assert!(unknown.text.contains("30y（30 年）"), "{}", unknown.text);
        settings(&office, json!({"retentions": [{"code": "15y", "label": "15 年", "years": 15}]}), 200);
        case.act("officer", "archive", json!({"retention": "15y"}));
        assert_eq!((&case.last["retention"], &case.last["retention_label"]), (&json!("15y"), &json!("15 年")));
        // What stands in the log keeps its meaning when the table changes.
        settings(&office, json!({}), 200);
        assert_eq!(case.view("officer")["retention_label"], "15 年");
        let index = instrument_text(&case, "D45");
        assert!(index.contains("15 年"), "{index}");
    }
}

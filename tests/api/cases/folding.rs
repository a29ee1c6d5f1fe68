//! Characters that are the same to a reader find each other, on both databases: text pasted from a PDF, names of old
//! systems, names in Latin letters. What is stored stays as it was typed.

use diesel::connection::SimpleConnection;
use gongkai::store::StoreError;
use serde_json::{Value, json};

use crate::harness::{Office, Walk, both};

fn enter<'a>(office: &'a Office, name: &str, title: &str, features: &str) -> Walk<'a> {
    let mut entry = office.entry("in_person");
    entry["applicant"]["name"] = json!(name);
    entry["description"] = json!({"title": title, "features": features});
    office.enter_as("clerk", &entry)
}

fn encoded(q: &str) -> String {
    q.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn search(office: &Office, who: &str, q: &str) -> Value {
    let side = if who == "applicant" { "requests" } else { "cases" };
    office
        .user(who)
        .get(&format!("/api/v1/{side}?limit=200&q={}", encoded(q)))
        .expect(200)
        .json
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}

both! {
    fn text_pasted_from_a_pdf_is_found(db) {
        let office = Office::open(db);
        let title = "⼀号地块⾦库⾼速⽅案";
        let case = enter(&office, "⾼⽂⽅", title, "⽤⼾⻚⾯、⻔牌和⻝品⻛险的清单");
        enter(&office, "林晓月", "别的事项", "别的内容");
        for q in [
            "一号地块", "金库", "高速", "方案", "一号地块金库高速方案", title, "高文方", "⾼⽂⽅", "高", "⾼", "用户页面", "用户", "用戶",
            "门牌", "食品风险", "高文方 金库",
        ] {
            let list = search(&office, "officer", q);
            assert_eq!(ids(&list["items"]), [&case.id], "{q}");
        }
        // The text is shown as it was typed, with the place where it was found.
        let found = &search(&office, "officer", "金库")["items"][0];
        assert_eq!(found["title"], title);
        assert_eq!(found["highlights"], json!([{"field": "title", "text": title, "ranges": [[4, 6]]}]));
        assert_eq!(case.view("officer")["applicant"]["name"], "⾼⽂⽅");
    }

    fn compatibility_ideographs_and_private_use_are_found(db) {
        let office = Office::open(db);
        let entered = [
            ("\u{F9E1}明", "李明"), ("\u{F9F4}立", "林立"), ("\u{F90A}生", "金生"), ("\u{2F804}好", "你好"), ("葛\u{E0100}西", "葛西"),
            // What GB 18030 has since given a character, in the basic plane and beyond it.
            ("王\u{E81E}", "王\u{9FB4}"), ("王\u{E816}", "王\u{20087}"),
            // Nobody knows this one; who made it up finds it.
            ("赵\u{E000}", "赵\u{E000}"),
        ];
        for (typed, standard) in entered {
            let case = enter(&office, typed, "门牌", "门牌的登记");
            for q in [typed, standard] {
                assert_eq!(ids(&search(&office, "officer", q)["items"]), [&case.id], "{q}");
            }
            assert_eq!(case.view("officer")["applicant"]["name"], typed);
        }
    }

    fn names_in_latin_letters_are_found_without_their_marks(db) {
        let office = Office::open(db);
        for (typed, queries) in [
            ("Sinéad O'Neill", vec!["oneill", "O’Neill", "o'neill", "neill", "sinead oneill", "ＯＮＥＩＬＬ"]),
            ("Nguyễn Đức", vec!["nguyen", "Nguyễn", "duc", "Nguye\u{302}\u{303}n duc"]),
            ("Ngu\u{79}e\u{302}\u{303}n Van", vec!["nguyễn van"]),
        ] {
            let case = enter(&office, typed, "门牌", "门牌的登记");
            for q in queries {
                assert!(ids(&search(&office, "officer", q)["items"]).contains(&case.id.as_str()), "{q}");
            }
        }
    }

    fn the_applicant_finds_the_own_request_as_the_office_does(db) {
        let office = Office::open(db);
        let mut request = office.request();
        request["description"] = json!({"title": "⼀号地块⾦库", "features": "⾼速⽅案"});
        let submitted = Walk::begin(&office, office.user("applicant").post("/api/v1/requests", &request));
        for q in ["金库", "⾼速", "一号地块 方案"] {
            assert_eq!(ids(&search(&office, "applicant", q)["items"]), [&submitted.id], "{q}");
        }
    }

    fn the_copy_is_similar(db) {
        let office = Office::open(db);
        let original = enter(&office, "林晓月", "一号地块金库高速方案", "2025年批准的一号地块金库、高速公路建设方案全文和长远用户风险评估");
        let copy = enter(&office, "⾼⽂⽅", "⼀号地块⾦库⾼速⽅案", "2025年批准的⼀号地块⾦库、⾼速公路建设⽅案全⽂和⻓远⽤⼾⻛险评估");
        for (of, other) in [(&original, &copy), (&copy, &original)] {
            let similar = office.user("officer").get(&format!("/api/v1/cases/{}/similar", of.id)).expect(200).json;
            assert_eq!(ids(&similar["near_identical"]), [&other.id]);
            assert_eq!(similar["near_identical"][0]["similarity"], 1.0);
        }
    }

    fn agencies_are_found_by_what_a_pdf_gives(db) {
        let office = Office::open(db);
        for q in ["⼈⺠政府", "⽔利", "人民政府"] {
            let found = office.app.anon().get(&format!("/api/v1/agencies?q={}", encoded(q))).expect(200).json;
            let plain = q.replace("⼈⺠", "人民").replace('⽔', "水");
            let expected = office.app.anon().get(&format!("/api/v1/agencies?q={}", encoded(&plain))).expect(200).json;
            assert_eq!(ids(&found["items"]), ids(&expected["items"]), "{q}");
        }
    }

    /// After an update that reads more characters as the same, the index is made anew beside the service; searches say
    /// that they may miss something until it is done.
    fn an_index_of_before_is_made_anew_beside_the_service(db) {
        let office = Office::open(db);
        let case = enter(&office, "⾼⽂⽅", "⼀号地块⾦库⾼速⽅案", "⾼速⽅案");
        let plain = enter(&office, "高文方", "一号地块", "高速方案");
        let site = office.app.app.site();
        let run = |sql: &str| site.store.read(|db| Ok::<_, StoreError>(db.batch_execute(sql)?)).unwrap();
        office.app.app.run_due_jobs().unwrap();
        let list = search(&office, "officer", "高文方");
        assert_eq!((ids(&list["items"]), list.get("incomplete")), (vec![plain.id.as_str(), &case.id], None));

        // As the build before left it: this case under no word, the other under words of before.
        let of_before = format!(
            "{}; UPDATE case_search SET digest = '3:'; UPDATE agencies SET search = 'x'; \
             UPDATE installation SET value = '3' WHERE key = 'search_words';",
            match site.store.backend() {
                gongkai::store::Backend::Sqlite =>
                    format!("DELETE FROM case_fts WHERE rowid = (SELECT entry FROM case_search WHERE case_id = '{}')", case.id),
                gongkai::store::Backend::Postgres =>
                    format!("UPDATE case_search SET tokens = '' WHERE case_id = '{}'", case.id),
            }
        );
        run(&of_before);
        let list = search(&office, "officer", "高文方");
        assert_eq!((ids(&list["items"]), &list["incomplete"]), (vec![plain.id.as_str()], &json!(true)));
        let similar = |of: &Walk<'_>| office.user("officer").get(&format!("/api/v1/cases/{}/similar", of.id)).expect(200).json;
        assert_eq!(similar(&plain)["incomplete"], true);
        // What comes in meanwhile is found at once.
        let new = enter(&office, "⾼⽂⽅", "别的", "别的");
        assert_eq!(ids(&search(&office, "officer", "高文方")["items"]), [&new.id, &plain.id]);

        office.app.app.run_due_jobs().unwrap();
        let list = search(&office, "officer", "高文方");
        assert_eq!((ids(&list["items"]), list.get("incomplete")), (vec![new.id.as_str(), &plain.id, &case.id], None));
        assert!(similar(&plain).get("incomplete").is_none());
        let agencies = office.app.anon().get(&format!("/api/v1/agencies?q={}", encoded("澄溪"))).expect(200).json;
        assert!(!ids(&agencies["items"]).is_empty());
        let rebuilt = gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap();
        assert_eq!(rebuilt.changed.len(), 0);

        // A rebuild makes them anew as well, and finds nothing wrong with what an earlier build left.
        run(&of_before);
        let rebuilt = gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap();
        assert_eq!(rebuilt.changed.len(), 0);
        let list = search(&office, "officer", "高文方");
        assert_eq!((ids(&list["items"]), list.get("incomplete")), (vec![new.id.as_str(), &plain.id, &case.id], None));
    }
}

//! The public guide of agencies (Article 12) and the units of an agency for its staff.

use serde_json::{Value, json};

use crate::harness::{TestApp, both};

fn codes(list: &Value) -> Vec<&str> {
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["code"].as_str().unwrap())
        .collect()
}

both! {
    fn everybody_reads_the_guides(db) {
        let app = TestApp::start(db);
        let office = app.region().office.to_string();
        let anon = app.anon();
        let all = anon.get("/api/v1/agencies").expect(200);
        assert_eq!(
            codes(&all.json),
            ["CXZF", "CXFB", "CXZR", "CXZJ", "CXJY", "CXWJ", "CXMZ", "CXSJ", "CXSQ", "CXLT"]
        );
        assert_eq!(all.json["next_cursor"], Value::Null);
        let item = &all.json["items"][1];
        assert_eq!(item["id"], office);
        assert_eq!(item["name"], "澄溪县人民政府办公室");
        assert_eq!(item["level"], "county");
        assert_eq!(item["parent_id"], all.json["items"][0]["id"]);
        for field in ["address", "phone", "fax", "office_hours", "internet", "classification", "arrangement", "access"] {
            assert!(item[field].is_string(), "{field}");
        }
        let channels: Vec<&str> =
            item["channels"].as_array().unwrap().iter().map(|c| c["channel"].as_str().unwrap()).collect();
        assert_eq!(channels, ["in_person", "registered_mail", "ordinary_mail", "fax", "online"]);
        assert!(item.get("settings").is_none() && item.get("court").is_none());
        let one = anon.get(&format!("/api/v1/agencies/{office}")).expect(200);
        assert_eq!(&one.json, item);
        let towns = anon.get("/api/v1/agencies?q=%E9%95%87").expect(200);
        assert_eq!(codes(&towns.json), ["CXSQ", "CXLT"]);
        assert_eq!(codes(&anon.get("/api/v1/agencies?q=cxz").expect(200).json), ["CXZF", "CXZR", "CXZJ"]);
        assert_eq!(codes(&anon.get("/api/v1/agencies?q=%25").expect(200).json), [""; 0]);
        let below = anon.get(&format!("/api/v1/agencies?parent_id={office}")).expect(200);
        assert_eq!(below.json["items"].as_array().unwrap().len(), 8);
    }

    fn the_list_is_paged(db) {
        let app = TestApp::start(db);
        app.region();
        let mut seen = Vec::new();
        let mut path = "/api/v1/agencies?limit=4".to_owned();
        loop {
            let page = app.anon().get(&path).expect(200);
            assert!(page.json["items"].as_array().unwrap().len() <= 4);
            seen.extend(codes(&page.json).into_iter().map(str::to_owned));
            match page.json["next_cursor"].as_str() {
                Some(cursor) => path = format!("/api/v1/agencies?limit=4&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 10);
        for (query, pointer) in [
            ("limit=0", "?limit"),
            ("limit=201", "?limit"),
            ("cursor=x", "?cursor"),
            ("parent_id=x", "?parent_id"),
            ("nope=1", "?nope"),
            ("q=%00", "?q"),
        ] {
            let refused = app.anon().get(&format!("/api/v1/agencies?{query}")).expect(422);
            assert_eq!(refused.pointers(), [pointer]);
        }
        app.anon().get("/api/v1/agencies/nonsense").expect(404);
        app.anon().get("/api/v1/agencies/01997000-0000-7000-8000-000000000001").expect(404);
    }

    fn units_are_for_those_who_work_there(db) {
        let app = TestApp::start(db);
        let region = app.region();
        let office = format!("/api/v1/agencies/{}/units", region.office);
        let department = format!("/api/v1/agencies/{}/units", region.department);
        let own = app.user("officer").get(&office).expect(200);
        let names: Vec<&str> =
            own.json["items"].as_array().unwrap().iter().map(|u| u["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["综合科", "政务公开科"]);
        assert_eq!(own.json["items"][0]["id"], region.office_units[0].to_string());
        app.user("handler").get(&office).expect(200);
        app.user("officer").get(&department).expect(404);
        app.user("officer2").get(&department).expect(200);
        app.user("officer2").get(&office).expect(404);
        // The supervisor sees downwards.
        app.user("supervisor").get(&department).expect(200);
        app.user("admin").get(&department).expect(200);
        app.user("applicant").get(&office).expect(403);
        app.anon().get(&office).expect(401);
        app.anon().get("/api/v1/agencies/nonsense/units?limit=x").expect(401);
        app.user("officer").get("/api/v1/agencies/nonsense/units").expect(404);
        app.user("officer").get(&format!("{office}?limit=x")).expect(422);
        let first = app.user("officer").get(&format!("{office}?limit=1")).expect(200);
        let cursor = first.json["next_cursor"].as_str().unwrap();
        let second = app.user("officer").get(&format!("{office}?limit=1&cursor={cursor}")).expect(200);
        assert_eq!(second.json["items"][0]["name"], "政务公开科");
        assert_eq!(second.json["next_cursor"], Value::Null);
        assert_ne!(json!(null), first.json["next_cursor"]);
    }
}

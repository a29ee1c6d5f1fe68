//! A changed rule pack over HTTP: what the reference says is what the clock counts and what the workflow takes.

use serde_json::json;

use crate::harness::{Office, both};

both! {
    fn a_pack_with_each_number_doubled_is_one_law_for_all(db) {
        let rules = tempfile::tempdir().unwrap();
        let shipped = include_str!("../../../config/rules/regulation-2019.toml");
        let doubled = shipped.lines().map(|line| match line.strip_prefix("value = ").map(str::parse::<u32>) {
            Some(Ok(number)) => format!("value = {}\n", 2 * number),
            _ => format!("{line}\n"),
        });
        std::fs::write(rules.path().join("doubled.toml"), doubled.collect::<String>()).unwrap();
        let office = Office::open_with(db, |config| config.data.rules = Some(rules.path().to_owned()));

        let shown = office.user("anonymous").get("/api/v1/reference/rules").expect(200).json;
        let pack = &shown["items"][0];
        assert_eq!((&pack["reply_days"], &pack["extension_max"]), (&json!(40), &json!(40)));
        assert_eq!((&pack["amendment_notices"], &pack["receipt_on_day_off"]), (&json!(2), &json!("same_day")));

        let legal = office.user("legal");
        for (working_days, status) in [(25, 200), (40, 200), (41, 422)] {
            let extended = json!({"fact": "extended", "on": "2026-03-10", "working_days": working_days});
            let question = json!({"received_on": "2026-03-10", "facts": [extended]});
            legal.post("/api/v1/clock/preview", &question).expect(status);
        }

        let mut case = office.enter("in_person").through("review_substantively");
        assert_eq!(case.clock("")["due_on"], "2026-05-09");
        case.act("officer", "propose_extension", json!({"working_days": 25, "reason": "需要检索的档案较多"}));
        case.act("approver", "approve_extension", json!({"notified_on": "2026-03-10"}));
        assert_eq!((&case.clock("")["allowance"], &case.clock("")["due_on"]), (&json!(65), &json!("2026-06-12")));
        // Sent and received the same day: thirty working days to answer.
        let letter = json!({"agency_name": "县财政局", "concerning": "标准", "joint": true, "sent_on": "2026-03-10", "delivered_on": "2026-03-10"});
        case.act("officer", "consult_agency", letter);
        assert_eq!(case.sub("consultation")["due_on"], "2026-04-22");
        // What a person without a case is told and what the case says are one.
        let limit = |report: &serde_json::Value, timer: &str| {
            let timers = report["timers"].as_array().unwrap().iter();
            timers.clone().find(|one| one["timer"] == timer).map(|one| one["due_on"].clone())
        };
        let facts = json!([
            {"fact": "extended", "on": "2026-03-10", "working_days": 25},
            {"fact": "consultation_sent", "id": "a", "kind": "agency", "on": "2026-03-10"},
            {"fact": "consultation_delivered", "id": "a", "on": "2026-03-10"},
        ]);
        let told = legal.post("/api/v1/clock/preview", &json!({"received_on": "2026-03-10", "facts": facts})).expect(200).json;
        let own = case.clock("");
        assert_eq!(own["projected_due_on"], told["projected_due_on"]);
        for timer in ["amendment_notice", "agency_opinion", "reply"] {
            assert_eq!(limit(&own, timer), limit(&told, timer), "{timer}");
        }
    }
}

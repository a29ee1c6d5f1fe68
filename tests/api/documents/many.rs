//! How many documents one body may name, and that they are looked up together.

use serde_json::{Value, json};

use crate::harness::{Office, Watch, both};

/// Ids under which there is nothing.
fn unknown(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("01997000-0000-7000-8000-{number:012}"))
        .collect()
}

fn lookups(sent: &[String]) -> usize {
    let text = |sent: &&String| sent.replace(['`', '"'], "").contains("FROM documents");
    sent.iter().filter(text).count()
}

both! {
    fn an_application_names_at_most_500_documents(db) {
        let office = Office::open_with(db, |config| config.database.pool_size = 1);
        let (applicant, clerk) = (office.user("applicant"), office.user("clerk"));
        let watch = Watch::of(&office);
        for (who, path, body) in [
            (&applicant, "/api/v1/requests", office.request()),
            (&clerk, "/api/v1/cases", office.entry("in_person")),
        ] {
            for (count, asked) in [(501, 0), (25_000, 0), (500, 1), (1, 1), (0, 0)] {
                let mut body = body.clone();
                body["document_ids"] = json!(unknown(count));
                let mut answer = None;
                let sent = watch.sent(|| answer = Some(who.post(path, &body)));
                assert_eq!(lookups(&sent), asked, "{count}");
                let answer = answer.unwrap().expect(if count == 0 { 201 } else { 422 });
                match count {
                    0 => {}
                    1..=500 => {
                        // A problem names a hundred fields and no more.
                        let told = 0..count.min(100);
                        let pointers: Vec<String> = told.map(|index| format!("/document_ids/{index}")).collect();
                        assert_eq!(answer.pointers(), pointers);
                    }
                    _ => {
                        assert_eq!(answer.pointers(), ["/document_ids"]);
                        let told = answer.json["errors"][0].to_string();
                        assert!(told.contains("最多列出 500 份") && told.contains(&count.to_string()), "{told}");
                    }
                }
            }
        }
    }

    fn a_draft_names_at_most_500_documents(db) {
        let office = Office::open_with(db, |config| config.database.pool_size = 1);
        let case = office.apply().through("review_substantively");
        let watch = Watch::of(&office);
        let draft = |items: usize, each: usize| -> Value {
            let item = json!({"description": "补偿安置方案", "outcome": "granted", "document_ids": unknown(each)});
            json!({"items": vec![item; items]})
        };
        let sent = watch.sent(|| {
            let refused = case.ask("officer", "draft_reply", draft(3, 167)).expect(422);
            assert_eq!(refused.pointers(), ["/items"]);
        });
        assert_eq!(lookups(&sent), 0);
        let sent = watch.sent(|| {
            let refused = case.ask("officer", "draft_reply", draft(3, 166)).expect(422);
            assert_eq!(refused.pointers().len(), 100);
        });
        assert_eq!(lookups(&sent), 1);
    }
}

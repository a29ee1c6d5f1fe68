//! What each instrument says of the sample case, as it comes with the program.

use serde_json::json;

use super::instruments::docx_text;
use crate::harness::{Office, both};

both! {
    fn every_instrument_says_what_it_said(db) {
        let office = Office::open(db);
        let list = office.user("legal").get("/api/v1/templates").expect(200).json;
        for item in list["items"].as_array().unwrap() {
            let code = item["code"].as_str().unwrap();
            let path = format!("/api/v1/templates/{code}/versions/0/preview");
            let sample = office.user("legal").post(&path, &json!({"format": "docx"})).expect(200);
            insta::assert_snapshot!(code, docx_text(&sample.bytes));
        }
    }
}

//! The workflow as others read it: data for front ends, and a diagram.

use gongkai::domain::case::diagram::mermaid;
use serde_json::{Value, json};

use crate::contract::platform::{assert_committed, gongkai};
use crate::harness::{TestApp, both};

both! {
    fn the_workflow_can_be_drawn_from_its_data(db) {
        let app = TestApp::start(db);
        let workflow = app.anon().get("/api/v1/workflow").expect(200).json;
        assert_eq!(workflow["states"].as_array().unwrap().len(), 10);
        assert_eq!(workflow["states"][3], json!({"state": "in_progress", "label": "办理中", "open": true}));
        assert_eq!(workflow["roles"].as_array().unwrap().len(), 9);
        let known = |list: &str, field: &str| -> Vec<Value> {
            workflow[list].as_array().unwrap().iter().map(|entry| entry[field].clone()).collect()
        };
        let (states, actions, roles) = (known("states", "state"), known("actions", "action"), known("roles", "role"));
        let rules = workflow["rules"].as_array().unwrap();
        for rule in rules {
            let named = |field: &str| rule[field].as_array().unwrap().clone();
            assert!(actions.contains(&rule["action"]), "{rule}");
            assert!(named("from").iter().chain(&named("to")).all(|state| states.contains(state)), "{rule}");
            assert!(!named("roles").is_empty() && named("roles").iter().all(|role| roles.contains(role)), "{rule}");
            assert!(!rule["article"].as_str().unwrap().is_empty(), "{rule}");
        }
        assert!(actions.iter().all(|action| rules.iter().any(|rule| rule["action"] == *action)));
        let extension = rules.iter().find(|rule| rule["action"] == "approve_extension").unwrap();
        assert_eq!(
            *extension,
            json!({
                "action": "approve_extension", "from": ["registered", "in_progress", "in_review", "in_approval"], "to": [],
                "roles": ["approver"], "timer": false, "guards": ["extension_proposed", "not_proposer", "due_date_known", "due_date_counted"],
                "window": "extension", "article": "《条例》第三十三条第二款",
            })
        );
        let diagram = app.anon().get("/api/v1/workflow.mmd").expect(200);
        assert_eq!(diagram.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(diagram.text, mermaid());
    }
}

#[test]
fn the_committed_diagram_is_what_the_program_generates() {
    assert_committed("workflow.mmd", &mermaid());
}

#[test]
fn the_command_line_prints_the_diagram() {
    let (ok, shown, _) = gongkai(&["workflow"], &[]);
    assert!(ok);
    assert_eq!(shown, mermaid());
}

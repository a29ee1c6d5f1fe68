//! The whole state × action × role matrix: readable as a snapshot, and true of real cases.

use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write;

use gongkai::domain::case::table::{GUARDS, PERIODS, RULES, Rule, by_action, rules_of};
use gongkai::domain::case::{Action, Instruction, State, diagram};
use gongkai::domain::law::refusal::Rejection;
use gongkai::domain::people::access::Role;

use super::desk::{Desk, lookups, person, timer};
use super::reach::plainest_body;

fn letter(role: Role) -> char {
    match role {
        Role::Applicant => 'A',
        Role::Clerk => 'C',
        Role::Officer => 'O',
        Role::Handler => 'H',
        Role::Secrecy => 'S',
        Role::Legal => 'L',
        Role::Approver => 'P',
        Role::Supervisor => 'V',
        Role::Admin => 'M',
    }
}

fn letters(rules: &[&Rule]) -> String {
    let mut text: String = Role::ALL
        .iter()
        .copied()
        .filter(|role| rules.iter().any(|rule| rule.roles.contains(role)))
        .map(letter)
        .collect();
    if rules.iter().any(|rule| rule.timer) {
        text.push('t');
    }
    text
}

#[test]
fn the_whole_matrix() {
    let mut text = String::from(
        "A applicant, C clerk, O officer, H handler, S secrecy, L legal, P approver, V supervisor, M admin, t timer\n\n",
    );
    let _ = write!(text, "{:<23}", "");
    for state in State::ALL {
        let _ = write!(text, " {:<10}", state.code().replace("amendment_pending", "amendment"));
    }
    text.push('\n');
    for action in Action::ALL {
        let _ = write!(text, "{:<23}", action.code());
        for state in State::ALL {
            let here: Vec<_> = rules_of(*action)
                .iter()
                .filter(|rule| rule.from.contains(state))
                .collect();
            let cell = if here.is_empty() {
                "·".to_owned()
            } else {
                letters(&here)
            };
            let _ = write!(text, " {cell:<10}");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text.push_str("\nrows: states → states, roles, guards, window, article\n");
    for rule in RULES {
        let codes = |states: &[State]| states.iter().map(|state| state.code()).collect::<Vec<_>>().join(" ");
        let to = if rule.to.is_empty() {
            "stay".to_owned()
        } else {
            codes(rule.to)
        };
        let guards: Vec<_> = rule.guards.iter().map(|guard| format!("{guard:?}")).collect();
        let _ = writeln!(
            text,
            "{}: {} → {to}, {}, [{}], {:?}, {}",
            rule.action.code(),
            if rule.from.is_empty() {
                "new".to_owned()
            } else {
                codes(rule.from)
            },
            letters(&[rule]),
            guards.join(" "),
            rule.window,
            rule.article
        );
    }
    insta::assert_snapshot!(text);
}

#[test]
fn every_action_stands_in_the_table_once_and_in_its_order_and_names_its_article() {
    let together: Vec<Action> = by_action().map(|rules| rules[0].action).collect();
    assert_eq!(together, Action::ALL);
    for rule in RULES {
        assert!(
            !rule.article.is_empty() && !rule.roles.is_empty(),
            "{}",
            rule.action.code()
        );
        let period = rule.window.name;
        assert!(
            PERIODS.iter().any(|one| one.name == period),
            "{period} is not in PERIODS"
        );
        for guard in rule.guards {
            assert!(
                GUARDS.iter().any(|one| one.name == guard.name),
                "{} is not in GUARDS",
                guard.name
            );
        }
        let unique: BTreeSet<_> = rule.from.iter().chain(rule.to).collect();
        assert!(!unique.is_empty() || rule.action == Action::Submit);
    }
    assert!(
        RULES.iter().all(|rule| !rule.roles.contains(&Role::Admin)),
        "an administrator handles no case"
    );
}

/// The table alone decides who gets 403 and which state gets 409.
#[test]
fn real_cases_agree_with_the_table() {
    for state in State::ALL {
        let desk = Desk::in_state(*state);
        assert_eq!(desk.state(), *state);
        for &role in Role::ALL {
            let who = person(role, 0);
            let offered: BTreeSet<_> = desk
                .case
                .options(&who, &desk.ctx())
                .into_iter()
                .map(|o| o.action)
                .collect();
            let held: BTreeSet<_> = Action::ALL
                .iter()
                .copied()
                .filter(|action| {
                    *action != Action::Submit && rules_of(*action).iter().any(|rule| rule.roles.contains(&role))
                })
                .collect();
            assert_eq!(offered, held, "{role:?} in {state:?}");
            for action in Action::ALL.iter().copied().filter(|action| *action != Action::Submit) {
                let here = rules_of(action)
                    .iter()
                    .any(|rule| rule.roles.contains(&role) && rule.from.contains(state));
                let body = match (role, action) {
                    (Role::Applicant, Action::RecordReasons) => {
                        json!({"action": "record_reasons", "reasons": "研究所需"})
                    }
                    (Role::Applicant, Action::RecordDelivery) => {
                        json!({"action": "record_delivery", "result": "opened", "delivered_on": desk.today})
                    }
                    _ => plainest_body(action, &desk),
                };
                let answer = desk.clone().send(&who, body);
                match answer {
                    Err(Rejection::Forbidden) => assert!(!held.contains(&action), "{role:?} {action:?} {state:?}"),
                    Err(Rejection::Refused(refusal)) if refusal.code == "wrong_state" => {
                        assert!(held.contains(&action) && !here, "{role:?} {action:?} {state:?}");
                        assert!(refusal.article.is_some());
                    }
                    other => assert!(here, "{role:?} {action:?} {state:?}: {other:?}"),
                }
            }
        }
    }
}

#[test]
fn options_and_allowed_actions_say_the_same_and_every_refusal_says_what_to_do() {
    for state in State::ALL {
        let desk = Desk::in_state(*state);
        for &role in Role::ALL {
            let who = person(role, 0);
            let options = desk.case.options(&who, &desk.ctx());
            let open: Vec<_> = options
                .iter()
                .filter(|option| option.refusal.is_none())
                .map(|option| option.action)
                .collect();
            assert_eq!(open, desk.case.allowed_actions(&who, &desk.ctx()), "{role:?} {state:?}");
            for option in &options {
                assert!(!option.article.is_empty());
                if let Some(refusal) = &option.refusal {
                    assert!(
                        refusal.reason.zh.chars().count() > 8 && refusal.reason.en.len() > 10,
                        "{refusal:?}"
                    );
                    assert!(refusal.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
                    assert!(refusal.article.is_some(), "{refusal:?}");
                }
            }
        }
    }
}

/// A refusal tells the person what is possible instead.
#[test]
fn a_refusal_lists_what_is_allowed_now() {
    let mut desk = Desk::registered("2025-09-22");
    let refusal = desk.refused(
        Role::Officer,
        serde_json::json!({"action": "draft_reply", "items": [super::desk::granted()]}),
    );
    assert_eq!(refusal.code, "wrong_state");
    assert_eq!(refusal.allowed_actions, desk.allowed(Role::Officer));
    assert!(refusal.allowed_actions.contains(&Action::ReviewFormally));
}

/// Timers take the two lapses and nothing else.
#[test]
fn a_timer_has_two_actions() {
    let held: Vec<_> = Action::ALL
        .iter()
        .copied()
        .filter(|action| timer().has_action(*action))
        .collect();
    assert_eq!(held, [Action::LapseAmendment, Action::LapseFee]);
}

/// Unknown ids of units, people, cases and documents are found out before anything happens.
#[test]
fn what_the_lookups_do_not_find_is_a_field_error() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.lookups.unit_found = false;
    desk.lookups.colleague_found = false;
    desk.lookups.merge_target = None;
    desk.lookups.documents.clear();
    for (action, pointer) in [
        (Action::Assign, "/unit_id"),
        (Action::HandOver, "/user_id"),
        (Action::Merge, "/into_case_id"),
        (Action::DraftReply, "/items/0/document_ids/0"),
    ] {
        let body = plainest_body(action, &desk);
        assert_eq!(desk.wrong(Role::Officer, body), [pointer], "{action:?}");
    }
    desk.lookups = lookups();
    let into_itself = serde_json::json!({"action": "merge", "into_case_id": desk.case.id(), "reason": "同一事项"});
    assert_eq!(desk.wrong(Role::Officer, into_itself), ["/into_case_id"]);
}

/// The committed diagram is the one the table makes; `GONGKAI_UPDATE=1` rewrites it.
#[test]
fn the_committed_diagram_is_the_tables() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/workflow.mmd");
    let made = diagram::mermaid();
    if std::env::var_os("GONGKAI_UPDATE").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == made,
        "openapi/workflow.mmd is out of date; run the tests with GONGKAI_UPDATE=1"
    );
}

/// Every body parses: what the table calls an action is one outside code can send.
#[test]
fn every_action_can_be_sent() {
    let desk = Desk::in_progress("2025-09-22");
    for action in Action::ALL.iter().copied().filter(|action| *action != Action::Submit) {
        let parsed = Instruction::parse(plainest_body(action, &desk));
        assert_eq!(parsed.unwrap().command.action(), action);
    }
    assert_eq!(
        Instruction::parse(serde_json::json!({"action": "submit"})).unwrap_err()[0].pointer,
        "/action"
    );
}

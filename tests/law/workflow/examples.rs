//! The examples of the contract are bodies an action takes.

use chrono::NaiveDate;

use gongkai::domain::case::Instruction;
use gongkai::domain::case::catalog::Action;
use gongkai::domain::case::dispatch::{example, has_own_date};

#[test]
fn every_example_is_what_the_action_takes() {
    let day = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
    for action in Action::ALL.iter().filter(|action| **action != Action::Submit) {
        let instruction = Instruction::parse(example(*action, day)).unwrap_or_else(|e| panic!("{action:?}: {e:?}"));
        assert_eq!(instruction.command.action(), *action);
        if has_own_date(*action) {
            assert!(instruction.command.own_date().is_some(), "{action:?}");
        }
    }
}

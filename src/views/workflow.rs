//! The workflow table as data: what a front end needs to draw the procedure and name its steps.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::case::guard::{Guard, Period};
use crate::domain::case::table::{GUARDS, RULES, Rule};
use crate::domain::case::{Action, State};
use crate::domain::people::access::Role;

/// The whole procedure.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowView {
    pub states: Vec<WorkflowState>,
    pub actions: Vec<WorkflowAction>,
    pub roles: Vec<WorkflowRole>,
    /// The conditions that rules name, with what a person is told when one does not hold.
    pub guards: Vec<WorkflowGuard>,
    /// An action is possible when one of its rules applies.
    pub rules: Vec<WorkflowRule>,
}

impl WorkflowView {
    /// States, actions, roles and the rules between them, as the table has them.
    pub fn of_table() -> Self {
        let states = State::ALL.iter().map(|state| WorkflowState {
            state: *state,
            label: state.label(),
            open: state.is_open(),
        });
        let actions = Action::ALL.iter().map(|action| WorkflowAction {
            action: *action,
            label: action.label(),
            label_en: action.label_en(),
        });
        let roles = Role::ALL.iter().copied().map(|role| WorkflowRole {
            role,
            label: role.label(),
        });
        Self {
            states: states.collect(),
            actions: actions.collect(),
            roles: roles.collect(),
            guards: GUARDS.iter().copied().map(WorkflowGuard::from).collect(),
            rules: RULES.iter().map(WorkflowRule::from).collect(),
        }
    }
}

/// A state of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowState {
    pub state: State,
    #[schema(examples("办理中"))]
    pub label: &'static str,
    /// Whether an answer is still owed.
    pub open: bool,
}

/// A step of the procedure.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowAction {
    pub action: Action,
    #[schema(examples("登记收到"))]
    pub label: &'static str,
    #[schema(examples("Confirm receipt"))]
    pub label_en: &'static str,
}

/// A role in the procedure.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowRole {
    pub role: Role,
    #[schema(examples("收件登记"))]
    pub label: &'static str,
}

/// A condition, and the refusal when it does not hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowGuard {
    #[schema(value_type = Guard)]
    pub guard: &'static Guard,
    /// The `code` of the refusal.
    #[schema(examples("formal_review_missing"))]
    pub code: &'static str,
    #[schema(examples("《条例》第二十九条"))]
    pub article: Option<&'static str>,
    #[schema(examples("请先完成形式审核（review_formally），再作实质审核。"))]
    pub refusal: &'static str,
    #[schema(examples("Review the application formally first (review_formally)."))]
    pub refusal_en: &'static str,
}

impl From<&'static Guard> for WorkflowGuard {
    fn from(guard: &'static Guard) -> Self {
        Self {
            guard,
            code: guard.refusal.code,
            article: Some(guard.refusal.article),
            refusal: guard.refusal.zh,
            refusal_en: guard.refusal.en,
        }
    }
}

/// One row of the table: in any state of `from`, a person with one of `roles` may take `action` when every guard holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowRule {
    pub action: Action,
    /// Empty for `submit`, which makes the case.
    pub from: &'static [State],
    /// Where it may lead; empty when the state stays.
    pub to: &'static [State],
    pub roles: &'static [Role],
    /// Whether the system takes it by itself when its time has come.
    pub timer: bool,
    #[schema(value_type = Vec<Guard>)]
    pub guards: &'static [&'static Guard],
    /// The days on which it is lawful.
    #[schema(value_type = Period)]
    pub window: &'static Period,
    #[schema(examples("《条例》第三十条"))]
    pub article: &'static str,
}

impl From<&'static Rule> for WorkflowRule {
    fn from(rule: &'static Rule) -> Self {
        Self {
            action: rule.action,
            from: rule.from,
            to: rule.to,
            roles: rule.roles,
            timer: rule.timer,
            guards: rule.guards,
            window: rule.window,
            article: rule.article,
        }
    }
}

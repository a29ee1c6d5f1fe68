//! The workflow table (流程表): who may take which action in which state, under which guard, in which legal window, by
//! which article. Transition, permission, `GET /workflow`, the diagram and the matrix test are all read from it.

use super::catalog::Action;
use super::context::Who;
use super::guard::{ALWAYS, Guard, Look, Period};
use super::state::State;
use super::{
    amendment, approval, assignment, cancellation, consultation, correction, defect, delivery, draft, ending,
    extension, fee_notice, intake, notice, ownership, reasons, remedy, review, revocation, spot, voiding,
};
use crate::domain::law::refusal::Refusal;
use crate::domain::people::access::Role;
use serde::Serialize;
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// One row: in any state of `from`, a person with one of `roles` may take `action` when every guard holds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Rule {
    pub action: Action,
    pub from: &'static [State],
    /// The states it may lead to; empty: the state stays.
    pub to: &'static [State],
    pub roles: &'static [Role],
    /// Whether a timer of the system may take it as well.
    pub timer: bool,
    pub guards: &'static [&'static Guard],
    pub window: &'static Period,
    /// The article or standard it rests on.
    pub article: &'static str,
}

use Action::*;
use Role::{
    Applicant as A, Approver as P, Clerk as C, Handler as H, Legal as L, Officer as O, Secrecy as S, Supervisor as V,
};
use State::{
    AmendmentPending as Amending, Archived, Closed, Delivered, InApproval as Approval, InProgress as Progress,
};
use State::{InReview as Review, Registered as Reg, Replied, Submitted as Sub};

const STAY: &[State] = &[];
/// From submission until the file is closed: one named owner (专人负责).
const OWNED: &[State] = &[Sub, Reg, Amending, Progress, Review, Approval, Replied, Delivered];
const HANDLED: &[State] = &[Reg, Progress, Review, Approval];
const WORKED: &[State] = &[Progress, Review, Approval];
const BEFORE_REPLY: &[State] = &[Sub, Reg, Amending, Progress, Review, Approval];
const RECEIVED: &[State] = &[
    Reg, Amending, Progress, Review, Approval, Replied, Delivered, Closed, Archived,
];
const UNARCHIVED: &[State] = &[
    Sub, Reg, Amending, Progress, Review, Approval, Replied, Delivered, Closed,
];
/// What is found out later still counts for other cases of the same people.
const ANY_STATE: &[State] = State::ALL;

/// Whatever is asked before an ending is taken back.
const REVOCABLE: &[&Guard] = &[
    &revocation::ENDED,
    &revocation::NOT_RECORDER,
    &revocation::NO_DECISION,
    &revocation::NEVER_LEFT,
];

macro_rules! rules {
    ($($action:ident: $from:expr => $to:expr, [$($role:ident)*] $($timer:literal)?, $guards:tt, &$window:path, $article:literal;)*) => {
        &[$(Rule {
            action: $action, from: $from, to: $to, roles: &[$($role),*], timer: false $(|| $timer)?,
            guards: guards!($guards), window: &$window, article: $article,
        }),*]
    };
}

macro_rules! guards {
    ([$(&$guard:path)*]) => {
        &[$(&$guard),*]
    };
    ($several:ident) => {
        $several
    };
}

/// The table. `true` after the roles: a timer may take the action too.
#[rustfmt::skip]
pub const RULES: &[Rule] = rules! {
    Submit:               &[] => &[Sub],                     [A C],    [],                                    &ALWAYS,               "《条例》第二十九条";
    RecordContactAttempt: &[Sub] => STAY,                    [C O],    [],                                    &ALWAYS,               "《条例》第三十一条";
    ConfirmSubmission:    &[Sub] => STAY,                    [A],      [&intake::UNCONFIRMED],                &ALWAYS,               "《条例》第三十一条第（三）项";
    ConfirmReceipt:       &[Sub] => &[Reg],                  [C O],    [],                                    &intake::RECEIPT,      "《条例》第三十一条";
    CloseIntake:          &[Sub] => &[Closed],               [O],      [],                                    &ALWAYS,               "《条例》第二条、第三十一条";
    Split:                &[Reg] => STAY,                    [O],      [],                                    &ALWAYS,               "一事一申请（国办函〔2020〕109号第四条）";
    Merge:                &[Reg, Progress] => &[Closed],     [O],      [&revocation::NOT_REPLACING],                                  &ALWAYS,               "《条例》第四十五条";
    Take:                 OWNED => STAY,                     [C O],    [&ownership::NOT_OWNER],               &ALWAYS,               "《条例》第四条（专人负责）";
    HandOver:             OWNED => STAY,                     [C O V],  [],                                    &ALWAYS,               "《条例》第四条（专人负责）";
    ReviewFormally:       &[Reg] => STAY,                    [O],      [],                                    &ALWAYS,               "《条例》第二十九条";
    ReviewSubstantively:  &[Reg, Progress] => &[Progress],   [O],      [&review::FORMALLY_REVIEWED],          &ALWAYS,               "《条例》第二条、第十条、第三十六条";
    RequestAmendment:     &[Reg, Progress] => &[Amending],   [O],      [&amendment::NOT_AMENDED_BEFORE &fee_notice::NONE_OUTSTANDING &remedy::NO_DAY_ORDERED &revocation::NOT_REPLACING], &amendment::NOTICE,    "《条例》第三十条";
    ReceiveAmendment:     &[Amending] => &[Reg],             [A C],    [],                                    &ALWAYS,               "《条例》第三十条";
    ReceiveAmendment:     &[Reg, Progress] => STAY,          [C O],    [&amendment::AMENDED_BEFORE],          &ALWAYS,               "《条例》第三十条";
    LapseAmendment:       &[Amending] => &[Closed],          [O] true, [],                                    &amendment::LAPSE,     "《条例》第三十条";
    Reopen:               &[Closed] => &[Reg],               [P],      [&amendment::LAPSED_FOR_AMENDMENT],    &ALWAYS,               "《条例》第三十条";
    Assign:               &[Reg, Progress] => STAY,          [O],      [],                                    &ALWAYS,               "《条例》第四十五条";
    AnswerAssignment:     &[Reg, Progress] => STAY,          [H],      [&assignment::OPEN],                   &ALWAYS,               "《条例》第三十六条第（四）项";
    ReturnAssignment:     &[Reg, Progress] => STAY,          [H],      [&assignment::OPEN],                   &ALWAYS,               "《条例》第四十五条";
    ConsultThirdParty:    &[Progress] => STAY,               [O],      [],                                    &ALWAYS,               "《条例》第三十二条";
    ConsultAgency:        &[Progress] => STAY,               [O],      [],                                    &ALWAYS,               "《条例》第三十四条";
    RecordNoticeDelivery: &[Reg, Amending, Progress, Review, Approval] => STAY, [C O],    [&notice::UNDELIVERED],                &ALWAYS,               "《条例》第三十条、第三十二条";
    ResendNotice:         &[Reg, Amending, Progress, Review, Approval] => STAY, [C O],    [&notice::UNDELIVERED],                &ALWAYS,               "《条例》第三十条、第三十二条";
    RecordOpinion:        WORKED => STAY,                    [O C],    [&consultation::OPINION_OUTSTANDING],  &ALWAYS,               "《条例》第三十二条、第三十四条";
    EndConsultation:      WORKED => STAY,                    [O],      [&consultation::OPINION_OUTSTANDING],  &ALWAYS,               "《条例》第三十二条、第三十四条";
    NotifyThirdParty:     &[Approval] => STAY,               [O],      [&consultation::OBJECTION_UNANSWERED], &ALWAYS,               "《条例》第三十二条";
    RequestReasons:       &[Progress] => STAY,               [O],      [&fee_notice::FOR_DISCLOSURE &reasons::NOT_REQUESTED], &ALWAYS,               "《条例》第三十五条";
    RecordReasons:        &[Progress] => STAY,               [O A C],  [&reasons::REQUESTED],                 &ALWAYS,               "《条例》第三十五条";
    SetDelay:             &[Progress] => STAY,               [P],      [&reasons::REASONABLE &remedy::NO_DAY_ORDERED &revocation::NOT_REPLACING],              &ALWAYS,               "《条例》第三十五条";
    ReviewSecrecy:        &[Progress] => STAY,               [S],      [&draft::DRAFTED &draft::NOT_DRAFTER], &ALWAYS,               "《条例》第十七条";
    ProposeExtension:     HANDLED => STAY,                   [O],      [&extension::UNUSED &extension::DUE_DATE_KNOWN &extension::DUE_DATE_COUNTED], &extension::PERIOD,    "《条例》第三十三条第二款";
    ApproveExtension:     HANDLED => STAY,                   [P],      [&extension::PROPOSED &extension::NOT_PROPOSER &extension::DUE_DATE_KNOWN &extension::DUE_DATE_COUNTED], &extension::PERIOD,    "《条例》第三十三条第二款";
    RejectExtension:      HANDLED => STAY,                   [P],      [&extension::PROPOSED],                &ALWAYS,               "《条例》第三十三条第二款";
    IssueFeeNotice:       &[Progress] => STAY,               [O],      [&fee_notice::FOR_DISCLOSURE &fee_notice::NONE_BEFORE &extension::DUE_DATE_KNOWN &remedy::NO_DAY_ORDERED], &fee_notice::NOTICE,   "国办函〔2020〕109号第六条";
    RecordPayment:        &[Progress] => STAY,               [C],      [&fee_notice::OUTSTANDING],            &ALWAYS,               "国办函〔2020〕109号第六条";
    LapseFee:             &[Progress] => &[Closed],          [O] true, [&fee_notice::OUTSTANDING],            &fee_notice::LAPSE,    "国办函〔2020〕109号第六条";
    ChangeContact:        UNARCHIVED => STAY,                [A C O],  [],                                    &ALWAYS,               "《条例》第二十九条";
    AddParty:             BEFORE_REPLY => STAY,              [C O],    [],                                    &ALWAYS,               "《条例》第二十九条";
    RemoveParty:          BEFORE_REPLY => STAY,              [C O],    [],                                    &ALWAYS,               "《条例》第二十九条";
    NarrowRequest:        BEFORE_REPLY => STAY,              [A C O],  [],                                    &ALWAYS,               "《条例》第二十九条";
    SucceedParty:         UNARCHIVED => STAY,                [C O],    [],                                    &ALWAYS,               "《条例》第二十九条";
    Withdraw:             BEFORE_REPLY => &[Closed],         [A C],    [&ending::OTHERS_WITHDRAW_TOO],        &ALWAYS,               "《条例》第四十五条";
    DraftReply:           &[Progress] => STAY,               [O],      [],                                    &ALWAYS,               "《条例》第三十六条至第四十一条";
    EditDraft:            &[Progress] => STAY,               [O],      [&draft::DRAFTED],                     &ALWAYS,               "《条例》第三十六条、第四十五条";
    EditDraft:            &[Review] => STAY,                 [L],      [&draft::DRAFTED],                     &ALWAYS,               "《条例》第十七条、第四十五条";
    SubmitForLegalReview: &[Progress] => &[Review],          [O],      [&draft::DRAFTED &draft::SECRECY_CLEARED], &ALWAYS,               "《条例》第十七条";
    ReviewLegally:        &[Review] => &[Review, Progress],  [L],      [&approval::LEGAL_REVIEW_OUTSTANDING], &ALWAYS,               "《条例》第十七条";
    SubmitForApproval:    &[Review] => &[Approval],          [O],      [&draft::DRAFTED &draft::SECRECY_CLEARED &approval::LEGALLY_PASSED &defect::KIND_KNOWN], &ALWAYS,               "《条例》第十七条";
    SubmitForApproval:    &[Progress] => &[Approval],        [O],      [&draft::DRAFTED &draft::SECRECY_CLEARED &approval::EVERYTHING_GRANTED &defect::KIND_KNOWN], &ALWAYS,               "《条例》第十七条";
    SubmitForApproval:    &[Progress] => &[Approval],        [O],      [&draft::DRAFTED &draft::SECRECY_CLEARED &approval::LEGALLY_PASSED &defect::KIND_KNOWN], &ALWAYS,               "《条例》第十七条";
    ApproveReply:         &[Approval] => STAY,               [P],      [&approval::NOT_APPROVED &draft::NOT_DRAFTER], &ALWAYS,               "《条例》第四条、第十七条";
    ReturnReply:          &[Approval] => &[Progress],        [P],      [],                                    &ALWAYS,               "《条例》第十七条";
    IssueReply:           &[Approval] => &[Replied],         [O],      [&approval::APPROVED &consultation::OBJECTORS_TOLD], &ALWAYS,               "《条例》第三十三条、第三十六条";
    DispatchReply:        &[Replied] => STAY,                [C O],    [],                                    &ALWAYS,               "国办公开办函〔2016〕235号第四点";
    RecordDelivery:       &[Replied] => &[Delivered, Replied], [C O A],  [],                                    &ALWAYS,               "国办公开办函〔2016〕235号第四点";
    RecordDelivery:       &[Delivered] => STAY,              [C O],    [&delivery::UNANSWERED],               &ALWAYS,               "国办公开办函〔2016〕235号第四点";
    RecordDelivery:       &[Closed] => STAY,                 [C O],    [&intake::EVER_RECEIVED],              &ALWAYS,               "国办公开办函〔2016〕235号第四点";
    ReplyOnTheSpot:       &[Sub, Reg] => &[Replied],         [O],      [&fee_notice::FOR_DISCLOSURE &defect::KIND_KNOWN], &spot::ON_THE_SPOT,     "《条例》第三十三条第一款";
    Archive:              &[Delivered, Closed] => &[Archived], [C O],    [&correction::NONE_PROPOSED],          &ALWAYS,               "《条例》第四十五条";
    Archive:              &[Replied] => &[Archived],         [C O],    [&delivery::FAILED &delivery::ANNOUNCED &correction::NONE_PROPOSED], &ALWAYS,               "《条例》第四十五条";
    Archive:              &[Replied] => &[Archived],         [P],      [&correction::NONE_PROPOSED],          &ALWAYS,               "《条例》第四十五条";
    RevokeEnding:         &[Closed] => BEFORE_REPLY,         [P],      REVOCABLE,                             &ALWAYS,               "《条例》第三十条、第四十五条";
    RevokeEnding:         &[Replied] => &[Reg, Approval],    [P],      REVOCABLE,                             &ALWAYS,               "《条例》第四十五条";
    RevokeEnding:         &[Delivered] => STAY,              [P],      REVOCABLE,                             &ALWAYS,               "《条例》第四十五条";
    RevokeEnding:         &[Archived] => &[Replied, Delivered, Closed], [P], REVOCABLE,                       &ALWAYS,               "《条例》第四十五条";
    ReplaceReply:         &[Replied, Delivered] => &[Progress], [P],   [&revocation::LEFT],                   &ALWAYS,               "《条例》第四十五条";
    FileRemedy:           RECEIVED => STAY,                  [O],      [],                                    &ALWAYS,               "《条例》第五十一条";
    DecideRemedy:         RECEIVED => STAY,                  [O],      [&remedy::OPEN],                       &ALWAYS,               "《条例》第五十一条";
    DecideRemedy:         RECEIVED => &[Progress],           [O],      [&remedy::OPEN],                       &ALWAYS,               "《条例》第五十一条";
    VoidRemedy:           RECEIVED => STAY,                  [O],      [&voiding::ENTERED],                   &ALWAYS,               "《条例》第四十五条";
    ConfirmVoidRemedy:    RECEIVED => STAY,                  [P],      [&voiding::PROPOSED],                  &ALWAYS,               "《条例》第四十五条";
    RejectVoidRemedy:     RECEIVED => STAY,                  [P],      [&voiding::PROPOSED],                  &ALWAYS,               "《条例》第四十五条";
    CancelInstrument:     RECEIVED => STAY,                  [P],      [&cancellation::CANCELLABLE],          &ALWAYS,               "《条例》第四十五条";
    NoteForceMajeure:     BEFORE_REPLY => STAY,              [C O],    [],                                    &ALWAYS,               "《条例》第三十三条";
    VerifyIdentity:       ANY_STATE => STAY,                 [C O],    [],                                    &ALWAYS,               "《条例》第二十九条";
    JoinPersons:          ANY_STATE => STAY,                 [O],      [],                                    &ALWAYS,               "《条例》第二十九条";
    PartPersons:          ANY_STATE => STAY,                 [O],      [],                                    &ALWAYS,               "《条例》第二十九条";
    AddDocument:          UNARCHIVED => STAY,                [A C O H S L P], [],                              &ALWAYS,               "《条例》第四十五条";
    CorrectFact:          UNARCHIVED => STAY,                [O],      [],                                    &ALWAYS,               "《条例》第四十五条";
    ConfirmCorrection:    UNARCHIVED => STAY,                [P],      [&correction::PROPOSED],               &ALWAYS,               "《条例》第四十五条";
    RejectCorrection:     UNARCHIVED => STAY,                [P],      [&correction::PROPOSED],               &ALWAYS,               "《条例》第四十五条";
};

/// Every condition that the table may name, in the order in which they are told.
pub const GUARDS: &[&Guard] = &[
    &fee_notice::FOR_DISCLOSURE,
    &intake::UNCONFIRMED,
    &ownership::NOT_OWNER,
    &review::FORMALLY_REVIEWED,
    &amendment::NOT_AMENDED_BEFORE,
    &amendment::AMENDED_BEFORE,
    &fee_notice::NONE_OUTSTANDING,
    &amendment::LAPSED_FOR_AMENDMENT,
    &assignment::OPEN,
    &notice::UNDELIVERED,
    &consultation::OPINION_OUTSTANDING,
    &consultation::OBJECTION_UNANSWERED,
    &reasons::NOT_REQUESTED,
    &reasons::REQUESTED,
    &reasons::REASONABLE,
    &draft::DRAFTED,
    &draft::NOT_DRAFTER,
    &extension::UNUSED,
    &extension::DUE_DATE_KNOWN,
    &extension::DUE_DATE_COUNTED,
    &remedy::NO_DAY_ORDERED,
    &extension::PROPOSED,
    &extension::NOT_PROPOSER,
    &fee_notice::NONE_BEFORE,
    &fee_notice::OUTSTANDING,
    &draft::SECRECY_CLEARED,
    &approval::LEGAL_REVIEW_OUTSTANDING,
    &approval::LEGALLY_PASSED,
    &approval::EVERYTHING_GRANTED,
    &defect::KIND_KNOWN,
    &approval::NOT_APPROVED,
    &approval::APPROVED,
    &consultation::OBJECTORS_TOLD,
    &intake::EVER_RECEIVED,
    &delivery::FAILED,
    &delivery::ANNOUNCED,
    &delivery::UNANSWERED,
    &revocation::ENDED,
    &revocation::NOT_RECORDER,
    &revocation::NO_DECISION,
    &revocation::NEVER_LEFT,
    &revocation::NOT_REPLACING,
    &revocation::LEFT,
    &remedy::OPEN,
    &ending::OTHERS_WITHDRAW_TOO,
    &voiding::ENTERED,
    &voiding::PROPOSED,
    &cancellation::CANCELLABLE,
    &correction::PROPOSED,
    &correction::NONE_PROPOSED,
];

/// Every period that the table may name.
pub const PERIODS: &[&Period] = &[
    &ALWAYS,
    &intake::RECEIPT,
    &spot::ON_THE_SPOT,
    &amendment::NOTICE,
    &amendment::LAPSE,
    &extension::PERIOD,
    &fee_notice::NOTICE,
    &fee_notice::LAPSE,
];

impl Rule {
    /// Whether it gives its action to one of the roles.
    pub fn is_for(&self, who: &Who) -> bool {
        (who.timer && self.timer) || self.roles.iter().any(|role| who.roles.contains(role))
    }

    /// # Errors
    /// The refusal of the first guard that does not hold, or of a day outside the period.
    pub fn check(&self, look: &Look<'_>) -> Result<(), Refusal> {
        self.guards.iter().try_for_each(|guard| guard.check(look))?;
        self.window.check(look)
    }
}

impl Who {
    /// Whether any row of the table gives this action to one of the roles.
    pub fn has_action(&self, action: Action) -> bool {
        rules_of(action).iter().any(|rule| rule.is_for(self))
    }
}

/// The rows of each action, in the order of the procedure: those of one stand together.
pub fn by_action() -> impl Iterator<Item = &'static [Rule]> {
    RULES.chunk_by(|one, next| one.action == next.action)
}

/// The rows of one action.
pub fn rules_of(action: Action) -> &'static [Rule] {
    let mut actions = by_action();
    let found = actions.find(|rules| rules.first().is_some_and(|rule| rule.action == action));
    found.unwrap_or_default()
}

/// In the contract both are enumerations of their names.
macro_rules! schema {
    ($($type:ident as $name:literal, $description:literal, $all:ident;)*) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let names = $all.iter().map(|one| one.name);
                let schema = ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some($description))
                    .enum_values(Some(names));
                RefOr::T(Schema::Object(schema.build()))
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                $name.into()
            }
        }
    )*};
}

schema! {
    Guard as "Guard", "A condition that must hold before an action.", GUARDS;
    Period as "WindowKind", "The days on which an action is lawful.", PERIODS;
}

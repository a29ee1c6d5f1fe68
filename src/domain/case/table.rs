//! The workflow table (流程表): who may take which action in which state, under which guard, in which legal window, by
//! which article. Transition, permission, `GET /workflow`, the diagram and the matrix test are all read from it.

use super::command::Action;
use super::guard::{Guard, WindowKind};
use super::state::State;
use crate::domain::people::access::Role;
use serde::Serialize;

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
    pub guards: &'static [Guard],
    pub window: WindowKind,
    /// The article or standard it rests on.
    pub article: &'static str,
}

use Action::*;
use Guard::*;
use Role::{
    Applicant as A, Approver as P, Clerk as C, Handler as H, Legal as L, Officer as O, Secrecy as S, Supervisor as V,
};
use State::{
    AmendmentPending as Amending, Archived, Closed, Delivered, InApproval as Approval, InProgress as Progress,
};
use State::{InReview as Review, Registered as Reg, Replied, Submitted as Sub};
use WindowKind as W;

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

macro_rules! rules {
    ($($action:ident: $from:expr => $to:expr, [$($role:ident)*] $($timer:literal)?, [$($guard:ident)*], $window:expr, $article:literal;)*) => {
        &[$(Rule {
            action: $action, from: $from, to: $to, roles: &[$($role),*], timer: false $(|| $timer)?,
            guards: &[$($guard),*], window: $window, article: $article,
        }),*]
    };
}

/// The table. `true` after the roles: a timer may take the action too.
#[rustfmt::skip]
pub const RULES: &[Rule] = rules! {
    Submit:               &[] => &[Sub],                          [A C],   [],                                    W::Always,        "《条例》第二十九条";
    RecordContactAttempt: &[Sub] => STAY,                         [C O],   [],                                    W::Always,        "《条例》第三十一条";
    ConfirmSubmission:    &[Sub] => STAY,                         [A],     [Unconfirmed],                         W::Always,        "《条例》第三十一条第（三）项";
    ConfirmReceipt:       &[Sub] => &[Reg],                       [C O],   [],                                    W::Receipt,       "《条例》第三十一条";
    CloseIntake:          &[Sub] => &[Closed],                    [O],     [],                                    W::Always,        "《条例》第二条、第三十一条";
    Split:                &[Reg] => STAY,                         [O],     [],                                    W::Always,        "一事一申请（国办函〔2020〕109号第四条）";
    Merge:                &[Reg, Progress] => &[Closed],          [O],     [],                                    W::Always,        "《条例》第四十五条";
    Take:                 OWNED => STAY,                          [C O],   [NotOwner],                            W::Always,        "《条例》第四条（专人负责）";
    HandOver:             OWNED => STAY,                          [C O V], [],                                    W::Always,        "《条例》第四条（专人负责）";
    ReviewFormally:       &[Reg] => STAY,                         [O],     [],                                    W::Always,        "《条例》第二十九条";
    ReviewSubstantively:  &[Reg, Progress] => &[Progress],        [O],     [FormallyReviewed],                    W::Always,        "《条例》第二条、第十条、第三十六条";
    RequestAmendment:     &[Reg, Progress] => &[Amending],        [O],     [NotAmendedBefore NoFeeOutstanding],   W::AmendmentNotice, "《条例》第三十条";
    ReceiveAmendment:     &[Amending] => &[Reg],                  [A C],   [],                                    W::Always,        "《条例》第三十条";
    LapseAmendment:       &[Amending] => &[Closed],               [O] true, [],                                   W::AmendmentLapse, "《条例》第三十条";
    Reopen:               &[Closed] => &[Reg],                    [P],     [LapsedForAmendment],                  W::Always,        "《条例》第三十条";
    Assign:               &[Reg, Progress] => STAY,               [O],     [],                                    W::Always,        "《条例》第四十五条";
    AnswerAssignment:     &[Reg, Progress] => STAY,               [H],     [AssignmentOpen],                      W::Always,        "《条例》第三十六条第（四）项";
    ReturnAssignment:     &[Reg, Progress] => STAY,               [H],     [AssignmentOpen],                      W::Always,        "《条例》第四十五条";
    ConsultThirdParty:    &[Progress] => STAY,                    [O],     [],                                    W::Always,        "《条例》第三十二条";
    ConsultAgency:        &[Progress] => STAY,                    [O],     [],                                    W::Always,        "《条例》第三十四条";
    RecordNoticeDelivery: &[Reg, Amending, Progress, Review, Approval] => STAY, [C O], [NoticeUndelivered],       W::Always,        "《条例》第三十条、第三十二条";
    RecordOpinion:        WORKED => STAY,                         [O C],   [OpinionOutstanding],                  W::Always,        "《条例》第三十二条、第三十四条";
    EndConsultation:      WORKED => STAY,                         [O],     [OpinionOutstanding],                  W::Always,        "《条例》第三十二条、第三十四条";
    NotifyThirdParty:     &[Approval] => STAY,                    [O],     [ObjectionUnanswered],                 W::Always,        "《条例》第三十二条";
    RequestReasons:       &[Progress] => STAY,                    [O],     [ForDisclosure ReasonsNotRequested],   W::Always,        "《条例》第三十五条";
    RecordReasons:        &[Progress] => STAY,                    [O A C], [ReasonsOutstanding],                  W::Always,        "《条例》第三十五条";
    SetDelay:             &[Progress] => STAY,                    [P],     [ReasonsReasonable],                   W::Always,        "《条例》第三十五条";
    ReviewSecrecy:        &[Progress] => STAY,                    [S],     [Drafted NotDrafter],                  W::Always,        "《条例》第十七条";
    ProposeExtension:     HANDLED => STAY,                        [O],     [ExtensionUnused DueDateKnown],        W::Extension,     "《条例》第三十三条第二款";
    ApproveExtension:     HANDLED => STAY,                        [P],     [ExtensionProposed NotProposer DueDateKnown], W::Extension, "《条例》第三十三条第二款";
    RejectExtension:      HANDLED => STAY,                        [P],     [ExtensionProposed],                   W::Always,        "《条例》第三十三条第二款";
    IssueFeeNotice:       &[Progress] => STAY,                    [O],     [ForDisclosure NoFeeBefore DueDateKnown], W::FeeNotice,     "国办函〔2020〕109号第六条";
    RecordPayment:        &[Progress] => STAY,                    [C],     [FeeOutstanding],                      W::Always,        "国办函〔2020〕109号第六条";
    LapseFee:             &[Progress] => &[Closed],               [O] true, [FeeOutstanding],                     W::FeeLapse,      "国办函〔2020〕109号第六条";
    Withdraw:             BEFORE_REPLY => &[Closed],              [A C],   [],                                    W::Always,        "《条例》第四十五条";
    DraftReply:           &[Progress] => STAY,                    [O],     [],                                    W::Always,        "《条例》第三十六条至第四十一条";
    SubmitForLegalReview: &[Progress] => &[Review],               [O],     [Drafted SecrecyCleared],              W::Always,        "《条例》第十七条";
    ReviewLegally:        &[Review] => &[Review, Progress],       [L],     [LegalReviewOutstanding],              W::Always,        "《条例》第十七条";
    SubmitForApproval:    &[Review] => &[Approval],               [O],     [Drafted SecrecyCleared LegallyPassed], W::Always,       "《条例》第十七条";
    SubmitForApproval:    &[Progress] => &[Approval],             [O],     [Drafted SecrecyCleared EverythingGranted], W::Always,   "《条例》第十七条";
    ApproveReply:         &[Approval] => STAY,                    [P],     [NotApproved NotDrafter],              W::Always,        "《条例》第四条、第十七条";
    ReturnReply:          &[Approval] => &[Progress],             [P],     [],                                    W::Always,        "《条例》第十七条";
    IssueReply:           &[Approval] => &[Replied],              [O],     [Approved ObjectorsTold],              W::Always,        "《条例》第三十三条、第三十六条";
    RecordDelivery:       &[Replied] => &[Delivered, Replied],    [C O A], [],                                    W::Always,        "国办公开办函〔2016〕235号第四点";
    RecordDelivery:       &[Closed] => STAY,                      [C O],   [EverReceived],                        W::Always,        "国办公开办函〔2016〕235号第四点";
    ReplyOnTheSpot:       &[Sub, Reg] => &[Replied],              [O],     [ForDisclosure],                       W::OnTheSpot,     "《条例》第三十三条第一款";
    Archive:              &[Delivered, Closed] => &[Archived],    [C O],   [NoCorrectionProposed],                W::Always,        "《条例》第四十五条";
    Archive:              &[Replied] => &[Archived],              [C O],   [DeliveryFailed NoCorrectionProposed], W::Always,        "《条例》第四十五条";
    FileRemedy:           RECEIVED => STAY,                       [O],     [],                                    W::Always,        "《条例》第五十一条";
    DecideRemedy:         RECEIVED => STAY,                       [O],     [RemedyOpen],                          W::Always,        "《条例》第五十一条";
    DecideRemedy:         RECEIVED => &[Progress],                [O],     [RemedyOpen],                          W::Always,        "《条例》第五十一条";
    CorrectFact:          UNARCHIVED => STAY,                     [O],     [],                                    W::Always,        "《条例》第四十五条";
    ConfirmCorrection:    UNARCHIVED => STAY,                     [P],     [CorrectionProposed],                  W::Always,        "《条例》第四十五条";
    RejectCorrection:     UNARCHIVED => STAY,                     [P],     [CorrectionProposed],                  W::Always,        "《条例》第四十五条";
};

/// The rows of one action.
pub fn rules_of(action: Action) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(move |rule| rule.action == action)
}

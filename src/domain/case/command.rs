//! Commands: what a person or a timer may ask of a case, with the fields of each.
//!
//! The list in [`actions!`] is the only place that names an action; the table in [`super::table`] says who may do it when.

use super::fields::*;
use crate::domain::words::{json, text::FieldError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

macro_rules! actions {
    ($($variant:ident $code:literal $fields:ty, $zh:literal, $en:literal;)*) => {
        /// An action of the workflow (动作), named by a lower_snake code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Action {
            #[serde(rename = "submit")]
            Submit,
            $(#[serde(rename = $code)] $variant,)*
        }

        // Written out, because the derive does not see a name that a macro gives.
        impl utoipa::PartialSchema for Action {
            fn schema() -> RefOr<Schema> {
                let schema = ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some("An action of the workflow (动作)."))
                    .enum_values(Some(Self::ALL.iter().map(|action| action.code())));
                RefOr::T(Schema::Object(schema.build()))
            }
        }

        impl utoipa::ToSchema for Action {}

        impl Action {
            /// Every action, in the order of the procedure.
            pub const ALL: &'static [Self] = &[Self::Submit, $(Self::$variant),*];

            pub fn code(self) -> &'static str {
                match self { Self::Submit => "submit", $(Self::$variant => $code),* }
            }

            pub fn label(self) -> &'static str {
                match self { Self::Submit => "提交申请", $(Self::$variant => $zh),* }
            }

            pub fn label_en(self) -> &'static str {
                match self { Self::Submit => "Submit the application", $(Self::$variant => $en),* }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                match code { "submit" => Some(Self::Submit), $($code => Some(Self::$variant),)* _ => None }
            }
        }

        /// One command on an existing case: the action with its fields.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Command { $($variant($fields)),* }

        impl Command {
            pub fn action(&self) -> Action {
                match self { $(Self::$variant(_) => Action::$variant),* }
            }

            fn parse_fields(action: Action, value: &Value) -> Result<Self, FieldError> {
                match action {
                    Action::Submit => Err(FieldError::new(
                        "/action",
                        "提交申请请使用 POST /api/v1/requests（在线）或 POST /api/v1/cases（窗口登记）。",
                        "Submit through POST /api/v1/requests (online) or POST /api/v1/cases (at the counter).",
                    )),
                    $(Action::$variant => json::parse::<$fields>(value, "").map(Self::$variant),)*
                }
            }
        }

        /// The fields of every action as OpenAPI schemas, in the order of [`Action::ALL`] without `submit`.
        pub fn field_schemas() -> Vec<(Action, utoipa::openapi::RefOr<utoipa::openapi::Schema>)> {
            vec![$((Action::$variant, <$fields as utoipa::PartialSchema>::schema())),*]
        }

        /// The component schemas that [`field_schemas`] refers to.
        pub fn referenced_schemas() -> Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)> {
            let mut schemas = Vec::new();
            $(<$fields as utoipa::ToSchema>::schemas(&mut schemas);)*
            schemas
        }
    };
}

actions! {
    RecordContactAttempt "record_contact_attempt" RecordContactAttempt, "记录联系情况", "Record a contact attempt";
    ConfirmSubmission "confirm_submission" ConfirmSubmission, "申请人确认提交", "Confirm the submission";
    ConfirmReceipt "confirm_receipt" ConfirmReceipt, "登记收到", "Confirm receipt";
    CloseIntake "close_intake" CloseIntake, "不予登记并结束", "Close at intake";
    Split "split" Split, "拆分（一事一申请）", "Split";
    Merge "merge" Merge, "并案", "Merge into another case";
    Take "take" Take, "认领", "Take the case";
    HandOver "hand_over" HandOver, "移交经办人", "Hand over";
    ReviewFormally "review_formally" ReviewFormally, "形式审核", "Review formally";
    ReviewSubstantively "review_substantively" ReviewSubstantively, "实质审核", "Review substantively";
    RequestAmendment "request_amendment" RequestAmendment, "补正告知", "Request an amendment";
    ReceiveAmendment "receive_amendment" ReceiveAmendment, "收到补正", "Receive the amendment";
    LapseAmendment "lapse_amendment" LapseAmendment, "逾期未补正，不再处理", "Lapse for want of amendment";
    Reopen "reopen" Reopen, "恢复办理", "Reopen";
    Assign "assign" Assign, "交业务科室", "Assign to a unit";
    AnswerAssignment "answer_assignment" AnswerAssignment, "科室反馈检索结果", "Answer the assignment";
    ReturnAssignment "return_assignment" ReturnAssignment, "科室退回", "Return the assignment";
    ConsultThirdParty "consult_third_party" ConsultThirdParty, "征求第三方意见", "Consult a third party";
    ConsultAgency "consult_agency" ConsultAgency, "征求其他机关意见", "Consult another agency";
    RecordNoticeDelivery "record_notice_delivery" RecordNoticeDelivery, "登记文书送达", "Record the delivery of a notice";
    RecordOpinion "record_opinion" RecordOpinion, "登记反馈意见", "Record an opinion";
    EndConsultation "end_consultation" EndConsultation, "结束征求意见", "End a consultation";
    NotifyThirdParty "notify_third_party" NotifyThirdParty, "告知第三方公开决定", "Tell the third party of the release";
    RequestReasons "request_reasons" RequestReasons, "要求说明理由", "Request reasons";
    RecordReasons "record_reasons" RecordReasons, "登记理由", "Record the reasons";
    SetDelay "set_delay" SetDelay, "确定延迟答复期限", "Set a later date";
    ReviewSecrecy "review_secrecy" ReviewSecrecy, "保密审查", "Review secrecy";
    ProposeExtension "propose_extension" ProposeExtension, "提请延期", "Propose an extension";
    ApproveExtension "approve_extension" ApproveExtension, "批准延期", "Approve the extension";
    RejectExtension "reject_extension" RejectExtension, "不批准延期", "Reject the extension";
    IssueFeeNotice "issue_fee_notice" IssueFeeNotice, "发出收费通知", "Issue a fee notice";
    RecordPayment "record_payment" RecordPayment, "登记缴费", "Record a payment";
    LapseFee "lapse_fee" LapseFee, "逾期未缴费，不再处理", "Lapse for want of payment";
    Withdraw "withdraw" Withdraw, "撤回申请", "Withdraw";
    DraftReply "draft_reply" DraftReply, "拟制答复", "Draft the reply";
    SubmitForLegalReview "submit_for_legal_review" SubmitForLegalReview, "送法制审核", "Submit for legal review";
    ReviewLegally "review_legally" ReviewLegally, "法制审核", "Review legally";
    SubmitForApproval "submit_for_approval" SubmitForApproval, "送签发", "Submit for approval";
    ApproveReply "approve_reply" ApproveReply, "签发答复", "Approve the reply";
    ReturnReply "return_reply" ReturnReply, "退回修改", "Return the reply";
    IssueReply "issue_reply" IssueReply, "发出答复", "Issue the reply";
    RecordDelivery "record_delivery" RecordDelivery, "登记答复送达", "Record the delivery of the reply";
    ReplyOnTheSpot "reply_on_the_spot" ReplyOnTheSpot, "当场答复", "Reply on the spot";
    Archive "archive" Archive, "归档", "Archive";
    FileRemedy "file_remedy" FileRemedy, "登记复议或诉讼", "File a remedy";
    DecideRemedy "decide_remedy" DecideRemedy, "登记复议或诉讼结果", "Record the decision on a remedy";
    CorrectFact "correct_fact" CorrectFact, "提请更正记录", "Propose a correction of the record";
    ConfirmCorrection "confirm_correction" ConfirmCorrection, "确认更正记录", "Confirm the correction";
    RejectCorrection "reject_correction" RejectCorrection, "不同意更正记录", "Reject the correction";
}

/// A command with its legal date and, for a date before today, the reason for the late entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Instruction {
    pub command: Command,
    /// Date of legal effect; `None` means today.
    pub on: Option<NaiveDate>,
    pub late_entry_reason: Option<String>,
}

/// The action a body names, before its fields are read: permission is checked in between.
///
/// # Errors
/// A field error on `/action` when it is absent or unknown.
pub fn action_of(body: &Value) -> Result<Action, FieldError> {
    let Some(fields) = body.as_object() else {
        return Err(FieldError::new(
            "",
            "请求体应为一个 JSON 对象，并含 action 字段。",
            "The body must be a JSON object with the field `action`.",
        ));
    };
    let Some(value) = fields.get("action") else {
        return Err(FieldError::missing("/action"));
    };
    value
        .as_str()
        .and_then(Action::from_code)
        .filter(|action| *action != Action::Submit)
        .ok_or_else(|| {
            FieldError::new(
                "/action",
                "没有这个动作。可用的动作见 GET /api/v1/workflow。",
                "There is no such action; GET /api/v1/workflow lists them.",
            )
        })
}

impl Instruction {
    /// Reads the body of an action: `{action, …fields, occurred_on?, late_entry_reason?}`.
    ///
    /// # Errors
    /// The fields that are missing, unknown, of the wrong type, or impossible by themselves.
    pub fn parse(body: Value) -> Result<Self, Vec<FieldError>> {
        let action = action_of(&body).map_err(|error| vec![error])?;
        let Value::Object(mut fields) = body else {
            return Err(vec![FieldError::missing("/action")]);
        };
        fields.remove("action");
        let occurred_on: Option<NaiveDate> = take(&mut fields, "occurred_on").map_err(|e| vec![e])?;
        let late_entry_reason: Option<String> = take(&mut fields, "late_entry_reason").map_err(|e| vec![e])?;
        let command = Command::parse_fields(action, &Value::Object(fields)).map_err(|error| vec![error])?;
        let mut errors = Vec::new();
        command.check(&mut errors);
        if let Some(reason) = &late_entry_reason {
            crate::domain::words::text::check_text("/late_entry_reason", reason, 500, &mut errors);
        }
        let own = command.own_date();
        if own.is_some() && occurred_on.is_some() {
            let field = own.map_or("", |(name, _)| name);
            errors.push(FieldError::new(
                "/occurred_on",
                format!("这个动作以 {field} 为准，请不要再填 occurred_on。"),
                format!("This action is dated by `{field}`; leave `occurred_on` out."),
            ));
        }
        if errors.is_empty() {
            Ok(Self {
                on: own.map(|(_, date)| date).or(occurred_on),
                command,
                late_entry_reason,
            })
        } else {
            Err(errors)
        }
    }

    /// The pointer of the field that carries the legal date.
    pub fn date_pointer(&self) -> String {
        format!("/{}", self.command.own_date().map_or("occurred_on", |(name, _)| name))
    }
}

fn take<T: serde::de::DeserializeOwned>(
    fields: &mut serde_json::Map<String, Value>,
    name: &str,
) -> Result<Option<T>, FieldError> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => json::parse(&value, &format!("/{name}")).map(Some),
    }
}

/// Whether an action is always dated by a field of its own, so that `occurred_on` is out of place.
pub fn has_own_date(action: Action) -> bool {
    matches!(
        action,
        Action::RecordContactAttempt
            | Action::ConfirmReceipt
            | Action::RequestAmendment
            | Action::ReceiveAmendment
            | Action::ConsultThirdParty
            | Action::ConsultAgency
            | Action::RecordNoticeDelivery
            | Action::RecordOpinion
            | Action::EndConsultation
            | Action::NotifyThirdParty
            | Action::ApproveExtension
            | Action::IssueFeeNotice
            | Action::RecordPayment
            | Action::RecordDelivery
            | Action::ReplyOnTheSpot
            | Action::FileRemedy
            | Action::DecideRemedy
    )
}

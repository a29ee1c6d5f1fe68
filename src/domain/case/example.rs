//! One complete example of each action, for the contract and for tests: what a clerk would send on `day`.

use super::command::Action;
use chrono::NaiveDate;
use serde_json::{Value, json};

const ID: &str = "01997000-0000-7000-8000-000000000001";

/// A body that [`super::Instruction::parse`] takes.
pub fn example(action: Action, day: NaiveDate) -> Value {
    let later = day.checked_add_days(chrono::Days::new(20)).unwrap_or(day);
    let mut body = match action {
        Action::RecordContactAttempt => json!({"on": day, "means": "phone", "result": "电话无人接听"}),
        Action::ConfirmReceipt => {
            json!({"received_on": day, "evidence": {"means": "phone", "by": "林晓", "note": "申请人来电确认"}})
        }
        Action::CloseIntake => json!({"reason": "unreachable", "note": "三次联系均未接通"}),
        Action::Split => json!({"parts": [
            {"title": "补偿安置方案", "features": "2025年批准的某地块征收补偿安置方案"},
            {"title": "社会稳定风险评估报告", "features": "同一地块的社会稳定风险评估报告"},
        ]}),
        Action::Merge => json!({"into_case_id": ID, "reason": "同一申请人就同一事项提出的申请"}),
        Action::HandOver => json!({"user_id": ID, "reason": "岗位调整"}),
        Action::ReviewFormally => {
            json!({"checks": {"name": true, "contact": true, "content": true, "form": true, "identity": true}})
        }
        Action::ReviewSubstantively => json!({"checks": {
            "relevant": true, "government_information": true, "held_by_us": true, "needs_processing": false,
            "already_public": false,
        }}),
        Action::RequestAmendment => {
            json!({"notified_on": day, "defects": ["请写明所需信息的名称、文号或者其他特征"], "respond_by": later})
        }
        Action::ReceiveAmendment => json!({
            "received_on": day,
            "description": {"title": "某地块征收补偿安置方案", "features": "2025年批准，征收决定文号见附件"},
        }),
        Action::Reopen => json!({"reason": "申请人因住院未能按期补正，已提交证明"}),
        Action::Assign => json!({"unit_id": ID, "due_on": later, "note": "请检索并反馈"}),
        Action::AnswerAssignment => json!({
            "assignment_id": "assignment-5", "result": "found",
            "search": {
                "scope": "2024年至2025年征收档案", "systems": ["档案管理系统", "公文系统"],
                "keywords": ["征收", "补偿方案"], "searched_by": "周志强", "searched_on": day,
            },
        }),
        Action::ReturnAssignment => json!({"assignment_id": "assignment-5", "reason": "不属于本科室职责"}),
        Action::ConsultThirdParty => json!({
            "party": {"name": "澄溪某建材有限公司", "address": "澄溪县工业路8号"},
            "concerning": "贵公司报送的评估报告", "sent_on": day,
        }),
        Action::ConsultAgency => json!({
            "agency_name": "澄溪县自然资源局", "concerning": "共同制作的补偿方案", "joint": true, "sent_on": day,
        }),
        Action::RecordNoticeDelivery => json!({
            "target": "consultation", "id": "consultation-7", "delivered_on": day, "method": "邮政特快专递",
            "proof": "EMS 1234567890123",
        }),
        Action::RecordOpinion => json!({
            "consultation_id": "consultation-7", "received_on": day, "opinion": "object", "reason": "涉及商业秘密",
        }),
        Action::EndConsultation => {
            json!({"consultation_id": "consultation-7", "ended_on": day, "reason": "undeliverable"})
        }
        Action::NotifyThirdParty => json!({
            "consultation_id": "consultation-7", "reason": "不公开可能对公共利益造成重大影响", "sent_on": day,
        }),
        Action::RequestReasons => json!({"respond_by": later}),
        Action::RecordReasons => json!({"received_on": day, "reasons": "用于历史研究", "reasonable": true}),
        Action::SetDelay => json!({"until": later, "reason": "需要查阅的档案数量较大"}),
        Action::ReviewSecrecy => json!({"verdicts": [{"item": 0, "verdict": "release"}]}),
        Action::ProposeExtension => json!({"working_days": 20, "reason": "档案调阅需要较长时间"}),
        Action::ApproveExtension => json!({"notified_on": day}),
        Action::RejectExtension => json!({"reason": "可以在期限内答复"}),
        Action::IssueFeeNotice => json!({"scheme": "per_page", "count": 120, "issued_on": day, "delivered_on": day}),
        Action::RecordPayment => json!({"paid_on": day, "amount_yuan": 1100, "reference": "财政票据 0012345"}),
        Action::Withdraw => json!({"reason": "已通过其他途径获得"}),
        Action::DraftReply => json!({"items": [
            {"description": "补偿安置方案", "outcome": "granted", "where": "县政府网站“政府信息公开”专栏"},
        ]}),
        Action::ReviewLegally => json!({"opinion": "pass"}),
        Action::ReturnReply => json!({"reason": "请补充不予公开的理由"}),
        Action::IssueReply => json!({"method": "mail", "replied_on": day}),
        Action::RecordDelivery => json!({"result": "signed", "delivered_on": day, "proof": "EMS 回执"}),
        Action::ReplyOnTheSpot => json!({
            "received_on": day, "explanation": "您申请的信息已经主动公开", "where": "县政府网站首页“规划”栏目",
        }),
        Action::Archive => json!({"retention": "10y", "volume": "2026-依申请公开-003"}),
        Action::FileRemedy => json!({"kind": "reconsideration", "filed_on": day, "organ": "江临市人民政府"}),
        Action::DecideRemedy => json!({
            "remedy_id": "remedy-20", "decided_on": day, "result": "corrected", "reply_again": true, "reply_by": later,
        }),
        Action::CorrectFact => {
            json!({"seq": 3, "field": "received_on", "value": day, "reason": "登记时看错了邮戳"})
        }
        Action::ConfirmCorrection => json!({"seq": 3}),
        Action::RejectCorrection => json!({"seq": 3, "reason": "原登记无误"}),
        Action::Submit
        | Action::ConfirmSubmission
        | Action::Take
        | Action::LapseAmendment
        | Action::LapseFee
        | Action::SubmitForLegalReview
        | Action::SubmitForApproval
        | Action::ApproveReply => json!({}),
    };
    if let Some(fields) = body.as_object_mut() {
        fields.insert("action".to_owned(), json!(action.code()));
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::Instruction;
    use crate::domain::case::command::has_own_date;

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
}

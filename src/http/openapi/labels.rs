//! Chinese names beside codes and parameters, for people who read the contract.

use serde_json::{Value, json};

use crate::domain::case::state::{Channel, Form, Route};
use crate::domain::case::table::RULES;
use crate::domain::case::{Action, State};
use crate::domain::document::Purpose;
use crate::domain::law::calendar::NoticeStatus;
use crate::domain::law::deadline::{ClockStatus, ConsultationKind, DayReason, TimerKind, TimerStatus};
use crate::domain::law::fee::FeeScheme;
use crate::domain::people::access::Role;
use crate::domain::people::agency::{AgencyLevel, GuideChannel};
use crate::domain::people::id_document::IdDocumentKind;
use crate::domain::people::party::ApplicantKind;
use crate::domain::reply::{CaseKind, Group, Outcome, OutcomeCause, RemedyClass, RequiredField, SecrecyVerdict};
use crate::domain::report::{RemedyKind, RemedyResult, ReportScope};
use crate::domain::search::query::SearchField;
use crate::domain::words::codes::Coded;

/// What a code of the contract is called.
type Label = (&'static str, &'static str);

fn labels<T: Coded>() -> (&'static str, Vec<Label>) {
    let codes = T::ALL.iter().map(|one| (one.as_code(), one.as_label()));
    (T::NAME, codes.collect())
}

/// Every enumeration of the contract, by the name of its schema.
fn enumerations() -> Vec<(&'static str, Vec<Label>)> {
    vec![
        labels::<AgencyLevel>(),
        labels::<ApplicantKind>(),
        labels::<CaseKind>(),
        labels::<Channel>(),
        labels::<ClockStatus>(),
        labels::<ConsultationKind>(),
        labels::<DayReason>(),
        labels::<FeeScheme>(),
        labels::<Form>(),
        labels::<Group>(),
        labels::<GuideChannel>(),
        labels::<IdDocumentKind>(),
        labels::<NoticeStatus>(),
        labels::<Outcome>(),
        labels::<OutcomeCause>(),
        labels::<Purpose>(),
        labels::<RemedyClass>(),
        labels::<RemedyKind>(),
        labels::<RemedyResult>(),
        labels::<ReportScope>(),
        labels::<RequiredField>(),
        labels::<Role>(),
        labels::<Route>(),
        labels::<SearchField>(),
        labels::<SecrecyVerdict>(),
        labels::<State>(),
        labels::<TimerKind>(),
        labels::<TimerStatus>(),
        // REMAINDER of domain::case: each becomes a line above once `codes!` declares it; then this and REMAINDER go.
        (
            "Action",
            Action::ALL.iter().map(|one| (one.code(), one.label())).collect(),
        ),
    ]
    .into_iter()
    .chain(REMAINDER.iter().map(|(name, labels)| (*name, labels.to_vec())))
    .collect()
}

/// REMAINDER: enumerations of `domain::case` that are not declared by `codes!` yet.
#[rustfmt::skip]
const REMAINDER: &[(&str, &[Label])] = &[
    ("ConsultationEnd", &[("undeliverable", "无法送达"), ("withdrawn", "撤回"), ("not_needed", "不再需要")]),
    ("ContactMeans", &[("phone", "电话"), ("letter", "信函"), ("email", "电子邮件"), ("visit", "当面")]),
    ("DeliveryResult", &[("signed", "签收"), ("opened", "网上查收"), ("refused", "拒收"), ("returned", "退回"), ("public_notice", "公告送达")]),
    ("EvidenceMeans", &[("phone", "电话"), ("page", "网页确认"), ("email", "电子邮件"), ("visit", "当面"), ("postmark", "邮戳")]),
    ("IntakeEnd", &[("unreachable", "无法联系"), ("not_a_request", "不是政府信息公开申请"), ("duplicate", "重复提交")]),
    ("LegalOpinion", &[("pass", "通过"), ("pass_with_changes", "修改后通过"), ("return", "退回")]),
    ("NoticeTarget", &[("consultation", "征求意见函"), ("fee_notice", "收费通知"), ("amendment_notice", "补正告知书"), ("reasons_request", "说明理由告知书")]),
    ("Opinion", &[("consent", "同意"), ("object", "不同意"), ("object_without_reason", "不同意，未说明理由")]),
    ("Queue", &[("intake", "待登记"), ("unconfirmed", "待确认"), ("mine", "我经办的"), ("unit", "本科室待反馈"), ("to_review_secrecy", "待保密审查"), ("to_review_legal", "待法制审核"), ("to_approve", "待签发、待批准"), ("to_deliver", "待送达"), ("to_archive", "待归档"), ("due_soon", "快到期"), ("overdue", "超期"), ("suspended", "中止"), ("awaiting", "待补正、待缴费"), ("late_entries", "补录"), ("all", "全部")]),
    ("ReplyMethod", &[("mail", "邮寄"), ("in_person", "当面"), ("email", "电子邮件"), ("online", "网上"), ("pickup", "自行领取")]),
    ("Retention", &[("permanent", "永久"), ("30y", "30 年"), ("10y", "10 年")]),
    ("SearchResult", &[("found", "找到"), ("partly", "部分找到"), ("not_found", "未找到")]),
    ("SubStatus", &[("open", "进行中"), ("answered", "已答复"), ("returned", "已退回"), ("silent", "逾期未答复"), ("ended", "已结束"), ("approved", "已批准"), ("rejected", "未批准"), ("paid", "已缴清"), ("lapsed", "逾期"), ("decided", "已有结果"), ("confirmed", "已确认"), ("passed", "已通过"), ("cancelled", "随案终止")]),
    ("WindowKind", &[("always", "不限"), ("receipt", "按渠道确定的收到日期"), ("on_the_spot", "当场"), ("amendment_notice", "告知补正的期限内"), ("amendment_lapse", "补正期满之后"), ("extension", "答复期限届满之前"), ("fee_notice", "答复期限届满之前"), ("fee_lapse", "缴费期满之后")]),
];

/// Words for parameters that say nothing else of themselves.
pub(super) fn parameter(name: &str) -> Option<&'static str> {
    Some(match name {
        "id" => "编号 · the id",
        "agency_id" => "机关 · the agency",
        "owner_id" => "经办人 · whoever handles the case",
        "state" => "办理状态 · the state of the case",
        "kind" => "申请类别 · what is asked for",
        "received_from" => "收到日期不早于 · received on this day or later",
        "received_to" => "收到日期不晚于 · received on this day or earlier",
        _ => return None,
    })
}

/// A guard is best named by what a person is told when it does not hold; which ones there are, the schema knows.
fn guards(schema: &Value) -> Vec<String> {
    let rules = RULES.iter().flat_map(|rule| rule.guards.iter().copied());
    let mut lines: Vec<String> = rules
        .filter_map(|guard| Some((serde_json::to_value(guard).ok()?, guard.refusal())))
        .filter(|(code, _)| {
            schema
                .get("enum")
                .and_then(Value::as_array)
                .is_some_and(|codes| codes.contains(code))
        })
        .map(|(code, refusal)| format!("- `{}` {}", code.as_str().unwrap_or_default(), refusal.reason.zh))
        .collect();
    lines.sort();
    lines.dedup();
    lines
}

/// Adds each code with its Chinese name to the description of its enum.
pub(super) fn add(json: &mut Value) {
    let enumerations = enumerations();
    let schemas = json.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        let lines: Vec<String> = match name.as_str() {
            "Guard" => guards(schema),
            name => enumerations
                .iter()
                .filter(|(known, _)| *known == name)
                .flat_map(|(_, labels)| labels)
                .map(|(code, label)| format!("- `{code}` {label}"))
                .collect(),
        };
        if lines.is_empty() {
            continue;
        }
        let first = schema.get("description").and_then(Value::as_str);
        let whole = first.into_iter().map(str::to_owned).chain([lines.join("\n")]);
        let text = whole.collect::<Vec<_>>().join("\n\n");
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".to_owned(), json!(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The other way round, an enumeration without names, is looked for in the contract itself.
    #[test]
    fn every_enumeration_of_the_list_stands_in_the_contract() {
        let contract = crate::http::openapi::document().unwrap();
        let schemas = contract.pointer("/components/schemas").unwrap();
        let unknown: Vec<_> = enumerations()
            .into_iter()
            .filter(|(name, _)| schemas.get(name).is_none())
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}

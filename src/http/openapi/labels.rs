//! Chinese names beside codes and parameters, for people who read the contract.

use serde_json::{Value, json};

use crate::domain::case::state::Channel;
use crate::domain::case::table::RULES;
use crate::domain::case::{Action, State};
use crate::domain::law::rules::ReceiptOnDayOff;
use crate::domain::people::access::Role;
use crate::domain::people::agency::AgencyLevel;
use crate::domain::people::id_document::IdDocumentKind;
use crate::domain::people::party::ApplicantKind;
use crate::domain::reply::{Outcome, OutcomeCause};
use crate::domain::words::codes::Coded;

/// The enums whose labels do not stand in the domain: name of the schema, code, label.
#[rustfmt::skip]
const LABELS: &[(&str, &[(&str, &str)])] = &[
    ("CaseKind", &[("disclosure", "政府信息公开申请"), ("correction", "更正本人信息的申请")]),
    ("ClockStatus", &[("not_started", "尚未起算"), ("running", "计算中"), ("suspended", "中止"), ("awaiting_amendment", "等待补正"), ("awaiting_payment", "等待缴费"), ("stopped", "停止")]),
    ("ConsultationEnd", &[("undeliverable", "无法送达"), ("withdrawn", "撤回"), ("not_needed", "不再需要")]),
    ("ConsultationKind", &[("third_party", "第三方"), ("agency", "其他机关")]),
    ("ContactMeans", &[("phone", "电话"), ("letter", "信函"), ("email", "电子邮件"), ("visit", "当面")]),
    ("DayReason", &[("day_zero", "起算日"), ("stopped", "已停止"), ("weekend", "周末"), ("public_holiday", "法定节假日"), ("awaiting_amendment", "等待补正"), ("awaiting_payment", "等待缴费"), ("suspended", "征求意见")]),
    ("DeliveryResult", &[("signed", "签收"), ("opened", "网上查收"), ("refused", "拒收"), ("returned", "退回"), ("public_notice", "公告送达")]),
    ("EvidenceMeans", &[("phone", "电话"), ("page", "网页确认"), ("email", "电子邮件"), ("visit", "当面"), ("postmark", "邮戳")]),
    ("FeeScheme", &[("per_request", "按件"), ("per_page", "按量")]),
    ("Form", &[("paper", "纸质"), ("electronic", "电子文件"), ("inspection", "当场查阅、抄录")]),
    ("Group", &[("granted", "予以公开"), ("partly_granted", "部分公开"), ("withheld", "不予公开"), ("cannot_provide", "无法提供"), ("not_processed", "不予处理"), ("other_handling", "其他处理"), ("correction", "更正")]),
    ("GuideChannel", &[("in_person", "当面提交"), ("registered_mail", "挂号信、特快专递"), ("ordinary_mail", "平常信函"), ("fax", "传真"), ("online", "互联网渠道")]),
    ("IntakeEnd", &[("unreachable", "无法联系"), ("not_a_request", "不是政府信息公开申请"), ("duplicate", "重复提交")]),
    ("LegalOpinion", &[("pass", "通过"), ("pass_with_changes", "修改后通过"), ("return", "退回")]),
    ("NoticeStatus", &[("holiday", "放假"), ("workday", "上班"), ("ordinary", "照常")]),
    ("NoticeTarget", &[("consultation", "征求意见函"), ("fee_notice", "收费通知"), ("amendment_notice", "补正告知书"), ("reasons_request", "说明理由告知书")]),
    ("Opinion", &[("consent", "同意"), ("object", "不同意"), ("object_without_reason", "不同意，未说明理由")]),
    ("Purpose", &[("identity", "身份证明"), ("application", "申请书"), ("authorisation", "授权委托书"), ("evidence", "证明材料"), ("search_result", "检索结果"), ("reply", "答复内容"), ("delivery_proof", "送达证明")]),
    ("Queue", &[("intake", "待登记"), ("unconfirmed", "待确认"), ("mine", "我经办的"), ("unit", "本科室待反馈"), ("to_review_secrecy", "待保密审查"), ("to_review_legal", "待法制审核"), ("to_approve", "待签发、待批准"), ("to_deliver", "待送达"), ("to_archive", "待归档"), ("due_soon", "快到期"), ("overdue", "超期"), ("suspended", "中止"), ("awaiting", "待补正、待缴费"), ("late_entries", "补录"), ("all", "全部")]),
    ("RemedyClass", &[("R0", "不告知"), ("R1", "先申请行政复议"), ("R2", "申请行政复议或者提起诉讼")]),
    ("RemedyKind", &[("reconsideration", "行政复议"), ("direct_suit", "未经复议直接起诉"), ("suit_after_reconsideration", "复议后起诉")]),
    ("RemedyResult", &[("upheld", "结果维持"), ("corrected", "结果纠正"), ("other", "其他结果")]),
    ("ReplyMethod", &[("mail", "邮寄"), ("in_person", "当面"), ("email", "电子邮件"), ("online", "网上"), ("pickup", "自行领取")]),
    ("ReportScope", &[("own", "本机关"), ("tree", "本机关及下级机关")]),
    ("RequiredField", &[("place_or_documents", "获取处所或者文件"), ("cause", "情形"), ("article", "条款"), ("law", "法律法规名称"), ("explanation", "说明"), ("consultation_id", "征求意见"), ("earlier_number", "此前答复的编号")]),
    ("Retention", &[("permanent", "永久"), ("30y", "30 年"), ("10y", "10 年")]),
    ("Route", &[("mail", "邮寄"), ("email", "电子邮件"), ("online", "网上获取"), ("pickup", "自行领取")]),
    ("SearchField", &[("number", "案件编号"), ("intake_number", "登记编号"), ("title", "标题"), ("features", "内容描述"), ("applicant_name", "申请人")]),
    ("SearchResult", &[("found", "找到"), ("partly", "部分找到"), ("not_found", "未找到")]),
    ("SecrecyVerdict", &[("release", "可以公开"), ("redact", "遮盖后公开"), ("withhold", "不得公开")]),
    ("SubStatus", &[("open", "进行中"), ("answered", "已答复"), ("returned", "已退回"), ("silent", "逾期未答复"), ("ended", "已结束"), ("approved", "已批准"), ("rejected", "未批准"), ("paid", "已缴清"), ("lapsed", "逾期"), ("decided", "已有结果"), ("confirmed", "已确认"), ("passed", "已通过"), ("cancelled", "随案终止")]),
    ("TimerKind", &[("amendment_notice", "告知补正"), ("amendment_response", "补正"), ("third_party_opinion", "第三方意见"), ("agency_opinion", "其他机关意见"), ("fee_payment", "缴费"), ("reply", "答复")]),
    ("TimerStatus", &[("open", "未到期"), ("met", "按期完成"), ("missed", "逾期"), ("void", "不再适用")]),
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

fn codes<T: Copy + 'static>(
    all: &[T],
    code: impl Fn(T) -> &'static str,
    label: impl Fn(T) -> &'static str,
) -> Vec<(&'static str, &'static str)> {
    all.iter().map(|one| (code(*one), label(*one))).collect()
}

/// The labels of an enum, by the name of its schema.
fn of(schema: &str) -> Vec<(&'static str, &'static str)> {
    match schema {
        "Action" => codes(Action::ALL, Action::code, Action::label),
        "State" => codes(State::ALL, State::code, State::label),
        "Role" => codes(&Role::ALL, Role::code, Role::label),
        "Channel" => codes(&Channel::ALL, |channel| channel.as_code(), Channel::label),
        "ApplicantKind" => codes(&ApplicantKind::ALL, ApplicantKind::code, ApplicantKind::label),
        "IdDocumentKind" => codes(&IdDocumentKind::ALL, IdDocumentKind::code, IdDocumentKind::label),
        "AgencyLevel" => codes(&AgencyLevel::ALL, AgencyLevel::code, AgencyLevel::label),
        "Outcome" => Outcome::all()
            .map(|outcome| (outcome.code(), outcome.label_zh()))
            .collect(),
        "ReceiptOnDayOff" => codes(ReceiptOnDayOff::ALL, ReceiptOnDayOff::code, ReceiptOnDayOff::label),
        "OutcomeCause" => codes(&OutcomeCause::ALL, OutcomeCause::code, OutcomeCause::label_zh),
        other => LABELS
            .iter()
            .find(|(name, _)| *name == other)
            .map(|(_, labels)| labels.to_vec())
            .unwrap_or_default(),
    }
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
    let schemas = json.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        let lines: Vec<String> = match name.as_str() {
            "Guard" => guards(schema),
            name => of(name)
                .iter()
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

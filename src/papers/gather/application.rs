//! The application and its receipt (Arts 29, 31, 33).

use super::source::{Source, applicants, clause, is_correction, you};
use crate::domain::case::submission::{Channel, Description};
use crate::domain::case::{CaseData, State};
use crate::domain::law::deadline::{ClockStatus, Report};
use crate::domain::law::rules::RulePack;
use crate::domain::people::party::{ApplicantKind, Mask};
use crate::domain::people::party_view::ApplicantView;
use crate::domain::reply::CaseKind;
use crate::papers::facts;
use crate::papers::numerals::chinese_date;

/// What stands for an element that the application leaves out.
const NOT_STATED: &str = "未写明";

/// The case as every instrument names it.
pub(super) fn case(source: Source<'_>) -> facts::Case {
    let data = source.data();
    let submission = &data.submission;
    facts::Case {
        number: data.number.clone().unwrap_or_else(|| submission.intake_number.clone()),
        intake_number: submission.intake_number.clone(),
        received_on: data.received_on.map(chinese_date),
        arrived_on: chinese_date(submission.arrived_on),
        channel: submission.channel.label().to_owned(),
        applicant: applicants(&data.applicant),
        applicant_kind: data.applicant.kind.map(|kind| kind.label().to_owned()),
        is_person: matches!(data.applicant.kind, Some(ApplicantKind::NaturalPerson) | None),
        you: you(&data.applicant).to_owned(),
        correction: is_correction(data),
        title: clause(data.title()),
        content: content(data.description.as_ref()),
        form: data.form.map(|form| form.label().to_owned()),
        route: data.route.map(|route| route.label().to_owned()),
        due_on: data.due_on(source.law, source.on).map(chinese_date),
        officer: source.name(data.owner_id),
    }
}

/// What is asked for, as the applicant wrote it.
fn content(description: Option<&Description>) -> String {
    let Some(description) = description else {
        return "见申请书".to_owned();
    };
    let number = description
        .document_number
        .as_deref()
        .filter(|number| !number.trim().is_empty());
    let features =
        Some(description.features.trim()).filter(|features| !features.is_empty() && *features != description.title);
    let number = number.map(|number| format!("文号：{number}"));
    let further: Vec<String> = number.into_iter().chain(features.map(str::to_owned)).collect();
    match further.is_empty() {
        true => description.title.clone(),
        false => format!("{}（{}）", description.title, further.join("；")),
    }
}

/// The application as it stands in its form.
pub(super) fn application(source: Source<'_>) -> facts::Application {
    let data = source.data();
    let submission = &data.submission;
    let applicant = data.applicant.view(source.mask);
    let description = data.description.as_ref();
    let agent = applicant.agent.as_ref().and_then(|agent| agent.name.clone());
    let guardian = applicant.guardian.as_ref().and_then(|guardian| {
        let name = guardian.name.as_ref()?;
        let relation = guardian.relation.as_ref().map(|relation| format!("（{relation}）"));
        Some(format!("{name}{}", relation.unwrap_or_default()))
    });
    let others: Vec<&str> = applicant
        .co_applicants
        .iter()
        .filter_map(|person| person.name.as_deref())
        .collect();
    facts::Application {
        id_document: id_document(&applicant),
        legal_representative: applicant.legal_representative.clone(),
        contact_name: applicant.contact_name.clone(),
        phone: applicant.phone.clone(),
        email: applicant.email.clone(),
        address: applicant.address.clone(),
        agent,
        guardian,
        co_applicants: (!others.is_empty()).then(|| match applicant.co_applicant_count > others.len() {
            true => format!("{}等{}人", others.join("、"), applicant.co_applicant_count),
            false => others.join("、"),
        }),
        document_number: description.and_then(|description| description.document_number.clone()),
        features: description.map(|description| description.features.clone()),
        filled_by_agency: submission.filled_by_agency,
        needs: submission.accessibility_needs.clone(),
        rule: receipt_rule(submission.channel, &data.pack(source.law)),
    }
}

/// What an applicant takes home.
pub(super) fn receipt(source: Source<'_>) -> facts::Receipt {
    let data = source.data();
    let pack = data.pack(source.law);
    let report = source.case.clock(source.law, source.on, false).ok().flatten();
    let due = due(data, report.as_ref(), &pack);
    facts::Receipt {
        rule: receipt_rule(data.submission.channel, &pack),
        due: due.today,
        due_rule: due.rule,
        id_document: id_document(&data.applicant.view(Mask::ContactClear)),
        track_url: track_url(source.public_url),
        needs: data.submission.accessibility_needs.clone(),
    }
}

fn track_url(public_url: &str) -> String {
    format!("{}/track", public_url.trim_end_matches('/'))
}

/// The number of the case as a barcode, and the address that tells how it stands; the query code is in neither.
pub(super) fn codes(source: Source<'_>) -> (String, String) {
    let data = source.data();
    let number = data.number.as_ref().unwrap_or(&data.submission.intake_number);
    (number.clone(), tracking_code(&track_url(source.public_url), number))
}

/// What the QR code of a receipt holds: where a case is followed, with its number.
pub fn tracking_code(track_url: &str, number: &str) -> String {
    format!("{track_url}#number={number}")
}

/// The identity document by what it is called and its masked number.
pub fn id_document(applicant: &ApplicantView) -> String {
    let Some(document) = &applicant.id_document else {
        return format!("身份证明：{NOT_STATED}");
    };
    let name = document.name.as_deref().unwrap_or_else(|| document.kind.label());
    format!("{name}：{}", document.number.as_deref().unwrap_or(NOT_STATED))
}

/// Which day counts as the receipt (Art 31).
pub fn receipt_rule(channel: Channel, pack: &RulePack) -> String {
    let day = match channel {
        Channel::InPerson => "当面提交的，以提交之日为收到申请之日",
        Channel::RegisteredMail => "邮寄提交的，以行政机关签收之日为收到申请之日",
        Channel::OrdinaryMail => "以平常信函等无需签收的方式邮寄的，以与申请人确认之日为收到申请之日",
        Channel::Fax | Channel::Online => "通过互联网渠道或者传真提交的，以双方确认之日为收到申请之日",
    };
    format!("{day}（{}{}）", regulation(pack), pack.articles.confirmation)
}

/// The regulation as texts cite it: 《中华人民共和国政府信息公开条例》.
pub(super) fn regulation(pack: &RulePack) -> String {
    let name = pack.name.split('（').next().unwrap_or_default().trim();
    format!("《{name}》")
}

/// The answer period in words.
#[derive(serde::Serialize)]
pub struct Due {
    /// What is known today: the day, or why there is none.
    pub today: String,
    /// The rule behind it.
    pub rule: String,
}

/// The answer period (Art 33): working days, and what does not count.
pub fn due(data: &CaseData, report: Option<&Report>, pack: &RulePack) -> Due {
    let (reply_days, extension_max) = (pack.reply_days, pack.extension_max);
    let name = regulation(pack);
    let today = match report {
        None if data.state == State::Submitted => "尚未登记收到申请，答复期限自收到申请之日起计算".to_owned(),
        None => "未登记为申请，已经结束".to_owned(),
        Some(report) => due_today(data, report),
    };
    let rule = match data.submission.kind {
        CaseKind::Disclosure => format!(
            "本机关自收到申请之日的次日起{reply_days}个工作日内答复；需要延长的，经批准后书面告知您，\
             延长不超过{extension_max}个工作日。按工作日计算，不含周末和法定节假日，调休上班日计入。\
             需要补正的，自收到补正之日起重新计算；征求第三方和其他机关意见所需时间不计算在内。\
             依据：{name}{article}。",
            article = pack.articles.reply,
        ),
        CaseKind::Correction => format!(
            "本机关自收到申请之日的次日起{reply_days}个工作日内处理并告知您。按工作日计算，不含周末和法定节假日，\
             调休上班日计入。依据：{name}{article}。",
            article = pack.articles.reply,
        ),
    };
    Due { today, rule }
}

fn due_today(data: &CaseData, report: &Report) -> String {
    let provisional = match report.provisional {
        true => "（有关年度的放假安排尚未公布，此为暂定日期）",
        false => "",
    };
    match (report.status, report.due_on) {
        (ClockStatus::Stopped, _) => match &data.reply {
            Some(reply) => format!("已于{}答复", chinese_date(reply.issued_on)),
            None => "本件已经终结".to_owned(),
        },
        (_, Some(day)) => format!("{}以前（含当日）{provisional}", chinese_date(day)),
        (ClockStatus::AwaitingAmendment, None) => "等待补正，自收到补正之日起重新计算".to_owned(),
        (ClockStatus::AwaitingPayment, None) => "等待缴费，自缴清之日起重新计算".to_owned(),
        (ClockStatus::Suspended, None) => "正在征求意见，所需时间不计算在答复期限内".to_owned(),
        (ClockStatus::NotStarted | ClockStatus::Running, None) => "以本机关通知为准".to_owned(),
    }
}

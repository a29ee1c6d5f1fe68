//! 登记回执: what an applicant takes home. Receipt date (Art 31), due date (Art 33), how to follow the case and whom to
//! ask (Art 12); a barcode of the number and a QR code of the tracking address.
//!
//! The query code is known only while somebody holds it: with it the page prints it, without it the page leaves a line.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Page, PrintError, chinese_date, codes};
use crate::domain::case::submission::{Channel, Description, Form, Route};
use crate::domain::case::{Case, CaseData, Law, State};
use crate::domain::law::deadline::{ClockStatus, Report};
use crate::domain::law::rules::RulePack;
use crate::domain::people::agency::{AgencyData, Guide};
use crate::domain::people::party::Mask;
use crate::domain::people::party_view::ApplicantView;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::QueryCode;

/// What stands for an element that the application leaves out.
const NOT_STATED: &str = "未写明";

const TEMPLATE: &str = include_str!("../../config/templates/receipt.html");

/// For whom and from where a receipt is printed.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// How much of the applicant's contact data the reader sees.
    pub mask: Mask,
    /// The address at which people reach this service.
    pub public_url: &'a str,
    /// The code, when the reader showed that they hold it.
    pub query_code: Option<&'a QueryCode>,
    pub today: NaiveDate,
}

#[derive(Serialize)]
struct Values<'a> {
    title: &'static str,
    agency: &'a str,
    guide: &'a Guide,
    intake_number: &'a str,
    number: Option<&'a str>,
    applicant: ApplicantView,
    id_document: String,
    co_applicants: String,
    description: Option<&'a Description>,
    amended: bool,
    channel: &'static str,
    arrived_on: String,
    received_on: Option<String>,
    receipt_rule: String,
    due: Due,
    form: &'static str,
    route: &'static str,
    accessibility_needs: Option<&'a str>,
    track_url: String,
    query_code: Option<String>,
    printed_on: String,
    barcode_number: &'a str,
    barcode: String,
    qr: String,
}

/// The answer period in words.
#[derive(Serialize)]
struct Due {
    /// What is known today: the day, or why there is none.
    today: String,
    /// The rule behind it.
    rule: String,
}

/// The receipt of a case as a page to print.
///
/// # Errors
/// Only when the template or a code cannot be made.
pub fn receipt(
    case: &Case,
    agency: &AgencyData,
    report: Option<&Report>,
    law: &Law<'_>,
    holder: Holder<'_>,
) -> Result<Page, PrintError> {
    let data = case.data();
    let pack = data.pack(law);
    let submission = &data.submission;
    let barcode_number = data.number.as_deref().unwrap_or(&submission.intake_number);
    let track_url = format!("{}/track", holder.public_url.trim_end_matches('/'));
    let applicant = submission.applicant.view(holder.mask);
    let values = Values {
        title: match submission.kind {
            CaseKind::Disclosure => "政府信息公开申请登记回执",
            CaseKind::Correction => "政府信息更正申请登记回执",
        },
        agency: &agency.name,
        guide: &agency.guide,
        intake_number: &submission.intake_number,
        number: data.number.as_deref(),
        id_document: id_document(&applicant),
        co_applicants: co_applicants(&applicant),
        applicant,
        description: data.description.as_ref(),
        amended: !data.subs.amendments.is_empty(),
        channel: submission.channel.label(),
        arrived_on: chinese_date(submission.arrived_on),
        received_on: data.received_on.map(chinese_date),
        receipt_rule: receipt_rule(submission.channel, &pack),
        due: due(data, report, &pack),
        form: submission.form.map_or(NOT_STATED, Form::label),
        route: submission.route.map_or(NOT_STATED, Route::label),
        accessibility_needs: submission.accessibility_needs.as_deref(),
        qr: codes::qr(&tracking_address(&track_url, barcode_number, holder.query_code))?,
        track_url,
        query_code: holder.query_code.map(in_groups),
        printed_on: chinese_date(holder.today),
        barcode_number,
        barcode: codes::code128(barcode_number)?,
    };
    Page::fill("receipt.html", TEMPLATE, values)
}

/// The identity document by what it is called and its masked number.
fn id_document(applicant: &ApplicantView) -> String {
    let Some(document) = &applicant.id_document else {
        return format!("身份证明：{NOT_STATED}");
    };
    let name = document.name.as_deref().unwrap_or_else(|| document.kind.label());
    format!("{name}：{}", document.number.as_deref().unwrap_or(NOT_STATED))
}

/// The first of those who apply too, and how many there are.
fn co_applicants(applicant: &ApplicantView) -> String {
    let shown = applicant.co_applicants.iter();
    let names: Vec<&str> = shown
        .map(|person| person.name.as_deref().unwrap_or(NOT_STATED))
        .collect();
    let all = applicant.co_applicant_count;
    let more = if all > names.len() {
        format!("等{all}人")
    } else {
        String::new()
    };
    names.join("、") + &more
}

/// Number and code stand in the fragment, which no browser sends and no server logs.
fn tracking_address(track_url: &str, number: &str, code: Option<&QueryCode>) -> String {
    let code = code.map_or_else(String::new, |code| format!("&code={}", code.reveal()));
    format!("{track_url}#number={number}{code}")
}

/// The code as it is easily typed: `7KXM4 WRP9A`.
fn in_groups(code: &QueryCode) -> String {
    let text = code.reveal();
    text.split_at_checked(5)
        .map_or_else(|| text.to_owned(), |(first, second)| format!("{first} {second}"))
}

/// Which day counts as the receipt (Art 31).
fn receipt_rule(channel: Channel, pack: &RulePack) -> String {
    let day = match channel {
        Channel::InPerson => "当面提交的，以提交之日为收到申请之日",
        Channel::RegisteredMail => "邮寄提交的，以行政机关签收之日为收到申请之日",
        Channel::OrdinaryMail => "以平常信函等无需签收的方式邮寄的，以与申请人确认之日为收到申请之日",
        Channel::Fax | Channel::Online => "通过互联网渠道或者传真提交的，以双方确认之日为收到申请之日",
    };
    format!("{day}（{}{}）", regulation(pack), pack.articles.confirmation)
}

/// The regulation as texts cite it: 《中华人民共和国政府信息公开条例》.
fn regulation(pack: &RulePack) -> String {
    let name = pack.name.split('（').next().unwrap_or_default().trim();
    format!("《{name}》")
}

/// The answer period (Art 33): working days, and what does not count.
fn due(data: &CaseData, report: Option<&Report>, pack: &RulePack) -> Due {
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

//! 登记回执: what an applicant takes home. Receipt date (Art 31), due date (Art 33), how to follow the case and whom to
//! ask (Art 12); a barcode of the number and a QR code of the tracking address.
//!
//! The query code is known only while somebody holds it: with it the page prints it, without it the page leaves a line.

use chrono::NaiveDate;
use serde::Serialize;

use super::gather::{Due, due, id_document, receipt_rule};
use super::numerals::chinese_date;
use super::svg::svg;
use super::{Page, PrintError, codes};
use crate::domain::case::submission::{Description, Form, Route};
use crate::domain::case::{Case, Law};
use crate::domain::law::deadline::Report;
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
    let address = tracking_address(&track_url, barcode_number, holder.query_code);
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
        due: due(data, report, &pack),
        co_applicants: co_applicants(&applicant),
        applicant,
        description: data.description.as_ref(),
        amended: !data.subs.amendments.is_empty(),
        channel: submission.channel.label(),
        arrived_on: chinese_date(submission.arrived_on),
        received_on: data.received_on.map(chinese_date),
        receipt_rule: receipt_rule(submission.channel, &pack),
        form: submission.form.map_or(NOT_STATED, Form::label),
        route: submission.route.map_or(NOT_STATED, Route::label),
        accessibility_needs: submission.accessibility_needs.as_deref(),
        qr: svg(&codes::qr(&address)?, "查询二维码"),
        track_url,
        query_code: holder.query_code.map(in_groups),
        printed_on: chinese_date(holder.today),
        barcode_number,
        barcode: svg(&codes::code128(barcode_number)?, barcode_number),
    };
    Page::fill("receipt.html", TEMPLATE, values)
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

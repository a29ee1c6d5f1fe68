//! The dossier of a case in texts: a page to read, and the same data for programs. Masked as everywhere: identity numbers
//! always, contact data by who asks.

use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::case::CaseView;
use super::event::EventView;
use super::instrument::InstrumentList;
use super::parts::LogProblem;
use crate::domain::case::Event;
use crate::domain::document::extension;
use crate::domain::law::deadline::{DayReason, Report};
use crate::domain::people::party::{Applicant, Mask};
use crate::domain::people::party_view::{ApplicantView, IdDocumentView};
use crate::domain::words::language::Language;
use crate::error::Error;
use crate::papers::dossier::{DayLine, DossierPage, EntryLine, FileLink, Named, PieceLine, dossier_page, href};
use crate::service::dossier::{Dossier, Filed, FiledSource, Lacking, Text};
use crate::service::sight::Entry;

const SHANGHAI_SECONDS_EAST: i32 = 8 * 3600;
const CASE: &str = "数据/case.json";
const EVENTS: &str = "数据/events.json";
const CLOCK: &str = "数据/clock.json";
const INSTRUMENTS: &str = "数据/instruments.json";

/// The texts of a dossier: `index.html`, and the data as JSON.
///
/// # Errors
/// Only when stored facts contradict each other, or the page cannot be filled in.
pub fn told(dossier: &Dossier, filed: &[Filed]) -> Result<Vec<Text>, Error> {
    let mask = dossier.seen.sight.mask();
    let events = dossier.entries.iter().cloned();
    let events: Vec<EventView> = events
        .map(|entry| EventView::new(entry, mask))
        .collect::<Result<_, _>>()?;
    let page = page(dossier, filed, &events)?;
    let html = dossier_page(&page).map_err(Error::internal)?;
    Ok(vec![
        ("index.html", html.into_bytes()),
        (CASE, pretty(&case(dossier, filed)?)?),
        (EVENTS, pretty(&events)?),
        (CLOCK, pretty(&dossier.clock)?),
        (INSTRUMENTS, pretty(&InstrumentList::new(dossier.papers.clone()))?),
    ])
}

fn pretty(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut text = serde_json::to_vec_pretty(value).map_err(Error::internal)?;
    text.push(b'\n');
    Ok(text)
}

/// The case as its agency sees it, without what somebody might do now, with all who apply and with its pieces.
fn case(dossier: &Dossier, filed: &[Filed]) -> Result<Value, Error> {
    let seen = &dossier.seen;
    let view = CaseView::new(seen, &dossier.desk, Language::Chinese)?;
    let mut case = serde_json::to_value(view).map_err(Error::internal)?;
    let others = &seen.case.data().applicant.co_applicants;
    let others = others.iter().map(|person| {
        let shown = Applicant {
            name: person.name.clone(),
            id_document: person.id_document.clone(),
            ..Applicant::default()
        };
        let shown = shown.view(seen.sight.mask());
        json!({"name": shown.name, "id_document": shown.id_document})
    });
    let others: Vec<Value> = others.collect();
    if let Some(fields) = case.as_object_mut() {
        // Of the day and of the reader, not of the case.
        fields.remove("actions");
        fields.remove("documents");
        fields.insert("as_of".to_owned(), json!(dossier.desk.today));
        fields.insert("all_co_applicants".to_owned(), json!(others));
        fields.insert("pieces".to_owned(), filed.iter().map(piece).collect());
    }
    Ok(case)
}

/// A piece for programs.
pub fn piece(filed: &Filed) -> Value {
    let files = filed
        .files
        .iter()
        .map(|file| json!({"path": file.path, "format": file.format, "bytes": file.bytes, "sha256": file.sha256}));
    let (kind, id) = match &filed.source {
        FiledSource::Document(id) => ("document", id.clone()),
        FiledSource::Instrument(id) => ("instrument", id.to_string()),
        FiledSource::Form(code) => ("form", code.code().to_owned()),
    };
    json!({
        "place": filed.place, "kind": kind, "id": id, "title": filed.title, "number": filed.number, "on": filed.on,
        "pages": filed.pages, "files": files.collect::<Vec<_>>(),
        "lacking": filed.lacking.iter().map(lacking).collect::<Vec<_>>(),
    })
}

/// What is missing, in words.
pub fn lacking(lacking: &Lacking) -> String {
    match lacking {
        Lacking::Content { name, sha256 } => {
            format!("文件“{name}”的内容已不在存储中（登记的校验值 {sha256}），请向系统管理员查询备份。")
        }
        Lacking::Changed { name, sha256 } => {
            format!("文件“{name}”的内容与登记的校验值 {sha256} 不符，请向系统管理员查询备份。")
        }
        Lacking::Print(characters) if characters.is_empty() => {
            "没有打印件（PDF）：本系统没有可用的字体，请由系统管理员配置字体（[fonts]）后再次导出。".to_owned()
        }
        Lacking::Print(characters) => format!(
            "没有打印件（PDF）：字体中没有{}，请由系统管理员补充字体（[fonts]）后再次导出。",
            characters.join("、")
        ),
        Lacking::NotMade => "文件没有生成，请稍后再次导出；仍不成功的，请联系系统管理员查看日志。".to_owned(),
        Lacking::Scan => "纸质文书的扫描件尚未上传，请补充上传（add_document）。".to_owned(),
    }
}

fn page(dossier: &Dossier, filed: &[Filed], events: &[EventView]) -> Result<DossierPage, Error> {
    let seen = &dossier.seen;
    let row = &seen.sight.row;
    let lines: Vec<PieceLine> = filed.iter().map(|one| piece_line(dossier, one)).collect();
    let (pieces, forms): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.place.is_some());
    let missing = filed.iter().flat_map(|one| {
        let place = one.place.map_or(String::new(), |place| format!("{place:03} "));
        one.lacking
            .iter()
            .map(move |what| format!("{place}{}：{}", one.title, lacking(what)))
    });
    let timeline = dossier
        .entries
        .iter()
        .zip(events)
        .map(|(entry, view)| entry_line(entry, view));
    Ok(DossierPage {
        number: row.number.clone().unwrap_or_else(|| row.intake_number.clone()),
        agency: seen.sight.agency.name.clone(),
        as_of: dossier.desk.today.to_string(),
        problem: LogProblem::of(seen).map(|problem| problem.detail),
        facts: facts(dossier),
        lacking: missing.collect(),
        pieces,
        forms,
        timeline: timeline.collect::<Result<_, Error>>()?,
        clock: dossier.clock.as_ref().map(clock_facts).unwrap_or_default(),
        notes: dossier.clock.as_ref().map(clock_notes).unwrap_or_default(),
        days: dossier.clock.as_ref().map(days).unwrap_or_default(),
        data: [CASE, EVENTS, CLOCK, INSTRUMENTS]
            .map(|path| FileLink {
                name: path.to_owned(),
                href: href(path),
            })
            .to_vec(),
    })
}

fn piece_line(dossier: &Dossier, filed: &Filed) -> PieceLine {
    let row = match &filed.source {
        FiledSource::Instrument(id) => dossier.instrument(*id),
        _ => None,
    };
    let state = row.map_or("", |row| match (row.cancelled_on, row.on_paper) {
        (Some(_), _) => "已作废",
        (None, true) => "纸质发出",
        (None, false) => "已发出",
    });
    let files = filed.files.iter().map(|file| FileLink {
        name: match filed.place.is_some() && row.is_none() {
            true => filed.title.clone(),
            false => extension(&file.path).to_uppercase(),
        },
        href: href(&file.path),
    });
    PieceLine {
        place: filed.place,
        title: filed.title.clone(),
        number: filed.number.clone().unwrap_or_default(),
        on: filed.on.to_string(),
        state: state.to_owned(),
        pages: filed.pages,
        files: files.collect(),
        lacking: filed.lacking.iter().map(lacking).collect(),
    }
}

fn entry_line(entry: &Entry, view: &EventView) -> Result<EntryLine, Error> {
    let by = view.actor.as_ref().map(|actor| match actor.role {
        Some(role) => format!("{}（{}）", actor.name, role.label()),
        None => actor.name.clone(),
    });
    let what = entry
        .logged
        .as_ref()
        .map_or_else(|_| view.event.clone(), |logged| event_label(&logged.event));
    let left = view.instruments.iter().map(|issued| match &issued.number {
        Some(number) => format!("{}（{number}）", issued.code.title()),
        None => issued.code.title().to_owned(),
    });
    let left: Vec<String> = left.collect();
    Ok(EntryLine {
        seq: view.seq,
        on: view.occurred_on.to_string(),
        at: moment(view.recorded_at),
        by: by.unwrap_or_else(|| "系统".to_owned()),
        what: match left.is_empty() {
            true => what,
            false => format!("{what}：{}", left.join("、")),
        },
        late: view
            .late_entry_reason
            .as_ref()
            .map_or(String::new(), |reason| format!("补录原因：{reason}")),
        data: serde_json::to_string_pretty(&view.data).map_err(Error::internal)?,
        hash: view.hash.clone(),
        previous_hash: view.previous_hash.clone(),
    })
}

/// What an entry is called: by its action, where one made it.
fn event_label(event: &Event) -> String {
    if let Some(command) = event.command() {
        return command.action().label().to_owned();
    }
    let label = match event.code() {
        "submitted" => "提交申请",
        "document_attached" => "材料入卷",
        "correction_proposed" => "提请更正记录",
        "correction_confirmed" => "确认更正记录",
        "correction_rejected" => "不同意更正记录",
        other => other,
    };
    label.to_owned()
}

/// 2026-03-10 09:00:00, as a clock in China shows it.
fn moment(at: DateTime<Utc>) -> String {
    match FixedOffset::east_opt(SHANGHAI_SECONDS_EAST) {
        Some(shanghai) => at.with_timezone(&shanghai).format("%Y-%m-%d %H:%M:%S").to_string(),
        None => at.to_string(),
    }
}

fn facts(dossier: &Dossier) -> Vec<Named> {
    let (seen, data) = (&dossier.seen, dossier.seen.case.data());
    let row = &seen.sight.row;
    let mask = seen.sight.mask();
    let description = data.description.as_ref().map(|description| {
        let number = description
            .document_number
            .as_ref()
            .map(|number| format!("文号：{number}"));
        let parts = [
            Some(description.title.clone()),
            number,
            Some(description.features.clone()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
    });
    let outcome = data
        .ending()
        .map(|ending| format!("{}（{}）", ending.outcome.label(), ending.on));
    let given_up = data
        .given_up
        .iter()
        .map(|part| part.text.clone())
        .collect::<Vec<_>>()
        .join("\n");
    let all = [
        ("编号", row.number.clone()),
        ("收件编号", Some(row.intake_number.clone())),
        ("申请类别", Some(data.kind().label().to_owned())),
        ("办理状态", Some(row.state().label().to_owned())),
        ("申请人", Some(applicant(&data.applicant, mask))),
        ("提交方式", Some(data.submission.channel.label().to_owned())),
        ("到达日期", Some(data.submission.arrived_on.to_string())),
        ("收到日期", row.received_on.map(|day| day.to_string())),
        ("申请内容", Some(description.unwrap_or_else(|| "见扫描件".to_owned()))),
        ("放弃的部分", Some(given_up).filter(|text| !text.is_empty())),
        ("获取方式", data.form.map(|form| form.label().to_owned())),
        ("获取途径", data.route.map(|route| route.label().to_owned())),
        ("便利需求", data.submission.accessibility_needs.clone()),
        ("经办人", seen.sight.owner.clone()),
        ("办理结果", outcome),
        ("保管期限", data.retention.as_ref().map(|class| class.label.clone())),
    ];
    all.into_iter()
        .filter_map(|(name, value)| value.map(|value| Named { name, value }))
        .collect()
}

/// Who applies, with all who apply too and who acts for them.
fn applicant(applicant: &Applicant, mask: Mask) -> String {
    let ApplicantView {
        kind_label,
        name,
        id_document,
        legal_representative,
        contact_name,
        phone,
        email,
        address,
        agent,
        guardian,
        ..
    } = applicant.view(mask);
    let name = name.unwrap_or_else(|| "未写明".to_owned());
    let mut lines = vec![match kind_label {
        Some(kind) => format!("{name}（{kind}）"),
        None => name,
    }];
    lines.extend(id_document.as_ref().map(document));
    let named = [
        ("法定代表人", legal_representative),
        ("联系人", contact_name),
        ("联系电话", phone),
        ("电子邮箱", email),
        ("通信地址", address),
        ("代理人", agent.and_then(|agent| agent.name)),
        ("法定代理人", guardian.and_then(|guardian| guardian.name)),
    ];
    lines.extend(
        named
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}：{}", value?))),
    );
    let others = applicant
        .co_applicants
        .iter()
        .map(|person| person.name.as_deref().unwrap_or("未写明"));
    let others: Vec<&str> = others.collect();
    if !others.is_empty() {
        lines.push(format!("共同申请人（{}人）：{}", others.len(), others.join("、")));
    }
    lines.join("\n")
}

fn document(document: &IdDocumentView) -> String {
    let name = document.name.as_deref().unwrap_or_else(|| document.kind.label());
    format!("{name}：{}", document.number.as_deref().unwrap_or("未写明"))
}

fn clock_facts(report: &Report) -> Vec<Named> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let all = [
        ("状态", Some(report.status.label().to_owned())),
        ("适用规则", report.rule_set.clone()),
        ("起算日", day(report.day_zero)),
        ("期限", Some(format!("{}个工作日", report.allowance))),
        ("已用", Some(format!("{}个工作日", report.used))),
        ("剩余", Some(format!("{}个工作日", report.left))),
        ("答复日期", day(report.due_on)),
        ("预计答复日期", day(report.projected_due_on)),
        ("曾逾期", day(report.missed_on)),
    ];
    let timers = report.timers.iter().map(|timer| Named {
        name: timer.timer.label(),
        value: format!(
            "{}（{}，{}）",
            day(timer.due_on).unwrap_or_else(|| "尚不能确定".to_owned()),
            timer.status.label(),
            timer.article
        ),
    });
    let named = |(name, value): (&'static str, Option<String>)| value.map(|value| Named { name, value });
    all.into_iter().filter_map(named).chain(timers).collect()
}

fn clock_notes(report: &Report) -> Vec<String> {
    let risks = report.risks.iter().map(|risk| risk.zh.clone());
    risks.chain(report.notes.iter().map(|note| note.zh.clone())).collect()
}

fn days(report: &Report) -> Vec<DayLine> {
    let days = report.days.iter().flatten();
    days.map(|day| DayLine {
        date: day.date.to_string(),
        counted: day.counted,
        reason: match (day.reason.map(DayReason::label), &day.detail) {
            (Some(reason), Some(detail)) => format!("{reason}（{detail}）"),
            (Some(reason), None) => reason.to_owned(),
            (None, _) => String::new(),
        },
    })
    .collect()
}

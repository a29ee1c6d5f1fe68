//! 归档移交 (Art 45; 档案法实施条例 38–40): what an agency filed in a year, as one archive with its catalogue, the log of each
//! case and the hash of every file. It is written case by case into a file: no year is ever whole in memory.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::json;

use super::dossier::{Dossier, Exported, Filed, Tell, Tools, dossier, pack};
use super::reports::FIRST_YEAR;
use super::sight::{Sight, sight};
use crate::documents::pack::{Pack, safe_name};
use crate::domain::case::retention::RetentionClass;
use crate::domain::case::state::ClosingKind;
use crate::domain::case::{CaseData, State};
use crate::domain::people::access::{Actor, ArchiveAccess, archive_access};
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{AgencyId, CaseId};
use crate::domain::words::text::{Bilingual, FieldError};
use crate::error::Error;
use crate::papers::catalogue::{CatalogueLine, csv};
use crate::store::Db;
use crate::store::agencies::{Agency, agency_fetch};
use crate::store::cases::archived::archived_cases;
use crate::store::cases::case_row_in_agency;

/// 门类: the files of an office (文书档案), and its code (DA/T 13).
const CATEGORY: (&str, &str) = ("文书档案", "WS");
const FORMAT: u32 = 1;

/// Whose files of which year go out.
#[derive(Debug, Clone)]
pub struct ArchiveTarget {
    pub year: i32,
    pub agency: Agency,
}

/// Who takes the files along, and through whose eyes they are seen.
#[derive(Debug, Clone)]
pub enum Bearer {
    Person(Box<Actor>),
    /// Who runs the installation.
    Operator,
}

/// Finds the agency of an export and decides whether the person may take its files along; the own agency when none is
/// named.
///
/// # Errors
/// `NotFound` for an agency in which the person has no role, and for a year in which nothing can have been filed;
/// `Forbidden` when none of the roles there files cases.
pub fn archive_for(
    db: &mut Db,
    actor: &Actor,
    today: NaiveDate,
    year: i32,
    agency_id: Option<AgencyId>,
) -> Result<ArchiveTarget, Error> {
    let Some(agency_id) = agency_id.or(actor.agency_id) else {
        return Err(match actor.is_staff() {
            true => Error::field(FieldError::missing("?agency_id")),
            false => forbidden(),
        });
    };
    let agency = agency_fetch(db, agency_id)?;
    match archive_access(actor, agency.id, &agency.path) {
        ArchiveAccess::Allowed => archive_target(today, year, agency),
        ArchiveAccess::Hidden => Err(Error::NotFound),
        ArchiveAccess::Forbidden => Err(forbidden()),
    }
}

/// The files of an agency for those who run the installation.
///
/// # Errors
/// `NotFound` for a year before the Regulation or after `today`.
pub fn archive_target(today: NaiveDate, year: i32, agency: Agency) -> Result<ArchiveTarget, Error> {
    match (FIRST_YEAR..=today.year()).contains(&year) {
        true => Ok(ArchiveTarget { year, agency }),
        false => Err(Error::NotFound),
    }
}

fn forbidden() -> Error {
    Error::Forbidden {
        detail: Bilingual::new(
            "归档数据由本机关的收件、经办、签发人员或者上级政务公开主管部门导出。",
            "Archives are taken out by the agency's clerks, officers and approvers, and by supervisors.",
        ),
    }
}

/// Writes the export into a file of the data directory that has no name.
///
/// # Errors
/// `Forbidden` where an own application is among the cases; failures of the database, of the store of contents and of the
/// disk.
pub fn export(tools: Tools<'_>, target: &ArchiveTarget, bearer: &Bearer, tell: Tell) -> Result<Exported, Error> {
    let day = |month, day| NaiveDate::from_ymd_opt(target.year, month, day).ok_or(Error::NotFound);
    let (first, last) = (day(1, 1)?, day(12, 31)?);
    let ids = tools
        .store
        .read(|db| Ok::<_, Error>(archived_cases(db, target.agency.id, first, last)?))?;
    let mut export = Export {
        target,
        pack: Pack::new(tools.blobs.scratch().map_err(Error::storage)?),
        counted: BTreeMap::new(),
        lines: Vec::new(),
        at: DateTime::UNIX_EPOCH,
        lacking: 0,
    };
    for id in ids {
        let dossier = dossier(tools, &|db| seen_by(db, bearer, id))?;
        // Taken out of the archive meanwhile.
        if is_filed(&dossier, target.year) {
            export.case(tools, &dossier, tell)?;
        }
    }
    export.finish()
}

fn seen_by(db: &mut Db, bearer: &Bearer, id: CaseId) -> Result<Sight, Error> {
    let sight = match bearer {
        Bearer::Person(actor) => sight(db, actor, id)?,
        Bearer::Operator => {
            let (row, agency, owner) = case_row_in_agency(db, id)?;
            Sight::of_operator(row, agency, owner)
        }
    };
    match sight.is_applicant() {
        false => Ok(sight),
        // Nobody handles the own application, and a year that lacks it would not be whole.
        true => Err(Error::Forbidden {
            detail: Bilingual::new(
                "该年度归档的案件中有您本人的申请，请由其他人员导出。",
                "One of the cases is your own application; somebody else must take the files of this year out.",
            ),
        }),
    }
}

/// Whether the case lies in the archive since a day of the year.
fn is_filed(dossier: &Dossier, year: i32) -> bool {
    let filed = dossier.seen.case.data().closings.last();
    match dossier.seen.unreadable {
        // What the register says must be enough.
        Some(_) => dossier.seen.sight.row.state() == State::Archived,
        None => filed.is_some_and(|closing| closing.kind == ClosingKind::Archived && closing.on.year() == year),
    }
}

/// An export on its way.
struct Export<'a> {
    target: &'a ArchiveTarget,
    pack: Pack,
    /// The last 件号 of each retention.
    counted: BTreeMap<String, u32>,
    lines: Vec<(Rank, CatalogueLine)>,
    /// The newest moment of which anything tells.
    at: DateTime<Utc>,
    lacking: usize,
}

/// The order of the catalogue: what is kept longest first.
type Rank = (bool, std::cmp::Reverse<u32>, String, u32);

impl Export<'_> {
    fn case(&mut self, tools: Tools<'_>, dossier: &Dossier, tell: Tell) -> Result<(), Error> {
        let retention = dossier.seen.case.data().retention.clone();
        let code = retention
            .as_ref()
            .map_or("WD".to_owned(), RetentionClass::archival_code);
        let counted = self.counted.entry(code.clone()).or_default();
        *counted += 1;
        let item = *counted;
        let row = &dossier.seen.sight.row;
        let number = row.number.as_ref().unwrap_or(&row.intake_number);
        let folder = safe_name(&format!("{code}-{item:04} "), number);
        let filed = pack(tools, &mut self.pack, &format!("{folder}/"), dossier, tell)?;
        self.lacking += filed.iter().map(|one| one.lacking.len()).sum::<usize>();
        self.at = self.at.max(dossier.at);
        let years = retention.as_ref().and_then(|class| class.years);
        let rank = (
            years.is_some(),
            std::cmp::Reverse(years.unwrap_or(u32::MAX)),
            code.clone(),
            item,
        );
        let line = self.line(dossier, &filed, &code, item, folder);
        self.lines.push((rank, line));
        Ok(())
    }

    fn line(&self, dossier: &Dossier, filed: &[Filed], code: &str, item: u32, folder: String) -> CatalogueLine {
        let (data, row) = (dossier.seen.case.data(), &dossier.seen.sight.row);
        let settings = &self.target.agency.data.settings;
        let year = self.target.year;
        let fonds = settings.fonds.clone();
        let pieces = || filed.iter().filter(|one| one.place.is_some());
        CatalogueLine {
            place: 0,
            archival_number: fonds
                .as_ref()
                .map(|fonds| format!("{fonds}-{}·{year}-{code}-{item:04}", CATEGORY.1)),
            fonds,
            category: CATEGORY.0,
            year,
            retention: data
                .retention
                .as_ref()
                .map_or("未定".to_owned(), |class| class.label.clone()),
            item,
            title: title(data),
            author: dossier.seen.sight.agency.name.clone(),
            number: letter(dossier),
            on: ended_on(dossier).map(|day| day.to_string()),
            secrecy: None,
            pages: pieces().map(|one| one.pages).sum(),
            note: note(dossier, filed),
            case_number: row.number.clone().unwrap_or_else(|| row.intake_number.clone()),
            case_id: row.id().to_string(),
            folder,
            head_hash: dossier
                .entries
                .last()
                .map(|entry| entry.row.hash.clone())
                .unwrap_or_default(),
        }
    }

    fn finish(mut self) -> Result<Exported, Error> {
        self.lines.sort_by(|one, other| one.0.cmp(&other.0));
        let mut lines: Vec<CatalogueLine> = self.lines.into_iter().map(|(_, line)| line).collect();
        for (line, place) in lines.iter_mut().zip(1..) {
            line.place = place;
        }
        let at = self.at;
        let table = csv(&lines).map_err(Error::internal)?;
        self.pack.text("catalogue.csv", at, &table)?;
        let json = serde_json::to_vec_pretty(&lines).map_err(Error::internal)?;
        self.pack.text("catalogue.json", at, &json)?;
        let agency = &self.target.agency;
        let about = json!({
            "format": FORMAT, "kind": "archive", "year": self.target.year, "cases": lines.len(),
            "agency": {"id": agency.id, "code": agency.code, "name": agency.data.name},
        });
        self.pack.manifest(about, at)?;
        let mut checksums = String::new();
        for entry in self.pack.entries() {
            writeln!(checksums, "{}  {}", entry.sha256, entry.name).map_err(Error::internal)?;
        }
        self.pack.text("checksums.sha256", at, checksums.as_bytes())?;
        let (file, bytes) = self.pack.finish()?;
        Ok(Exported {
            file,
            bytes,
            cases: lines.len(),
            lacking: self.lacking,
        })
    }
}

fn title(data: &CaseData) -> String {
    let applicant = &data.applicant;
    let name = applicant.name.as_deref().unwrap_or("申请人");
    let others = match applicant.co_applicants.len() {
        0 => String::new(),
        others => format!("等{}人", others + 1),
    };
    let kind = match data.kind() {
        CaseKind::Disclosure => "政府信息公开申请",
        CaseKind::Correction => "政府信息更正申请",
    };
    format!("{name}{others}的{kind}：{}", data.title())
}

/// 文号: of the letter that answered, or ended the case otherwise.
fn letter(dossier: &Dossier) -> Option<String> {
    let standing = dossier.papers.rows.iter().rev();
    let standing = || {
        standing
            .clone()
            .filter(|row| row.cancelled_on.is_none() && row.number.is_some())
    };
    let reply = standing().find(|row| row.code().is_reply());
    reply.or_else(|| standing().next()).and_then(|row| row.number.clone())
}

/// The day of the reply, or of the end without one.
fn ended_on(dossier: &Dossier) -> Option<NaiveDate> {
    let data = dossier.seen.case.data();
    let reply = data.reply.as_ref().map(|reply| reply.issued_on);
    let before = data
        .closings
        .iter()
        .rev()
        .find(|closing| closing.kind != ClosingKind::Archived);
    reply.or_else(|| before.map(|closing| closing.on))
}

fn note(dossier: &Dossier, filed: &[Filed]) -> String {
    let mut notes = Vec::new();
    if let Some(unreadable) = dossier.seen.unreadable {
        notes.push(format!("办理记录自第 {} 条起无法读出", unreadable.seq));
    }
    let lacking: usize = filed.iter().map(|one| one.lacking.len()).sum();
    if lacking > 0 {
        notes.push(format!("缺少文件 {lacking} 项，见案卷首页"));
    }
    notes.join("；")
}

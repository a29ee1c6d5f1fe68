//! Templates (文书模板): what legal advisers of an agency make of the texts that come with the program. An agency uses its own,
//! else the nearest one above it, else the program's; what was issued keeps what it was made with.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::admin_log::{By, append};
use crate::domain::instrument::catalog::is_numbered;
use crate::domain::people::access::{Actor, AgencyPath, Role};
use crate::domain::words::ids::AgencyId;
use crate::domain::words::text::{Bilingual, FieldError, check_text, none_wrong};
use crate::error::Error;
use crate::papers::facts::sample::{Extent, sample_of};
use crate::papers::letters::{Book, Sheet, TEXTS, TemplateCode};
use crate::papers::model::{Number, Paper};
use crate::papers::template::lint::{Reader, lint};
use crate::papers::template::{Fault, TEMPLATE_MAX, Template};
use crate::store::agencies::{Agency, agency_fetch};
use crate::store::templates::{
    TemplateRow, template_fetch, template_insert, template_publish, template_versions, templates_in_force,
};
use crate::store::{Db, Tx};

/// Longest note to a version, in characters.
const NOTE_MAX: usize = 500;

/// A template as an agency uses it.
#[derive(Debug, Clone)]
pub struct InUse {
    pub code: TemplateCode,
    /// Whose version it is; none for the program's.
    pub agency_id: Option<AgencyId>,
    pub version: u32,
    pub text: String,
    pub published_at: Option<DateTime<Utc>>,
}

/// The templates that an agency uses.
///
/// # Errors
/// Failures of the database; a stored template that cannot be read.
pub fn book_of(db: &mut Db, path: &AgencyPath) -> Result<Book, Error> {
    let built_in = Book::built_in().map_err(Error::internal)?;
    let rows = templates_in_force(db, &path.agencies())?;
    let mut book = built_in.clone();
    for row in nearest(rows, path) {
        let Some(code) = TemplateCode::from_code(&row.code) else {
            continue;
        };
        // Published before this build, it was sound by the build of then: what is not so any more is not used.
        match Template::read(&row.text, &code.variables()) {
            Ok(template) => book = book.with(code, version_of(row.version), Arc::new(template)),
            Err(faults) => tracing::error!(
                template = row.code,
                version = row.version,
                ?faults,
                "a template is not used"
            ),
        }
    }
    Ok(book)
}

fn version_of(version: i32) -> u32 {
    u32::try_from(version).unwrap_or_default()
}

/// Of each template the one that is nearest to the agency.
fn nearest(rows: Vec<TemplateRow>, path: &AgencyPath) -> Vec<TemplateRow> {
    let order = path.agencies();
    let depth = |row: &TemplateRow| order.iter().position(|id| *id == row.agency_id());
    let mut nearest: Vec<TemplateRow> = Vec::new();
    for row in rows {
        match nearest.iter_mut().find(|known| known.code == row.code) {
            Some(known) if depth(&row) > depth(known) => *known = row,
            Some(_) => {}
            None => nearest.push(row),
        }
    }
    nearest
}

/// The agency whose templates a person looks at: the own one where none is named.
///
/// # Errors
/// `NotFound` for an agency in which the person has no role; `Forbidden` for who has none anywhere.
pub fn agency_in_sight(db: &mut Db, actor: &Actor, id: Option<AgencyId>) -> Result<Agency, Error> {
    let id = id.or(actor.agency_id).ok_or_else(not_for_applicants)?;
    let agency = agency_fetch(db, id)?;
    match actor.administrator || !actor.roles_in(agency.id, &agency.path).is_empty() {
        true => Ok(agency),
        false if actor.is_staff() => Err(Error::NotFound),
        false => Err(not_for_applicants()),
    }
}

fn not_for_applicants() -> Error {
    Error::Forbidden {
        detail: Bilingual::new(
            "文书模板仅供行政机关工作人员查看。",
            "Templates are for the staff of agencies.",
        ),
    }
}

/// The agency for which a person writes templates.
///
/// # Errors
/// As [`agency_in_sight`]; `Forbidden` for who is no legal adviser there.
pub fn agency_of_adviser(db: &mut Db, actor: &Actor, id: Option<AgencyId>) -> Result<Agency, Error> {
    let agency = agency_in_sight(db, actor, id)?;
    match actor.roles_in(agency.id, &agency.path).contains(&Role::Legal) {
        true => Ok(agency),
        false => Err(Error::Forbidden {
            detail: Bilingual::new(
                "文书模板由本机关的法制审核人员起草和发布。",
                "Templates are written and published by the agency's legal advisers.",
            ),
        }),
    }
}

/// A template by its code.
///
/// # Errors
/// `NotFound`.
pub fn template_code(code: &str) -> Result<TemplateCode, Error> {
    TemplateCode::from_code(code).ok_or(Error::NotFound)
}

/// Every template as an agency uses it, in the order of the form list.
///
/// # Errors
/// Failures of the database.
pub fn templates(db: &mut Db, agency: &Agency) -> Result<Vec<InUse>, Error> {
    let own = nearest(templates_in_force(db, &agency.path.agencies())?, &agency.path);
    Ok(TemplateCode::all()
        .map(|code| match own.iter().find(|row| row.code == code.code()) {
            Some(row) => InUse {
                code,
                agency_id: Some(row.agency_id()),
                version: version_of(row.version),
                text: row.text.clone(),
                published_at: row.published_at(),
            },
            None => InUse {
                code,
                agency_id: None,
                version: 0,
                text: built_in_text(code).to_owned(),
                published_at: None,
            },
        })
        .collect())
}

fn built_in_text(code: TemplateCode) -> &'static str {
    TEXTS
        .iter()
        .find(|(name, _)| *name == code.code())
        .map_or("", |(_, text)| text)
}

/// The versions that an agency made of a template, newest first.
///
/// # Errors
/// Failures of the database.
pub fn versions(db: &mut Db, agency: &Agency, code: TemplateCode) -> Result<Vec<TemplateRow>, Error> {
    Ok(template_versions(db, agency.id, code.code())?)
}

/// What keeps a text from being published as this template of the agency.
pub fn faults(agency: &Agency, code: TemplateCode, text: &str) -> Vec<Fault> {
    let template = match Template::read(text, &code.variables()) {
        Ok(template) => template,
        Err(faults) => return faults,
    };
    let reader = Reader {
        kind: agency.data.settings.kind,
    };
    let mut faults = lint(code, &template, reader);
    if let Err(unusable) = sample_paper(agency, code, Some(template), Extent::Everything) {
        faults.extend(unusable);
    }
    faults
}

/// Adds a version to the templates of an adviser's agency: a draft that nobody uses yet.
///
/// # Errors
/// `Fields`.
pub fn version_add(
    tx: &mut Tx<'_>,
    actor: &Actor,
    agency: &Agency,
    code: TemplateCode,
    (text, note): (&str, &str),
    now: DateTime<Utc>,
) -> Result<TemplateRow, Error> {
    let mut errors = Vec::new();
    check_text("/note", note, NOTE_MAX, &mut errors);
    if text.trim().is_empty() {
        errors.push(FieldError::missing("/text"));
    }
    if text.chars().count() > TEMPLATE_MAX {
        errors.push(FieldError::new(
            "/text",
            format!("模板最长 {TEMPLATE_MAX} 字，请缩短。"),
            format!("A template has at most {TEMPLATE_MAX} characters."),
        ));
    }
    none_wrong::<Error>(errors)?;
    let version = template_insert(tx, agency.id, code.code(), (text, note), actor.user_id, now)?;
    Ok(template_fetch(tx, agency.id, code.code(), version)?)
}

/// A version of an agency.
///
/// # Errors
/// `NotFound`.
pub fn version(db: &mut Db, agency: &Agency, code: TemplateCode, version: i32) -> Result<TemplateRow, Error> {
    Ok(template_fetch(db, agency.id, code.code(), version)?)
}

/// Puts a version of an adviser's agency in force, for it and for all below it that have none of their own.
///
/// # Errors
/// `Fields` with every fault and its line.
pub fn publish(
    tx: &mut Tx<'_>,
    actor: &Actor,
    agency: &Agency,
    row: TemplateRow,
    now: DateTime<Utc>,
) -> Result<TemplateRow, Error> {
    let code = template_code(&row.code)?;
    if row.in_force {
        return Ok(row);
    }
    let faults = faults(agency, code, &row.text);
    if !faults.is_empty() {
        return Err(refused(&faults));
    }
    template_publish(tx, &row, actor.user_id, now)?;
    let data = json!({"agency_id": agency.id, "code": row.code, "version": row.version, "note": row.note});
    append(
        tx,
        By::Person(actor),
        now,
        "template_published",
        (format!("agency/{}", agency.id), data),
    )?;
    Ok(template_fetch(tx, agency.id, &row.code, row.version)?)
}

/// Every fault at its line.
pub(super) fn refused(faults: &[Fault]) -> Error {
    Error::Fields(faults.iter().map(field_of).collect())
}

/// A fault at its line.
fn field_of(fault: &Fault) -> FieldError {
    let Bilingual { zh, en } = &fault.reason;
    match fault.line {
        Some(line) => FieldError::new("/text", format!("第 {line} 行：{zh}"), format!("Line {line}: {en}")),
        None => FieldError::new("/text", zh.to_string(), en.to_string()),
    }
}

/// The paper of the sample case, with this template in place of the one in use.
///
/// # Errors
/// What is wrong with the template.
pub fn sample_paper(
    agency: &Agency,
    code: TemplateCode,
    template: Option<Template>,
    extent: Extent,
) -> Result<Paper, Vec<Fault>> {
    let built_in = Book::built_in().map_err(|unusable| unusable.faults.clone())?;
    let book = match template {
        Some(template) => built_in.with(code, 0, Arc::new(template)),
        None => built_in.clone(),
    };
    let (instrument, facts, pieces) = sample_of(code, Some(&agency.data), extent);
    let sheet = Sheet {
        code: instrument,
        organ: &agency.data.name,
        letterhead: agency.data.letterhead(),
        number: match is_numbered(instrument) {
            true => Number::Blank,
            false => Number::None,
        },
        dated: None,
        facts: &facts,
        pieces: &pieces,
    };
    let paper = sheet.write(&book).map_err(|unusable| unusable.faults)?;
    Ok(Paper {
        watermark: Some("样稿".to_owned()),
        ..paper
    })
}

/// As [`sample_paper`], for who asks to see it.
///
/// # Errors
/// `Fields` with every fault and its line.
pub fn sample_shown(agency: &Agency, code: TemplateCode, text: &str) -> Result<Paper, Error> {
    let template = Template::read(text, &code.variables()).map_err(|faults| refused(&faults))?;
    sample_paper(agency, code, Some(template), Extent::Ordinary).map_err(|faults| refused(&faults))
}

/// The text of a version; of version 0 the one that the agency uses.
///
/// # Errors
/// `NotFound`.
pub fn text_of(db: &mut Db, agency: &Agency, code: TemplateCode, version: i32) -> Result<String, Error> {
    if version > 0 {
        return Ok(template_fetch(db, agency.id, code.code(), version)?.text);
    }
    let in_use = templates(db, agency)?
        .into_iter()
        .find(|one| one.code == code && version == 0);
    Ok(in_use.ok_or(Error::NotFound)?.text)
}

/// Whether the person works at an agency.
///
/// # Errors
/// `Forbidden`.
pub fn require_staff(actor: &Actor) -> Result<(), Error> {
    match actor.is_staff() || actor.administrator {
        true => Ok(()),
        false => Err(not_for_applicants()),
    }
}

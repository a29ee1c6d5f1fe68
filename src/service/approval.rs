//! From the draft to the letter: each version of a draft is kept as it was worded, and what leaves is the text that was signed,
//! with number and day.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::desk::Desk;
use super::sight::Sight;
use super::wording::{Worded, as_drafted, reply_code};
use crate::domain::case::editing::DRAFT_FAULTY;
use crate::domain::case::{Case, Event};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::words::ids::{DocumentId, InstrumentId};
use crate::domain::words::text::Bilingual;
use crate::error::Error;
use crate::papers::docx::{self, Edited, Fault, Finding};
use crate::random;
use crate::store::drafts::{DraftRow, NewDraft, draft_insert, draft_newest, draft_of_entry, drafts_move};
use crate::store::instruments::instrument_exists;
use crate::store::{Db, Tx};

/// An edited file that was read.
#[derive(Debug, Clone)]
pub struct Brought {
    pub document_id: DocumentId,
    pub edited: Arc<Edited>,
}

/// What keeps an edited draft from being issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftFault {
    pub zh: String,
    pub en: String,
}

/// Keeps the version that the newest entry of the case made, if it made one.
///
/// # Errors
/// Failures of the database; a template that cannot be filled in.
pub(super) fn keep_draft(
    tx: &mut Tx<'_>,
    desk: &Desk,
    (sight, case): (&Sight, &Case),
    brought: Option<&Brought>,
) -> Result<(), Error> {
    match case.log().last().map(|logged| &logged.event) {
        Some(Event::ReplyDrafted(_) | Event::DraftEdited(_)) => {}
        Some(Event::EndingRevoked(_)) => return draft_again(tx, desk, case),
        _ => return Ok(()),
    }
    let Some(draft) = &case.data().draft else {
        return Ok(());
    };
    let code = reply_code(case)?;
    let (drafted, remedy) = as_drafted(tx, desk, (sight, case), code)?;
    let (worded, faults) = match brought {
        Some(brought) => {
            let found = docx::check(&brought.edited, &drafted.paper);
            let paper = docx::to_paper(&brought.edited, &drafted.paper);
            let worded = Worded { paper, ..drafted };
            (worded, found.iter().map(fault_told).collect())
        }
        None => (drafted, Vec::new()),
    };
    let new = NewDraft {
        case_id: case.id(),
        seq: i64::from(draft.seq),
        instrument_id: letter_of(tx, desk, case, draft.version)?,
        version: i32::try_from(draft.version).map_err(Error::internal)?,
        code,
        remedy,
        template_version: worded.template_version,
        frozen: worded.frozen(),
        document_id: brought.map(|brought| brought.document_id),
        faults: serde_json::to_string(&faults).map_err(Error::internal)?,
    };
    Ok(draft_insert(tx, &new)?)
}

/// A reply was taken back: its letter keeps its number and is cancelled, and what is issued of the draft after it is another one.
///
/// # Errors
/// Failures of the database.
pub(super) fn draft_again(tx: &mut Tx<'_>, desk: &Desk, case: &Case) -> Result<(), Error> {
    let Some(draft) = &case.data().draft else {
        return Ok(());
    };
    let Some(row) = draft_of_entry(tx, case.id(), i64::from(draft.seq))? else {
        return Ok(());
    };
    match instrument_exists(tx, row.instrument_id())? {
        true => Ok(drafts_move(tx, case.id(), row.instrument_id(), random::id(desk.now))?),
        false => Ok(()),
    }
}

/// The letter that a version is one of: that of the version before, unless it has left.
fn letter_of(tx: &mut Tx<'_>, desk: &Desk, case: &Case, version: u32) -> Result<InstrumentId, Error> {
    let before = match version {
        0 | 1 => None,
        _ => draft_newest(tx, case.id())?.map(|row| row.instrument_id()),
    };
    match before {
        Some(id) if !instrument_exists(tx, id)? => Ok(id),
        _ => Ok(random::id(desk.now)),
    }
}

/// What leaves when a letter is issued.
pub(super) struct Approved {
    /// The letter that was drafted; none where nothing was.
    pub id: Option<InstrumentId>,
    pub worded: Worded,
    /// The edited file that it is made of.
    pub edited: Option<DocumentId>,
    /// It does not say what its draft said.
    pub differs: bool,
}

impl Approved {
    /// What is issued without a draft.
    pub fn unseen(worded: Worded) -> Self {
        Self {
            id: None,
            worded,
            edited: None,
            differs: false,
        }
    }
}

/// What is issued: the text that was signed, with number and day. Where the facts or the remedies changed meanwhile it is worded
/// anew (`now`), which the answer tells; an edited text is then refused.
///
/// # Errors
/// `Refused` with what is wrong with an edited draft; failures of the database.
pub(super) fn approved(
    db: &mut Db,
    case: &Case,
    code: InstrumentCode,
    now: Worded,
    combined: bool,
) -> Result<Approved, Error> {
    let seq = case.data().reply.as_ref().and_then(|reply| reply.draft);
    let row = seq
        .map(|seq| draft_of_entry(db, case.id(), i64::from(seq)))
        .transpose()?
        .flatten();
    let Some(row) = row else {
        return Ok(Approved::unseen(now));
    };
    let drafted = Worded::of(&row)?;
    let edited = row.document_id();
    let same_kind = row.code() == code && drafted.paper.remedies() == now.paper.remedies();
    let (worded, differs) = match edited {
        Some(_) => {
            refuse(&standing_faults(&row, &drafted, (code, &now), combined)?)?;
            (drafted.numbered_as(&now.paper), false)
        }
        None if combined || drafted.paper.blocks == now.paper.blocks => (now, false),
        None if same_kind && drafted.tells_as(&now) => (drafted.numbered_as(&now.paper), false),
        None => (now, true),
    };
    Ok(Approved {
        id: Some(row.instrument_id()),
        worded,
        edited,
        differs,
    })
}

/// Why an edited draft cannot leave today: what was wrong when it came, and what became wrong since.
fn standing_faults(
    row: &DraftRow,
    drafted: &Worded,
    (code, now): (InstrumentCode, &Worded),
    combined: bool,
) -> Result<Vec<DraftFault>, Error> {
    let mut faults = faults_of(row)?;
    if row.code() != code {
        faults.push(DraftFault {
            zh: format!(
                "修改稿是“{}”，按办理结果应当发出“{}”。",
                row.code().title(),
                code.title()
            ),
            en: format!("It is {}, and {} is to be issued.", row.code().code(), code.code()),
        });
    } else if combined {
        faults.push(DraftFault {
            zh: "合并答复的答复书由系统拟制，不能使用修改稿。".to_owned(),
            en: "A combined reply is worded by the program, not edited.".to_owned(),
        });
    } else if faults.is_empty() && drafted.paper.remedies() != now.paper.remedies() {
        faults.push(DraftFault {
            zh: "救济告知与签发日应当告知的不一致。".to_owned(),
            en: "The remedies are not those of the day of issue.".to_owned(),
        });
    } else if faults.is_empty() && !drafted.tells_as(now) {
        faults.push(DraftFault {
            zh: "修改稿上传以后，案件的内容（申请人、事项、机关等）有变更。".to_owned(),
            en: "What the case tells (applicant, items, agency) changed since it was uploaded.".to_owned(),
        });
    }
    Ok(faults)
}

/// A combined reply is worded by the program: an edited text of any of its cases is not silently left out.
///
/// # Errors
/// `Refused`, naming the case; failures of the database.
pub(super) fn none_edited(db: &mut Db, cases: &[Case]) -> Result<(), Error> {
    for case in cases {
        let Some(draft) = &case.data().draft else { continue };
        let row = draft_of_entry(db, case.id(), i64::from(draft.seq))?;
        if row.is_some_and(|row| row.document_id().is_some()) {
            let number = case.data().number.clone().unwrap_or_default();
            refuse(&[DraftFault {
                zh: format!("合并答复的答复书由系统拟制，不能使用案件 {number} 的修改稿。"),
                en: format!("A combined reply is worded by the program, and case {number} has an edited draft."),
            }])?;
        }
    }
    Ok(())
}

fn refuse(faults: &[DraftFault]) -> Result<(), Error> {
    if faults.is_empty() {
        return Ok(());
    }
    let zh: String = faults.iter().map(|fault| fault.zh.as_str()).collect();
    let en: Vec<&str> = faults.iter().map(|fault| fault.en.as_str()).collect();
    let mut refusal = DRAFT_FAULTY.with(&[("faults", &"{faults}")]);
    let told = |text: &str, faults: &str| text.replace("{faults}", faults);
    refusal.reason = Bilingual::new(told(&refusal.reason.zh, &zh), told(&refusal.reason.en, &en.join(" ")));
    Err(Error::Refused(Box::new(refusal)))
}

/// What is wrong with a version, as it was found when it came.
///
/// # Errors
/// A row that is not as it was written.
pub fn faults_of(row: &DraftRow) -> Result<Vec<DraftFault>, Error> {
    serde_json::from_str(&row.faults).map_err(Error::internal)
}

/// What is wrong, and what to do about it.
fn fault_told(fault: &Fault) -> DraftFault {
    let told = |zh: &str, en: &str| (Cow::Owned(zh.to_owned()), Cow::Owned(en.to_owned()));
    let (zh, en): (Cow<'_, str>, Cow<'_, str>) = match fault {
        Fault::NumberMissing => told(
            "缺少发文字号的空位，请从原稿复制回来。",
            "The place for the number is missing; copy it back from the draft.",
        ),
        Fault::NumberDoubled => told(
            "发文字号的空位多于一处，请只保留一处。",
            "The place for the number stands twice; keep one.",
        ),
        Fault::DateMissing => told(
            "缺少成文日期的空位，请从原稿复制回来。",
            "The place for the date is missing; copy it back from the draft.",
        ),
        Fault::DateDoubled => told(
            "成文日期的空位多于一处，请只保留一处。",
            "The place for the date stands twice; keep one.",
        ),
        Fault::RemedyMissing => told(
            "缺少救济告知，请从原稿复制回来。",
            "The remedies are missing; copy them back from the draft.",
        ),
        Fault::RemedyDoubled => told(
            "救济告知多于一处，或者中间插入了其他内容，请恢复为一处。",
            "The remedies stand twice, or something was put between them; make them one.",
        ),
        Fault::RemedyChanged { expected, .. } => (
            Cow::Owned(format!("救济告知被改动，应为：“{expected}”")),
            Cow::Borrowed("The remedies were changed; put them back as they were."),
        ),
        Fault::TrackedChanges => told(
            "文件中还有未接受或者未拒绝的修订，请全部接受或者拒绝。",
            "Tracked changes are left; accept or reject all of them.",
        ),
        Fault::Comments => told("文件中有批注，请删除。", "There are comments; delete them."),
        Fault::HiddenText => told(
            "文件中有隐藏文字，请删除或者取消隐藏。",
            "There is hidden text; delete or show it.",
        ),
        Fault::ActiveContent(Finding::Macros) => told(
            "文件带有宏，请另存为不带宏的 DOCX。",
            "The file has macros; save it without.",
        ),
        Fault::ActiveContent(Finding::ExternalContent) => told(
            "文件引用了外部内容，请改为嵌入或者删除。",
            "The file fetches content from elsewhere; delete it.",
        ),
        Fault::ActiveContent(_) => told(
            "文件中嵌有对象，请删除。",
            "The file holds embedded objects; delete them.",
        ),
        Fault::NotTaken(Finding::Notes) => told(
            "文件中有脚注或者尾注，请写入正文。",
            "There are footnotes; put them into the text.",
        ),
        Fault::NotTaken(Finding::Equations) => {
            told("文件中有公式，请改用文字。", "There are equations; write them as text.")
        }
        Fault::NotTaken(_) => told(
            "文件中有符号字体的符号，请改用普通字符。",
            "There are signs of symbol fonts; use characters.",
        ),
        Fault::Pictures => told(
            "文件中有图片，请作为附件另行提供。",
            "There are pictures; send them as attachments.",
        ),
    };
    DraftFault {
        zh: zh.into_owned(),
        en: en.into_owned(),
    }
}

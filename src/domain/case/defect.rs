//! 申请的缺项 (Arts 29, 30): what an application leaves out or has wrong. Nothing of it keeps a letter from being entered; it
//! is read from the facts of the day, so that an amendment or a correction makes it disappear, and it is what the formal
//! review and the request to amend begin with.
//!
//! Art 29 names the elements, Art 30 the way; that identity and form are mended on this way too is the practice.

mod characters;

use self::characters::unreadable;
use super::guard::guards;
use super::state::CaseData;
use super::submission::Route;
use crate::domain::people::contact::is_phone;
use crate::domain::people::id_document::{IdDocument, IdDocumentKind};
use crate::domain::people::party::{Applicant, ApplicantKind};
use crate::domain::reply::CaseKind;
use crate::domain::words::codes::codes;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// Most characters without meaning that are told one by one.
const CHARACTERS_MAX: usize = 20;
/// Most co-applicants that a text names by their place.
const PLACES_MAX: usize = 10;

codes! {
    /// What an application lacks (缺项).
    pub enum DefectCode {
        NameMissing "name_missing" "缺少姓名或者名称" / "Name missing",
        IdMissing "id_missing" "缺少身份证明" / "Identity document missing",
        IdNumberCheck "id_number_check" "证件号码待核对" / "Number of the identity document to be checked",
        ContactMissing "contact_missing" "缺少联系方式" / "No way to be reached",
        AuthorisationMissing "authorisation_missing" "缺少授权委托书" / "Authorisation of the agent missing",
        ContentMissing "content_missing" "缺少申请内容" / "Content missing",
        FormMissing "form_missing" "缺少获取信息的方式" / "Form missing",
        RouteMissing "route_missing" "缺少获取信息的途径" / "Route missing",
        /// The agency's own to find out: a column of table 三.
        KindMissing "kind_missing" "申请人类型待确定" / "Kind of applicant not known",
        /// A character that only the computer knows on which it was typed.
        PrivateUseCharacter "private_use_character" "含有私用区字符" / "Private-use character",
    }

    /// One of the five formal checks (形式审核).
    pub enum FormalCheck {
        Name "name" "姓名或者名称",
        Contact "contact" "联系方式",
        Content "content" "申请内容",
        Form "form" "形式要求",
        Identity "identity" "身份证明",
    }
}

impl DefectCode {
    /// The article of the element, and that of the way in which it is mended.
    pub const fn article(self) -> &'static str {
        match self {
            Self::NameMissing
            | Self::IdMissing
            | Self::IdNumberCheck
            | Self::ContactMissing
            | Self::AuthorisationMissing => "《条例》第二十九条第二款第（一）项、第三十条",
            Self::ContentMissing => "《条例》第二十九条第二款第（二）项、第三十条",
            Self::FormMissing | Self::RouteMissing => "《条例》第二十九条第二款第（三）项、第三十条",
            Self::KindMissing => "《条例》第五十条",
            Self::PrivateUseCharacter => "《条例》第二十九条",
        }
    }

    /// The formal check that does not hold because of it; none where the agency mends it by itself.
    pub const fn check(self) -> Option<FormalCheck> {
        match self {
            Self::NameMissing => Some(FormalCheck::Name),
            Self::ContactMissing => Some(FormalCheck::Contact),
            Self::ContentMissing => Some(FormalCheck::Content),
            Self::FormMissing | Self::RouteMissing => Some(FormalCheck::Form),
            Self::IdMissing | Self::IdNumberCheck | Self::AuthorisationMissing => Some(FormalCheck::Identity),
            Self::KindMissing | Self::PrivateUseCharacter => None,
        }
    }
}

/// One thing that an application lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Defect {
    pub code: DefectCode,
    /// Where, as a pointer into the case.
    #[schema(examples("/applicant/id_document"))]
    pub field: String,
    /// The place of a character in the text, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
    #[schema(examples("《条例》第二十九条第二款第（一）项、第三十条"))]
    pub article: &'static str,
    /// As it can be written to the applicant.
    #[schema(examples("申请人未提供身份证明（证件种类和号码），请补充。"))]
    pub zh: String,
    #[schema(examples("The applicant states no identity document."))]
    pub en: String,
    /// Whether the applicant is to be asked; a doubt is the agency's own.
    #[serde(skip)]
    asked: bool,
}

impl Defect {
    /// The formal check that does not hold, where the applicant has to mend it.
    pub fn failed_check(&self) -> Option<FormalCheck> {
        self.code.check().filter(|_| self.asked)
    }
}

/// One defect as the reference lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DefectReference {
    pub code: DefectCode,
    pub label: &'static str,
    pub label_en: &'static str,
    pub article: &'static str,
    /// The formal check that does not hold because of it; null where the agency mends it by itself.
    pub check: Option<FormalCheck>,
}

/// Every defect with what it rests on.
pub fn defect_reference() -> Vec<DefectReference> {
    let reference = |code: &DefectCode| DefectReference {
        code: *code,
        label: code.label(),
        label_en: code.label_en(),
        article: code.article(),
        check: code.check(),
    };
    DefectCode::ALL.iter().map(reference).collect()
}

guards! {
    /// Table 三 has a column for each kind; corrections of one's own record do not stand in it.
    KIND_KNOWN "kind_known", "kind_missing", "《条例》第五十条",
        "申请人类型尚未确定，年度报告无法归类。请先更正（correct_fact）申请信息中的申请人类型（applicant.kind）；申请人已经由他人接替的，请更正退出记录的 next_kind 或者承继记录的 successor。更正后再送签发。",
        "The kind of applicant is not known, which the annual report needs; correct `applicant.kind` first (correct_fact); where somebody took the applicant's place, `next_kind` or `successor` of that entry.",
        |look| look.data.kind() == CaseKind::Correction || look.data.applicant.kind.is_some();
}

/// What the application lacks by what the case records now.
pub fn defects(data: &CaseData) -> Vec<Defect> {
    let submission = &data.submission;
    let mut found = Found {
        day: submission.arrived_on,
        defects: Vec::new(),
    };
    found.applicant(&data.applicant, data.route);
    if data.applicant.kind.is_none() && data.kind() == CaseKind::Disclosure {
        found.ours(
            DefectCode::KindMissing,
            "/applicant/kind",
            "申请人类型尚未确定，暂按“其他”统计；送签发前请更正。".to_owned(),
            "The kind of applicant is not known; counted as another organisation until it is corrected.".to_owned(),
        );
    }
    if data.description.is_none() {
        found.theirs(
            DefectCode::ContentMissing,
            "/description",
            "未写明所需政府信息的名称、文号或者便于查询的其他特征性描述，请补充。",
            "It is not stated what is asked for: name, document number or other features.",
        );
    }
    if data.form.is_none() {
        found.theirs(
            DefectCode::FormMissing,
            "/form",
            "未写明获取信息的方式（纸质、电子文件或者当场查阅、抄录），请补充。",
            "The form in which the information is wanted is not stated.",
        );
    }
    if data.route.is_none() {
        found.theirs(
            DefectCode::RouteMissing,
            "/route",
            "未写明获取信息的途径（邮寄、电子邮件、网上获取或者自行领取），请补充。",
            "The way on which the information is wanted is not stated.",
        );
    }
    found.characters(data);
    found.defects
}

/// What the applicant is to be told, all at once and ready to be sent (Art 30).
pub fn to_be_amended(data: &CaseData) -> Vec<String> {
    let defects = defects(data).into_iter();
    let theirs = defects.filter(|defect| defect.failed_check().is_some());
    theirs.map(|defect| defect.zh).collect()
}

/// Who lacks something, in Chinese and English.
type Subject = (&'static str, &'static str);

/// What was found so far.
struct Found {
    /// The day against which dates of birth are held.
    day: NaiveDate,
    defects: Vec<Defect>,
}

impl Found {
    fn push(&mut self, code: DefectCode, field: impl Into<String>, zh: String, en: String, asked: bool) {
        self.defects.push(Defect {
            code,
            field: field.into(),
            position: None,
            article: code.article(),
            zh,
            en,
            asked,
        });
    }

    /// For the applicant to mend.
    fn theirs(&mut self, code: DefectCode, field: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        self.push(code, field, zh.into(), en.into(), true);
    }

    /// For the agency to find out.
    fn ours(&mut self, code: DefectCode, field: impl Into<String>, zh: String, en: String) {
        self.push(code, field, zh, en, false);
    }

    fn applicant(&mut self, applicant: &Applicant, route: Option<Route>) {
        let subject = ("申请人", "applicant");
        self.name("/applicant", subject, &applicant.name);
        self.document("/applicant", subject, &applicant.id_document);
        let company = applicant.id_document.as_ref();
        let company = company.is_some_and(|document| document.kind == IdDocumentKind::Uscc);
        if company && applicant.kind == Some(ApplicantKind::NaturalPerson) {
            self.theirs(
                DefectCode::IdMissing,
                "/applicant/id_document/kind",
                "自然人申请未提供本人身份证明（所写为统一社会信用代码），请补充。",
                "A natural person is identified by a personal document, not by a credit code.",
            );
        }
        self.contact(applicant, route);
        if let Some(agent) = &applicant.agent {
            let (at, subject) = ("/applicant/agent", ("代理人", "agent"));
            self.name(at, subject, &agent.name);
            self.document(at, subject, &agent.id_document);
            if agent.authorisation_document_id.is_none() {
                self.theirs(
                    DefectCode::AuthorisationMissing,
                    "/applicant/agent/authorisation_document_id",
                    "由代理人提出申请，未提交授权委托书，请补充。",
                    "The agent shows no authorisation.",
                );
            }
        }
        if let Some(guardian) = &applicant.guardian {
            let (at, subject) = ("/applicant/guardian", ("法定代理人", "guardian"));
            self.name(at, subject, &guardian.name);
            if let Some(document) = &guardian.id_document {
                self.number(at, subject, document);
            }
        }
        self.co_applicants(applicant);
    }

    fn name(&mut self, at: &str, (zh, en): Subject, name: &Option<String>) {
        if name.is_none() {
            self.theirs(
                DefectCode::NameMissing,
                format!("{at}/name"),
                format!("未写明{zh}的姓名或者名称，请补充。"),
                format!("The name of the {en} is not stated."),
            );
        }
    }

    fn document(&mut self, at: &str, subject: Subject, document: &Option<IdDocument>) {
        let (zh, en) = subject;
        match document {
            Some(document) if is_shown(document) => self.number(at, subject, document),
            Some(_) => self.theirs(
                DefectCode::IdMissing,
                format!("{at}/id_document/number"),
                format!("{zh}的身份证明未写明证件号码，请补充。"),
                format!("The number of the identity document of the {en} is not stated."),
            ),
            None => self.theirs(
                DefectCode::IdMissing,
                format!("{at}/id_document"),
                format!("{zh}未提供身份证明（证件种类和号码），请补充。"),
                format!("The {en} states no identity document."),
            ),
        }
    }

    fn number(&mut self, at: &str, (zh, en): Subject, document: &IdDocument) {
        let field = format!("{at}/id_document/number");
        if let Some(fault) = document.fault(self.day) {
            let (why, why_en) = fault.words();
            self.theirs(
                DefectCode::IdNumberCheck,
                field,
                format!("{zh}的{}有误：{why}", number_of(document)),
                format!("The number of the identity document of the {en} cannot be right: {why_en}"),
            );
        } else if document.is_of_unknown_series() {
            self.ours(
                DefectCode::IdNumberCheck,
                field,
                format!("{zh}的{}属于尚未收录的系列，请与证件核对。", number_of(document)),
                format!("The number of the identity document of the {en} is of a series not known yet; compare it."),
            );
        }
    }

    /// A way to be reached, and an address where the reply is wanted by post.
    fn contact(&mut self, applicant: &Applicant, route: Option<Route>) {
        let agent = applicant.agent.as_ref().and_then(|agent| agent.phone.as_deref());
        let guardian = applicant.guardian.as_ref();
        let guardian = guardian.and_then(|guardian| guardian.phone.as_deref());
        let phones = [applicant.phone.as_deref(), agent, guardian];
        let called = phones.into_iter().flatten().any(can_be_called);
        let written = applicant.email.as_ref().is_some_and(|email| email.contains('@'));
        if route == Some(Route::Mail) && applicant.address.is_none() {
            self.theirs(
                DefectCode::ContactMissing,
                "/applicant/address",
                "选择邮寄获取，未写明邮寄地址，请补充。",
                "The reply is wanted by post, and no address is stated.",
            );
        } else if !called && !written && applicant.address.is_none() {
            self.theirs(
                DefectCode::ContactMissing,
                "/applicant/phone",
                "未提供有效的联系方式（电话、电子邮箱或者通信地址），请至少补充一项。",
                "No way to be reached is stated: phone, e-mail or address.",
            );
        }
    }

    fn co_applicants(&mut self, applicant: &Applicant) {
        let people = || applicant.co_applicants.iter().enumerate();
        let lacking = people().filter(|(_, person)| person.name.is_none());
        self.several(
            DefectCode::NameMissing,
            "name",
            lacking.map(|(index, _)| index).collect(),
            ("未写明姓名或者名称", "state no name"),
        );
        let shown = |document: &Option<IdDocument>| document.as_ref().is_some_and(is_shown);
        let lacking = people().filter(|(_, person)| !shown(&person.id_document));
        self.several(
            DefectCode::IdMissing,
            "id_document",
            lacking.map(|(index, _)| index).collect(),
            ("未提供身份证明（证件种类和号码）", "state no identity document"),
        );
        let day = self.day;
        let wrong = people().filter(|(_, person)| {
            let document = person.id_document.as_ref();
            document.is_some_and(|document| document.fault(day).is_some())
        });
        self.several(
            DefectCode::IdNumberCheck,
            "id_document/number",
            wrong.map(|(index, _)| index).collect(),
            ("所写证件号码有误", "state numbers of documents that cannot be right"),
        );
    }

    /// One defect for all co-applicants who lack the same.
    fn several(&mut self, code: DefectCode, field: &str, who: Vec<usize>, (zh, en): Subject) {
        let field = match who.as_slice() {
            [] => return,
            [only] => format!("/applicant/co_applicants/{only}/{field}"),
            _ => "/applicant/co_applicants".to_owned(),
        };
        let places = who.iter().take(PLACES_MAX);
        let places: Vec<String> = places.map(|index| index.saturating_add(1).to_string()).collect();
        let (all, more) = (who.len(), who.len() > PLACES_MAX);
        let zh_more = if more { format!("等共 {all} ") } else { String::new() };
        let en_more = if more {
            format!(" and others, {all} in all,")
        } else {
            String::new()
        };
        self.theirs(
            code,
            field,
            format!("第 {} {zh_more}位共同申请人{zh}，请补充或者更正。", places.join("、")),
            format!("Co-applicants {}{en_more} {en}.", places.join(", ")),
        );
    }

    /// The case cannot be found by such a character, and what is printed shows something else.
    fn characters(&mut self, data: &CaseData) {
        for (field, position, c) in unreadable(data).take(CHARACTERS_MAX) {
            let (place, code) = (position.saturating_add(1), u32::from(c));
            self.ours(
                DefectCode::PrivateUseCharacter,
                field,
                format!("第 {place} 个字（U+{code:04X}）是私用区字符，在别的计算机上显示不出来，也检索不到。请对照原件改用标准字符。"),
                format!("Character {place} (U+{code:04X}) is for private use: shown and found nowhere else. Put the standard one."),
            );
            if let Some(last) = self.defects.last_mut() {
                last.position = Some(position);
            }
        }
    }
}

/// Whether enough is stated to know the document: its number, or what a document of no known kind is called.
fn is_shown(document: &IdDocument) -> bool {
    document.key().is_some() || (document.kind == IdDocumentKind::Other && document.name.is_some())
}

/// A number as people write it, with what they add to it.
fn can_be_called(phone: &str) -> bool {
    is_phone(phone) || phone.chars().filter(char::is_ascii_digit).count() >= 5
}

/// A number of a document by its kind: 居民身份证号码, but 统一社会信用代码.
fn number_of(document: &IdDocument) -> String {
    let suffix = if document.kind == IdDocumentKind::Uscc {
        ""
    } else {
        "号码"
    };
    format!("{}{suffix}", document.kind.label())
}

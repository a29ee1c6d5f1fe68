//! Templates and their variables as a legal adviser sees them (文书模板).

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType};

use super::parts::AgencyRef;
use crate::domain::words::codes::codes;
use crate::domain::words::ids::AgencyId;
use crate::domain::words::language::Language;
use crate::papers::facts::{CONTEXT_VERSION, Field, Kind, example};
use crate::papers::letters::TemplateCode;
use crate::papers::template::Fault;
use crate::service::templates::InUse;
use crate::store::agencies::Agency;
use crate::store::templates::TemplateRow;

codes! {
    /// Where a version of a template stands.
    pub enum TemplateStatus {
        /// Nobody uses it yet.
        Draft "draft" "草稿",
        InForce "in_force" "使用中",
        /// Another version took its place; what was issued with it keeps it.
        Superseded "superseded" "已被替换",
    }

    /// What a variable holds.
    pub enum VariableKind {
        Text "text" "文字",
        Number "number" "数字",
        Flag "flag" "是或者否",
        /// Stands in a paragraph of its own.
        Piece "piece" "单独成段的内容",
        List "list" "列表，用循环逐项列出",
        Group "group" "一组变量",
    }
}

/// A template as an agency uses it, in one line.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateLine {
    /// The code of its instrument, or `reply` for what stands around the parts of every reply.
    #[schema(examples("D04"))]
    pub code: &'static str,
    #[schema(examples("补正告知书"))]
    pub name: &'static str,
    /// 0 for the text that comes with the program.
    pub version: u32,
    /// Whose version is used; null for the program's.
    pub agency_id: Option<AgencyId>,
    pub published_at: Option<DateTime<Utc>>,
}

impl From<&InUse> for TemplateLine {
    fn from(one: &InUse) -> Self {
        Self {
            code: one.code.code(),
            name: one.code.label(),
            version: one.version,
            agency_id: one.agency_id,
            published_at: one.published_at,
        }
    }
}

/// Every template as an agency uses it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateList {
    pub agency: AgencyRef,
    pub items: Vec<TemplateLine>,
}

impl TemplateList {
    pub fn new(agency: &Agency, in_use: &[InUse]) -> Self {
        Self {
            agency: AgencyRef::from(agency),
            items: in_use.iter().map(TemplateLine::from).collect(),
        }
    }
}

/// A template with its text in use and the versions that the agency made.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateView {
    #[schema(examples("D04"))]
    pub code: &'static str,
    #[schema(examples("补正告知书"))]
    pub name: &'static str,
    pub agency: AgencyRef,
    pub version: u32,
    /// Whose version is used; null for the program's.
    pub agency_id: Option<AgencyId>,
    /// Markdown with placeholders.
    #[schema(examples("# 补正告知书"))]
    pub text: String,
    /// The versions of this agency, newest first.
    pub versions: Vec<TemplateVersionView>,
}

impl TemplateView {
    pub fn new(agency: &Agency, one: InUse, versions: &[TemplateRow]) -> Self {
        Self {
            code: one.code.code(),
            name: one.code.label(),
            agency: AgencyRef::from(agency),
            version: one.version,
            agency_id: one.agency_id,
            text: one.text,
            versions: versions
                .iter()
                .map(|row| TemplateVersionView::new(row, Vec::new()))
                .collect(),
        }
    }
}

/// A version of a template.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateVersionView {
    pub version: i32,
    pub status: TemplateStatus,
    #[schema(examples("# 补正告知书"))]
    pub text: String,
    #[schema(examples("增加咨询窗口的说明"))]
    pub note: String,
    pub created_at: DateTime<Utc>,
    pub published_at: Option<DateTime<Utc>>,
    /// What keeps it from being published; only in the answer to its making.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<TemplateFault>,
}

impl TemplateVersionView {
    pub fn new(row: &TemplateRow, faults: Vec<TemplateFault>) -> Self {
        Self {
            version: row.version,
            status: match (row.in_force, row.published_at()) {
                (true, _) => TemplateStatus::InForce,
                (false, Some(_)) => TemplateStatus::Superseded,
                (false, None) => TemplateStatus::Draft,
            },
            text: row.text.clone(),
            note: row.note.clone(),
            created_at: row.created_at(),
            published_at: row.published_at(),
            faults,
        }
    }
}

/// What keeps a template from being published.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateFault {
    /// From 1; null where it is about the whole.
    pub line: Option<u32>,
    #[schema(examples("没有“补正.日期”这个变量"))]
    pub reason: String,
}

impl TemplateFault {
    pub fn new(fault: &Fault, language: Language) -> Self {
        Self {
            line: fault.line,
            reason: language.pick(&fault.reason),
        }
    }
}

/// The variables that a template may show.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateContext {
    #[schema(examples("D04"))]
    pub code: &'static str,
    /// Grows when a name goes or changes its meaning.
    pub context_version: u32,
    pub variables: Vec<VariableView>,
    /// The filters of placeholders, as `{{ 补正.事项|顿号 }}`.
    pub filters: Vec<FilterView>,
}

/// A variable with its meaning.
#[derive(Debug, Serialize, ToSchema)]
pub struct VariableView {
    /// As it is written in a template; what is in a list has `[]` after the list's name.
    #[schema(examples("补正.期限"))]
    pub name: String,
    pub kind: VariableKind,
    /// Whether it can be absent.
    pub optional: bool,
    #[schema(examples("补正的最后日期"))]
    pub meaning: &'static str,
    #[schema(schema_with = example_schema)]
    pub example: Value,
}

fn example_schema() -> Schema {
    let schema = ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .description(Some(
            "Of its kind: a text, a number, true or false, a list, an object; null for a piece.",
        ))
        .examples([Value::from("2026年4月2日")]);
    Schema::Object(schema.build())
}

/// A filter with what it does.
#[derive(Debug, Serialize, ToSchema)]
pub struct FilterView {
    #[schema(examples("顿号"))]
    pub name: &'static str,
    #[schema(examples("用顿号连接列表中的各项"))]
    pub meaning: &'static str,
}

const FILTERS: &[(&str, &str)] = &[
    ("顿号", "用顿号连接列表中的各项"),
    ("join", "同“顿号”，可以指定连接符号：join(\"；\")"),
    ("件数", "列表有几项"),
    ("length", "同“件数”"),
    ("中文序号", "把数字写成一、二、三"),
    ("default", "没有内容时印出另一文字：default(\"无\")"),
];

impl TemplateContext {
    pub fn new(code: TemplateCode) -> Self {
        let mut variables = Vec::new();
        for field in code.variables() {
            listed(&field, "", &mut variables);
        }
        Self {
            code: code.code(),
            context_version: CONTEXT_VERSION,
            variables,
            filters: FILTERS
                .iter()
                .map(|(name, meaning)| FilterView { name, meaning })
                .collect(),
        }
    }
}

/// The variable with all that is in it.
fn listed(field: &Field, above: &str, variables: &mut Vec<VariableView>) {
    let name = format!("{above}{}", field.name);
    let within = match field.kind {
        Kind::Group(fields) => Some((fields, format!("{name}."))),
        Kind::List(Kind::Group(fields)) => Some((*fields, format!("{name}[]."))),
        _ => None,
    };
    variables.push(VariableView {
        name,
        kind: match field.kind {
            Kind::Text => VariableKind::Text,
            Kind::Number => VariableKind::Number,
            Kind::Flag => VariableKind::Flag,
            Kind::Piece => VariableKind::Piece,
            Kind::List(_) => VariableKind::List,
            Kind::Group(_) => VariableKind::Group,
        },
        optional: field.optional,
        meaning: field.meaning,
        example: example(&field.kind, field.example),
    });
    if let Some((fields, above)) = within {
        for field in fields {
            listed(field, &above, variables);
        }
    }
}

//! The table of problems: every code with its status and what to do about it. Statuses are known here alone.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::case::refusals;

/// One kind of problem: its stable code, its status, and what it means.
#[derive(Debug, Clone, Copy)]
pub struct ProblemKind {
    pub code: &'static str,
    pub status: u16,
    pub title: &'static str,
    pub title_en: &'static str,
    /// What to do about it.
    pub meaning: &'static str,
    pub meaning_en: &'static str,
}

macro_rules! kinds {
    ($($code:literal $status:literal $title:literal $title_en:literal $meaning:literal $meaning_en:literal;)+) => {
        &[$(ProblemKind { code: $code, status: $status, title: $title, title_en: $title_en, meaning: $meaning, meaning_en: $meaning_en }),+]
    };
}

/// Every kind of problem outside the workflow, whose refusals (`refused` is their common kind) carry codes of their own.
#[rustfmt::skip]
pub const PROBLEMS: &[ProblemKind] = kinds![
    "bad_json" 400 "请求体不是 JSON" "The body is not JSON"
        "请求体必须是一个完整的 JSON 文档，请检查语法后重发。" "The body must be one complete JSON document; check its syntax and send it again.";
    "bad_form" 400 "表单不完整" "The form is broken"
        "请以 multipart/form-data 完整发送文件（file）和用途（purpose）后重试。" "Send the file (`file`) and its purpose (`purpose`) completely as multipart/form-data.";
    "unauthenticated" 401 "尚未登录" "Not signed in"
        "请先登录，并在 Authorization 首部中携带有效的访问令牌。" "Sign in first and send a valid access token in the Authorization header.";
    "bad_credentials" 401 "用户名或密码不正确" "Wrong username or password"
        "请核对用户名和密码后重试；连续多次失败后须稍候再试。忘记密码的，请联系系统管理员。" "Check username and password; after several failures a pause is required. An administrator can reset the password.";
    "forbidden" 403 "无权办理" "Forbidden"
        "您的角色没有此项权限，请由有权限的人员办理。" "None of your roles may do this; someone who holds the role must.";
    "not_found" 404 "未找到" "Not found"
        "没有这个地址或对象，或者它不对您公开，请核对编号。" "There is no such address or object, or it is not yours to see; check the number.";
    "method_not_allowed" 405 "不支持此方法" "Method not allowed"
        "此地址不接受该 HTTP 方法，可用方法见 Allow 首部。" "This address does not take that HTTP method; see the Allow header.";
    "not_acceptable" 406 "没有可接受的编码" "Not acceptable"
        "请在 Accept-Encoding 中允许 identity 或 gzip。" "Allow identity or gzip in Accept-Encoding.";
    "body_timeout" 408 "请求体未按时送达" "The body did not arrive in time"
        "请检查网络后重发；大的文件请分开上传。" "Check the network and send it again; send large files separately.";
    "conflict" 409 "与现有内容冲突" "Conflict"
        "请求与现有内容冲突，请查看说明后调整。" "The request conflicts with what is there; read the detail and change it.";
    "username_taken" 409 "用户名已被使用" "Username taken"
        "请另选用户名。" "Choose another username.";
    "agency_code_taken" 409 "机关代码已被使用" "Agency code taken"
        "请另选机关代码。" "Choose another code.";
    "unit_name_taken" 409 "本机关已有同名科室" "Unit name taken"
        "请另取科室名称。" "Choose another name.";
    "own_account" 409 "不能对自己的账号办理此项" "Not on the own account"
        "请由另一位系统管理员办理。" "Another administrator must do it.";
    "document_attached" 409 "文件已归入案件" "Document of a case"
        "文件已成为案件材料，不能删除；放错的请由承办人员在案件中说明。" "A case holds the document already; it cannot be deleted.";
    "no_glyphs" 409 "缺少字体" "No font for this paper"
        "没有可用的中文字体，无法生成 PDF。请下载可编辑文书（format=docx），或者请系统管理员安装字体（配置项 fonts）后重试。" "No usable Chinese font, so there is no PDF. Use the DOCX (`format=docx`), or have fonts installed (`fonts` in the configuration).";
    "wrong_password" 409 "当前密码不正确" "Wrong current password"
        "请核对当前密码后重试。" "Check the current password and try again.";
    "refused" 409 "此时不能办理" "Refused"
        "按案件目前的状态或法定期限，此项办理不能进行；说明中有依据和可行的办法。" "The state of the case or a legal limit forbids this now; the detail names the article and what is possible.";
    "stale_version" 412 "内容已被他人更新" "Stale version"
        "您看到的版本已经过时，请重新读取后再办理。" "What you saw has been changed since; read it again, then act.";
    "version_malformed" 412 "版本格式不对" "Malformed version"
        "If-Match 只接受一个带引号的版本，例如 \"7\"，不接受 * 或弱标签。" "If-Match takes one quoted version such as \"7\"; neither * nor weak tags.";
    "too_large" 413 "请求体过大" "Payload too large"
        "请缩小请求体后重发。" "Send a smaller body.";
    "file_too_large" 413 "文件过大" "The file is too large"
        "请压缩或者拆分后重新上传。" "Compress it or split it, then upload again.";
    "quota_exceeded" 413 "未使用的文件过多" "Too many unused documents"
        "请先删除或在申请、办理中使用已上传的文件，再上传新文件。" "Use or delete what you uploaded before, then upload again.";
    "unsupported_media" 415 "不支持的内容类型" "Unsupported media type"
        "请以 Content-Type: application/json 发送。" "Send it with Content-Type: application/json.";
    "not_multipart" 415 "不是表单上传" "Not a form with a file"
        "请以 Content-Type: multipart/form-data 上传文件。" "Upload the file as multipart/form-data.";
    "file_not_accepted" 415 "不接受的文件类型" "The file is of no accepted kind"
        "可以上传 PDF、OFD、DOC、DOCX、XLS、XLSX、PPT、PPTX、WPS、ET、DPS、JPEG、PNG、TIFF、TXT（UTF-8 或 GB18030）和 ZIP 文件，按内容判断，不接受空文件、程序、网页和带宏的文档；请转换后重新上传。" "Accepted are PDF, OFD, DOC, DOCX, XLS, XLSX, PPT, PPTX, WPS, ET, DPS, JPEG, PNG, TIFF, TXT (UTF-8 or GB18030) and ZIP, judged by content; no empty files, programs, web pages or documents with macros. Convert the file and upload it again.";
    "range_not_satisfiable" 416 "没有所要的部分" "No such range"
        "Range 超出文件长度，请按 Content-Range 中的长度重新请求。" "Range lies beyond the end; see Content-Range for the length.";
    "fields" 422 "填写的内容有误" "Impossible fields"
        "请按 errors 中逐项指出的位置改正。" "Correct each place that errors points to.";
    "idempotency_key_reused" 422 "幂等键已用于另一请求" "Idempotency key reused"
        "同一 Idempotency-Key 只能用于内容完全相同的请求，请换一个新键。" "One Idempotency-Key stands for one request with one body; take a new key.";
    "version_required" 428 "缺少版本" "Version required"
        "请先读取对象，并在 If-Match 中带上读到的 ETag。" "Read the object first and send its ETag in If-Match.";
    "too_many_requests" 429 "请求过于频繁" "Too many requests"
        "请在 Retry-After 指定的秒数之后再试。" "Try again after the seconds in Retry-After.";
    "internal" 500 "系统内部错误" "Internal error"
        "请稍后再试；仍有问题时请将响应首部 X-Request-Id 告知管理员。" "Try again later; if it persists give the X-Request-Id header to the administrator.";
    "unavailable" 503 "系统繁忙" "Temporarily unavailable"
        "请在 Retry-After 指定的秒数之后再试。" "Try again after the seconds in Retry-After.";
    "storage_full" 503 "存储空间已满" "Storage full"
        "本次提交没有保存。请联系系统管理员清理磁盘空间，然后重新提交；查询不受影响。" "Nothing of this request was saved. Ask the administrator to make room on the disk, then send it again; reading still works.";
];

/// One kind of problem: its stable code, its status, and what it means.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemKind)]
pub struct ListedProblem {
    /// Stable, machine-readable.
    #[schema(example = "stale_version")]
    pub code: &'static str,
    #[schema(example = 412)]
    pub status: u16,
    pub title: &'static str,
    pub title_en: &'static str,
    /// What to do about it. Of a refusal what is told, with `{…}` in the place of what only the case knows; several
    /// ways to say it stand on lines of their own.
    pub meaning: String,
    pub meaning_en: String,
    /// What a refusal of the workflow rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "《条例》第三十条")]
    pub article: Option<String>,
}

impl ListedProblem {
    fn of(kind: ProblemKind) -> Self {
        Self {
            code: kind.code,
            status: kind.status,
            title: kind.title,
            title_en: kind.title_en,
            meaning: kind.meaning.to_owned(),
            meaning_en: kind.meaning_en.to_owned(),
            article: None,
        }
    }
}

/// Every kind of problem, and every refusal of the workflow by its own code.
pub fn listed() -> Vec<ListedProblem> {
    let mut listed: Vec<ListedProblem> = PROBLEMS.iter().copied().map(ListedProblem::of).collect();
    let refused = kind_of("refused");
    let mut refusals: BTreeMap<&str, [Vec<&str>; 3]> = BTreeMap::new();
    for reason in refusals::all() {
        let texts = refusals.entry(reason.code).or_default();
        for (texts, text) in texts.iter_mut().zip([reason.zh, reason.en, reason.article]) {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    listed.extend(refusals.into_iter().map(|(code, [zh, en, articles])| ListedProblem {
        code,
        meaning: zh.join("\n"),
        meaning_en: en.join("\n"),
        article: (!articles.is_empty()).then(|| articles.join("、")),
        ..ListedProblem::of(refused)
    }));
    listed
}

/// The table as it is committed in `openapi/problems.json`.
///
/// # Errors
/// None in practice: the table has a JSON form.
pub fn committed() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&listed())? + "\n")
}

/// The kind with a code of the table.
pub(super) fn kind_of(code: &str) -> ProblemKind {
    const INTERNAL: ProblemKind = ProblemKind {
        code: "internal",
        status: 500,
        title: "系统内部错误",
        title_en: "Internal error",
        meaning: "",
        meaning_en: "",
    };
    PROBLEMS
        .iter()
        .find(|kind| kind.code == code)
        .copied()
        .unwrap_or(INTERNAL)
}

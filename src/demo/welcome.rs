//! What a start with the demonstration tells on the terminal: where to click, who is who, what to try.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::people::roster;
use super::play::Played;
use crate::auth::passwords::DEMO_PASSWORD;

/// What each account sees, by username.
fn shows(username: &str) -> &'static str {
    match username {
        "clerk" => "待登记、待确认、待送达、待归档  queue=intake unconfirmed to_deliver to_archive",
        "officer" => "经办、快到期、超期、中止、待补正缴费  queue=mine due_soon overdue suspended awaiting",
        "handler" => "本科室待反馈  queue=unit",
        "secrecy" => "待保密审查  queue=to_review_secrecy",
        "legal" => "待法制审核；期限推算  queue=to_review_legal；POST /api/v1/clock/preview",
        "approver" => "待签发、待批准  queue=to_approve",
        "supervisor" => "全部下级机关、补录  queue=all late_entries overdue",
        "admin" => "机关、科室、用户  GET /api/v1/admin/users",
        "applicant" => "我的申请  GET /api/v1/requests",
        "clerk2" | "officer2" => "另一机关（县自然资源局）的案件，看不到本机关的",
        _ => "",
    }
}

/// The text, for a service that listens on `address`; `played` is set at the first start only.
pub fn welcome(address: SocketAddr, played: Option<&Played>) -> String {
    let base = format!("http://{address}");
    let mut text = String::new();
    let made = match played {
        Some(played) => format!("新建 {} 件申请 cases made", played.cases),
        None => "沿用已有数据 existing data kept".to_owned(),
    };
    let _ = writeln!(
        text,
        "演示 demonstration · 澄溪县人民政府 · {made}\n\n  \
         服务 service     {base}\n  \
         接口文档 API     {base}/docs/\n  \
         密码 password    {DEMO_PASSWORD}  （下列用户通用，仅限本机 for all users, on this machine only）\n"
    );
    for (username, name, role) in roster() {
        let _ = writeln!(
            text,
            "  {}{}{}{}",
            padded(username, 12),
            padded(&name, 8),
            padded(role, 20),
            shows(username)
        );
    }
    let _ = write!(
        text,
        "\n  试一试 try\n  \
         TOKEN=$(curl -s {base}/api/v1/auth/login -H 'Content-Type: application/json' \
         -d '{{\"username\":\"officer\",\"password\":\"{DEMO_PASSWORD}\"}}' | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n  \
         curl -s '{base}/api/v1/cases?queue=due_soon' -H \"Authorization: Bearer $TOKEN\"\n"
    );
    if let Some((number, code)) = played.and_then(|played| played.tracked.as_ref()) {
        let _ = writeln!(
            text,
            "  curl -s '{base}/api/v1/track?number={number}&code={}'   （查询码只显示这一次 the code is shown only now）",
            code.reveal()
        );
    }
    text
}

/// Filled up to a width on the terminal, where Chinese characters take two places.
fn padded(text: &str, width: usize) -> String {
    let taken: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(taken).max(1)))
}

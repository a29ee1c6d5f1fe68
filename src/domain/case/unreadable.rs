//! What is said of a case whose log cannot be read to its end: it is shown as far as it can be, and nothing is entered.

use crate::domain::law::refusal::Reason;

/// The code of the problem and of the refusal.
pub const LOG_UNREADABLE: &str = "log_unreadable";

/// To whoever works on the case: entry `seq` cannot be read, or does not fit those before it.
pub const TOLD_TO_AGENCY: Reason = Reason {
    code: LOG_UNREADABLE,
    article: "",
    zh: "本案登记的第 {seq} 条记录无法读取：只显示此前的记录和登记台账上的内容，暂不能办理任何事项。请系统管理员运行 gongkai audit verify 核查。",
    en: "Entry {seq} of the log of this case cannot be read: what came before it and the register are shown, and nothing can be entered. The operator should run `gongkai audit verify`.",
};

/// To the applicant, who can do nothing about it.
pub const TOLD_TO_APPLICANT: Reason = Reason {
    code: LOG_UNREADABLE,
    article: "",
    zh: "本件的办理记录暂时无法完整读取，显示的内容可能不完整，暂不能在线办理。请与受理机关联系。",
    en: "The record of this request cannot be read completely: what is shown may be incomplete, and nothing can be entered online. Please contact the agency.",
};

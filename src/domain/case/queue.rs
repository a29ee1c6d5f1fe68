//! The working lists of an office, by name. What each holds is compared with today where it is read.

use serde::{Deserialize, Serialize};

/// A working list (工作队列).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// 待登记: submitted, not yet received.
    Intake,
    /// 待确认: submitted by ordinary mail, fax or online, where receipt needs the confirmation of both sides.
    Unconfirmed,
    /// 我经办的: owned by me and not yet archived.
    Mine,
    /// 本科室待反馈: with an open assignment to my unit.
    Unit,
    ToReviewSecrecy,
    ToReviewLegal,
    /// 待签发、待批准: replies, extensions and corrections that wait for an approver.
    ToApprove,
    /// 待送达: replied, delivery not recorded.
    ToDeliver,
    ToArchive,
    /// Due within the next five working days.
    DueSoon,
    Overdue,
    Suspended,
    /// 待补正、待缴费.
    Awaiting,
    /// 补录: with entries dated before the day of entry.
    LateEntries,
    All,
}

impl Queue {
    /// Every queue.
    pub const ALL: [Self; 15] = [
        Self::Intake,
        Self::Unconfirmed,
        Self::Mine,
        Self::Unit,
        Self::ToReviewSecrecy,
        Self::ToReviewLegal,
        Self::ToApprove,
        Self::ToDeliver,
        Self::ToArchive,
        Self::DueSoon,
        Self::Overdue,
        Self::Suspended,
        Self::Awaiting,
        Self::LateEntries,
        Self::All,
    ];
}

//! What happens to a case of the city from its entry to its archive and beyond, drawn step by step.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::answers::{End, items};
use super::life::{Life, Lived, World};
use super::plan::Plan;
use crate::demo::days::office_hour;
use crate::demo::steps::*;
use crate::domain::case::submission::{Channel, Route};
use crate::domain::civil_date;
use crate::domain::reply::Outcome;

/// Tells the life of a planned case; `None` for a plan of an agency that is not there.
pub fn live(world: &World<'_>, plan: &Plan) -> Option<Lived> {
    let (mut life, end) = Life::begin(world, plan)?;
    // How far it came is in the case.
    let _ = life.tell(end);
    Some(life.into_lived())
}

/// From the application to the substantive review, and what ends before.
impl Life<'_> {
    fn tell(&mut self, end: End) -> Option<()> {
        let Some(received_at) = self.plan.received_at else {
            return self.never_received();
        };
        let received_on = civil_date(received_at);
        if end == End::AlreadyPublic && self.plan.channel == Channel::InPerson && self.draw.chance(250) {
            let place = format!("门户网站“政府信息公开”专栏，{}", self.wish.matter);
            let told = reply_on_the_spot("您申请的信息已经主动公开，当场告知查询途径。", &place);
            self.take(received_at, received_on, told)?;
            let day = self.delivered(received_on, "signed")?;
            return self.archive(day);
        }
        if self.account.is_some() {
            let at = self.last + TimeDelta::minutes(2);
            self.take(at, civil_date(at), confirm_submission())?;
        }
        let receipt = received(&self.case.data().submission, None);
        self.take(received_at, received_on, receipt)?;
        let reviewed = self.later(received_on, 0, 2);
        let mut day = self.on(reviewed, review_formally())?;
        let mut start = received_on;
        let unclear = matches!(end, End::AmendmentLapsed | End::StillUnclear);
        if unclear || self.draw.chance(45) {
            let delivered = self.request_amendment(day)?;
            if end == End::AmendmentLapsed {
                let allowed = self.office.amendment_working_days;
                let lapsed = self.later(delivered, allowed + 1, allowed + 4);
                return self.end_on(lapsed, lapse_amendment());
            }
            start = self.receive_amendment(delivered)?;
            let again = self.later(start, 0, 2);
            day = self.on(again, review_formally())?;
        }
        if end == End::Withdrawn {
            let day = self.later(day, 0, 8);
            let reasons = ["已从其他途径取得", "与经办人沟通后不再需要", "申请内容有误，另行申请"];
            let reason = self.draw.pick(&reasons);
            return self.end_on(day, withdraw(reason).by(petitioner(self.account.is_some())));
        }
        let day = self.later(day, 0, 2);
        let day = self.on(day, review_substantively())?;
        self.handle(end, start, day)
    }

    fn never_received(&mut self) -> Option<()> {
        if !self.plan.lost {
            return None;
        }
        let first = civil_date(self.last);
        let second = self.later(first, 2, 4);
        self.on(first, record_contact_attempt("phone", "拨打申请书所留电话，无人接听"))?;
        self.on(
            second,
            record_contact_attempt("letter", "已寄出请其与我机关联系确认的信函"),
        )?;
        let closed = self.later(second, 8, 20);
        let reason = self.draw.weighted(&[(7, "unreachable"), (3, "not_a_request")])?;
        self.end_on(closed, close_intake(reason, None, None))
    }

    fn request_amendment(&mut self, day: NaiveDate) -> Option<NaiveDate> {
        let day = self.later(day, 0, 3);
        let defect = self.draw.pick(&[
            "请写明地块位置、项目名称或者文件文号",
            "请写明所需信息的年度和种类",
            "请补充身份证明",
        ]);
        let notified = self.on(day, request_amendment(defect))?;
        let day = self.later(notified, 1, 3);
        self.notice_delivered(day, "amendment_notice")
    }

    fn receive_amendment(&mut self, delivered: NaiveDate) -> Option<NaiveDate> {
        let day = self.later(delivered, 3, 11);
        let mut description = self.wish.description.clone();
        description.features = format!("补正：{}，形成于{}年", self.wish.information, self.wish.year);
        let step = receive_amendment(description).by(petitioner(self.account.is_some()));
        self.on(day, step)
    }

    fn notice_delivered(&mut self, day: NaiveDate, target: &str) -> Option<NaiveDate> {
        self.on(day, record_notice_delivery(target, "邮政特快专递", None))
    }

    /// The step that ends the case, and its archive.
    fn end_on(&mut self, day: NaiveDate, step: Step) -> Option<()> {
        let closed = self.on(day, step)?;
        self.archive(closed)
    }
}

/// Between the substantive review and the reply: assignment, consultation, fee, reasons, extension.
impl Life<'_> {
    fn handle(&mut self, end: End, start: NaiveDate, day: NaiveDate) -> Option<()> {
        let base = self.case.data().pack(&self.world.law).reply_days;
        let (mut start, mut day) = (start, day);
        if end == End::NotExisting || self.draw.chance(350) {
            day = self.search(day, end == End::NotExisting)?;
        }
        let third_party = matches!(
            end,
            End::Partly(Outcome::ThirdPartyRights) | End::Withheld(Outcome::ThirdPartyRights)
        );
        if third_party || self.draw.chance(12) {
            day = self.consult(day, third_party)?;
        }
        if end == End::FeeLapsed || (end == End::Granted && self.draw.chance(6)) {
            let pages = self.draw.between(60, 900);
            let issued = self.on(day, issue_fee_notice(pages))?;
            let delivered = self.later(issued, 1, 3);
            let delivered = self.notice_delivered(delivered, "fee_notice")?;
            if end == End::FeeLapsed {
                let lapsed = self.later(delivered, 21, 24);
                return self.end_on(lapsed, lapse_fee());
            }
            let paid = self.later(delivered, 2, 12);
            let reference = format!("财政票据 {:07}", self.draw.below(9_999_999));
            start = self.on(paid, record_payment("@fee", &reference))?;
            day = start;
        }
        if end == End::Excessive {
            let respond_by = self.after(day, 7);
            self.on(day, request_reasons(respond_by))?;
            let given = self.later(day, 3, 6);
            day = self.on(given, record_reasons("希望全面了解情况", false))?;
        }
        let mut pace = self.draw.between(base / 3, base - 5);
        if self.draw.chance(12) {
            pace = base + self.draw.between(1, 15);
        } else if self.draw.chance(70)
            && let Some(extended) = self.extend(start, day, base)
        {
            day = extended;
            pace = base + self.draw.between(1, base - 6);
        }
        let drafted = self.after(start, pace).max(self.after(day, 1));
        self.reply(end, drafted)
    }

    fn search(&mut self, day: NaiveDate, in_vain: bool) -> Option<NaiveDate> {
        if self.office.handler.is_none() {
            return Some(day);
        }
        let due_on = self.later(day, 5, 9);
        let note = format!("请检索{}", self.wish.information);
        let assigned = self.on(day, assign(due_on, &note))?;
        let answered = self.later(assigned, 1, 6);
        let result = if in_vain { "not_found" } else { "found" };
        let keywords = [self.wish.place.as_str(), self.wish.matter];
        let scope = format!("{}年以来的文书档案", self.wish.year - 2);
        let answer = answer_assignment(result, &scope, &keywords, "业务科");
        self.on(answered, answer)
    }

    fn consult(&mut self, day: NaiveDate, objects: bool) -> Option<NaiveDate> {
        let (name, address) = (
            format!("江临市{}有限公司", self.wish.place),
            format!("江临市{}", self.wish.place),
        );
        let letter = consult_third_party(&name, &address, &self.wish.information);
        let sent = self.on(day, letter)?;
        let delivered = self.later(sent, 1, 4);
        let delivered = self.notice_delivered(delivered, "consultation")?;
        if self.draw.chance(180) {
            // The party stays silent: the agency decides after its fifteen working days.
            return Some(self.after(delivered, 16));
        }
        let answered = self.later(delivered, 2, 12);
        let opinion = match objects {
            true => record_opinion("object", Some("涉及商业秘密和个人隐私，不同意公开")),
            false => record_opinion("consent", None),
        };
        self.on(answered, opinion)
    }

    /// An extension near the end of the allowance; `None` where it is too late for one.
    fn extend(&mut self, start: NaiveDate, day: NaiveDate, base: u32) -> Option<NaiveDate> {
        let proposed = self.later(start, base - 6, base - 3);
        if day > proposed || is_waiting(&self.case) {
            return None;
        }
        let working_days = self.draw.between(base / 2, base);
        self.on(
            proposed,
            propose_extension(working_days, "涉及资料较多，需要延长答复期限"),
        )?;
        let approved = self.after(proposed, 1);
        self.on(approved, approve_extension())
    }
}

/// How an application ends: the reply and its way to the applicant, the archive, the remedies.
impl Life<'_> {
    fn reply(&mut self, end: End, drafted: NaiveDate) -> Option<()> {
        let earlier = self.number(self.plan.arrived_on.year(), self.plan.number.max(2) - 1);
        let items = items(end, &self.wish, &earlier, &mut self.draw);
        let mut day = self.on(drafted, draft_reply(&items))?;
        let (secret, needs_legal) = reviews_of_draft(&self.case);
        if !secret.is_empty() {
            let reviewed = self.later(day, 0, 1);
            day = self.on(reviewed, released(&secret))?;
        }
        if needs_legal {
            self.on(day, submit_for_legal_review())?;
            let passed = self.later(day, 0, 1);
            day = self.on(passed, review_legally("pass", None))?;
        }
        self.on(day, submit_for_approval())?;
        let signed = self.later(day, 0, 1);
        let signed = self.on(signed, approve_reply())?;
        let route = self.case.data().submission.route.unwrap_or(Route::Mail);
        let issued = self.later(signed, 0, 1);
        // Each way of delivery is called as the way on which the information was wanted.
        let issued = self.on(issued, issue_reply(route.code()))?;
        let (result, low, high) = match route {
            Route::Mail if self.draw.chance(25) => ("returned", 6, 12),
            Route::Email | Route::Online => ("opened", 0, 2),
            Route::Mail | Route::Pickup => ("signed", 1, 5),
        };
        let delivered = self.later(issued, low, high);
        let mut delivered = self.delivered(delivered, result)?;
        if result == "returned" {
            let again = self.later(delivered, 1, 3);
            let again = self.on(again, dispatch_reply("mail"))?;
            let signed = self.later(again, 2, 5);
            delivered = self.delivered(signed, "signed")?;
        }
        // A few files are never put away.
        if self.draw.chance(6) {
            return None;
        }
        self.archive(delivered)?;
        self.contest()
    }

    /// Records the delivery, in one case of a hundred some days late.
    fn delivered(&mut self, day: NaiveDate, result: &str) -> Option<NaiveDate> {
        let day = day.max(civil_date(self.last));
        let mut record = record_delivery(result, Some("送达回证"));
        if !self.draw.chance(10) {
            return self.on(day, record);
        }
        let entered = self.later(day, 2, 5);
        record.enter_late("回执退回较晚");
        self.take(office_hour(entered, 120), day, record)?;
        Some(entered)
    }

    fn archive(&mut self, day: NaiveDate) -> Option<()> {
        let day = self.later(day, 3, 18);
        let mut step = archive();
        // One in a hundred is written down when somebody tidies up.
        if !self.draw.chance(10) {
            self.on(day, step)?;
            return Some(());
        }
        let day = day.max(civil_date(self.last));
        let entered = self.later(day, 5, 12);
        step.enter_late("案卷移交后集中补录");
        self.take(office_hour(entered, 150), day, step)
    }

    /// One refusal in ten is contested, and one review in five goes to court.
    fn contest(&mut self) -> Option<()> {
        let outcome = self.case.data().ending()?.outcome;
        if outcome.gives_what_was_asked() || !self.draw.chance(100) {
            return None;
        }
        let archived = civil_date(self.last);
        let kind = self.draw.weighted(&[(9, "reconsideration"), (1, "direct_suit")])?;
        let decided = self.remedy(archived, kind, "江临市人民政府")?;
        if kind == "reconsideration" && self.draw.chance(200) {
            self.remedy(decided, "suit_after_reconsideration", "江临市中级人民法院")?;
        }
        Some(())
    }

    fn remedy(&mut self, day: NaiveDate, kind: &str, organ: &str) -> Option<NaiveDate> {
        let day = self.later(day, 2, 10);
        let filed = self.on(day, file_remedy(kind, organ))?;
        let day = self.later(filed, 25, 60);
        let result = self.draw.weighted(&[(74, "upheld"), (5, "corrected"), (21, "other")])?;
        self.on(day, decide_remedy(result, false))
    }
}

//! 当场答复 (Art 33(1)): what is already public is told at once.

use super::check::Check;
use super::delivery::{reply_letter, reply_out};
use super::guard::{ALWAYS, Look, Period};
use super::intake::{ReceiptConfirmed, receipt_days};
use super::sent::{Dispatch, Reply, ReplyMethod};
use super::state::CaseData;
use super::step::{Deciding, Entry, Step, Told, dated_by, fields, payloads, with_papers};
use crate::domain::law::refusal::{Rejection, Window, reasons};
use crate::domain::reply::{Outcome, OutcomeCause, ReplyItem};
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    ReplyOnTheSpot {
        received_on: NaiveDate, explanation: String, r#where: Option<String>, #[serde(default)] document_ids: Vec<String>,
    }
}

payloads! {
    RepliedOnTheSpot {
        received_on: NaiveDate, items: Vec<ReplyItem>, outcome: Outcome, outcome_cause: Option<OutcomeCause>,
    }
}

/// The day of receipt; before receipt, any day that can be one (Art 33(1)).
pub const ON_THE_SPOT: Period = Period {
    name: "on_the_spot",
    label: "当场",
    days: on_the_spot,
    early: Some(&SPOT_BEFORE_ARRIVAL),
    late: Some(&NOT_ON_THE_SPOT),
    ..ALWAYS
};
use crate::domain::instrument::issued::Order;

reasons! {
    NOT_ON_THE_SPOT "not_on_the_spot", "《条例》第三十三条第一款",
        "当场答复只能在收到申请当日（{to}）作出，请按一般程序办理。",
        "A reply on the spot is given on the day of receipt ({to}); use the ordinary procedure.";

    SPOT_BEFORE_ARRIVAL "not_on_the_spot", "《条例》第三十三条第一款",
        "当场答复的日期不能早于申请到达或者收到之日（{from}）。请核对后重新填写。",
        "A reply on the spot cannot lie before the arrival or receipt ({from}).";
}

fn on_the_spot(look: &Look<'_>) -> Option<Window> {
    match look.data.received_on {
        None => receipt_days(look),
        received_on => Some(Window {
            from: received_on,
            to: received_on,
        }),
    }
}

impl Step for ReplyOnTheSpot {
    type Made = (Option<ReceiptConfirmed>, RepliedOnTheSpot);
    dated_by!(received_on);

    fn check(&self, check: &mut Check<'_>) {
        check.note("/explanation", &self.explanation);
        check.optional_note("/where", self.r#where.as_ref());
        if self.r#where.is_none() && self.document_ids.is_empty() {
            check.wrong(
                "/where",
                "请写明已公开信息的获取途径（where），或者附上文件。",
                "Say where the published information is found (`where`), or attach documents.",
            );
        }
    }

    with_papers!();

    /// Art 33(1): what is already public can be told at once; it implies receipt on that day.
    fn decide(self, deciding: &Deciding<'_>) -> Result<Self::Made, Rejection> {
        let data = deciding.data;
        let unreceived = data.received_on.is_none();
        let receipt = unreceived.then(|| ReceiptConfirmed::by(deciding, self.received_on, None));
        let item = ReplyItem {
            cause: Some(OutcomeCause::AlreadyPublic),
            explanation: Some(self.explanation),
            place: self.r#where,
            document_ids: self.document_ids,
            ..ReplyItem::new(data.title().to_owned(), Outcome::Granted)
        };
        let reply = RepliedOnTheSpot {
            received_on: self.received_on,
            items: vec![item],
            outcome: Outcome::Granted,
            outcome_cause: Some(OutcomeCause::AlreadyPublic),
        };
        Ok((receipt, reply))
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({
            "received_on": day, "explanation": "您申请的信息已经主动公开", "where": "县政府网站首页“规划”栏目",
        })
    }
}

impl From<RepliedOnTheSpot> for ReplyOnTheSpot {
    fn from(spot: RepliedOnTheSpot) -> Self {
        let item = spot.items.into_iter().next();
        let (explanation, place, document_ids) = item.map_or_else(Default::default, |item| {
            (item.explanation.unwrap_or_default(), item.place, item.document_ids)
        });
        Self {
            received_on: spot.received_on,
            explanation,
            r#where: place,
            document_ids,
        }
    }
}

impl Told for RepliedOnTheSpot {
    const PRIVATE: &'static [&'static str] = &["items"];
    const CORRECTABLE: &'static [&'static str] = &["received_on"];

    fn instruments(&self, data: &CaseData) -> Vec<Order> {
        reply_letter(data)
    }

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let told = Dispatch {
            counts_on: Some(entry.on),
            ..Dispatch::new(entry.seq, ReplyMethod::InPerson, entry.on, None)
        };
        let reply = Reply {
            seq: entry.seq,
            items: self.items.clone(),
            method: Some(ReplyMethod::InPerson),
            issued_on: entry.on,
            outcome: self.outcome,
            outcome_cause: self.outcome_cause,
            delivery: None,
            dispatches: vec![told],
            served_on: None,
            replaced_on: None,
            replaces: data.replacing,
            together_with: Vec::new(),
            draft: None,
            before: Box::default(),
        };
        reply_out(data, entry, reply);
    }
}

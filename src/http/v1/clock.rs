//! The statutory clock without a case: dates in, a report out, nothing kept (期限推算).

use actix_web::{post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::law::deadline::{Fact, Report, default_as_of, evaluate, explain, notes, parse_date, parse_facts};
use crate::domain::people::access::Actor;
use crate::domain::words::json::parse;
use crate::domain::words::text::FieldError;
use crate::error::Error;
use crate::http::json::Body;
use crate::http::problem::QuestionProblems;
use crate::service::law::LawBook;
use crate::site::Site;

/// A question about the clock. The day of receipt picks the rule pack; the order of the facts does not matter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "received_on": "2025-09-22", "as_of": "2025-10-16", "explain": true,
    "facts": [
        {"fact": "consultation_sent", "id": "a", "kind": "third_party", "on": "2025-09-26"},
        {"fact": "consultation_delivered", "id": "a", "on": "2025-09-26"},
        {"fact": "opinion_received", "id": "a", "on": "2025-10-15"}
    ]
}))]
pub struct PreviewBody {
    #[serde(deserialize_with = "date")]
    received_on: NaiveDate,
    /// The day on which the clock is read; the later of today and the last fact when left out.
    #[serde(default, deserialize_with = "optional_date")]
    as_of: Option<NaiveDate>,
    /// Whether every civil day is listed with its number or the reason why it does not count.
    explain: Option<bool>,
    #[serde(default)]
    #[schema(max_items = 1000, nullable)]
    facts: Vec<Fact>,
}

/// What the clock would say for these dates.
#[utoipa::path(
    tag = "clock", request_body = PreviewBody,
    responses((status = 200, body = Report), QuestionProblems)
)]
#[post("/clock/preview")]
pub async fn clock_preview(site: web::Data<Site>, _: Actor, body: Body) -> Result<web::Json<Report>, Error> {
    let question = PreviewBody::read(body.value()?)?;
    let (book, today) = (site.law.clone(), site.clock.today());
    // A thousand facts over two centuries take a while; that must not hold up other requests.
    let report = site.block(move |_| question.answer(&book, today)).await?;
    Ok(web::Json(report))
}

impl PreviewBody {
    /// Facts are read by hand, so that each wrong field of each fact is named.
    fn read(mut body: Value) -> Result<Self, Error> {
        let facts = body.as_object_mut().and_then(|fields| fields.remove("facts"));
        let facts = match facts.filter(|facts| !facts.is_null()) {
            None => Ok(Vec::new()),
            Some(facts) => parse_facts(&facts, "/facts"),
        };
        match (parse::<Self>(&body, ""), facts) {
            (Ok(question), Ok(facts)) => Ok(Self { facts, ..question }),
            (question, facts) => {
                let mut errors: Vec<FieldError> = question.err().into_iter().collect();
                errors.extend(facts.err().into_iter().flatten());
                Err(Error::Fields(errors))
            }
        }
    }

    fn answer(&self, book: &LawBook, today: NaiveDate) -> Result<Report, Error> {
        let as_of = self
            .as_of
            .unwrap_or_else(|| default_as_of(self.received_on, &self.facts, today));
        let run = if self.explain == Some(true) { explain } else { evaluate };
        let rules = book.rules.for_receipt(self.received_on);
        let report = run(rules, &book.calendar, self.received_on, &self.facts, as_of).map_err(Error::Fields)?;
        let idle = notes(rules, &book.calendar, self.received_on, &self.facts, as_of, &report);
        Ok(report.noting(idle))
    }
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_date(&text).ok_or_else(|| serde::de::Error::custom("not a date that exists"))
}

fn optional_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    Option::<String>::deserialize(deserializer)?
        .map(|text| parse_date(&text).ok_or_else(|| serde::de::Error::custom("not a date that exists")))
        .transpose()
}

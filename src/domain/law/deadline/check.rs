//! What is impossible in one fact by itself, whatever the others say.

use chrono::NaiveDate;

use super::fact::Fact;
use super::policy::is_plausible;
use crate::domain::law::limits::Limits;
use crate::domain::words::text::{FieldError, none_wrong};

pub(super) fn check(
    limits: Limits<'_>,
    received_on: NaiveDate,
    facts: &[Fact],
    as_of: NaiveDate,
) -> Result<(), Vec<FieldError>> {
    let mut checker = Checker {
        received_on,
        as_of,
        errors: Vec::new(),
    };
    checker.plausible("/received_on", received_on);
    checker.plausible("/as_of", as_of);
    if as_of < received_on {
        checker.refuse(
            "/as_of",
            "查看日期不能早于收到申请之日，请改为收到之日或以后的日期。",
            "The day of reading lies before the receipt; choose the receipt date or a later one.",
        );
    }
    for (i, fact) in facts.iter().enumerate() {
        checker.fact(limits, i, fact);
    }
    none_wrong(checker.errors)
}

struct Checker {
    received_on: NaiveDate,
    as_of: NaiveDate,
    errors: Vec<FieldError>,
}

impl Checker {
    fn refuse(&mut self, pointer: impl Into<String>, zh: &'static str, en: &'static str) {
        self.errors.push(FieldError::new(pointer, zh, en));
    }

    fn plausible(&mut self, pointer: impl Into<String>, date: NaiveDate) {
        if !is_plausible(date) {
            self.refuse(
                pointer,
                "日期须在 1990 年至 2200 年之间，请核对年份。",
                "The date must lie between 1990 and 2200; check the year.",
            );
        }
    }

    fn fact(&mut self, limits: Limits<'_>, i: usize, fact: &Fact) {
        let on = fact.on();
        let pointer = || format!("/facts/{i}/on");
        self.plausible(pointer(), on);
        if on < self.received_on {
            self.refuse(
                pointer(),
                "此日期早于收到申请之日，请核对。",
                "This lies before the receipt of the application.",
            );
        } else if on > self.as_of {
            self.refuse(
                pointer(),
                "此日期晚于查看日期，请删除此项或推后查看日期（as_of）。",
                "This lies after the day of reading; leave the fact out or choose a later as_of.",
            );
        }
        match fact {
            Fact::AmendmentRequested {
                respond_by,
                delivered_on,
                ..
            } => {
                if let Some(day) = respond_by {
                    self.later(i, "respond_by", *day, on);
                }
                if let Some(day) = delivered_on.flatten() {
                    self.delivery(i, day, on);
                }
            }
            Fact::DelaySet { until, .. } | Fact::ReplyOrdered { until: Some(until), .. } => {
                self.later(i, "until", *until, on)
            }
            Fact::FeeNotified {
                delivered_on: Some(day),
                ..
            } => self.delivery(i, *day, on),
            Fact::Extended { working_days, .. } if !limits.extension().contains(working_days) => {
                let (max, article) = (*limits.extension().end(), &limits.pack.articles.extension);
                self.errors.push(FieldError::new(
                    format!("/facts/{i}/working_days"),
                    format!("延长期限须为 1 至 {max} 个工作日（{article}）。"),
                    format!("An extension is 1 to {max} working days."),
                ));
            }
            _ => {}
        }
    }

    fn later(&mut self, i: usize, field: &str, day: NaiveDate, on: NaiveDate) {
        let pointer = format!("/facts/{i}/{field}");
        self.plausible(pointer.clone(), day);
        if day <= on {
            self.refuse(
                pointer,
                "此日期须晚于该事实发生之日。",
                "This must lie after the day of the fact.",
            );
        }
    }

    fn delivery(&mut self, i: usize, day: NaiveDate, on: NaiveDate) {
        let pointer = format!("/facts/{i}/delivered_on");
        if day < on {
            self.refuse(
                pointer,
                "送达日期不能早于通知作出之日。",
                "Delivery cannot lie before the notice.",
            );
        } else if day > self.as_of {
            self.refuse(
                pointer,
                "送达日期晚于查看日期，请删除此项或推后查看日期（as_of）。",
                "Delivery lies after the day of reading; leave it out or choose a later as_of.",
            );
        }
    }
}

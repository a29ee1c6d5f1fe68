//! Reference data for front ends: how a case can end, what an application can lack, and the periods of the law in force.

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::case::defect::{DefectReference, defect_reference};
use crate::domain::instrument::catalog::{Listed, catalogue};
use crate::domain::law::rules::RulePack;
use crate::domain::reply::{OutcomeReference, outcome_reference};
use crate::http::problem::OperatorProblems;
use crate::site::Site;

/// Every way a case or an item of a reply can end.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutcomeList {
    /// The day whose law the remedies follow: today.
    pub as_of: NaiveDate,
    pub items: Vec<OutcomeReference>,
}

/// The outcomes of cases and of items of a reply.
///
/// First the leaves of table 三 in its order, then the outcomes of a correction.
#[utoipa::path(tag = "reference", security(()), responses((status = 200, body = OutcomeList), OperatorProblems))]
#[get("/reference/outcomes")]
pub async fn outcome_list(site: web::Data<Site>) -> web::Json<OutcomeList> {
    let as_of = site.clock.today();
    web::Json(OutcomeList {
        as_of,
        items: outcome_reference(as_of),
    })
}

/// Everything that an application can lack.
#[derive(Debug, Serialize, ToSchema)]
pub struct DefectList {
    pub items: Vec<DefectReference>,
}

/// What an application can lack, with the article of the element and that of the way in which it is mended.
#[utoipa::path(tag = "reference", security(()), responses((status = 200, body = DefectList), OperatorProblems))]
#[get("/reference/defects")]
pub async fn defect_list() -> web::Json<DefectList> {
    web::Json(DefectList {
        items: defect_reference(),
    })
}

/// Every instrument of the procedure.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentCatalogue {
    pub items: Vec<Listed>,
}

/// The instruments: what each is called, which action issues it, on which law it rests, to whom it goes.
#[utoipa::path(tag = "reference", security(()), responses((status = 200, body = InstrumentCatalogue), OperatorProblems))]
#[get("/reference/instruments")]
pub async fn instrument_list() -> web::Json<InstrumentCatalogue> {
    web::Json(InstrumentCatalogue { items: catalogue() })
}

/// The rule packs, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulePackList {
    pub items: Vec<RulePack>,
}

/// The periods of each version of the Regulation with their articles and the receipt dates they apply to.
#[utoipa::path(tag = "reference", security(()), responses((status = 200, body = RulePackList), OperatorProblems))]
#[get("/reference/rules")]
pub async fn rule_pack_list(site: web::Data<Site>) -> web::Json<RulePackList> {
    web::Json(RulePackList {
        items: site.law.rules.all().cloned().collect(),
    })
}

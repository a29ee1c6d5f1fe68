//! The resources of version 1. Each resource is one file and adds its handlers in [`routes`].

pub mod admin;
pub mod agencies;
pub mod archive;
pub mod auth;
pub mod calendar;
pub mod cases;
pub mod clock;
pub mod documents;
pub mod me;
pub mod postings;
pub mod problems;
pub mod reference;
pub mod register;
pub mod reports;
pub mod requests;
mod search;
pub mod templates;
pub mod workflow;

use utoipa_actix_web::service_config::ServiceConfig;

use super::{ops, pages};

/// Everything the service answers: operations at the root, resources under `/api/v1`.
pub fn root(cfg: &mut ServiceConfig) {
    cfg.service(ops::health)
        .service(ops::ready)
        .service(ops::metrics)
        .service(pages::track_page)
        .service(pages::track_script)
        .service(pages::track_style)
        .service(utoipa_actix_web::scope("/api/v1").configure(routes));
}

/// The resources under `/api/v1`.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(problems::problem_list);
    people(cfg);
    applications(cfg);
    reference(cfg);
    reports(cfg);
    administration(cfg);
}

fn reference(cfg: &mut ServiceConfig) {
    cfg.service(clock::clock_preview)
        .service(workflow::workflow_show)
        .service(workflow::workflow_diagram)
        .service(reference::outcome_list)
        .service(reference::defect_list)
        .service(reference::rule_pack_list)
        .service(reference::instrument_list)
        .service(calendar::calendar_show);
}

fn reports(cfg: &mut ServiceConfig) {
    cfg.service(reports::annual_report)
        .service(reports::annual_report_cases)
        .service(archive::archive_export);
}

fn people(cfg: &mut ServiceConfig) {
    cfg.service(auth::register)
        .service(auth::login)
        .service(auth::refresh)
        .service(auth::logout)
        .service(me::me)
        .service(me::my_password_set)
        .service(me::my_applicant_put)
        .service(agencies::agency_list)
        .service(agencies::agency_show)
        .service(agencies::agency_units);
}

fn applications(cfg: &mut ServiceConfig) {
    cfg.service(cases::case_act_on_many);
    cfg.service(requests::request_submit)
        .service(requests::request_list)
        .service(requests::request_show)
        .service(requests::request_act)
        .service(requests::track)
        .service(cases::receipt::request_receipt)
        .service(cases::receipt::request_receipt_with_code)
        .service(cases::case_submit)
        .service(cases::case_list)
        .service(cases::case_show)
        .service(cases::case_events)
        .service(cases::case_clock)
        .service(cases::case_similar)
        .service(cases::case_people)
        .service(cases::case_dossier)
        .service(cases::case_act)
        .service(cases::instruments::instrument_preview)
        .service(cases::instruments::case_instruments)
        .service(cases::instruments::case_instrument_content)
        .service(cases::drafts::instrument_versions)
        .service(cases::drafts::instrument_compare)
        .service(cases::drafts::instrument_draft_bring)
        .service(cases::instruments::request_instruments)
        .service(cases::instruments::request_instrument_content)
        .service(cases::receipt::case_receipt)
        .service(cases::receipt::case_receipt_with_code);
    documents(cfg);
    cfg.service(register::instrument_register)
        .service(postings::posting_list)
        .service(postings::posting_content);
    cfg.service(templates::template_list)
        .service(templates::template_show)
        .service(templates::template_context)
        .service(templates::template_version_create)
        .service(templates::template_version_preview)
        .service(templates::template_version_publish);
}

fn documents(cfg: &mut ServiceConfig) {
    cfg.service(documents::document_upload)
        .service(documents::document_show)
        .service(documents::document_content)
        .service(documents::document_discard);
}

fn administration(cfg: &mut ServiceConfig) {
    cfg.service(admin::agencies::admin_agency_create)
        .service(admin::agencies::admin_agency_show)
        .service(admin::agencies::admin_agency_put)
        .service(admin::agencies::admin_unit_create)
        .service(admin::agencies::admin_unit_show)
        .service(admin::agencies::admin_unit_put)
        .service(admin::users::admin_user_create)
        .service(admin::users::admin_user_list)
        .service(admin::users::admin_user_show)
        .service(admin::users::admin_user_put)
        .service(admin::users::admin_user_password_set)
        .service(admin::users::admin_grant_put)
        .service(admin::users::admin_grant_delete)
        .service(admin::keys::admin_key_list)
        .service(admin::keys::admin_key_rotate)
        .service(admin::keys::admin_log);
}

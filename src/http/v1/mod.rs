//! The resources of version 1. Each resource is one file and adds its handlers in [`routes`].

pub mod problems;

use utoipa_actix_web::service_config::ServiceConfig;

use super::ops;

/// Everything the service answers: operations at the root, resources under `/api/v1`.
pub fn root(cfg: &mut ServiceConfig) {
    cfg.service(ops::health)
        .service(ops::ready)
        .service(ops::metrics)
        .service(utoipa_actix_web::scope("/api/v1").configure(routes));
}

/// The resources under `/api/v1`.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(problems::problem_list);
}

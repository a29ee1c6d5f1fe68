//! The outermost layer of every request: request id, metrics, panics, and one form for every failure.

use std::collections::HashMap;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ResourceDef, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use utoipa::openapi::OpenApi;

use super::problem::{self, HttpError, Language};
use crate::chain::chain;
use crate::error::Error;
use crate::telemetry::{Metrics, REQUEST_ID_HEADER, RequestId, UNMATCHED};

/// The API page takes everything from this service and may ask only this service.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";
/// Everything else is data, not a page.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Which methods each documented path takes; the framework only knows that nothing matched.
#[derive(Debug, Clone)]
pub struct RouteTable {
    /// Paths without a parameter, which go before those with one that could stand for them.
    fixed: HashMap<String, Vec<&'static str>>,
    patterns: Vec<(ResourceDef, Vec<&'static str>)>,
}

impl RouteTable {
    pub fn new(document: &OpenApi) -> Self {
        let mut table = Self {
            fixed: HashMap::new(),
            patterns: Vec::new(),
        };
        for (path, item) in &document.paths.paths {
            let methods = [
                (&item.get, "GET"),
                (&item.get, "HEAD"),
                (&item.post, "POST"),
                (&item.put, "PUT"),
                (&item.patch, "PATCH"),
                (&item.delete, "DELETE"),
            ];
            let taken = methods
                .into_iter()
                .filter_map(|(operation, method)| operation.is_some().then_some(method))
                .collect();
            if path.contains('{') {
                table.patterns.push((ResourceDef::new(path.as_str()), taken));
            } else {
                table.fixed.insert(path.clone(), taken);
            }
        }
        table
    }

    /// Whether the path is one without parameters that does not take the method: a path with one must not answer for it.
    fn refuses(&self, method: &Method, path: &str) -> bool {
        let taken = self.fixed.get(path);
        taken.is_some_and(|methods| !methods.contains(&method.as_str()))
    }

    fn allowed(&self, path: &str) -> Vec<&'static str> {
        if let Some(methods) = self.fixed.get(path) {
            return methods.clone();
        }
        let mut allowed = Vec::new();
        for (_, methods) in self.patterns.iter().filter(|(definition, _)| definition.is_match(path)) {
            for method in methods {
                if !allowed.contains(method) {
                    allowed.push(method);
                }
            }
        }
        allowed
    }
}

/// The service behind every address that matched nothing: 405 where another method would have matched, else 404.
///
/// # Errors
/// Always.
pub async fn unmatched(request: HttpRequest, table: web::Data<RouteTable>) -> Result<HttpResponse, Error> {
    Err(not_taken(&table, request.path()))
}

/// What no handler needs to see.
fn refused_at_once(request: &ServiceRequest, uri: &Uri) -> Option<Error> {
    if uri.path().contains("%00") {
        // No identifier holds U+0000, and PostgreSQL would fail on it instead of finding nothing.
        return Some(Error::NotFound);
    }
    let table = request.app_data::<web::Data<RouteTable>>()?;
    let refused = table.refuses(request.method(), uri.path());
    refused.then(|| not_taken(table, uri.path()))
}

fn not_taken(table: &RouteTable, path: &str) -> Error {
    let allowed = table.allowed(path);
    if allowed.is_empty() {
        return Error::NotFound;
    }
    let allowed = allowed.join(", ");
    HttpError::MethodNotAllowed { allowed }.into()
}

/// Wraps every request.
///
/// # Errors
/// Only for a panic, whose answer the error already carries.
pub async fn edge(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let began = Instant::now();
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    let language = Language::of(request.headers());
    let uri = request.uri().clone();
    let method = method_label(request.method());
    let route = request.match_pattern().unwrap_or_else(|| UNMATCHED.to_owned());
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| HeaderValue::from_str(&id.0).ok());
    if request.method() == Method::HEAD {
        // Whatever answers GET answers HEAD; the connection leaves the body out by itself.
        request.head_mut().method = Method::GET;
    }

    if let Some(error) = refused_at_once(&request, &uri) {
        let mut response = problem::response(&error, language, &uri);
        if let Some(metrics) = &metrics {
            metrics.answered(
                UNMATCHED,
                method,
                response.status().as_u16(),
                began.elapsed().as_secs_f64(),
            );
        }
        finish_headers(response.headers_mut(), request_id, &uri);
        return Ok(request.into_response(response));
    }

    let mut answer = pin!(next.call(request));
    let outcome = poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(outcome)) => Poll::Ready(Some(outcome)),
            Err(_) => Poll::Ready(None),
        },
    )
    .await;

    let finished = |status: u16| {
        if let Some(metrics) = &metrics {
            metrics.answered(&route, method, status, began.elapsed().as_secs_f64());
        }
    };
    let outcome = match outcome {
        Some(Ok(response)) => Ok(in_problem_form(response.map_into_boxed_body(), language, &uri)),
        Some(Err(error)) => Err(render(error.as_error::<Error>(), &error, language, &uri)),
        None => {
            let error = Error::internal("the handler panicked");
            log_failure(&error);
            Err(problem::response(&error, language, &uri))
        }
    };
    match outcome {
        Ok(mut response) => {
            finish_headers(response.headers_mut(), request_id, &uri);
            finished(response.status().as_u16());
            Ok(response)
        }
        Err(mut response) => {
            finish_headers(response.headers_mut(), request_id, &uri);
            finished(response.status().as_u16());
            Err(InternalError::from_response("failed before a handler answered", response).into())
        }
    }
}

/// Turns every failure that is not yet a problem document into one, in the person's language.
fn in_problem_form(response: ServiceResponse<BoxBody>, language: Language, uri: &Uri) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let rendered = match response.response().error() {
        Some(error) => render(error.as_error::<Error>(), error, language, uri),
        None if is_json(response.headers()) => return response,
        None => {
            let error = problem::from_status(status);
            log_failure(&error);
            problem::response(&error, language, uri)
        }
    };
    let (request, _) = response.into_parts();
    ServiceResponse::new(request, rendered)
}

fn render(own: Option<&Error>, error: &actix_web::Error, language: Language, uri: &Uri) -> HttpResponse {
    match own {
        Some(own) => {
            log_failure(own);
            problem::response(own, language, uri)
        }
        None => {
            let status = error.as_response_error().status_code();
            let standing_for = problem::from_status(status);
            if status.is_server_error() {
                tracing::error!(error = %error, "request failed");
            }
            problem::response(&standing_for, language, uri)
        }
    }
}

/// The chain of causes is printed here and nowhere else.
fn log_failure(error: &Error) {
    match error {
        Error::Internal(_) | Error::StorageFull(_) => tracing::error!(error = %chain(error), "request failed"),
        Error::Unavailable(_) => tracing::warn!(error = %chain(error), "request not served"),
        _ => {}
    }
}

fn is_json(headers: &header::HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("json"))
}

fn finish_headers(headers: &mut header::HeaderMap, request_id: Option<HeaderValue>, uri: &Uri) {
    if let Some(id) = request_id
        && let Ok(name) = HeaderName::from_bytes(REQUEST_ID_HEADER.as_bytes())
    {
        headers.insert(name, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // The query of an address may hold a query code.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let policy = if uri.path().starts_with("/docs/") {
        PAGE_POLICY
    } else {
        DATA_POLICY
    };
    // A page of its own says what it needs.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    // Answers hold personal data; no cache between may keep them.
    if uri.path().starts_with("/api/") && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// One of few labels: a client can invent methods.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

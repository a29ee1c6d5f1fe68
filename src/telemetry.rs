//! Logs and metrics. Neither carries personal data: no query strings (they can hold query codes), no bodies, no
//! addresses; a request is named by its id and its route pattern.

use std::io::{self, IsTerminal, Write};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::RootSpanBuilder;
use tracing_subscriber::EnvFilter;
use uuid::Uuid;

use crate::config::{Log, LogFormat};

pub const REQUEST_ID_HEADER: &str = "X-Request-Id";
/// The route pattern of a request that matched none.
pub const UNMATCHED: &str = "unmatched";

/// Standard error. What cannot be written is lost and nothing else: told of a failure, the library would print it to the
/// same place, panic, and with the hook below end the process.
struct LogOut;

impl Write for LogOut {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = io::stderr().lock().write_all(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts logging for the whole process.
///
/// # Errors
/// A filter that cannot be read, or logging that was already started.
pub fn init(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.filter)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Colours are for people at a terminal; in a file they are noise.
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(|| LogOut);
    match log.format {
        LogFormat::Pretty => builder.with_target(false).try_init(),
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
    }
    .map_err(|error| anyhow::anyhow!(error))?;
    // The place only: the message of a panic may quote data of a case. A panic in here would end the process, so nothing
    // is called that can fail.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic: the work at hand failed and nothing of it was kept");
    }));
    Ok(())
}

/// The id of a request: the caller's if it is well-formed, else a new one. Sent back in `X-Request-Id`.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl RequestId {
    fn of(request: &ServiceRequest) -> Self {
        let given = request
            .headers()
            .get(REQUEST_ID_HEADER)
            .and_then(|value| value.to_str().ok())
            .filter(|id| {
                (1..=128).contains(&id.len())
                    && id
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
            });
        Self(given.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned))
    }
}

/// The span around each request.
#[derive(Debug)]
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = RequestId::of(request);
        let route = request.match_pattern().unwrap_or_else(|| UNMATCHED.to_owned());
        // Of the highest level, so that also a log of errors only names the request.
        let span = tracing::error_span!(
            "request",
            request.id = %id.0,
            http.method = %request.method(),
            http.route = %route,
            actor.id = Empty,
            case.id = Empty,
            http.status_code = Empty,
        );
        request.extensions_mut().insert(id);
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("http.status_code", status.as_u16());
        span.in_scope(|| tracing::info!("answered"));
    }
}

/// Names the person in the request's span.
pub fn record_actor(id: &str) {
    Span::current().record("actor.id", id);
}

/// Names the case in the request's span.
pub fn record_case(id: &str) {
    Span::current().record("case.id", id);
}

/// The metrics of one service.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    pool_connections: IntGauge,
    pool_idle: IntGauge,
    calendar_days: IntGauge,
}

impl Metrics {
    /// Registers all metrics in a registry of their own, so that several services can live in one process.
    ///
    /// # Errors
    /// Never with the names below; they are distinct and well-formed.
    pub fn new() -> Result<Self, prometheus::Error> {
        let metrics = Self {
            registry: Registry::new(),
            requests: IntCounterVec::new(
                Opts::new("gongkai_http_requests_total", "HTTP requests answered"),
                &["route", "method", "status"],
            )?,
            durations: HistogramVec::new(
                HistogramOpts::new("gongkai_http_request_duration_seconds", "Time to answer, in seconds").buckets(
                    vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0],
                ),
                &["route", "method"],
            )?,
            pool_connections: IntGauge::new("gongkai_database_connections", "Open database connections")?,
            pool_idle: IntGauge::new("gongkai_database_connections_idle", "Database connections at rest")?,
            calendar_days: IntGauge::new(
                "gongkai_calendar_covered_days",
                "Days from today for which a working-day calendar is loaded; negative or 0 when none is",
            )?,
        };
        metrics.registry.register(Box::new(metrics.requests.clone()))?;
        metrics.registry.register(Box::new(metrics.durations.clone()))?;
        for gauge in [&metrics.pool_connections, &metrics.pool_idle, &metrics.calendar_days] {
            metrics.registry.register(Box::new(gauge.clone()))?;
        }
        Ok(metrics)
    }

    /// Where others register metrics of their own.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Counts one answered request; `route` is the pattern, never the path.
    pub fn answered(&self, route: &str, method: &'static str, status: u16, seconds: f64) {
        self.requests
            .with_label_values(&[route, method, status.to_string().as_str()])
            .inc();
        self.durations.with_label_values(&[route, method]).observe(seconds);
    }

    pub fn set_pool(&self, connections: u32, idle: u32) {
        self.pool_connections.set(i64::from(connections));
        self.pool_idle.set(i64::from(idle));
    }

    pub fn set_calendar_days(&self, days: i64) {
        self.calendar_days.set(days);
    }

    /// The metrics in the text form of Prometheus.
    ///
    /// # Errors
    /// Never for metrics that were registered.
    pub fn encode(&self) -> Result<String, prometheus::Error> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

//! The listener, the routers and the jobs on one [`Site`]: serves until told to stop.

use std::future::{Future, poll_fn};
use std::net::TcpListener;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::http::header;
use actix_web::middleware::{Compress, from_fn};
use actix_web::rt;
use actix_web::rt::signal::unix::{SignalKind, signal};
use actix_web::{App as ActixApp, HttpResponse, HttpServer, web};
use anyhow::Context;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config as UiConfig, SwaggerUi};

use crate::chain::chain;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::http::edge::{RouteTable, edge, unmatched};
use crate::http::{openapi, v1};
use crate::service::housekeeping::{Cleared, clear_uploads, forget_answers};
use crate::service::paperwork::finish_all;
use crate::service::search;
use crate::site::Site;
use crate::telemetry::{Metrics, RequestSpan};

/// How long requests that are being answered may take after the service was told to stop.
const SHUTDOWN_SECONDS: u64 = 30;
/// How long a client that is being disconnected may take to close its side.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How often the service looks for due jobs.
const JOBS_EVERY: Duration = Duration::from_secs(300);
const DOCUMENT_PATH: &str = "/api/v1/openapi.json";

/// A service that is ready to be served.
#[derive(Debug, Clone)]
pub struct App {
    site: Site,
    metrics: Arc<Metrics>,
}

impl App {
    /// Opens the site; the database is brought up to date.
    ///
    /// # Errors
    /// What [`Site::open`] says.
    pub fn build(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let metrics = Arc::new(Metrics::new().context("cannot register metrics")?);
        let site = Site::open(config, clock)?;
        Ok(Self { site, metrics })
    }

    /// What everything stands on; tests and the command line use it to call services directly.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Does what is due now; the service calls it every few minutes, tests when they like.
    ///
    /// # Errors
    /// Failures of the database; what was not done is due again the next time.
    pub fn run_due_jobs(&self) -> Result<(), Error> {
        let forgotten = forget_answers(&self.site.store, self.site.clock.now())?;
        if forgotten > 0 {
            tracing::info!(forgotten, "stored answers past their time are gone");
        }
        let cleared = clear_uploads(&self.site.store, &self.site.documents, self.site.clock.now())?;
        if cleared != Cleared::default() {
            let Cleared {
                documents,
                contents,
                files,
            } = cleared;
            tracing::info!(documents, contents, files, "uploads that nobody used are gone");
        }
        let entered = search::fill(&self.site.store, &self.site.law)?;
        if entered > 0 {
            tracing::info!(entered, "cases from before the present search index can be found");
        }
        search::merge(&self.site.store)?;
        let (site, now) = (&self.site, self.site.clock.now());
        let printed = finish_all(&site.store, &site.documents, &site.printer, now)?;
        if printed > 0 {
            tracing::info!(printed, "instruments got the files that were still to be made");
        }
        Ok(())
    }

    /// Serves until the process is told to stop, and does meanwhile what is due. Calls `ready` once requests are taken.
    ///
    /// # Errors
    /// As [`App::serve`]; a server that fails.
    pub fn run(&self, listener: TcpListener, ready: impl FnOnce()) -> anyhow::Result<()> {
        rt::System::new().block_on(async move {
            let server = self.serve(listener)?;
            rt::spawn(stop_when_told(server.handle())?);
            rt::spawn(due_jobs(self.clone()));
            ready();
            server.await.context("the server failed")
        })
    }

    /// Serves on a listener until the returned server is stopped through its handle. Signals are the caller's: a test
    /// runs several servers in one process.
    ///
    /// # Errors
    /// A listener that cannot be used.
    pub fn serve(&self, listener: TcpListener) -> anyhow::Result<Server> {
        let site = self.site.clone();
        let metrics = web::Data::from(Arc::clone(&self.metrics));
        let document = openapi::document().context("cannot write the contract")?;
        let routes = web::Data::new(RouteTable::new(&openapi::collected()));
        let workers = match site.config.server.workers {
            0 => std::thread::available_parallelism().map_or(2, usize::from),
            workers => workers,
        };
        let server = site.config.server.clone();
        let factory = move || {
            let (app, _) = ActixApp::new()
                .app_data(web::Data::new(site.clone()))
                .app_data(metrics.clone())
                .app_data(routes.clone())
                .app_data(web::PayloadConfig::new(site.config.server.max_body_bytes))
                .app_data(web::PathConfig::default().error_handler(|_, _| Error::NotFound.into()))
                // Before the scope of the API, which would answer 404 for the address of its own document.
                .service(docs(document.clone(), site.config.demo))
                .into_utoipa_app()
                .configure(v1::root)
                .split_for_parts();
            app.route("/", web::get().to(to_docs))
                .route("/docs", web::get().to(to_docs))
                .default_service(web::to(unmatched))
                .wrap(Compress::default())
                .wrap(from_fn(edge))
                .wrap(TracingLogger::<RequestSpan>::new())
        };
        Ok(HttpServer::new(factory)
            .workers(workers)
            .max_connections(server.max_connections.div_ceil(workers))
            .client_request_timeout(Duration::from_secs(server.head_timeout_seconds))
            .client_disconnect_timeout(DISCONNECT_TIMEOUT)
            .keep_alive(Duration::from_secs(server.keep_alive_seconds))
            .shutdown_timeout(SHUTDOWN_SECONDS)
            .disable_signals()
            .listen(listener)?
            .run())
    }
}

/// Waits for a signal that ends the service after the requests that are being answered.
fn stop_when_told(server: ServerHandle) -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        // Whichever comes first.
        poll_fn(|context| {
            if terminate.poll_recv(context).is_ready() {
                return Poll::Ready(());
            }
            interrupt.poll_recv(context).map(drop)
        })
        .await;
        tracing::info!("stopping");
        server.stop(true).await;
    })
}

/// Runs what is due, now and every few minutes, until the service ends.
async fn due_jobs(app: App) {
    loop {
        let due = app.clone();
        match rt::task::spawn_blocking(move || due.run_due_jobs()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = %chain(&error), "a due job failed and will be tried again"),
            Err(error) => tracing::error!(%error, "a due job panicked"),
        }
        rt::time::sleep(JOBS_EVERY).await;
    }
}

/// The API page, from files inside the program: nothing is loaded from elsewhere.
///
/// It remembers a token in the browser only for the demonstration: elsewhere it would outlive the session.
fn docs(document: serde_json::Value, demo: bool) -> SwaggerUi {
    SwaggerUi::new("/docs/{_:.*}")
        .external_url_unchecked(DOCUMENT_PATH, document)
        .config(
            UiConfig::new([DOCUMENT_PATH])
                .validator_url("none")
                .display_request_duration(true)
                .persist_authorization(demo)
                .deep_linking(true),
        )
}

async fn to_docs() -> HttpResponse {
    HttpResponse::Found()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}

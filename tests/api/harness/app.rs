//! The real service, served in this process with a clock set by hand.

use std::net::TcpListener;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use chrono::{DateTime, Utc};
use gongkai::app::App;
use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::demo::Region;

use super::{Actor, Database};

/// 09:00 of Tuesday, 10 March 2026, in China.
const START: &str = "2026-03-10T01:00:00Z";

/// A served application. When it is dropped, no request may have been answered with a 5xx.
pub struct TestApp {
    pub clock: Clock,
    pub app: App,
    pub base_url: String,
    pub database: Database,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    server_errors: Arc<Mutex<Vec<String>>>,
    server_errors_allowed: bool,
    pub(super) region: OnceLock<Region>,
}

impl TestApp {
    pub fn start(database: Database) -> Self {
        Self::start_with(database, |_| {})
    }

    /// Starts with a changed configuration.
    pub fn start_with(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::from_layers(None, &[]).expect("the defaults are valid");
        config.database.url = database.url.clone();
        config.database.pool_size = 8;
        config.database.pool_timeout_ms = 20_000;
        config.data.dir = database.directory.path().to_owned();
        config.server.workers = 2;
        // Tests prove nothing about the cost of a hash, advance the clock by hours, and know everybody's password.
        config.auth.password_memory_kib = 8;
        config.auth.password_passes = 1;
        config.auth.access_token_minutes = 1440;
        config.demo = true;
        // Printing takes its time: tests of papers look for fonts themselves.
        config.fonts.system = false;
        change(&mut config);
        let start: DateTime<Utc> = START.parse().expect("an instant");
        let clock = Clock::manual(start);
        let app = App::build(config, clock.clone()).expect("the service starts");
        let (base_url, handle, thread) = serve(&app);
        Self {
            clock,
            app,
            base_url,
            database,
            handle,
            thread: Some(thread),
            server_errors: Arc::default(),
            server_errors_allowed: false,
            region: OnceLock::new(),
        }
    }

    /// Stops the server and starts another on the same database, at another address; sessions stay valid.
    pub fn restart(&mut self) {
        drop(self.handle.stop(true));
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server thread ends well");
        }
        let config = Config::clone(&self.app.site().config);
        self.app = App::build(config, self.clock.clone()).expect("the service starts again");
        let (base_url, handle, thread) = serve(&self.app);
        (self.base_url, self.handle, self.thread) = (base_url, handle, Some(thread));
    }

    /// Someone who is not signed in.
    pub fn anon(&self) -> Actor {
        Actor::new(&self.base_url, Arc::clone(&self.server_errors))
    }

    /// For tests that break something on purpose.
    pub fn allow_server_errors(&mut self) {
        self.server_errors_allowed = true;
    }
}

/// Serves on a free port in a thread of its own: the address, and how to stop it.
fn serve(app: &App) -> (String, ServerHandle, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base_url = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, receiver) = mpsc::channel();
    let served = app.clone();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = served.serve(listener).expect("the listener works");
            sender.send(server.handle()).expect("the test waits");
            server.await.expect("the server ends well");
        });
    });
    (base_url, receiver.recv().expect("the server started"), thread)
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The command is sent at once; the future only waits for its effect, as the join does.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.expect("the server thread ends well");
            }
        }
        let errors = self.server_errors.lock().expect("not poisoned");
        if !std::thread::panicking() && !self.server_errors_allowed {
            assert!(errors.is_empty(), "answered with a server error: {errors:#?}");
        }
    }
}

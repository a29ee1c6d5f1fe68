//! `gongkai serve`: the service, until it is told to stop.

use std::net::TcpListener;

use anyhow::{Context, bail};
use gongkai::app::App;
use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::demo::{Played, demo_seed, welcome};
use gongkai::service::first_account::{first_administrator, only_demo_accounts};
use gongkai::site::Site;
use gongkai::telemetry;

use super::terminal::{say, shown};

/// Serves what the configuration names, with the demonstration in it if wanted.
pub fn run(mut config: Config, demo: bool) -> anyhow::Result<()> {
    if demo && !config.server.bind.ip().is_loopback() {
        bail!(
            "--demo has well-known passwords and is only allowed on a loopback address, not on {}",
            config.server.bind
        );
    }
    config.demo = demo;
    telemetry::init(&config.log)?;
    let listener = TcpListener::bind(config.server.bind)
        .with_context(|| format!("cannot listen on {} (server.bind)", config.server.bind))?;
    let address = listener.local_addr()?;
    let app = App::build(config, Clock::system())?;
    tell_fonts(app.site());
    let played = first_accounts(app.site(), demo)?;
    app.run(listener, || {
        shown(say!(
            "gongkai  http://{address}  ·  接口文档 API page: http://{address}/docs/"
        ));
        if demo {
            shown(say!("{}", welcome(address, played.as_ref())));
        }
    })
}

/// What papers will be printed with is known from the start: a paper without a print is found out too late.
fn tell_fonts(site: &Site) {
    let fonts = site.printer.fonts();
    for found in fonts.describe() {
        tracing::info!(%found, "font of papers");
    }
    for problem in fonts.problems() {
        tracing::warn!(%problem, "a configured font is not used");
    }
    if !fonts.is_usable() {
        tracing::warn!("no font with Chinese characters: papers are issued as DOCX only; see [fonts]");
    }
}

/// An empty database gets the demonstration, or one administrator whose password is shown once.
fn first_accounts(site: &Site, demo: bool) -> anyhow::Result<Option<Played>> {
    let now = site.clock.now();
    if demo {
        let public_url = &site.config.server.public_url;
        return Ok(demo_seed(
            &site.store,
            &site.documents,
            &site.auth,
            &site.law,
            public_url,
            now,
        )?);
    }
    if let Some(first) = first_administrator(&site.store, &site.auth, now)? {
        shown(say!(
            "首个管理员 first administrator: {}  密码 password: {}  （仅显示一次 shown once）",
            first.username,
            first.password
        ));
    } else if only_demo_accounts(&site.store)? {
        tracing::warn!(
            "this database holds the demonstration, whose accounts are refused without --demo; \
             create an administrator with `gongkai user create NAME --admin`"
        );
    }
    Ok(None)
}

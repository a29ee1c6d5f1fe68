//! Pages for paper, filled from a case: what a person takes home, prints or keeps as PDF. Pure: from facts to HTML.
//!
//! A page needs nothing but itself: no script, nothing loaded, its style named by hash in [`Page::policy`].

pub mod catalogue;
mod codes;
pub mod docx;
pub mod dossier;
pub mod facts;
pub mod gather;
pub mod letters;
pub mod model;
mod numerals;
pub mod pdf;
pub mod postings;
mod receipt;
pub mod remedy;
mod svg;
pub mod template;
mod titles;

pub use codes::CodeError;
pub use receipt::{Holder, receipt};

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Serialize;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("../../config/templates/print.css");

/// Forbids everything but the style of the page itself.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// Why a page cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error("the template {name} cannot be filled")]
    Template {
        name: &'static str,
        #[source]
        source: Box<minijinja::Error>,
    },
    #[error(transparent)]
    Code(#[from] CodeError),
}

/// A page for a browser to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub html: String,
    /// The Content-Security-Policy under which it is shown.
    pub policy: &'static str,
}

impl Page {
    /// Fills a template; every value is escaped, whatever people wrote into it.
    fn fill(name: &'static str, template: &str, values: impl Serialize) -> Result<Self, PrintError> {
        let failed = |source| PrintError::Template {
            name,
            source: Box::new(source),
        };
        let mut environment = Environment::new();
        // What is absent may be asked for, but not printed.
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.add_global("style", Value::from_safe_string(STYLE.to_owned()));
        let template = environment.template_from_named_str(name, template).map_err(failed)?;
        Ok(Self {
            html: template.render(Serde(values)).map_err(failed)?,
            policy: &POLICY,
        })
    }
}

//! 文书模板: text that a jurist reads and changes, Markdown with placeholders over [`crate::papers::facts`].
//!
//! What people wrote never becomes Markdown: a value stands as a mark in what is parsed, and is put in its place afterwards.
//! A template can only show what it is given: no files, no functions, no loop but over a list of facts; time and output are
//! bounded all the same.

mod blocks;
mod check;
pub mod lint;
mod marks;

use std::borrow::Cow;
use std::cell::RefCell;
use std::io;
use std::sync::{Arc, OnceLock};

use minijinja::value::ValueKind;
use minijinja::{Environment, ErrorKind, Output, State, UndefinedBehavior, Value};

use super::facts::{Facts, Field, Piece};
pub use check::Used;
use marks::{CLOSE, OPEN, PIECE, is_nonchar, syntax};
pub use marks::{Fault, Part};

/// Most characters of a template.
pub const TEMPLATE_MAX: usize = 50_000;
/// Most bytes that a template may make.
const OUTPUT_MAX: usize = 2 * 1024 * 1024;
/// Most steps of the engine; a letter of two hundred items takes some twenty thousand.
const FUEL: u64 = 2_000_000;

/// The name of the one template that an environment of its own has.
const ONLY: &str = "template";

/// A template that was read and found sound.
#[derive(Debug, Clone)]
pub struct Template {
    text: Cow<'static, str>,
    /// The variables that it shows.
    pub used: Used,
    /// Of the program's own, which are filled in all the time: compiled once.
    compiled: Option<Arc<Environment<'static>>>,
}

impl Template {
    /// Reads a template over these variables.
    ///
    /// # Errors
    /// Everything that is wrong with it, by lines.
    pub fn read(text: &str, variables: &[Field]) -> Result<Self, Vec<Fault>> {
        if text.chars().count() > TEMPLATE_MAX {
            return Err(vec![Fault::new(
                None,
                format!("模板最长 {TEMPLATE_MAX} 字，请缩短。"),
                format!("A template has at most {TEMPLATE_MAX} characters."),
            )]);
        }
        let text = text.replace("\r\n", "\n");
        let used = check::check(&text, variables)?;
        Ok(Self {
            text: text.into(),
            used,
            compiled: None,
        })
    }

    /// Reads a template that comes with the program.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_own(text: &'static str, variables: &[Field]) -> Result<Self, Vec<Fault>> {
        let read = Self::read(text, variables)?;
        let mut environment = environment();
        environment
            .add_template(ONLY, text)
            .map_err(|error| vec![check::fault_of(&error)])?;
        Ok(Self {
            compiled: Some(Arc::new(environment)),
            ..read
        })
    }

    /// What it makes of the facts.
    ///
    /// # Errors
    /// More than it may make, or Markdown that papers do not have.
    pub fn fill(&self, facts: &Facts) -> Result<Vec<Part>, Vec<Fault>> {
        let (text, values) = self.render(facts).map_err(|fault| vec![fault])?;
        blocks::parts(&text, &values)
    }

    fn render(&self, facts: &Facts) -> Result<(String, Vec<String>), Fault> {
        static SHARED: OnceLock<Environment<'static>> = OnceLock::new();
        let template = match &self.compiled {
            Some(compiled) => compiled.get_template(ONLY),
            None => SHARED.get_or_init(environment).template_from_str(&self.text),
        };
        let template = template.map_err(|error| check::fault_of(&error))?;
        let mut out = Bounded(Vec::new());
        let mut context = facts.clone();
        for (piece, name, _) in Piece::ALL {
            context.insert(name.to_owned(), piece_mark(piece).into());
        }
        VALUES.take();
        let rendered = template.render_captured_to(minijinja::value::Serde(context), &mut out);
        let values = VALUES.take();
        rendered.map_err(|error| check::fault_of(&error))?;
        let text = String::from_utf8(out.0).unwrap_or_default();
        let bytes: usize = values.iter().map(String::len).sum();
        if bytes > OUTPUT_MAX {
            return Err(check::too_long());
        }
        Ok((text, values))
    }
}

/// How a piece stands among the values.
fn piece_mark(piece: Piece) -> String {
    format!("{PIECE}{}{PIECE}", piece.name())
}

/// What people wrote, without what no text has: a tab is a blank, line feeds stay.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let kept = text.trim().chars().map(|c| if c == '\t' { ' ' } else { c });
    kept.filter(|c| (!c.is_control() || *c == '\n') && !is_nonchar(*c))
        .collect()
}

thread_local! {
    /// The values of the template that is being filled in on this thread, by the number of their marks.
    static VALUES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Writes a value: a number as it is, so that it can number a line; a piece as its mark; anything else as a mark of its own.
fn write_value(out: &mut Output<'_>, value: &Value) -> Result<(), minijinja::Error> {
    let failed = |_| minijinja::Error::new(ErrorKind::WriteFailure, "output");
    let text = match value.kind() {
        ValueKind::Undefined | ValueKind::None => return Ok(()),
        ValueKind::Number => return out.write_str(&value.to_string()).map_err(failed),
        _ => value.to_string(),
    };
    if text.starts_with(PIECE) {
        return out.write_str(&text).map_err(failed);
    }
    // What is empty leaves nothing behind: a line of nothing else is no line.
    let text = clean(&text);
    if text.is_empty() {
        return Ok(());
    }
    let place = VALUES.with_borrow_mut(|values| {
        values.push(text);
        values.len().saturating_sub(1)
    });
    out.write_str(&format!("{OPEN}{place}{CLOSE}")).map_err(failed)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_syntax(syntax());
    environment.set_fuel(Some(FUEL));
    for (name, ordinal) in check::FILTERS {
        add_filter(&mut environment, name, *ordinal);
    }
    environment.set_formatter(|out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value| write_value(out, value));
    environment
}

fn add_filter(environment: &mut Environment<'static>, name: &'static str, filter: check::FilterKind) {
    match filter {
        check::FilterKind::Join => environment.add_filter(name, |list: &Value, by: Option<String>| {
            let texts = list.try_iter()?.map(|one| one.to_string()).collect::<Vec<_>>();
            Ok::<_, minijinja::Error>(texts.join(&by.unwrap_or_else(|| "、".to_owned())))
        }),
        check::FilterKind::Length => environment.add_filter(name, |list: &Value| list.len().unwrap_or_default()),
        check::FilterKind::Default => environment.add_filter(name, |value: &Value, other: Value| {
            let absent = value.is_none() || value.is_undefined() || value.as_str().is_some_and(str::is_empty);
            if absent { other } else { value.clone() }
        }),
        check::FilterKind::Ordinal => {
            environment.add_filter(name, |number: u32| super::numerals::chinese(number));
        }
    }
}

/// Takes so many bytes and no more.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len().saturating_add(bytes.len()) > OUTPUT_MAX {
            return Err(io::Error::other("too much output"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! 文书模板: text that a jurist reads and changes, Markdown with placeholders over [`crate::papers::facts`].
//!
//! What people wrote never becomes Markdown: a value stands as a mark in what is parsed, and is put in its place afterwards.
//! A template can only show what it is given: no files, no functions, no loop but over a list of facts; time and output are
//! bounded all the same.

mod blocks;
mod check;
pub mod lint;
mod marks;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

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

/// A template that was read and found sound.
#[derive(Debug, Clone)]
pub struct Template {
    text: String,
    /// The variables that it shows.
    pub used: Used,
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
        Ok(Self { text, used })
    }

    /// What it makes of the facts.
    ///
    /// # Errors
    /// More than it may make, or Markdown that papers do not have.
    pub fn fill(&self, facts: &Facts) -> Result<Vec<Part>, Vec<Fault>> {
        let (text, values) = render(&self.text, facts).map_err(|fault| vec![fault])?;
        blocks::parts(&text, &values)
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

type Values = Arc<Mutex<Vec<String>>>;

/// Writes a value: a number as it is, so that it can number a line; a piece as its mark; anything else as a mark of its own.
fn write_value(values: &Values, out: &mut Output<'_>, value: &Value) -> Result<(), minijinja::Error> {
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
    let mut known = values.lock().unwrap_or_else(PoisonError::into_inner);
    let mark = format!("{OPEN}{}{CLOSE}", known.len());
    known.push(text);
    out.write_str(&mark).map_err(failed)
}

fn environment(values: &Values) -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_syntax(syntax());
    environment.set_fuel(Some(FUEL));
    for (name, ordinal) in check::FILTERS {
        add_filter(&mut environment, name, *ordinal);
    }
    let values = values.clone();
    environment.set_formatter(move |out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value| {
        write_value(&values, out, value)
    });
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

fn render(text: &str, facts: &Facts) -> Result<(String, Vec<String>), Fault> {
    let values: Values = Arc::default();
    let environment = environment(&values);
    let template = environment
        .template_from_str(text)
        .map_err(|error| check::fault_of(&error))?;
    let mut out = Bounded(Vec::new());
    let mut context = facts.clone();
    for (piece, name, _) in Piece::ALL {
        context.insert(name.to_owned(), piece_mark(piece).into());
    }
    template
        .render_captured_to(minijinja::value::Serde(context), &mut out)
        .map_err(|error| check::fault_of(&error))?;
    let text = String::from_utf8(out.0).unwrap_or_default();
    let values = std::mem::take(&mut *values.lock().unwrap_or_else(PoisonError::into_inner));
    let bytes: usize = values.iter().map(String::len).sum();
    if bytes > OUTPUT_MAX {
        return Err(check::too_long());
    }
    Ok((text, values))
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

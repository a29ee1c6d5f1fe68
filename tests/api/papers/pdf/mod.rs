//! Papers as PDF: their text, their structure, what they refuse, and that they are the same each time.
//!
//! Written with the fonts of the system, or those in the folder that `GONGKAI_TEST_FONTS` names. Where there is no Chinese
//! one, these tests have nothing to say.

mod faces;
mod files;
mod hostile;
mod papers;
mod reader;

use std::path::PathBuf;
use std::sync::LazyLock;

use gongkai::fonts::{FontConfig, Fonts};
use gongkai::papers::model::{Block, Layout, Paper};
use gongkai::papers::pdf::{Pdf, write};

use papers::{paper, text};
use reader::{squeezed, tool};

static FONTS: LazyLock<Fonts> = LazyLock::new(find);

fn find() -> Fonts {
    match std::env::var_os("GONGKAI_TEST_FONTS") {
        Some(folder) => Fonts::find_in(&FontConfig::default(), &[PathBuf::from(folder)]),
        None => Fonts::find(&FontConfig::default()),
    }
}

/// The fonts to write with, if there are any.
fn fonts() -> Option<&'static Fonts> {
    if FONTS.is_usable() {
        return Some(&FONTS);
    }
    let why = "no Chinese font: install one, such as Debian's fonts-noto-cjk, or name a folder in GONGKAI_TEST_FONTS";
    assert!(std::env::var("CI").is_err(), "{why}");
    eprintln!("skipped: {why}");
    None
}

fn written(fonts: &Fonts, paper: &Paper) -> Pdf {
    write(paper, fonts).unwrap()
}

fn with(blocks: Vec<Block>) -> Paper {
    paper(Layout::Letter, blocks)
}

fn paragraph(words: &str) -> Block {
    Block::Paragraph { text: text(words) }
}

/// The text of a file without white space, page numbers and what pages repeat; none if there is no tool to read it.
fn text_of(pdf: &Pdf) -> Option<String> {
    let pages = tool("pdftotext", &["-raw", "-enc", "UTF-8"], &pdf.bytes)?;
    let page = |(at, page): (usize, &str)| {
        let page = squeezed(page);
        page.strip_suffix(&format!("—{}—", at + 1)).unwrap_or(&page).to_owned()
    };
    Some(pages.split('\u{c}').enumerate().map(page).collect())
}

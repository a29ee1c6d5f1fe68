//! Figures of the writers of papers: how long a reply and a form take as DOCX and as PDF, how large they are, and how much
//! memory it takes. Written with the fonts of the system, or those in the folder that `GONGKAI_TEST_FONTS` names.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use gongkai::fonts::{FontConfig, Fonts};
use gongkai::papers::model::{Block, Paper};
use gongkai::papers::{docx, pdf};

/// The papers that the tests write.
#[allow(dead_code)]
#[path = "../tests/api/papers/docx/sample.rs"]
mod sample;

fn find() -> Fonts {
    match std::env::var_os("GONGKAI_TEST_FONTS") {
        Some(folder) => Fonts::find_in(&FontConfig::default(), &[PathBuf::from(folder)]),
        None => Fonts::find(&FontConfig::default()),
    }
}

/// A reply that says little: its beginning, one heading, what can be done against it, who says so.
fn short() -> Paper {
    let mut paper = sample::reply();
    let mut headings = 0;
    paper.blocks.retain(|block| match block {
        Block::Title { .. } | Block::Addressee { .. } | Block::Signature { .. } => true,
        Block::Heading { .. } => {
            headings += 1;
            headings == 1
        }
        Block::Paragraph { .. } => headings < 2,
        _ => false,
    });
    paper
}

/// What the first call gives, its time, and the mean of those that follow for about half a second, in milliseconds.
fn measure<T>(mut work: impl FnMut() -> T) -> (T, f64, f64) {
    let start = Instant::now();
    let given = work();
    let first = start.elapsed();
    let mut calls: u32 = 0;
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(500) {
        black_box(work());
        calls += 1;
    }
    (
        given,
        first.as_secs_f64() * 1e3,
        start.elapsed().as_secs_f64() * 1e3 / f64::from(calls),
    )
}

fn kilobytes(bytes: &[u8]) -> f64 {
    f64::from(u32::try_from(bytes.len()).unwrap()) / 1024.
}

/// The most memory that this process has had, in MB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    number.unwrap_or_default() / 1024
}

fn main() {
    let papers = [
        ("short reply", short()),
        ("long reply", sample::reply()),
        ("form with codes", sample::form()),
    ];
    println!("before: peak {} MB", peak());
    for (name, paper) in &papers {
        let (bytes, first, warm) = measure(|| docx::write(black_box(paper)).unwrap());
        println!(
            "{name}, DOCX: {:.1} KB, first {first:.2} ms, then {warm:.2} ms, peak {} MB",
            kilobytes(&bytes),
            peak()
        );
        let limits = docx::Limits::default();
        let (_, _, read) = measure(|| docx::read(black_box(&bytes), limits).unwrap());
        println!("{name}, DOCX read again: {read:.2} ms");
    }
    let start = Instant::now();
    let fonts = find();
    println!(
        "fonts found in {:.1} ms, peak {} MB",
        start.elapsed().as_secs_f64() * 1e3,
        peak()
    );
    for font in fonts.describe() {
        println!("  {font}");
    }
    for (name, paper) in &papers {
        // As after a start: no font is read yet.
        let fonts = find();
        let (written, first, warm) = measure(|| pdf::write(black_box(paper), &fonts));
        match written {
            Ok(pdf) => println!(
                "{name}, PDF: {} pages, {:.1} KB, first {first:.1} ms, then {warm:.1} ms, peak {} MB",
                pdf.pages,
                kilobytes(&pdf.bytes),
                peak()
            ),
            Err(error) => println!("{name}, PDF: none, {error}"),
        }
    }
}

//! LibreOffice prints the text that was written and keeps the controls. Where it is not installed, these tests have
//! nothing to say.

use std::path::Path;
use std::process::Command;

use gongkai::papers::docx::{Limits, check, fill, read, to_paper, write};
use gongkai::papers::model::{Number, Paper};
use tempfile::TempDir;

use super::{kit, sample};

fn installed(program: &str, argument: &str) -> bool {
    Command::new(program)
        .arg(argument)
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Converts files by LibreOffice in a profile of its own; `None` without LibreOffice.
fn converted(papers: &[Paper], format: &str) -> Option<TempDir> {
    if !installed("soffice", "--version") {
        eprintln!("skipped: soffice is not installed");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("soffice");
    command
        .arg(format!(
            "-env:UserInstallation=file://{}/profile",
            folder.path().display()
        ))
        .args(["--headless", "--convert-to", format, "--outdir"])
        .arg(folder.path().join("out"));
    for (index, paper) in papers.iter().enumerate() {
        let file = folder.path().join(format!("{index}.docx"));
        std::fs::write(&file, write(paper).unwrap()).unwrap();
        command.arg(file);
    }
    assert!(command.output().unwrap().status.success());
    Some(folder)
}

fn printed(folder: &Path, index: usize) -> String {
    let file = folder.join("out").join(format!("{index}.pdf"));
    let output = Command::new("pdftotext")
        .arg("-raw")
        .arg(file)
        .arg("-")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn libreoffice_prints_the_text() {
    if !installed("pdftotext", "-v") {
        eprintln!("skipped: pdftotext is not installed");
        return;
    }
    let papers = sample::all();
    let Some(folder) = converted(&papers, "pdf") else {
        return;
    };
    for (index, paper) in papers.iter().enumerate() {
        // Page numbers stand between the pages.
        let mut printed = kit::folded(&printed(folder.path(), index));
        for page in 2..6 {
            printed = printed.replace(&format!("—{page}—"), "");
        }
        let expected = kit::folded(&read(&write(paper).unwrap(), Limits::default()).unwrap().text);
        let organ = kit::folded(&paper.organ);
        assert_eq!(
            printed.replacen(&organ, "", 1),
            expected.replacen(&organ, "", usize::from(!printed.starts_with(&organ))),
            "{}",
            paper.name
        );
        assert!(printed.starts_with(&organ));
    }
}

#[test]
fn libreoffice_keeps_the_controls() {
    let papers = sample::all();
    let Some(folder) = converted(&papers, "docx") else {
        return;
    };
    for (index, paper) in papers.iter().enumerate() {
        let bytes = std::fs::read(folder.path().join("out").join(format!("{index}.docx"))).unwrap();
        let edited = read(&bytes, Limits::default()).unwrap();
        assert_eq!(check(&edited, paper), [], "{}", paper.name);
        let same = to_paper(&edited, paper);
        assert_eq!(same.blocks, paper.blocks, "{}", paper.name);
        let number = match paper.number {
            Number::None => "",
            _ => "云〔2026〕1号",
        };
        let filled = fill(&bytes, number, chrono::NaiveDate::from_ymd_opt(2026, 3, 10).unwrap()).unwrap();
        let filled = read(&filled, Limits::default()).unwrap();
        assert!(filled.date.iter().all(|date| date == "2026年3月10日"));
    }
}

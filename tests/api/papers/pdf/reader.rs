//! Reads files back: with a parser of its own, and with the tools that a system may have.

use std::io::Write;
use std::process::Command;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Words};

/// Text without white space.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// What a tool says of a file, which is named after its other arguments; none if it is not installed, but under CI.
pub fn tool(name: &str, arguments: &[&str], bytes: &[u8]) -> Option<String> {
    let said = output(name, arguments, bytes)?;
    Some(String::from_utf8_lossy(&said).into_owned())
}

/// The first page in grey at so many dots per inch: width, height, pixels.
pub fn seen(bytes: &[u8], dpi: &str) -> Option<(u32, u32, Vec<u8>)> {
    let image = output("pdftoppm", &["-gray", "-r", dpi, "-l", "1"], bytes)?;
    // A PGM: three lines in letters, then the pixels.
    let mut parts = image.splitn(4, |byte| *byte == b'\n');
    let mut line = || std::str::from_utf8(parts.next().unwrap()).unwrap().to_owned();
    assert_eq!(line(), "P5");
    let size = line();
    let (width, height) = size.split_once(' ').unwrap();
    assert_eq!(line(), "255");
    Some((
        width.parse().unwrap(),
        height.parse().unwrap(),
        parts.next().unwrap().to_vec(),
    ))
}

fn output(name: &str, arguments: &[&str], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let mut command = Command::new(name);
    command.args(arguments).arg(file.path());
    if name == "pdftotext" {
        command.arg("-");
    }
    let output = match command.output() {
        Ok(output) => output,
        Err(why) => {
            assert!(std::env::var("CI").is_err(), "{name} is needed under CI: {why}");
            eprintln!("skipped: {name} cannot be run: {why}");
            return None;
        }
    };
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{name}: {}{failed}",
        String::from_utf8_lossy(&output.stdout)
    );
    Some(output.stdout)
}

pub struct Reader(Pdf);

impl Reader {
    pub fn new(bytes: &[u8]) -> Self {
        Self(Pdf::new(bytes.to_vec()).unwrap())
    }

    fn catalog(&self) -> Dict<'_> {
        let file = self.0.xref();
        file.get(file.root_id()).unwrap()
    }

    pub fn language(&self) -> String {
        words(&self.catalog().get(b"Lang").unwrap())
    }

    pub fn is_marked(&self) -> bool {
        let info: Dict<'_> = self.catalog().get(b"MarkInfo").unwrap();
        info.get(b"Marked").unwrap()
    }

    pub fn metadata(&self) -> String {
        let stream: Stream<'_> = self.catalog().get(b"Metadata").unwrap();
        String::from_utf8(stream.decoded().unwrap().into_owned()).unwrap()
    }

    /// The structure: names of elements, what is in them in brackets, words that stand for them in square ones.
    pub fn structure(&self) -> String {
        let mut found = Vec::new();
        children(&self.catalog().get(b"StructTreeRoot").unwrap(), &mut found);
        found.join(" ")
    }
}

fn children(parent: &Dict<'_>, found: &mut Vec<String>) {
    let kids: Vec<Object<'_>> = match parent.get::<Array<'_>>(b"K") {
        Some(kids) => kids.iter().collect(),
        None => parent.get(b"K").into_iter().collect(),
    };
    for element in kids.into_iter().filter_map(Object::into_dict) {
        let Some(name) = element.get::<Name<'_>>(b"S") else {
            continue;
        };
        let mut said = name.as_str().to_owned();
        if let Some(instead) = element.get(b"Alt") {
            said.push_str(&format!("[{}]", words(&instead)));
        }
        let mut inside = Vec::new();
        children(&element, &mut inside);
        if !inside.is_empty() {
            said.push_str(&format!("({})", inside.join(" ")));
        }
        found.push(said);
    }
}

/// A text of the file: in UTF-16 if it begins with its mark.
fn words(words: &Words<'_>) -> String {
    match words.as_bytes() {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest
                .chunks_exact(2)
                .map(|unit| u16::from_be_bytes([unit[0], unit[1]]))
                .collect();
            String::from_utf16(&units).unwrap()
        }
        plain => String::from_utf8(plain.to_vec()).unwrap(),
    }
}

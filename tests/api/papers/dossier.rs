//! The dossier of a case: opened again, compared with what the service says, searched for what must not be in it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::instruments::{docx_text, instruments};
use crate::documents::samples::{PDF, PNG};
use crate::documents::{content_path, uploaded};
use crate::harness::{Office, Walk, both};

pub type Entries = BTreeMap<String, Vec<u8>>;

/// Every entry of an archive by its name. No system sees two of them as one, and none of the names offends any.
#[track_caller]
pub fn opened(bytes: &[u8]) -> Entries {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut entries = Entries::new();
    let mut folded = BTreeSet::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        assert_eq!(entry.name_raw(), name.as_bytes(), "names are UTF-8");
        assert!(folded.insert(name.to_lowercase()), "{name} stands there twice");
        for part in name.split('/') {
            assert!(!part.is_empty() && part.encode_utf16().count() <= 80, "{name}");
            assert!(!part.contains(['<', '>', ':', '"', '\\', '|', '?', '*']), "{name}");
            assert!(
                !part.ends_with([' ', '.']) && !part.chars().any(char::is_control),
                "{name}"
            );
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        entries.insert(name, content);
    }
    entries
}

pub fn parsed(entries: &Entries, name: &str) -> Value {
    let content = entries
        .get(name)
        .unwrap_or_else(|| panic!("{name} in {:?}", entries.keys()));
    serde_json::from_slice(content).unwrap()
}

pub fn hash(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// The manifest names every other entry with its length and hash.
#[track_caller]
pub fn manifest_holds(entries: &Entries, beside: &[&str]) -> Value {
    let manifest = parsed(entries, "manifest.json");
    let listed = manifest["entries"].as_array().unwrap();
    let mut names = BTreeSet::new();
    for entry in listed {
        let name = entry["name"].as_str().unwrap();
        let content = &entries[name];
        assert_eq!(entry["size"], content.len(), "{name}");
        assert_eq!(entry["sha256"], hash(content), "{name}");
        names.insert(name.to_owned());
    }
    let others: BTreeSet<String> = entries
        .keys()
        .filter(|name| !beside.contains(&name.as_str()))
        .cloned()
        .collect();
    assert_eq!(names, others);
    manifest
}

/// All text of what is ours: of the texts themselves and of the parts of the files to edit.
pub fn our_text(entries: &Entries) -> String {
    let mut text = String::new();
    for (name, content) in entries.iter().filter(|(name, _)| !name.contains("材料/")) {
        if name.ends_with(".docx") {
            for part in opened_parts(content) {
                text.push_str(&part);
            }
        } else {
            text.push_str(&String::from_utf8_lossy(content));
        }
        text.push('\n');
    }
    text
}

fn opened_parts(docx: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut content = Vec::new();
        archive.by_index(index).unwrap().read_to_end(&mut content).unwrap();
        parts.push(String::from_utf8_lossy(&content).into_owned());
    }
    parts
}

fn dossier_of(case: &Walk<'_>, who: &str) -> Vec<u8> {
    let answer = case
        .office
        .user(who)
        .get(&format!("/api/v1/cases/{}/dossier", case.id))
        .expect(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename=")
    );
    answer.bytes
}

/// Every address of a page, as the name of the file that it leads to.
fn addresses(html: &str) -> Vec<String> {
    let parts = html.split("href=\"").skip(1);
    parts
        .map(|part| {
            let written = part.split('"').next().unwrap().replace("&#x2f;", "/");
            let mut bytes = Vec::new();
            let mut rest = written.bytes();
            while let Some(byte) = rest.next() {
                match byte {
                    b'%' => {
                        let digits = [rest.next().unwrap(), rest.next().unwrap()];
                        let digits = std::str::from_utf8(&digits).unwrap();
                        bytes.push(u8::from_str_radix(digits, 16).unwrap());
                    }
                    other => bytes.push(other),
                }
            }
            String::from_utf8(bytes).unwrap()
        })
        .collect()
}

/// An application on paper with three scans, two of one name, led to its archive.
fn filed(office: &Office) -> (Walk<'_>, Vec<(String, &'static [u8])>) {
    let clerk = office.user("clerk");
    let scans: [(&str, &str, &[u8]); 3] = [
        ("申请书 100%#1.pdf", "application", PDF),
        ("附件.png", "evidence", PNG),
        (
            "附件.png",
            "evidence",
            b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1F\x15\xC4\x89\0",
        ),
    ];
    let mut kept = Vec::new();
    for (name, purpose, content) in scans {
        kept.push((uploaded(&clerk, name, purpose, content), content));
    }
    let mut entry = office.entry("in_person");
    let ids: Vec<&String> = kept.iter().map(|(id, _)| id).collect();
    entry["document_ids"] = json!(ids);
    let case = office.enter_as("clerk", &entry).through("archive");
    (case, kept)
}

both! {
    fn a_dossier_holds_everything_and_its_manifest_is_true(db) {
        let office = Office::open(db);
        let (case, scans) = filed(&office);
        let bytes = dossier_of(&case, "officer");
        let entries = opened(&bytes);
        let manifest = manifest_holds(&entries, &["manifest.json"]);
        let view = case.view("officer");
        assert_eq!((&manifest["kind"], &manifest["number"]), (&json!("dossier"), &view["number"]));

        // The papers as they came, in the order of the log, each once.
        let papers: Vec<&Vec<u8>> = entries.iter().filter(|(name, _)| name.starts_with("材料/")).map(|(_, c)| c).collect();
        assert_eq!(papers, scans.iter().map(|(_, content)| content.to_vec()).collect::<Vec<_>>().iter().collect::<Vec<_>>());
        let first = entries.keys().find(|name| name.starts_with("材料/")).unwrap();
        assert_eq!(first, "材料/001 申请书 100%#1.pdf");
        // Every instrument as the case lists it, made now where it was never asked for.
        let listed = instruments(&case, "officer");
        let codes: Vec<&str> = listed.iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["D03", "D44", "D20", "D43", "D45"]);
        assert_eq!(parsed(&entries, "数据/instruments.json")["items"], json!(listed));
        for (one, place) in listed.iter().zip(4..) {
            let code = one["code"].as_str().unwrap();
            let before = format!("文书/{place:03} {code} ");
            let file = entries.iter().find(|(name, _)| name.starts_with(&before) && name.ends_with(".docx"));
            let (name, content) = file.unwrap_or_else(|| panic!("{before} in {:?}", entries.keys()));
            let docx = one["files"].as_array().unwrap().iter().find(|file| file["format"] == "docx").unwrap();
            assert_eq!(docx["sha256"], hash(content));
            if let Some(number) = one["number"].as_str() {
                assert!(name.contains(number), "{name}");
            }
        }
        for form in ["D01 政府信息公开申请表", "D02 政府信息公开申请登记表", "D45 案卷归档目录"] {
            assert!(entries.contains_key(&format!("表格/{form}.docx")), "{form}");
        }
        // The index of the archive counts as the names do.
        let index = docx_text(&entries["表格/D45 案卷归档目录.docx"]);
        for part in ["申请书 100%#1.pdf", "送达回证", "共8件", "10 年"] {
            assert!(index.contains(part), "{part} in\n{index}");
        }
        assert!(!index.contains("预览"));

        // The log as someone in the office sees it, with its chain.
        assert_eq!(parsed(&entries, "数据/events.json"), json!(case.events("officer")));
        let mut clock = case.clock("?explain=true");
        assert_eq!(parsed(&entries, "数据/clock.json")["days"], clock["days"].take());
        let told = parsed(&entries, "数据/case.json");
        assert_eq!(told["applicant"], view["applicant"]);
        assert_eq!(told["pieces"].as_array().unwrap().len(), 3 + 5 + 3);
        assert!(told.get("actions").is_none());

        // The same case, the same bytes, also on another day; not once something happened.
        assert!(dossier_of(&case, "officer") == bytes);
        office.on("2026-06-01");
        assert!(dossier_of(&case, "officer") == bytes);
        let mut case = case;
        let more = uploaded(&office.user("officer"), "补充.pdf", "other", PDF);
        case.act("approver", "revoke_ending", json!({"reason": "误归档，附件未齐"}));
        case.act("officer", "add_document", json!({"document_ids": [more]}));
        let later = opened(&dossier_of(&case, "officer"));
        assert_eq!(later["材料/009 补充.pdf"], PDF);
    }

    fn the_page_is_read_without_a_network(db) {
        let office = Office::open(db);
        let mut entry = office.entry("in_person");
        entry["description"]["title"] = json!("<script>关于</script>方案");
        let case = office.enter_as("clerk", &entry).through("issue_reply");
        let entries = opened(&dossier_of(&case, "officer"));
        let html = String::from_utf8(entries["index.html"].clone()).unwrap();
        for forbidden in ["<script", "src=", "http:", "https:", "@import", "url("] {
            assert!(!html.contains(forbidden), "{forbidden} in\n{html}");
        }
        let addresses = addresses(&html);
        for address in addresses.iter().filter(|address| !address.starts_with('#')) {
            assert!(entries.contains_key(address), "{address} leads nowhere");
        }
        let linked = |folder: &str| addresses.iter().filter(|address| address.starts_with(folder)).count();
        assert_eq!((linked("文书/"), linked("表格/"), linked("数据/")), (3, 3, 4));
        for part in [
            "lang=\"zh-CN\"", "&lt;script", "登记收到", "签发", "澄政办公开〔2026〕1号", "收到日期", "没有打印件（PDF）",
            "沈志远", "起算日", "2026-03-10 09:00:00",
        ] {
            assert!(html.contains(part), "{part} in\n{html}");
        }
        let events = case.events("officer");
        for event in &events {
            assert!(html.contains(event["hash"].as_str().unwrap()));
        }
        // The clock still runs towards nothing: of an answered case it is stopped, of an open one it is of today.
        let open = office.enter("in_person").through("review_formally");
        let first = dossier_of(&open, "officer");
        assert!(dossier_of(&open, "officer") == first);
        office.on("2026-03-12");
        let entries = opened(&dossier_of(&open, "officer"));
        assert_eq!(parsed(&entries, "数据/clock.json")["used"], 2);
    }

    fn nothing_of_ours_shows_an_identity_number_and_contact_data_follow_the_reader(db) {
        let office = Office::open(db);
        let (case, _) = filed(&office);
        let number = "440524188001010014";
        for who in ["officer", "clerk", "supervisor", "approver", "secrecy"] {
            let text = our_text(&opened(&dossier_of(&case, who)));
            assert!(!text.contains(number), "{who}");
            let view = case.view(who);
            let masked = view["applicant"]["id_document"]["number"].as_str().unwrap();
            assert!(text.contains(masked), "{who}");
            let clear = matches!(who, "officer" | "clerk");
            assert_eq!(text.contains("13911112222"), clear, "{who}");
            assert_eq!(text.contains("lin.xiaoyue@example.cn"), clear, "{who}");
            assert_eq!(text.contains("桃花巷9号302室"), clear, "{who}");
        }
    }

    fn only_the_staff_in_whose_sight_it_is_take_a_dossier(db) {
        let office = Office::open(db);
        let case = office.apply().through("draft_reply");
        let path = format!("/api/v1/cases/{}/dossier", case.id);
        for (who, status) in [
            ("clerk", 200), ("officer", 200), ("approver", 200), ("supervisor", 200), ("secrecy", 200), ("legal", 404),
            ("handler", 404), ("officer2", 404), ("admin", 404), ("applicant", 403), ("anonymous", 401),
        ] {
            assert_eq!(office.user(who).get(&path).status, status, "{who}");
        }
        office.user("officer").get("/api/v1/cases/01997000-0000-7000-8000-000000000001/dossier").expect(404);
    }

    fn a_content_that_is_gone_is_named_and_the_rest_is_there(db) {
        let office = Office::open(db);
        let (case, scans) = filed(&office);
        let whole = opened(&dossier_of(&case, "officer"));
        let blobs = &office.app.app.site().documents;
        blobs.delete(&hash(scans[0].1)).unwrap();
        office.user("clerk").get(&format!("/api/v1/documents/{}", scans[0].0)).expect(200);
        let entries = opened(&dossier_of(&case, "officer"));
        let manifest = manifest_holds(&entries, &["manifest.json"]);
        let lacking = manifest["lacking"].as_array().unwrap();
        let gone = lacking.iter().find(|one| one["place"] == 1).unwrap();
        assert_eq!(gone["lacking"]["content"]["sha256"], hash(scans[0].1));
        let html = String::from_utf8(entries["index.html"].clone()).unwrap();
        assert!(html.contains("001 申请书 100%#1.pdf：文件“申请书 100%#1.pdf”的内容已不在存储中"), "{html}");
        let left: BTreeSet<&String> = whole.keys().filter(|name| !entries.contains_key(*name)).collect();
        assert_eq!(left, BTreeSet::from([&"材料/001 申请书 100%#1.pdf".to_owned()]));
        assert!(entries.keys().all(|name| whole.contains_key(name)));
    }

    fn with_fonts_there_are_prints(db) {
        let office = Office::open_with(db, |config| config.fonts.system = true);
        if !office.app.app.site().printer.fonts().is_usable() {
            return;
        }
        let case = office.enter("in_person").through("issue_reply");
        let bytes = dossier_of(&case, "officer");
        let entries = opened(&bytes);
        let prints: Vec<&String> = entries.keys().filter(|name| name.ends_with(".pdf")).collect();
        assert_eq!(prints.len(), 3 + 3, "{prints:?}");
        assert!(prints.iter().all(|name| entries[*name].starts_with(b"%PDF-")));
        assert_eq!(parsed(&entries, "manifest.json")["lacking"], json!([]));
        assert!(dossier_of(&case, "officer") == bytes);
    }

    fn a_scan_of_what_was_sent_on_paper_lies_among_the_papers(db) {
        let office = Office::open(db);
        let scan = uploaded(&office.user("officer"), "答复.pdf", "reply", PDF);
        let mut case = office.enter("in_person").through("approve_reply");
        let paper = json!({"number": "澄政办函〔2026〕77号", "document_ids": [scan]});
        case.act("officer", "issue_reply", json!({"method": "mail", "replied_on": "2026-03-10", "on_paper": paper}));
        let entries = opened(&dossier_of(&case, "officer"));
        let told = parsed(&entries, "数据/case.json");
        let pieces = told["pieces"].as_array().unwrap();
        let letter = pieces.iter().find(|piece| piece["number"] == "澄政办函〔2026〕77号").unwrap();
        let path = letter["files"][0]["path"].as_str().unwrap();
        assert!(path.starts_with("材料/") && path.ends_with("答复.pdf"), "{path}");
        assert_eq!(entries[path], PDF);
        assert_eq!(letter["lacking"], json!([]));
        office.user("officer").get(&content_path(&scan)).expect(200);
    }
}

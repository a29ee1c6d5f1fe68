//! Which files are taken: by content, under a harmless name, byte for byte.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::samples::{PDF, accepted, refused};
use super::{content_path, form, id, post_form, upload, uploaded};
use crate::harness::{TestApp, both};

both! {
    fn every_accepted_type_goes_up_and_comes_down_byte_for_byte(db) {
        let app = TestApp::start(db);
        let applicant = app.user("applicant");
        for (name, media_type, content) in accepted() {
            let answer = upload(&applicant, name, "evidence", &content).expect(201);
            let hash = hex::encode(Sha256::digest(&content));
            let expected = json!({
                "id": answer.json["id"], "name": name, "media_type": media_type, "bytes": content.len(), "sha256": hash,
                "purpose": "evidence", "uploaded_on": "2026-03-10",
            });
            assert_eq!(answer.json, expected);
            let path = format!("/api/v1/documents/{}", id(&answer.json));
            assert_eq!(answer.header("location"), path);
            assert_eq!(applicant.get(&path).expect(200).json, expected);
            let down = applicant.get(&content_path(&id(&answer.json))).expect(200);
            assert_eq!(down.bytes, content, "{name}");
            assert_eq!(down.header("content-type"), media_type);
            assert_eq!(down.header("content-length"), content.len().to_string());
            assert_eq!(down.header("etag"), format!("\"{hash}\""));
            assert_eq!(down.header("x-content-type-options"), "nosniff");
            assert_eq!(down.header("cache-control"), "private, no-store");
            assert_eq!(down.header("accept-ranges"), "bytes");
        }
    }

    fn what_can_run_or_is_not_what_it_says_is_refused(db) {
        let app = TestApp::start(db);
        let applicant = app.user("applicant");
        for (name, content) in refused() {
            let answer = upload(&applicant, name, "evidence", &content);
            assert_eq!((answer.status, answer.code()), (415, "file_not_accepted"), "{name}: {}", answer.text);
            for kind in ["PDF", "OFD", "WPS", "TIFF", "TXT"] {
                assert!(answer.text.contains(kind), "{}", answer.text);
            }
        }
        assert_eq!(left_behind(&app), Vec::<String>::new());
    }

    fn names_in_chinese_come_back_and_harmful_ones_are_mended(db) {
        let app = TestApp::start(db);
        let applicant = app.user("applicant");
        for (sent, kept) in [
            ("filename=\"申请书（第二次）.pdf\"", "申请书（第二次）.pdf"),
            ("filename=\"x.pdf\"; filename*=UTF-8''%E7%94%B3%E8%AF%B7%E4%B9%A6.pdf", "申请书.pdf"),
            ("filename=\"../../../etc/申请书.exe\"", "申请书.exe.pdf"),
            ("filename=\"申请\u{202E}书.pdf\"", "申请书.pdf"),
            ("filename=\"\"", "未命名.pdf"),
        ] {
            let answer = post_form(&applicant, &[("file", Some(sent), PDF), ("purpose", None, b"application")]).expect(201);
            assert_eq!(answer.json["name"], kept, "{sent}");
        }
        let named = uploaded(&applicant, "申请书 2.pdf", "application", PDF);
        let down = applicant.get(&content_path(&named)).expect(200);
        assert_eq!(
            down.header("content-disposition"),
            "attachment; filename=\"2.pdf\"; filename*=UTF-8''%E7%94%B3%E8%AF%B7%E4%B9%A6%202.pdf"
        );
    }

    fn a_broken_form_is_told_what_is_wrong(db) {
        let app = TestApp::start(db);
        let applicant = app.user("applicant");
        let (purpose, file) = (("purpose", None, &b"evidence"[..]), ("file", Some("filename=\"a.pdf\""), PDF));
        for (parts, pointer) in [
            (vec![file], "/purpose"),
            (vec![purpose], "/file"),
            (vec![purpose, file, file], "/file"),
            (vec![purpose, purpose, file], "/purpose"),
            (vec![("purpose", None, &b"gift"[..]), file], "/purpose"),
            (vec![purpose, ("note", None, &b"x"[..]), file], "/note"),
            // The agency's own purposes are not the applicant's.
            (vec![("purpose", None, &b"reply"[..]), file], "/purpose"),
        ] {
            assert_eq!(post_form(&applicant, &parts).expect(422).pointers(), [pointer]);
        }
        let path = "/api/v1/documents";
        let answer = applicant.send("POST", path, Some(("application/json", b"{}"))).expect(415);
        assert_eq!(answer.code(), "not_multipart");
        let (media_type, body) = form(&[purpose, file]);
        let cut = &body[..body.len() - 20];
        assert_eq!(applicant.send("POST", path, Some((&media_type, cut))).expect(400).code(), "bad_form");
        assert_eq!(applicant.send("POST", path, Some(("multipart/form-data", &body))).expect(400).code(), "bad_form");
        assert_eq!(left_behind(&app), Vec::<String>::new());
    }

    fn a_repeated_upload_is_answered_from_memory(db) {
        let app = TestApp::start(db);
        let applicant = app.user("applicant").with("Idempotency-Key", "one");
        let first = upload(&applicant, "a.pdf", "evidence", PDF).expect(201);
        let again = upload(&applicant, "a.pdf", "evidence", PDF).expect(201);
        assert_eq!((&again.json, again.header("idempotency-replayed")), (&first.json, "true"));
        for (name, purpose, content) in [("b.pdf", "evidence", PDF), ("a.pdf", "identity", PDF), ("a.pdf", "evidence", b"%PDF-2")] {
            let other = upload(&applicant, name, purpose, content).expect(422);
            assert_eq!(other.code(), "idempotency_key_reused");
        }
    }
}

/// Files of uploads that were not cleared away.
pub fn left_behind(app: &TestApp) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(app.database.directory.path().join("tmp")) else {
        return Vec::new();
    };
    entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

//! Names and types of files as people send them.

use gongkai::domain::document::*;
use gongkai::domain::words::codes::Coded;
use serde_json::json;

#[test]
fn names_are_kept_readable_and_harmless() {
    let long = "长".repeat(300);
    let cut = format!("{}.pdf", "长".repeat(196));
    for (sent, media_type, kept) in [
        ("申请书.pdf", MediaType::Pdf, "申请书.pdf"),
        ("申请书.PDF", MediaType::Pdf, "申请书.pdf"),
        ("C:\\用户\\桌面\\申请书.pdf", MediaType::Pdf, "申请书.pdf"),
        ("../../etc/passwd", MediaType::Text, "passwd.txt"),
        ("报告.pdf.exe", MediaType::Pdf, "报告.pdf.exe.pdf"),
        ("page.html", MediaType::Text, "page.html.txt"),
        ("发票\u{202E}fdp.exe", MediaType::Png, "发票fdp.exe.png"),
        ("a\r\nb\u{0}.txt", MediaType::Text, "ab.txt"),
        ("照片.jpeg", MediaType::Jpeg, "照片.jpeg"),
        ("公文.wps", MediaType::Wps, "公文.wps"),
        ("a<b>:\"c\"|?*.zip", MediaType::Zip, "a_b___c____.zip"),
        (".pdf", MediaType::Pdf, "pdf.pdf"),
        ("", MediaType::Pdf, "未命名.pdf"),
        (" . ", MediaType::Pdf, "未命名.pdf"),
        (&long, MediaType::Pdf, &cut),
    ] {
        assert_eq!(kept_name(sent, media_type), kept, "{sent:?}");
    }
}

#[test]
fn codes_read_back() {
    for &purpose in Purpose::ALL {
        assert_eq!(Purpose::from_code(purpose.code()), Some(purpose));
        assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.code());
    }
    for media_type in MediaType::ALL {
        assert_eq!(MediaType::from_code(media_type.code()), Some(*media_type));
    }
}

#[test]
fn ids_in_texts_are_found_whatever_the_field_is_called() {
    let id = "0199aaaa-0000-7000-8000-00000000000a";
    let found = |body: serde_json::Value| -> Vec<(String, bool)> {
        let mentions = mentioned_in(&body).into_iter();
        mentions
            .inspect(|mention| assert_eq!(mention.id.to_string(), id))
            .map(|mention| (mention.pointer, mention.alone))
            .collect()
    };
    let alone = |pointer: &str| vec![(pointer.to_owned(), true)];
    assert_eq!(found(json!({"proof": id})), alone("/proof"));
    assert_eq!(
        found(json!({"proof": format!(" {} ", id.to_uppercase())})),
        alone("/proof")
    );
    assert_eq!(found(json!({"a": [{"b": id}]})), alone("/a/0/b"));
    assert_eq!(
        found(json!({"note": format!("见{id}，第2页")})),
        [("/note".to_owned(), false)]
    );
    assert_eq!(
        found(json!({"applicant": {"agent": {"authorisation_document_id": id}}})).len(),
        1
    );
    // What is named by an id of another kind is no text, and an id within a longer word is none.
    for other in [
        json!({"id": id}),
        json!({"unit_id": id}),
        json!({"note": format!("{id}0")}),
        json!({"seq": 7}),
    ] {
        assert_eq!(found(other), []);
    }
}

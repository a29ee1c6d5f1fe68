//! Names and types of files as people send them.

use gongkai::domain::document::*;
use gongkai::domain::words::codes::Coded;

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

//! The receipt on paper: what it says, to whom, and that its codes can be read back from the print.

use resvg::{tiny_skia, usvg};
use rxing::BarcodeFormat;
use serde_json::json;

use crate::harness::case::applicant;
use crate::harness::{Office, Response, Walk, both};

const URL: &str = "https://gongkai.example.gov.cn/";

fn office(database: crate::harness::Database) -> Office {
    Office::open_with(database, |config| URL.clone_into(&mut config.server.public_url))
}

/// What a scanner reads from a drawing as printed with this many dots per inch.
fn scanned(svg: &str, format: BarcodeFormat, dpi: f32) -> String {
    // Sizes in millimetres become CSS pixels, 96 to the inch.
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default()).unwrap();
    let scale = dpi / 96.0;
    let (width, height) = (
        (tree.size().width() * scale).round(),
        (tree.size().height() * scale).round(),
    );
    let mut paper = tiny_skia::Pixmap::new(width as u32, height as u32).unwrap();
    paper.fill(tiny_skia::Color::WHITE);
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(scale, scale),
        &mut paper.as_mut(),
    );
    // A printer has ink or no ink.
    let luma: Vec<u8> = paper
        .pixels()
        .iter()
        .map(|pixel| if pixel.red() < 128 { 0 } else { 255 })
        .collect();
    let read = rxing::helpers::detect_in_luma_slice(&luma, paper.width(), paper.height(), Some(format));
    read.unwrap_or_else(|error| panic!("{format} at {dpi} dpi: {error:?}"))
        .getText()
        .to_owned()
}

/// The drawings of a page: the barcode and the QR code.
fn drawings(page: &str) -> [String; 2] {
    let cut: Vec<String> = page
        .match_indices("<svg")
        .map(|(from, _)| {
            let end = page[from..].find("</svg>").unwrap() + "</svg>".len();
            page[from..from + end].to_owned()
        })
        .collect();
    cut.try_into().unwrap()
}

#[track_caller]
fn assert_scans(page: &str, number: &str, address: &str) {
    let [barcode, qr] = drawings(page);
    for dpi in [203.0, 300.0, 600.0] {
        assert_eq!(scanned(&barcode, BarcodeFormat::CODE_128, dpi), number);
        assert_eq!(scanned(&qr, BarcodeFormat::QR_CODE, dpi), address);
    }
}

fn with_code(office: &Office, case: &Walk<'_>, who: &str, code: &str) -> Response {
    office
        .user(who)
        .post(&format!("{}/receipt", case.path(who)), &json!({"query_code": code}))
}

fn receipt(office: &Office, case: &Walk<'_>, who: &str) -> Response {
    office.user(who).get(&format!("{}/receipt", case.path(who)))
}

both! {
    fn a_receipt_is_printed_before_and_after_the_case_has_its_number(db) {
        let office = office(db);
        let case = office.apply();
        let first = with_code(&office, &case, "applicant", &case.query_code).expect(200).text;
        assert!(first.contains("尚未登记收到") && first.contains("登记收到申请后编定"), "{first}");
        assert!(first.contains("互联网渠道，2026年3月10日到达本机关"), "{first}");
        let code = case.query_code.clone();
        assert_scans(
            &first,
            "CXFB-2026-S00001",
            &format!("https://gongkai.example.gov.cn/track#number=CXFB-2026-S00001&code={code}"),
        );

        let case = case.through("confirm_receipt");
        let second = with_code(&office, &case, "officer", &code).expect(200).text;
        for text in [
            "澄溪县人民政府办公室", "政府信息公开申请登记回执", "CXFB-2026-00001", "CXFB-2026-S00001", "陈明远（自然人）",
            "居民身份证：3611**********0217", "电子文件，网上获取", "以双方确认之日为收到申请之日",
            "《中华人民共和国政府信息公开条例》第三十一条", "2026年4月8日以前（含当日）",
            "自收到申请之日的次日起20个工作日内答复", "延长不超过20个工作日", "第三十三条", "办公时间", "打印日期：2026年3月10日",
        ] {
            assert!(second.contains(text), "{text} in {second}");
        }
        let groups = format!("{} {}", &code[..5], &code[5..]);
        assert!(second.contains(&groups), "{groups} in {second}");
        assert_scans(
            &second,
            "CXFB-2026-00001",
            &format!("https://gongkai.example.gov.cn/track#number=CXFB-2026-00001&code={code}"),
        );
        // The address of the QR code opens the case: its fragment is what the tracking page asks with.
        let query = "number=CXFB-2026-00001&code=".to_owned() + &code;
        office.app.anon().get(&format!("/api/v1/track?{query}")).expect(200);
    }

    fn without_the_code_the_page_holds_none_and_says_where_it_was_told(db) {
        let office = office(db);
        let case = office.enter("in_person").through("confirm_receipt");
        let before = office.written();
        let page = receipt(&office, &case, "clerk").expect(200).text;
        assert!(!page.contains(&case.query_code) && page.contains("查询码在提交申请时已经告知您"), "{page}");
        assert_scans(&page, "CXFB-2026-00001", "https://gongkai.example.gov.cn/track#number=CXFB-2026-00001");
        assert_eq!(office.written(), before);

        for wrong in ["34679ACDEF", "", "不是", &"9".repeat(100)] {
            let refused = with_code(&office, &case, "clerk", wrong).expect(422);
            assert_eq!(refused.pointers(), ["/query_code"], "{wrong}");
        }
        // As people type it.
        let typed = format!(" {}-{} ", &case.query_code[..4].to_lowercase(), &case.query_code[4..]);
        with_code(&office, &case, "clerk", &typed).expect(200);
        let clerk = office.user("clerk");
        let path = format!("{}/receipt", case.path("clerk"));
        assert_eq!(clerk.post(&path, &json!({"code": "x"})).expect(422).pointers(), ["/code"]);
        clerk.send("POST", &path, Some(("text/plain", b"{}"))).expect(415);
        clerk.send("POST", &path, Some(("application/json", b"{"))).expect(400);
    }

    fn the_page_runs_nothing_and_is_kept_by_nobody(db) {
        let office = office(db);
        let mut entry = office.entry("in_person");
        entry["applicant"]["name"] = json!("<script>alert(1)</script>");
        entry["applicant"]["address"] = json!("\"><img src=x onerror=alert(2)>");
        entry["description"] = json!({
            "title": "</style><script>alert(3)</script>", "document_number": "{{ 7 * 7 }}",
            "features": "<svg onload=alert(4)>\n{% raw %}第二行 & 'x'",
        });
        let case = office.enter_as("clerk", &entry);
        let page = receipt(&office, &case, "clerk").expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        for tag in ["<script", "<img", "<svg onload", "onerror=alert(2)>\""] {
            assert!(!page.text.contains(tag), "{tag} in {}", page.text);
        }
        assert_eq!(page.text.matches("</style>").count(), 1);
        assert!(page.text.contains("&lt;script&gt;alert(1)") && page.text.contains("{{ 7 * 7 }}"), "{}", page.text);
        drawings(&page.text);

        let policy = page.header("content-security-policy");
        let style = page.text.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        let hash = {
            use base64::Engine;
            use sha2::Digest;
            base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style.as_bytes()))
        };
        assert!(policy.starts_with(&format!("default-src 'none'; style-src 'sha256-{hash}';")), "{policy}");
        assert!(!policy.contains("unsafe") && !page.text.contains("style=") && !page.text.contains("<link"), "{policy}");
    }

    fn contact_data_is_as_clear_as_the_reader_may_see_it(db) {
        let office = office(db);
        let case = office.enter("in_person").through("draft_reply");
        let person = applicant();
        let phone = person["phone"].as_str().unwrap();
        for (who, clear) in [("clerk", true), ("officer", true), ("approver", false), ("secrecy", false)] {
            let page = receipt(&office, &case, who).expect(200).text;
            assert_eq!(page.contains(phone), clear, "{who}");
            assert!(!page.contains(person["id_document"]["number"].as_str().unwrap()), "{who}");
        }
    }

    fn the_answer_period_is_told_as_it_stands_today(db) {
        let office = office(db);
        let told = |case: &Walk<'_>, text: &str| {
            let page = receipt(&office, case, "officer").expect(200).text;
            assert!(page.contains(text), "{text} in {page}");
        };
        let mut case = office.enter("in_person").through("confirm_receipt");
        told(&case, "2026年4月8日以前（含当日）");
        case.act("officer", "request_amendment", json!({"notified_on": "2026-03-10", "defects": ["请写明年份"]}));
        told(&case, "等待补正，自收到补正之日起重新计算");
        let mut case = office.enter("in_person").through("review_substantively");
        case.act("officer", "consult_third_party", json!({
            "party": {"name": "某公司"}, "concerning": "报价", "sent_on": "2026-03-10",
        }));
        told(&case, "正在征求意见，所需时间不计算在答复期限内");
        told(&office.enter("in_person").through("issue_reply"), "已于2026年3月10日答复");
        let mut case = office.enter("in_person").through("confirm_receipt");
        case.act("clerk", "withdraw", json!({}));
        told(&case, "本件已经终结");
    }
}

#[test]
fn long_numbers_and_addresses_are_read_back_too() {
    let office = Office::open_with(crate::harness::Database::sqlite(), |config| {
        config.server.public_url = format!("https://{}.example.gov.cn/政务/公开", "zhengwu-gongkai-".repeat(6));
    });
    let admin = office.user("admin");
    let mut agency = json!({
        "code": "CHENGXIXIAN00001", "name": "澄溪县".repeat(30), "level": "county", "address": "江临市澄溪县城关镇滨河路3号",
        "phone": "0799-6280003", "office_hours": "工作日 8:30—12:00", "court": "澄溪县人民法院", "document_prefix": "澄水公开",
        "reconsideration_organ": "澄溪县人民政府",
    });
    agency["channels"] = json!([{"channel": "online", "announced_from": "2026-01-01"}]);
    let id = admin.post("/api/v1/admin/agencies", &agency).expect(201).json["id"].clone();
    let mut request = office.request();
    request["agency_id"] = id;
    let case = Walk::begin(&office, office.user("applicant").post("/api/v1/requests", &request));
    let page = with_code(&office, &case, "applicant", &case.query_code)
        .expect(200)
        .text;
    let url = &office.app.app.site().config.server.public_url;
    let number = "CHENGXIXIAN00001-2026-S00001";
    assert_scans(
        &page,
        number,
        &format!("{url}/track#number={number}&code={}", case.query_code),
    );
}

#[test]
fn without_a_public_address_receipts_name_the_one_where_the_service_listens() {
    use gongkai::config::Config;
    let bound = |key: &str, value: &str| {
        let environment = [(key.to_owned(), value.to_owned())];
        Config::from_layers(None, &environment).map(|config| config.server.public_url)
    };
    assert_eq!(
        bound("GONGKAI__SERVER__BIND", "127.0.0.1:9000").unwrap(),
        "http://127.0.0.1:9000"
    );
    assert_eq!(
        bound("GONGKAI__SERVER__PUBLIC_URL", "https://a.example").unwrap(),
        "https://a.example"
    );
    assert!(bound("GONGKAI__SERVER__PUBLIC_URL", "ftp://a.example").is_err());
}

//! Pages for people: the public tracking page with its two files.

use crate::harness::TestApp;

fn app() -> TestApp {
    TestApp::start(crate::harness::Database::sqlite())
}

const FILES: [(&str, &str); 3] = [
    ("/track", "text/html; charset=utf-8"),
    ("/track.js", "text/javascript; charset=utf-8"),
    ("/track.css", "text/css; charset=utf-8"),
];

#[test]
fn the_tracking_page_needs_nothing_from_elsewhere_and_runs_no_script_inside_itself() {
    let app = app();
    for (path, media_type) in FILES {
        let file = app.anon().get(path).expect(200);
        assert_eq!(file.header("content-type"), media_type);
        let policy = file.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(file.header("referrer-policy"), "no-referrer");
        assert!(
            !file.text.contains("http://") && !file.text.contains("https://"),
            "{path}"
        );
    }
    let page = app.anon().get("/track").expect(200).text;
    assert!(page.contains("<noscript>") && page.contains(r#"<script src="track.js" defer></script>"#));
    assert_eq!(page.matches("<script").count(), 1);
    for inline in ["style=", "<style", "onclick", "onload", "onsubmit"] {
        assert!(!page.contains(inline), "{inline}");
    }
    let script = app.anon().get("/track.js").expect(200).text;
    assert!(!script.contains("innerHTML") && !script.contains("eval("));
    // Everything the script looks for stands in the page.
    for named in script
        .split("place(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(page.contains(&format!("id=\"{named}\"")), "{named}");
    }
}

#[test]
fn browsers_keep_the_files_and_ask_whether_they_changed() {
    let app = app();
    for (path, _) in FILES {
        let first = app.anon().get(path).expect(200);
        assert_eq!(first.header("cache-control"), "no-cache");
        let again = app
            .anon()
            .with("If-None-Match", first.header("etag"))
            .get(path)
            .expect(304);
        assert_eq!((again.text.as_str(), again.header("etag")), ("", first.header("etag")));
        let listed = format!("\"x\", {}", first.header("etag"));
        app.anon().with("If-None-Match", &listed).get(path).expect(304);
        app.anon().with("If-None-Match", "W/\"other\"").get(path).expect(200);
        assert_eq!(
            app.anon()
                .post(path, &serde_json::json!({}))
                .expect(405)
                .header("allow"),
            "GET, HEAD"
        );
    }
}

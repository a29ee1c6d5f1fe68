//! Finding cases by their words: hits, order and highlights are the same on both databases, and nobody finds what he may
//! not see.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Barrier, mpsc};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use gongkai::domain::people::access::Role;
use gongkai::domain::search::query::SearchQuery;
use gongkai::domain::words::ids::AgencyId;
use gongkai::error::Error;
use gongkai::service::cases::{Asked, act};
use gongkai::service::sight::sight;
use gongkai::service::submissions::{NewSubmission, submit};
use gongkai::store::agencies::agency_fetch;
use gongkai::store::cases::case_load;
use gongkai::store::cases::list::{CaseFilter, ListDays, ListScope, Share, case_list};
use gongkai::store::cases::search::{case_search_list, search_merge_is_due};
use gongkai::store::schema::{case_search, installation};
use gongkai::store::users::actor_of;
use gongkai::store::{Backend, Db, StoreError, Tx};
use serde_json::{Value, json};

use crate::harness::{Office, Walk, both};

/// An application on paper with its own words.
fn entry(office: &Office, name: &str, title: &str, features: &str) -> Value {
    let mut entry = office.entry("in_person");
    entry["applicant"]["name"] = json!(name);
    entry["description"] = json!({"title": title, "features": features});
    entry
}

/// Five cases of two agencies, and one request online, in the order of their entry.
fn archive(office: &Office) -> Vec<Walk<'_>> {
    let paper = |clerk: &str, name: &str, title: &str, features: &str| {
        office.enter_as(clerk, &entry(office, name, title, features))
    };
    vec![
        paper(
            "clerk",
            "林晓月",
            "关于城北地块征收补偿方案的信息",
            "2025年批准的城北地块补偿安置方案全文",
        ),
        paper(
            "clerk",
            "欧阳明远",
            "城南道路改造",
            "ＧＢ／Ｔ　９７０４ 格式的批复，见第00017号",
        ),
        paper(
            "clerk2",
            "林晓月",
            "关于城北地块耕地保护的信息",
            "城北地块耕地保护责任书",
        ),
        paper(
            "clerk",
            "买买提·吐尔逊",
            "Annual budget 2026",
            &format!("{}预算{}", "前".repeat(60), "后".repeat(60)),
        ),
        paper("clerk", "王局", "环评报告", "北城地块的环评报告，包括城北"),
        office.apply(),
    ]
}

fn page(office: &Office, who: &str, query: &str) -> Value {
    let side = if who == "applicant" { "requests" } else { "cases" };
    office
        .user(who)
        .get(&format!("/api/v1/{side}?{query}"))
        .expect(200)
        .json
}

fn encoded(q: &str) -> String {
    q.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The places of the found cases in the order of entry, as they come.
fn found(office: &Office, cases: &[Walk<'_>], who: &str, q: &str) -> Vec<usize> {
    let list = page(office, who, &format!("limit=200&q={}", encoded(q)));
    let items = list["items"].as_array().unwrap();
    let place = |item: &Value| {
        cases
            .iter()
            .position(|case| item["id"] == case.id.as_str())
            .expect("a known case")
    };
    items.iter().map(place).collect()
}

/// Each highlight on one line, the hits in brackets.
fn marked(highlight: &Value) -> String {
    let text: Vec<char> = highlight["text"].as_str().unwrap().chars().collect();
    assert!(text.len() <= 80);
    let mut shown = String::new();
    let mut at = 0;
    for range in highlight["ranges"].as_array().unwrap() {
        let (start, end) = (range[0].as_u64().unwrap() as usize, range[1].as_u64().unwrap() as usize);
        assert!(at <= start && start < end && end <= text.len(), "{highlight}");
        shown.extend(&text[at..start]);
        shown.push('[');
        shown.extend(&text[start..end]);
        shown.push(']');
        at = end;
    }
    shown.extend(&text[at..]);
    format!("{} {shown}", highlight["field"].as_str().unwrap())
}

both! {
    fn what_is_found_and_in_which_order(db) {
        let office = Office::open(db);
        let mut cases = archive(&office);
        cases[1] = cases[1].clone().through("confirm_receipt");
        let rows: [(&str, &str, &[usize]); 34] = [
            ("officer", "城北", &[5, 4, 0]), ("officer", "城北地块", &[5, 0]), ("officer", "北城", &[4]),
            ("officer", "征收 补偿", &[5, 0]), ("officer", "征收 环评", &[]), ("officer", "林晓月", &[0]),
            ("officer", "晓月 征收", &[0]), ("officer", "明远", &[5, 1]), ("officer", "欧", &[1]), ("officer", "局", &[4]),
            ("officer", "北", &[5, 4, 0]), ("officer", "吐尔逊", &[3]), ("officer", "买买提吐尔逊", &[3]),
            ("officer", "budget", &[3]), ("officer", "ＢＵＤＧ", &[3]), ("officer", "dget", &[]),
            ("officer", "gb/t 9704", &[1]), ("officer", "17", &[1]), ("officer", "00017", &[1]), ("officer", "2025", &[5, 0]),
            ("officer", "２０２５年", &[5, 0]), ("officer", "CXFB-2026-00001", &[1]), ("officer", "cxfb-2026-s00003", &[3]),
            ("officer", "S00003", &[3]), ("officer", "cxfb", &[5, 4, 3, 1, 0]), ("officer", "没有的", &[]),
            ("officer", "耕地", &[]), ("officer2", "耕地", &[2]), ("officer2", "城北", &[2]), ("supervisor", "城北", &[5, 4, 2, 0]),
            ("supervisor", "林晓月", &[2, 0]), ("approver", "预算", &[3]), ("applicant", "城北", &[5]), ("applicant", "耕地", &[]),
        ];
        for (who, q, expected) in rows {
            assert_eq!(found(&office, &cases, who, q), expected, "{q} of {who}");
        }
        // A whole text pasted; each of its words counts.
        let pasted: Vec<char> = "关于城北地块征收补偿方案的信息 2025年批准的城北地块补偿安置方案全文".chars().collect();
        assert_eq!(found(&office, &cases, "supervisor", &pasted.iter().collect::<String>()), [0]);
        for at in 0..pasted.len() {
            let mut other = pasted.clone();
            other[at] = '龘';
            assert_eq!(found(&office, &cases, "supervisor", &other.iter().collect::<String>()), [0; 0], "without {}", pasted[at]);
        }
        for q in ["", "%", "，。", &"长".repeat(101), "a\u{7}"] {
            for (who, side) in [("officer", "cases"), ("applicant", "requests")] {
                let answer = office.user(who).get(&format!("/api/v1/{side}?q={}", encoded(q)));
                match q {
                    "" => assert!(answer.expect(200).json["items"][0].get("highlights").is_none(), "no search at all"),
                    _ => assert_eq!(answer.expect(422).pointers(), ["?q"], "{q}"),
                }
            }
        }
        office.user("admin").get("/api/v1/cases?q=a").expect(403);
    }

    fn the_page_shows_where_it_was_found(db) {
        let office = Office::open(db);
        archive(&office)[0].clone().through("confirm_receipt");
        let mut table = String::new();
        for (who, q) in [
            ("officer", "城北地块"), ("officer", "预算"), ("officer", "ｇｂ 9704"), ("officer", "17"), ("officer", "提吐"),
            ("officer", "局"), ("officer", "CXFB-2026"), ("supervisor", "晓月 耕地"), ("applicant", "征收 城北"),
        ] {
            table.push_str(&format!("{q} ({who})\n"));
            for item in page(&office, who, &format!("q={}", encoded(q)))["items"].as_array().unwrap() {
                table.push_str(&format!("  {}\n", item["title"].as_str().unwrap()));
                for highlight in item["highlights"].as_array().unwrap() {
                    table.push_str(&format!("    {}\n", marked(highlight)));
                }
            }
        }
        insta::assert_snapshot!("highlights", table);
    }

    fn what_one_may_not_see_is_not_found(db) {
        let office = Office::open(db);
        let mut cases = archive(&office);
        let unit = office.app.region().office_units[0].to_string();
        for who in ["handler", "secrecy", "legal"] {
            assert!(found(&office, &cases, who, "城北").is_empty(), "{who}");
        }
        cases[0] = cases[0].clone().through("review_substantively");
        cases[0].act("officer", "assign", json!({"unit_id": unit, "due_on": office.today()}));
        assert_eq!(found(&office, &cases, "handler", "城北"), [0]);
        assert!(found(&office, &cases, "secrecy", "城北").is_empty());
        cases[0] = cases[0].clone().through("draft_reply");
        assert_eq!(found(&office, &cases, "secrecy", "城北"), [0]);
        assert!(found(&office, &cases, "legal", "城北").is_empty());
        cases[0] = cases[0].clone().through("review_secrecy");
        cases[0].act("officer", "submit_for_legal_review", json!({}));
        assert_eq!(found(&office, &cases, "legal", "城北"), [0]);
        // A page is as long as what may be seen, however much else was found.
        let first = page(&office, "secrecy", &format!("limit=1&q={}", encoded("城北")));
        assert_eq!((first["items"].as_array().unwrap().len(), &first["next_cursor"]), (1, &Value::Null));
    }

    fn every_filter_narrows_a_search(db) {
        let office = Office::open(db);
        let mut cases = archive(&office);
        let region = office.app.region();
        let (unit, department) = (region.office_units[0], region.department);
        let officer = region.users.iter().find(|user| user.username == "officer").unwrap().id;
        cases[0] = cases[0].clone().through("review_substantively");
        cases[0].act("officer", "assign", json!({"unit_id": unit.to_string(), "due_on": office.today()}));
        let today = office.today();
        let rows: [(&str, String, &[usize]); 13] = [
            ("officer", "queue=intake".to_owned(), &[5, 4]),
            ("officer", "queue=mine".to_owned(), &[0]),
            ("officer", "queue=unconfirmed".to_owned(), &[5]),
            ("handler", "queue=unit".to_owned(), &[0]),
            ("officer", "queue=to_approve".to_owned(), &[]),
            ("officer", "state=in_progress".to_owned(), &[0]),
            ("officer", "kind=correction".to_owned(), &[]),
            ("supervisor", format!("agency_id={department}"), &[2]),
            ("officer", format!("unit_id={unit}"), &[0]),
            ("officer", format!("owner_id={officer}"), &[0]),
            ("officer", "due_before=2030-01-01".to_owned(), &[0]),
            ("officer", format!("received_from={today}&received_to={today}"), &[0]),
            ("supervisor", "limit=200".to_owned(), &[5, 4, 2, 0]),
        ];
        for (who, filter, expected) in rows {
            let list = page(&office, who, &format!("{filter}&q={}", encoded("城北")));
            let ids: Vec<&str> = list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
            let expected: Vec<&str> = expected.iter().map(|place| cases[*place].id.as_str()).collect();
            assert_eq!(ids, expected, "{filter} of {who}");
        }
    }

    fn pages_of_a_search_neither_repeat_nor_skip_while_cases_come_in(db) {
        let office = Office::open(db);
        let enter = || office.enter("in_person").id;
        for who in ["officer", "applicant"] {
            let mut expected: Vec<String> = page(&office, who, &format!("limit=200&q={}", encoded("城北 征收")))["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned())
                .collect();
            for _ in 0..5 {
                let id = office.apply().id;
                expected.insert(0, id);
            }
            if who == "officer" {
                expected.insert(0, enter());
            }
            let mut seen: Vec<String> = Vec::new();
            let first = format!("limit=2&q={}", encoded("城北 征收"));
            let mut query = first.clone();
            loop {
                let list = page(&office, who, &query);
                let items = list["items"].as_array().unwrap();
                seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
                let Some(next) = list["next_cursor"].as_str() else { break };
                query = format!("{first}&cursor={next}");
                enter();
                office.apply();
            }
            assert_eq!(seen, expected, "{who}");
        }
        // A cursor belongs to the list that gave it.
        let of_queue = page(&office, "officer", "limit=1")["next_cursor"].as_str().unwrap().to_owned();
        let answer = office.user("officer").get(&format!("/api/v1/cases?q=cxfb&cursor={of_queue}")).expect(422);
        assert_eq!(answer.pointers(), ["?cursor"]);
    }

    fn what_is_amended_or_corrected_is_found_by_its_new_words(db) {
        let office = Office::open(db);
        let mut cases = archive(&office);
        cases[0] = cases[0].clone().through("confirm_receipt");
        cases[0].act("officer", "request_amendment", json!({"notified_on": office.today(), "defects": ["请写明地块"]}));
        assert_eq!(found(&office, &cases, "officer", "征收"), [5, 0]);
        let description = json!({"title": "关于桃花巷拆迁的信息", "features": "桃花巷拆迁公告"});
        cases[0].act("clerk", "receive_amendment", json!({"received_on": office.today(), "description": description}));
        assert_eq!(found(&office, &cases, "officer", "征收"), [5]);
        assert_eq!(found(&office, &cases, "officer", "桃花巷 公告"), [0]);
        assert_eq!(found(&office, &cases, "officer", "CXFB-2026-00001"), [0]);

        cases[0] = {
            let mut case = cases[0].clone();
            let mut applicant = crate::harness::case::applicant();
            applicant["name"] = json!("林小月");
            case.act("officer", "correct_fact", json!({"seq": 1, "field": "applicant", "value": applicant, "reason": "录入有误"}));
            assert_eq!(found(&office, &cases, "officer", "晓月"), [0], "nothing moves before it is confirmed");
            case.act("approver", "confirm_correction", json!({"seq": 1}));
            case
        };
        assert!(found(&office, &cases, "officer", "晓月").is_empty());
        assert_eq!(found(&office, &cases, "officer", "小月"), [0]);
    }

    fn the_index_is_filled_for_old_cases_and_restored(db) {
        let office = Office::open(db);
        let cases = archive(&office);
        let site = office.app.app.site();
        let words = |table: &str| match site.store.backend() {
            Backend::Sqlite => format!("DELETE FROM case_fts{table};"),
            Backend::Postgres => format!("UPDATE case_search SET tokens = ''{table};"),
        };
        let run = |sql: &str| site.store.read(|db| Ok::<_, StoreError>(db.batch_execute(sql)?)).unwrap();
        let everything = || -> Vec<(String, String, String, Option<i64>)> {
            let columns = (case_search::case_id, case_search::digest, case_search::features, case_search::band_5);
            site
                .store
                .read(|db| Ok::<_, StoreError>(case_search::table.select(columns).order(case_search::case_id).load(db)?))
                .unwrap()
        };
        let before = everything();
        assert_eq!(before.len(), 6);
        let rebuilt = || gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap().changed.len();
        assert_eq!(rebuilt(), 0);

        // As after the update that brings the index: nothing in it, until the jobs have run.
        run(&words(""));
        run("DELETE FROM case_search; DELETE FROM installation WHERE key = 'search_words';");
        assert!(found(&office, &cases, "officer", "城北").is_empty());
        assert_eq!(gongkai::service::search::fill(&site.store, &site.law).unwrap(), 6);
        assert_eq!(everything(), before);
        assert_eq!(found(&office, &cases, "officer", "城北地块"), [5, 0]);
        let filled: i64 = site
            .store
            .read(|db| Ok::<_, StoreError>(installation::table.filter(installation::key.eq("search_words")).count().get_result(db)?))
            .unwrap();
        assert_eq!(filled, 1);
        assert_eq!((gongkai::service::search::fill(&site.store, &site.law).unwrap(), rebuilt()), (0, 0));

        // As after an update that brings other words.
        run(&words(""));
        run("UPDATE case_search SET digest = 'of other words'; UPDATE installation SET value = '1' WHERE key = 'search_words';");
        assert_eq!(gongkai::service::search::fill(&site.store, &site.law).unwrap(), 6);
        assert_eq!((everything(), found(&office, &cases, "officer", "城北地块")), (before.clone(), vec![5, 0]));
        assert_eq!((gongkai::service::search::fill(&site.store, &site.law).unwrap(), rebuilt()), (0, 0));

        let one = &cases[0].id;
        for damage in [
            format!("DELETE FROM case_search WHERE case_id = '{one}'"),
            format!("UPDATE case_search SET digest = 'x' WHERE case_id = '{one}'"),
            format!("UPDATE case_search SET features = '别的' WHERE case_id = '{one}'"),
            format!("UPDATE case_search SET band_5 = 1 WHERE case_id = '{one}'"),
            words(&match site.store.backend() {
                Backend::Sqlite => format!(" WHERE rowid = (SELECT entry FROM case_search WHERE case_id = '{one}')"),
                Backend::Postgres => format!(" WHERE case_id = '{one}'"),
            }),
        ] {
            run(&damage);
            assert_eq!(rebuilt(), 1, "{damage}");
            assert_eq!(everything(), before, "{damage}");
            assert!(found(&office, &cases, "officer", "征收").contains(&0), "{damage}");
            assert_eq!(rebuilt(), 0, "{damage}");
        }
    }

    fn similar_cases_are_shown_as_evidence(db) {
        let office = Office::open(db);
        let text = "2025年批准的城北地块土地征收补偿安置方案全文，包括评估报告、安置房源清单和补偿款发放明细";
        let paper = |clerk: &str, number: &str, features: &str| {
            let mut body = entry(&office, "林晓月", "关于城北地块征收补偿方案的信息", features);
            body["applicant"]["id_document"]["number"] = json!(number);
            office.enter_as(clerk, &body)
        };
        let (lin, other) = ("440524188001010014", "11010519491231002X");
        let mut first = paper("clerk", lin, text).identified();
        first.act("clerk", "withdraw", json!({}));
        let elsewhere = paper("clerk2", lin, text);
        let changed = paper("clerk", other, &text.replace("评估报告", "评估意见"));
        let unlike = paper("clerk", lin, "城南道路改造工程的招标文件").identified();
        let unseen = paper("clerk", lin, "石桥水库除险加固工程的竣工验收鉴定书");
        let asked = paper("clerk", lin, text).identified();
        let later = paper("clerk", lin, &text.replace('，', " —— "));
        let names = [(&first, "first"), (&elsewhere, "elsewhere"), (&changed, "changed"), (&unlike, "unlike"), (&unseen, "unseen"), (&later, "later")];
        let shown = |who: &str| {
            let answer = office.user(who).get(&format!("/api/v1/cases/{}/similar", asked.id)).expect(200).json;
            let name = |item: &Value| names.iter().find(|(case, _)| item["id"] == case.id.as_str()).expect("a known case").1;
            let same: Vec<&str> = answer["same_applicant"].as_array().unwrap().iter().map(name).collect();
            let alike: Vec<&str> = answer["look_alikes"].as_array().unwrap().iter().map(name).collect();
            let near: Vec<String> = answer["near_identical"].as_array().unwrap().iter()
                .map(|item| format!("{} {:.2}", name(item), item["similarity"].as_f64().unwrap()))
                .collect();
            json!({"same_applicant": same, "look_alikes": alike, "near_identical": near})
        };
        insta::assert_json_snapshot!("similar", json!({"officer": shown("officer"), "supervisor": shown("supervisor")}));
        office.user("officer2").get(&format!("/api/v1/cases/{}/similar", asked.id)).expect(404);
        let own = office.apply();
        office.user("applicant").get(&format!("/api/v1/cases/{}/similar", own.id)).expect(403);
        let alone = office.user("officer").get(&format!("/api/v1/cases/{}/similar", unlike.id)).expect(200).json;
        assert_eq!(alone["near_identical"], json!([]));
    }

    fn a_case_that_is_just_acted_on_is_not_filled_with_its_earlier_words(db) {
        let office = Office::open(db);
        let case = office.enter("in_person");
        let site = office.app.app.site();
        let old = "UPDATE case_search SET digest = '1:'; UPDATE installation SET value = '1' WHERE key = 'search_words';";
        site.store.read(|db| Ok::<_, StoreError>(db.batch_execute(old)?)).unwrap();
        let officer = office.app.region().users.iter().find(|user| user.username == "officer").unwrap();
        let (begun, waits) = mpsc::channel();
        let number = std::thread::scope(|scope| {
            let (id, desk) = (case.id.parse().unwrap(), site.desk());
            let body = json!({"action": "confirm_receipt", "received_on": office.today()});
            let confirming = scope.spawn(move || {
                site.store.write(|tx| {
                    let actor = actor_of(tx, officer)?;
                    let sight = sight(tx, &actor, id)?;
                    let seen = act(tx, &desk, &actor, sight, Asked::read(body.clone())?)?;
                    begun.send(()).expect("the test waits");
                    std::thread::sleep(Duration::from_millis(400));
                    Ok::<_, Error>(seen.case.data().number.clone())
                })
            });
            waits.recv().unwrap();
            gongkai::service::search::fill(&site.store, &site.law).unwrap();
            confirming.join().unwrap().unwrap().unwrap()
        });
        assert_eq!(found(&office, std::slice::from_ref(&case), "officer", &number), [0]);
        let rebuilt = gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap();
        assert_eq!(rebuilt.changed.len(), 0);
    }

    fn what_writers_enter_together_is_found_and_nothing_of_those_who_failed(db) {
        let office = Office::open(db);
        let pattern = office.enter("in_person");
        let site = office.app.app.site();
        let user = |name: &str| office.app.region().users.iter().find(|user| user.username == name).unwrap();
        let (clerk, officer) = (user("clerk"), user("officer"));
        let start = Barrier::new(40);
        let write = |number: usize| {
            let desk = site.desk();
            site.store.write(|tx| {
                let actor = actor_of(tx, clerk)?;
                let case = case_load(tx, pattern.id.parse().unwrap(), &desk.law())?;
                let enter = |tx: &mut Tx<'_>, title: &str| {
                    let mut submission = case.data().submission.clone();
                    submission.description.as_mut().unwrap().title = title.to_owned();
                    let agency = agency_fetch(tx, submission.agency_id)?.into();
                    Ok::<_, Error>(submit(tx, &desk, &actor, NewSubmission { submission, agency, role: Role::Clerk }, |_| None)?.seen.case.id())
                };
                let id = enter(tx, "共同写入")?;
                match number % 5 {
                    0 => return Err(Error::NotFound),
                    1 => resume_unwind(Box::new("on purpose")),
                    2 => {
                        let failed: Result<(), Error> = tx.savepoint(|tx| {
                            enter(tx, "共同写入")?;
                            Err(Error::NotFound)
                        });
                        assert!(failed.is_err());
                    }
                    // What changes again before it is entered.
                    3 => {
                        let actor = actor_of(tx, officer)?;
                        let sight = sight(tx, &actor, id)?;
                        let body = json!({"action": "confirm_receipt", "received_on": office.today()});
                        let number = act(tx, &desk, &actor, sight, Asked::read(body)?)?.case.data().number.clone();
                        return Ok((id, number));
                    }
                    _ => {}
                }
                Ok((id, None))
            })
        };
        let mut known: Vec<_> = std::thread::scope(|scope| {
            let (start, write) = (&start, &write);
            let writers: Vec<_> = (0..40)
                .map(|number| {
                    scope.spawn(move || {
                        start.wait();
                        catch_unwind(AssertUnwindSafe(|| write(number)))
                    })
                })
                .collect();
            writers.into_iter().filter_map(|writer| writer.join().unwrap().ok()?.ok()).collect()
        });
        known.push(write(2).unwrap());
        assert_eq!(known.len(), 25);
        let listed = |q: &str| -> BTreeSet<String> {
            let list = page(&office, "officer", &format!("limit=200&q={}", encoded(q)));
            list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(listed("共同写入"), known.iter().map(|(id, _)| id.to_string()).collect());
        for (id, number) in &known {
            if let Some(number) = number {
                assert_eq!(listed(number), BTreeSet::from([id.to_string()]));
            }
        }
        assert_eq!(gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap().changed.len(), 0);
        if site.store.backend() == Backend::Sqlite {
            #[derive(diesel::QueryableByName)]
            struct Left {
                #[diesel(sql_type = BigInt)]
                entries: i64,
            }
            let left = "SELECT COUNT(*) AS entries FROM case_fts_docsize WHERE id NOT IN (SELECT entry FROM case_search)";
            let left: Left = site.store.read(|db| Ok::<_, StoreError>(diesel::sql_query(left).get_result(db)?)).unwrap();
            assert_eq!(left.entries, 0);
        }
    }

    fn whatever_the_scope_only_its_agencies_are_seen(db) {
        let office = Office::open(db);
        let cases = archive(&office);
        let department = office.app.region().department;
        let (filter, days) = (CaseFilter::default(), ListDays { today: office.today(), soon: office.today() });
        let many = (0..80).map(|number| format!("01900000-0000-7000-8000-{number:012}").parse().unwrap());
        let scopes: [(Share, BTreeSet<AgencyId>); 3] = [
            (Share::Some, [department].into()),
            (Share::Some, many.chain([department]).collect()),
            (Share::Most, [department].into()),
        ];
        let intake = cases[2].last["intake_number"].as_str().unwrap();
        let beginning = &intake[..intake.len() - 1];
        let store = office.app.database.store();
        for (share, agencies) in scopes {
            let scope = ListScope { agencies, share, ..ListScope::default() };
            let listed = store.read(|db| case_list(db, &scope, &filter, days, None, 50)).unwrap();
            assert_eq!(listed.iter().map(|row| row.id().to_string()).collect::<Vec<_>>(), [cases[2].id.clone()]);
            for words in ["城北地块", "城北", "北", "2026", beginning, intake] {
                let query = SearchQuery::parse(words).unwrap();
                let hits = store.read(|db| case_search_list(db, &scope, &filter, days, &query, None, 50)).unwrap();
                let hits: Vec<String> = hits.iter().map(|hit| hit.row.id().to_string()).collect();
                assert_eq!(hits, [cases[2].id.clone()], "{words}, {share:?}");
            }
        }
    }

    /// Below many newer cases without a hit, and in several slices of the entries, of which some are empty.
    fn many_hits_come_in_pages_from_the_newest_on(db) {
        let office = Office::open(db);
        let pattern = office.enter("in_person");
        let site = office.app.app.site();
        // PostgreSQL finds slice by slice; elsewhere it makes no difference.
        let go_on_at = |db: &mut Db, entry: u32| match db.backend() {
            Backend::Postgres => db.batch_execute(&format!("ALTER SEQUENCE case_search_entry_seq RESTART WITH {entry}")),
            Backend::Sqlite => Ok(()),
        };
        let desk = site.desk();
        let clerk = office.app.region().users.iter().find(|user| user.username == "clerk").unwrap();
        let mut known = site
            .store
            .write(|tx| {
                let actor = actor_of(tx, clerk)?;
                let case = case_load(tx, pattern.id.parse().unwrap(), &desk.law())?;
                let mut known = vec![pattern.id.clone()];
                for number in 0..2060 {
                    match number {
                        0 => go_on_at(tx, 16_000)?,
                        700 => go_on_at(tx, 60_000)?,
                        _ => (),
                    }
                    let mut submission = case.data().submission.clone();
                    if number >= 1020 {
                        let description = submission.description.as_mut().unwrap();
                        (description.title, description.features) = ("道路改造".to_owned(), "道路改造".to_owned());
                    }
                    let agency = agency_fetch(tx, submission.agency_id)?.into();
                    let case = submit(tx, &desk, &actor, NewSubmission { submission, agency, role: Role::Clerk }, |_| None)?.seen.case;
                    if number < 1020 {
                        known.push(case.id().to_string());
                    }
                }
                Ok::<_, Error>(known)
            })
            .unwrap();
        known.reverse();
        for who in ["officer", "supervisor"] {
            let mut seen: Vec<String> = Vec::new();
            let first = format!("limit=200&q={}", encoded("城北地块"));
            let mut query = first.clone();
            loop {
                let list = page(&office, who, &query);
                let items = list["items"].as_array().unwrap();
                seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
                let Some(next) = list["next_cursor"].as_str() else { break };
                query = format!("{first}&cursor={next}");
            }
            assert_eq!(seen, known, "{who}");
        }
        // So many new entries are joined with the others; the search stays the same.
        let due = || site.store.read(search_merge_is_due).unwrap();
        assert_eq!(due(), site.store.backend() == Backend::Sqlite);
        office.app.app.run_due_jobs().unwrap();
        assert!(!due());
        let list = page(&office, "officer", &format!("limit=200&q={}", encoded("城北地块")));
        let joined: Vec<&str> = list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(joined, known[..200]);
        assert_eq!(gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap().changed.len(), 0);
        // A filter that only the oldest fulfils.
        let list = page(&office, "officer", &format!("q={}&state=registered", encoded("城北")));
        assert_eq!(list["items"], json!([]));
        pattern.clone().through("confirm_receipt");
        let list = page(&office, "officer", &format!("q={}&state=registered", encoded("城北")));
        assert_eq!(list["items"][0]["id"], json!(pattern.id));
    }
}

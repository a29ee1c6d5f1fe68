//! The database away for a while: quick and clear answers, and recovery without a restart.

use std::time::{Duration, Instant};

use gongkai::config::DatabaseUrl;
use gongkai::store::Store;

use super::{Cluster, Service, check_installation, check_unavailable, ledger, request, seed, setting, try_post};

#[test]
fn while_the_database_is_away_answers_are_quick_and_it_recovers_alone() {
    let Some(cluster) = Cluster::start() else { return };
    let directory = tempfile::tempdir().unwrap();
    let url: DatabaseUrl = cluster.url.parse().unwrap();
    let store = Store::open(&url, 2, Duration::from_secs(20)).unwrap();
    store.migrate().unwrap();
    let region = seed(&store);
    let mut service = Service::start(directory.path(), &cluster.url, &[]);
    let applicant = service.user("applicant");
    let body = request(&region);
    let first = applicant.post("/api/v1/requests", &body).expect(201);
    let case = format!("/api/v1/requests/{}", first.json["id"].as_str().unwrap());
    // Several connections of the pool, all of which will be dead.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| applicant.get(&case).expect(200));
        }
    });

    cluster.tell("stop");
    let away = Duration::from_secs(setting("GONGKAI_FAULT_AWAY_SECONDS", 6));
    let began = Instant::now();
    let mut slowest = Duration::ZERO;
    let mut asked = 0;
    while began.elapsed() < away {
        // More at once than there are connections: they must not pile up behind each other.
        let answers: Vec<(Duration, u16)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..20)
                .map(|n| {
                    let (applicant, body, case, service) = (&applicant, &body, &case, &service);
                    scope.spawn(move || {
                        let began = Instant::now();
                        let answer = match n % 4 {
                            0 => applicant.get(case),
                            1 => service.anon().get("/api/v1/agencies"),
                            2 => try_post(
                                &service.anon(),
                                "/api/v1/auth/login",
                                &serde_json::json!({
                                    "username": "applicant", "password": "gongkai-demo",
                                }),
                            )
                            .unwrap(),
                            _ => try_post(applicant, "/api/v1/requests", body).unwrap(),
                        };
                        check_unavailable(&answer, "unavailable");
                        (began.elapsed(), answer.status)
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        asked += answers.len();
        slowest = answers.into_iter().map(|(took, _)| took).max().unwrap().max(slowest);
        let alive = Instant::now();
        service.anon().get("/healthz").expect(200);
        assert!(alive.elapsed() < Duration::from_secs(2));
        let ready = service.anon().get("/readyz").expect(503);
        assert_eq!(ready.json["database"]["reachable"], false);
    }
    println!("away {away:?}: {asked} answers, the slowest after {slowest:?}");
    assert!(slowest < Duration::from_secs(8), "{slowest:?}");

    cluster.tell("start");
    let back = Instant::now();
    while service.anon().get("/readyz").status != 200 {
        assert!(
            back.elapsed() < Duration::from_secs(15),
            "it does not come back: {}",
            service.log()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    println!("ready {:?} after the database", back.elapsed());
    applicant.get(&case).expect(200);
    applicant.post("/api/v1/requests", &body).expect(201);
    for _ in 0..20 {
        applicant.get(&case).expect(200);
        service.anon().get("/readyz").expect(200);
    }
    assert!(service.is_running());
    service.check_log();
    let store = Store::open(&url, 1, Duration::from_secs(20)).unwrap();
    assert_eq!(ledger(&store).len(), 2, "nothing was half written");
    drop(service);
    check_installation(&cluster.url);
}

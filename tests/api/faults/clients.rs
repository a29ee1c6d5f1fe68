//! Clients that are slow, too big or too many: cut off in time, and nobody else notices.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::{Service, plain, seed};
use crate::harness::Database;

fn service(more: &[(&str, &str)]) -> (Database, Service) {
    let db = Database::sqlite();
    seed(&db.store());
    let limits = [
        ("GONGKAI__SERVER__WORKERS", "2"),
        ("GONGKAI__SERVER__HEAD_TIMEOUT_SECONDS", "2"),
        ("GONGKAI__SERVER__BODY_TIMEOUT_SECONDS", "2"),
        ("GONGKAI__SERVER__KEEP_ALIVE_SECONDS", "3"),
    ];
    let service = Service::start(db.directory.path(), &plain(&db.url), &[&limits[..], more].concat());
    (db, service)
}

fn connect(service: &Service) -> TcpStream {
    let stream = TcpStream::connect(service.base_url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Everything that comes until the other side closes, and how long that took.
fn until_closed(stream: &mut TcpStream) -> (String, Duration) {
    let began = Instant::now();
    let mut answer = Vec::new();
    // A reset is a way of closing.
    let _ = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
}

/// Sends a text byte by byte, until the other side has had enough.
fn trickle(stream: &mut TcpStream, text: &str, pause: Duration) {
    for byte in text.as_bytes() {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        std::thread::sleep(pause);
    }
}

#[test]
fn slow_clients_are_cut_off_in_time_and_hold_no_worker() {
    let (_db, service) = service(&[]);
    let slow = Duration::from_millis(100);
    let head =
        "GET /healthz HTTP/1.1\r\nHost: slow.example\r\nX-Padding: 0123456789012345678901234567890123456789\r\n\r\n";
    let body =
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n";
    std::thread::scope(|scope| {
        // Far more of them than workers.
        for n in 0..24 {
            let service = &service;
            scope.spawn(move || {
                let mut stream = connect(service);
                let began = Instant::now();
                match n % 3 {
                    0 => {
                        let mut writer = stream.try_clone().unwrap();
                        std::thread::scope(|scope| {
                            scope.spawn(move || trickle(&mut writer, head, slow));
                            let (answer, took) = until_closed(&mut stream);
                            assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
                            assert!(took < Duration::from_secs(6), "{took:?}");
                            let _ = stream.shutdown(Shutdown::Both);
                        });
                    }
                    1 => {
                        stream.write_all(body.as_bytes()).unwrap();
                        let mut writer = stream.try_clone().unwrap();
                        std::thread::scope(|scope| {
                            scope.spawn(move || trickle(&mut writer, &"{".repeat(199), slow));
                            let (answer, took) = until_closed(&mut stream);
                            assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
                            assert!(answer.contains("body_timeout"), "{answer}");
                            assert!(took < Duration::from_secs(8), "{took:?}");
                            let _ = stream.shutdown(Shutdown::Both);
                        });
                    }
                    // Served once, then silent.
                    _ => {
                        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
                        let (answer, took) = until_closed(&mut stream);
                        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
                        assert!(took < Duration::from_secs(8), "{took:?}");
                    }
                }
                assert!(began.elapsed() < Duration::from_secs(12));
            });
        }
        for _ in 0..20 {
            let began = Instant::now();
            service.anon().get("/readyz").expect(200);
            assert!(
                began.elapsed() < Duration::from_secs(2),
                "others wait: {:?}",
                began.elapsed()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    service.check_log();
}

#[test]
fn what_is_too_big_is_refused_and_the_connection_closed() {
    let (_db, service) = service(&[]);
    let big = vec![b' '; 3 << 20];
    let answer = service
        .anon()
        .send("POST", "/api/v1/auth/login", Some(("application/json", &big)));
    assert_eq!((answer.status, answer.code()), (413, "too_large"));
    assert_eq!(answer.header("content-type"), "application/problem+json");

    // Headers without end, and very many of them.
    for line in ["X-Long: ".to_owned() + &"a".repeat(300_000), "X-A: b\r\n".repeat(500)] {
        let mut stream = connect(&service);
        let request = format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{line}\r\n\r\n");
        let _ = stream.write_all(request.as_bytes());
        let (answer, _) = until_closed(&mut stream);
        // A client that is still sending may see the connection reset before it has read the answer.
        let status = answer.split(' ').nth(1).unwrap_or("431");
        assert!(["400", "413", "431"].contains(&status), "{answer}");
    }
    service.anon().get("/healthz").expect(200);
    service.check_log();
}

#[test]
fn a_thousand_idle_connections_cost_little_and_are_closed_in_the_end() {
    let (_db, service) = service(&[]);
    service.anon().get("/readyz").expect(200);
    let before = service.memory_kb();
    let mut idle: Vec<TcpStream> = (0..1000).map(|_| connect(&service)).collect();
    for stream in &mut idle[..500] {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    }
    let began = Instant::now();
    for _ in 0..10 {
        service.anon().get("/readyz").expect(200);
    }
    let served = began.elapsed();
    let during = service.memory_kb();
    println!("1000 idle connections: {before} kB before, {during} kB during; ten others served in {served:?}");
    assert!(served < Duration::from_secs(5), "{served:?}");
    assert!(during < before + 60_000, "{before} kB → {during} kB");
    for mut stream in idle {
        let (answer, _) = until_closed(&mut stream);
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(["200", "408", ""].contains(&status), "{answer}");
    }
    assert!(began.elapsed() < Duration::from_secs(15));
    service.check_log();
}

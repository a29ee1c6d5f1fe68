//! A lean HTTP/1.1 client and the load it makes: one thread and one kept connection each, requests one after another.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A request ready to be written.
pub type Request = Vec<u8>;

pub fn get(path: &str, token: Option<&str>) -> Request {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", authorization(token)).into_bytes()
}

pub fn post(path: &str, token: Option<&str>, headers: &str, body: &Value) -> Request {
    let body = body.to_string();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\n{}{headers}Content-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        authorization(token),
        body.len()
    )
    .into_bytes()
}

fn authorization(token: Option<&str>) -> String {
    token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"))
}

/// A text as it stands in a query.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A kept connection.
pub struct Client {
    stream: TcpStream,
    received: Vec<u8>,
    /// Bytes of the bodies of all answers so far.
    pub bytes: usize,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        stream
            .set_read_timeout(Some(Duration::from_secs(120)))
            .expect("a socket");
        Self {
            stream,
            received: Vec::with_capacity(256 * 1024),
            bytes: 0,
        }
    }

    /// Sends a request and gives the body of the answer, which must have this status.
    pub fn ask(&mut self, request: &[u8], status: u16) -> &[u8] {
        self.stream.write_all(request).expect("the server takes the request");
        self.received.clear();
        let mut chunk = [0_u8; 64 * 1024];
        let (head, length) = loop {
            if let Some(head) = end_of_head(&self.received) {
                break (head, content_length(&self.received[..head]));
            }
            self.read(&mut chunk);
        };
        while self.received.len() < head + length {
            self.read(&mut chunk);
        }
        let answered = std::str::from_utf8(&self.received[9..12]).expect("a status");
        if answered.parse() != Ok(status) {
            let request = String::from_utf8_lossy(request);
            let answer = String::from_utf8_lossy(&self.received);
            panic!("{answered} instead of {status}\n{request}\n{answer}");
        }
        self.bytes += length;
        &self.received[head..head + length]
    }

    pub fn ask_json(&mut self, request: &[u8], status: u16) -> Value {
        serde_json::from_slice(self.ask(request, status)).expect("JSON")
    }

    fn read(&mut self, chunk: &mut [u8]) {
        let read = self.stream.read(chunk).expect("the server answers");
        assert!(read > 0, "the server closed the connection");
        self.received.extend_from_slice(&chunk[..read]);
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

fn content_length(head: &[u8]) -> usize {
    let head = std::str::from_utf8(head).expect("headers");
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or_else(|| panic!("an answer without a length: {head}"))
}

/// What a load found.
#[derive(Debug, Clone)]
pub struct Measured {
    pub requests: usize,
    pub seconds: f64,
    /// Microseconds of each request, ascending.
    micros: Vec<u32>,
}

impl Measured {
    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.seconds
    }

    /// The time that this share of the requests did not exceed, in microseconds.
    pub fn quantile(&self, share: f64) -> u32 {
        let at = (self.micros.len() as f64 * share) as usize;
        self.micros
            .get(at.min(self.micros.len().saturating_sub(1)))
            .copied()
            .unwrap_or(0)
    }
}

/// Runs `work` on so many threads for a time; each call is given its own number.
pub fn load<C>(
    threads: usize,
    duration: Duration,
    open: impl Fn(usize) -> C + Sync,
    work: impl Fn(&mut C, usize) + Sync,
) -> Measured {
    let (ready, stop) = (Barrier::new(threads + 1), AtomicBool::new(false));
    let all = Mutex::new(Vec::new());
    let seconds = std::thread::scope(|scope| {
        for thread in 0..threads {
            let (open, work, ready, stop, all) = (&open, &work, &ready, &stop, &all);
            scope.spawn(move || {
                let mut held = open(thread);
                let mut micros = Vec::with_capacity(1 << 16);
                ready.wait();
                let mut number = thread;
                while !stop.load(Ordering::Relaxed) {
                    let start = Instant::now();
                    work(&mut held, number);
                    micros.push(u32::try_from(start.elapsed().as_micros()).unwrap_or(u32::MAX));
                    number += threads;
                }
                all.lock().expect("no thread panicked").append(&mut micros);
            });
        }
        ready.wait();
        let start = Instant::now();
        std::thread::sleep(duration);
        stop.store(true, Ordering::Relaxed);
        start.elapsed().as_secs_f64()
    });
    let mut micros = all.into_inner().expect("no thread panicked");
    micros.sort_unstable();
    Measured {
        requests: micros.len(),
        seconds,
        micros,
    }
}

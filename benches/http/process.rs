//! The server as a process of its own, and what the kernel knows about processes.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::client::{Client, get};

/// Ticks of `/proc/PID/stat` in a second; Linux has had this number on every architecture for long.
const TICKS: f64 = 100.0;

/// The real program, serving one database on a free port.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to the first answer that it is ready.
    pub ready_after: Duration,
}

impl Server {
    pub fn start(url: &str, directory: &Path) -> Self {
        let began = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .args(["serve", "--demo"])
            .env("GONGKAI__SERVER__BIND", "127.0.0.1:0")
            .env("GONGKAI__DATABASE__URL", url)
            .env("GONGKAI__DATA__DIR", directory.join("data"))
            .env("GONGKAI__AUTH__ACCESS_TOKEN_MINUTES", "1440")
            .current_dir(directory)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, rest) = line.split_once("http://")?;
                rest.split_whitespace().next()?.parse().ok()
            })
            .expect("the program tells its address");
        let mut client = Client::connect(address);
        client.ask(&get("/readyz", None), 200);
        let ready_after = began.elapsed();
        // Whatever else it says must not block it.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            address,
            ready_after,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// As a person ends it: after the requests that are being answered.
    pub fn stop(mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(40) {
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Seconds of processor time that a process took so far, its threads included; 0 when it is gone.
pub fn cpu_seconds(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name may hold spaces and brackets; after its last bracket come the numbers, the state first.
    let numbers: Vec<&str> = stat
        .rsplit_once(')')
        .map_or(Vec::new(), |(_, rest)| rest.split_whitespace().collect());
    let ticks = |index: usize| {
        numbers
            .get(index)
            .and_then(|number| number.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    (ticks(11) + ticks(12)) / TICKS
}

/// The processes whose parent is this one, and itself.
pub fn family(parent: u32) -> Vec<u32> {
    let mut members = vec![parent];
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let above = stat
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        if above == Some(parent) {
            members.push(pid);
        }
    }
    members
}

/// A line of `/proc/PID/status` in megabytes, such as `VmRSS` or `VmHWM`.
pub fn memory_mb(pid: u32, line: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status
        .lines()
        .find_map(|text| text.strip_prefix(line)?.strip_prefix(':'))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok())
        .map_or(0.0, |kib| kib / 1024.0)
}

/// Lets the peak of the resident memory begin anew.
pub fn forget_peak(pid: u32) {
    let _ = std::fs::write(format!("/proc/{pid}/clear_refs"), "5");
}

/// Waits until something listens.
pub fn wait_for(address: SocketAddr, patience: Duration) -> bool {
    let began = Instant::now();
    while began.elapsed() < patience {
        if TcpStream::connect(address).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

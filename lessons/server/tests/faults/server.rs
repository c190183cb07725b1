//! A server in a process of its own, and a client that fails instead of waiting for ever.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use shared::clock::{self, Stopwatch};

use crate::designs::Design;

/// The server, in a process group of its own.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// A client has `timeout` seconds for each line.
    pub(crate) fn start(design: Design, timeout: f64) -> Self {
        Self::start_with(Command::new(env!("CARGO_BIN_EXE_lesson-server")), design, timeout)
    }

    /// The same, with at most `descriptors` descriptors in each process.
    pub(crate) fn start_limited(design: Design, timeout: f64, descriptors: u32) -> Self {
        let mut shell = Command::new("sh");
        let script = format!("ulimit -n {descriptors}; exec \"$0\" \"$@\"");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_lesson-server")]);
        Self::start_with(shell, design, timeout)
    }

    fn start_with(mut command: Command, design: Design, timeout: f64) -> Self {
        command.args([design.name, "--clients", "0", "--timeout", &timeout.to_string()]);
        command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("the server starts");
        let mut line = String::new();
        let mut stdout = BufReader::new(process.stdout.take().expect("stdout is a pipe"));
        stdout.read_line(&mut line).expect("the server prints its address");
        thread::spawn(move || stdout.bytes().for_each(drop)); // It prints each line that it answers.
        let address = line.trim_end().rsplit_once(' ').expect("a space").1;
        Self { process, address: address.parse().expect("an address") }
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.process.id() as i32)
    }

    pub(crate) fn children(&self) -> Vec<Pid> {
        let pid = self.pid();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let children = children.expect("the kernel lists children");
        children.split_whitespace().map(|pid| Pid::from_raw(pid.parse().expect("a pid"))).collect()
    }

    pub(crate) fn connect(&self) -> Client {
        Client::new(TcpStream::connect(self.address).expect("the server listens"))
    }

    /// A client is answered.
    pub(crate) fn serves(&self) {
        let mut client = self.connect();
        client.send(b"hello\n");
        client.hears("hello\n");
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).expect("the server is there");
    }

    /// The server ends. Nothing of its process group is left. Returns whether it ended well, and what it wrote to
    /// stderr.
    pub(crate) fn end(mut self) -> (bool, String) {
        let watch = Stopwatch::start();
        let status = loop {
            match self.process.try_wait().expect("it is our child") {
                Some(status) => break status,
                None => assert!(watch.seconds() < 20.0, "the server does not end"),
            }
            clock::sleep(0.005);
        };
        while killpg(self.pid(), None) != Err(Errno::ESRCH) {
            assert!(watch.seconds() < 20.0, "a process of the server is left");
            clock::sleep(0.005);
        }
        let mut errors = String::new();
        let stderr = self.process.stderr.as_mut().expect("stderr is a pipe");
        stderr.read_to_string(&mut errors).expect("it is text");
        (status.success(), errors)
    }

    /// SIGTERM ends it well. Returns what it wrote to stderr.
    pub(crate) fn stop(self) -> String {
        self.signal(Signal::SIGTERM);
        let (is_success, errors) = self.end();
        assert!(is_success, "{errors}");
        errors
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = killpg(self.pid(), Signal::SIGKILL);
        let _ = self.process.wait();
    }
}

/// A client. A read that takes half a minute fails.
pub(crate) struct Client(BufReader<TcpStream>);

impl Client {
    pub(crate) fn new(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("not zero");
        Self(BufReader::new(stream))
    }

    pub(crate) fn stream(&self) -> &TcpStream {
        self.0.get_ref()
    }

    pub(crate) fn send(&self, bytes: &[u8]) {
        self.stream().write_all(bytes).expect("the server is there");
    }

    /// The next answer.
    pub(crate) fn hears(&mut self, expected: &str) {
        let mut answer = String::new();
        self.0.read_line(&mut answer).expect("the server answers");
        assert_eq!(answer, expected);
    }

    /// The server has hung up.
    pub(crate) fn hears_end_of_file(&mut self) {
        self.hears("");
    }

    /// Whether the server has said something that the client has not read.
    pub(crate) fn has_news(&self) -> bool {
        self.stream().set_nonblocking(true).expect("it is a socket");
        let news = self.stream().peek(&mut [0]).is_ok();
        self.stream().set_nonblocking(false).expect("it is a socket");
        news
    }

    /// The client will send no more.
    pub(crate) fn finish(&self) {
        self.stream().shutdown(Shutdown::Write).expect("the server is there");
    }
}

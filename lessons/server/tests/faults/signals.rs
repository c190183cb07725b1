//! SIGTERM in the middle of the work, and SIGKILL.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use shared::clock::{self, Stopwatch};

use crate::designs::Design;
use crate::for_each_design;
use crate::server::Server;

for_each_design!(sigterm, sigterm_before_the_first_client, sigkill);

/// What has begun is answered, no new client is accepted, and nothing is left.
fn sigterm(design: Design) {
    let server = Server::start(design, 60.0);
    let mut slow = server.connect();
    slow.send(b"one\n");
    slow.hears("one\n");
    slow.send(b"half");
    let address = server.address;
    let (has_begun, begun) = mpsc::channel();
    let busy = 1..design.room.min(9);
    let busy: Vec<_> = busy
        .map(|_| {
            let has_begun = has_begun.clone();
            thread::spawn(move || talk(address, &has_begun))
        })
        .collect();
    for _ in &busy {
        begun.recv_timeout(Duration::from_secs(20)).expect("each is answered");
    }
    server.signal(Signal::SIGTERM);
    for client in busy {
        client.join().expect("no answer is lost, wrong or cut");
    }
    let watch = Stopwatch::start();
    while TcpStream::connect(address).is_ok() {
        assert!(watch.seconds() < 10.0, "the door is not closed");
        clock::sleep(0.005);
    }
    slow.send(b" a line\nand another one\n");
    slow.hears("half a line\n");
    slow.hears_end_of_file();
    drop(slow);
    let (is_success, errors) = server.end();
    assert!(is_success && errors.is_empty(), "{errors}");
}

/// Runs in a client's thread, until the server hangs up between two answers.
fn talk(address: SocketAddr, has_begun: &Sender<()>) {
    let mut client = BufReader::new(TcpStream::connect(address).expect("the server listens"));
    for number in 0.. {
        let line = format!("line {number}\n");
        client.get_mut().write_all(line.as_bytes()).expect("the server reads until we hang up");
        let mut answer = String::new();
        client.read_line(&mut answer).expect("an answer, or end-of-file");
        if number == 0 {
            has_begun.send(()).expect("the test waits");
        }
        match answer.is_empty() {
            true => return,
            false => assert_eq!(answer, line),
        }
    }
}

/// No client has come, or one is connected and idle: the server ends at once.
fn sigterm_before_the_first_client(design: Design) {
    assert_eq!(Server::start(design, 60.0).stop(), "");
    let server = Server::start(design, 60.0);
    let mut idle = server.connect();
    idle.send(b"hello\n");
    idle.hears("hello\n");
    server.signal(Signal::SIGTERM);
    idle.hears_end_of_file();
    drop(idle);
    assert!(server.end().0);
}

/// Whatever it was doing, no process of it is left.
fn sigkill(design: Design) {
    let server = Server::start(design, 60.0);
    let clients: Vec<_> = (0..5).map(|_| server.connect()).collect();
    clients.iter().for_each(|client| client.send(b"half"));
    if design.room > 5 {
        server.serves();
    }
    server.signal(Signal::SIGKILL);
    assert!(!server.end().0);
}

/// The master starts new workers for those that were killed. Meanwhile clients wait at the door.
#[test]
fn killed_workers_are_replaced() {
    for name in ["prefork", "processes-and-threads"] {
        let server = Server::start(Design { name, room: 2 }, 60.0);
        server.serves();
        let watch = Stopwatch::start();
        while server.children().len() < 2 {
            assert!(watch.seconds() < 10.0, "the second worker does not start");
            clock::sleep(0.005);
        }
        for worker in server.children() {
            kill(worker, Signal::SIGKILL).expect("the worker is there");
        }
        server.serves();
        let errors = server.stop();
        assert!(errors.contains("a worker failed, goes on: it has died"), "{errors}");
    }
}

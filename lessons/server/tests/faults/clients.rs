//! Clients that are slow, mute, deaf, or talk nonsense.

use std::io::{ErrorKind, Read, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use shared::clock::{self, Stopwatch};

use crate::designs::Design;
use crate::for_each_design;
use crate::server::Server;

for_each_design!(
    slow_client,
    more_slow_clients_than_room,
    one_byte_at_a_time,
    half_open,
    half_closed,
    garbage,
    never_reads,
    talks_without_pause,
    line_of_10_mebibytes,
    leaves_at_once,
);

/// With room for two, the others do not notice a slow client, and it gets its answer. With room for one they wait for
/// its timeout.
fn slow_client(design: Design) {
    let has_room = design.room > 1;
    let server = Server::start(design, if has_room { 60.0 } else { 0.5 });
    let mut slow = server.connect();
    slow.send(b"half");
    server.serves();
    assert_eq!(slow.has_news(), !has_room);
    if has_room {
        slow.send(b" a line\n");
        slow.hears("half a line\n");
    } else {
        slow.hears("error: timeout\n");
        slow.hears_end_of_file();
    }
    drop(slow);
    server.stop();
}

/// A fixed number of processes or threads is stopped by as many slow clients, until their timeout.
fn more_slow_clients_than_room(design: Design) {
    let has_room = design.room > 50;
    let server = Server::start(design, if has_room { 60.0 } else { 0.5 });
    let mut slow: Vec<_> = (0..design.room.min(50)).map(|_| server.connect()).collect();
    slow.iter().for_each(|client| client.send(b"half"));
    server.serves();
    for client in &mut slow {
        if has_room {
            client.send(b" a line\n");
            client.hears("half a line\n");
        } else {
            client.hears("error: timeout\n");
        }
    }
    drop(slow);
    server.stop();
}

/// Bytes do not postpone the timeout. Lines do.
fn one_byte_at_a_time(design: Design) {
    let server = Server::start(design, 0.6);
    let mut client = server.connect();
    for _ in 0..4 {
        clock::sleep(0.2);
        client.send(b"line\n");
        client.hears("line\n");
    }
    let start = Stopwatch::start();
    while !client.has_news() {
        assert!(start.seconds() < 10.0, "each byte is worth a timeout");
        client.send(b".");
        clock::sleep(0.05);
    }
    client.hears("error: timeout\n");
    drop(client);
    server.serves();
    server.stop();
}

/// The client's machine has lost its power: no byte comes, and no end-of-file.
fn half_open(design: Design) {
    let server = Server::start(design, 0.5);
    let mut mute = server.connect();
    let mut half = server.connect();
    half.send(b"half");
    server.serves();
    mute.hears("error: timeout\n");
    mute.hears_end_of_file();
    half.hears("error: timeout\n");
    half.hears_end_of_file();
    server.stop();
}

/// The client has said all, and still reads.
fn half_closed(design: Design) {
    let server = Server::start(design, 60.0);
    let mut client = server.connect();
    client.send(b"one\ntwo\n");
    client.finish();
    client.hears("one\n");
    client.hears("two\n");
    client.hears_end_of_file();

    let mut client = server.connect();
    client.send(b"one\nhalf");
    client.finish();
    client.hears("one\n");
    client.hears("error: the line has no end\n");
    client.hears_end_of_file();
    server.serves();
    server.stop();
}

/// Bytes that are no UTF-8 cost one line. A zero byte is text, and a line may be empty.
fn garbage(design: Design) {
    let server = Server::start(design, 60.0);
    let mut client = server.connect();
    client.send(b"\xff\xfe\x80\nfine\n\0\r\n\n\xc3");
    client.hears("error: the line is not UTF-8\n");
    client.hears("fine\n");
    client.hears("\0\r\n");
    client.hears("\n");
    client.send("\u{fc}\n".as_bytes().split_at(1).1); // The other half of an umlaut.
    client.hears("\u{fc}\n");
    drop(client);
    server.serves();
    server.stop();
}

/// The client sends line after line, and reads no answer, until both directions are full.
fn never_reads(design: Design) {
    let server = Server::start(design, 0.5);
    let deaf = server.connect();
    deaf.stream().set_nonblocking(true).expect("it is a socket");
    let lines = b"can you hear me?\n".repeat(1000);
    let start = Stopwatch::start();
    let is_served = thread::scope(|scope| {
        let other = scope.spawn(|| server.serves());
        loop {
            match deaf.stream().write(&lines) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    assert!(start.seconds() < 20.0, "the server does not hang up");
                    clock::sleep(0.005);
                }
                Err(_) => break, // The server has hung up.
            }
        }
        other.join().is_ok()
    });
    assert!(is_served);
    drop(deaf);
    server.serves();
    server.stop();
}

/// The client has the next line ready before the server has answered the last one. With room for two, the others do not
/// have to wait for a pause. With room for one they do: each line gives the talker more time.
fn talks_without_pause(design: Design) {
    let server = Server::start(design, 60.0);
    let talker = server.connect();
    let lines = b"and another thing\n".repeat(1000);
    let (is_enough, heard) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let watch = Stopwatch::start();
            while !is_enough.load(Ordering::Relaxed) && watch.seconds() < 40.0 {
                talker.send(&lines);
            }
            talker.finish();
        });
        let listener = scope.spawn(|| {
            let mut buffer = vec![0; 1024 * 1024];
            while let Ok(count @ 1..) = talker.stream().read(&mut buffer) {
                heard.fetch_add(count, Ordering::Relaxed);
            }
        });
        clock::sleep(0.2);
        if design.room > 1 {
            let before = heard.load(Ordering::Relaxed);
            server.serves();
            let meanwhile = heard.load(Ordering::Relaxed) - before;
            assert!(meanwhile < 50 * 1024 * 1024, "{meanwhile} bytes went to the talker first");
        } else {
            let other = server.connect();
            other.send(b"hello\n");
            clock::sleep(0.5);
            assert!(!other.has_news());
        }
        is_enough.store(true, Ordering::Relaxed);
        listener.join().expect("it only counts");
    });
    let heard = heard.into_inner();
    assert!(heard > 0 && heard.is_multiple_of(lines.len()), "{heard}");
    server.serves();
    server.stop();
}

/// The longest line is answered. The client that sends a longer one learns why it is not, even after the last byte.
fn line_of_10_mebibytes(design: Design) {
    let server = Server::start(design, 60.0);
    let mut client = server.connect();
    let longest = "x".repeat(64 * 1024 - 1) + "\n";
    client.send(longest.as_bytes());
    client.hears(&longest);
    client.send(&vec![b'x'; 10 * 1024 * 1024]);
    client.send(b"\n");
    client.hears("error: the line is too long\n");
    client.hears_end_of_file();
    drop(client);
    server.serves();
    server.stop();
}

/// Clients that hang up before, in and after their line leave nothing behind.
fn leaves_at_once(design: Design) {
    let server = Server::start(design, 60.0);
    for number in 0..300 {
        let client = server.connect();
        client.send([&b""[..], b"half", b"a line\n"][number % 3]);
    }
    server.serves();
    server.stop();
}

//! Pipes and connections: what goes through, and whether timeouts hold.

#[path = "../harness/mod.rs"]
mod harness;
mod ownership;
mod survival;
#[path = "../harness/timeouts.rs"]
mod timeouts;

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use harness::{descriptors, nothing_left};
use nix::libc::SIGPIPE;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize, Serializer};
use shared::{Child, Connection, Error, Exit, Message, Process, Receiver, Result, Sender, pipe};
use timeouts::fails_after_its_timeout;

fn main() -> ExitCode {
    let tests: Vec<harness::Body> = [TESTS, survival::TESTS, ownership::TESTS].concat();
    harness::main(&tests, ownership::ACTS)
}

const TESTS: &[harness::Body] = &[
    ("values_go_both_ways", values_go_both_ways),
    ("bytes_go_as_they_are", bytes_go_as_they_are),
    ("messages_keep_their_order_and_their_borders", messages_keep_their_order_and_their_borders),
    ("the_last_writer_closes", the_last_writer_closes),
    ("a_loop_ends_at_end_of_file", a_loop_ends_at_end_of_file),
    ("a_reader_that_goes_is_reported_to_the_writer", a_reader_that_goes_is_reported_to_the_writer),
    ("poll_keeps_its_timeout", poll_keeps_its_timeout),
    ("recv_keeps_its_timeout", recv_keeps_its_timeout),
    ("timeouts_hold_while_bytes_come_without_end", timeouts_hold_while_bytes_come_without_end),
    ("big_messages_cross_both_ways_at_once", big_messages_cross_both_ways_at_once),
    ("waiting_takes_no_processor_time", waiting_takes_no_processor_time),
    ("what_cannot_be_encoded_is_not_sent", what_cannot_be_encoded_is_not_sent),
    ("what_cannot_be_decoded_is_skipped", what_cannot_be_decoded_is_skipped),
];

const MEBIBYTE: usize = 1 << 20;
const SECOND: Duration = Duration::from_secs(1);

fn start(work: impl FnOnce() -> Result<()>) -> Child {
    Process::new(work).start().unwrap()
}

fn join(child: Child) {
    assert_eq!(child.join().unwrap(), Exit::Code(0));
}

fn is_closed<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Closed))
}

/// The call must time out, and not before its timeout.
fn times_out<T>(call: impl FnMut(Duration) -> Result<T>) {
    fails_after_its_timeout("a pipe's call", |error| matches!(error, Error::TimedOut), call);
}

/// A pipe, and one more write end through which any bytes can come.
fn forged<T: Message + ?Sized>() -> (Receiver<T>, Sender<T>, File) {
    let before = descriptors();
    let (receiver, sender) = pipe().unwrap();
    let end = descriptors().into_iter().find(|number| !before.contains(number)).unwrap();
    let writer = OpenOptions::new().write(true).open(format!("/proc/self/fd/{end}")).unwrap();
    (receiver, sender, writer)
}

/// The header of a message of this many bytes.
fn header(length: u64) -> [u8; 8] {
    length.to_ne_bytes()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Order {
    Tea { cups: u32 },
    Cake(String),
}

fn values_go_both_ways() {
    let before = descriptors();
    let (mut ours, mut theirs) = Connection::<Option<Order>, Vec<f64>>::pair().unwrap();
    let child = start(move || {
        assert_eq!(theirs.recv()?, Some(Order::Tea { cups: 3 }));
        assert_eq!(theirs.recv()?, Some(Order::Cake("苹果".into())));
        assert_eq!(theirs.recv()?, None);
        theirs.send(&vec![2.5, -1.0])?;
        theirs.send(&Vec::new())
    });
    for order in [Some(Order::Tea { cups: 3 }), Some(Order::Cake("苹果".into())), None] {
        ours.send(&order).unwrap();
    }
    assert_eq!(ours.recv().unwrap(), [2.5, -1.0]);
    assert!(ours.recv().unwrap().is_empty());
    join(child);
    drop(ours);
    nothing_left(&before);
}

fn bytes_go_as_they_are() {
    let before = descriptors();
    let all: Vec<u8> = (0..=255).collect();
    let (mut ours, mut theirs) = Connection::<[u8], [u8]>::pair().unwrap();
    let child = start(move || {
        // Back as it came, until end-of-file.
        loop {
            match theirs.recv() {
                Ok(bytes) => theirs.send(&bytes)?,
                Err(Error::Closed) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    });
    // None at all, and around the borders of a pipe's pieces.
    for length in [0, 1, 256, 4_087, 4_088, 4_089, 65_527, 65_528, 65_529, 100_000] {
        let bytes: Vec<u8> = all.iter().copied().cycle().take(length).collect();
        ours.send(&bytes).unwrap();
        assert!(ours.recv().unwrap() == bytes, "{length} bytes");
    }
    drop(ours);
    join(child);
    nothing_left(&before);
}

fn messages_keep_their_order_and_their_borders() {
    let before = descriptors();
    let (mut receiver, mut sender) = pipe::<String>().unwrap();
    let child = start(move || {
        for number in 0..20_000_usize {
            sender.send(&"x".repeat(number % 97))?;
        }
        Ok(())
    });
    for number in 0..20_000 {
        assert_eq!(receiver.recv().unwrap().len(), number % 97);
    }
    assert!(is_closed(&receiver.recv()));
    join(child);
    drop(receiver);
    nothing_left(&before);
}

fn the_last_writer_closes() {
    let before = descriptors();
    let (mut receiver, mut sender) = pipe::<u32>().unwrap();
    sender.send(&1).unwrap();
    sender.send(&2).unwrap();
    drop(sender);
    // What was sent before still comes.
    assert_eq!(receiver.recv_timeout(Duration::ZERO).unwrap(), 1);
    assert!(receiver.poll(Duration::ZERO).unwrap());
    assert_eq!(receiver.recv().unwrap(), 2);
    // And it stays closed.
    for _ in 0..2 {
        assert!(is_closed(&receiver.recv()));
        assert!(is_closed(&receiver.recv_timeout(SECOND)));
        assert!(is_closed(&receiver.poll(SECOND)));
    }
    drop(receiver);

    // Only in one direction: the other half of the connection still works.
    let (ours, mut theirs) = Connection::<u32, u32>::pair().unwrap();
    let (sender, mut receiver) = ours.split();
    drop(sender);
    assert!(is_closed(&theirs.recv()));
    theirs.send(&3).unwrap();
    assert_eq!(receiver.recv().unwrap(), 3);
    drop((theirs, receiver));
    nothing_left(&before);
}

fn a_loop_ends_at_end_of_file() {
    let before = descriptors();
    let (mut receiver, mut sender, mut writer) = forged::<bool>();
    sender.send(&true).unwrap();
    writer.write_all(&[&header(1)[..], &[7]].concat()).unwrap();
    sender.send(&false).unwrap();
    drop((sender, writer));
    let mut messages = Vec::new();
    for message in &mut receiver {
        messages.push(message.ok()); // An error that is not the end does not end the loop.
    }
    assert_eq!(messages, [Some(true), None, Some(false)]);
    assert!(receiver.next().is_none(), "closed is closed");
    drop(receiver);
    nothing_left(&before);
}

fn a_reader_that_goes_is_reported_to_the_writer() {
    let raised = Arc::new(AtomicBool::new(false));
    let id = signal_hook::flag::register(SIGPIPE, Arc::clone(&raised)).unwrap();
    let before = descriptors();
    let (receiver, mut sender) = pipe::<u32>().unwrap();
    drop(receiver);
    assert!(is_closed(&sender.send(&1)));
    assert!(is_closed(&sender.send(&2)));

    // The reader closes its end while the writer waits in the middle of a message.
    let (mut receiver, mut sender) = pipe::<[u8]>().unwrap();
    let child = start(move || {
        for _ in 0..3 {
            // Each time as much as a pipe holds, which is a small part of the message.
            assert!(!receiver.poll(Duration::ZERO)?);
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    });
    assert!(is_closed(&sender.send(&vec![0; 16 * MEBIBYTE])));
    assert!(is_closed(&sender.send(b"and nothing comes behind it")));
    join(child);

    let (mut ours, theirs) = Connection::<u32, u32>::pair().unwrap();
    drop(theirs);
    assert!(is_closed(&ours.send(&1)));
    assert!(is_closed(&ours.recv()));
    assert!(!raised.load(Ordering::Relaxed), "SIGPIPE came");
    kill(Pid::this(), Signal::SIGPIPE).unwrap();
    assert!(raised.load(Ordering::Relaxed), "SIGPIPE is still blocked");
    signal_hook::low_level::unregister(id);
    drop((sender, ours));
    nothing_left(&before);
}

fn poll_keeps_its_timeout() {
    let before = descriptors();
    let (mut receiver, mut sender) = pipe::<u32>().unwrap();
    times_out(|timeout| if receiver.poll(timeout)? { Ok(()) } else { Err(Error::TimedOut) });
    sender.send(&7).unwrap();
    // poll takes nothing out of the pipe.
    assert!(receiver.poll(Duration::ZERO).unwrap());
    assert!(receiver.poll(Duration::MAX).unwrap());
    assert_eq!(receiver.recv().unwrap(), 7);
    assert!(!receiver.poll(Duration::ZERO).unwrap());
    drop((receiver, sender));
    nothing_left(&before);
}

fn recv_keeps_its_timeout() {
    let before = descriptors();
    let (mut receiver, sender, mut writer) = forged::<u32>();
    times_out(|timeout| receiver.recv_timeout(timeout));
    // With a header, with half a header behind it, and so on: a message is seen when it is whole.
    for byte in header(1) {
        writer.write_all(&[byte]).unwrap();
        assert!(matches!(receiver.recv_timeout(Duration::ZERO), Err(Error::TimedOut)));
    }
    times_out(|timeout| receiver.recv_timeout(timeout));
    writer.write_all(&[42]).unwrap();
    assert_eq!(receiver.recv_timeout(Duration::ZERO).unwrap(), 42);
    drop((receiver, sender, writer));
    nothing_left(&before);
}

fn timeouts_hold_while_bytes_come_without_end() {
    let before = descriptors();
    let (mut receiver, sender, mut writer) = forged::<[u8]>();
    let flood = start(|| {
        writer.write_all(&header(u64::MAX / 2))?;
        loop {
            writer.write_all(&[0; 64])?;
            thread::sleep(Duration::from_millis(1));
        }
    });
    times_out(|timeout| receiver.recv_timeout(timeout));
    drop((flood, receiver, sender, writer));
    nothing_left(&before);
}

fn big_messages_cross_both_ways_at_once() {
    let before = descriptors();
    let (mut ours, mut theirs) = Connection::<[u8], [u8]>::pair().unwrap();
    let child = start(move || {
        theirs.send(&vec![b'b'; 16 * MEBIBYTE])?;
        assert!(theirs.recv()? == vec![b'a'; 16 * MEBIBYTE]);
        Ok(())
    });
    ours.send(&vec![b'a'; 16 * MEBIBYTE]).unwrap();
    assert!(ours.recv().unwrap() == vec![b'b'; 16 * MEBIBYTE]);
    join(child);
    drop(ours);
    nothing_left(&before);
}

/// How long this process has been executed, in hundredths of a second.
fn executed() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

fn waiting_takes_no_processor_time() {
    let before = descriptors();
    let (mut ours, theirs) = Connection::<[u8], [u8]>::pair().unwrap();
    let child = start(move || {
        // The child sends nothing more, and reads late: the other side waits for room with one pipe at end-of-file.
        let (sender, mut receiver) = theirs.split();
        drop(sender);
        thread::sleep(SECOND / 2);
        receiver.recv()?;
        assert!(!receiver.poll(SECOND / 2)?);
        Ok(())
    });
    let start = executed();
    ours.send(&vec![0; MEBIBYTE]).unwrap();
    assert!(is_closed(&ours.recv()));
    let (mut receiver, sender) = pipe::<u32>().unwrap();
    assert!(!receiver.poll(SECOND / 2).unwrap());
    let executed = executed() - start;
    assert!(executed < 20, "{executed} hundredths of a second");
    join(child);
    drop((ours, receiver, sender));
    nothing_left(&before);
}

/// A value that refuses to be encoded or decoded.
#[derive(Debug, Deserialize)]
struct Refuses;

impl Serialize for Refuses {
    fn serialize<S: Serializer>(&self, _: S) -> std::result::Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("never"))
    }
}

fn what_cannot_be_encoded_is_not_sent() {
    let before = descriptors();
    let (mut receiver, mut sender) = pipe::<Option<Refuses>>().unwrap();
    assert!(matches!(sender.send(&Some(Refuses)), Err(Error::Encode { .. })));
    assert!(!receiver.poll(Duration::ZERO).unwrap());
    sender.send(&None).unwrap();
    assert!(receiver.recv().unwrap().is_none());
    drop((receiver, sender));
    nothing_left(&before);
}

fn what_cannot_be_decoded_is_skipped() {
    let before = descriptors();
    let (mut receiver, mut sender, mut writer) = forged::<bool>();
    writer.write_all(&[&header(1)[..], &[7], &header(2), &[1, 1]].concat()).unwrap();
    sender.send(&true).unwrap();
    let error = receiver.recv().unwrap_err().to_string();
    assert!(error.starts_with("cannot decode a value of type bool: "), "{error}");
    assert!(matches!(receiver.recv(), Err(Error::Decode { .. })));
    assert!(receiver.recv().unwrap());
    drop((receiver, sender, writer));
    nothing_left(&before);
}

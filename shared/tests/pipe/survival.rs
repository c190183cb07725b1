//! What a reader survives: writers that are stopped or killed in the middle of a message, and false headers.

use std::fs;
use std::io::Write;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use shared::{Child, Error, Receiver, pipe};

use crate::harness::{Body, descriptors, eventually, nothing_left, state};
use crate::{MEBIBYTE, SECOND, forged, header, is_closed, join, start, times_out};

pub(crate) const TESTS: &[Body] = &[
    ("a_stopped_writer_delays_no_timeout", a_stopped_writer_delays_no_timeout),
    ("a_killed_writer_leaves_no_part_of_a_message", a_killed_writer_leaves_no_part_of_a_message),
    ("an_absurd_length_takes_no_memory", an_absurd_length_takes_no_memory),
];

/// A child that waits in the middle of a long message: the pipe cannot hold it.
fn in_mid_message() -> (Child, Receiver<[u8]>) {
    let (mut receiver, mut sender) = pipe::<[u8]>().unwrap();
    let child = start(move || {
        sender.send(b"whole")?;
        sender.send(&vec![7; MEBIBYTE])
    });
    assert_eq!(receiver.recv().unwrap(), b"whole");
    eventually("it waits", SECOND, || state(child.pid()).is_some_and(|(state, _)| state == 'S'));
    (child, receiver)
}

fn a_stopped_writer_delays_no_timeout() {
    let before = descriptors();
    let (child, mut receiver) = in_mid_message();
    kill(child.pid(), Signal::SIGSTOP).unwrap();
    eventually("it stops", SECOND, || state(child.pid()).is_some_and(|(state, _)| state == 'T'));
    times_out(|timeout| receiver.recv_timeout(timeout));
    assert!(!receiver.poll(Duration::from_millis(10)).unwrap());
    // Nothing that came meanwhile is lost.
    kill(child.pid(), Signal::SIGCONT).unwrap();
    assert!(receiver.recv().unwrap() == vec![7; MEBIBYTE]);
    assert!(is_closed(&receiver.recv()));
    join(child);
    drop(receiver);
    nothing_left(&before);
}

fn a_killed_writer_leaves_no_part_of_a_message() {
    let before = descriptors();
    for looks_before in [false, true] {
        let (child, mut receiver) = in_mid_message();
        if looks_before {
            assert!(!receiver.poll(Duration::ZERO).unwrap(), "a pipe does not hold all of it");
        }
        child.kill().unwrap();
        assert!(is_closed(&receiver.recv()));
        assert!(is_closed(&receiver.poll(SECOND)));
    }
    nothing_left(&before);
}

/// This process's memory at its highest, in KiB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmPeak:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn an_absurd_length_takes_no_memory() {
    let before = descriptors();
    let peak_before = peak();
    for length in [1 << 40, u64::MAX - 8, u64::MAX] {
        let (mut receiver, sender, mut writer) = forged::<[u8]>();
        writer.write_all(&header(length)).unwrap();
        writer.write_all(b"and so on").unwrap();
        assert!(matches!(receiver.recv_timeout(Duration::ZERO), Err(Error::TimedOut)));
        drop((sender, writer));
        assert!(is_closed(&receiver.recv()));
    }
    let grown = peak() - peak_before;
    assert!(grown < 1024, "{grown} KiB");
    nothing_left(&before);
}

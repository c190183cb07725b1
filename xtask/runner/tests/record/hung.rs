//! A run that hangs says what each of its processes waits for.

use std::time::Duration;

use runner::{Ending, Launch, Leftover, Recording, Waiting, WaitsFor};

use crate::Test;
use crate::harness::{SHORT, act, own, record, said, shell};

pub(crate) const TESTS: &[Test] = &[
    ("a_parent_waits_for_a_child", a_parent_waits_for_a_child),
    ("a_reader_waits_for_a_writer", a_reader_waits_for_a_writer),
    ("a_writer_waits_for_a_reader", a_writer_waits_for_a_reader),
    ("who_reads_its_own_pipe_waits_for_ever", who_reads_its_own_pipe_waits_for_ever),
    ("a_splice_waits_for_either_pipe", a_splice_waits_for_either_pipe),
    ("a_splice_waits_for_a_socket", a_splice_waits_for_a_socket),
    ("every_thread_has_its_reason", every_thread_has_its_reason),
    ("a_loop_runs", a_loop_runs),
    ("a_stopped_process_says_so", a_stopped_process_says_so),
];

fn hang(launch: Launch) -> Recording {
    hang_for(SHORT, launch)
}

fn hang_for(deadline: Duration, launch: Launch) -> Recording {
    let recording = record(launch.deadline(deadline));
    assert_eq!(recording.ending, Ending::Deadline);
    recording
}

/// The number and the threads of the process whose command begins like this.
fn process<'a>(recording: &'a Recording, command: &str) -> (i32, &'a [Waiting]) {
    let find = |leftover: &&'a Leftover| match leftover {
        Leftover::Running { pid, command: its, threads } if its.starts_with(command) => {
            Some((*pid, &threads[..]))
        }
        _ => None,
    };
    own(recording).iter().find_map(find).unwrap_or_else(|| panic!("no {command}: {recording:?}"))
}

fn a_parent_waits_for_a_child() {
    let recording = hang(shell("sleep 1000; :"));
    let (sleeper, threads) = process(&recording, "sleep");
    assert_eq!(threads[0].on, WaitsFor::Pause);
    let (parent, threads) = process(&recording, "sh");
    assert!(matches!(threads[0].on, WaitsFor::Child(_)), "{threads:?}");
    let said = said(&recording);
    assert!(said.contains(&format!("process {sleeper} (sleep 1000): sleeps")), "{said:?}");
    assert!(
        said.contains(&format!("process {parent} (sh -c sleep 1000; :): waits for a child")),
        "{said:?}"
    );
}

fn a_reader_waits_for_a_writer() {
    let recording = hang(shell("sleep 1000 | cat"));
    let (writer, _) = process(&recording, "sleep");
    let (_, threads) = process(&recording, "cat");
    assert_eq!(threads[0].on, WaitsFor::Bytes(vec![writer]));
}

fn a_writer_waits_for_a_reader() {
    let recording = hang(shell("yes | sleep 1000"));
    let (reader, _) = process(&recording, "sleep");
    let (_, threads) = process(&recording, "yes");
    assert_eq!(threads[0].on, WaitsFor::Room(vec![reader]));
}

fn who_reads_its_own_pipe_waits_for_ever() {
    let recording = hang(act("own-pipe"));
    let (reader, threads) = process(&recording, "record");
    assert_eq!(threads[0].on, WaitsFor::Bytes(vec![reader]));
}

fn a_splice_waits_for_either_pipe() {
    let recording = hang(act("splices"));
    let (own, threads) = process(&recording, "record");
    let copier = threads.iter().find(|waiting| waiting.thread == "copier").unwrap();
    assert_eq!(threads[0].on, WaitsFor::Bytes(vec![own]));
    assert_eq!(copier.on, WaitsFor::Room(vec![own]));
}

fn a_splice_waits_for_a_socket() {
    let recording = hang(act("splices-to-a-socket"));
    let (_, threads) = process(&recording, "record");
    assert_eq!(threads[0].on.to_string(), "writes to a socket");
}

fn every_thread_has_its_reason() {
    let recording = hang(act("threads"));
    let (_, threads) = process(&recording, "record");
    let named = |name: &str| &threads.iter().find(|waiting| waiting.thread == name).unwrap().on;
    assert_eq!(threads.len(), 3, "{threads:?}");
    assert_eq!(threads[0].on, WaitsFor::Futex);
    assert_eq!(*named("locker"), WaitsFor::Futex);
    assert_eq!(*named("sleeper"), WaitsFor::Pause);
    let said = &said(&recording)[0];
    assert!(said.contains("; thread sleeper sleeps"), "{said}");
}

fn a_loop_runs() {
    // It computes from its first moment on.
    let recording = hang_for(Duration::from_millis(200), act("busy"));
    let (_, threads) = process(&recording, "record");
    assert_eq!(threads[0].on, WaitsFor::Nothing);
}

fn a_stopped_process_says_so() {
    let recording = hang(shell("kill -STOP $$"));
    let (_, threads) = process(&recording, "sh");
    assert_eq!(threads[0].on, WaitsFor::Continue);
}

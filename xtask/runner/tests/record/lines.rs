//! What a program prints is recorded byte by byte.

use std::time::Duration;

use runner::{Recording, Stream};

use crate::Test;
use crate::harness::{record, shell};

pub(crate) const TESTS: &[Test] = &[
    ("every_byte_survives", every_byte_survives),
    ("lines_have_a_stream_and_a_time", lines_have_a_stream_and_a_time),
    ("a_recording_survives_json", a_recording_survives_json),
];

fn every_byte_survives() {
    let recording = record(shell(r"printf '\377\000\n{\n\nrest'"));
    assert_eq!(recording.stdout(), b"\xff\0\n{\n\nrest");
    let newlines: Vec<bool> = recording.lines.iter().map(|line| line.newline).collect();
    assert_eq!(newlines, [true, true, true, false]);
}

fn lines_have_a_stream_and_a_time() {
    let recording = record(shell("echo one; sleep 0.2; echo two >&2; sleep 0.2; echo three"));
    let lines: Vec<(Stream, &[u8])> =
        recording.lines.iter().map(|line| (line.stream, &line.bytes[..])).collect();
    assert_eq!(
        lines,
        [
            (Stream::Stdout, &b"one"[..]),
            (Stream::Stderr, &b"two"[..]),
            (Stream::Stdout, &b"three"[..])
        ]
    );
    let times: Vec<Duration> = recording.lines.iter().map(|line| line.time).collect();
    // A pause is never shorter than requested, and a line is read at most one pause late.
    assert!(times[2] >= Duration::from_millis(400), "{times:?}");
    assert!(times.is_sorted() && times[2] <= recording.wall, "{times:?}");
    assert_eq!(recording.stderr(), b"two\n");
}

fn a_recording_survives_json() {
    let recording = record(shell(r"printf 'a\377\n'; touch file; sleep 1000 & sleep 0.1"));
    let json = serde_json::to_string(&recording).unwrap();
    assert_eq!(serde_json::from_str::<Recording>(&json).unwrap(), recording);
}

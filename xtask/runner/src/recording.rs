//! What happened in a run.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::exit::Exit;
use crate::leftover::Leftover;

/// One run of one program. All times count from its start, without the time for which it was suspended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// What it printed, in the order of its coming. Where the supervisor was killed or stopped, the last lines may be
    /// missing.
    pub lines: Vec<Line>,
    /// Every process that was seen, in the order of their births; the first is the leader, the program itself. One that
    /// lives for less than some milliseconds may be missed. Empty where the supervisor was killed.
    pub processes: Vec<Process>,
    /// How it ended.
    pub ending: Ending,
    /// What should not have been there when it ended.
    pub leftovers: Vec<Leftover>,
    /// Until the leader ended, or was ended.
    pub wall: Duration,
    /// What the processors did for the leader and its descendants, for the program and in the kernel. None where the
    /// supervisor was killed.
    pub processor: Option<Duration>,
    /// The longest time for which one of the machine's cores did not serve even the host meanwhile.
    pub stall: Duration,
}

impl Recording {
    /// All bytes of stdout.
    #[must_use]
    pub fn stdout(&self) -> Vec<u8> {
        self.bytes(Stream::Stdout)
    }

    /// All bytes of stderr.
    #[must_use]
    pub fn stderr(&self) -> Vec<u8> {
        self.bytes(Stream::Stderr)
    }

    fn bytes(&self, stream: Stream) -> Vec<u8> {
        let lines = self.lines.iter().filter(|line| line.stream == stream);
        lines
            .flat_map(|line| line.bytes.iter().copied().chain(line.newline.then_some(b'\n')))
            .collect()
    }
}

/// Where a line came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Descriptor 1.
    Stdout,
    /// Descriptor 2.
    Stderr,
}

/// A line that the program printed. Of lines of one stream the order is certain; of lines of both, as exact as `time`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where it came out.
    pub stream: Stream,
    /// When its last byte was read.
    pub time: Duration,
    /// What it says, without the newline. In JSON a text, or a list of numbers if it is no UTF-8.
    #[serde(with = "bytes")]
    pub bytes: Vec<u8>,
    /// Whether a newline ended it: false only for the last one of a stream.
    pub newline: bool,
}

/// A process of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its number.
    pub pid: i32,
    /// Its parent's number when it was first seen: the supervisor's for the leader and for an orphan.
    pub parent: i32,
    /// Its program and arguments when they were last seen. It may hold any character: see [`escaped`](crate::escaped).
    pub command: String,
    /// When it was first seen.
    pub born: Duration,
    /// When it was first seen to have ended; None if it had to be killed in the end.
    pub ended: Option<Duration>,
    /// How it ended, where somebody could see it.
    pub exit: Option<Exit>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Ending {
    /// The leader ended by itself, with this exit status.
    Code(i32),
    /// The leader was killed by this signal.
    Signal(i32),
    /// It was stopped at its deadline.
    Deadline,
    /// It was stopped since it printed more than anybody reads: [`MOST_BYTES`](crate::MOST_BYTES) or
    /// [`MOST_LINES`](crate::MOST_LINES).
    Flood(Stream),
    /// Its supervisor got a signal that ends it, this one: most likely from the program, by `kill(getppid(), ..)`.
    /// Whatever the run left was found and ended by the host.
    SupervisorKilled(i32),
    /// Its supervisor was stopped, by SIGSTOP or the like. The host ended it and the run.
    SupervisorStopped,
}

impl From<Exit> for Ending {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Code(code) => Self::Code(code),
            Exit::Signal(signal) => Self::Signal(signal),
        }
    }
}

/// Bytes in a form that people can read where it is text.
mod bytes {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Text(String),
        Numbers(Vec<u8>),
    }

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        match str::from_utf8(bytes) {
            Ok(text) => text.serialize(serializer),
            Err(_) => bytes.serialize(serializer),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        Ok(match Form::deserialize(from)? {
            Form::Text(text) => text.into_bytes(),
            Form::Numbers(bytes) => bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(stream: Stream, bytes: &[u8], newline: bool) -> Line {
        Line { stream, time: Duration::from_millis(3), bytes: bytes.to_vec(), newline }
    }

    #[test]
    fn a_stream_is_its_lines_joined() {
        let recording = Recording {
            lines: vec![
                line(Stream::Stdout, b"one", true),
                line(Stream::Stderr, b"oops", true),
                line(Stream::Stdout, b"two", false),
            ],
            processes: Vec::new(),
            ending: Ending::Code(0),
            leftovers: Vec::new(),
            wall: Duration::ZERO,
            processor: None,
            stall: Duration::ZERO,
        };
        assert_eq!(recording.stdout(), b"one\ntwo");
        assert_eq!(recording.stderr(), b"oops\n");
    }

    #[test]
    fn every_byte_survives_json() {
        for (bytes, form) in [(&b"a\0\"\x1b"[..], "\"a"), (b"\xff\xfe", "[255,254]"), (b"", "\"\"")]
        {
            let line = line(Stream::Stdout, bytes, true);
            let json = serde_json::to_string(&line).unwrap();
            assert!(json.contains(&format!("\"bytes\":{form}")), "{json}");
            assert_eq!(serde_json::from_str::<Line>(&json).unwrap(), line);
        }
    }
}

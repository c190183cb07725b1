//! What happened in a run.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::census::Process;
use crate::exit::Exit;
use crate::leftover::Leftover;

/// One run of one program. All times count from its start, and leave out the time for which it was suspended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// What it printed, in order of arrival. If the supervisor was killed or stopped, the last lines may be missing.
    pub lines: Vec<Line>,
    /// Every process that was seen, in order of birth; the first is the leader, the program itself. A process that
    /// lives for only a few milliseconds may be missed. Empty if the supervisor was killed.
    pub processes: Vec<Process>,
    /// How it ended.
    pub ending: Ending,
    /// What should have been gone when it ended.
    pub leftovers: Vec<Leftover>,
    /// The time until the leader ended, or was killed.
    pub wall: Duration,
    /// The processor time of the leader and its descendants, in user mode and in the kernel. None if the supervisor was
    /// killed.
    pub processor: Option<Duration>,
    /// For how long the machine delayed the run: the longest time for which one of its cores did not even serve the
    /// host, the time for which a thread of the run was ready while other programs had the processors, or, if the run
    /// computes, the time for which others had all processors, whichever is longest.
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

/// The stream of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Descriptor 1.
    Stdout,
    /// Descriptor 2.
    Stderr,
}

/// A line that the program printed. The order of lines from one stream is certain; between the streams it is as exact
/// as `time`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where it came out.
    pub stream: Stream,
    /// When its last byte was read.
    pub time: Duration,
    /// Its bytes, without the newline. In JSON a text, or a list of numbers if it is not UTF-8.
    #[serde(with = "bytes")]
    pub bytes: Vec<u8>,
    /// Whether it ended with a newline: false only for the last line of a stream.
    pub newline: bool,
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
    /// It was stopped because it printed too much: more than [`MOST_BYTES`](crate::MOST_BYTES) or
    /// [`MOST_LINES`](crate::MOST_LINES).
    Flood(Stream),
    /// It was directed, and stopped because nothing could happen any more, or nothing but timeouts that change nothing.
    Stuck,
    /// It was directed, and the host had no further use for it: [`Choice::Abandon`](crate::Choice::Abandon).
    Abandoned,
    /// This signal ended its supervisor. It came most likely from the program, by `kill(getppid(), ..)`. The host found
    /// and ended everything that the run left.
    SupervisorKilled(i32),
    /// Its supervisor was stopped, by SIGSTOP or the like. The host ended the supervisor and the run.
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

/// Writes bytes as text if they are UTF-8, so that people can read them.
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

//! The messages between host and supervisor.
//!
//! On the supervisor's stdin: the [`Assignment`], then [`Word`]s, and an end-of-file when the run must end, or when the
//! host no longer needs the run's folder. On its stdout: one [`Message`] in JSON for each line, as things happen. So if
//! a supervisor is killed, the host still knows what the run had printed up to the last moments.

use std::io::{self, Read};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::census::Process;
use crate::direct::{Question, Step};
use crate::folder::Folder;
use crate::launch::Launch;
use crate::leftover::Leftover;
use crate::mark::Mark;
use crate::recording::{Ending, Line};
use crate::schedule::{Refusal, Schedule};

/// What the host says during a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// Stop the run until further notice.
    Suspend,
    /// Go on with it.
    Continue,
    /// This option is next.
    Take(u32),
    /// End the run: it is of no further use.
    Abandon,
}

impl Word {
    /// A letter; after the letter of `Take`, the number in four bytes.
    pub(crate) fn bytes(self) -> Vec<u8> {
        match self {
            Self::Suspend => b"s".into(),
            Self::Continue => b"c".into(),
            Self::Take(option) => [&b"t"[..], &option.to_le_bytes()].concat(),
            Self::Abandon => b"a".into(),
        }
    }

    /// The next word; None at the end-of-file.
    pub(crate) fn read(tether: &mut impl Read) -> io::Result<Option<Self>> {
        let mut letter = [0];
        let mut option = [0; 4];
        let read = tether.read_exact(&mut letter).and_then(|()| match &letter {
            b"t" => tether.read_exact(&mut option),
            _ => Ok(()),
        });
        match (read, &letter) {
            (Err(error), _) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            (Err(error), _) => Err(error),
            (Ok(()), b"s") => Ok(Some(Self::Suspend)),
            (Ok(()), b"c") => Ok(Some(Self::Continue)),
            (Ok(()), b"t") => Ok(Some(Self::Take(u32::from_le_bytes(option)))),
            (Ok(()), b"a") => Ok(Some(Self::Abandon)),
            (Ok(()), _) => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

/// What to run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Assignment {
    pub(crate) launch: Launch,
    pub(crate) schedule: Schedule,
    pub(crate) folder: Folder,
    pub(crate) mark: Mark,
}

impl Assignment {
    /// JSON, and before it its length in four bytes: words may follow at once.
    pub(crate) fn bytes(&self) -> io::Result<Vec<u8>> {
        let json = serde_json::to_vec(self)?;
        let length = u32::try_from(json.len()).map_err(io::Error::other)?;
        Ok([&length.to_le_bytes()[..], &json].concat())
    }

    /// Takes nothing of what follows.
    pub(crate) fn read(tether: &mut impl Read) -> io::Result<Self> {
        let mut length = [0; 4];
        tether.read_exact(&mut length)?;
        let mut json = vec![0; u32::from_le_bytes(length) as usize];
        tether.read_exact(&mut json)?;
        Ok(serde_json::from_slice(&json)?)
    }
}

/// What happened.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Message {
    Printed(Vec<Line>),
    /// In a directed run: which move is next?
    Asked(Question),
    /// The last message of a run.
    Ended(Ended),
    /// The last message if the program could not be started, with the reason.
    NotStarted(String),
    /// The last message if the run cannot be directed.
    Undirected(Refusal),
    /// The last message of a supervisor that itself failed.
    Failed(String),
}

/// What a supervisor knows at the end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) ending: Ending,
    /// For how long other programs kept the processors from the run. Zero if the supervisor was dead.
    pub(crate) delay: Duration,
    pub(crate) processes: Vec<Process>,
    /// Only processes. The host finds the rest, because it must find it even if the supervisor is dead.
    pub(crate) leftovers: Vec<Leftover>,
    pub(crate) wall: Duration,
    /// None if the supervisor was dead.
    pub(crate) processor: Option<Duration>,
    /// The steps of a directed run since the last question.
    pub(crate) steps: Vec<Step>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_out_as_they_went_in() {
        let words =
            [Word::Take(70_000), Word::Suspend, Word::Continue, Word::Take(0), Word::Abandon];
        let bytes = words.map(Word::bytes).concat();
        let mut tether = &bytes[..];
        for word in words {
            assert_eq!(Word::read(&mut tether).unwrap(), Some(word));
        }
        assert_eq!(Word::read(&mut tether).unwrap(), None);
        assert!(Word::read(&mut &b"?"[..]).is_err());
    }
}

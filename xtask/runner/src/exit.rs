//! How a process ended.

use std::process::ExitStatus;

use serde::{Deserialize, Serialize};

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exit {
    /// By itself, with this exit status.
    Code(i32),
    /// Killed by this signal.
    Signal(i32),
}

impl Exit {
    /// From the number that wait(2) gives.
    pub(crate) fn from_raw(status: i32) -> Self {
        match status & 0x7f {
            0 => Self::Code(status >> 8 & 0xff),
            signal => Self::Signal(signal),
        }
    }
}

impl From<ExitStatus> for Exit {
    fn from(status: ExitStatus) -> Self {
        Self::from_raw(std::os::unix::process::ExitStatusExt::into_raw(status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raw_status_is_a_code_or_a_signal() {
        assert_eq!(Exit::from_raw(3 << 8), Exit::Code(3));
        assert_eq!(Exit::from_raw(11 | 0x80), Exit::Signal(11), "with a core dump");
        assert_eq!(Exit::from_raw(40), Exit::Signal(40), "a real-time signal");
    }
}

//! The steps that a thread can make.

use std::panic::Location;

/// The number of an object that threads share: its place in the engine's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) usize);

/// For steps without an object.
pub(crate) const NONE: Id = Id(usize::MAX);

/// The place of a call in the explored source.
pub(crate) type Place = &'static Location<'static>;

/// What a thread does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// Starts. Quiet.
    Start,
    /// Ends the process, with all threads that are left.
    Exit,
    Print,
    Load,
    Store,
    /// Reads and writes an atomic in one step.
    Update,
    Fence,
    Lock,
    TryLock,
    LockShared,
    TryLockShared,
    Unlock,
    /// Releases a lock, and falls asleep until it is notified.
    Wait,
    /// Is asleep in a condition variable, and then wants this lock. With a timeout it may wake at any time.
    Asleep {
        lock: Id,
        timed: bool,
    },
    Notify,
    Send,
    TrySend,
    /// Waits until its message in a rendezvous, the one of this number, is received. Quiet.
    Offered(u64),
    /// Shows that it waits for a message of a rendezvous: `try_send` looks for that.
    Come,
    Receive {
        timed: bool,
    },
    TryReceive,
    /// Drops the last sender or the receiver of a channel.
    Close,
    Park {
        timed: bool,
    },
    Unpark,
    Arrive,
    /// Waits for the end of this generation of a barrier. Quiet.
    Pass(u64),
    /// Begins to initialise something that is initialised once, or finds it initialised.
    Once,
    /// Looks at whether it is initialised.
    Look,
    /// Has initialised it.
    Done,
    /// Waits for the end of a thread. Quiet.
    Join(usize),
    /// Waits for the threads of a scope. Quiet.
    EndScope,
}

/// What a thread does next, with what, and where in the source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) op: Op,
    pub(crate) object: Id,
    pub(crate) at: Place,
}

impl Op {
    /// Whether no other thread can see the step. It is made as soon as it can be, and is never a choice.
    pub(crate) fn is_quiet(self) -> bool {
        matches!(
            self,
            Self::Start | Self::Offered(_) | Self::Pass(_) | Self::Join(_) | Self::EndScope
        )
    }

    /// A number of its own for each kind of step.
    pub(crate) fn tag(self) -> u64 {
        match self {
            Self::Start => 1,
            Self::Exit => 2,
            Self::Print => 3,
            Self::Load => 4,
            Self::Store => 5,
            Self::Update => 6,
            Self::Fence => 7,
            Self::Lock => 8,
            Self::TryLock => 9,
            Self::LockShared => 10,
            Self::TryLockShared => 11,
            Self::Unlock => 12,
            Self::Wait => 13,
            Self::Asleep { timed, .. } => 14 + u64::from(timed),
            Self::Notify => 16,
            Self::Send => 17,
            Self::TrySend => 18,
            Self::Offered(number) => 1 << 32 | number,
            Self::Receive { timed } => 19 + u64::from(timed),
            Self::TryReceive => 21,
            Self::Close => 22,
            Self::Park { timed } => 23 + u64::from(timed),
            Self::Unpark => 25,
            Self::Arrive => 26,
            Self::Pass(generation) => 2 << 32 | generation,
            Self::Once => 27,
            Self::Look => 28,
            Self::Done => 29,
            Self::Join(thread) => 3 << 32 | thread as u64,
            Self::EndScope => 30,
            Self::Come => 31,
        }
    }
}

//! How processes wait for each other: what Python's `multiprocessing` has of the kind, by the same names.
//!
//! Make it first and fork then: parent and children share it, while a later copy would be a lock of its own. None of
//! it can be sent to a process that runs already.
//!
//! All of it outlives a process that is killed. A dead holder's lock goes to the next one, who is told
//! ([`AcquireError::Recovered`]); a dead waiter is missed by nobody. Who sleeps looks up ten times a second, so that
//! not even a process killed between a change and its notice leaves the others asleep. A thread holds 2048 locks and
//! permits at most, for the system gives no more of them back when it is killed.
//!
//! | want to know | read |
//! |---|---|
//! | one at a time | `lock.rs`, `rlock.rs` |
//! | so many at a time | `semaphore.rs` |
//! | wait until something holds | `condition.rs`, `event.rs` |
//! | wait for all the others | `barrier.rs` |
//! | how a process sleeps and is woken | `event_count.rs`, and `deadline.rs` |
//! | what an acquire tells besides | `acquire.rs` |
//! | what a lock is | `sys/lock_array.rs`, `sys/mutex.rs` |

mod barrier;
mod condition;
mod event;
pub(crate) mod event_count;
mod lock;
mod rlock;
mod semaphore;

pub use self::barrier::Barrier;
pub use self::condition::{Condition, ConditionGuard};
pub use self::event::Event;
pub use self::lock::{Lock, LockGuard};
pub use self::rlock::{RLock, RLockGuard};
pub use self::semaphore::{BoundedPermit, BoundedSemaphore, Permit, Semaphore};
pub use crate::acquire::AcquireError;

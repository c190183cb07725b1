//! How processes wait for each other: what Python's `multiprocessing` has for this, by the same names.
//!
//! Make a lock first and fork then: parent and children share it, and a child that was forked earlier does not have it.
//! None of these types can be sent to a process that is already running.
//!
//! All of them survive the death of a process. When a holder dies, its lock goes to the next process, which learns of
//! it ([`AcquireError::Recovered`]). When a waiter dies, the others do not miss it. A sleeping process checks its
//! condition ten times a second, because the process that should wake it may be killed just before it does. A thread
//! can hold at most 2048 locks and permits, because the kernel releases no more of them if the thread is killed.
//!
//! A child has none of its parent's locks, so [`fork`](crate::fork()) refuses while the caller holds one. Other
//! functions that fork, such as daemon(3), do not: drop all guards before you call them.
//!
//! A lock knows its holder by a thread id. In different PID namespaces two threads may have the same one. While one
//! of them holds the lock, the other's acquire fails as if it held the lock itself. So processes of different PID
//! namespaces must share nothing of this module, no queue and no pool.
//!
//! | want to know | read |
//! |---|---|
//! | one at a time | `lock.rs`, `rlock.rs` |
//! | a fixed number at a time | `semaphore.rs` |
//! | wait until something holds | `condition.rs`, `event.rs` |
//! | wait for all the others | `barrier.rs` |
//! | how a process sleeps and is woken | `event_count.rs`, and `deadline.rs` |
//! | what an acquire returns besides a guard | `acquire.rs` |
//! | what a lock is | `sys/lock_array.rs`, `sys/mutex.rs` |

mod acquire;
mod barrier;
mod condition;
mod event;
pub(crate) mod event_count;
mod lock;
mod rlock;
mod semaphore;

pub use self::acquire::AcquireError;
pub use self::barrier::Barrier;
pub use self::condition::{Condition, ConditionGuard};
pub use self::event::Event;
pub use self::lock::{Lock, LockGuard};
pub use self::rlock::{RLock, RLockGuard};
pub use self::semaphore::{BoundedSemaphore, Permit, Semaphore};

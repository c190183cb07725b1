//! How do programs stop for ever, and how not?
//!
//! Threads that hold locks and wait for locks can form a circle. Then no thread of the circle ever goes on.

mod ab_ba; // Two threads, two locks: who waits for whom?
mod all_hold_one; // What if each philosopher holds one fork?
mod bankers; // May this request be granted, or could all be stuck later?
mod detector; // Which thread holds what, and wants what?
mod lock_order; // The same threads and locks, in one order: can they stop?
mod ordered_forks; // What if each philosopher takes the lower fork first?
mod philosophers; // Three philosophers, three forks: can they stop?
mod self_deadlock; // How does a thread wait for itself?
mod timeout; // What if a thread gives up, and tries again?
mod watched; // Which threads can never go on?
mod which_lock; // A program hangs: which lock is it?

use std::process::ExitCode;

use shared::lesson;

/// The watchdog ends a scene whose threads can never go on, and names them.
fn main() -> ExitCode {
    watched::run(|| {
        lesson::run(&[
            ("ab-ba", ab_ba::scene),
            ("lock-order", lock_order::scene),
            ("detector", detector::scene),
            ("livelock --rounds 3", timeout::livelock),
            ("timeout", timeout::scene),
            ("self-deadlock", self_deadlock::scene),
            ("dropped-first", self_deadlock::dropped_first),
            ("philosophers", philosophers::scene),
            ("all-hold-one", all_hold_one::scene),
            ("ordered-forks", ordered_forks::scene),
            ("which-lock --seconds 0", which_lock::scene),
            ("bankers", bankers::scene),
        ])
    })
}

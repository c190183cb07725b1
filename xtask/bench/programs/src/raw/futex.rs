//! Sleeps until another process changes a number, see futex(2).

use std::hint;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::Mapping;

/// Sleeps until it is woken, if the number still is `value`.
fn sleep_while(number: &AtomicU32, value: u32) {
    let forever = ptr::null::<libc::timespec>();
    // SAFETY: the address is valid while the reference is, and the kernel only reads there.
    unsafe { libc::syscall(libc::SYS_futex, number.as_ptr(), libc::FUTEX_WAIT, value, forever) };
}

/// Wakes all threads that sleep there.
fn wake(number: &AtomicU32) {
    // SAFETY: the kernel takes the address as a name, and neither reads nor writes there.
    unsafe { libc::syscall(libc::SYS_futex, number.as_ptr(), libc::FUTEX_WAKE, i32::MAX) };
}

const CLEAR: u32 = 0;
const SET: u32 = 1;

/// An event between two processes. Each call of `set` is a system call, and so is each wait.
#[repr(transparent)]
#[derive(Default)]
pub struct Event(AtomicU32);

impl Event {
    /// The event at the start of a mapping; it is not set.
    pub fn at_start_of(mapping: &Mapping) -> &Self {
        // SAFETY: it is an atomic, and zero means that it is not set.
        unsafe { mapping.start() }
    }

    /// Sets it, and wakes the waiting process.
    pub fn set(&self) {
        self.0.store(SET, Ordering::SeqCst);
        wake(&self.0);
    }

    /// Waits until it is set, and clears it.
    pub fn wait_and_clear(&self) {
        while self.0.swap(CLEAR, Ordering::SeqCst) != SET {
            sleep_while(&self.0, CLEAR);
        }
    }
}

/// Wakes the processes that wait for a change, if any of them sleeps.
#[derive(Default)]
#[repr(C, align(128))]
pub(super) struct Bell {
    rings: AtomicU32,
    sleepers: AtomicU32,
}

impl Bell {
    /// Waits until `ready`: first it spins, then it yields, then it sleeps.
    pub(super) fn wait(&self, ready: impl Fn() -> bool) {
        for look in 0..120 {
            if ready() {
                return;
            }
            if look < 100 { hint::spin_loop() } else { thread::yield_now() }
        }
        loop {
            let heard = self.rings.load(Ordering::SeqCst);
            self.sleepers.fetch_add(1, Ordering::SeqCst);
            if ready() {
                return;
            }
            sleep_while(&self.rings, heard);
            if ready() {
                return;
            }
        }
    }

    /// Call this after the change.
    pub(super) fn ring(&self) {
        if self.sleepers.load(Ordering::SeqCst) != 0 && self.sleepers.swap(0, Ordering::SeqCst) != 0
        {
            self.rings.fetch_add(1, Ordering::SeqCst);
            wake(&self.rings);
        }
    }
}

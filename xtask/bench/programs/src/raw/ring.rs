//! Messages of one size, in a ring under a robust mutex: the simplest queue that survives a killed process.

use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

use super::futex::Bell;
use super::{Mapping, Mutex};

#[repr(C)]
struct Head {
    mutex: Mutex,
    /// How many messages have been taken out, and put in.
    taken: AtomicU32,
    put: AtomicU32,
    filled: Bell,
    emptied: Bell,
}

/// A ring with room for a number of messages of one size.
pub struct Ring {
    mapping: Mapping,
    capacity: u32,
    size: usize,
}

impl Ring {
    /// An empty ring. The capacity is a power of two, so that the counts may overflow.
    pub fn new(capacity: u32, size: usize) -> Self {
        assert!(capacity.is_power_of_two());
        let mapping = Mapping::new(size_of::<Head>() + capacity as usize * size);
        let ring = Self { mapping, capacity, size };
        ring.head().mutex.make();
        ring
    }

    fn head(&self) -> &Head {
        // SAFETY: the fields are atomics, and a mutex that `new` initialises before it is locked.
        unsafe { self.mapping.start() }
    }

    fn slot(&self, count: u32) -> *mut u8 {
        self.mapping.at(size_of::<Head>() + (count % self.capacity) as usize * self.size)
    }

    fn len(&self) -> u32 {
        let Head { taken, put, .. } = self.head();
        put.load(Ordering::SeqCst).wrapping_sub(taken.load(Ordering::SeqCst))
    }

    /// Puts a message in, if there is room.
    #[inline]
    pub fn try_put(&self, message: &[u8]) -> bool {
        assert!(message.len() <= self.size);
        let head = self.head();
        let done = head.mutex.with(|| {
            let room = self.len() < self.capacity;
            if room {
                let put = head.put.load(Ordering::Relaxed);
                let length = message.len();
                // SAFETY: the slot has room for it, and is ours: it is free, and we hold the mutex.
                unsafe { ptr::copy_nonoverlapping(message.as_ptr(), self.slot(put), length) };
                head.put.store(put.wrapping_add(1), Ordering::SeqCst);
            }
            room
        });
        if done {
            head.filled.ring();
        }
        done
    }

    /// Takes the next message out, if there is one.
    #[inline]
    pub fn try_get(&self, message: &mut [u8]) -> bool {
        assert!(message.len() <= self.size);
        let head = self.head();
        let done = head.mutex.with(|| {
            let any = self.len() > 0;
            if any {
                let taken = head.taken.load(Ordering::Relaxed);
                let length = message.len();
                // SAFETY: the slot has this many bytes, and is ours: it is full, and we hold the mutex.
                unsafe { ptr::copy_nonoverlapping(self.slot(taken), message.as_mut_ptr(), length) };
                head.taken.store(taken.wrapping_add(1), Ordering::SeqCst);
            }
            any
        });
        if done {
            head.emptied.ring();
        }
        done
    }

    /// Puts a message in, as soon as there is room.
    #[inline]
    pub fn put(&self, message: &[u8]) {
        while !self.try_put(message) {
            self.head().emptied.wait(|| self.len() < self.capacity);
        }
    }

    /// Takes the next message out, as soon as there is one.
    #[inline]
    pub fn get(&self, message: &mut [u8]) {
        while !self.try_get(message) {
            self.head().filled.wait(|| self.len() > 0);
        }
    }
}

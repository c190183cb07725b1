//! The explored program at one moment: its threads, what they share, and what was printed.
//!
//! The steps of the threads change it. What is asked about it changes nothing: which steps are possible
//! (`enabled.rs`), whether it is known from another schedule (`fingerprint.rs`), and what it is in words
//! (`describe.rs`). What its threads know of each other is in `knowledge.rs`.

mod describe;
mod enabled;
mod fingerprint;
mod knowledge;
mod names;

use super::hash::{self, mix};
use super::objects::holder::Holder;
use super::objects::{Object, Objects};
use super::op::{Id, Place, Point};
use super::thread::Thread;
use crate::memory::VectorClock;
use crate::report::{Memory, Panic};

pub(crate) struct State {
    threads: Vec<Thread>,
    /// The thread that runs.
    me: usize,
    objects: Objects,
    stdout: Stdout,
    memory: Memory,
    /// What all `SeqCst` fences have known. Only with weak memory.
    fences: VectorClock,
    /// Whether a thread has yielded.
    has_yielded: bool,
}

/// What was printed.
struct Stdout {
    text: String,
    hash: u64,
    /// What the last thread that printed knew. Only with weak memory.
    clock: VectorClock,
}

impl State {
    /// Without a thread.
    pub(super) const fn new(memory: Memory) -> Self {
        Self {
            threads: Vec::new(),
            me: 0,
            objects: Objects::new(),
            stdout: Stdout { text: String::new(), hash: 0, clock: VectorClock::new() },
            memory,
            fences: VectorClock::new(),
            has_yielded: false,
        }
    }

    /// Forgets all but the memory model.
    pub(super) fn clear(&mut self) {
        self.threads.clear();
        self.me = 0;
        self.objects.clear();
        self.stdout.text.clear();
        self.stdout.hash = 0;
        self.stdout.clock = VectorClock::new();
        self.fences = VectorClock::new();
        self.has_yielded = false;
    }

    /// Adds a thread, and returns its number.
    #[inline]
    pub(super) fn add(&mut self, thread: Thread) -> usize {
        self.threads.push(thread);
        self.threads.len() - 1
    }

    /// Adds an object that this thread makes.
    #[inline]
    pub(crate) fn make(&mut self, kind: &'static str, object: Object, made: Place) -> Id {
        let name = self.this().name_object();
        self.objects.add((kind, object), made, name)
    }

    /// The number of the thread that runs.
    #[inline]
    pub(crate) fn me(&self) -> usize {
        self.me
    }

    /// The thread that runs.
    #[inline]
    pub(crate) fn this(&mut self) -> &mut Thread {
        self.threads.get_mut(self.me).expect("only a program that is explored can do this")
    }

    /// This thread, as one that takes an object here.
    #[inline]
    pub(crate) fn holder(&self, at: Place) -> Holder {
        Holder { thread: self.me, at }
    }

    #[inline]
    pub(crate) fn thread(&mut self, number: usize) -> &mut Thread {
        &mut self.threads[number]
    }

    #[inline]
    pub(super) fn threads(&self) -> &[Thread] {
        &self.threads
    }

    #[inline]
    pub(crate) fn objects(&mut self) -> &mut Objects {
        &mut self.objects
    }

    /// From now on, this thread runs.
    #[inline]
    pub(super) fn run(&mut self, thread: usize) {
        self.me = thread;
    }

    /// Notes where the thread that runs has come.
    #[inline]
    pub(super) fn arrive(&mut self, point: Point) {
        self.threads[self.me].arrive(point);
    }

    /// Notes that this thread lets others go first, or has waited in vain.
    pub(crate) fn yields(&mut self) {
        self.has_yielded = true;
        self.this().yields();
    }

    /// Notes that a thread is about to act: the others may yield again.
    #[inline]
    pub(super) fn acts(&mut self, number: usize) {
        if self.has_yielded {
            for (other, thread) in self.threads.iter_mut().enumerate() {
                if other != number {
                    thread.reset_yields();
                }
            }
        }
    }

    /// Wakes a thread that is asleep in a condition variable.
    pub(crate) fn wake(&mut self, condvar: Id, waiter: usize) {
        self.objects.condvar(condvar).remove(waiter);
        self.threads[waiter].wake();
    }

    /// Notes that this thread has ended.
    pub(super) fn end_thread(&mut self) {
        let thread = self.this();
        thread.end();
        if let Some(scope) = thread.scope() {
            self.objects.scope(scope).thread_ends();
        }
    }

    /// Prints the text that this thread has prepared.
    pub(super) fn print(&mut self) {
        let this = &mut self.threads[self.me];
        if self.memory == Memory::Weak {
            // A thread that prints holds the lock of stdout.
            this.knowledge().meet(self.me, &mut self.stdout.clock);
        }
        self.stdout.text.push_str(this.text());
        self.stdout.hash = mix(self.stdout.hash, hash::text(this.text()));
    }

    /// What was printed so far.
    pub(super) fn output(&self) -> &str {
        &self.stdout.text
    }

    /// The panics of threads other than main.
    pub(super) fn panics(&self) -> Vec<Panic> {
        self.threads.iter().skip(1).filter_map(|thread| thread.panic().cloned()).collect()
    }
}

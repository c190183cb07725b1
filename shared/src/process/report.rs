//! What a child leaves to its parent: its exit code, and the message if it panicked.
//!
//! The kernel knows nothing of a message. It keeps the code, but only for the first call that reaps the child, and
//! another part of the program may make that call. The report is in memory that parent and child share. A pipe would
//! cost each child two descriptors, and more time.

use std::any::Any;
use std::mem;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Result;
use crate::sys::{Arena, AtomicWords, fork_count, others_may_reap};

/// How many bytes of a message are kept. A longer one is cut.
const MAX_MESSAGE: usize = 4096;

// The indices of what the words hold.
const CODE: usize = 0;
const LENGTH: usize = 1;
const TEXT: usize = 2;
const WORDS: usize = TEXT + MAX_MESSAGE;

/// How many reports share a mapping.
const REPORTS_PER_MAPPING: usize = 8;

/// Room for one child's code and message.
#[derive(Debug)]
pub(crate) struct Report {
    /// The code plus 1, the message's length plus 1, and then a word for each byte of the message. A number that has
    /// not been written is 0. The system provides a page of this memory only when that page is used.
    words: AtomicWords,
    /// [`fork_count`] of the parent. The child's is one more.
    forks: u32,
    /// Whether the kernel's copy of the code may be lost. The first touch of shared memory takes a child 7 µs, so it
    /// writes its code only then.
    needs_code: bool,
}

/// Memory for this process's next reports.
#[derive(Debug)]
struct Store {
    /// From the report of the child that has been reaped last. To map and unmap memory takes 7 µs.
    spare: Option<AtomicWords>,
    /// Where else a report gets its memory: siblings share a mapping.
    arena: Arena,
    /// How many reports the arena still has room for.
    left: usize,
    /// [`fork_count`] of the process that the memory is for. In a forked child that is its parent at first.
    forks: u32,
}

/// A number other than 0 places it on a page that is written to anyway: see `sys/fork_count.rs`.
static STORE: Mutex<Store> = Mutex::new(Store::of(u32::MAX));

fn store() -> MutexGuard<'static, Store> {
    STORE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    const fn of(forks: u32) -> Self {
        Self { spare: None, arena: Arena::empty(), left: 0, forks }
    }

    fn words(&mut self) -> Result<AtomicWords> {
        if let Some(words) = self.spare.take() {
            words[CODE].store(0, Ordering::Relaxed);
            words[LENGTH].store(0, Ordering::Relaxed);
            return Ok(words);
        }
        if self.left == 0 {
            self.arena = Arena::new(REPORTS_PER_MAPPING * AtomicWords::footprint(WORDS));
            self.left = REPORTS_PER_MAPPING;
        }
        self.left -= 1;
        Ok(AtomicWords::new_in(&mut self.arena, WORDS)?)
    }
}

impl Report {
    /// An empty one, for the next child.
    pub(crate) fn new() -> Result<Self> {
        let forks = fork_count();
        let mut store = store();
        if store.forks != forks {
            *store = Store::of(forks);
        }
        Ok(Self { words: store.words()?, forks, needs_code: others_may_reap() })
    }

    /// Runs in the child, before it ends with this code.
    pub(crate) fn write_code(&self, code: i32) {
        if self.needs_code && self.is_own() {
            self.words[CODE].store(1 + code as u64, Ordering::Release);
        }
    }

    /// Runs in the child, when it has panicked.
    pub(crate) fn write_message(&self, text: &str) {
        if self.is_own() {
            for (word, byte) in self.words[TEXT..].iter().zip(text.bytes()) {
                word.store(byte.into(), Ordering::Relaxed);
            }
            self.words[LENGTH].store(1 + text.len() as u64, Ordering::Release);
        }
    }

    /// Whether this is the child itself. Its own children inherit the report, and must not write into it.
    fn is_own(&self) -> bool {
        fork_count() == self.forks + 1
    }

    /// The code that the child has written. It must have ended.
    pub(crate) fn code(&self) -> Option<i32> {
        self.number(CODE).map(|code| code as i32)
    }

    /// The message that the child has written. It must have ended.
    pub(crate) fn message(&self) -> Option<String> {
        let length = self.number(LENGTH)? as usize;
        let words = self.words[TEXT..].iter().take(length);
        let bytes: Vec<u8> = words.map(|word| word.load(Ordering::Relaxed) as u8).collect();
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn number(&self, index: usize) -> Option<u64> {
        self.words[index].load(Ordering::Acquire).checked_sub(1)
    }

    /// Keeps its memory for the next child.
    pub(crate) fn keep(self) {
        let mut store = store();
        if store.forks == self.forks {
            store.spare = Some(self.words);
        }
    }
}

/// The message of a panic that was caught, cut to the length that a report has room for.
pub(crate) fn panic_message(panic: Box<dyn Any + Send>) -> String {
    let mut text = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => {
            mem::forget(panic); // Its destructor may panic as well, and no one would catch that.
            "a value that is no text".to_owned()
        }
    };
    text.truncate(text.floor_char_boundary(MAX_MESSAGE));
    text
}

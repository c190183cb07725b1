//! What a child leaves to its parent: its exit code, and the message if it panicked.
//!
//! The kernel knows nothing of a message. It keeps the code, but only for the first call that reaps the child, and
//! another part of the program may make that call. The report is in memory that parent and child share. A pipe would
//! cost each child two descriptors, and more time.

use std::any::Any;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use crate::Result;
use crate::sys::{AtomicWords, fork_count, others_may_reap};

/// How many bytes of a message are kept. A longer one is cut.
const MAX_MESSAGE: usize = 4096;

// The indices of what the words hold.
const CODE: usize = 0;
const LENGTH: usize = 1;
const TEXT: usize = 2;

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

/// The report of a child that has ended, kept for the next child: mapping and unmapping memory takes 9 µs, where a fork
/// takes 150.
static SPARE: Mutex<Option<Report>> = Mutex::new(None);

fn spare() -> Option<Report> {
    SPARE.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl Report {
    /// An empty one, for the next child.
    pub(crate) fn new() -> Result<Self> {
        let forks = fork_count();
        let needs_code = others_may_reap();
        // In a forked child the spare one is the parent's, for another child.
        if let Some(report) = spare().filter(|report| report.forks == forks) {
            report.words[CODE].store(0, Ordering::Relaxed);
            report.words[LENGTH].store(0, Ordering::Relaxed);
            return Ok(Self { needs_code, ..report });
        }
        Ok(Self { words: AtomicWords::new(TEXT + MAX_MESSAGE)?, forks, needs_code })
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

    /// What the child wrote: its code and its message. It must have ended.
    pub(crate) fn finish(self) -> (Option<i32>, Option<String>) {
        let number = |index: usize| self.words[index].load(Ordering::Acquire).checked_sub(1);
        let code = number(CODE).map(|code| code as i32);
        let message = number(LENGTH).map(|length| {
            let words = self.words[TEXT..].iter().take(length as usize);
            let bytes: Vec<u8> = words.map(|word| word.load(Ordering::Relaxed) as u8).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        });
        *SPARE.lock().unwrap_or_else(PoisonError::into_inner) = Some(self);
        (code, message)
    }
}

/// A panic's message, cut to the length that a report has room for.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text.as_str(),
        _ => "a value that is no text",
    };
    &text[..text.floor_char_boundary(MAX_MESSAGE)]
}

//! What a child that panics leaves to its parent: the text.
//!
//! It stands in memory that both have. A pipe would cost each child two descriptors, and the parent more time.

use std::any::Any;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use crate::sys::AtomicWords;
use crate::{Result, descriptor};

/// How many bytes of a text are kept.
const ROOM: usize = 4096;

/// Room for one child's text.
#[derive(Debug)]
pub(crate) struct Report {
    /// The length and 1, or 0 while there is no text; then a word for each byte. The system gives it a page of memory
    /// only when that is touched.
    words: AtomicWords,
    /// The parent's.
    generation: u32,
}

/// That of a child that has ended, for the next one: to map memory and unmap it takes some 9 µs, where fork takes 150.
static SPARE: Mutex<Option<Report>> = Mutex::new(None);

fn spare() -> Option<Report> {
    SPARE.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl Report {
    /// An empty one, for the next child.
    pub(crate) fn new() -> Result<Self> {
        let generation = descriptor::generation();
        // In a forked child the spare one is the parent's, for another child.
        if let Some(report) = spare().filter(|report| report.generation == generation) {
            report.words[0].store(0, Ordering::Relaxed);
            return Ok(report);
        }
        Ok(Self { words: AtomicWords::new(1 + ROOM)?, generation })
    }

    /// Runs in the child. A child of that child has it too, and nothing to say here.
    pub(crate) fn write(&self, text: &str) {
        if descriptor::generation() != self.generation + 1 {
            return;
        }
        for (word, byte) in self.words[1..].iter().zip(text.bytes()) {
            word.store(byte.into(), Ordering::Relaxed);
        }
        self.words[0].store(1 + text.len() as u64, Ordering::Release);
    }

    /// What the child wrote. It must have ended, and been reaped.
    pub(crate) fn finish(self) -> Option<String> {
        let length = self.words[0].load(Ordering::Acquire);
        let text = length.checked_sub(1).map(|length| {
            let words = self.words[1..].iter().take(length as usize);
            let bytes: Vec<u8> = words.map(|word| word.load(Ordering::Relaxed) as u8).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        });
        *SPARE.lock().unwrap_or_else(PoisonError::into_inner) = Some(self);
        text
    }
}

/// A panic's text, as far as a report has room for it.
pub(crate) fn message(panic: &(dyn Any + Send)) -> &str {
    let text = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text.as_str(),
        _ => "a value that is no text",
    };
    &text[..text.floor_char_boundary(ROOM)]
}

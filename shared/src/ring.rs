//! Messages in shared memory, first in, first out: what queues and pools are built on.
//!
//! ```text
//!            head                        tail
//!             ▼                           ▼
//! ┌─────────┬─────────┬─────────┬─────────┬─────────────────┐
//! │  free   │ message │ message │ message │      free       │  words, used in a circle
//! └─────────┴─────────┴─────────┴─────────┴─────────────────┘
//!   readers take here ─▶                    writers put here ─▶
//! ```
//!
//! A writer copies its message into the free words first, and moves the tail last, by one atomic store. That store
//! makes the message exist. A reader copies the message out first, and moves the head last. So a process that is killed
//! at any point leaves a complete message or none, and there is nothing to repair.
//!
//! Writers have a lock and readers have another, so a writer and a reader never wait for each other's copying. The
//! kernel releases both when their holder is killed (`sys/mutex.rs`).

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::deadline::{is_over, with_grace};
use crate::sync::event_count::EventCount;
use crate::sys::{self, Arena, AtomicWords, CellGuard, LockArray, MutexKind, RingHeader, Sealed};
use crate::{Error, Result};

/// The index of the lock that a process holds while it puts a message.
const WRITERS: usize = 0;
/// The index of the lock that a process holds while it takes a message.
const READERS: usize = 1;

const WORD: usize = size_of::<u64>();
/// So that the words in use can be counted with 32 bits.
const MAX_WORDS: usize = 1 << 31;

/// A ring buffer of words. A message takes one word for its length in bytes, and then as many words as its bytes need.
#[derive(Debug)]
pub(crate) struct Ring {
    /// The two locks, `WRITERS` and `READERS`. What they guard, the head and the words, is atomic, so it is not inside.
    locks: LockArray<RingHeader, ()>,
    /// Their number is a power of two, so that a cursor still leads to the right word when it has wrapped around.
    words: AtomicWords,
    /// The largest number of messages.
    capacity: u32,
}

/// A position in the stream of messages: the number of messages before it, and the number of words. Both wrap around.
///
/// One atomic word holds both, so that no process ever sees one of them moved and the other not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    messages: u32,
    words: u32,
}

impl Cursor {
    /// Acquire: what was copied before the cursor was moved here is visible from now on.
    fn load(from: &AtomicU64) -> Self {
        let both = from.load(Ordering::Acquire);
        Self { messages: (both >> u32::BITS) as u32, words: both as u32 }
    }

    /// Release: what was copied until now is visible to those who load the cursor.
    fn store(self, into: &AtomicU64) {
        let both = u64::from(self.messages) << u32::BITS | u64::from(self.words);
        into.store(both, Ordering::Release);
    }

    /// Behind a message of `words` words.
    fn advance(self, words: u32) -> Self {
        Self { messages: self.messages.wrapping_add(1), words: self.words.wrapping_add(words) }
    }
}

/// The words that a message of `bytes` bytes takes.
fn words_needed(bytes: usize) -> usize {
    1 + bytes.div_ceil(WORD)
}

/// The words of a ring with room for `bytes` bytes.
fn words_of_ring(bytes: usize) -> Result<usize> {
    match bytes.div_ceil(WORD) {
        words if words <= MAX_WORDS => Ok(words.next_power_of_two().max(2)),
        _ => Err(Error::System {
            call: "making a queue",
            source: io::Error::other("it cannot have more than 16 GiB"),
        }),
    }
}

impl Ring {
    /// An empty ring for at most `capacity` messages that take up `bytes`, rounded up to a power of two.
    pub(crate) fn new(capacity: u32, bytes: usize) -> Result<Self> {
        Self::new_in(&mut Arena::new(Self::footprint(bytes)?), capacity, bytes)
    }

    /// The same, in an arena.
    pub(crate) fn new_in(arena: &mut Arena, capacity: u32, bytes: usize) -> Result<Self> {
        let words = AtomicWords::new_in(arena, words_of_ring(bytes)?)?;
        let locks = LockArray::new_in(arena, RingHeader::default(), 2, (), MutexKind::ErrorCheck)?;
        Ok(Self { locks, words, capacity })
    }

    /// The bytes of an arena that a ring with room for `bytes` bytes takes.
    pub(crate) fn footprint(bytes: usize) -> Result<usize> {
        let words = AtomicWords::footprint(words_of_ring(bytes)?);
        Ok(words + LockArray::<RingHeader, ()>::footprint(2))
    }

    /// Memory of an empty ring for `bytes` bytes, to be handed to other processes: [`Ring::of`].
    pub(crate) fn sealed(bytes: usize) -> Result<[Sealed; 2]> {
        let locks = LockArray::sealed(RingHeader::default(), 2, (), MutexKind::ErrorCheck)?;
        Ok([locks, Sealed::new(words_of_ring(bytes)? * WORD)?])
    }

    /// The ring in that memory. All processes must give the same capacity.
    pub(crate) fn of([locks, words]: &[Sealed; 2], capacity: u32) -> Result<Self> {
        let ring =
            Self { locks: LockArray::of(locks, 2)?, words: AtomicWords::of(words)?, capacity };
        assert!(ring.words.len().is_power_of_two(), "the memory has not the length of a ring");
        Ok(ring)
    }

    /// Appends a message as soon as there is room for it, and returns its number.
    ///
    /// [`Error::Full`] at the deadline (`None`: wait for ever), [`Error::Closed`], or [`Error::TooLarge`].
    pub(crate) fn put(&self, message: &[u8], deadline: Option<Instant>) -> Result<u32> {
        let room = (self.words.len() - 1) * WORD;
        if message.len() > room {
            return Err(Error::TooLarge { size: message.len(), room });
        }
        let needed = words_needed(message.len()) as u32;
        let put = |_| {
            if self.is_closed() {
                return Err(Error::Closed);
            }
            if !self.has_room(needed) {
                return Ok(None);
            }
            let tail = Cursor::load(&self.header().tail);
            self.write(tail.words, message);
            tail.advance(needed).store(&self.header().tail); // From here on the message exists.
            Ok(Some(tail.messages))
        };
        let is_ready = || self.is_closed() || self.has_room(needed);
        match self.wait(WRITERS, self.freed(), deadline, is_ready, put)? {
            Some(number) => {
                self.arrived().notify(1);
                Ok(number)
            }
            None if self.is_closed() => Err(Error::Closed),
            None => Err(Error::Full { size: self.len() }),
        }
    }

    /// Takes the first message as soon as there is one, and writes it over what `message` contains.
    ///
    /// Just before the message is gone from the ring, `claim` is called with its number, and with whether the last
    /// holder of the lock was killed while it held it. That process may have claimed the same message.
    ///
    /// [`Error::Empty`] at the deadline (`None`: wait for ever), or [`Error::Closed`] if it is closed and empty.
    pub(crate) fn get(
        &self,
        message: &mut Vec<u8>,
        deadline: Option<Instant>,
        mut claim: impl FnMut(u32, bool),
    ) -> Result<()> {
        let get = |is_recovered| {
            // In this order: a message that was put before the closing must be seen.
            let is_closed = self.is_closed();
            if self.is_empty() {
                return if is_closed { Err(Error::Closed) } else { Ok(None) };
            }
            let head = Cursor::load(&self.header().head);
            self.read(head.words, message);
            claim(head.messages, is_recovered);
            let needed = words_needed(message.len()) as u32;
            head.advance(needed).store(&self.header().head); // From here on the message is gone.
            Ok(Some(()))
        };
        let is_ready = || self.is_closed() || !self.is_empty();
        match self.wait(READERS, self.arrived(), deadline, is_ready, get)? {
            Some(()) => {
                self.freed().notify(1);
                Ok(())
            }
            None if self.is_closed() && self.is_empty() => Err(Error::Closed),
            None => Err(Error::Empty),
        }
    }

    /// Attempts a `put` or a `get`, under the lock of its side, until it succeeds or the deadline is over: `None`.
    ///
    /// In between it waits without the lock, until `is_ready` says that a further attempt can succeed.
    fn wait<N>(
        &self,
        side: usize,
        changes: EventCount<'_>,
        deadline: Option<Instant>,
        is_ready: impl Fn() -> bool,
        mut attempt: impl FnMut(bool) -> Result<Option<N>>,
    ) -> Result<Option<N>> {
        loop {
            let Some((guard, is_recovered)) = self.lock(side, deadline)? else {
                return Ok(None); // A stopped process holds it.
            };
            if let Some(done) = attempt(is_recovered)? {
                return Ok(Some(done));
            }
            drop(guard);
            if is_over(deadline) {
                return Ok(None);
            }
            if !EventCount::spin(&is_ready) {
                // Before the last check, so that a notice between that check and the sleep ends the sleep.
                let epoch = changes.prepare_wait();
                if !is_ready() {
                    changes.sleep(epoch, deadline);
                }
            }
        }
    }

    /// The lock of a side, and whether its last holder was killed while it held it; `None` if a stopped process still
    /// holds it some time after the deadline, see [`with_grace`].
    fn lock(
        &self,
        side: usize,
        deadline: Option<Instant>,
    ) -> Result<Option<(CellGuard<'_, ()>, bool)>> {
        // Most often it is free, and the clock need not be read.
        let lock = self
            .locks
            .try_lock(side)
            .transpose()
            .unwrap_or_else(|| self.locks.lock(side, with_grace(deadline)));
        match lock {
            Ok(guard) => {
                let is_recovered = guard.owner_died();
                Ok(Some((guard, is_recovered)))
            }
            Err(sys::Error::TimedOut) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Refuses further messages. Those that are there can still be taken.
    pub(crate) fn close(&self) {
        // Under the writers' lock, so that no message comes after a reader has seen the ring closed and empty. If a
        // stopped writer holds it, close without: its message may still come.
        let guard = self.lock(WRITERS, Some(Instant::now()));
        self.header().is_closed.store(1, Ordering::SeqCst);
        drop(guard);
        self.arrived().notify_all();
        self.freed().notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.header().is_closed.load(Ordering::SeqCst) != 0
    }

    /// The number of messages at this moment.
    pub(crate) fn len(&self) -> usize {
        // The head first: it never overtakes the tail, so 0 is true. Any other number may be too large, since others
        // may move both between the two loads.
        let head = Cursor::load(&self.header().head);
        let messages = Cursor::load(&self.header().tail).messages.wrapping_sub(head.messages);
        messages.min(self.capacity) as usize
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn capacity(&self) -> u32 {
        self.capacity
    }

    /// Whether the message of this number has been taken.
    pub(crate) fn is_taken(&self, number: u32) -> bool {
        Cursor::load(&self.header().head).messages.wrapping_sub(number).cast_signed() > 0
    }

    /// Whether a message of `needed` words fits now. Without the writers' lock, `true` may be out of date.
    fn has_room(&self, needed: u32) -> bool {
        // The tail first. Both only move forward, so the older tail makes the ring look emptier, never fuller. Without
        // the lock, the head may have overtaken that tail: then the difference wraps around, and there was room in
        // between.
        let tail = Cursor::load(&self.header().tail);
        let head = Cursor::load(&self.header().head);
        let used = tail.words.wrapping_sub(head.words) as usize;
        used > MAX_WORDS
            || tail.messages.wrapping_sub(head.messages) < self.capacity
                && used + needed as usize <= self.words.len()
    }

    /// The index of the word at a position.
    fn index(&self, words: u32) -> usize {
        words as usize & (self.words.len() - 1)
    }

    /// `length` words from a position on: those up to the end of the memory, and the rest from its beginning.
    fn span(&self, at: u32, length: usize) -> (&[AtomicU64], &[AtomicU64]) {
        let (before, from) = self.words.split_at(self.index(at));
        let first = length.min(from.len());
        (&from[..first], &before[..length - first])
    }

    // The words are loaded and stored with Relaxed: the cursor that is moved afterwards orders them.

    /// Copies a message, its length first, to where the tail is.
    fn write(&self, at: u32, message: &[u8]) {
        self.words[self.index(at)].store(message.len() as u64, Ordering::Relaxed);
        let (eights, rest) = message.as_chunks();
        let (first, second) = self.span(at.wrapping_add(1), eights.len());
        let (for_first, for_second) = eights.split_at(first.len());
        for (words, eights) in [(first, for_first), (second, for_second)] {
            for (word, eight) in words.iter().zip(eights) {
                word.store(u64::from_ne_bytes(*eight), Ordering::Relaxed);
            }
        }
        if !rest.is_empty() {
            let mut last = [0; WORD];
            last[..rest.len()].copy_from_slice(rest);
            let end = at.wrapping_add(1 + eights.len() as u32);
            self.words[self.index(end)].store(u64::from_ne_bytes(last), Ordering::Relaxed);
        }
    }

    /// Copies the message that is at the head.
    fn read(&self, at: u32, message: &mut Vec<u8>) {
        let length = self.words[self.index(at)].load(Ordering::Relaxed) as usize;
        let padded = length.next_multiple_of(WORD);
        let (first, second) = self.span(at.wrapping_add(1), padded / WORD);
        let load = |word: &AtomicU64| word.load(Ordering::Relaxed).to_ne_bytes();
        if message.capacity() < padded {
            // Into new memory, which need not be filled with zeros first.
            *message = first.iter().chain(second).map(load).collect::<Vec<_>>().into_flattened();
        } else {
            message.resize(padded, 0);
            let (eights, _) = message.as_chunks_mut();
            let (for_first, for_second) = eights.split_at_mut(first.len());
            for (words, eights) in [(first, for_first), (second, for_second)] {
                words.iter().zip(eights).for_each(|(word, eight)| *eight = load(word));
            }
        }
        message.truncate(length);
    }

    fn header(&self) -> &RingHeader {
        self.locks.header()
    }

    fn arrived(&self) -> EventCount<'_> {
        EventCount(&self.header().arrived)
    }

    fn freed(&self) -> EventCount<'_> {
        EventCount(&self.header().freed)
    }
}

#[cfg(test)]
mod tests;

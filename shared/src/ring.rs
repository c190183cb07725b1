//! Messages in shared memory, first in, first out: what queues and pools are made of.
//!
//! A message is written first and counted then, by one store into a single number. So whoever is killed, and wherever,
//! leaves a whole message behind or none, and there is nothing to repair. Those who write have a lock, those who read
//! have another, and both locks outlive their holders.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::deadline::is_over;
use crate::sync::event_count::EventCount;
use crate::sys::{AtomicWords, CellGuard, LockArray, MutexKind, Sealed};
use crate::{Error, Result};

/// The numbers that both sides look at: how far is written, how far is read, and what wakes and ends them.
type Head = (Line<AtomicU64>, Line<AtomicU64>, Line<AtomicU32>);
/// Neighbours far enough apart for each side to have its own cache line.
type Line<T> = [T; 16];

const WRITERS: usize = 0;
const READERS: usize = 1;

/// How long to wait for a lock beyond the limit: whoever runs gives it back within microseconds. Whoever has been
/// stopped does not.
const GRACE: Duration = Duration::from_millis(50);

/// A ring of words. A message is a word with its length in bytes, and then as many words as it needs.
#[derive(Debug)]
pub(crate) struct Ring {
    /// Two locks around nothing. Each allows its holder to move one of the head's places.
    locks: LockArray<Head, ()>,
    /// A power of two of them, so that places may wrap around.
    words: AtomicWords,
    capacity: u32,
}

/// How many words have room for so many bytes.
fn words_for(room: usize) -> usize {
    room.div_ceil(8).next_power_of_two().clamp(2, 1 << 31)
}

/// A place in the stream of messages: how many came before it, and how many words. Both wrap around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    messages: u32,
    words: u32,
}

impl Place {
    fn load(from: &AtomicU64) -> Self {
        let both = from.load(Ordering::Acquire);
        Self { messages: (both >> 32) as u32, words: both as u32 }
    }

    fn store(self, into: &AtomicU64) {
        into.store(u64::from(self.messages) << 32 | u64::from(self.words), Ordering::Release);
    }

    fn after(self, words: u32) -> Self {
        Self { messages: self.messages.wrapping_add(1), words: self.words.wrapping_add(words) }
    }
}

impl Ring {
    /// Room for so many messages, and for so many bytes, which are rounded up to a power of two.
    pub(crate) fn new(capacity: u32, room: usize) -> Result<Self> {
        let locks = LockArray::new(Head::default(), 2, (), MutexKind::ErrorCheck)?;
        Ok(Self { locks, words: AtomicWords::new(words_for(room))?, capacity })
    }

    /// Memory that is a ring of so much room for whoever is handed it: [`Ring::of`].
    pub(crate) fn sealed(room: usize) -> Result<[Sealed; 2]> {
        let locks = LockArray::sealed(Head::default(), 2, (), MutexKind::ErrorCheck)?;
        Ok([locks, Sealed::new(words_for(room) * 8)?])
    }

    /// The ring in that memory. All who have it say the same capacity.
    pub(crate) fn of([locks, words]: &[Sealed; 2], capacity: u32) -> Result<Self> {
        let ring =
            Self { locks: LockArray::of(locks, 2)?, words: AtomicWords::of(words)?, capacity };
        assert!(ring.words.len().is_power_of_two(), "memory of another length than a ring's");
        Ok(ring)
    }

    /// Writes a message behind the others, as soon as there is room for it, and returns its number.
    ///
    /// [`Error::Full`] at the deadline (`None`: there is none), [`Error::Closed`], or [`Error::TooLarge`];
    /// [`Error::TimedOut`] if a process that has been stopped keeps the lock.
    pub(crate) fn put(&self, message: &[u8], deadline: Option<Instant>) -> Result<u32> {
        let room = (self.words.len() - 1) * 8;
        if message.len() > room {
            return Err(Error::TooLarge { size: message.len(), room });
        }
        let needed = 1 + message.len().div_ceil(8) as u32;
        let put = |_| {
            if self.is_closed() {
                return Err(Error::Closed);
            }
            if !self.has_room(needed) {
                return Ok(None);
            }
            let end = Place::load(self.end());
            self.word(end.words).store(message.len() as u64, Ordering::Relaxed);
            self.write(end.words.wrapping_add(1), message);
            end.after(needed).store(self.end()); // From here on the message is there.
            Ok(Some(end.messages))
        };
        let is_ready = || self.is_closed() || self.has_room(needed);
        let put = self.wait(WRITERS, self.room_bell(), deadline, is_ready, put)?;
        let number = put.ok_or_else(|| Error::Full { size: self.len() })?;
        self.message_bell().notify(1);
        Ok(number)
    }

    /// Takes the first message, as soon as there is one. Before it is taken for good, `note` is told its number, and
    /// whether the one who held the lock before has died: that one may have noted the same number.
    ///
    /// [`Error::Empty`] at the deadline, [`Error::Closed`] if it is closed and empty; [`Error::TimedOut`] if a process
    /// that has been stopped keeps the lock.
    pub(crate) fn get(
        &self,
        message: &mut Vec<u8>,
        deadline: Option<Instant>,
        mut note: impl FnMut(u32, bool),
    ) -> Result<()> {
        let get = |is_recovered| {
            // In this order: what is put before the closing must be seen.
            let is_closed = self.is_closed();
            let start = Place::load(self.start());
            if start == Place::load(self.end()) {
                return if is_closed { Err(Error::Closed) } else { Ok(None) };
            }
            let length = self.word(start.words).load(Ordering::Relaxed) as usize;
            message.resize(length, 0);
            self.read(start.words.wrapping_add(1), message);
            note(start.messages, is_recovered);
            start.after(1 + length.div_ceil(8) as u32).store(self.start()); // From here on it is gone.
            Ok(Some(()))
        };
        let is_ready = || self.is_closed() || !self.is_empty();
        let got = self.wait(READERS, self.message_bell(), deadline, is_ready, get)?;
        got.ok_or(Error::Empty)?;
        self.room_bell().notify(1);
        Ok(())
    }

    /// Holds a side's lock and tries, until it works out or the deadline is over: `None`.
    fn wait<N>(
        &self,
        side: usize,
        bell: EventCount<'_>,
        deadline: Option<Instant>,
        is_ready: impl Fn() -> bool,
        mut attempt: impl FnMut(bool) -> Result<Option<N>>,
    ) -> Result<Option<N>> {
        let mut attempt = || {
            let (_lock, is_recovered) = self.lock(side, deadline)?;
            attempt(is_recovered)
        };
        loop {
            if let Some(done) = attempt()? {
                return Ok(Some(done));
            }
            if is_over(deadline) {
                return Ok(None);
            }
            if !EventCount::spin(&is_ready) {
                let epoch = bell.prepare_wait();
                if !is_ready() {
                    bell.sleep(epoch, deadline);
                }
            }
        }
    }

    /// A side's lock, and whether its last holder died with it. Such a one has left nothing half done.
    fn lock(&self, side: usize, deadline: Option<Instant>) -> Result<(CellGuard<'_, ()>, bool)> {
        // Most often it is free, and the clock need not be asked.
        let lock = self.locks.try_lock(side).transpose().unwrap_or_else(|| {
            let now_or_later = |deadline: Instant| deadline.max(Instant::now()).checked_add(GRACE);
            self.locks.lock(side, deadline.and_then(now_or_later))
        });
        let lock = lock?;
        let is_recovered = lock.owner_died();
        Ok((lock, is_recovered))
    }

    /// Lets nothing more in. What is there can still be taken.
    pub(crate) fn close(&self) {
        // Under the writers' lock, so that no message comes in after a reader was told that none will. Unless a process
        // that has been stopped keeps it.
        let lock = self.lock(WRITERS, Some(Instant::now()));
        self.closed().store(1, Ordering::SeqCst);
        drop(lock);
        self.message_bell().notify_all();
        self.room_bell().notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed().load(Ordering::SeqCst) != 0
    }

    /// How many messages there are.
    pub(crate) fn len(&self) -> usize {
        // The start first: the end never falls behind it. Others may go on between the two.
        let start = Place::load(self.start());
        let messages = Place::load(self.end()).messages.wrapping_sub(start.messages);
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
        Place::load(self.start()).messages.wrapping_sub(number).cast_signed() > 0
    }

    fn has_room(&self, needed: u32) -> bool {
        let start = Place::load(self.start());
        let end = Place::load(self.end());
        let used = end.words.wrapping_sub(start.words) as usize;
        end.messages.wrapping_sub(start.messages) < self.capacity
            && used + needed as usize <= self.words.len()
    }

    fn word(&self, place: u32) -> &AtomicU64 {
        &self.words[place as usize & (self.words.len() - 1)]
    }

    /// `length` words from a place on: those up to the ring's end, and those at its beginning.
    fn span(&self, place: u32, length: usize) -> (&[AtomicU64], &[AtomicU64]) {
        let (before, from) = self.words.split_at(place as usize & (self.words.len() - 1));
        let first = length.min(from.len());
        (&from[..first], &before[..length - first])
    }

    fn write(&self, place: u32, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks();
        let (first, second) = self.span(place, eights.len());
        let (for_first, for_second) = eights.split_at(first.len());
        for (words, eights) in [(first, for_first), (second, for_second)] {
            for (word, eight) in words.iter().zip(eights) {
                word.store(u64::from_ne_bytes(*eight), Ordering::Relaxed);
            }
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        let end = place.wrapping_add(eights.len() as u32);
        if !rest.is_empty() {
            self.word(end).store(u64::from_ne_bytes(last), Ordering::Relaxed);
        }
    }

    fn read(&self, place: u32, bytes: &mut [u8]) {
        let (eights, rest) = bytes.as_chunks_mut();
        let end = place.wrapping_add(eights.len() as u32);
        let (first, second) = self.span(place, eights.len());
        let (from_first, from_second) = eights.split_at_mut(first.len());
        for (words, eights) in [(first, from_first), (second, from_second)] {
            for (word, eight) in words.iter().zip(eights) {
                *eight = word.load(Ordering::Relaxed).to_ne_bytes();
            }
        }
        if !rest.is_empty() {
            let last = self.word(end).load(Ordering::Relaxed).to_ne_bytes();
            rest.copy_from_slice(&last[..rest.len()]);
        }
    }

    /// Where the next message will be written.
    fn end(&self) -> &AtomicU64 {
        &self.locks.header().0[0]
    }

    /// Where the next message will be read.
    fn start(&self) -> &AtomicU64 {
        &self.locks.header().1[0]
    }

    fn closed(&self) -> &AtomicU32 {
        &self.locks.header().2[8]
    }

    fn message_bell(&self) -> EventCount<'_> {
        EventCount(&self.locks.header().2[0])
    }

    fn room_bell(&self) -> EventCount<'_> {
        EventCount(&self.locks.header().2[4])
    }
}

#[cfg(test)]
mod tests;

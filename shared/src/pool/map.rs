//! A function and many arguments: how they become tasks, and how the results come back.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::iter::Fuse;
use std::rc::Rc;
use std::{fmt, vec};

use super::caller::Caller;
use super::handle::Handle;
use super::task::{self, Crosses};
use crate::Result;

/// How many chunks a worker has, on their way at a time or of a whole list: enough that those who are done early find
/// more.
const AHEAD: usize = 4;

/// How many arguments each chunk of a whole list has.
pub(super) fn chunk_size(arguments: usize, workers: usize) -> usize {
    arguments.div_ceil(AHEAD * workers)
}

/// Reads the arguments, and gives them to the pool chunk by chunk.
pub(super) struct Chunks<'a, I, A, R> {
    caller: &'a Rc<Caller>,
    function: fn(A) -> R,
    arguments: Fuse<I>,
    size: usize,
}

impl<I: Iterator<Item = A>, A: Crosses, R: Crosses> Iterator for Chunks<'_, I, A, R> {
    type Item = Result<Handle<Vec<R>>>;

    fn next(&mut self) -> Option<Self::Item> {
        let chunk: Vec<A> = self.arguments.by_ref().take(self.size).collect();
        (!chunk.is_empty()).then(|| {
            let task = self.caller.submit(self.function, task::call_each, &chunk)?;
            Ok(Handle::new(self.caller, task))
        })
    }
}

impl<'a, I: Iterator<Item = A>, A, R> Chunks<'a, I, A, R> {
    /// So many arguments to a chunk; at least one.
    pub(super) fn new(
        caller: &'a Rc<Caller>,
        function: fn(A) -> R,
        arguments: I,
        size: usize,
    ) -> Self {
        // Fused, since it is asked again after its end: by each `next` that looks for further chunks.
        Self { caller, function, arguments: arguments.fuse(), size: size.max(1) }
    }
}

impl<I, A, R> Chunks<'_, I, A, R> {
    /// How many to have on their way, so that no worker waits for this process.
    fn ahead(&self) -> usize {
        AHEAD * self.caller.workers()
    }
}

impl<I: Iterator<Item = A>, A: Crosses, R: Crosses> Chunks<'_, I, A, R> {
    /// Gives them all out, and waits for all results.
    pub(super) fn results(self) -> Result<Vec<R>> {
        let handles: Vec<_> = self.collect::<Result<_>>()?;
        let mut results = Vec::new();
        for handle in handles {
            results.append(&mut handle.get()?);
        }
        Ok(results)
    }
}

/// The results of [`Pool::imap`](crate::Pool::imap).
pub struct Imap<'a, I, A, R> {
    chunks: Chunks<'a, I, A, R>,
    handles: VecDeque<Handle<Vec<R>>>,
    results: vec::IntoIter<R>,
}

impl<'a, I, A, R> Imap<'a, I, A, R> {
    pub(super) fn new(chunks: Chunks<'a, I, A, R>) -> Self {
        Self { chunks, handles: VecDeque::new(), results: Vec::new().into_iter() }
    }
}

impl<I: Iterator<Item = A>, A: Crosses, R: Crosses> Iterator for Imap<'_, I, A, R> {
    type Item = Result<R>;

    fn next(&mut self) -> Option<Result<R>> {
        loop {
            if let Some(result) = self.results.next() {
                return Some(Ok(result));
            }
            while self.handles.len() < self.chunks.ahead()
                && let Some(handle) = self.chunks.next()
            {
                match handle {
                    Ok(handle) => self.handles.push_back(handle),
                    Err(error) => return Some(Err(error)),
                }
            }
            match self.handles.pop_front()?.get() {
                Ok(results) => self.results = results.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// The results of [`Pool::imap_unordered`](crate::Pool::imap_unordered).
pub struct ImapUnordered<'a, I, A, R> {
    chunks: Chunks<'a, I, A, R>,
    /// How many chunks were given out. Each has its number.
    given: usize,
    /// Those whose results have not been taken.
    handles: HashMap<usize, Handle<Vec<R>>>,
    /// Those of them that are answered, in the order in which the answers came.
    arrived: Rc<RefCell<VecDeque<usize>>>,
    results: vec::IntoIter<R>,
}

impl<'a, I, A, R> ImapUnordered<'a, I, A, R> {
    pub(super) fn new(chunks: Chunks<'a, I, A, R>) -> Self {
        let (handles, arrived) = (HashMap::new(), Rc::default());
        Self { chunks, given: 0, handles, arrived, results: Vec::new().into_iter() }
    }
}

impl<I: Iterator<Item = A>, A: Crosses, R: Crosses> Iterator for ImapUnordered<'_, I, A, R> {
    type Item = Result<R>;

    fn next(&mut self) -> Option<Result<R>> {
        loop {
            if let Some(result) = self.results.next() {
                return Some(Ok(result));
            }
            while self.handles.len() < self.chunks.ahead()
                && let Some(handle) = self.chunks.next()
            {
                let handle = match handle {
                    Ok(handle) => handle,
                    Err(error) => return Some(Err(error)),
                };
                let (arrived, number) = (Rc::clone(&self.arrived), self.given);
                handle.on_answer(move || arrived.borrow_mut().push_back(number));
                self.handles.insert(number, handle);
                self.given += 1;
            }
            if self.handles.is_empty() {
                return None;
            }
            let caller = &self.chunks.caller;
            if let Err(error) = caller.wait_until(None, || !self.arrived.borrow().is_empty()) {
                return Some(Err(error));
            }
            let first = self.arrived.borrow_mut().pop_front()?;
            // Out of the list before it is decoded: a `Deserialize` that panics must not leave it there.
            match self.handles.remove(&first)?.get() {
                Ok(results) => self.results = results.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<I, A, R> fmt::Debug for Imap<'_, I, A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imap").finish_non_exhaustive()
    }
}

impl<I, A, R> fmt::Debug for ImapUnordered<'_, I, A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImapUnordered").finish_non_exhaustive()
    }
}

//! A function and many arguments: how they become tasks, and how the results come back.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::iter::Fuse;
use std::rc::Rc;
use std::{fmt, vec};

use super::{Crosses, Handle, Pool, task};
use crate::Result;

/// How many chunks a worker has, on their way at a time or of a whole list: enough that those who are done early find
/// more.
const AHEAD: usize = 4;

impl Pool {
    /// Calls the function for each argument, and returns the results in the order of the arguments.
    ///
    /// The arguments go out in chunks, four for each worker: a message for each would cost more than a small task.
    ///
    /// # Errors
    ///
    /// That of the first chunk that failed, besides those of [`Pool::apply_async`].
    pub fn map<A: Crosses, R: Crosses>(
        &self,
        function: fn(A) -> R,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Vec<R>> {
        let arguments: Vec<A> = arguments.into_iter().collect();
        let chunk = arguments.len().div_ceil(AHEAD * self.caller.workers());
        self.map_chunks(function, arguments, chunk)
    }

    /// As [`Pool::map`], with so many arguments in a chunk; at least one.
    ///
    /// # Errors
    ///
    /// Those of [`Pool::map`].
    pub fn map_chunks<A: Crosses, R: Crosses>(
        &self,
        function: fn(A) -> R,
        arguments: impl IntoIterator<Item = A>,
        chunk: usize,
    ) -> Result<Vec<R>> {
        let handles: Vec<_> = self.chunks(function, arguments, chunk).collect::<Result<_>>()?;
        let mut results = Vec::new();
        for handle in handles {
            results.append(&mut handle.get()?);
        }
        Ok(results)
    }

    /// The results in the order of the arguments, each as soon as it is there.
    ///
    /// Arguments are read some chunks ahead, not all at once as in Python: they may be without end. A chunk that fails
    /// is one error; those behind it still come.
    pub fn imap<A: Crosses, R: Crosses, I: IntoIterator<Item = A>>(
        &self,
        function: fn(A) -> R,
        arguments: I,
        chunk: usize,
    ) -> Imap<'_, I::IntoIter, A, R> {
        let chunks = self.chunks(function, arguments, chunk);
        Imap { chunks, handles: VecDeque::new(), results: Vec::new().into_iter() }
    }

    /// The results in the order in which they come, each as soon as it is there; otherwise as [`Pool::imap`].
    pub fn imap_unordered<A: Crosses, R: Crosses, I: IntoIterator<Item = A>>(
        &self,
        function: fn(A) -> R,
        arguments: I,
        chunk: usize,
    ) -> ImapUnordered<'_, I::IntoIter, A, R> {
        let chunks = self.chunks(function, arguments, chunk);
        let (handles, arrived) = (HashMap::new(), Rc::default());
        ImapUnordered { chunks, given: 0, handles, arrived, results: Vec::new().into_iter() }
    }

    fn chunks<A, R, I: IntoIterator<Item = A>>(
        &self,
        function: fn(A) -> R,
        arguments: I,
        chunk: usize,
    ) -> Chunks<'_, I::IntoIter, A, R> {
        // Fused, since it is asked again after its end: by each `next` that looks for further chunks.
        let arguments = arguments.into_iter().fuse();
        Chunks { pool: self, function, arguments, size: chunk.max(1) }
    }
}

/// Reads the arguments, and gives them to the pool chunk by chunk.
struct Chunks<'a, I, A, R> {
    pool: &'a Pool,
    function: fn(A) -> R,
    arguments: Fuse<I>,
    size: usize,
}

impl<I: Iterator<Item = A>, A: Crosses, R: Crosses> Iterator for Chunks<'_, I, A, R> {
    type Item = Result<Handle<Vec<R>>>;

    fn next(&mut self) -> Option<Self::Item> {
        let chunk: Vec<A> = self.arguments.by_ref().take(self.size).collect();
        (!chunk.is_empty()).then(|| self.pool.caller.submit(self.function, task::call_each, &chunk))
    }
}

impl<I, A, R> Chunks<'_, I, A, R> {
    /// How many to have on their way, so that no worker waits for this process.
    fn ahead(&self) -> usize {
        AHEAD * self.pool.caller.workers()
    }
}

/// The results of [`Pool::imap`].
pub struct Imap<'a, I, A, R> {
    chunks: Chunks<'a, I, A, R>,
    handles: VecDeque<Handle<Vec<R>>>,
    results: vec::IntoIter<R>,
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

/// The results of [`Pool::imap_unordered`].
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
            let caller = &self.chunks.pool.caller;
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

//! Work for several threads, as much at the same time as the machine can bear.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use crate::exit::Result;

/// How many processors this machine has.
pub(crate) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// An item to work on, and the load of this work on the machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Work<T> {
    pub(crate) item: T,
    pub(crate) demand: Demand,
}

/// The load of a piece of work on the machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Demand {
    /// This many processors on average: 0.1 for one that mostly sleeps.
    Processors(f64),
    /// The whole machine: work that measures processor time must not share a processor.
    Alone,
}

/// How much work goes on at the same time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) pieces: usize,
    /// The sum of the demands.
    pub(crate) processors: f64,
}

impl Limit {
    /// This many pieces, whatever they demand.
    pub(crate) fn pieces(pieces: usize) -> Self {
        Self { pieces, processors: f64::INFINITY }
    }

    /// One piece for each processor.
    pub(crate) fn one_each() -> Self {
        Self::pieces(processors())
    }
}

/// Does `work` for every piece. The first piece that has room on the machine is next. `enter` gets the results in this
/// thread, as they come. After its first error no further work starts.
pub(crate) fn for_each<I: Send, T: Send>(
    limit: Limit,
    pieces: Vec<Work<I>>,
    work: impl Fn(I) -> T + Sync,
    enter: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    // More threads than pieces would have nothing to do.
    let threads = limit.pieces.min(pieces.len());
    let queue = Queue::new(limit, pieces);
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, queue, work) = (sender.clone(), &queue, &work);
            scope.spawn(move || {
                while let Some(piece) = queue.take() {
                    let result = work(piece.item);
                    queue.give_back(piece.demand);
                    // An error has ended the work: Ctrl-C, or a reader that closed our output.
                    if sender.send(result).is_err() {
                        return queue.close();
                    }
                }
            });
        }
        // The results end when the last thread drops its copy.
        drop(sender);
        let entered = results.into_iter().try_for_each(enter);
        queue.close();
        entered
    })
}

/// The same for items that each keep one processor busy.
pub(crate) fn for_each_item<I: Send, T: Send>(
    items: impl IntoIterator<Item = I>,
    work: impl Fn(I) -> T + Sync,
    enter: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    let piece = |item| Work { item, demand: Demand::Processors(1.0) };
    for_each(Limit::one_each(), items.into_iter().map(piece).collect(), work, enter)
}

/// The same; `enter` gets each item with its result, in the order of the items.
pub(crate) fn for_each_in_order<I: Copy + Send, T: Send>(
    items: impl IntoIterator<Item = I>,
    work: impl Fn(I) -> T + Sync,
    mut enter: impl FnMut(I, T) -> Result<()>,
) -> Result<()> {
    let numbered = items.into_iter().enumerate();
    let work = |(number, item)| (number, (item, work(item)));
    for_each_item(numbered, work, in_order(|_, (item, result)| enter(item, result)))
}

/// Takes results as they come, each with the number of its item from 0, and hands them to `enter` in the order of the
/// items.
pub(crate) fn in_order<T>(
    mut enter: impl FnMut(usize, T) -> Result<()>,
) -> impl FnMut((usize, T)) -> Result<()> {
    let mut early = BTreeMap::new();
    let mut entered = 0;
    move |(number, result)| {
        early.insert(number, result);
        while let Some(result) = early.remove(&entered) {
            enter(entered, result)?;
            entered += 1;
        }
        Ok(())
    }
}

/// The waiting pieces, and the demand of those that are being done.
struct Queue<I> {
    limit: Limit,
    state: Mutex<State<I>>,
    given_back: Condvar,
}

struct State<I> {
    /// The pieces in reverse order; none where a piece was taken.
    waiting: Vec<Option<Work<I>>>,
    running: usize,
    /// Whether the current piece must run alone.
    alone: bool,
    processors: f64,
}

impl<I> Queue<I> {
    fn new(limit: Limit, pieces: Vec<Work<I>>) -> Self {
        let waiting = pieces.into_iter().rev().map(Some).collect();
        let state = State { waiting, running: 0, alone: false, processors: 0.0 };
        Self { limit, state: Mutex::new(state), given_back: Condvar::new() }
    }

    /// Waits for room, and takes the first piece that fits; none if no piece waits.
    fn take(&self) -> Option<Work<I>> {
        let mut state = self.lock();
        loop {
            while state.waiting.last().is_some_and(Option::is_none) {
                state.waiting.pop();
            }
            if state.waiting.is_empty() {
                return None;
            }
            if let Some(piece) = state.take(self.limit) {
                return Some(piece);
            }
            state = self.given_back.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give_back(&self, demand: Demand) {
        let mut state = self.lock();
        state.running -= 1;
        state.alone = false;
        state.processors -= demand.processors();
        self.given_back.notify_all();
    }

    /// Lets no further piece be taken.
    fn close(&self) {
        self.lock().waiting.clear();
        self.given_back.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<I>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I> State<I> {
    fn take(&mut self, limit: Limit) -> Option<Work<I>> {
        // A large piece must not wait for ever while small ones run: an idle machine takes any piece.
        let idle = self.running == 0;
        let room = limit.processors - self.processors;
        let fits = |piece: &Work<I>| match piece.demand {
            Demand::Alone => idle,
            Demand::Processors(processors) => idle || processors <= room,
        };
        if self.alone {
            return None;
        }
        let slot = self.waiting.iter_mut().rev().find(|slot| slot.as_ref().is_some_and(fits))?;
        let piece = slot.take()?;
        self.running += 1;
        self.alone = piece.demand == Demand::Alone;
        self.processors += piece.demand.processors();
        Some(piece)
    }
}

impl Demand {
    /// The larger of two loads.
    pub(crate) fn max(self, other: Self) -> Self {
        match (self, other) {
            (Self::Processors(one), Self::Processors(two)) => Self::Processors(one.max(two)),
            _ => Self::Alone,
        }
    }

    fn processors(self) -> f64 {
        match self {
            Self::Processors(processors) => processors,
            Self::Alone => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::exit::Error;

    #[test]
    fn every_item_is_done_once() {
        let mut squares = Vec::new();
        for_each_item(
            0..100_u32,
            |n| n * n,
            |square| {
                squares.push(square);
                Ok(())
            },
        )
        .unwrap();
        squares.sort_unstable();
        assert!(squares.into_iter().eq((0..100).map(|n| n * n)));
    }

    #[test]
    fn an_error_ends_the_work() {
        let begun = AtomicU32::new(0);
        let slowly = |_| {
            thread::sleep(Duration::from_millis(1));
            begun.fetch_add(1, Ordering::Relaxed)
        };
        assert!(for_each_item(0..10_000_u32, slowly, |_| Err(Error::Interrupted)).is_err());
        assert!(begun.into_inner() < 1000);
    }

    /// The most pieces that were done at the same time.
    fn most(limit: Limit, demands: &[Demand]) -> u32 {
        let (running, most) = (AtomicU32::new(0), AtomicU32::new(0));
        let work = |()| {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(5));
            running.fetch_sub(1, Ordering::SeqCst);
        };
        let pieces = demands.iter().map(|demand| Work { item: (), demand: *demand }).collect();
        for_each(limit, pieces, work, Ok).unwrap();
        most.into_inner()
    }

    #[test]
    fn demands_add_up_to_the_limit_at_most() {
        let limit = Limit { pieces: 16, processors: 2.0 };
        assert!(most(limit, &[Demand::Processors(1.0); 12]) <= 2);
        assert!(most(limit, &[Demand::Processors(0.25); 24]) <= 8);
        assert_eq!(most(limit, &[Demand::Processors(7.0); 3]), 1, "too large for any, yet done");
        assert!(most(Limit::pieces(3), &[Demand::Processors(1.0); 12]) <= 3);
    }

    #[test]
    fn what_measures_is_alone() {
        assert_eq!(most(Limit::pieces(8), &[Demand::Alone; 5]), 1);
        let limit = Limit { pieces: 8, processors: 8.0 };
        let alone = AtomicU32::new(0);
        let running = AtomicU32::new(0);
        let work = |is_alone: bool| {
            let others = running.fetch_add(1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(3));
            if is_alone {
                let joined = running.load(Ordering::SeqCst) - 1;
                alone.fetch_max(others.max(joined), Ordering::SeqCst);
            }
            running.fetch_sub(1, Ordering::SeqCst);
        };
        let piece = |index: usize| match index % 4 {
            0 => Work { item: true, demand: Demand::Alone },
            _ => Work { item: false, demand: Demand::Processors(0.5) },
        };
        for_each(limit, (0..40).map(piece).collect(), work, Ok).unwrap();
        assert_eq!(alone.into_inner(), 0);
    }
}

//! Work for several threads.

use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use crate::answer::Result;

/// How many threads this machine runs at the same time.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Does `work` for every item, in `jobs` threads that take the items in their order; `enter` gets the results in this
/// thread, as they come. After its first error no further work is begun but what a thread has already taken.
pub(crate) fn for_each<I, T>(
    jobs: usize,
    items: I,
    work: impl Fn(I::Item) -> T + Sync,
    enter: impl FnMut(T) -> Result<()>,
) -> Result<()>
where
    I: IntoIterator<IntoIter: ExactSizeIterator + Send>,
    T: Send,
{
    let items = items.into_iter();
    // More threads than items would have nothing to do.
    let jobs = jobs.min(items.len());
    let items = Mutex::new(items);
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (sender, items, work) = (sender.clone(), &items, &work);
            scope.spawn(move || {
                let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some(item) = next() {
                    if sender.send(work(item)).is_err() {
                        return; // Somebody has given up: Ctrl-C, or nobody reads.
                    }
                }
            });
        }
        // The results end when the last thread drops its copy.
        drop(sender);
        results.into_iter().try_for_each(enter)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::answer::Error;

    #[test]
    fn every_item_is_done_once() {
        let mut squares = Vec::new();
        for_each(
            4,
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
        let work = |_| begun.fetch_add(1, Ordering::Relaxed);
        let slowly = |n| {
            thread::sleep(std::time::Duration::from_millis(1));
            work(n)
        };
        assert!(for_each(2, 0..10_000_u32, slowly, |_| Err(Error::Interrupted)).is_err());
        assert!(begun.into_inner() < 1000);
    }
}

//! Values in shared memory, each behind a lock whose holder may be killed.

#[cfg(feature = "messages")]
mod sealed;

use std::alloc::Layout;
use std::cell::UnsafeCell;
use std::ffi::c_int;
use std::io;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use nix::libc;

use super::mapping::Mapping;
use super::mutex::{Attributes, Mutex, MutexKind, system};
use super::{Atomic, Plain, held_locks};
use crate::acquire::AcquireError;
use crate::deadline::{SLICE, is_over};
use crate::{Error, Result};

/// A value and its lock, as they stand in shared memory.
#[repr(C)]
struct Cell<T> {
    mutex: Mutex,
    tag: AtomicU32,
    value: UnsafeCell<T>,
}

/// A header that all use at any time, and a row of cells, each for the one who has locked it.
///
/// This is all that the module `sync` is built of. Each cell has a tag beside its value, to be read without the lock.
#[derive(Debug)]
pub(crate) struct LockArray<S, T> {
    mapping: ManuallyDrop<Mapping>,
    cells: NonNull<Cell<T>>,
    /// How often threads of this process hold each cell. Not shared; changed by the cell's holder alone.
    counts: Box<[AtomicU32]>,
    header: PhantomData<S>,
}

// SAFETY: the header is `Atomic`, the mutexes are made for threads and processes alike, and a cell's value, which is Send,
// is reached through `CellGuard` alone, by one thread at a time.
unsafe impl<S: Atomic, T: Plain> Send for LockArray<S, T> {}
// SAFETY: as above.
unsafe impl<S: Atomic, T: Plain> Sync for LockArray<S, T> {}

impl<S: Atomic, T: Plain> LockArray<S, T> {
    pub(crate) fn new(header: S, length: usize, value: T, kind: MutexKind) -> Result<Self> {
        let (layout, _) = Self::layout(length)?;
        Self::write(Mapping::new(layout)?, header, length, value, kind)
    }

    /// The header, and so far behind it the cells.
    fn layout(length: usize) -> Result<(Layout, usize)> {
        Layout::array::<Cell<T>>(length)
            .and_then(|cells| Layout::new::<S>().extend(cells))
            .map_err(|_| Error::System { call: "mmap", source: io::ErrorKind::OutOfMemory.into() })
    }

    /// The row that stands, or will stand, in a mapping.
    fn view(mapping: Mapping, length: usize) -> Result<Self> {
        let (layout, offset) = Self::layout(length)?;
        assert!(layout.size() <= mapping.length(), "a row that is longer than its memory");
        // SAFETY: `offset` lies within the mapping, as has been seen.
        let cells = unsafe { mapping.start().byte_add(offset) }.cast::<Cell<T>>();
        let counts = (0..length).map(|_| AtomicU32::new(0)).collect();
        Ok(Self { mapping: ManuallyDrop::new(mapping), cells, counts, header: PhantomData })
    }

    /// Makes a row of memory that nobody else knows of.
    fn write(
        mapping: Mapping,
        header: S,
        length: usize,
        value: T,
        kind: MutexKind,
    ) -> Result<Self> {
        // Several guards of one cell would be several `&mut T`: harmless only where there is nothing to change.
        assert!(
            kind == MutexKind::ErrorCheck || size_of::<T>() == 0,
            "a value behind a lock that counts"
        );
        let row = Self::view(mapping, length)?;
        // SAFETY: the mapping is new, the layout begins with an `S`, and a page is aligned for it.
        unsafe { row.mapping.start().cast::<S>().write(header) };
        let attributes = Attributes::new(kind)?;
        for index in 0..length {
            // SAFETY: the layout has room for `length` cells from `cells` on. Nobody else knows of this one yet: no
            // reference to it exists, and its mutex is initialised once, by attributes that are initialised.
            unsafe {
                let cell = row.cells.add(index).as_ptr();
                (&raw mut (*cell).tag).write(AtomicU32::new(0));
                (&raw mut (*cell).value).write(UnsafeCell::new(value));
                Mutex::init(&raw mut (*cell).mutex, &attributes)?;
            }
        }
        Ok(row)
    }

    pub(crate) fn header(&self) -> &S {
        // SAFETY: written before the row was handed out, mapped as long as `self`, and changed by atomic operations alone.
        unsafe { self.mapping.start().cast::<S>().as_ref() }
    }

    pub(crate) fn len(&self) -> usize {
        self.counts.len()
    }

    /// A number beside the value, for those who have not locked the cell.
    pub(crate) fn tag(&self, index: usize) -> &AtomicU32 {
        &self.cell(index).tag
    }

    fn cell(&self, index: usize) -> &Cell<T> {
        assert!(index < self.len());
        // SAFETY: `index` is within the row; the cell was written before the row was handed out, and is mapped as
        // long as `self`. What changes in it is atomic or stands in an `UnsafeCell`.
        unsafe { self.cells.add(index).as_ref() }
    }

    /// Waits until the cell is free, or the deadline is over.
    #[inline]
    pub(crate) fn lock(
        &self,
        index: usize,
        deadline: Option<Instant>,
    ) -> Result<CellGuard<'_, T>, AcquireError<CellGuard<'_, T>>> {
        held_locks::check_limit()?;
        match self.cell(index).mutex.try_lock() {
            0 => Ok(self.guard(index)),
            libc::EBUSY => self.lock_result(index, self.wait(index, deadline)),
            status => self.lock_result(index, status),
        }
    }

    /// Locks the cell if it is free.
    #[inline]
    pub(crate) fn try_lock(
        &self,
        index: usize,
    ) -> Result<Option<CellGuard<'_, T>>, AcquireError<CellGuard<'_, T>>> {
        held_locks::check_limit()?;
        match self.cell(index).mutex.try_lock() {
            0 => Ok(Some(self.guard(index))),
            // EDEADLK: it is this thread that holds it.
            libc::EBUSY | libc::EDEADLK => Ok(None),
            status => self.lock_result(index, status).map(Some),
        }
    }

    #[cold]
    fn wait(&self, index: usize, deadline: Option<Instant>) -> c_int {
        loop {
            // In slices, since pthread loses a wake-up like this: one waiter is woken and killed, and before the kernel
            // sees to that a third process locks, to whom nothing says that a second waiter sleeps.
            let slice = Instant::now() + SLICE;
            let until = deadline.map_or(slice, |deadline| deadline.min(slice));
            let status = self.cell(index).mutex.lock_until(until);
            if status != libc::ETIMEDOUT || is_over(deadline) {
                return status;
            }
        }
    }

    /// The guard of a cell that pthread says is locked by this thread now.
    fn guard(&self, index: usize) -> CellGuard<'_, T> {
        let count = &self.counts[index];
        let before = count.load(Ordering::Relaxed);
        count.store(before + 1, Ordering::Relaxed);
        if before == 0 {
            held_locks::increment();
        }
        CellGuard { cell: self.cell(index), count, thread: PhantomData }
    }

    /// What pthread's answer means.
    #[cold]
    fn lock_result(
        &self,
        index: usize,
        status: c_int,
    ) -> Result<CellGuard<'_, T>, AcquireError<CellGuard<'_, T>>> {
        Err(match status {
            0 => return Ok(self.guard(index)),
            libc::EOWNERDEAD => {
                // This thread has the lock now. The value needs no repair before the next one may see it: whatever bytes
                // a `Plain` type is made of, they are a value.
                self.cell(index).mutex.make_consistent();
                AcquireError::Recovered(self.guard(index))
            }
            libc::EDEADLK => AcquireError::Failed(Error::AlreadyHeld),
            libc::ETIMEDOUT => AcquireError::Failed(Error::TimedOut),
            status => AcquireError::Failed(system("pthread_mutex_lock", status)),
        })
    }
}

impl<S, T> Drop for LockArray<S, T> {
    fn drop(&mut self) {
        // A guard that was forgotten (mem::forget) has left its mutex in the list of its thread, through which the
        // kernel and pthread go later: that memory must stay.
        if self.counts.iter().all(|count| count.load(Ordering::Relaxed) == 0) {
            // SAFETY: `self` is being dropped, nobody uses the field any more. No guard of this process is left, and no
            // thread of it waits for one, since both borrow the row.
            unsafe { ManuallyDrop::drop(&mut self.mapping) };
        }
    }
}

/// A locked cell. Dropping it unlocks; only the thread that has locked can do that, so it is not Send.
#[derive(Debug)]
pub(crate) struct CellGuard<'a, T> {
    cell: &'a Cell<T>,
    count: &'a AtomicU32,
    thread: PhantomData<*mut ()>,
}

impl<T> std::fmt::Debug for Cell<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cell").field("tag", &self.tag).finish_non_exhaustive()
    }
}

impl<T> CellGuard<'_, T> {
    pub(crate) fn get(&self) -> &T {
        // SAFETY: this thread holds the cell's lock; it cannot fork while it does, nor end without the whole process. So
        // nobody else, in any process, has a reference to the value.
        unsafe { &*self.cell.value.get() }
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        // SAFETY: as in `get`, and `self` is borrowed exclusively. Only a cell without a value has several guards.
        unsafe { &mut *self.cell.value.get() }
    }

    /// The cell's tag, as [`LockArray::tag`].
    pub(crate) fn tag(&self) -> &AtomicU32 {
        &self.cell.tag
    }
}

impl<T> Drop for CellGuard<'_, T> {
    fn drop(&mut self) {
        let after = self.count.load(Ordering::Relaxed) - 1;
        self.count.store(after, Ordering::Relaxed);
        if after == 0 {
            held_locks::decrement();
        }
        let status = self.cell.mutex.unlock();
        debug_assert_eq!(status, 0, "pthread_mutex_unlock");
    }
}

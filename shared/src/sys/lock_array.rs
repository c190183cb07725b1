//! Values in shared memory, each behind a lock whose holder may be killed.

#[cfg(feature = "messages")]
mod sealed;

use std::alloc::Layout;
use std::cell::UnsafeCell;
use std::ffi::c_int;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use nix::libc;

use super::arena::{Arena, Piece};
use super::mutex::{Attributes, Mutex, MutexKind};
use super::{Atomic, Plain, held_locks};
use crate::deadline::{is_over, next_check};
use crate::sys::{Error, Result};

/// A value and its lock, as they lie in shared memory.
#[repr(C)]
struct Cell<T> {
    mutex: Mutex,
    tag: AtomicU32,
    value: UnsafeCell<T>,
}

/// Beside the number of guards: the cell's last holder ended without unlocking it. A field of the guard would make each
/// guard larger, and a contended lock half as fast.
const OWNER_DIED: u32 = 1 << 31;

/// A header that every process may use at any time, and behind it an array of cells, each for the thread that has
/// locked it.
///
/// Everything in the module `sync` is built on this type. Beside its value, each cell has a tag: a number that can be
/// read without the lock.
#[derive(Debug)]
pub(crate) struct LockArray<H, T> {
    piece: ManuallyDrop<Piece>,
    cells: NonNull<Cell<T>>,
    /// How many guards of each cell this process has, and [`OWNER_DIED`]. In this process's own memory; only the cell's
    /// holder changes it.
    guards: Box<[AtomicU32]>,
    header: PhantomData<H>,
}

// SAFETY: the header is `Atomic`, the mutexes are made for threads and processes alike, and a cell's value, which is
// Send, is reached only through `CellGuard`, by one thread at a time.
unsafe impl<H: Atomic, T: Plain> Send for LockArray<H, T> {}
// SAFETY: as above.
unsafe impl<H: Atomic, T: Plain> Sync for LockArray<H, T> {}

impl<H: Atomic, T: Plain> LockArray<H, T> {
    pub(crate) fn new(header: H, length: usize, value: T, kind: MutexKind) -> Result<Self> {
        Self::new_in(&mut Arena::empty(), header, length, value, kind)
    }

    pub(crate) fn new_in(
        arena: &mut Arena,
        header: H,
        length: usize,
        value: T,
        kind: MutexKind,
    ) -> Result<Self> {
        let (layout, _) = Self::layout(length)?;
        Self::write(arena.piece(layout)?, header, length, value, kind)
    }

    /// The bytes of an arena that it takes.
    #[cfg(feature = "messages")]
    pub(crate) fn footprint(length: usize) -> usize {
        Self::layout(length)
            .map_or(usize::MAX, |(layout, _)| super::arena::footprint(layout.size()))
    }

    /// The layout of header and cells, and the offset of the first cell.
    fn layout(length: usize) -> Result<(Layout, usize)> {
        Layout::array::<Cell<T>>(length)
            .and_then(|cells| Layout::new::<H>().extend(cells))
            .map_err(|_| Error::too_large())
    }

    /// The lock array that a piece of memory contains, or is about to contain.
    fn view(piece: Piece, length: usize) -> Result<Self> {
        let (layout, offset) = Self::layout(length)?;
        assert!(layout.size() <= piece.length(), "a lock array that is longer than its memory");
        // SAFETY: `offset` lies within the piece, as the assertion has shown.
        let cells = unsafe { piece.start().byte_add(offset) }.cast::<Cell<T>>();
        let mut guards = Vec::new();
        guards.try_reserve_exact(length).map_err(|_| Error::too_large())?;
        guards.resize_with(length, || AtomicU32::new(0));
        let guards = guards.into_boxed_slice();
        Ok(Self { piece: ManuallyDrop::new(piece), cells, guards, header: PhantomData })
    }

    /// Writes a lock array into memory that no one else knows of.
    fn write(piece: Piece, header: H, length: usize, value: T, kind: MutexKind) -> Result<Self> {
        // Several guards of one cell would be several `&mut T`: harmless only if there is nothing to change.
        let is_sound = kind == MutexKind::ErrorCheck || size_of::<T>() == 0;
        assert!(is_sound, "a value behind a recursive lock");
        let array = Self::view(piece, length)?;
        // SAFETY: the piece is new and has this layout, which begins with an `H`.
        unsafe { array.piece.start().cast::<H>().write(header) };
        let attributes = Attributes::new(kind)?;
        for index in 0..length {
            // SAFETY: the layout has room for `length` cells from `cells` on. No one else knows of this one yet: no
            // reference to it exists, and its mutex is initialised once, by attributes that are initialised.
            unsafe {
                let cell = array.cells.add(index).as_ptr();
                (&raw mut (*cell).tag).write(AtomicU32::new(0));
                (&raw mut (*cell).value).write(UnsafeCell::new(value));
                Mutex::init(&raw mut (*cell).mutex, &attributes)?;
            }
        }
        Ok(array)
    }

    pub(crate) fn header(&self) -> &H {
        // SAFETY: written before the array was handed out, mapped as long as `self`, and changed only by atomic
        // operations.
        unsafe { self.piece.start().cast::<H>().as_ref() }
    }

    pub(crate) fn len(&self) -> usize {
        self.guards.len()
    }

    /// The number beside the value, for those who have not locked the cell. It is 0 at first.
    pub(crate) fn tag(&self, index: usize) -> &AtomicU32 {
        &self.cell(index).tag
    }

    fn cell(&self, index: usize) -> &Cell<T> {
        assert!(index < self.len());
        // SAFETY: `index` is within the array; the cell was written before the array was handed out, and is mapped as
        // long as `self`. What changes in it is atomic or in an `UnsafeCell`.
        unsafe { self.cells.add(index).as_ref() }
    }

    /// Waits until the cell is free, or the deadline has passed (`None`: there is no deadline).
    #[inline]
    pub(crate) fn lock(&self, index: usize, deadline: Option<Instant>) -> Result<CellGuard<'_, T>> {
        held_locks::check(size_of::<T>() > 0)?;
        match self.cell(index).mutex.try_lock() {
            0 => Ok(self.guard(index, false)),
            libc::EBUSY => self.lock_result(index, self.wait(index, deadline)),
            status => self.lock_result(index, status),
        }
    }

    /// Locks the cell if it is free. `None` also if it is this thread that holds it.
    #[inline]
    pub(crate) fn try_lock(&self, index: usize) -> Result<Option<CellGuard<'_, T>>> {
        held_locks::check(size_of::<T>() > 0)?;
        match self.cell(index).mutex.try_lock() {
            0 => Ok(Some(self.guard(index, false))),
            libc::EBUSY | libc::EDEADLK => Ok(None),
            status => self.lock_result(index, status).map(Some),
        }
    }

    #[cold]
    fn wait(&self, index: usize, deadline: Option<Instant>) -> c_int {
        loop {
            // Sleep in slices, because pthread can lose a wake-up. It wakes one waiter, and that one is killed. Before
            // the kernel passes the wake-up on, a third process locks the mutex, and does not learn that others still
            // sleep.
            let status = self.cell(index).mutex.lock_until(next_check(deadline));
            if status != libc::ETIMEDOUT || is_over(deadline) {
                return status;
            }
        }
    }

    /// The guard of a cell that this thread has just locked.
    fn guard(&self, index: usize, owner_died: bool) -> CellGuard<'_, T> {
        let guards = &self.guards[index];
        let before = guards.load(Ordering::Relaxed) & !OWNER_DIED;
        let flag = if owner_died { OWNER_DIED } else { 0 };
        if before == 0 {
            held_locks::increment();
        } else if before == OWNER_DIED - 1 {
            self.refuse(index);
        }
        guards.store((before + 1) | flag, Ordering::Relaxed);
        CellGuard { cell: self.cell(index), guards, not_send: PhantomData }
    }

    /// Panics when there are as many guards of a cell as can be counted. One more would be counted as none, and then
    /// the memory would be unmapped under a locked mutex.
    #[cold]
    fn refuse(&self, index: usize) -> ! {
        self.cell(index).mutex.unlock(); // pthread has counted this acquire already.
        panic!("a lock was acquired 2,147,483,648 times");
    }

    /// What pthread's answer means for the caller.
    #[cold]
    fn lock_result(&self, index: usize, status: c_int) -> Result<CellGuard<'_, T>> {
        match status {
            0 => Ok(self.guard(index, false)),
            libc::EOWNERDEAD => {
                // This thread has the lock now. The value needs no repair before the next holder may see it: any bytes
                // are a value of a `Plain` type.
                self.cell(index).mutex.make_consistent();
                Ok(self.guard(index, true))
            }
            libc::EDEADLK => Err(Error::AlreadyHeld),
            libc::ETIMEDOUT => Err(Error::TimedOut),
            status => Err(Error::status("pthread_mutex_lock", status)),
        }
    }
}

impl<H, T> Drop for LockArray<H, T> {
    fn drop(&mut self) {
        // A forgotten guard (mem::forget) has left its mutex in the list of its thread. The kernel and pthread go
        // through that list later, so the memory must stay.
        if self.guards.iter().all(|guards| guards.load(Ordering::Relaxed) == 0) {
            // SAFETY: `self` is being dropped, so the field is not used again. No guard of this process is left, and no
            // thread of it waits for one, since both borrow the array.
            unsafe { ManuallyDrop::drop(&mut self.piece) };
        }
    }
}

/// A locked cell. Dropping it unlocks the cell; only the thread that locked it may do that, so it is not Send.
#[derive(Debug)]
pub(crate) struct CellGuard<'a, T> {
    cell: &'a Cell<T>,
    guards: &'a AtomicU32,
    not_send: PhantomData<*mut ()>,
}

impl<T> std::fmt::Debug for Cell<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cell").field("tag", &self.tag).finish_non_exhaustive()
    }
}

impl<T> CellGuard<'_, T> {
    /// Whether the last holder ended without unlocking the cell. Only the next holder learns of it.
    pub(crate) fn owner_died(&self) -> bool {
        self.guards.load(Ordering::Relaxed) & OWNER_DIED != 0
    }

    pub(crate) fn get(&self) -> &T {
        // SAFETY: this thread holds the cell's lock. It cannot end without the whole process, and `sys::fork` refuses
        // to copy the guard. So no one else, in any process, has a reference to the value. Where other code forks, the
        // copy must not use its guards, as the docs of `sync` say.
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
        let after = (self.guards.load(Ordering::Relaxed) & !OWNER_DIED) - 1;
        self.guards.store(after, Ordering::Relaxed);
        if after == 0 {
            held_locks::decrement();
        }
        let status = self.cell.mutex.unlock();
        debug_assert_eq!(status, 0, "pthread_mutex_unlock");
    }
}

#[cfg(test)]
mod tests {
    use std::mem;
    use std::panic::{self, AssertUnwindSafe};

    use super::*;

    #[test]
    fn the_number_of_guards_does_not_overflow() {
        let array = LockArray::new((), 1, (), MutexKind::Recursive).unwrap();
        let guard = array.lock(0, None).unwrap();
        array.guards[0].store(OWNER_DIED - 2, Ordering::Relaxed); // As if most of them had been forgotten.
        drop(array.lock(0, None).unwrap());
        array.guards[0].store(OWNER_DIED - 1, Ordering::Relaxed);
        // Forgotten, because a guard that is counted as none panics when it is dropped.
        let one_more = panic::catch_unwind(AssertUnwindSafe(|| mem::forget(array.lock(0, None))));
        assert!(one_more.is_err());
        array.guards[0].store(1, Ordering::Relaxed); // Back to the one guard that there is.
        drop(guard);
        assert_eq!(array.cell(0).mutex.unlock(), libc::EPERM, "it was still locked");
    }
}

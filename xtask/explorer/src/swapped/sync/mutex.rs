//! A lock for one thread at a time.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use super::raw::{RawGuard, RawLock, checked};
use crate::engine::objects::lock::Access;

/// A value for one thread at a time, as `std::sync::Mutex`.
pub struct Mutex<T: ?Sized> {
    raw: RawLock,
    /// Never contended: the engine decides who may lock it.
    value: ::std::sync::Mutex<T>,
}

/// The right to use the value. Dropping it releases the lock.
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    pub(super) raw: RawGuard,
    /// None only while a condition variable has released the lock, and when it is dropped.
    value: Option<::std::sync::MutexGuard<'a, T>>,
}

impl<T> Mutex<T> {
    /// A lock that is free.
    #[track_caller]
    pub fn new(value: T) -> Self {
        let raw = RawLock::new("lock", Location::caller());
        Self { raw, value: ::std::sync::Mutex::new(value) }
    }

    /// The value. No lock is needed, since no other thread has it.
    ///
    /// # Errors
    ///
    /// A holder has panicked.
    pub fn into_inner(self) -> LockResult<T> {
        self.raw.owned();
        let is_poisoned = self.raw.is_poisoned();
        checked(self.value.into_inner().unwrap_or_else(PoisonError::into_inner), is_poisoned)
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits for the lock, and takes it.
    ///
    /// # Errors
    ///
    /// A holder has panicked.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let (raw, is_poisoned) = self.raw.lock(Access::Exclusive, Location::caller());
        checked(MutexGuard::new(self, raw), is_poisoned)
    }

    /// Takes the lock, if it is free.
    ///
    /// # Errors
    ///
    /// Another thread holds it, or a holder has panicked.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        match self.raw.try_lock(Access::Exclusive, Location::caller()) {
            None => Err(TryLockError::WouldBlock),
            Some((raw, is_poisoned)) => Ok(checked(MutexGuard::new(self, raw), is_poisoned)?),
        }
    }

    /// Whether a holder has panicked.
    pub fn is_poisoned(&self) -> bool {
        self.raw.is_poisoned()
    }

    /// Forgets that a holder has panicked.
    pub fn clear_poison(&self) {
        self.raw.clear_poison();
    }

    /// The value. No lock is needed, since no other thread has it.
    ///
    /// # Errors
    ///
    /// A holder has panicked.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.raw.owned();
        let is_poisoned = self.raw.is_poisoned();
        checked(self.value.get_mut().unwrap_or_else(PoisonError::into_inner), is_poisoned)
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    fn new(mutex: &'a Mutex<T>, raw: RawGuard) -> Self {
        let mut guard = Self { mutex, raw, value: None };
        guard.take_value();
        guard
    }

    /// Takes the value: the engine has given this thread the lock.
    fn take_value(&mut self) {
        self.value = match self.mutex.value.try_lock() {
            Ok(value) => Some(value),
            Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
            Err(TryLockError::WouldBlock) => unreachable!("two threads hold one lock"),
        };
    }

    pub(super) fn drop_value(&mut self) {
        self.value = None;
    }

    /// Gets the lock again, after a condition variable has released it.
    pub(super) fn retake(&mut self, raw: RawGuard) {
        self.raw = raw;
        self.take_value();
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        let value = self.value.as_deref().expect("a guard has its value");
        if size_of_val(value) > 0 {
            self.raw.reads();
        }
        value
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        let value = self.value.as_deref_mut().expect("a guard has its value");
        if size_of_val(value) > 0 {
            self.raw.writes();
        }
        value
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if self.value.is_some() {
            // The step comes first: until it is this thread's turn, the lock is held.
            self.raw.unlock();
            self.value = None;
        }
    }
}

impl<T: Default> Default for Mutex<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for Mutex<T> {
    /// Shows no value: to look at it would be a step.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutex").finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

//! A lock for one writer, or for any number of readers.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use super::raw::{RawGuard, RawLock, checked};
use crate::engine::objects::lock::Access;

/// A value for one writer or many readers, as `std::sync::RwLock`. A reader never waits for a writer that waits.
pub struct RwLock<T: ?Sized> {
    raw: RawLock,
    /// Never contended: the engine decides who may lock it.
    value: ::std::sync::RwLock<T>,
}

impl<T> RwLock<T> {
    /// A lock that is free.
    #[track_caller]
    pub fn new(value: T) -> Self {
        let raw = RawLock::new("rwlock", Location::caller());
        Self { raw, value: ::std::sync::RwLock::new(value) }
    }

    /// The value. No lock is needed, since no other thread has it.
    ///
    /// # Errors
    ///
    /// A writer has panicked.
    pub fn into_inner(self) -> LockResult<T> {
        self.raw.owned();
        let is_poisoned = self.raw.is_poisoned();
        checked(self.value.into_inner().unwrap_or_else(PoisonError::into_inner), is_poisoned)
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Whether a writer has panicked.
    pub fn is_poisoned(&self) -> bool {
        self.raw.is_poisoned()
    }

    /// Forgets that a writer has panicked.
    pub fn clear_poison(&self) {
        self.raw.clear_poison();
    }

    /// The value. No lock is needed, since no other thread has it.
    ///
    /// # Errors
    ///
    /// A writer has panicked.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.raw.owned();
        let is_poisoned = self.raw.is_poisoned();
        checked(self.value.get_mut().unwrap_or_else(PoisonError::into_inner), is_poisoned)
    }
}

/// The two kinds of guards differ in how they take the lock.
macro_rules! guard {
    ($guard:ident, $access:expr, $what:literal, $lock:ident, $try_lock:ident) => {
        #[doc = $what]
        pub struct $guard<'a, T: ?Sized> {
            raw: RawGuard,
            /// None only when it is dropped.
            value: Option<::std::sync::$guard<'a, T>>,
        }

        impl<T: ?Sized> RwLock<T> {
            /// Waits for the lock, and takes it.
            ///
            /// # Errors
            ///
            /// A writer has panicked.
            #[track_caller]
            pub fn $lock(&self) -> LockResult<$guard<'_, T>> {
                let (raw, is_poisoned) = self.raw.lock($access, Location::caller());
                checked($guard::new(self, raw), is_poisoned)
            }

            /// Takes the lock, if that is possible at once.
            ///
            /// # Errors
            ///
            /// Another thread holds it, or a writer has panicked.
            #[track_caller]
            pub fn $try_lock(&self) -> TryLockResult<$guard<'_, T>> {
                match self.raw.try_lock($access, Location::caller()) {
                    None => Err(TryLockError::WouldBlock),
                    Some((raw, is_poisoned)) => Ok(checked($guard::new(self, raw), is_poisoned)?),
                }
            }
        }

        impl<'a, T: ?Sized> $guard<'a, T> {
            fn new(lock: &'a RwLock<T>, raw: RawGuard) -> Self {
                let value = match lock.value.$try_lock() {
                    Ok(value) => value,
                    Err(TryLockError::Poisoned(error)) => error.into_inner(),
                    Err(TryLockError::WouldBlock) => unreachable!("a writer shares its lock"),
                };
                Self { raw, value: Some(value) }
            }
        }

        impl<T: ?Sized> Deref for $guard<'_, T> {
            type Target = T;

            fn deref(&self) -> &T {
                let value = self.value.as_deref().expect("a guard has its value");
                if size_of_val(value) > 0 {
                    self.raw.reads();
                }
                value
            }
        }

        impl<T: ?Sized> Drop for $guard<'_, T> {
            fn drop(&mut self) {
                self.raw.unlock();
                self.value = None;
            }
        }

        impl<T: ?Sized + fmt::Debug> fmt::Debug for $guard<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }

        impl<T: ?Sized + fmt::Display> fmt::Display for $guard<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }
    };
}

guard!(RwLockReadGuard, Access::Shared, "The right to read the value.", read, try_read);
guard!(RwLockWriteGuard, Access::Exclusive, "The right to change the value.", write, try_write);

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        let value = self.value.as_deref_mut().expect("a guard has its value");
        if size_of_val(value) > 0 {
            self.raw.writes();
        }
        value
    }
}

impl<T: Default> Default for RwLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for RwLock<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for RwLock<T> {
    /// Shows no value: to look at it would be a step.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RwLock").finish_non_exhaustive()
    }
}

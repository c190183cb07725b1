//! Functions that processes name to each other. A forked process has the same functions at the same addresses.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{mem, ptr};

use crate::sys;
use crate::sys::{Arena, AtomicWords};

/// Calls a function whose type only its caller knows: decodes the argument, and appends the result.
pub(crate) type Call<F, E> = fn(F, &[u8], &mut Vec<u8>) -> Result<(), E>;
/// A function pointer of an unknown type.
type AnyFunction = fn();

/// A list of functions in shared memory. One process names a function by its number, and another one calls it.
///
/// Each entry holds two addresses: the function's, and the address of the [`Call`] that knows its type. Entries are
/// added and never removed. So any number, with any bytes as the argument, either calls a function correctly or fails.
#[derive(Debug)]
pub(crate) struct Functions<E> {
    addresses: AtomicWords,
    /// The error of each [`Call`] in the list.
    error: PhantomData<fn() -> E>,
}

impl<E> Functions<E> {
    /// How many different functions the list has room for.
    pub(crate) const MAX: usize = 1 << 12;

    pub(crate) fn new_in(arena: &mut Arena) -> sys::Result<Self> {
        Ok(Self { addresses: AtomicWords::new_in(arena, 2 * Self::MAX)?, error: PhantomData })
    }

    /// The bytes of an arena that it takes.
    pub(crate) fn footprint() -> usize {
        AtomicWords::footprint(2 * Self::MAX)
    }

    /// The function's number, which is its index in the list. Adds the function if it is new: `None` if the list is
    /// full.
    pub(crate) fn number<A, R>(
        &self,
        function: fn(A) -> R,
        call: Call<fn(A) -> R, E>,
    ) -> Option<usize> {
        let (function, call) = (function as usize as u64, call as usize as u64);
        for (number, [first, second]) in self.pairs().iter().enumerate() {
            // Load first: an exchange, even a failed one, removes the line from the workers' caches.
            if first.load(Ordering::Acquire) == function && second.load(Ordering::Acquire) == call {
                return Some(number);
            }
            if first.compare_exchange(0, function, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                // The entry was free. Only the process that filled its first half fills the second.
                second.store(call, Ordering::Release);
                return Some(number);
            }
        }
        None
    }

    /// Calls the function of this number: `None` if there is none.
    pub(crate) fn call(
        &self,
        number: usize,
        arguments: &[u8],
        results: &mut Vec<u8>,
    ) -> Option<Result<(), E>> {
        let pair = self.pairs().get(number)?.each_ref();
        let [function, call] = pair.map(|half| half.load(Ordering::Acquire));
        if function == 0 || call == 0 {
            return None;
        }
        let address = |word: u64| ptr::with_exposed_provenance::<()>(word as usize);
        // SAFETY: neither is 0, so one call of `number` wrote both, in a process that has this program at the same
        // addresses: the list has no name, and only forked processes share it. `number` was given a function and a
        // `Call` for its type and for `E`. Here the function's type is erased in both, which changes neither the
        // pointer nor how it is passed.
        let (function, call) = unsafe {
            (
                mem::transmute::<*const (), AnyFunction>(address(function)),
                mem::transmute::<*const (), Call<AnyFunction, E>>(address(call)),
            )
        };
        Some(call(function, arguments, results))
    }

    fn pairs(&self) -> &[[AtomicU64; 2]] {
        self.addresses.as_chunks().0
    }
}

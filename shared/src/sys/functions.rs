//! Functions that processes name to each other. A forked process has the same functions at the same addresses.

use std::sync::atomic::{AtomicU64, Ordering};
use std::{mem, ptr};

use crate::sys::AtomicWords;
use crate::{Error, Result};

/// Calls a function whose type only its caller knows: decodes the argument, and appends the result.
pub(crate) type Call<F> = fn(F, &[u8], &mut Vec<u8>) -> Result<()>;
/// A function pointer of an unknown type.
type AnyFunction = fn();

/// A list of functions in shared memory. One process names a function by its number, and another one calls it.
///
/// Each entry holds two addresses: the function's, and that of the [`Call`] which knows its type. Entries are added and
/// never removed. So any number, with any bytes as the argument, either calls a function correctly or fails.
#[derive(Debug)]
pub(crate) struct Functions(AtomicWords);

impl Functions {
    /// How many different functions the list has room for.
    const ROOM: usize = 1 << 12;

    pub(crate) fn new() -> Result<Self> {
        Ok(Self(AtomicWords::new(2 * Self::ROOM)?))
    }

    /// The function's number, which is its place in the list. Adds the function if it is new.
    pub(crate) fn number<A, R>(
        &self,
        function: fn(A) -> R,
        call: Call<fn(A) -> R>,
    ) -> Result<usize> {
        let (function, call) = (function as usize as u64, call as usize as u64);
        for (number, [first, second]) in self.pairs().iter().enumerate() {
            // Load first: an exchange, even a failed one, removes the line from the workers' caches.
            if first.load(Ordering::Acquire) == function && second.load(Ordering::Acquire) == call {
                return Ok(number);
            }
            if first.compare_exchange(0, function, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                // The entry was free. Only the process that filled its first half fills the second.
                second.store(call, Ordering::Release);
                return Ok(number);
            }
        }
        Err(Error::other(format!("there is room for {} different functions", Self::ROOM)))
    }

    /// Calls the function of this number.
    pub(crate) fn call(
        &self,
        number: usize,
        arguments: &[u8],
        results: &mut Vec<u8>,
    ) -> Result<()> {
        let unknown = || Error::other(format!("there is no function of number {number}"));
        let pair = self.pairs().get(number).ok_or_else(unknown)?.each_ref();
        let [function, call] = pair.map(|half| half.load(Ordering::Acquire));
        let address = |word: u64| ptr::with_exposed_provenance::<()>(word as usize);
        if function == 0 || call == 0 {
            return Err(unknown());
        }
        // SAFETY: neither is 0, so one call of `number` wrote both, in a process that has this program at the same
        // addresses: the list has no name, and only forked processes share it. `number` was given a function and a `Call`
        // for its type. Here both types are erased, which changes neither the pointer nor how it is passed.
        let (function, call) = unsafe {
            (
                mem::transmute::<*const (), AnyFunction>(address(function)),
                mem::transmute::<*const (), Call<AnyFunction>>(address(call)),
            )
        };
        call(function, arguments, results)
    }

    fn pairs(&self) -> &[[AtomicU64; 2]] {
        self.0.as_chunks().0
    }
}

//! A task crashes: {error, panic, exit, SIGSEGV} in each of {decoding it, running it, encoding its result, decoding
//! that}.
//!
//! A result is decoded by the caller, and not before it asks. There an exit or a SIGSEGV is the caller's own, as in any
//! other line of it. No pool could survive that, so only error and panic are tested.

use std::panic::{AssertUnwindSafe, catch_unwind};

use nix::sys::prctl;
use nix::sys::signal::{Signal, raise};
use serde::de::{self, Deserializer};
use serde::ser::{self, Serializer};
use serde::{Deserialize, Serialize};
use shared::{Error, Exit, Result};

use crate::harness::{Body, descriptors, nothing_left};
use crate::{goes_on, pool_of, without_panic_messages};

pub(crate) const TESTS: &[Body] = &[
    ("crash_error_in_decoding_a_task", || crash(Way::Error, Place::DecodeTask)),
    ("crash_panic_in_decoding_a_task", || crash(Way::Panic, Place::DecodeTask)),
    ("crash_exit_in_decoding_a_task", || crash(Way::Exit, Place::DecodeTask)),
    ("crash_sigsegv_in_decoding_a_task", || crash(Way::Segv, Place::DecodeTask)),
    ("crash_error_in_running", || crash(Way::Error, Place::Run)),
    ("crash_panic_in_running", || crash(Way::Panic, Place::Run)),
    ("crash_exit_in_running", || crash(Way::Exit, Place::Run)),
    ("crash_sigsegv_in_running", || crash(Way::Segv, Place::Run)),
    ("crash_error_in_encoding_a_result", || crash(Way::Error, Place::EncodeResult)),
    ("crash_panic_in_encoding_a_result", || crash(Way::Panic, Place::EncodeResult)),
    ("crash_exit_in_encoding_a_result", || crash(Way::Exit, Place::EncodeResult)),
    ("crash_sigsegv_in_encoding_a_result", || crash(Way::Segv, Place::EncodeResult)),
    ("crash_error_in_decoding_a_result", || crash(Way::Error, Place::DecodeResult)),
    ("crash_panic_in_decoding_a_result", || crash(Way::Panic, Place::DecodeResult)),
    ("a_task_that_cannot_be_encoded_is_the_callers_error", a_task_that_cannot_be_encoded),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Way {
    Error,
    Panic,
    Exit,
    Segv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    EncodeTask,
    DecodeTask,
    Run,
    EncodeResult,
    DecodeResult,
}

impl Way {
    /// Returns only if it is an error.
    fn go(self) -> &'static str {
        match self {
            Self::Error => "an error on purpose",
            Self::Panic => panic!("a panic on purpose"),
            Self::Exit => shared::exit(7),
            Self::Segv => {
                // No core is written. The first signal gets no further than std's handler, which looks for an
                // overflow of the stack.
                prctl::set_dumpable(false).unwrap();
                loop {
                    raise(Signal::SIGSEGV).unwrap();
                }
            }
        }
    }
}

/// Where it crashes, and how.
#[derive(Debug)]
struct Bomb {
    way: Way,
    at: Place,
    /// Whether it is the task's result by now.
    is_result: bool,
}

impl Serialize for Bomb {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.at, self.is_result) {
            (Place::EncodeTask, false) | (Place::EncodeResult, true) => {
                Err(ser::Error::custom(self.way.go()))
            }
            _ => (self.way, self.at, self.is_result).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Bomb {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (way, at, is_result) = Deserialize::deserialize(deserializer)?;
        match (at, is_result) {
            (Place::DecodeTask, false) | (Place::DecodeResult, true) => {
                Err(de::Error::custom(Way::go(way)))
            }
            _ => Ok(Self { way, at, is_result }),
        }
    }
}

/// Runs in a worker.
#[expect(clippy::needless_pass_by_value, reason = "what crosses is a value")]
fn run(bomb: Bomb) -> Result<Bomb, String> {
    match bomb.at {
        Place::Run => Err(bomb.way.go().to_owned()),
        _ => Ok(Bomb { is_result: true, ..bomb }),
    }
}

/// What `?` would pass on: the error of the task's function is a value, and crosses as one.
fn crash(way: Way, at: Place) {
    let before = descriptors();
    without_panic_messages();
    let pool = pool_of(2);
    // More tasks than there are workers.
    for _ in 0..3 {
        let handle = pool.apply_async(run, Bomb { way, at, is_result: false }).unwrap();
        let get = || handle.get();
        match (way, at) {
            (Way::Error, Place::Run) => assert!(get().unwrap().is_err()),
            (Way::Error, Place::EncodeResult) => {
                assert!(
                    matches!(get(), Err(Error::Encode { type_name, .. }) if type_name.contains("Bomb"))
                );
            }
            (Way::Error, _) => {
                assert!(
                    matches!(get(), Err(Error::Decode { type_name, .. }) if type_name.contains("Bomb"))
                );
            }
            (Way::Panic, Place::DecodeResult) => {
                assert!(catch_unwind(AssertUnwindSafe(get)).is_err(), "it is the caller's");
            }
            (Way::Panic, _) => {
                assert!(
                    matches!(get(), Err(Error::Panicked(text)) if text == "a panic on purpose")
                );
            }
            (Way::Exit, _) => died(get(), &Exit::Code(7)),
            (Way::Segv, _) => died(get(), &Exit::Signal(Signal::SIGSEGV.into())),
        }
        goes_on(&pool);
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn died<T>(result: Result<T>, expected: &Exit) {
    match result {
        Err(Error::WorkerDied { exit, .. }) => assert_eq!(exit, *expected),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("no error"),
    }
}

fn a_task_that_cannot_be_encoded() {
    let before = descriptors();
    without_panic_messages();
    let pool = pool_of(2);
    let bomb = |way| Bomb { way, at: Place::EncodeTask, is_result: false };
    let error = pool.apply_async(run, bomb(Way::Error)).map(drop).unwrap_err();
    assert!(matches!(error, Error::Encode { .. }), "{error:?}");
    let panics = || pool.apply_async(run, bomb(Way::Panic)).map(drop);
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}

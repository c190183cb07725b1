//! The one place where signals to the host become something else: a cancel, or a suspension.

use std::io;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use crate::cancel::Cancel;
use crate::{processes, suspension};

/// Starts a thread that obeys signals for the rest of the host's life.
pub(crate) fn obey(cancel: Cancel) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    if !processes::ignores(SIGTSTP) {
        signals.add_signal(SIGTSTP)?;
    }
    let obey = move || {
        for signal in signals.forever() {
            match signal {
                SIGTSTP => suspension::suspend(),
                _ => cancel.cancel(),
            }
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(obey)?;
    Ok(())
}

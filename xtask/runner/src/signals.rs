//! The one place where signals to the host become something else: a cancel, or a suspension.

use std::io;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use crate::cancel::Cancel;
use crate::{processes, suspension};

impl Cancel {
    /// A handle that Ctrl-C cancels: SIGINT, SIGTERM and SIGHUP no longer end the host. Ctrl-Z, SIGTSTP, stops the
    /// runs together with the host from now on, and SIGCONT continues both; where the host was started with SIGTSTP
    /// ignored, it stays so.
    ///
    /// # Errors
    ///
    /// There is no free descriptor, or no thread.
    pub fn on_signals() -> io::Result<Self> {
        let cancel = Self::new()?;
        obey(cancel.clone())?;
        Ok(cancel)
    }
}

/// Starts a thread that obeys signals for the rest of the host's life.
fn obey(cancel: Cancel) -> io::Result<()> {
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

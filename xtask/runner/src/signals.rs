//! Turns signals to the host into a cancel or a suspension. This happens only here.

use std::io;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use crate::cancel::Cancel;
use crate::{processes, suspension};

impl Cancel {
    /// A handle that Ctrl-C cancels. SIGINT, SIGTERM and SIGHUP no longer end the host. From now on, Ctrl-Z (SIGTSTP)
    /// stops the runs together with the host, and SIGCONT continues both. If the host was started with SIGTSTP ignored,
    /// the signal stays ignored.
    ///
    /// # Errors
    ///
    /// There is no free descriptor, or no thread can be started.
    pub fn on_signals() -> io::Result<Self> {
        let cancel = Self::new()?;
        handle_signals(cancel.clone())?;
        Ok(cancel)
    }
}

/// Starts a thread that handles signals for the rest of the host's life.
fn handle_signals(cancel: Cancel) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    if !processes::ignores(SIGTSTP) {
        signals.add_signal(SIGTSTP)?;
    }
    let handle = move || {
        for signal in signals.forever() {
            match signal {
                SIGTSTP => suspension::suspend(),
                _ => cancel.cancel(),
            }
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(handle)?;
    Ok(())
}

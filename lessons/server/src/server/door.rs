//! Who comes in, and what if there is no room?

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::net::{TcpListener, TcpStream};
use std::process;
use std::sync::Mutex;

use nix::poll::PollFlags;
use rustix::net::Shutdown;
use shared::Result;
use shared::clock::Stopwatch;

use super::stop::{Stop, Woken};

/// The listening socket, and the request to close it.
pub(crate) struct Door {
    pub(crate) listener: TcpListener,
    pub(crate) stop: Stop,
    complaint: Mutex<Option<Stopwatch>>,
}

impl Door {
    /// Call it in the process that will get SIGTERM.
    pub(crate) fn open(listener: TcpListener) -> Result<Self> {
        listener.set_nonblocking(true)?; // Several processes may see the same client. One of them gets it.
        Ok(Self { listener, stop: Stop::on_sigterm()?, complaint: Mutex::new(None) })
    }

    /// Waits for the next client. After SIGTERM there is none.
    pub(crate) fn next(&self) -> Option<TcpStream> {
        while self.stop.wait(&self.listener, PollFlags::POLLIN, f64::INFINITY) != Woken::Stop {
            match self.accept() {
                Ok(client) => return Some(client),
                // The client is still at the door. Without a pause we would try again at once, for ever.
                Err(error) if !is_harmless(&error) => _ = self.stop.is_asked_within(0.1),
                Err(_) => {}
            }
        }
        self.close();
        None
    }

    /// The client at the door.
    pub(crate) fn accept(&self) -> io::Result<TcpStream> {
        let accepted = self.listener.accept();
        if let Err(error) = &accepted
            && !is_harmless(error)
        {
            self.complain("accept", error); // For example, this process may not open another descriptor.
        }
        accepted.map(|(client, _)| client)
    }

    /// Closes the listening socket in all processes that have it, so that new clients are refused. One that waits to be
    /// accepted is turned away too.
    pub(crate) fn close(&self) {
        let _ = rustix::net::shutdown(&self.listener, Shutdown::Read); // Another process may have done it.
    }

    /// Reports a failure that the server survives, at most once in a lesson second.
    pub(crate) fn complain(&self, what: &str, error: impl Display) {
        let mut last = self.complaint.lock().expect("no thread panics while it complains");
        if last.is_none_or(|watch| watch.seconds() > 1.0) {
            eprintln!("server {}: {what} failed, goes on: {error}", process::id());
            *last = Some(Stopwatch::start());
        }
    }
}

/// Whether the client has gone already, or another process has taken it.
pub(crate) fn is_harmless(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::Interrupted | ErrorKind::ConnectionAborted
    )
}

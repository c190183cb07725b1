//! What the host reads of a move: the text that a thread prints, the signal that it sends, whom it wakes.

mod neutral;
mod ports;

use std::process;

use nix::sys::signal::Signal;

use self::neutral::neutral;
use super::futex::Futex;
use super::point::{Point, Sent};
use super::run::Run;

/// The two texts of a [`Move`](crate::direct::Move).
#[derive(Default)]
pub(super) struct Wording {
    pub(super) text: String,
    pub(super) neutral: String,
}

impl Wording {
    pub(super) fn of(run: &Run, point: &Point) -> Self {
        let text = match point {
            Point::Print(text) => String::from_utf8_lossy(text).into_owned(),
            Point::Signal(sent) => signal(run, *sent),
            // Who waits is a matter of the order, and no part of the state.
            Point::Wake { futex, most } => {
                return Self { text: waiters(run, *futex, *most), neutral: String::new() };
            }
            _ => return Self::default(),
        };
        let neutral = neutral(&text, |number| name_of(run, number));
        Self { text, neutral }
    }
}

/// `SIGTERM to 4711`, `SIGCONT to 4711, which has ended`.
fn signal(run: &Run, Sent { signal, to }: Sent) -> String {
    let signal = Signal::try_from(signal)
        .map_or_else(|_| format!("signal {signal}"), |signal| signal.as_str().to_owned());
    match to {
        Some(pid) if pid <= 0 => format!("{signal} to a process group"),
        Some(pid) => {
            let has_ended = run.threads.name(pid).is_some() && run.threads.get(pid).is_none();
            let ended = if has_ended { ", which has ended" } else { "" };
            format!("{signal} to {pid}{ended}")
        }
        None => signal,
    }
}

/// `0.1`, `0.1 and 0.2`, `0.1 or 0.2`: the held threads of which a wake lets this many go on.
fn waiters(run: &Run, futex: Futex, most: u32) -> String {
    let mut names = Vec::new();
    for (name, _, thread) in run.threads.in_order() {
        if thread.held.as_ref().is_some_and(|held| held.point.waits_for(futex)) {
            names.push(name.to_string());
        }
    }
    names.join(if names.len() > most as usize { " or " } else { " and " })
}

/// The name of a process or a port in a neutral text. An orphan may print the supervisor's number, since it is its
/// parent.
fn name_of(run: &Run, number: i32) -> Option<String> {
    if let Some(name) = run.threads.name(number) {
        Some(name.to_string())
    } else if number == process::id().cast_signed() {
        Some("supervisor".to_owned())
    } else {
        ports::is_chosen(number, run.threads.known()).then(|| "port".to_owned())
    }
}

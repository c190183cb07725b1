//! Moves that need no choice: no other thread can notice when they are made. The host does not hear of them.

use super::futex::Futex;
use super::point::Point;
use super::run::Run;
use super::signals;
use super::threads::{Held, Thread};

/// Lets the first thread go on whose move needs no choice, and only that one. Returns whether there was one.
pub(super) fn let_one_go(run: &mut Run) -> bool {
    let threads = run.threads.in_order();
    let mut unasked = threads.iter().filter(|(_, tid, thread)| goes_on(run, *tid, thread));
    let Some((_, tid, thread)) = unasked.next() else {
        return false;
    };
    let (tid, pid) = (*tid, thread.pid);
    let thread = run.threads.entry(tid);
    thread.quick_polls = 0;
    match thread.held.take() {
        Some(Held { call, point: Point::Exit, .. }) => run.exit(call, pid),
        Some(Held { call, .. }) => run.listener.permit(call),
        None => {}
    }
    true
}

fn goes_on(run: &Run, tid: i32, thread: &Thread) -> bool {
    let Some(held) = &thread.held else {
        return false;
    };
    match &held.point {
        // It wakes no one.
        Point::Wake { futex, .. } => !any_waits(run, *futex),
        // Its event has come, and it did not wait against time.
        Point::Poll(polled, timeout) => {
            polled.goes_on_unasked(timeout.is_some())
                && (polled.is_ready(thread.pid) || signals::is_woken(thread.pid, tid))
        }
        // The other threads of its process have ended meanwhile.
        Point::Exit => !run.threads.has_others(tid, thread.pid),
        _ => false,
    }
}

fn any_waits(run: &Run, futex: Futex) -> bool {
    run.threads.held().any(|held| held.point.waits_for(futex))
}

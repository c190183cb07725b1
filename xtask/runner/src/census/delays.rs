//! For how long other programs kept the run's threads from a processor.

use std::collections::HashMap;
use std::time::Duration;

use nix::unistd::Pid;

use crate::processes::ProcessorTimes;

/// What the looks so far have shown.
#[derive(Default)]
pub(super) struct Delays {
    threads: HashMap<Pid, Thread>,
    /// With the processor time of all threads.
    looks: Vec<Look>,
}

/// When it was, and how much processor time had been used by then.
#[derive(Default, Clone, Copy)]
struct Look {
    at: Duration,
    ran: Duration,
}

#[derive(Default)]
struct Thread {
    /// What the kernel said at the last look.
    times: ProcessorTimes,
    /// The look before the one that last saw it running, or before its birth, with its own processor time.
    before: Look,
    /// The part of its waits that no other thread of the run explains.
    delayed: Duration,
}

impl Delays {
    /// Notes the times of the threads that live at `now`.
    ///
    /// A thread also waits while another thread of the same run has its processor. That is the run's own load, which
    /// it has on an idle machine, too. So as much of a wait is left out as the others have run since it began.
    pub(super) fn note(&mut self, now: Duration, threads: &[(Pid, ProcessorTimes)]) {
        let last = self.looks.last().copied().unwrap_or_default();
        let ran = threads.iter().map(|(tid, times)| {
            let before = self.threads.get(tid).map_or(Duration::ZERO, |thread| thread.times.ran);
            times.ran.saturating_sub(before)
        });
        let look = Look { at: now, ran: last.ran + ran.sum::<Duration>() };
        for (tid, times) in threads {
            let new = || {
                let before = Look { at: last.at, ran: Duration::ZERO };
                Thread { before, ..Thread::default() }
            };
            let thread = self.threads.entry(*tid).or_insert_with(new);
            // A wait is counted when it ends. The kernel has then counted what ran meanwhile on the same processor.
            let waited = times.waited.saturating_sub(thread.times.waited);
            // It did not run while it waited, so it began to wait after it had run.
            let began = last.at.saturating_sub(waited).max(thread.before.at);
            let before = look_before(&self.looks, began);
            // Its own time by then: until now, it has last run between `thread.before` and the look after that one.
            let has_run = before.at > thread.before.at;
            let own = if has_run { thread.times.ran } else { thread.before.ran };
            // What the others have run since then.
            let explained = (look.ran - before.ran).saturating_sub(times.ran.saturating_sub(own));
            thread.delayed += waited.saturating_sub(explained);
            if times.ran > thread.times.ran {
                thread.before = Look { at: last.at, ran: thread.times.ran };
            }
            thread.times = *times;
        }
        self.looks.push(look);
    }

    /// The two longest delays together, because a thread may wait for another one that is delayed.
    ///
    /// `processor` is the time that the run has used. The part of it that no look has seen was used by threads that
    /// lived between two looks, and explains as much of the waits.
    pub(super) fn longest(&self, processor: Duration) -> Duration {
        let mut delays: Vec<Duration> = self.threads.values().map(|one| one.delayed).collect();
        delays.sort_unstable();
        let seen = self.looks.last().map_or(Duration::ZERO, |look| look.ran);
        let unseen = processor.saturating_sub(seen);
        delays.into_iter().rev().take(2).sum::<Duration>().saturating_sub(unseen)
    }
}

/// The last look until `moment`.
fn look_before(looks: &[Look], moment: Duration) -> Look {
    let later = looks.partition_point(|look| look.at <= moment);
    later.checked_sub(1).map_or_else(Look::default, |index| looks[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// The delay of a run, from the milliseconds that each of its threads has run and waited by each look.
    fn delay(looks: &[(u64, &[(u64, u64)])]) -> Duration {
        delays(looks).longest(Duration::ZERO)
    }

    fn delays(looks: &[(u64, &[(u64, u64)])]) -> Delays {
        let mut delays = Delays::default();
        for (now, threads) in looks {
            let times = threads
                .iter()
                .map(|(ran, waited)| ProcessorTimes { ran: ms(*ran), waited: ms(*waited) });
            let threads: Vec<_> = (1..).map(Pid::from_raw).zip(times).collect();
            delays.note(ms(*now), &threads);
        }
        delays
    }

    #[test]
    fn what_others_took_adds_up() {
        assert_eq!(delay(&[(10, &[(2, 8)]), (20, &[(4, 16)])]), ms(16));
        let waits = [(2, 5), (2, 6), (2, 7)];
        assert_eq!(
            delay(&[(10, &waits)]),
            ms(2 + 3),
            "the two longest, without the 4 ms of the others"
        );
    }

    #[test]
    fn threads_of_the_run_that_share_a_processor_delay_no_one() {
        // Each has run for half of the time, and waited for the other half.
        let looks = [1, 2, 3].map(|look| (10 * look, [(5 * look, 5 * look); 2]));
        let looks = looks.each_ref().map(|(now, threads)| (*now, threads.as_slice()));
        assert_eq!(delay(&looks), Duration::ZERO);
    }

    #[test]
    fn a_wait_is_compared_with_what_ran_since_it_began() {
        // The first thread runs for 20 ms. The second one waits for 15 ms, at first while nothing of the run runs.
        let idle = [(20, 0), (0, 0)];
        let served = [(20, 0), (1, 15)];
        let looks = [(10, idle), (20, idle), (30, idle), (40, idle), (50, served)];
        let looks = looks.each_ref().map(|(now, threads)| (*now, threads.as_slice()));
        assert_eq!(delay(&looks), ms(15));
        assert_eq!(delay(&[looks[0], (20, &served)]), Duration::ZERO);
    }

    #[test]
    fn threads_that_no_look_sees_explain_waits_too() {
        let delays = delays(&[(10, &[(2, 8)])]);
        assert_eq!(delays.longest(ms(2)), ms(8), "all of it was seen");
        assert_eq!(delays.longest(ms(5)), ms(5));
    }
}

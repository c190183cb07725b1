//! For how long other programs kept the run's threads from a processor.

use std::collections::HashMap;
use std::time::Duration;

use nix::unistd::Pid;

use crate::processes::ProcessorTimes;

/// What the looks so far have shown.
#[derive(Default)]
pub(super) struct Delays {
    threads: HashMap<Pid, Thread>,
    /// The time of each look, and the processor time that all threads had used by then.
    used: Vec<(Duration, Duration)>,
}

#[derive(Default)]
struct Thread {
    /// What the kernel said at the last look.
    times: ProcessorTimes,
    /// The look before the one that last saw it running, or its birth, and for how long it had run by then.
    before: (Duration, Duration),
    /// The part of its waits that no other thread of the run explains.
    delayed: Duration,
}

impl Delays {
    /// Notes the times of the threads that live at `now`.
    ///
    /// A thread also waits while another thread of the same run has its processor. That is the run's own load, which
    /// it has on an idle machine, too. So as much of a wait is left out as the others have run since it began.
    pub(super) fn note(&mut self, now: Duration, threads: &[(Pid, ProcessorTimes)]) {
        let (last_look, mut used) = self.used.last().copied().unwrap_or_default();
        for (thread, times) in threads {
            let last = self.threads.get(thread).map_or(Duration::ZERO, |last| last.times.ran);
            used += times.ran.saturating_sub(last);
        }
        for (tid, times) in threads {
            let born = Thread { before: (last_look, Duration::ZERO), ..Thread::default() };
            let thread = self.threads.entry(*tid).or_insert(born);
            let last = std::mem::replace(&mut thread.times, *times);
            // A wait is counted when it ends. The kernel has then counted what ran meanwhile on the same processor.
            let waited = times.waited.saturating_sub(last.waited);
            // A thread that waits does not run.
            let began = last_look.saturating_sub(waited).max(thread.before.0);
            let (look, used_before) = look_before(&self.used, began);
            let ran_before = if look > thread.before.0 { last.ran } else { thread.before.1 };
            let ran = times.ran.saturating_sub(ran_before);
            let explained = used.saturating_sub(used_before).saturating_sub(ran);
            thread.delayed += waited.saturating_sub(explained);
            if times.ran > last.ran {
                thread.before = (last_look, last.ran);
            }
        }
        self.used.push((now, used));
    }

    /// The two longest delays together, because a thread may wait for another one that is delayed.
    ///
    /// `processor` is the time that the run has used. What no look has seen of it is the time of threads that lived
    /// between two looks. It explains as much of the waits.
    pub(super) fn longest(&self, processor: Duration) -> Duration {
        let mut delays: Vec<Duration> = self.threads.values().map(|one| one.delayed).collect();
        delays.sort_unstable();
        let seen = self.used.last().map_or(Duration::ZERO, |(_, used)| *used);
        let unseen = processor.saturating_sub(seen);
        delays.into_iter().rev().take(2).sum::<Duration>().saturating_sub(unseen)
    }
}

/// The last look until `moment`.
fn look_before(used: &[(Duration, Duration)], moment: Duration) -> (Duration, Duration) {
    let later = used.partition_point(|(look, _)| *look <= moment);
    later.checked_sub(1).map_or_else(Default::default, |at| used[at])
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
        let looks: Vec<[(u64, u64); 2]> = (1..=100).map(|look| [(5 * look, 5 * look); 2]).collect();
        let looks: Vec<(u64, &[(u64, u64)])> =
            (1..).map(|look| 10 * look).zip(looks.iter().map(|look| look.as_slice())).collect();
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

//! Futexes: which one a call means, and which held waiters a wake has reached.
//!
//! A wait never gets into the kernel's queue, since the director holds it before. So the director keeps the queues: a
//! held waiter may go on if its word has changed, as if it had come late, or if a wake has reached it.

use crate::processes;

/// What identifies a futex; see futex(2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Futex {
    /// A word that only this process has.
    Private { pid: i32, address: u64 },
    /// A word of a file or of shared memory, wherever a process has mapped it.
    Shared { inode: u64, offset: u64 },
}

/// The futex at this address of a process.
pub(super) fn identify(pid: i32, address: u64, private: bool) -> Futex {
    let place = if private { None } else { shared_place(pid, address) };
    place.unwrap_or(Futex::Private { pid, address })
}

fn shared_place(pid: i32, address: u64) -> Option<Futex> {
    let maps = processes::text(&format!("/proc/{pid}/maps")).ok()?;
    maps.lines().find_map(|line| place_in(line, address))
}

/// The place of an address, if this line of /proc/PID/maps is about the shared mapping that has it.
fn place_in(line: &str, address: u64) -> Option<Futex> {
    let mut words = line.split_ascii_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let hexadecimal = |word: &str| u64::from_str_radix(word, 16).ok();
    let (start, end) = (hexadecimal(start)?, hexadecimal(end)?);
    if !(start..end).contains(&address) || !words.next()?.ends_with('s') {
        return None;
    }
    let offset = hexadecimal(words.next()?)? + (address - start);
    let inode = words.nth(1)?.parse().ok()?;
    Some(Futex::Shared { inode, offset })
}

/// Wakes that have been made, and how many waiters each may still wake.
#[derive(Debug, Default)]
pub(super) struct Wakes(Vec<u32>);

/// The wakes that have reached one waiter, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Reached(Vec<usize>);

impl Wakes {
    /// A wake of at most this many waiters has reached those that are held. Returns how many it wakes.
    pub(super) fn wake<'a>(
        &mut self,
        most: u32,
        waiters: impl Iterator<Item = &'a mut Reached>,
    ) -> u32 {
        let wake = self.0.len();
        let reached = waiters.map(|waiter| waiter.0.push(wake)).count();
        let woken = most.min(u32::try_from(reached).unwrap_or(u32::MAX));
        self.0.push(woken);
        woken
    }

    /// Whether one of the wakes is left for this waiter.
    pub(super) fn may_wake(&self, waiter: &Reached) -> bool {
        waiter.0.iter().any(|wake| self.0[*wake] > 0)
    }

    /// The waiter goes on, and uses up a wake that is left for it.
    pub(super) fn take(&mut self, waiter: &Reached) {
        if let Some(wake) = waiter.0.iter().find(|wake| self.0[**wake] > 0) {
            self.0[*wake] -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_memory_is_the_same_at_every_address() {
        let line = "7f60a000-7f60c000 rw-s 00001000 00:01 4711    /memfd:queue (deleted)";
        let place = Some(Futex::Shared { inode: 4711, offset: 0x1010 });
        assert_eq!(place_in(line, 0x7f60_a010), place);
        assert_eq!(place_in(line, 0x7f60_c000), None, "behind it");
        assert_eq!(place_in(&line.replace("rw-s", "rw-p"), 0x7f60_a010), None, "its own copy");
    }

    #[test]
    fn a_wake_of_one_reaches_all_and_wakes_one() {
        let mut wakes = Wakes::default();
        let (mut first, mut second) = (Reached::default(), Reached::default());
        assert_eq!(wakes.wake(1, [&mut first, &mut second].into_iter()), 1);
        assert!(wakes.may_wake(&first) && wakes.may_wake(&second));
        wakes.take(&second);
        assert!(!wakes.may_wake(&first));
    }

    #[test]
    fn two_wakes_wake_two() {
        let mut wakes = Wakes::default();
        let (mut first, mut second) = (Reached::default(), Reached::default());
        for _ in 0..2 {
            wakes.wake(1, [&mut first, &mut second].into_iter());
        }
        wakes.take(&first);
        assert!(wakes.may_wake(&second));
        assert_eq!(wakes.wake(1, [].into_iter()), 0, "it came too early for those that wait later");
    }
}

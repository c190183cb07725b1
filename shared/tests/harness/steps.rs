//! Kills after a number of machine instructions. The storms kill at random moments; here no point is too short to be hit.

use nix::sys::ptrace;
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use shared::{Fork, exit, fork};

use crate::children::kills;

/// Forks a child that does `work`, and kills it when it has run this number of instructions. Returns how many it has
/// run: fewer if it was done before.
pub(crate) fn kill_after(instructions: u64, work: &dyn Fn()) -> u64 {
    let child = match fork().unwrap() {
        Fork::Parent { child } => child,
        Fork::Child => {
            ptrace::traceme().unwrap();
            raise(Signal::SIGSTOP).unwrap();
            work();
            exit(0)
        }
    };
    let mut run = 0;
    // It stops after each instruction.
    while let WaitStatus::Stopped(..) = waitpid(child, None).unwrap() {
        if run == instructions {
            kill(child, Signal::SIGKILL).unwrap();
        } else {
            ptrace::step(child, None).unwrap();
            run += 1;
        }
    }
    run
}

/// Numbers of instructions from 0 to all that `work` takes, spread evenly, each at a random place of its share. To find
/// out how many there are, a child does the work once.
pub(crate) fn shares_of(work: &dyn Fn()) -> impl Iterator<Item = u64> {
    let all = if cfg!(target_arch = "x86_64") {
        kill_after(u64::MAX, work)
    } else {
        eprintln!(
            "not tested: on some processors an atomic operation never ends if each instruction stops"
        );
        0
    };
    let shares = u64::from(kills(200)).min(all);
    let share = all.div_ceil(shares.max(1));
    (0..shares).map(move |number| number * share + fastrand::u64(..share))
}

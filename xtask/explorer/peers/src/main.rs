//! Compares the explorer with shuttle and loom: the outcomes of the course's own scenes, and the schedules per second.
//!
//! ```sh
//! cargo run --release --manifest-path xtask/explorer/peers/Cargo.toml
//! ```

mod speed;

/// The scenes with the explorer's std.
mod explored {
    include!(concat!(env!("OUT_DIR"), "/explorer.rs"));
}

/// The scenes with shuttle in the place of std.
mod shuttled {
    include!(concat!(env!("OUT_DIR"), "/shuttle.rs"));
}

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use explorer::{Limits, Memory, explore};
use shuttle::scheduler::DfsScheduler;

/// In the place of `shared::Result`.
type Result<T> = std::result::Result<T, std::io::Error>;

/// A scene's function.
type Scene = fn() -> Result<()>;

/// The most schedules that shuttle plays of a scene.
const MOST: usize = 1_000_000;

thread_local! {
    /// What shuttle's program has printed.
    static PRINTED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Prints, as a step that other threads can come before or after.
#[macro_export]
macro_rules! say {
    ($($text:tt)*) => {{
        let text = format!($($text)*);
        shuttle::thread::yield_now();
        $crate::PRINTED.with_borrow_mut(|printed| {
            printed.push_str(&text);
            printed.push('\n');
        });
    }};
}

fn main() -> ExitCode {
    let scenes: [(&str, Scene, Scene); 5] = [
        (
            "lost-update --rounds 1",
            || explored::lost_update::two_threads(1),
            || shuttled::lost_update::two_threads(1),
        ),
        (
            "mutex --rounds 1",
            || explored::mutex::two_threads(1),
            || shuttled::mutex::two_threads(1),
        ),
        (
            "check-then-act --seats 1",
            || explored::check_then_act::two_agents(1),
            || shuttled::check_then_act::two_agents(1),
        ),
        ("bounded", explored::bounded::scene, shuttled::bounded::scene),
        (
            "semaphores --rounds 2",
            || explored::semaphores::three_tasks(2),
            || shuttled::semaphores::three_tasks(2),
        ),
    ];
    let mut differ = false;
    for (name, ours, theirs) in scenes {
        let limits = Limits::default();
        let report = explore(ours, Memory::Sequential, limits).expect("stacks");
        let ours: BTreeSet<String> = report.outcomes.into_iter().map(|o| o.output).collect();
        let (theirs, played) = outcomes(theirs);
        let is_all = played < MOST;
        let is_equal = if is_all { ours == theirs } else { theirs.is_subset(&ours) };
        differ |= !is_equal;
        let verdict = match (is_equal, is_all) {
            (true, true) => "the same",
            (true, false) => "a part of ours: shuttle was stopped",
            (false, _) => "NOT THE SAME",
        };
        println!(
            "{name:<24} {:>4} outcomes, shuttle {:>4} in {played:>7} schedules: {verdict}",
            ours.len(),
            theirs.len()
        );
    }
    speed::compare();
    if differ { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Shuttle warns that it takes each ordering for `SeqCst`, as the explorer does here.
fn quiet() -> shuttle::Config {
    let mut config = shuttle::Config::new();
    config.silence_warnings = true;
    config
}

/// What shuttle's depth-first search finds, and in how many schedules.
fn outcomes(scene: Scene) -> (BTreeSet<String>, usize) {
    let found = Arc::new(Mutex::new((BTreeSet::new(), 0)));
    let add = Arc::clone(&found);
    let program = move || {
        PRINTED.with_borrow_mut(String::clear);
        scene().expect("no scene fails");
        let mut found = add.lock().expect("no holder panics");
        found.0.insert(PRINTED.with_borrow(String::clone));
        found.1 += 1;
    };
    shuttle::Runner::new(DfsScheduler::new(Some(MOST), false), quiet()).run(program);
    let found = found.lock().expect("no holder panics");
    found.clone()
}

//! When do threads make a program faster, and when processes?
//!
//! Waits overlap in threads and in processes alike. So do computations, unless all threads need the same lock, such as
//! Python's GIL.

mod bars; // How long did each way take?
mod costs; // What do a thread and a process cost?
mod cpu_bound; // Is a computation faster in two threads, or in two processes?
mod fork_copies; // What does fork copy?
mod hand_over; // How do 100 MB get to a worker?
mod io_bound; // Are eight waits faster in threads, or in processes?
mod isolation; // What does a crash take with it?
mod lost_with_a_gil; // Does a GIL protect a counter?
mod memory; // How much memory does a process have for itself?
mod primes; // What is there to compute?
mod priority; // What can a program ask of the scheduler?
mod python; // How long does Python take for the same count?
mod real_time; // How many real microseconds does it take?
mod switch; // How long does a switch take?
mod three_starts; // What does a child have when it starts?
mod which_one; // Which tool fits?
mod with_a_gil; // What does a GIL do to two threads?

use std::process::ExitCode;

use shared::lesson;

fn main() -> ExitCode {
    lesson::run(&[
        ("cpu-bound --seconds 1 --with-python none", cpu_bound::scene),
        ("io-bound", io_bound::scene),
        ("with-a-gil --seconds 1", with_a_gil::scene),
        ("lost-with-a-gil", lost_with_a_gil::scene),
        ("isolation", isolation::scene),
        (
            "which-one --tasks 8 --processors 2 --wait false --share-much false --must-survive false",
            which_one::scene,
        ),
        // More scenes.
        ("locked-with-a-gil", lost_with_a_gil::locked),
        ("costs", costs::scene),
        ("hand-over", hand_over::scene),
        ("fork-copies", fork_copies::scene),
        ("three-starts --role main", three_starts::scene),
        ("priority", priority::scene),
    ])
}

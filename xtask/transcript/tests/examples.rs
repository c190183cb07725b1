//! The five examples of the format: each has the expected number of legal outputs, and its own order is one of them.

use std::path::Path;

use transcript::{Count, Timing, Transcript, Verdict};

fn example(name: &str) -> Transcript {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples").join(name);
    let text = std::fs::read_to_string(&path).expect("an example can be read");
    Transcript::parse(name, &text).unwrap_or_else(|error| panic!("{error}"))
}

fn check(name: &str, legal: u128) {
    let transcript = example(name);
    assert_eq!(transcript.count(), Count::Exactly(legal));
    assert_eq!(transcript.lint(), []);
    let neutral = transcript.neutral().join("\n") + "\n";
    assert!(
        matches!(transcript.judge(&neutral, Timing::Judged), Verdict::Accepted(_)),
        "{neutral}"
    );
}

#[test]
fn fork_and_join() {
    check("fork-and-join.txt", 3);
}

#[test]
fn double_fork() {
    check("double-fork.txt", 140);
}

#[test]
fn pool() {
    check("pool.txt", 1_771_560);
}

#[test]
fn mutex() {
    check("mutex.txt", 90);
}

#[test]
fn bounded_fifo() {
    check("bounded-fifo.txt", 1_094);
}

//! A verdict must not keep a reader waiting, whichever way it goes.

use std::path::Path;
use std::time::{Duration, Instant};

use transcript::{Timing, Transcript, Verdict};

/// The quickest of several verdicts: what else the machine does is not the matcher's fault.
fn quickest(transcript: &Transcript, output: &str, accepted: bool) -> Duration {
    let verdicts = (0..5).map(|_| {
        let start = Instant::now();
        let verdict = transcript.judge(output, Timing::Judged);
        let took = start.elapsed();
        assert_eq!(matches!(verdict, Verdict::Accepted(_)), accepted, "{verdict:?}");
        assert!(!matches!(verdict, Verdict::Undecided { .. }));
        took
    });
    verdicts.min().expect("five verdicts")
}

/// Five lanes of forty lines each that read alike; the lanes' ends differ, so that no two lanes are the same.
fn alike() -> Transcript {
    let mut text = String::new();
    for lane in 1..=5 {
        text += &format!("for i in 1..39\n  lane{lane} | working\nlane{lane} | lane {lane} ends\n");
    }
    Transcript::parse("alike.txt", &text).expect("a transcript")
}

#[test]
fn two_hundred_lines_that_read_alike() {
    let transcript = alike();
    let ends = |order: [usize; 5]| order.map(|lane| format!("lane {lane} ends\n")).concat();
    let legal = "working\n".repeat(195) + &ends([3, 1, 5, 2, 4]);
    let spread = (0..5)
        .map(|lane| "working\n".repeat(39) + &format!("lane {} ends\n", 5 - lane))
        .collect::<String>();
    // The third lane ends when only 116 of the 117 lines that three lanes need have been printed.
    let early =
        "working\n".repeat(39) + "lane 1 ends\n" + &"working\n".repeat(39) + "lane 2 ends\n";
    let early = early
        + &"working\n".repeat(38)
        + "lane 3 ends\n"
        + &"working\n".repeat(79)
        + "lane 4 ends\nlane 5 ends\n";
    let short = "working\n".repeat(194) + &ends([1, 2, 3, 4, 5]);
    let wrong = "working\n".repeat(195) + &ends([1, 2, 3, 4, 4]);
    for (output, accepted) in
        [(&legal, true), (&spread, true), (&early, false), (&short, false), (&wrong, false)]
    {
        let took = quickest(&transcript, output, accepted);
        assert!(took < Duration::from_millis(100), "{took:?}:\n{output}");
    }
}

#[test]
fn two_hundred_lines_of_identical_lanes() {
    let mut text = "for lane in 1..5\n  for i in 1..40\n    lane{lane} | working\n".to_owned();
    text += "---\nmain | done\n";
    let transcript = Transcript::parse("identical.txt", &text).expect("a transcript");
    let work = "working\n".repeat(200);
    for (output, accepted) in
        [(work.clone() + "done\n", true), ("done\n".to_owned() + &work, false)]
    {
        let took = quickest(&transcript, &output, accepted);
        assert!(took < Duration::from_millis(100), "{took:?}");
    }
}

#[test]
fn two_hundred_different_lines() {
    let text =
        "for lane in 1..5\n  for i in 1..40\n    lane{lane} | lane {lane} line {i} of {p:pid}\n"
            .replace("{p:pid}", "{n:int}");
    let transcript = Transcript::parse("different.txt", &text).expect("a transcript");
    let run = transcript.sample(&mut fastrand::Rng::with_seed(1)).expect("a legal output");
    let mut swapped = run.clone();
    let line = (1..run.len())
        .find(|&line| run[line][..6] == run[line - 1][..6])
        .expect("two lines of a lane in a row");
    swapped.swap(line - 1, line);
    for (lines, accepted) in [(run, true), (swapped, false)] {
        let took = quickest(&transcript, &lines.join("\n"), accepted);
        assert!(took < Duration::from_millis(100), "{took:?}");
    }
}

#[test]
fn the_examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples");
    for entry in std::fs::read_dir(folder).expect("the examples' folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("an example can be read");
        let transcript = Transcript::parse("example.txt", &text).expect("a transcript");
        let run = transcript.sample(&mut fastrand::Rng::with_seed(1)).expect("a legal output");
        // The unoptimised build of a test is some ten times slower than the one in use.
        let took = quickest(&transcript, &run.join("\n"), true);
        assert!(took < Duration::from_millis(10), "{}: {took:?}", path.display());
    }
}

#[test]
fn much_output_of_a_repeated_line() {
    let text = "a *| tick {n:int}\na | done\nalways \"tick {n}\" <= 1\n";
    let transcript = Transcript::parse("many.txt", text).expect("a transcript");
    let ticks: String = (0..3_000).map(|n| format!("tick {n}\n")).collect();
    for (output, accepted) in [(ticks.clone() + "done\n", true), (ticks, false)] {
        let took = quickest(&transcript, &output, accepted);
        assert!(took < Duration::from_millis(500), "{took:?}");
    }
}

#[test]
fn a_barrier_in_each_of_many_turns() {
    let start = Instant::now();
    let text = "for i in 1..400\n  w{i} | {i}\n  ---\nw1 | end\n";
    let transcript = Transcript::parse("barriers.txt", text).expect("a transcript");
    assert_eq!(transcript.neutral().len(), 401);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn the_longest_run_there_can_be() {
    let text = "for i in 1..2000\n  a | {i}\n";
    let transcript = Transcript::parse("long.txt", text).expect("a transcript");
    let run = transcript.neutral();
    assert_eq!(run.len(), 2_000);
    let verdict = transcript.judge(&run.join("\n"), Timing::Judged);
    assert!(matches!(verdict, Verdict::Accepted(_)));
}
